"""Where quotes from different places agree or disagree on the answer: its sides.

Two quotes disagree where they answer one question with different numbers, dates or names, or where they are the same sentence but
for such a word. Nothing is merged, averaged or judged: each side is shown with its quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...corpus.same_words import words
from ...index.lexical.analyzer import STOP_WORDS, Analyzer
from ..mentions import Mention, mentions
from ..question.wording import Wording
from ..selection.candidate import Candidate
from ..values import Amount
from .claim import PART, Claim, ClaimGroup, agree, bare, claim
from .parallel import parallel
from .short_form import TYPED, eligible, is_some, read_short_form
from .short_form import pointed as shorten

PRESENT, COVERED = 0.4, 0.6  # of the question's information must be in a sentence that is a side
STRONG = 4.0  # how much lower than the best quote's the score of one may be that is a side of its own
# What the reader is this sure of is a side with less: the subject may stand in the sentences around it.
READ, ABOUT = 5.5, 0.4
NAMED_WORDS = 4  # at most, in a side that is a name of any kind
_STEM = 5  # letters with which two words begin that are forms of one

COMPARED = (*TYPED, "name")  # kinds of answers that may disagree


def sides(
    question: Wording, found: Sequence[Candidate], analyzer: Analyzer, story: Callable[[Candidate], object]
) -> list[ClaimGroup]:
    """What the candidates, best first, claim: one side for each claim, in the order of the first that makes it; more than one is a
    disagreement. Of copies of one story, known by `story`, the first counts.
    """
    strong = [c for c in found if may_be_side(c, found[0])]
    was_read = any(candidate.pointed for candidate in found)
    made: list[ClaimGroup] = []
    for candidate in strong:
        side = _side(question, candidate, analyzer, made)
        if side not in made and candidate.pointed is None and was_read:
            continue  # what was not read, of candidates that were, says nothing new
        if side not in made and question.wanted in ("person", "place") and candidate.article.id in _articles(made):
            continue  # two names in one article are two that it tells of
        if side is not None and story(candidate) not in {story(c) for c in side.candidates}:
            side.candidates.append(candidate)
            if side not in made:
                made.append(side)
    if len(made) > 1:
        return [] if _is_bound(question, found[0]) else made
    named = _names(question, found, analyzer, story) if question.wanted == "name" else []
    return named if len(named) > 1 else (parallel(question, strong) or made)


def _is_bound(question: Wording, best: Candidate) -> bool:
    """Whether the best answer is a bound or a range ("at least 38"), which other values keep to, whatever they tell of."""
    pointed = read_short_form(best) if question.wanted == "number" else None
    said = None if pointed is None else claim(question, best.text[pointed.start : pointed.end], best.text[: pointed.start])
    return isinstance(said, Amount) and said.low != said.high


def _articles(made: Sequence[ClaimGroup]) -> set[str]:
    """The articles that some sides are of."""
    return {candidate.article.id for side in made for candidate in side.candidates}


def may_be_side(candidate: Candidate, best: Candidate) -> bool:
    """Whether a candidate may be a side: nearly as good as the best and about what is asked, by its words or by the reader's."""
    evidence = candidate.evidence
    if candidate.score >= best.score - STRONG and evidence["present"] >= PRESENT and evidence["covered"] >= COVERED:
        return True
    return _is_read(candidate, best)


def _is_read(candidate: Candidate, best: Candidate) -> bool:
    """Whether the reader is sure of an answer in a candidate that is about what is asked."""
    near = candidate.score >= best.score - STRONG and candidate.evidence["covered"] >= ABOUT
    return near and candidate.pointed is not None and candidate.pointed.best >= READ


def _names(
    question: Wording, found: Sequence[Candidate], analyzer: Analyzer, story: Callable[[Candidate], object]
) -> list[ClaimGroup]:
    """The sides of candidates in which the reader points at a few words that are not the question's: one side for words of which
    one is a form of another's. Beside a figure stands what is asked for ("magnitude"), where it does in the best.
    """
    asks = question.head & set(analyzer.terms(found[0].text))
    made: list[ClaimGroup] = []
    asked = set(words(question.text)) | STOP_WORDS
    for candidate in found:
        if candidate.pointed is None or not _is_read(candidate, found[0]):
            continue
        start, end = (candidate.passage[0] - candidate.start + at for at in (candidate.pointed.start, candidate.pointed.end))
        said = tuple(word for word in words(candidate.text[max(0, start) : end]) if word not in STOP_WORDS)
        if any(c.isdigit() for word in said for c in word) and not asks <= set(analyzer.terms(candidate.text)):
            continue
        if start < 0 or not 0 < len(said) <= NAMED_WORDS or asked.issuperset(said):
            continue
        side = next((s for s in made if not _stems(said).isdisjoint(_stems(s.claim))), None)  # type: ignore[arg-type]
        if side is None:
            if candidate.article.id in _articles(made):
                continue
            made.append(side := ClaimGroup(start, end, said))
        if story(candidate) not in {story(c) for c in side.candidates}:
            side.candidates.append(candidate)
    return made


def _stems(said: Sequence[object]) -> set[str]:
    """The beginnings of some words, and what they are in short: "UN" of "United Nations", and of "U.N."."""
    plain = [bare(str(word)) for word in said]
    short = "".join(word[0] for word in plain) if len(plain) > 1 else plain[0].replace(".", "")
    return {word[:_STEM] for word in plain} | {short}


def _side(question: Wording, candidate: Candidate, analyzer: Analyzer, made: list[ClaimGroup]) -> ClaimGroup | None:
    """The side that a candidate takes: one already made, if it makes its claim, else a new one, if its claim is plain. What
    the reader points at is the claim; where nothing was read, any value that may answer is one of a side already made.
    """
    if question.wanted not in TYPED:
        return None
    pointed = read_short_form(candidate)
    may = eligible(question, candidate.text, analyzer) if candidate.pointed is None else [pointed] if pointed else []
    text = candidate.text
    claims = {m: c for m in may if (c := claim(question, text[m.start : m.end], text[: m.start])) is not None}
    for side in made:
        if any(agree(side.claim, said) for said in claims.values()):
            return side
    if len(claims) != 1:
        return None
    [(mention, said)] = claims.items()
    if is_some(question, text, mention) or (question.wanted == "number" and PART.match(text, mention.end)):
        return None
    if isinstance(said, Amount) and (said.low != said.high or not all(_comparable(said, side.claim) for side in made)):
        return None  # an amount that agrees with several, or of another thing
    return ClaimGroup(*_figure(question, text, mention), said)


def _comparable(said: Amount, other: Claim) -> bool:
    return isinstance(other, Amount) and said.comparable(other)


def _figure(question: Wording, text: str, mention: Mention) -> tuple[int, int]:
    """Where the only figure in a short form stands, with its unit; the whole where there is not one."""
    inside = [m for m in mentions(text, "number") if mention.start <= m.start and m.end <= mention.end]
    found = shorten(question, text, inside[0].start, inside[0].end) if question.wanted == "number" and len(inside) == 1 else None
    return (found.start, found.end) if found is not None else (mention.start, mention.end)
