"""What a reader yields: an article before it has an id of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import ReadError
from ..article import Article
from ..dates import parse_date
from ..decode import tidy


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its format gives it; `where` is the path, with a line or record number where there are several."""

    where: str
    text: str
    id: str = ""
    title: str = ""
    source: str = ""
    url: str = ""
    published: str | None = None
    language: str = ""

    def article(self, fallback_id: str) -> Article:
        """The article, under its own id or `fallback_id`. Raises ReadError where there is no text."""
        if not self.text.strip():
            raise ReadError(self.where, "no text in it")
        return Article(
            id=self.id or fallback_id,
            text=self.text,
            title=self.title,
            source=self.source,
            url=self.url,
            published=self.published,
            language=self.language,
        )


def from_fields(fields: Mapping[str, Any], text: str, where: str) -> Draft:
    """A draft from named fields (front matter, a JSON record). Raises ReadError naming the field that is wrong.

    Also understood: `_id` for id (BEIR), `date` for published, `lang` for language.
    """

    def field(*names: str) -> str:
        for name in names:
            value = fields.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                raise ReadError(where, f"{name} must be text, not {type(value).__name__}")
            return " ".join(tidy(str(value)).split())
        return ""

    raw_date = next((fields[n] for n in ("published", "date") if fields.get(n) not in (None, "")), None)
    try:
        published = parse_date(raw_date)
    except ValueError as error:
        raise ReadError(where, f"published: {error}") from None
    return Draft(
        where=where,
        text=text,
        id=field("id", "_id"),
        title=field("title"),
        source=field("source"),
        url=field("url"),
        published=published,
        language=field("language", "lang"),
    )
