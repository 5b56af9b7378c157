"""The index as a reader sees it: one commit, unchanging, from `Index.open` on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

from .. import arguments
from ..corpus.article import Article, Mark, Passage
from ..errors import InputError
from .encoders import registry as encoders
from .encoders.protocol import DEFAULT, Encoder, Progress, check_encoder
from .filters import Filter
from .lexical.analyzer import Analyzer
from .search import deduplicate
from .search.articles import Span
from .search.formula import Weights
from .search.hits import Hit
from .search.located import Located, located, places_in, ranked_articles, ranked_passages
from .search.ranking import Query, Ranking, checked, rank
from .stores.folder import FolderStore
from .stores.opening import stored
from .stores.protocol import Store
from .types import Vectors

_SENTENCES = 10_000  # whose terms are kept at hand
FAR = 0.45  # the cosine of the default encoder below which a sentence without a word of the question is none that is sought
_AHEAD = 100  # articles read at once where they are far away
_TOGETHER = 32  # questions encoded while those before are ranked


class Index:
    """An opened index. Readers of one process may share it; it keeps its snapshot while a writer works.

    folder      where it is: a folder, or an address
    manifest    what is published: generation, digest, counts, encoder, analyzer, segments
    weights     of the ranking formula, as they are kept in the index
    analyzer    what makes terms of a text; `terms` keeps those of sentences at hand, as what is quoted once often is again
    """

    def __init__(self, store: Store, encoder: Encoder | None = None, preparing: Progress | None = None) -> None:
        self._store = store
        self.manifest, self.weights = store.manifest, store.weights
        self.analyzer = Analyzer.from_settings(store.manifest.analyzer)
        self.terms = lru_cache(_SENTENCES)(self.analyzer.terms)
        self._articles = store.articles
        self._encoder, self._preparing = encoder, preparing
        if encoder is not None:
            check_encoder(encoder, self.manifest.encoder)

    @classmethod
    def open(cls, folder: str | Path, encoder: Encoder | None = None, *, preparing: Progress | None = None) -> Index:
        """Open the index in `folder`, or at an address such as "milvus://localhost:19530/news". `encoder`: one at hand, else the
        index's own is loaded at the first question; `preparing` is called while it is prepared for its first use on this machine,
        see `registry.load`.

        An index of an older format is brought to the present one first, which writes to the folder.
        Raises IndexMissing, IndexDamaged (naming the file), IndexNoAccess, and EncoderError if another encoder made it.
        """
        store = stored(folder, encoder)
        try:
            return cls(store, encoder, preparing)
        except BaseException:
            store.close()
            raise

    @property
    def folder(self) -> Path | str:
        """Where the index is: a folder, or an address."""
        return self._store.place

    @property
    def snapshot(self) -> Any:
        """The segments of an index in a folder, see `segments.snapshot`: rows of articles, passages and sentences."""
        if not isinstance(self._store, FolderStore):
            raise InputError(f"{self.folder}: only an index in a folder has all its rows at hand")
        return self._store.snapshot

    def close(self) -> None:
        """Close the database. What was mapped stays readable until the index is let go."""
        self._store.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def encoder(self) -> Encoder:
        """The index's encoder, loaded and checked when first needed. Raises EncoderError."""
        if self._encoder is None:
            self._encoder = encoders.load_made_by(self.manifest.encoder, asking=True, preparing=self._preparing)
        return self._encoder

    @property
    def loaded_encoder(self) -> Encoder | None:
        """The index's encoder, if it has been loaded."""
        return self._encoder

    def query(self, text: str, *, lexical: bool = False) -> Query:
        """A question, analyzed and, unless it is `lexical`, encoded. Raises QuestionError where it is empty, endless or without a
        word.
        """
        text = checked(arguments.text("the question", text))
        return Query(text, tuple(self.analyzer.terms(text)), None if lexical else self.encoder.encode_question(text))

    def queries(self, texts: Iterable[str]) -> Iterator[Query]:
        """Many questions, analyzed and encoded block by block; a block is encoded while the last one is used."""
        checked_texts = [checked(text) for text in arguments.texts("questions", texts)]
        blocks = [checked_texts[first : first + _TOGETHER] for first in range(0, len(checked_texts), _TOGETHER)]
        encoder = self.encoder
        with ThreadPoolExecutor(1) as ahead:
            waiting = [ahead.submit(encoder.encode_questions, block) for block in blocks[:1]]
            for number, block in enumerate(blocks):
                vectors = waiting.pop().result()
                waiting = [ahead.submit(encoder.encode_questions, more) for more in blocks[number + 1 : number + 2]]
                for text, vector in zip(block, vectors, strict=True):
                    yield Query(text, tuple(self.analyzer.terms(text)), vector)

    def rank(self, query: Query, where: Filter | None = None, *, weights: Weights | None = None) -> Ranking:
        """Every candidate passage for a query, best first, with all its evidence: see `search.Ranking`. `weights`: of the formula,
        those of the index if None; without a vector the dense leg has none.
        """
        if where is not None and not isinstance(where, Filter):
            raise InputError(f'where is {arguments.shown(where)}: it must be a Filter, such as pullquote.Filter(since="2022")')
        snapshot, allowed = self._store.searched(query, where)
        return rank(snapshot, query, self._weights(query, weights), allowed)

    def _weights(self, query: Query, weights: Weights | None) -> Weights:
        found = self.weights if weights is None else weights
        return found if query.vector is not None else replace(found, dense=0.0)

    def search(
        self, text: str, k: int = 10, where: Filter | None = None, *, lexical: bool = False, weights: Weights | None = None
    ) -> list[Hit]:
        """The best `k` passages, best first, ties in the order of (article id, start). Raises QuestionError.

        A passage whose best sentence stands in a copy of its article, already among them, is left out; see `Hit.also`.
        Nothing is found where no word of the question is in the articles and none of their sentences comes near it either.
        `lexical`: by the words alone; no encoder is loaded. `weights`: of the formula, those of the index if None.
        """
        return self._hits(self.query(text, lexical=lexical), k, where, weights)

    def search_many(
        self, texts: Sequence[str], k: int = 10, where: Filter | None = None, *, weights: Weights | None = None
    ) -> list[list[Hit]]:
        """The hits of each of many questions, see `search`: faster than one by one, as some are encoded while others are ranked.

        Where sentence-transformers encodes, a score may differ in its last digits from that of a question asked alone.
        """
        return [self._hits(query, k, where, weights) for query in self.queries(texts)]

    def _hits(self, query: Query, k: int, where: Filter | None, weights: Weights | None) -> list[Hit]:
        arguments.count("k", k, "passage")
        ranking = self.rank(query, where, weights=weights)
        if self.manifest.encoder.name == DEFAULT and ranking.is_far(FAR):
            return []
        return deduplicate.hits(self._articles, ranking.of, ranking, k, self._weights(query, weights))

    def located(self, ranking: Ranking, places: Sequence[int]) -> Iterator[Located]:
        """The sentences at some places of `ranking.sentences`: where each stands, and what its article holds of the question."""
        if self._articles.is_far:
            rows = ranking.of.sentence(ranking.sentences[list(places)])[:, 0]
            self._articles.expect(ranking.of.article_ids(ranking.of.passage(rows)[:, 0]))
        return located(ranking.of, ranking, places)

    def sentences_with(self, terms: Sequence[str], where: Filter | None = None) -> list[tuple[str, int, int]]:
        """The (article id, start, end) of every sentence that holds all of some terms of the analyzer, in order."""
        return self._store.sentences_with(terms, where)

    def ranked_articles(self, ranking: Ranking, depth: int | None = None) -> list[str]:
        """The ids of the articles of a ranking, each once, at the place of its best passage; the first `depth` only."""
        return ranked_articles(ranking.of, ranking, depth)

    def ranked_passages(self, ranking: Ranking, depth: int | None = None) -> list[tuple[str, int, int]]:
        """The (article id, start, end) of the passages of a ranking, best first; the first `depth` only."""
        return ranked_passages(ranking.of, ranking, depth)

    def places_in(self, ranking: Ranking, article_id: str) -> list[int]:
        """The places of the passages of one article in a ranking, best first."""
        return places_in(ranking.of, ranking, article_id)

    def __repr__(self) -> str:
        return f"<Index {str(self.folder)!r}: {len(self)} articles, generation {self.manifest.generation}>"

    def __len__(self) -> int:
        """How many articles there are."""
        return self.manifest.counts.articles

    def __bool__(self) -> bool:
        """True: an index without articles is one too."""
        return True

    def __contains__(self, article_id: object) -> bool:
        """Whether there is an article of that id."""
        return isinstance(article_id, str) and self._articles.holds(article_id)

    def __iter__(self) -> Iterator[Article]:
        """Every article, in the order of the ids."""
        return self.articles()

    def articles(self, where: Filter | None = None) -> Iterator[Article]:
        """The articles that a filter admits, in the order of their ids; all without a filter. Raises IndexDamaged."""
        return self._read(self._articles.ids(where))

    def _read(self, ids: Sequence[str]) -> Iterator[Article]:
        for first in range(0, len(ids), _AHEAD):
            some = ids[first : first + _AHEAD]
            self._articles.expect(some, stories=False)
            yield from map(self.article, some)

    def article(self, article_id: str) -> Article:
        """One article, as it was read. Raises ArticleMissing for an unknown id, IndexDamaged if it is not as it was stored."""
        return self._articles.article(article_id)

    def sentences(self, article: Article) -> list[Span]:
        """The start and end of every sentence of the article's story, in order."""
        return self._articles.sentences(article.id)

    def whole_sentence(self, article: Article, start: int, end: int) -> Span:
        """The start and end of the sentence that an indexed piece of it belongs to, see `Articles.whole_sentence`."""
        return self._articles.whole_sentence(article, start, end)

    def is_cut(self, article: Article, start: int, end: int) -> tuple[bool, bool]:
        """Whether a sentence goes on before and after a stretch of an article."""
        return self._articles.is_cut(article, start, end)

    def passages(self, article_id: str) -> list[Span]:
        """The start and end of every passage of an article, in order."""
        return self._articles.passages(article_id)

    def near_copies(self, article: Article) -> list[Article]:
        """The copies of an article that are named beside it: all where there are few, see `Articles.near_copies`."""
        return self._articles.near_copies(article)

    def said(self, article_id: str, start: int, end: int) -> tuple[str, ...]:
        """The words of a stretch of an article, typography aside; kept at hand, as copies are asked for again and again."""
        return self._articles.said(article_id, start, end)[2]

    def where_said(self, article_id: str, sentence: tuple[str, ...]) -> Span | None:
        """Where a sentence, given by its words, first stands in an article; None where it does not."""
        return self._articles.where_said(article_id, sentence)

    def copies(self, article_id: str) -> list[Article]:
        """The other articles that tell the same story, nearly word for word, in the order of their ids."""
        return self._articles.copies(article_id)

    def story(self, article_id: str) -> int:
        """The number of the story that an article tells: its copies have the same number."""
        return self._articles.story(article_id)

    def latest(self, article_id: str) -> Article | None:
        """The latest version, by the same outlet, of an article; None if it is the latest itself."""
        return self._articles.latest(article_id)

    def texts_with(self, quote: str) -> Iterator[tuple[str, str]]:
        """The id and text of each article that has every word of a quote, typography and letter case aside, in the order of the
        ids: wherever the quote stands is among them. Unchecked: `article` checks.
        """
        return self._articles.texts_with(quote)

    def marks(self, article: Article) -> tuple[Mark, ...]:
        """The stretches of an article's text that are no part of its story: neither indexed nor quoted."""
        from ..corpus.boilerplate import marks  # its patterns take long to compile, and a question does not need them

        return marks(article.title, article.text, self._store.repeated())

    def everything(self) -> Iterator[tuple[Article, list[Passage], Vectors]]:
        """Every article in the order of the ids, its passages, and their sentences' vectors, (sentences, dimension) float32."""
        return self._store.everything()

    def outlets(self) -> list[str]:
        """The outlets of the articles, each once, by name."""
        return self._store.outlets()

    def undated(self, where: Filter) -> int:
        """How many articles a filter by date leaves out only because their date is unknown."""
        return self._store.undated(where)

    def is_last(self) -> bool:
        """Whether nothing was published since the index was opened."""
        return self._store.is_last()

    def status(self) -> dict[str, Any]:
        """What the index holds, see `status.status`."""
        return self._store.status()
