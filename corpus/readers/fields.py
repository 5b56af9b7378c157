"""Named fields as a draft, under the names that systems give them: front matter, a JSON record, a row of a table, an entry."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..dates import parse_date
from ..decode import tidy
from .draft import Draft
from .fragment import is_html, text_of_html

# What each field of an article is called, best first: without case, and without what is no letter.
NAMES = {
    "id": ("id", "guid", "uuid", "articleid"),
    "title": ("title", "headline", "head", "hed", "articletitle", "webtitle", "posttitle", "storytitle"),
    "text": (
        "text", "body", "content", "contenttext", "articlebody", "articletext", "fulltext", "story", "maintext", "bodytext",
        "postcontent", "articlecontent", "storytext", "storybody", "rawtext", "article", "markdown", "paragraphs",
        "contentelements",
    ),
    "html": ("contenthtml", "bodyhtml", "html"),
    "source": (
        "source", "outlet", "publisher", "publication", "newspaper", "sitename", "site", "sourcename", "feed", "outletname",
        "newspapername", "publishername", "publicationname", "journal", "provider", "providername", "sourcedomain", "domain",
    ),
    "url": ("url", "link", "permalink", "weburl", "canonicalurl", "articleurl", "href", "uri"),
    "published": (
        "published", "date", "publishedat", "datepublished", "publisheddate", "publicationdate", "publishdate", "pubdate",
        "pubtime",
        "publishtime", "publishedon", "datetime", "day", "issued", "created", "createdat", "datecreated", "timestamp",
    ),
    "language": ("language", "lang", "locale", "inlanguage"),
}  # fmt: skip
SHORTER = ("copy", "leadparagraph", "description", "summary")  # what is the text where there is no other
_NOT_A_LETTER = re.compile(r"[\W\d_]+")
# Names of dates are known by their words, whatever is put together of them: what came out, and when.
_OUT = "published|publishing|publication|publish|pub|posted|post|released|release|display|issued|issue"
_OUT += "|article|story|news|created|creation|print|aired|air"
_DATE_WORDS = re.compile(rf"(?:{_OUT}|web|first|original|initial|online|content|local|iso|of|date|time|stamp|day|at|on|utc|gmt)+")
_WHEN = re.compile(r"date|time|day|stamp|utc|gmt|published|posted|released|issued|aired|^pub$")
_WHAT = re.compile(rf"date|{_OUT}")
_LONGEST_NAME = 40  # of a date
_CREATED = NAMES["published"].index("created")  # from here on it is the record that is dated, not what it holds
_SAYING = ("name", "title", "main", "rendered", "value", "text", "#text", "domain", "@id", "url", "href")
_DATING = ("$date", "$numberLong", "value", "@value", "date", "rendered", "seconds", "_seconds")
_KNOWN = frozenset((*(name for some in NAMES.values() for name in some), *SHORTER))
_HOLDS_TEXT = ("text", "value", "html", "rendered", "processed", "content", "children", "blocks", "nodes", "paragraphs", "data")
_NO_TEXT = frozenset(("image", "img", "video", "audio", "embed", "iframe", "ad", "advertisement", "script", "style"))
_IN_LINE = frozenset(("text", "span", "link", "a", "strong", "em", "b", "i", "bold", "italic", "mark"))
_PARAGRAPHS = re.compile(r"(?i)</(?:p|div|h[1-6]|li|ul|ol|blockquote|table)>|<(?:p|br)\s?/?>")
_DEEPEST = 20  # blocks in blocks of a text
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


def plain(name: object) -> str:
    """A field's name without case and without what is no letter: "pubDate", "pub_date" and "Pub Date" are one."""
    return _NOT_A_LETTER.sub("", str(name)).casefold()


def is_known(name: object) -> bool:
    """Whether a field of this name says something of an article."""
    said = plain(name)
    return said in _KNOWN or _is_dated(said)


