"""The measures: what each is, of what, in which range, and where it comes from. A new one: a line here, and its kind's module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class About:
    """What is to be known of a measure.

    example   as it is typed
    says      what it measures, in a line
    source    who defined it; "" for ours
    of        a ranking, a single question, or all questions together
    cutoff    whether a rank or percentage must, may or cannot follow
    rising    whether larger is better
    most      the best or worst that it can be, from 0 on; None for what has no bound
    """

    example: str
    says: str
    source: str
    of: Literal["ranking", "question", "all questions"]
    cutoff: Literal["must", "may", "none"] = "none"
    rising: bool = True
    most: float | None = 1.0


KNOWN = {
    "hit": About("hit@1", "whether a relevant article is among the first", "", "ranking", "must"),
    "R": About("R@5", "recall: the share of the relevant articles that is among the first", "trec_eval", "ranking", "must"),
    "P": About("P@5", "precision: the share of the first that is relevant", "trec_eval", "ranking", "must"),
    "RR": About("RR@10", "the reciprocal of the rank of the first relevant article", "Kantor and Voorhees 2000", "ranking", "may"),
    "nDCG": About("nDCG@10", "the gain of the ranking, of the best one's", "Järvelin and Kekäläinen 2002", "ranking", "may"),
    "AP": About("AP", "average precision over the relevant articles", "trec_eval", "ranking"),
    "bpref": About("bpref", "how seldom a rejected article comes before a relevant one", "Buckley and Voorhees 2004", "ranking"),
    "answer": About(
        "answer@1", "an accepted answer or a gold quote in one of the first quotes, of a relevant article", "", "question", "must"
    ),
    "unjudged": About(
        "unjudged@1", "no such quote, but an accepted answer in an article that nobody judged", "", "question", "must", rising=False
    ),
    "EM": About("EM", "the short form of the first quote is an accepted answer", "Rajpurkar et al. 2016", "question"),
    "F1": About("F1", "the words that it shares with an accepted answer", "Rajpurkar et al. 2016", "question"),
    "located": About("located", "the share of the quotes that stand where they are said to: must be 1", "", "question"),
    "cited": About("cited", "the first quote is of a relevant article", "", "question"),
    "answered": About("answered", "a question that has an answer got one", "", "question"),
    "refused": About("refused", "a question that has no answer got none", "", "question"),
    "offtopic": About("offtopic", "a question to which no article belongs got no answer", "", "question"),
    "notstated": About("notstated", "a question that is on topic, but answered nowhere, got no answer", "", "question"),
    "stale": About("stale", "the first quote says what was corrected, and no accepted answer", "", "question", rising=False),
    "short": About("short", "the short form of the first quote is, or holds, an accepted one, where one is given", "", "question"),
    "shortless": About("shortless", "the first quote has no short form, though there is one", "", "question", rising=False),
    "sides": About("sides", "each side of a disagreement is shown as one", "", "question"),
    "falsesides": About("falsesides", "a value is shown as a side that is none", "", "question", rising=False),
    "AUROC": About(
        "AUROC", "how well confidence tells questions with an answer from those without", "Fawcett 2006", "all questions"
    ),
    "AURC": About(
        "AURC",
        "the mean share of wrong answers, as ever less sure ones are given",
        "Geifman et al. 2019",
        "all questions",
        rising=False,
    ),
    "coverage": About(
        "coverage@5%",
        "the share of questions that can be answered with so many wrong answers",
        "Geifman and El-Yaniv 2017",
        "all questions",
        "must",
    ),
    "ECE": About(
        "ECE",
        "by how much the confidence of first quotes is off, 10 bins of equal width",
        "Naeini et al. 2015",
        "all questions",
        rising=False,
    ),
    "ms": About(
        "ms@50", "a percentile of the milliseconds that a question takes", "", "all questions", "must", rising=False, most=None
    ),
}

LEVELS = """passage.nDCG@10     a measure of rankings, of passages: those that hold a gold quote are relevant
condensed.nDCG@10   of judged articles alone, the others left out, for questions with rejected articles (Sakai 2007)
condensed.answer@1  with quotes left out that hold an accepted answer in an article that nobody judged
"""


def listed() -> str:
    """All measures, a line each: as it is typed, what it measures, its range and direction, its source."""
    lines = []
    for about in KNOWN.values():
        span = "from 0" if about.most is None else "0 to 1"
        source = f" ({about.source})" if about.source else ""
        lines.append(f"{about.example:<19} {about.says}; {span}, {'more' if about.rising else 'less'} is better{source}\n")
    return "".join(lines) + "\n" + LEVELS
