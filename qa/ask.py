"""Ask: the verb. Everything it quotes is checked against the article before it is given out."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .. import arguments
from ..corpus.article import Article, passage_id
from ..corpus.dates import date_range
from ..corpus.same_words import words
from ..errors import QuoteError
from ..index.at import IndexOrFolder, at
from ..index.filters import Filter
from ..index.index import Index
from ..index.search.articles import LONGEST
from ..index.search.ranking import Query
from ..index.search.versions import also, latest
from . import context as contexts
from .answer import ANSWERED, NO_ANSWER, Answer, Quote, Side, Span
from .claims import short_form
from .claims import sides as claims
from .mentions import Mention
from .question import core, dates
from .selection.candidate import Candidate
from .selection.candidates import Candidates
from .selection.confidence import Model, model
from .selection.reader import reader as the_reader
from .selection.select import select
from .text_fragments import link

QUOTES = 3
READ_FOR_SIDES = 3  # passages more that may hold another answer


def ask(
    index: IndexOrFolder,
    question: str,
    n: int = QUOTES,
    where: Filter | None = None,
    *,
    context: bool = False,
    newest: bool = False,
    reader: bool = True,
    sure: float | None = None,
) -> Answer:
    """Answer a question with at most `n` verbatim quotes, best first, each located in its article.

    `index`: an open one, or its folder. The status is "no_answer", with the reason and the nearest there is, where nothing comes
    close enough. `context`: with the sentence before a quote that points back; `newest`: prefer newer articles, within bounds (see
    `candidates.NEWEST`); `reader`: let a small model read the best passages, which is slower and quotes the right sentence more
    often; `sure`: answer only what is as sure as first quotes are of which at least that share is right, see
    `confidence.Model.least_sure`.

    Raises QuestionError for an empty or endless question, and QuoteError rather than give out a quote that is not in its article.

    >>> pullquote.ask(index, "Who cut the ribbon?").quotes[0].text
    'Mayor Ines Falk cut the ribbon.'
    >>> bool(pullquote.ask(index, "What is the capital of Mongolia?"))
    False
    """
    with at(index) as opened:
        answerer = Answerer(opened, n, context=context, newest=newest, reader=reader, sure=sure)
        return answerer.answer(opened.query(question), where)


def ask_many(
    index: IndexOrFolder,
    questions: Iterable[str],
    n: int = QUOTES,
    where: Filter | None = None,
    *,
    context: bool = False,
    newest: bool = False,
    reader: bool = True,
    sure: float | None = None,
) -> list[Answer]:
    """The answers to many questions, see `ask`: faster than one by one, as some are encoded while others are answered."""
    with at(index) as opened:
        answerer = Answerer(opened, n, context=context, newest=newest, reader=reader, sure=sure)
        return [answerer.answer(query, where) for query in opened.queries(questions)]


def check(quote: Quote, article: Article) -> None:
    """The invariant of the whole system. Raises QuoteError where `article.text[start:end]` is not the quote."""
    for part in (quote, quote.span, quote.context):
        if part is not None and (not part.text or article.text[part.start : part.end] != part.text):
            raise QuoteError(f"a quote is not in article {quote.article_id!r} at {part.start}-{part.end}: add it again")


class Answerer:
    """How questions are answered: what is the same for all of them."""

    def __init__(
        self, index: Index, n: int, *, context: bool = False, newest: bool = False, reader: bool = True, sure: float | None = None
    ) -> None:
        arguments.count("n", n, "quote")
        self.index, self.n, self.context, self.newest = index, n, context, newest
        self.reader = the_reader() if reader else None
        self.judge: Model = model(reading=reader)
        self.least_sure = None if sure is None else self.judge.least_sure(sure)

    def answer(self, query: Query, where: Filter | None = None, found: tuple[Candidates, tuple[str, ...]] | None = None) -> Answer:
        """The answer to a question, out of the articles that a filter admits. Of a long one, what it asks in the end is asked, with
        the names that stand before that; the whole, and what it asks alone, where that has no answer. `found`: what `found` gives
        for the whole, where that is known.
        """
        forms = dict.fromkeys((core.core(query.text), query.text, core.bare(query.text)))
        first: Answer | None = None
        for asked in forms:
            if not any(c.isalnum() for c in asked):
                continue
            made = query if asked == query.text else self.index.query(asked)
            answer = self.answered(made, where, *(found if made is query and found is not None else self.found(made, where)))
            if answer.status == ANSWERED:
                return answer if made is query else replace(answer, question=query.text, read_as=(*answer.read_as, asked))
            if made is query:
                first = answer
        assert first is not None
        return first

    def answered(self, query: Query, where: Filter | None, found: Candidates, read_as: tuple[str, ...]) -> Answer:
        """The answer, from what may be quoted."""
        chosen = list(select(found, self.n))
        quotes = tuple(self.quotes(query, chosen, where))
        described = _described(self.index)
        sides: tuple[Side, ...] = ()
        if not (reason := self._no_answer(found, where)):
            sides = self._sides(query, found, where, {c.sentence: quote for c, quote in zip(chosen, quotes, strict=True)})
            if self.least_sure is not None and len(sides) > 1:
                reason = f"the articles give different answers ({', '.join(side.value for side in sides)}), so none is sure"
        if reason:
            return Answer(query.text, NO_ANSWER, reason, (), described, nearest=quotes, read_as=read_as)
        agreed = sides[0] if len(sides) == 1 and len(sides[0].outlets) > 1 else None
        return Answer(
            query.text,
            ANSWERED,
            "",
            quotes,
            described,
            disagreements=sides if len(sides) > 1 else (),
            corroboration=agreed,
            read_as=read_as,
        )

    def quotes(self, query: Query, chosen: Sequence[Candidate], where: Filter | None = None) -> Iterator[Quote]:
        """The candidates as quotes, ranked in the order given."""
        for rank, candidate in enumerate(chosen, start=1):
            yield self._quote(query, candidate, rank, where)

    def found(self, query: Query, where: Filter | None = None) -> tuple[Candidates, tuple[str, ...]]:
        """What may be quoted, and what the question's wording was taken to mean."""
        said = dates.read(query.text)
        newest = self.newest or said.newest
        read_as = ("newer articles preferred",) if said.newest and not self.newest else ()
        found = Candidates(self.index, query, self.index.rank(query, where), newest=newest, reader=self.reader)
        where = where or Filter()
        year, month, day, *_ = [*(said.published or "").split("-"), "", ""]
        named = {year, *([month_name[int(month)].casefold()] if month else []), *([str(int(day))] if day else [])}
        # A best sentence that names the date itself tells of it, whenever it was published.
        if said.published and not where.by_date and found.pool and not named <= set(words(found.weighed[0].text)):
            first, last = date_range(said.published)
            of_then = self.index.rank(query, replace(where, since=first, until=last))
            dated = Candidates(self.index, query, of_then, newest=newest, reader=self.reader)
            sure = self.judge.confidence
            if dated.pool and self.judge.answers(then := dated.weighed[0]) and sure(then) >= sure(found.weighed[0]):
                return dated, (*read_as, f"published {said.published}")
        return found, read_as

    def _no_answer(self, found: Candidates, where: Filter | None) -> str:
        if not found.pool:
            filtered = where not in (None, Filter())
            return "no article matches the filter" if filtered else "nothing is indexed that could answer"
        best = found.weighed[0]
        judge = self.judge
        if judge.answers(best):
            sure = judge.confidence(best)
            if self.least_sure is None or sure >= self.least_sure.confidence:
                return ""
            needed = self.least_sure
            return (
                f"not sure enough (confidence {sure:.2f}, needed {needed.confidence:.2f} for {needed.level:.0%} of answers to be "
                f"right; about {needed.covers:.0%} of questions are answered so surely)"
            )
        if judge.stated is None or not judge.is_about(best):
            on_topic, least = judge.on_topic(best), judge.threshold
            return f"nothing in the articles comes close enough (on topic with probability {on_topic:.2f}, needed {least:.2f})"
        stated, least = judge.is_stated(best), judge.least_stated
        return f"the articles are about it, but do not seem to say (stated with probability {stated:.2f}, needed {least:.2f})"

    def _sides(self, query: Query, found: Candidates, where: Filter | None, known: dict[int, Quote]) -> tuple[Side, ...]:
        index, wording = self.index, found.wording
        current = [c for c in found.weighed if index.latest(c.article.id) is None]  # what was corrected is no side
        if wording.wanted in claims.COMPARED:
            pointed = found.pointed_at([c for c in current if claims.may_be_side(c, current[0])], READ_FOR_SIDES)
            current = [replace(c, pointed=pointed.get(c.sentence, c.pointed)) for c in current]
        made = claims.sides(wording, current, index.analyzer, lambda c: index.story(c.article.id))
        sides: list[Side] = []
        for side in made:
            quotes = tuple(known.get(c.sentence) or self._quote(query, c, 0, where) for c in side.candidates)
            outlets = tuple(dict.fromkeys(quote.source for quote in quotes if quote.source))
            sides.append(Side(side.value, quotes, outlets, bool(sides) and _all_earlier(quotes, sides[0].quotes)))
        return tuple(sides)

    def _quote(self, query: Query, candidate: Candidate, rank: int, where: Filter | None) -> Quote:
        index, article = self.index, candidate.article
        start, end = index.whole_sentence(article, candidate.start, candidate.end)
        cut_before, cut_after = index.is_cut(article, start, end)
        if end - start > LONGEST:  # a word without end, such as what a program has put in
            pointed = candidate.passage[0] + candidate.pointed.start if candidate.pointed else start
            first = max(start, min(pointed - LONGEST // 2, end - LONGEST))
            cut_before, cut_after = cut_before or first > start, cut_after or first + LONGEST < end
            start, end = first, first + LONGEST
        copies = [copy for copy in index.near_copies(article) if _known(copy, where)]
        later = latest(article, copies)
        text = article.text[start:end]
        said = tuple(words(candidate.text))
        short = self._short(candidate, text, start)
        quote = Quote(
            rank=rank,
            text=text,
            article_id=article.id,
            passage_id=passage_id(article.id, *candidate.passage),
            title=article.title,
            source=article.source,
            url=article.url,
            published=article.published,
            start=start,
            end=end,
            confidence=self.judge.confidence(candidate),
            matches=index.analyzer.matches(text, query.terms),
            also=also(article, copies, lambda other: index.where_said(other.id, said)),
            superseded_by="" if later is None else later.id,
            span=None if short is None else Span(start + short.start, start + short.end, text[short.start : short.end]),
            context=contexts.of(article, start, self.index.sentences(article), pointing_back=self.context),
            link=link(article.url, article.text, start, end),
            digest=article.digest,
            cut_before=cut_before,
            cut_after=cut_after,
            line=article.text.count("\n", 0, start) + 1,
            locator=article.locator(start),
            dated_by=article.dated_by,
        )
        check(quote, article)
        return quote

    def _short(self, candidate: Candidate, text: str, start: int) -> Mention | None:
        """The short form of the answer, in `text` that begins at `start`: where the reader points, else where it is plain."""
        if self.reader is None and candidate.pointed is None:
            return short_form.plain(candidate.wording, text, self.index.analyzer)
        return short_form.read_in(candidate, text, start)


def _all_earlier(quotes: Sequence[Quote], others: Sequence[Quote]) -> bool:
    """Whether all of some quotes are of earlier dates than all of some others, each of a known date."""
    dates_of = [[date_range(quote.published) if quote.published else None for quote in some] for some in (quotes, others)]
    if any(dated is None for some in dates_of for dated in some):
        return False
    return max(last for _, last in filter(None, dates_of[0])) < min(first for first, _ in filter(None, dates_of[1]))


def _known(article: Article, where: Filter | None) -> bool:
    """Whether an article could be known on the day that is asked about."""
    day = where.as_of if where else None
    return day is None or (article.published is not None and date_range(article.published)[1] <= day)


def _described(index: Index) -> dict[str, str | int]:
    manifest = index.manifest
    return {
        "articles": manifest.counts.articles,
        "passages": manifest.counts.passages,
        "encoder": manifest.encoder.name,
        "digest": manifest.digest,
    }
