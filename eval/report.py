"""A report of one run or several, as one page that needs nothing else: figures with their intervals, plots, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import InputError
from .compare import interval
from .evaluate import arrays, mean
from .measures.confidence import reliability, risk_coverage
from .measures.measure import parse
from .questions import Question
from .row import Row
from .run_folder import Run

LOSSES = 30  # of the last run, the surest first
HEADLINE = ("answer@1", "answer@3", "nDCG@10", "AUROC", "ECE")


def report(runs: Sequence[Run], questions: Sequence[Question] = ()) -> str:
    """The page. `questions`: the set of the last run, whose gold is then shown. Raises InputError without matplotlib."""
    from ..qa.render.environment import environment
    from .plots import Plots

    try:
        plots = Plots()
    except ModuleNotFoundError:
        raise InputError('a report draws with matplotlib: pip install "pullquote[report]"') from None
    last = runs[-1]
    gold = {question.id: question for question in questions}
    rows = sorted((row for row in last.rows if _is_loss(row)), key=lambda row: (-row.confidence, row.id))
    found = environment("html", package="pullquote.eval")
    return found.get_template("report.html.jinja").render(
        runs=runs,
        last=last,
        headline=[_figure(run, name) for run in runs for name in HEADLINE if _has(run, name)],
        table=_table(runs),
        plots={
            "types": plots.types({run.name: by_type(run.rows) for run in runs}),
            "recall": plots.recall({run.name: _recall(run.rows, {q.id: q.relevant for q in questions}) for run in runs})
            if questions
            else "",
            "reliability": plots.reliability({run.name: _reliability(run.rows) for run in runs}),
            "risk": plots.risk({run.name: _risk(run.rows) for run in runs}),
            "latency": plots.latency({run.name: [row.ms for row in run.rows if not row.error] for run in runs}),
        },
        losses=[_loss(row, gold.get(row.id)) for row in rows[:LOSSES]],
        lost=len(rows),
    )


def _has(run: Run, name: str) -> bool:
    return mean(run.rows, parse(name)).value is not None


def _figure(run: Run, name: str) -> dict[str, Any]:
    measure = parse(name)
    value = mean(run.rows, measure)
    spread = interval(run.rows, measure)
    return {"run": run.name, "measure": name, "value": value.value, "count": value.count, "low": spread and spread[0],
            "high": spread and spread[1]}  # fmt: skip


def _table(runs: Sequence[Run]) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(str(m) for run in runs for m in run.measures))
    return [{"measure": name, "means": [mean(run.rows, parse(name)) for run in runs]} for name in names]


def _is_loss(row: Row) -> bool:
    return row.answered if row.unanswerable else not (row.answered and row.is_right)


def by_type(rows: Sequence[Row]) -> dict[str, tuple[float, int]]:
    """By type of question, the share that was answered rightly, or rightly not."""
    types: dict[str, list[float]] = {}
    for row in rows:
        types.setdefault(row.type or "untyped", []).append(float(not _is_loss(row)))
    return {name: (sum(some) / len(some), len(some)) for name, some in types.items()}


def _recall(rows: Sequence[Row], relevant: dict[str, dict[str, float]]) -> list[float]:
    """The mean recall of articles by depth, from 1 on."""
    judged = [(row.articles, relevant[row.id]) for row in rows if relevant.get(row.id)]
    depths = range(1, 21)
    return [sum(len(set(ranked[:k]) & gold.keys()) / len(gold) for ranked, gold in judged) / max(1, len(judged)) for k in depths]


def _reliability(rows: Sequence[Row]) -> tuple[Any, Any, Any]:
    sure, answerable, right = arrays(rows)
    return reliability(sure[answerable], right[answerable])


def _risk(rows: Sequence[Row]) -> tuple[Any, Any]:
    sure, answerable, right = arrays(rows)
    return risk_coverage(sure[answerable], right[answerable])


def _loss(row: Row, question: Question | None) -> dict[str, Any]:
    """What was shown, and the gold, which is marked in it where it stands there."""
    gold = [{"article_id": g.article_id, "quote": g.quote} for g in (question.gold or () if question else ())]
    answers = list(question.answers) if question else []
    return {"row": row, "gold": gold[:3], "answers": answers, "shown": [_cut(quote["text"], answers) for quote in row.quotes[:3]],
            "ids": [quote["article_id"] for quote in row.quotes[:3]]}  # fmt: skip


def _cut(text: str, answers: Sequence[str]) -> tuple[str, str, str]:
    """A text as what comes before an accepted answer, the answer, and the rest."""
    for answer in answers:
        if (at := text.find(answer)) >= 0:
            return text[:at], answer, text[at + len(answer) :]
    return text, "", ""
