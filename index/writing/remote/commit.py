"""One commit to an index in Milvus: rows of a new version are added, what is counted is counted anew, and then it is published."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, tee
from typing import Any

import numpy as np

from ....corpus.article import Article
from ....corpus.boilerplate import story_paragraphs
from ....corpus.passages import CUTTING
from ...encoders.protocol import Encoder, Fingerprint, Progress
from ...lexical.analyzer import Analyzer
from ...milvus import rows
from ...milvus.connection import Connection, Row, literal
from ...milvus.counting import Counting
from ...milvus.counting import row as counted
from ...milvus.layout import ARTICLE, COUNT, DEAD, NO_VECTOR, OUTLET, PARAGRAPH, PART, ROWS, SENTENCE, TERM
from ...milvus.rows import Cut, hashed
from ...milvus.shelf import Shelf
from ...milvus.state import Lease, State
from ...milvus.store import seen_by
from ...storage.manifest import Counts
from ...types import Level
from ...workers.spread import chunks
from .cleaning import clear, recover
from .paragraphs import Recount, Telling, recounted
from .tally import LEVELS, Tally, digest

KEEP = 600.0  # seconds for which a reader of the commit before the last may go on
_MANY = 10_000  # articles that were let go and are still there: then they are cleaned away at once
_BLOCK = 200  # articles cut, embedded and written at a time
_COUNTED = 20_000  # rows of what is counted, written at a time

Embed = Callable[[list[str], Mapping[str, np.ndarray[Any, Any]]], np.ndarray[Any, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a commit is to change.

    articles   those to be there from now on, each with where it came from, in the order of their ids
    changed    the rows (number, id) of those that they replace, or that go
    again      whether all that is derived is made anew
    """

    articles: Callable[[], Iterable[tuple[Article, str]]]
    changed: tuple[Row, ...] = ()
    again: bool = False


