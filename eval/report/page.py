"""The page: figures with their intervals, what changed from one run to another, plots with their numbers, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ..compare import compare, interval
from ..evaluate import arrays, mean
from ..measures.confidence import reliability, risk_coverage
from ..measures.known import KNOWN
from ..measures.measure import parse
from ..questions import Question
from ..row import Row
from ..run_folder import Run
from . import tables
from .plots import Plots

LOSSES = 30  # of the last run, the surest first
MOVED = 12  # questions that changed most
LARGE, KINDS = 20, 6  # questions of a kind that is drawn, and kinds at most
HEADLINE = ("answer@1", "answer@3", "nDCG@10", "AUROC", "ECE")


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot, with its numbers as a table: the head, and the rows as text."""

    caption: str
    svg: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def report(runs: Sequence[Run], questions: Sequence[Question] = ()) -> str:
    """The page. `questions`: the set of the last run, whose gold is then shown. Raises InputError without matplotlib."""
    from ...qa.render.environment import environment

    try:
        plots = Plots()
    except ModuleNotFoundError:
        raise InputError('a report draws with matplotlib: pip install "pullquote[report]"') from None
    last = runs[-1]
    gold = {question.id: question for question in questions}
    rows = sorted((row for row in last.rows if _is_loss(row)), key=lambda row: (-row.confidence, row.id))
    changed = compare(runs[0], last, MOVED) if len(runs) == 2 else None
    found = environment("html", package="pullquote.eval")
    return found.get_template("report.html.jinja").render(
        runs=runs,
        last=last,
        headline=[_figure(run, name) for run in runs for name in HEADLINE if _has(run, name)],
        changed=changed,
        kinds=_kinds(runs[0].rows, last.rows) if changed else [],
        table=_table(runs),
        figures=_figures(plots, runs, {q.id: q.relevant for q in questions}),
        glossary=[KNOWN[name] for name in dict.fromkeys(measure.name for measure in last.measures)],
        losses=[_loss(row, gold.get(row.id)) for row in rows[:LOSSES]],
        lost=len(rows),
    )


def _figures(plots: Plots, runs: Sequence[Run], relevant: dict[str, dict[str, float]]) -> list[Figure]:
    """The plots, each with its numbers; recall where the gold is known, and kinds of questions that are large enough."""
    last = runs[-1]
    kinds = {name: [row for row in last.rows if row.type == name and not row.unanswerable] for name in by_type(last.rows)}
    large = dict(sorted(((n, rows) for n, rows in kinds.items() if len(rows) >= LARGE), key=lambda kind: -len(kind[1]))[:KINDS])
    types = {run.name: by_type(run.rows) for run in runs}
    sure = {run.name: _reliability(run.rows) for run in runs}
    risks = {run.name: _risk(run.rows) for run in runs}
    times = {run.name: [row.ms for row in run.rows if not row.error] for run in runs}
    found = [Figure("By kind of question", plots.types(types), *tables.types(types))]
    if relevant:
        recall = {run.name: _recall(run.rows, relevant) for run in runs}
        found.append(Figure("Recall by depth", plots.recall(recall), *tables.recall(recall)))
    found.append(Figure("Reliability: is it as sure as it is right?", plots.reliability(sure), *tables.reliability(sure)))
    found.append(Figure("Risk and coverage", plots.risk(risks), *tables.risk(risks)))
    if len(large) > 1:
        sure = {name: _reliability(rows) for name, rows in large.items()}
        risks = {name: _risk(rows) for name, rows in large.items()}
        found.append(Figure(f"Reliability by kind, {last.name}", plots.reliability(sure), *tables.reliability(sure)))
        found.append(Figure(f"Risk and coverage by kind, {last.name}", plots.risk(risks), *tables.risk(risks)))
    found.append(Figure("Latency", plots.latency(times), *tables.latency(times)))
    return found


def _kinds(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    """By kind of question, how many are right now and were not, are as before, and were right and are not now; most first."""
    counted: dict[str, list[int]] = {}
    for one, other in zip(before, after, strict=True):
        change = _is_loss(one) - _is_loss(other)
        counted.setdefault(other.type or "untyped", [0, 0, 0])[1 - change] += 1
    return sorted(((name, *some) for name, some in counted.items()), key=lambda kind: -sum(kind[1:]))  # type: ignore[misc]


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
