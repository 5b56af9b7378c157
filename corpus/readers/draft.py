"""What a reader yields: an article before it has an id of its own."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import ReadError
from ..article import Article, DatedBy, Locator


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its format gives it.

    where      the path, with a line or record number, or the name of a part, where there are several
    part       the name of the part of the file that it is, where the parts have names of their own: ids are made from it
    dated_lines  whether a line that is but a date is when it was published: in a page it may be the day of the visit
    warnings   what of it could not be read and was left out, each in a few words: the article is read all the same
    """

    where: str
    text: str
    id: str = ""
    title: str = ""
    source: str = ""
    url: str = ""
    published: str | None = None
    language: str = ""
    dated_by: DatedBy = "stated"
    locators: tuple[Locator, ...] = ()
    part: str = ""
    dated_lines: bool = True
    warnings: tuple[str, ...] = ()

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
            dated_by=self.dated_by if self.published else "stated",
            locators=self.locators,
        )
