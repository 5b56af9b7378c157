"""Runs: run, compare, gate, report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import InputError
from ...qa.cli.opening import opened
from ...qa.cli.options import IndexOption, JsonOption, QuickOption, SampleOption
from ...qa.cli.output import complain, emit, emit_json, note, progress
from ...qa.render.escaping import one_line
from .options import MeasuresOption, RunArgument, SetArgument, signed, wanted_of

if TYPE_CHECKING:
    from ..compare import Difference
    from ..evaluate import Mean
    from ..row import Row
    from ..run_folder import Run


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(run)
    app.command()(compare)
    app.command()(gate)
    app.command()(power)
    app.command()(report)


def run(
    set: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SET]", help="A question set, JSON Lines. [default: the sample's, on the sample]", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="RUN", help="A new folder for the run.", show_default=False)
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
    measures: MeasuresOption = None,
    quick: QuickOption = False,
    json: JsonOption = False,
) -> None:
    """Ask every question of a set and print the measures. Each has its count; with --out, the run is kept."""
    from ..questions import SAMPLE_SET

    about, rows, _ = _run(set or SAMPLE_SET, index, sample or set is None, measures, out, reader=not quick)
    if json:
        emit_json(about)
        return
    from ..evaluate import Mean

    emit(_table([Mean(**item) for item in about["measures"]]))
    emit(_by_type(rows))
    _complain_of(rows)
    if unjudged := sum(row.values.get("unjudged@1", 0.0) > 0 for row in rows):
        note(
            f"{unjudged} first quotes count as wrong that hold an accepted answer in an article that nobody judged; judge them: "
            f"pullquote eval judge {set or 'SET'} {out or 'RUN'}"
        )


def compare(
    before: RunArgument,
    after: RunArgument,
    most: Annotated[int, typer.Option("-n", metavar="N", min=0, help="Show at most so many questions that moved.")] = 10,
    json: JsonOption = False,
) -> None:
    """Show what changed from one run to another. Paired differences, with intervals, and the questions that moved most."""
    from .. import run_folder
    from ..compare import compare as of_runs

    found = of_runs(run_folder.read(before), run_folder.read(after), most)
    if json:
        record = asdict(found)
        record["differences"] = [{**asdict(d), "verdict": d.verdict} for d in found.differences]
        emit_json({"schema": "pullquote.comparison/1", **record})
        return
    for remark in found.notes:
        note(f"note: {remark}")
    emit(_differences(found.differences))
    for moved in found.moved:
        emit(f"\n{signed(moved.change)}  {one_line(moved.id)}: {one_line(moved.question)}\n")
        for name, row in ((found.before, moved.before), (found.after, moved.after)):
            said = f'"{row.quotes[0]["text"]}" ({row.quotes[0]["article_id"]})' if row.answered and row.quotes else "no answer"
            emit(f"    {one_line(name)}: {'right' if any(row.right[:1]) and row.answered else 'wrong'}: {one_line(said)}\n")


def gate(
    set: SetArgument,
    baseline: Annotated[Path, typer.Option("--baseline", metavar="RUN", help="The run that must not be fallen short of.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="RUN", help="A new folder for the run.", show_default=False)
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
    tolerance: Annotated[
        float, typer.Option(metavar="X", min=0, max=1, help="A loss that may pass where it cannot be told from chance.")
    ] = 0.05,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 where it cannot be told, too.")] = False,
) -> None:
    """Run a set and compare it with a baseline. The last line says: passed, failed, or cannot tell. Exit code 1 if it failed."""
    import math
    import tempfile

    from .. import run_folder
    from ..compare import gate as verdict_of

    if not math.isfinite(tolerance):
        raise InputError(f"--tolerance {tolerance}: must be a number from 0 to 1")

    before = run_folder.read(baseline)
    with tempfile.TemporaryDirectory() as there:
        asked_with = bool(before.about["settings"].get("reader", True))
        wanted = " ".join(map(str, before.measures))
        _, rows, now = _run(set, index, sample, wanted, out or Path(there, "now"), reader=asked_with)
        if now is None:
            raise AssertionError
        verdict = verdict_of(before, now, tolerance)
        emit(_differences(verdict.compared))
    _complain_of(rows)
    emit(f"\n{verdict}\n")
    if verdict.says == "failed" or (strict and verdict.says == "cannot tell"):
        raise typer.Exit(1)


def power(
    set: Annotated[Path, typer.Argument(metavar="SET|RUN", help="A question set, or a run of one.", show_default=False)],
    other: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="Another run, of an unlike system.", show_default=False),
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
    difference: Annotated[float, typer.Option(metavar="X", min=0.0001, max=1, help="A difference to be told.")] = 0.02,
    json: JsonOption = False,
) -> None:
    """Say what differences a set can tell from chance. By how much two runs of it vary; and how many questions would tell one.

    Of a set, the questions are asked with the reader, without it, and by words alone.
    """
    from .. import run_folder
    from ..compare import compare as of_runs
    from ..power import of_set
    from ..questions import load
    from ..statistics import needed

    if set.is_dir():
        if other is None:
            raise InputError(f"{set}: one run does not say by how much two differ: name another, or give the set")
        found = list(of_runs(run_folder.read(set), run_folder.read(other), 0).differences)
    else:
        if other is not None:
            raise InputError(f"{set}: not a run folder; of a set, no run is needed")
        questions = load(set)
        with opened(index, sample) as opened_index, progress("asking") as bar:
            found = of_set(opened_index, questions, bar)
    told = [(d, None if d.least is None else needed(difference, d.least, d.count)) for d in found if d.wins is not None]
    if json:
        rows = [
            {"measure": d.measure, "questions": d.count, "clusters": d.clusters, "least": d.least, "needed": n} for d, n in told
        ]
        emit_json({"schema": "pullquote.power/1", "difference": difference, "measures": rows})
        return
    emit(f"{'':<18} {'questions':>9} {'clusters':>9} {'can tell':>9}  questions that tell {difference:g}\n")
    for d, count in told:
        least = "-" if d.least is None else f"{d.least:.4f}"
        emit(f"{d.measure:<18} {d.count:>9} {d.clusters:>9} {least:>9}  {'-' if count is None else count}\n")


def report(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders, the one looked at last.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the page goes.")],
    set: Annotated[
        Path | None, typer.Option("--set", metavar="SET", help="The question set, to show the gold.", show_default=False)
    ] = None,
) -> None:
    """Write a report of runs as one HTML page. It needs nothing else; two runs are compared."""
    from .. import run_folder as folders
    from ..questions import load
    from ..report.page import report as page_of

    if out.exists() and not (out.is_file() and out.read_bytes()[:15].lower() == b"<!doctype html>"):
        raise InputError(f"{out}: is there already, and is no report: give the report another name")
    found = [folders.read(folder) for folder in runs]
    questions = [] if set is None else load(set)
    if set is not None and [q.id for q in questions] != [row.id for row in found[-1].rows]:
        raise InputError(f"{set}: not the set of {found[-1].name}")
    page = page_of(found, questions)
    try:
        out.write_text(page, "utf-8")
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror}") from None
    note(f"{out}: {len(page) // 1024} KB")


def _run(
    set: Path, index: str | None, sample: bool, measures: str | None, out: Path | None, *, reader: bool = True
) -> tuple[dict[str, Any], Sequence[Row], Run | None]:
    """Run a set; what run.json says of it, its rows, and the run, where it is kept."""
    from .. import run_folder
    from ..evaluate import evaluate
    from ..measures.measure import DEFAULT
    from ..questions import load

    if out is not None and out.exists():
        raise InputError(f"{out}: is there already; give the run another name")
    wanted, questions = DEFAULT if measures is None else wanted_of(measures), load(set)
    with opened(index, sample) as opened_index, ExitStack() as stack:
        begun = None
        if out is not None:
            begun = run_folder.Unfinished(out, run_folder.ground(opened_index, set, questions, reader=reader))
            stack.callback(begun.close)
            if begun.rows:
                note(f"{out}: goes on after {len(begun.rows)} of {len(questions)} questions")
        known, keep = (begun.rows, begun.keep) if begun else (None, None)
        with progress("asking") as bar:
            rows = evaluate(opened_index, questions, wanted, bar, reader=reader, known=known, keep=keep)
        about = run_folder.describe(opened_index, set, questions, rows, wanted, reader=reader)
        kept = run_folder.write(out, about, questions, rows) if out is not None else None
        if begun is not None:
            begun.done()
    return about, rows, kept


def _table(means: Sequence[Mean]) -> str:
    return "".join(
        f"{mean.measure:<18} {'-' if mean.value is None else format(mean.value, '.4f'):>9}  ({mean.count})\n" for mean in means
    )


def _by_type(rows: Sequence[Row]) -> str:
    from ..report.page import by_type

    found = by_type(rows)
    lines = [f"  {one_line(name):<26} {share:.4f}  ({count})\n" for name, (share, count) in found.items()]
    return "\nanswered rightly, or rightly not\n" + "".join(lines) if len(found) > 1 else ""


def _differences(differences: Sequence[Difference]) -> str:
    lines = [
        f"{'':<18} {'before':>8} {'after':>8} {'change':>8}  {'95 % interval':<19} {'p':>6}  {'verdict':<9} {'can tell':>8}  "
        "wins/ties/losses\n"
    ]
    for d in differences:
        counts = "" if d.wins is None else f"{d.wins}/{d.ties}/{d.losses}"
        spread = f"{signed(d.low)} {signed(d.high)}"
        lines.append(
            f"{d.measure:<18} {d.before:8.4f} {d.after:8.4f} {signed(d.after - d.before):>8}  {spread:<19} {d.p:6.3f}  "
            f"{d.verdict:<9} {'-' if d.least is None else format(d.least, '.4f'):>8}  {counts}".rstrip()
            + "\n"
        )
    return "".join(lines)


def _complain_of(rows: Sequence[Row]) -> None:
    wrong = [row for row in rows if row.error]
    for row in wrong[:10]:
        complain(f"question {row.id}: {row.error}")
    if wrong:
        complain(f"{len(wrong)} of {len(rows)} questions could not be asked, and count as nothing found")
