"""What a question's wording says of dates of publication, where that is safe to read: it is then said in the answer."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from ...corpus.dates import parse_date

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b(?:in|during|from|on)\s((?:(?:{_MONTHS})\s(?:\d{{1,2}},?\s)?|\d{{1,2}}\s(?:{_MONTHS})\s)?{_YEAR})\b(?![-–/]|\sto\b|s\b)"
)
_ANY = re.compile(rf"\b{_YEAR}s?\b")
_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|currently|now|nowadays|these days|at present|so far|up to date)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class When:
    """`published`: a date (ISO, as far as it is given) of which the articles may be, if they answer as well; `newest`: whether
    newer ones are asked for.
    """

    published: str | None
    newest: bool


def read(question: str) -> When:
    """The only date in a question, and words such as "latest". "After the second summit" names no date, and is not read."""
    found = _DATE.findall(question)
    published = None
    if len(found) == 1 and len(_ANY.findall(question)) == 1:
        with suppress(ValueError):  # 30 February
            published = parse_date(found[0])
    return When(published, bool(_NEWEST.search(question)))
