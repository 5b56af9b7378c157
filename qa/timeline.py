"""Timeline: what the articles of each date answer, and what value was given from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from ..corpus.dates import date_range
from ..index.at import IndexOrFolder, at
from ..index.filters import Filter
from ..index.index import Index
from .answer import Period, Quote, Span, Timeline
from .ask import Answerer, check
from .claims import short_form
from .claims.claim import claim
from .question.wording import Wording
from .selection.candidate import Candidate
from .selection.candidates import Candidates
from .selection.reader import reader as the_reader

DATES = 20
SURE = 0.03  # the confidence that a quote of a timeline has at least: sentences of many dates share the odds of a question


def timeline(index: IndexOrFolder, question: str, n: int = DATES, where: Filter | None = None, *, reader: bool = True) -> Timeline:
    """The best quote of each date of publication, oldest first: of those sure enough to be an answer the `n` surest; and what value
    was given when. `reader`: the values are pointed at by the reader; without it, they are given where they are plain.
    """
    with at(index) as opened:
        return _timeline(opened, question, n, where, reader=reader)


def _timeline(index: Index, question: str, n: int, where: Filter | None, *, reader: bool) -> Timeline:
    answerer = Answerer(index, n, reader=False)
    query = index.query(question)
    found = Candidates(index, query, index.rank(query, where))
    best: dict[str, tuple[float, Candidate]] = {}
    undated = set()
    at_its_time = {candidate.sentence: answerer.judge.confidence(candidate) for candidate in found.alone}
    for candidate in (*found.weighed, *found.others(repeated=True)):
        sure = max(answerer.judge.confidence(candidate), at_its_time.get(candidate.sentence, 0.0))
        date = candidate.article.published
        if sure < SURE or not answerer.judge.answers(candidate):
            continue
        if date is None:
            undated.add(candidate.article.id)
        elif date not in best or best[date][0] < sure:
            best[date] = (sure, candidate)
    surest = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].article.id))[:n]
    dated = sorted((candidate for _, candidate in surest), key=lambda c: (date_range(c.article.published or "")[0], c.article.id))
    quotes = tuple(answerer.quotes(query, dated, where))
    if reader:
        quotes = tuple(_pointed_at(found, dated, quotes))
    return Timeline(question, quotes, len(undated), tuple(_periods(found.wording, quotes)))


def _pointed_at(found: Candidates, candidates: Sequence[Candidate], quotes: Sequence[Quote]) -> Iterator[Quote]:
    """Quotes of some candidates, each with the short form that the reader points at in it."""
    for known, candidate, quote in zip(candidates, found.read(the_reader(), candidates), quotes, strict=True):
        if known.pointed is not None:  # by a correction
            yield quote
            continue
        short = short_form.read_in(candidate, quote.text, quote.start)
        span = (
            None if short is None else Span(quote.start + short.start, quote.start + short.end, quote.text[short.start : short.end])
        )
        read = replace(quote, span=span)
        check(read, candidate.article)
        yield read


def _periods(wording: Wording, quotes: Sequence[Quote]) -> Iterator[Period]:
    """What value was given from when to when, of quotes in the order of their dates."""
    claimed = (
        [(quote, claim(wording, quote.span.text)) for quote in quotes if quote.span] if wording.wanted in short_form.TYPED else []
    )
    for _, group in groupby(((quote, said) for quote, said in claimed if said is not None), key=itemgetter(1)):
        alike = [quote for quote, _ in group]
        value = alike[0].span.text if alike[0].span else ""
        outlets = tuple(dict.fromkeys(quote.source for quote in alike if quote.source))
        yield Period(value, alike[0].published or "", alike[-1].published or "", outlets)
