"""Doctor of an index in Milvus: every row that a reader sees is read, and all that is counted is counted again.

What a writer left that was cut short is no finding: no reader sees it, and the next writer removes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from ...corpus.article import Article
from ...errors import IndexDamaged, PullquoteError
from ..lexical.analyzer import Analyzer
from ..milvus import rows, state
from ..milvus.connection import Connection, Row
from ..milvus.counting import Counting
from ..milvus.layout import ARTICLE, COLLECTIONS, COUNT, OUTLET, PARAGRAPH, PASSAGE, SENTENCE, TERM
from ..milvus.rows import Cut
from ..milvus.shelf import Shelf
from ..milvus.state import State
from ..milvus.store import seen_by
from ..place import Address
from ..types import Level
from ..writing.remote.paragraphs import Telling, recounted
from ..writing.remote.tally import Tally, digest

_TOGETHER = 100  # articles read at once
_UNIT = 1e-3  # how far from 1 a vector's length may be


def wrongs(place: str) -> Iterator[str]:
    """Everything that is wrong with the last commit of the index at an address. Raises IndexMissing and IndexNoAccess."""
    connection = Connection(Address.of(place))
    try:
        published = state.opened(connection)
        missing = [name for name in COLLECTIONS if not connection.has(name)]
        yield from (f"{place}: its collection {name} is missing" for name in missing)
        if not missing:
            yield from (f"{place}: {what}" for what in _Examination(connection, published).wrongs())
    except IndexDamaged as error:
        yield error.what
    finally:
        connection.close()


class _Examination:
    def __init__(self, connection: Connection, published: State) -> None:
        self._connection, self._state = connection, published
        self._counting = Counting(connection, published.version)
        self._seen = seen_by(published, self._counting.dead())
        self._shelf = Shelf(connection, self._seen)
        self._tally = Tally()
        self._tellings: list[Telling] = []

    def wrongs(self) -> Iterator[str]:
        known = list(self._connection.every(ARTICLE, self._seen, ("number", "id", "digest", "length", "counts")))
        twice = [name for name, count in Counter(row["id"] for row in known).items() if count > 1]
        yield from (f"article {name!r} is there twice" for name in sorted(twice))
        yield from self._orphans({row["number"] for row in known})
        whole = True
        for first in range(0, len(known), _TOGETHER):
            for what in self._articles(known[first : first + _TOGETHER]):
                whole = False
                yield what
        if whole:
            yield from self._counts()

    def _orphans(self, numbers: set[int]) -> Iterator[str]:
        for name in (PASSAGE, SENTENCE):
            strange = {row["article"] for row in self._connection.every(name, self._seen, ("number", "article"))} - numbers
            if strange:
                yield f"its collection {name} has rows of {len(strange)} articles that are not there"

    def _articles(self, some: list[Row]) -> Iterator[str]:
        fields = ("number", "article", "passage", "begin", "finish", "words", "vector")
        numbers = [row["number"] for row in some]
        sentences: dict[int, list[Row]] = {number: [] for number in numbers}
        for row in self._connection.with_any(SENTENCE, "article", numbers, fields, self._seen, 20):
            sentences[row["article"]].append(row)
        passages: dict[int, list[Row]] = {number: [] for number in numbers}
        for row in self._connection.with_any(PASSAGE, "article", numbers, ("number", "article", "begin", "finish"), self._seen, 20):
            passages[row["article"]].append(row)
        for row in some:
            try:
                record = self._shelf.records([row])[row["number"]]
                cut = Cut.of(rows.article(record), record["origin"], rows.passages(record), Analyzer())
            except PullquoteError as error:
                yield str(getattr(error, "what", error))
                continue
            yield from self._article(row, cut, passages[row["number"]], sentences[row["number"]])

    def _article(self, row: Row, cut: Cut, passages: list[Row], sentences: list[Row]) -> Iterator[str]:
        article: Article = cut.article
        self._tally.add(cut, 1)
        self._tellings.append(Telling.of(row["number"], article.source, cut.paragraphs))
        passages.sort(key=lambda one: int(one["number"]))
        sentences.sort(key=lambda one: int(one["number"]))
        if [(one["begin"], one["finish"]) for one in passages] != [(p.start, p.end) for p in cut.passages]:
            yield f"the passages of article {article.id!r} are not as it was cut"
        elif [(one["begin"], one["finish"]) for one in sentences] != [(s.start, s.end) for p in cut.passages for s in p.sentences]:
            yield f"the sentences of article {article.id!r} are not as it was cut"
        elif any(
            list(one["words"]) != [rows.hashed(term) for term in words] for one, words in zip(sentences, cut.words, strict=True)
        ):
            yield f"the terms of article {article.id!r} are not those of its sentences"
        if (whole := next(cut.documents())[1]) and (len(whole) != row["length"] or row["counts"] not in ("", rows.packed(whole))):
            yield f"the terms of article {article.id!r} are not those of its text"
        lengths = np.linalg.norm(
            np.array([one["vector"] for one in sentences], np.float32).reshape(-1, self._state.encoder.dimension), axis=1
        )
        if not np.isfinite(lengths).all() or (len(lengths) and float(np.abs(lengths - 1).max()) > _UNIT):
            yield f"the vectors of article {article.id!r} are not of the length 1"

    def _counts(self) -> Iterator[str]:
        now, tally = self._state, self._tally
        sizes: dict[Level, int] = {"article": now.counts.articles, "passage": now.counts.passages, "sentence": now.counts.sentences}
        if {level: tally.sizes[level] for level in sizes} != sizes:
            yield f"it holds {dict(tally.sizes)}, published were {sizes}"
        if {level: tally.lengths[level] for level in sizes} != now.lengths:
            yield "the lengths of its documents are not those that were published"
        content = tally.content % (1 << 256)
        if f"{content:x}" != now.content or digest(content, now.encoder) != now.digest:
            yield "the digest of its content is not right"
        if tally.newest != now.newest:
            yield "the day of its newest article is not right"
        recount = recounted(None, (), self._tellings, lambda numbers: ())
        counted: dict[int, tuple[Mapping[str, object], Mapping[str, object]]] = {
            TERM: (tally.terms, self._counting.terms(self._names(TERM))),
            PARAGRAPH: (recount.now, self._counting.paragraphs(self._names(PARAGRAPH))),
            OUTLET: ({name: count for name, count in recount.outlets.items() if count}, self._counting.outlets()),
        }
        for kind, what in ((TERM, "terms"), (PARAGRAPH, "paragraphs"), (OUTLET, "outlets")):
            ours, theirs = counted[kind]
            if ours != {name: value for name, value in theirs.items() if _counts(value)}:
                yield f"what it counts of {what} is not right"

    def _names(self, kind: int) -> set[str]:
        where = f"kind == {kind} and version <= {self._state.version}"
        return {row["name"] for row in self._connection.every(COUNT, where, ("key", "name"))}


def _counts(value: object) -> bool:
    """Whether something is left of what was counted."""
    return any(value) if isinstance(value, list) else bool(getattr(value, "held", value))
