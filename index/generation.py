"""The arrays of one commit: derived from the articles, written once, memory-mapped, never changed.

articles.{bytes,ends}     the article ids, sorted                      terms.{bytes,ends}   the vocabulary, sorted
passages                  (n, 4) int32: article, start, end, first sentence; in the order of (article id, start)
sentences                 (n, 3) int32: passage, start, end            vectors.faiss        one vector per sentence
{level}.{start,rows,counts,lengths,total}                              BM25 at each level, see `lexical.BM25`
"""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..corpus.article import Article, Passage
from ..corpus.errors import IndexDamaged
from . import dense
from .analyzer import Analyzer
from .lexical import BM25, K1, LEVELS, Rows
from .strings import SortedStrings

VECTORS = "vectors.faiss"


def generation_name(number: int) -> str:
    """The folder of a generation's arrays."""
    return f"generation-{number:06d}"


def generations(folder: Path) -> list[Path]:
    """The folders of arrays in an index."""
    return [path for path in sorted(folder.iterdir()) if re.fullmatch(r"generation-\d{6,}", path.name) and path.is_dir()]


@dataclass(frozen=True, slots=True)
class Generation:
    """The arrays of a commit, opened."""

    articles: SortedStrings
    terms: SortedStrings
    passages: Rows
    sentences: Rows
    levels: dict[str, BM25]
    dense: dense.Dense

    @classmethod
    def open(cls, folder: Path, files: Mapping[str, Mapping[str, Any]]) -> Generation:
        """Map the files. Raises OSError or IndexDamaged, naming the file, where one is not what the manifest says."""
        for name, expected in files.items():
            _verify(folder / name, expected)

        def group(prefix: str) -> dict[str, npt.NDArray[Any]]:
            names = [n for n in files if n.startswith(prefix + ".") and n.endswith(".npy")]
            return {n[len(prefix) + 1 : -4]: np.load(folder / n, mmap_mode="r", allow_pickle=False) for n in names}

        return cls(
            articles=SortedStrings.from_arrays(group("articles")),
            terms=SortedStrings.from_arrays(group("terms")),
            passages=np.load(folder / "passages.npy", mmap_mode="r", allow_pickle=False),
            sentences=np.load(folder / "sentences.npy", mmap_mode="r", allow_pickle=False),
            levels={name: BM25.from_arrays(group(name), K1, b) for name, b in LEVELS.items()},
            dense=dense.Dense(folder / VECTORS),
        )

    def passages_of(self, article: int) -> range:
        """The rows of an article's passages."""
        column = self.passages[:, 0]
        return range(int(np.searchsorted(column, article)), int(np.searchsorted(column, article, side="right")))

    def sentences_of(self, passages: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The rows of the sentences of some passages, in their order, and where each passage's begin among them."""
        first = self.passages[passages, 3].astype(np.int64)
        after = np.minimum(passages + 1, len(self.passages) - 1)
        last = np.where(passages + 1 < len(self.passages), self.passages[after, 3], len(self.sentences)).astype(np.int64)
        sizes = last - first
        begins = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(sizes) else np.zeros(0, np.int64)
        rows = np.repeat(first - begins, sizes) + np.arange(int(sizes.sum()))
        return rows, begins


class Builder:
    """Takes the articles in the order of their ids and writes the arrays."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._numbers: dict[str, int] = {}
        self._ids: list[str] = []
        self._passages, self._sentences = array("i"), array("i")
        self._titles, self._texts = _Lists(), _Lists()  # the terms of each article's title, of each sentence

    def add(self, article: Article, passages: Iterable[Passage]) -> None:
        row = len(self._ids)
        self._ids.append(article.id)
        self._titles.append(self._terms(article.title))
        for passage in passages:
            self._passages.extend((row, passage.start, passage.end, len(self._texts)))
            number = len(self._passages) // 4 - 1
            for sentence in passage.sentences:
                self._sentences.extend((number, sentence.start, sentence.end))
                self._texts.append(self._terms(article.text[sentence.start : sentence.end]))

    def write(self, folder: Path, vectors: Iterable[dense.Vectors], dimension: int) -> dict[str, dict[str, Any]]:
        """Write every file and see it on the disk. Returns the size and SHA-256 of each, for the manifest."""
        terms = SortedStrings.of(self._numbers)
        renumbered = np.empty(len(self._numbers), np.int32)
        renumbered[[self._numbers[term] for term in sorted(self._numbers)]] = np.arange(len(self._numbers))
        self._titles.renumber(renumbered)
        self._texts.renumber(renumbered)
        passages = np.array(self._passages, np.int32).reshape(-1, 4)
        arrays: dict[str, npt.NDArray[Any]] = {
            "passages": passages,
            "sentences": np.array(self._sentences, np.int32).reshape(-1, 3),
        }
        groups = {"articles": SortedStrings.of(self._ids).arrays(), "terms": terms.arrays()}
        groups |= {name: BM25(self._documents(name, passages), K1, b).arrays() for name, b in LEVELS.items()}
        arrays |= {f"{prefix}.{name}": values for prefix, group in groups.items() for name, values in group.items()}
        for name, values in arrays.items():
            np.save(folder / f"{name}.npy", values, allow_pickle=False)
        dense.write(folder / VECTORS, vectors, dimension)
        return {path.name: _sealed(path) for path in sorted(folder.iterdir())}

    @property
    def counts(self) -> dict[str, int]:
        return {"articles": len(self._ids), "passages": len(self._passages) // 4, "sentences": len(self._texts)}

    def _terms(self, text: str) -> list[int]:
        numbers = self._numbers
        return [numbers.setdefault(term, len(numbers)) for term in self._analyzer.terms(text)]

    def _documents(self, level: str, passages: Rows) -> Iterator[array[int]]:
        """The terms of each document of a level; a title counts as text of its article and of each of its passages."""
        firsts = [int(n) for n in passages[:, 3]] + [len(self._texts)]
        if level == "sentence":
            yield from self._texts
        elif level == "passage":
            for (article, *_), (first, last) in zip(passages, pairwise(firsts), strict=True):
                yield self._titles[int(article)] + self._texts.span(first, last)
        else:
            edges = np.searchsorted(passages[:, 0], np.arange(len(self._ids) + 1))
            for article, (first, last) in enumerate(pairwise(firsts[int(edge)] for edge in edges)):
                yield self._titles[article] + self._texts.span(first, last)


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

    def span(self, first: int, last: int) -> array[int]:
        return self._flat[self._ends[first] : self._ends[last]]

    def __getitem__(self, place: int) -> array[int]:
        return self.span(place, place + 1)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[array[int]]:
        return (self[place] for place in range(len(self)))


def _sealed(path: Path) -> dict[str, Any]:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return {"bytes": path.stat().st_size, "sha256": _sha256(path)}


def _verify(path: Path, expected: Mapping[str, Any]) -> None:
    if path.stat().st_size != expected["bytes"] or _sha256(path) != expected["sha256"]:
        raise IndexDamaged(f"{path}: not as it was written (damaged, or of another index): add the articles again")


def _sha256(path: Path) -> str:
    total = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()
