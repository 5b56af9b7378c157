"""What each verb takes over HTTP, as a query or as JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ....index.filters import Filter
from ..settings import Limits

_LIMITS = Limits()
_Date = Annotated[str, Field(max_length=40, description="A date as far as it is known: 2024, 2024-02 or 2024-02-12.")]
_Text = Annotated[str, Field(min_length=1, max_length=_LIMITS.question)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Where(_Strict):
    """Which articles may be quoted."""

    source: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=20, description="Outlets.")
    since: _Date | None = Field(None, description="Published on or after.")
    until: _Date | None = Field(None, description="Published on or before.")
    as_of: _Date | None = Field(None, description="Only what could be known that day.")

    def filter(self) -> Filter:
        """As a search takes it. Raises InputError for a date that cannot be read, or a span that holds no day."""
        sources = [name for name in self.source if name]
        return Filter.of(sources or None, self.since or None, self.until or None, as_of=self.as_of or None)


class Ask(Where):
    """A question."""

    question: _Text
    n: int = Field(3, ge=1, le=_LIMITS.results, description="At most so many quotes.")
    context: bool = Field(False, description="With the sentence before a quote that points back.")
    newest: bool = Field(False, description="Prefer newer articles, within bounds.")
    quick: bool = Field(False, description="Without the reader: faster, and less often the right sentence.")
    sure: float | None = Field(None, gt=0, lt=1, description="Answer only so surely that this share is right.")


class Search(Where):
    """Words that are searched for."""

    query: _Text
    k: int = Field(10, ge=1, le=_LIMITS.results, description="At most so many passages.")
    lexical: bool = Field(False, description="By the words alone.")
    newest: bool = Field(False, description="Prefer newer articles, within bounds.")


class Verify(_Strict):
    """A quote that is looked up."""

    quote: str = Field(min_length=1, max_length=_LIMITS.quote)
    by: str | None = Field(None, max_length=200, description="Whom it is attributed to: does the article say so?")
