"""Ask: the verb. Everything it quotes is checked against the article before it is given out."""

from __future__ import annotations

from ..corpus.article import Article, passage_id
from ..corpus.errors import InputError, QuoteError
from ..index.copies import also, latest
from ..index.filters import Filter
from ..index.index import Index
from ..index.search import Ranking
from .answer import ANSWERED, NO_ANSWER, Answer, Quote
from .confidence import Model, model
from .select import Candidate, Candidates, select

QUOTES = 3


def ask(index: Index, question: str, n: int = QUOTES, where: Filter | None = None) -> Answer:
    """Answer a question with at most `n` verbatim quotes, best first, each located in its article.

    The status is "no_answer", with the reason, where nothing comes close enough. Raises QuestionError for an empty or endless
    question, and QuoteError rather than give out a quote that is not in its article.
    """
    if n < 1:
        raise InputError(f"n is {n}: at least 1 quote must be asked for")
    query = index.query(question)
    ranking = index.rank(query, where)
    judge = model()
    found = Candidates(index, query, ranking)
    if reason := _no_answer(found, judge, where):
        return Answer(question, NO_ANSWER, reason, (), _described(index))
    terms = frozenset(query.terms)
    quotes = tuple(
        _quote(index, ranking, terms, rank, judge.confidence(candidate), candidate)
        for rank, candidate in enumerate(select(found, n), start=1)
    )
    return Answer(question, ANSWERED, "", quotes, _described(index))


def check(quote: Quote, article: Article) -> None:
    """The invariant of the whole system. Raises QuoteError where `article.text[start:end]` is not the quote."""
    if not quote.text or article.text[quote.start : quote.end] != quote.text:
        raise QuoteError(f"a quote is not in article {quote.article_id!r} at {quote.start}-{quote.end}: add it again")


def _no_answer(found: Candidates, judge: Model, where: Filter | None) -> str:
    if not found.pool:
        return "no article matches the filter" if where not in (None, Filter()) else "nothing is indexed that could answer"
    if (best := judge.confidence(found.pool[0])) < judge.threshold:
        return f"nothing in the articles comes close enough (confidence {best:.2f}, needed {judge.threshold:.2f})"
    return ""


def _quote(
    index: Index, ranking: Ranking, terms: frozenset[str], rank: int, confidence: float, candidate: Candidate
) -> Quote:
    article, start, end = candidate.article, candidate.start, candidate.end
    copies = index.copies(article.id)
    later = latest(article, copies)
    _, first, last, _ = (int(x) for x in index.generation.passage(ranking.passages[candidate.place : candidate.place + 1])[0])
    text = candidate.text
    quote = Quote(
        rank=rank,
        text=text,
        article_id=article.id,
        passage_id=passage_id(article.id, first, last),
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        start=start,
        end=end,
        confidence=confidence,
        matches=tuple((a, b) for a, b, found in index.analyzer.spans(text) if not terms.isdisjoint(found)),
        also=also(article, copies, text, index.sentences),
        superseded_by="" if later is None else later.id,
    )
    check(quote, article)
    return quote


def _described(index: Index) -> dict[str, str | int]:
    manifest = index.manifest
    return {
        "articles": manifest["counts"]["articles"],
        "passages": manifest["counts"]["passages"],
        "encoder": manifest["encoder"]["name"],
        "digest": manifest["digest"],
    }
