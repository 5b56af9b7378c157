"""What an `Index` asks of the place where it is kept: a folder is one kind of store, a collection in Milvus the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from ...corpus.article import Article, Passage
from ..filters import Filter
from ..search.articles import Articles
from ..search.formula import Weights
from ..search.ranking import Query
from ..segments.snapshot import Snapshot
from ..storage.manifest import Manifest
from ..types import Mask, Vectors


class Store(Protocol):
    """One commit of an index, opened to be read.

    place      the folder, or the address of the collections
    manifest   what is published: generation, digest, counts, encoder, analyzer
    weights    of the ranking formula, as they are kept with the index
    articles   what is known of the articles
    """

    manifest: Manifest
    weights: Weights
    articles: Articles

    @property
    def place(self) -> Path | str:
        """Where it is."""

    def searched(self, query: Query, where: Filter | None) -> tuple[Snapshot, Mask | None]:
        """A snapshot that holds every passage that may be among the candidates of a question, and which of its articles a filter
        admits, (articles,) bool; None for all.
        """

    def sentences_with(self, terms: Sequence[str], where: Filter | None) -> list[tuple[str, int, int]]:
        """The (article id, start, end) of every sentence that holds all of some terms, in order; of every one without a term."""

    def everything(self) -> Iterator[tuple[Article, list[Passage], Vectors]]:
        """Every article in the order of the ids, its passages, and their sentences' vectors, (sentences, dimension) float32."""

    def outlets(self) -> list[str]:
        """The outlets of the articles, each once, by name."""

    def undated(self, where: Filter) -> int:
        """How many articles a filter by date leaves out only because their date is unknown."""

    def repeated(self) -> frozenset[str]:
        """The fingerprints of the paragraphs that recur as only notices do, see `boilerplate.repeated_paragraphs`."""

    def is_last(self) -> bool:
        """Whether nothing was published since it was opened."""

    def status(self) -> dict[str, Any]:
        """What the index holds, for a person or a script to see."""

    def close(self) -> None:
        """Let go of what is open."""
