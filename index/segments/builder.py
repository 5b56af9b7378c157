"""Writes a segment: takes its articles one by one, and keeps no more of them in memory than PART words."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from ...corpus.article import Article, Passage
from ...corpus.dates import date_range
from ..arrays import checksums, sealing, tensor_file
from ..arrays.row_ranges import RowRanges
from ..arrays.sealing import FileMeta
from ..arrays.string_table import StringTable
from ..arrays.tensor_file import Piece, whole
from ..dense import vectors as dense
from ..dense.codes import write_codes
from ..lexical.analyzer import Analyzer
from ..lexical.bm25 import LEVELS
from ..lexical.postings import Postings, merged
from ..storage.layout import ARRAYS, CODES, VECTORS
from ..storage.manifest import CodesMeta, Counts
from ..types import Ints, Level, Rows, Vectors
from .reader import ordinal

PART = 1 << 22  # words
TITLE = 100  # terms of a title that count: each of the article's passages holds them


class SegmentBuilder:
    """Takes the articles in the order of their ids and writes the segment to a folder."""

    def __init__(self, analyzer: Analyzer, folder: Path) -> None:
        self._analyzer, self._folder = analyzer, folder
        self._numbers: dict[str, int] = {}  # of the terms, as they come
        self._ids: list[str] = []
        self._outlets: list[str] = []
        self._days = array("i")
        self._passages, self._sentences = array("i"), array("i")
        self._parts: list[dict[Level, Postings]] = []  # by level, of the articles before `_part`
        self._part = (0, 0, 0)  # the first article, passage and sentence of those that are in no part yet
        self._titles, self._texts = _Lists(), _Lists()  # their terms: of each article's title, of each sentence
        self._spilled: IO[bytes] | None = None

    def add(self, article: Article, passages: Iterable[Passage]) -> None:
        """Raises OSError where the disk does not take what no longer fits in memory."""
        row = len(self._ids)
        self._ids.append(article.id)
        self._outlets.append(article.source)
        self._days.extend((0, 0) if article.published is None else (ordinal(day) for day in date_range(article.published)))
        self._titles.append(self._terms(article.title)[:TITLE])
        for passage in passages:
            self._passages.extend((row, passage.start, passage.end, len(self._sentences) // 3))
            number = len(self._passages) // 4 - 1
            for sentence in passage.sentences:
                self._sentences.extend((number, sentence.start, sentence.end))
                self._texts.append(self._terms(article.text[sentence.start : sentence.end]))
        if self._texts.total >= PART:
            self._spill()

    def write(self, vectors: Iterable[Vectors], dimension: int) -> tuple[dict[str, FileMeta], CodesMeta | None]:
        """Write the files and see them on the disk. Returns their sizes and SHA-256, and what was measured of the codes, for the
        manifest. Raises OSError.
        """
        folder, shape = self._folder, (len(self._sentences) // 3, dimension)
        with tensor_file.writing(folder / ARRAYS) as file:
            for piece in self._pieces():
                file.add(*piece)
        self._parts.clear()
        if self._spilled is not None:
            self._spilled.close()
        with tensor_file.writing(folder / VECTORS) as file:
            file.add(dense.NAME, vectors, shape, np.float32)
        codes = write_codes(folder / CODES, folder / VECTORS, shape)
        written = [folder / ARRAYS, folder / VECTORS, *(checksums.write_sums(folder / name) for name in (ARRAYS, VECTORS))]
        if codes is not None:
            written.append(folder / CODES)
        files = {path.name: sealing.sealed(path) for path in sorted(written)}
        sealing.seal_folder(folder)
        return files, codes

    @property
    def size(self) -> int:
        """How many sentences and articles there are."""
        return len(self._ids) + len(self._sentences) // 3

    @property
    def counts(self) -> Counts:
        """What was added so far."""
        return Counts(len(self._ids), len(self._passages) // 4, len(self._sentences) // 3)

    def _terms(self, text: str) -> list[int]:
        numbers = self._numbers
        return [numbers.setdefault(term, len(numbers)) for term in self._analyzer.terms(text)]

    def _pieces(self) -> Iterator[Piece]:
        """All arrays but the vectors, each made when it is its turn."""
        parts = [*self._parts, self._postings()]
        terms, order = _sorted(self._numbers)
        outlet_numbers = {name: number for number, name in enumerate(dict.fromkeys(self._outlets))}
        outlets, outlet_order = _sorted(outlet_numbers)
        renumbered = np.argsort(outlet_order)
        for prefix, strings in (("articles", StringTable.of(self._ids)), ("terms", terms), ("outlets", outlets)):
            yield from (whole(f"{prefix}.{name}", values) for name, values in strings.arrays().items())
        passages = np.array(self._passages, np.int32).reshape(-1, 4)
        yield whole("outlet", renumbered[[outlet_numbers[name] for name in self._outlets]].astype(np.int32))
        yield whole("days", np.array(self._days, np.int32).reshape(-1, 2))
        yield whole("firsts", _firsts(passages, len(self._ids), len(self._sentences) // 3))
        yield whole("passages", passages)
        yield whole("sentences", np.array(self._sentences, np.int32).reshape(-1, 3))
        for level in LEVELS:
            for name, blocks, shape, dtype in merged([part[level] for part in parts], order):
                yield f"{level}.{name}", blocks, shape, dtype

    def _spill(self) -> None:
        """Move the postings of the articles since the last time out of memory."""
        if self._spilled is None:
            self._spilled = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed when the segment is written
        self._parts.append({level: postings.spilled(self._spilled) for level, postings in self._postings().items()})
        self._part = (len(self._ids), len(self._passages) // 4, len(self._sentences) // 3)
        self._titles, self._texts = _Lists(), _Lists()

    def _postings(self) -> dict[Level, Postings]:
        """By level, of the articles that are in no part yet. A title counts as text of its article and of each of its passages."""
        article, passage, sentence = self._part
        passages = np.array(self._passages[4 * passage :], np.int32).reshape(-1, 4) - np.array([article, 0, 0, sentence], np.int32)
        flat, sizes, titles, title_sizes = self._texts.flat, self._texts.sizes, self._titles.flat, self._titles.sizes
        articles = np.arange(len(title_sizes), dtype=np.int32)
        owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        of: dict[Level, Postings] = {"sentence": Postings.of(flat, owners, len(sizes))}
        longer: tuple[tuple[Level, Rows, Rows], ...] = (
            ("article", _firsts(passages, len(articles), len(sizes))[:, 1], articles),
            ("passage", np.append(passages[:, 3], np.int32(len(sizes))), passages[:, 0]),
        )
        for level, firsts, owner in longer:
            rows = np.arange(len(owner), dtype=np.int32)
            documents = np.repeat(np.repeat(rows, np.diff(firsts)), sizes)  # of each term
            ends = np.cumsum(title_sizes)[owner]
            titled = titles[RowRanges(ends - title_sizes[owner], ends).rows()]
            of[level] = Postings.of(
                np.concatenate([flat, titled]), np.concatenate([documents, np.repeat(rows, title_sizes[owner])]), len(owner)
            )
        return of


class _Lists:
    """Many short lists of numbers in one array."""

    def __init__(self) -> None:
        self._flat, self._ends = array("i"), array("q", [0])

    def append(self, numbers: list[int]) -> None:
        self._flat.extend(numbers)
        self._ends.append(len(self._flat))

    @property
    def total(self) -> int:
        return len(self._flat)

    @property
    def flat(self) -> Rows:
        return np.frombuffer(self._flat, np.int32) if self._flat else np.zeros(0, np.int32)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        ends = np.frombuffer(self._ends, np.int64)
        sizes: npt.NDArray[np.int64] = ends[1:] - ends[:-1]
        return sizes


def _firsts(passages: Rows, articles: int, sentences: int) -> Rows:
    """The first passage and the first sentence of each article, and where they end."""
    edges = np.searchsorted(passages[:, 0], np.arange(articles + 1))
    starts = np.append(passages[:, 3], np.int32(sentences))
    return np.stack([edges.astype(np.int32), starts[edges].astype(np.int32)], axis=1)


def _sorted(numbers: Mapping[str, int]) -> tuple[StringTable, Ints]:
    """The strings in order, and the number that each has in `numbers`."""
    return StringTable.of(numbers), np.array([numbers[string] for string in sorted(numbers)], np.int64)
