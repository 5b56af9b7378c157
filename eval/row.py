"""What became of a question of a set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one question.

    `right`: for each quote, whether it holds an answer; `unjudged`: whether it holds an accepted one, but in an article that nobody
    judged; `confidence`: of the first quote, or of the nearest where there is no
    answer; `values`: the measures of this question alone, by name; `error`: why it could not be asked, "" if it could; `cluster`:
    an article that it shares with others, "" where it is alone; `sides`: the values of a disagreement.
    """

    id: str
    type: str
    question: str
    unanswerable: bool
    answered: bool
    confidence: float
    right: tuple[bool, ...]
    located: int
    quotes: tuple[dict[str, Any], ...]
    articles: tuple[str, ...]
    passages: tuple[str, ...]
    ms: float
    values: dict[str, float] = field(default_factory=dict)
    error: str = ""
    cluster: str = ""
    unjudged: tuple[bool, ...] = ()
    sides: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether the first quote, given or nearest, holds an answer."""
        return bool(self.right) and self.right[0]
