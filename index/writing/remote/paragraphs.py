"""Which paragraphs recur as only notices do, where the counts are kept in Milvus: what a commit changes of them.

The rule is `corpus.boilerplate.repeated_paragraphs`; `recurring_paragraphs` keeps it for folders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ...milvus.counting import Counting, Held, recurs


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as far as its paragraphs count."""

    number: int
    source: str
    paragraphs: Mapping[str, int]  # the words of each, by fingerprint

    @classmethod
    def of(cls, number: int, source: str, paragraphs: Iterable[tuple[str, int]]) -> Telling:
        """Of each fingerprint the first counts."""
        words: dict[str, int] = {}
        for fingerprint, count in paragraphs:
            words.setdefault(fingerprint, count)
        return cls(number, source, words)


@dataclass(slots=True)
class Recount:
    """What changes: `now` are the counts of every paragraph that is touched."""

    now: dict[str, Held] = field(default_factory=dict)
    outlets: dict[str, int] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()  # those that recur only before or only after


def recounted(
    counting: Counting | None,
    gone: Collection[Telling],
    fresh: Collection[Telling],
    load: Callable[[Collection[int]], Iterable[Telling]],
) -> Recount:
    """The counts without the articles that are `gone` and with the `fresh` ones. `load`: gives articles by their numbers."""
    outlets = Counter(counting.outlets() if counting else {})
    before = counting.repeated(outlets) if counting else frozenset()
    prints = {print_ for telling in (*gone, *fresh) for print_ in telling.paragraphs}
    known = counting.paragraphs(prints) if counting else {}
    leaving: Counter[str] = Counter()
    their_sum: Counter[str] = Counter()
    for telling in gone:
        for print_ in telling.paragraphs:
            leaving[print_] += 1
            their_sum[print_] += telling.number
    alone = {
        held.sum - their_sum[print_]
        for print_, held in known.items()
        if held.held - leaving[print_] == 1  # the only other one may become a copy, or cease to be one
    }
    neighbours = list(load(alone)) if alone else []
    more = {print_ for telling in neighbours for print_ in telling.paragraphs} - prints
    known.update(counting.paragraphs(more) if counting and more else {})
    now = {print_: Held(held.held, held.sum, dict(held.votes)) for print_, held in known.items()}
    for sign, some in ((-1, gone), (1, fresh)):
        for telling in some:
            outlets[telling.source] += sign
            for print_ in telling.paragraphs:
                held = now.setdefault(print_, Held())
                held.held += sign
                held.sum += sign * telling.number
    for sign, counts, some in ((-1, known, (*gone, *neighbours)), (1, now, (*neighbours, *fresh))):
        for telling in some:
            if _has_a_say(telling, counts):
                for print_ in telling.paragraphs:
                    votes = now[print_].votes
                    votes[telling.source] = votes.get(telling.source, 0) + sign
    for held in now.values():
        held.votes = {source: count for source, count in held.votes.items() if count}
    others = before - now.keys()
    votes_of = counting.paragraphs(others) if counting and others else {}
    repeated = {print_ for print_, held in (votes_of | now).items() if recurs(held.votes, outlets)}
    if counting is not None and _shrunk(gone, fresh):  # a smaller outlet: fewer votes are a tenth of its articles
        repeated |= counting.repeated(outlets) - now.keys()
    found = frozenset(repeated)
    return Recount(now, dict(outlets), found, found ^ before)


def _has_a_say(telling: Telling, counts: Mapping[str, Held]) -> bool:
    """Whether less than half of an article's words stand in others too."""
    shared = sum(words for print_, words in telling.paragraphs.items() if counts[print_].held > 1)
    return 2 * shared < sum(telling.paragraphs.values())


def _shrunk(gone: Collection[Telling], fresh: Collection[Telling]) -> bool:
    sizes = Counter(telling.source for telling in fresh)
    sizes.subtract(telling.source for telling in gone)
    return any(size < 0 for size in sizes.values())