def unescaped(text: str) -> str:
    """A text with the characters that its HTML entities ("&amp;") stand for; an "&" without its ";" stays."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def candidates(fields: Mapping[str, Any], kind: str, renamed: Mapping[str, str] | None = None) -> list[tuple[str, Any]]:
    """The names and values of the fields of a kind (see NAMES) that are not empty, best first.

    `renamed`: by kind, the name that stands for it here, whatever else there is.
    """
    if renamed and kind in renamed:
        value = fields.get(renamed[kind])
        return [] if _empty(value) else [(renamed[kind], value)]
    by_name: dict[str, tuple[str, Any]] = {}
    for name, value in fields.items():
        if not _empty(value):
            by_name.setdefault(plain(name), (name, value))
    names: Sequence[str] = NAMES[kind]
    if kind == "title" and "articlebody" in by_name:  # the title of an article of schema.org, of a thing for others
        names = (*names, "name")
    if kind == "published":
        by_rule = [name for name in by_name if name not in names and _is_dated(name)]
        by_rule.sort(key=lambda name: name.startswith("creat"))
        names = (*names[:_CREATED], *by_rule, *names[_CREATED:])
    return [by_name[name] for name in names if name in by_name]


def found(fields: Mapping[str, Any], kind: str, renamed: Mapping[str, str] | None = None) -> tuple[str, Any]:
    """The name and value of the best field of a kind, see `candidates`; ("", None) where there is none."""
    return next(iter(candidates(fields, kind, renamed)), ("", None))


def from_fields(
    fields: Mapping[str, Any], text: str, where: str, *, renamed: Mapping[str, str] | None = None, **more: Any
) -> Draft:
    """A draft from named fields. A field that cannot be read is left out, with a warning, and the next of its kind is tried.

    `more`: further fields of the draft.
    """
    warnings: list[str] = []
    values: dict[str, Any] = {}
    for kind in ("id", "title", "source", "url", "language"):
        values[kind] = ""
        for name, value in candidates(fields, kind, renamed):
            try:
                values[kind] = " ".join(tidy(_said(value)).split())
                break
            except TypeError:
                warnings.append(f"{name} is left out: it must be text, not {type(value).__name__}")
    values["published"] = None
    for name, value in candidates(fields, "published", renamed):
        try:
            values["published"] = parse_date(_date(value))
            break
        except (ValueError, TypeError) as error:
            warnings.append(f"{name} is left out: {error}")
    return Draft(where=where, text=text, **{**values, **more, "warnings": (*more.get("warnings", ()), *warnings)})


def _is_dated(name: str) -> bool:
    """Whether a name, as `plain` gives it, is that of a date of publication."""
    words = len(name) <= _LONGEST_NAME and _DATE_WORDS.fullmatch(name)
    return bool(words and _WHEN.search(name) and _WHAT.search(name))


def _empty(value: object) -> bool:
    return value is None or value == "" or value == [] or (isinstance(value, float) and math.isnan(value))


def _said(value: Any) -> str:
    """A value as text: the name of an object that has one (a publisher), the first of a list. Raises TypeError for others."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and value:
        return _said(value[0])
    if isinstance(value, Mapping):
        return _said(next((value[key] for key in _SAYING if not _empty(value.get(key))), True))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _date(value: Any) -> Any:
    """A date's value: the first of a list, or its year, month and day; what a typed object holds."""
    if isinstance(value, list | tuple) and value:
        numbers = [part for part in value[:3] if isinstance(part, int) and not isinstance(part, bool)]
        if len(numbers) == 3 and 1000 <= numbers[0] <= 9999 and all(1 <= part <= 31 for part in numbers[1:]):
            return "{:04}-{:02}-{:02}".format(*numbers)
        return value[0]
    if isinstance(value, Mapping):
        held = next((value[key] for key in _DATING if not _empty(value.get(key))), "an object")
        return _date(held) if isinstance(held, Mapping) else held
    return value


def text_in(value: Any, depth: int = 0) -> str:
    """What a text says: written out or in HTML, in a list of paragraphs, or in blocks that hold others; nothing of records."""
    if isinstance(value, str):
        return _plainly(value)
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        if value and all(isinstance(part, dict) and found(part, "title")[0] for part in value):
            return ""
        return "\n\n".join(said for part in value if (said := text_in(part, depth + 1)).strip())
    if not isinstance(value, dict) or _kind(value) in _NO_TEXT:
        return ""
    for name in _HOLDS_TEXT:
        inner = value.get(name)
        if isinstance(inner, list) and inner and _is_line(inner, name):
            return "".join(text_in(part, depth + 1) for part in inner)
        if (said := text_in(inner, depth + 1)).strip() or (said and name == "text"):
            return said
    return ""


def _kind(block: Any) -> str:
    return str(block.get("type", block.get("_type", ""))).lower() if isinstance(block, dict) else ""


def _is_line(blocks: list[Any], name: str) -> bool:
    """Whether blocks are the parts of one line."""
    if not all(isinstance(block, dict) for block in blocks):
        return False
    kinds = {_kind(block) for block in blocks}
    return kinds <= _IN_LINE or (name == "children" and kinds <= {*_IN_LINE, ""})


def _plainly(text: str) -> str:
    """A text that may be written in HTML, with or without elements for its paragraphs."""
    if not is_html(text):
        return unescaped(text)
    if _PARAGRAPHS.search(text):
        return text_of_html(text)
    return "\n\n".join(said for part in text.split("\n\n") if (said := text_of_html(part)).strip())
