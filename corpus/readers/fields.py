"""Named fields as a draft, under the names that systems give them: front matter, a JSON record, a row of a table, an entry."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ..dates import parse_date
from ..decode import tidy
from .draft import Draft

# What each field of an article is called, best first: without case, and without what is no letter.
NAMES = {
    "id": ("id", "guid", "uuid", "articleid"),
    "title": ("title", "headline", "head", "articletitle"),
    "text": ("text", "body", "content", "contenttext", "articlebody", "articletext", "fulltext", "story", "maintext", "bodytext"),
    "html": ("contenthtml", "bodyhtml", "html"),
    "source": ("source", "outlet", "publisher", "publication", "newspaper", "sitename", "site", "sourcename", "feed"),
    "url": ("url", "link", "permalink", "weburl", "canonicalurl", "articleurl", "href", "uri"),
    "published": (
        "published", "date", "publishedat", "datepublished", "publisheddate", "publicationdate", "publishdate", "pubdate",
        "pubtime",
        "publishtime", "publishedon", "datetime", "day", "issued", "created", "createdat", "datecreated", "timestamp",
    ),
    "language": ("language", "lang", "locale", "inlanguage"),
}  # fmt: skip
_NOT_A_LETTER = re.compile(r"[\W\d_]+")


def plain(name: object) -> str:
    """A field's name without case and without what is no letter: "pubDate", "pub_date" and "Pub Date" are one."""
    return _NOT_A_LETTER.sub("", str(name)).casefold()


def found(fields: Mapping[str, Any], kind: str, renamed: Mapping[str, str] | None = None) -> tuple[str, Any]:
    """The name and value of the first field of a kind (see NAMES) that is not empty; ("", None) where there is none.

    `renamed`: by kind, the name that stands for it here, whatever else there is.
    """
    if renamed and kind in renamed:
        value = fields.get(renamed[kind])
        return (renamed[kind], value) if not _empty(value) else ("", None)
    by_name: dict[str, tuple[str, Any]] = {}
    for name, value in fields.items():
        if not _empty(value):
            by_name.setdefault(plain(name), (name, value))
    return next((by_name[name] for name in NAMES[kind] if name in by_name), ("", None))


def from_fields(
    fields: Mapping[str, Any], text: str, where: str, *, renamed: Mapping[str, str] | None = None, **more: Any
) -> Draft:
    """A draft from named fields. A field that cannot be read is left out, with a warning. `more`: further fields of the draft."""
    warnings: list[str] = []
    values: dict[str, Any] = {}
    for kind in ("id", "title", "source", "url", "language"):
        name, value = found(fields, kind, renamed)
        try:
            values[kind] = " ".join(tidy(_said(value)).split())
        except TypeError:
            values[kind] = ""
            warnings.append(f"{name} is left out: it must be text, not {type(value).__name__}")
    name, value = found(fields, "published", renamed)
    try:
        values["published"] = parse_date(_date(value))
    except (ValueError, TypeError) as error:
        values["published"] = None
        warnings.append(f"{name} is left out: {error}")
    return Draft(where=where, text=text, **{**values, **more, "warnings": (*more.get("warnings", ()), *warnings)})


def _empty(value: object) -> bool:
    return value is None or value == "" or value == [] or (isinstance(value, float) and math.isnan(value))


def _said(value: Any) -> str:
    """A value as text: the name of an object that has one (a publisher), the first of a list. Raises TypeError for others."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and value:
        return _said(value[0])
    if isinstance(value, Mapping):
        return _said(next((value[key] for key in ("name", "title", "@id", "url", "href") if not _empty(value.get(key))), True))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _date(value: Any) -> Any:
    """A date's value: the first of a list, what a typed object holds."""
    if isinstance(value, list | tuple) and value:
        return value[0]
    if isinstance(value, Mapping):
        return next((value[key] for key in ("$date", "value", "@value", "date") if not _empty(value.get(key))), "an object")
    return value
