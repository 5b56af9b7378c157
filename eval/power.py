"""What differences a set can tell from chance, before there are runs to compare."""

from __future__ import annotations

from collections.abc import Sequence

from ..index.index import Index
from .compare import Difference, differences
from .evaluate import Progress, evaluate
from .measures.measure import DEFAULT
from .questions import Question


def of_set(index: Index, questions: Sequence[Question], progress: Progress | None = None) -> list[Difference]:
    """By measure, how two variants of pullquote differ on a set: with the reader and without; and where these do not, as in what is
    ranked, without the reader and by words alone. `Difference.least` is the smallest difference that such variants are told by.
    """
    words = evaluate(index, questions, DEFAULT, progress, reader=False, lexical=True)
    quick = evaluate(index, questions, DEFAULT, progress, reader=False)
    read = evaluate(index, questions, DEFAULT, progress)
    ranked = {found.measure: found for found in differences(words, quick, DEFAULT)}
    return [found if found.least is not None else ranked.get(found.measure, found) for found in differences(quick, read, DEFAULT)]