class RemoteCommit:
    """`embed`: gives texts their vectors, with some that are known; `progress`: called with (articles written, to be written)."""

    def __init__(
        self,
        connection: Connection,
        lease: Lease,
        published: State | None,
        encoder: Callable[[], Encoder],
        embed: Embed,
        progress: Progress | None = None,
    ) -> None:
        self._connection, self._lease, self._published = connection, lease, published
        self._encoder, self._embed, self._progress = encoder, embed, progress
        self._done = self._total = 0  # articles written, and to be written
        self._analyzer = Analyzer()
        self._version = 0  # that is begun
        self._counting = None if published is None else Counting(connection, published.version)
        self._dead = [] if self._counting is None else self._counting.dead()
        self._seen = "" if published is None else seen_by(published, self._dead)
        self._shelf = Shelf(connection, self._seen)
        self._next = 1 if published is None else published.next
        self.cut = self.without_story = 0

    def run(self, wanted: Wanted) -> State:
        """Publish what is wanted; the new state."""
        self._version = self._lease.begin()
        if self._lease.begun:
            recover(self._connection, 0 if self._published is None else self._published.version)
        tally, gone = Tally(), []
        for row, cut in self._cuts(() if wanted.again else wanted.changed):
            tally.add(cut, -1)
            gone.append(Telling.of(row["number"], cut.article.source, cut.paragraphs))
        old = {row["id"]: row["number"] for row in wanted.changed}
        fresh = [
            Telling.of(self._next + n, article.source, story_paragraphs(article.title, article.text))
            for n, (article, _) in enumerate(wanted.articles())
        ]
        recount = recounted(None if wanted.again else self._counting, gone, fresh, self._tellings)
        recut = [] if wanted.again else self._holders(recount.turned, {telling.number for telling in gone})
        going = self._everything() if wanted.again else {row["number"] for row in wanted.changed}
        self._next, self._total = self._next + len(fresh), len(fresh) + len(recut)
        numbers = range(self._next - len(fresh), self._next)
        reference = dict(self._published.reference) if self._published else {}
        coming = ((number, *item) for number, item in zip(numbers, wanted.articles(), strict=True))
        self._write(coming, old, recount.repeated, tally, reference)
        renumbered = self._recut(recut, recount, tally, reference)
        dead = sorted({*going, *renumbered})
        return self._publish(tally, recount, dead, reference, wanted)

    def _cuts(self, known: Collection[Row]) -> Iterator[tuple[Row, Cut]]:
        """Some articles as they stand in the index."""
        listed = list(known)
        for first in range(0, len(listed), _BLOCK):
            some = listed[first : first + _BLOCK]
            found = self._shelf.records(some)
            for row in some:
                record = found[row["number"]]
                yield row, Cut.of(rows.article(record), record["origin"], rows.passages(record), self._analyzer)

    def _everything(self) -> set[int]:
        """The numbers of all articles of which there is a row, of whatever kind."""
        key = {PART: "key"}
        rows_of = ((name, (key.get(name, "number"), "article")) for name in ROWS)
        return {row["article"] for name, fields in rows_of for row in self._connection.every(name, self._seen, fields)}

    def _tellings(self, numbers: Collection[int]) -> Iterator[Telling]:
        fields = ("number", "id", "digest")
        known = self._connection.with_any(ARTICLE, "number", sorted(numbers), fields)
        for number, record in self._shelf.records(known).items():
            article = rows.article(record)
            yield Telling.of(number, article.source, story_paragraphs(article.title, article.text))

    def _holders(self, prints: Collection[str], but: Collection[int]) -> list[Row]:
        """The rows of the articles that hold some paragraphs, and are not among those that change anyway."""
        if not prints or not self._seen:
            return []
        listed = literal(sorted(hashed(print_) for print_ in prints))
        where = f"{self._seen} and (long == true or array_contains_any(paragraphs, {listed}))"
        return [row for row in self._connection.every(ARTICLE, where, ("number", "id", "digest")) if row["number"] not in but]

    def _write(
        self,
        coming: Iterator[tuple[int, Article, str]],
        old: Mapping[str, int],
        repeated: frozenset[str],
        tally: Tally,
        reference: dict[Level, float],
    ) -> None:
        """Cut, embed and write articles, block by block. `old`: the numbers that articles had, by id, for their vectors."""
        block: list[tuple[int, Cut]] = []
        known, read = tee(coming)
        cut = chunks(self._encoder(), (article for _, article, _ in read), repeated)
        for (number, article, origin), found in zip(known, cut, strict=True):
            self.cut += found.cut
            self.without_story += not found.passages
            block.append((number, Cut.of(article, origin, found.passages, self._analyzer)))
            if len(block) == _BLOCK:
                self._write_block(block, old, tally, reference)
                block = []
        if block:
            self._write_block(block, old, tally, reference)

    def _write_block(
        self, block: list[tuple[int, Cut]], old: Mapping[str, int], tally: Tally, reference: dict[Level, float]
    ) -> None:
        self._lease.check()
        mine = Tally()
        for _, cut in block:
            mine.add(cut, 1)
            tally.add(cut, 1)
        if not reference:
            reference.update({level: mine.lengths[level] / max(mine.sizes[level], 1) for level in LEVELS})
        texts = [[cut.article.text[s.start : s.end] for p in cut.passages for s in p.sentences] for _, cut in block]
        known = self._known([old[cut.article.id] for _, cut in block if cut.article.id in old])
        vectors = self._embed([text for some in texts for text in some], known)
        found: dict[str, list[Row]] = {name: [] for name in ROWS}
        at = 0
        for (number, cut), some in zip(block, texts, strict=True):
            made = rows.rows(cut, number, self._version, reference, vectors[at : at + len(some)])
            at += len(some)
            for name in ROWS:
                found[name] += made[name]
        for name in ROWS:
            self._connection.insert(name, found[name])
        self._done += len(block)
        if self._progress is not None:
            self._progress(self._done, self._total)

    def _known(self, numbers: list[int]) -> dict[str, Any]:
        """The vectors of the sentences of some articles, by their texts."""
        if not numbers:
            return {}
        known = self._connection.with_any(ARTICLE, "number", numbers, ("number", "id", "digest"))
        texts = {number: rows.article(record).text for number, record in self._shelf.records(known).items()}
        fields = ("article", "begin", "finish", "vector")
        found = self._connection.with_any(SENTENCE, "article", numbers, fields, each=20)
        return {texts[row["article"]][row["begin"] : row["finish"]]: np.array(row["vector"], np.float32) for row in found}

    def _recut(self, holders: list[Row], recount: Recount, tally: Tally, reference: dict[Level, float]) -> list[int]:
        """Cut articles anew whose paragraphs turned out to recur, or to recur no more; the numbers that are no longer theirs."""
        if not holders:
            return []
        again: list[tuple[int, Article, str]] = []
        for row, cut in self._cuts(holders):
            tally.add(cut, -1)
            number, self._next = self._next, self._next + 1
            again.append((number, cut.article, cut.origin))
            prints = Telling.of(row["number"], cut.article.source, cut.paragraphs).paragraphs
            unknown = [print_ for print_ in prints if print_ not in recount.now]
            if unknown and self._counting is not None:
                recount.now.update(self._counting.paragraphs(unknown))
            for print_ in prints:
                recount.now[print_].sum += number - row["number"]
        self._write(iter(again), {row["id"]: row["number"] for row in holders}, recount.repeated, tally, reference)
        return [row["number"] for row in holders]

    def _publish(self, tally: Tally, recount: Recount, dead: list[int], reference: dict[Level, float], wanted: Wanted) -> State:
        connection = self._connection
        table = self._table(tally, recount, again=wanted.again)
        while some := list(islice(table, _COUNTED)):
            connection.insert(COUNT, some)
        connection.insert(DEAD, [{"number": number, "version": self._version, "none": NO_VECTOR} for number in dead])
        connection.flush((*ROWS, COUNT, *((DEAD,) if dead else ())))
        last = self._published or _nothing(Fingerprint.of(self._encoder().fingerprint))
        base = last if not wanted.again else replace(_nothing(last.encoder), weights=last.weights)
        content = (int(base.content, 16) + tally.content) % (1 << 256)
        sizes = [getattr(base.counts, f"{level}s") + tally.sizes[level] for level in LEVELS]
        cleaned = last.version if wanted.again or len(self._dead) > _MANY else last.before(time.time() - KEEP)
        now = replace(
            last,
            counts=Counts(*sizes),
            content=f"{content:x}",
            digest=digest(content, last.encoder),
            analyzer=dict(Analyzer.SETTINGS),
            cutting=dict(CUTTING),
            next=self._next,
            lengths={level: base.lengths.get(level, 0) + tally.lengths[level] for level in LEVELS},
            reference=reference,
            newest=self._newest(last, tally, dead),
            cleaned=max(cleaned, last.cleaned),
        )
        now = self._lease.publish(now)
        if now.cleaned > last.cleaned:
            clear(connection, last.cleaned, now.cleaned, self._dead)
        return now

    def _table(self, tally: Tally, recount: Recount, *, again: bool) -> Iterator[Row]:
        """What is counted anew, as rows."""
        version, now = self._version, set()
        terms = iter(sorted(term for term, by in tally.terms.items() if any(by)))
        while some := list(islice(terms, _COUNTED)):
            found = self._counting.terms(some) if self._counting and not again else {}
            for term in some:
                now.add((TERM, term))
                before = found.get(term, (0, 0, 0))
                yield counted(TERM, term, version, [a + b for a, b in zip(before, tally.terms[term], strict=True)])
        for print_, held in recount.now.items():
            now.add((PARAGRAPH, print_))
            many = max(held.votes.values(), default=0)
            yield counted(PARAGRAPH, print_, version, [held.held, held.sum, held.votes], many)
        for name, count in recount.outlets.items():
            now.add((OUTLET, name))
            yield counted(OUTLET, name, version, count)
        if again:
            yield from self._zeros(now)

    def _zeros(self, but: Collection[tuple[int, str]]) -> list[Row]:
        """Of what was counted before and is not now, that there is none."""
        last = self._published.version if self._published else 0
        fields = ("key", "name", "kind")
        known = {(row["kind"], row["name"]) for row in self._connection.every(COUNT, f"version <= {last}", fields)}
        nothing: dict[int, Any] = {TERM: [0, 0, 0], PARAGRAPH: [0, 0, {}], OUTLET: 0}
        return [counted(kind, name, self._version, nothing[kind]) for kind, name in sorted(known - {*but})]

    def _newest(self, last: State, tally: Tally, dead: list[int]) -> int:
        """The day of the newest article."""
        newest = max(last.newest, tally.newest)
        if not dead or tally.newest >= newest:
            return newest
        where = seen_by(replace(last, version=self._version), [*self._dead, *((number, self._version) for number in dead)])
        low, high = 0, newest  # some article is of a day from `low` on
        while low < high:
            middle = (low + high + 1) // 2
            if self._connection.query(ARTICLE, f"{where} and first_day >= {middle}", ("number",), 1):
                low = middle
            else:
                high = middle - 1
        return low


def _nothing(encoder: Fingerprint) -> State:
    return State(0, Counts(), "0", "", encoder, {}, {})
