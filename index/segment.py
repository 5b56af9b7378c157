"""A segment: the arrays derived from some articles, written once, memory-mapped, never changed.

`arrays.safetensors` holds

    articles.{bytes,ends}   the article ids, sorted                     terms.{bytes,ends}     the vocabulary, sorted
    outlets.{bytes,ends}    the outlets, sorted                         outlet                 (articles,) int32: which one
    days                    (articles, 2) int32: first and last day it may be from (proleptic ordinal), 0 where unknown
    firsts                  (articles + 1, 2) int32: the first passage and the first sentence of each article, and where they end
    passages                (n, 4) int32: article, start, end, first sentence; in the order of (article id, start)
    sentences               (n, 3) int32: passage, start, end
    {level}.{start,rows,counts,lengths,bounds,total}                    BM25 at each level, see `lexical.Postings`

`vectors.safetensors` has one vector per sentence, and `codes.faiss`, in a segment of many sentences, a short code of each, see
`dense`. Beside the first two lie the checksums of their blocks, see `arrays`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..corpus.article import Article, Passage
from ..corpus.dates import date_range
from . import arrays, dense
from .analyzer import Analyzer
from .arrays import Array
from .lexical import LEVELS, Postings, Rows
from .spans import Mask, Spans
from .strings import SortedStrings

_TITLE = 100  # terms of a title that count: each of the article's passages holds them
ARRAYS, VECTORS, CODES = "arrays.safetensors", "vectors.safetensors", "codes.faiss"


def segment_name(number: int) -> str:
    """The folder of a segment."""
    return f"segment-{number:06d}"


@dataclass(frozen=True, slots=True)
class Segment:
    """The arrays of a segment, opened. `alive`: (articles,) bool, those that were not removed since; None for all."""

    articles: SortedStrings
    terms: SortedStrings
    outlets: SortedStrings
    outlet: Array
    days: Array
    firsts: Array
    passages: Array
    sentences: Array
    levels: dict[str, Postings]
    dense: dense.Dense
    alive: Mask | None
    blocks: arrays.Blocks  # of the arrays

    @classmethod
    def open(cls, folder: Path, expected: Mapping[str, Any], dead: npt.NDArray[np.int32] | None = None) -> Segment:
        """Map the files. `expected`: what the manifest says; `dead`: the rows of the articles that were removed. Raises OSError or
        IndexDamaged, naming the file, where one is not what the manifest says: at once where it is missing or of another size,
        else when a changed block of it is read.
        """
        files = expected["files"]
        for name, described in files.items():
            arrays.verify_size(folder / name, described)
        blocks = arrays.Blocks(folder / ARRAYS, files)
        found = arrays.read(blocks)

        def group(prefix: str) -> dict[str, Array]:
            return {name.removeprefix(f"{prefix}."): values for name, values in found.items() if name.startswith(f"{prefix}.")}

        alive = None
        if dead is not None and len(dead):
            alive = np.ones(len(found["outlet"]), bool)
            alive[dead] = False
        return cls(
            articles=SortedStrings.from_arrays(group("articles")),
            terms=SortedStrings.from_arrays(group("terms")),
            outlets=SortedStrings.from_arrays(group("outlets")),
            outlet=found["outlet"],
            days=found["days"],
            firsts=found["firsts"],
            passages=found["passages"],
            sentences=found["sentences"],
            levels={name: Postings.from_arrays(group(name)) for name in LEVELS},
            dense=dense.Dense(folder / VECTORS, folder / CODES, expected, len(found["sentences"])),
            alive=alive,
            blocks=blocks,
        )

    def verify(self) -> None:
        """Read all that is mapped. Raises IndexDamaged where it is not as it was written."""
        self.blocks.check(0, len(self.blocks.bytes))
        self.dense.verify()

    def spans(self, level: str, articles: Mask) -> Spans:
        """The documents of a level that are of some articles, given as (articles,) bool."""
        found = Spans.of(articles)
        if level == "article":
            return found
        column = 0 if level == "passage" else 1
        begins, ends = self.firsts[found.begins][:, column], self.firsts[found.ends][:, column]
        some = begins < ends
        return Spans(begins[some].astype(np.int64), ends[some].astype(np.int64))


class Builder:
    """Takes the articles in the order of their ids and writes the segment."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._numbers: dict[str, int] = {}
        self._ids: list[str] = []
        self._outlets: list[str] = []
        self._days = array("i")
        self._passages, self._sentences = array("i"), array("i")
        self._titles, self._texts = _Lists(), _Lists()  # the terms of each article's title, of each sentence

    def add(self, article: Article, passages: Iterable[Passage]) -> None:
        row = len(self._ids)
        self._ids.append(article.id)
        self._outlets.append(article.source)
        self._days.extend((0, 0) if article.published is None else (ordinal(day) for day in date_range(article.published)))
        self._titles.append(self._terms(article.title)[:_TITLE])
        for passage in passages:
            self._passages.extend((row, passage.start, passage.end, len(self._texts)))
            number = len(self._passages) // 4 - 1
            for sentence in passage.sentences:
                self._sentences.extend((number, sentence.start, sentence.end))
                self._texts.append(self._terms(article.text[sentence.start : sentence.end]))

    def write(self, folder: Path, vectors: Iterable[dense.Vectors], dimension: int) -> dict[str, Any]:
        """Write the files and see them on the disk. Returns their sizes and SHA-256, and what was measured of the codes, for the
        manifest. Raises OSError.
        """
        with arrays.writing(folder / ARRAYS) as file:
            for name, values in self._arrays():
                file.add(name, values)
        shape = (len(self._texts), dimension)
        with arrays.writing(folder / VECTORS) as file:
            file.add_rows(dense.NAME, vectors, shape, np.float32)
        codes = dense.write_codes(folder / CODES, folder / VECTORS, shape)
        for name in (ARRAYS, VECTORS):
            arrays.write_sums(folder / name)
        files = {path.name: arrays.sealed(path) for path in sorted(folder.iterdir())}
        arrays.seal_folder(folder)
        return {"files": files, "codes": codes}

    def _arrays(self) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        """All arrays but the vectors, one level's after the other's, so that they need not be in memory at once."""
        terms, renumbered = _sorted(self._numbers)
        outlet_numbers = {name: number for number, name in enumerate(dict.fromkeys(self._outlets))}
        outlets, outlets_renumbered = _sorted(outlet_numbers)
        for prefix, strings in (("articles", SortedStrings.of(self._ids)), ("terms", terms), ("outlets", outlets)):
            yield from ((f"{prefix}.{name}", values) for name, values in strings.arrays().items())
        self._titles.renumber(renumbered)
        self._texts.renumber(renumbered)
        passages = np.array(self._passages, np.int32).reshape(-1, 4)
        yield "outlet", outlets_renumbered[[outlet_numbers[name] for name in self._outlets]]
        yield "days", np.array(self._days, np.int32).reshape(-1, 2)
        yield "firsts", self._firsts(passages)
        yield "passages", passages
        yield "sentences", np.array(self._sentences, np.int32).reshape(-1, 3)
        for level in LEVELS:
            yield from ((f"{level}.{name}", values) for name, values in self._postings(level, passages).arrays().items())

    @property
    def size(self) -> int:
        """How many sentences and articles there are."""
        return len(self._ids) + len(self._texts)

    @property
    def counts(self) -> dict[str, int]:
        return {"articles": len(self._ids), "passages": len(self._passages) // 4, "sentences": len(self._texts)}

    def _terms(self, text: str) -> list[int]:
        numbers = self._numbers
        return [numbers.setdefault(term, len(numbers)) for term in self._analyzer.terms(text)]

    def _postings(self, level: str, passages: Rows) -> Postings:
        """A title counts as text of its article and of each of its passages."""
        if level == "sentence":
            return Postings.of(
                self._texts.flat, np.repeat(np.arange(len(self._texts), dtype=np.int32), self._texts.sizes), len(self._texts)
            )
        titles, title_sizes = self._titles.flat, self._titles.sizes
        firsts = self._firsts(passages)[:, 1] if level == "article" else np.append(passages[:, 3], len(self._texts))
        count = len(firsts) - 1
        sentences = np.repeat(np.arange(count, dtype=np.int32), np.diff(firsts))  # the document of each
        documents = np.repeat(sentences, self._texts.sizes)
        if level == "article":
            titled = np.repeat(np.arange(count, dtype=np.int32), title_sizes)
        else:
            article = passages[:, 0]
            titled = np.repeat(np.arange(count, dtype=np.int32), title_sizes[article])
            ends = np.cumsum(title_sizes)[article]
            titles = titles[Spans(ends - title_sizes[article], ends).rows()]
        return Postings.of(np.concatenate([self._texts.flat, titles]), np.concatenate([documents, titled]), count)

    def _firsts(self, passages: Rows) -> Rows:
        """The first passage and the first sentence of each article, and where they end."""
        edges = np.searchsorted(passages[:, 0], np.arange(len(self._ids) + 1))
        sentences = np.append(passages[:, 3], np.int32(len(self._texts)))
        return np.stack([edges.astype(np.int32), sentences[edges].astype(np.int32)], axis=1)


class _Lists:
    """Many short lists of numbers in one array."""

    def __init__(self) -> None:
        self._flat, self._ends = array("i"), array("q", [0])

    def append(self, numbers: list[int]) -> None:
        self._flat.extend(numbers)
        self._ends.append(len(self._flat))

    def renumber(self, table: npt.NDArray[np.int32]) -> None:
        if self._flat:
            self._flat = array("i", table[np.frombuffer(self._flat, np.int32)].tobytes())

    @property
    def flat(self) -> Rows:
        return np.frombuffer(self._flat, np.int32) if self._flat else np.zeros(0, np.int32)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        ends = np.frombuffer(self._ends, np.int64)
        sizes: npt.NDArray[np.int64] = ends[1:] - ends[:-1]
        return sizes

    def __len__(self) -> int:
        return len(self._ends) - 1


def ordinal(day: str) -> int:
    """The number of a day, given as YYYY-MM-DD: 1 is 0001-01-01."""
    return date.fromisoformat(day).toordinal()


def _sorted(numbers: Mapping[str, int]) -> tuple[SortedStrings, npt.NDArray[np.int32]]:
    """The strings in order, and for each number that a string has in `numbers` its place among them."""
    places = np.empty(len(numbers), np.int32)
    places[[numbers[string] for string in sorted(numbers)]] = np.arange(len(numbers))
    return SortedStrings.of(numbers), places
