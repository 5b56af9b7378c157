"""The ranking formula: ablate, tune."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ...errors import InputError
from ...qa.cli.opening import opened
from ...qa.cli.options import IndexOption, JsonOption, SampleOption
from ...qa.cli.output import emit, emit_json, progress
from .options import MeasuresOption, SetArgument, signed, wanted_of


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(ablate)
    app.command()(tune)


def ablate(
    set: SetArgument,
    index: IndexOption = None,
    sample: SampleOption = False,
    measures: MeasuresOption = None,
    json: JsonOption = False,
) -> None:
    """Show what each leg of the ranking is worth. Rankings only, each beside that of all legs."""
    from ..ablate import MEASURES
    from ..ablate import ablate as rows_of
    from ..compare import differences
    from ..measures.measure import RETRIEVAL
    from ..questions import load

    wanted = MEASURES if measures is None else wanted_of(measures)
    if odd := [str(m) for m in wanted if m.name not in RETRIEVAL or m.level != "article"]:
        raise InputError(f"--measures {odd[0]}: an ablation ranks articles only, as in nDCG@10 R@5 RR@10 hit@1 AP")
    questions = load(set)
    with opened(index, sample) as opened_index, progress("ranking") as bar:
        found = rows_of(opened_index, questions, wanted, bar)
    base = found["all"]
    table = {name: differences(base, rows, wanted) for name, rows in found.items()}
    if json:
        record = {name: [{**asdict(d), "verdict": d.verdict} for d in some] for name, some in table.items()}
        emit_json({"schema": "pullquote.ablation/1", "questions": len(base), "variants": record})
        return
    emit(f"{'':<26}" + "".join(f"{m!s:>18}" for m in wanted) + "\n")
    for name, some in table.items():
        cells = [f"{d.after:.4f}" + ("" if name == "all" else f" {signed(d.after - d.before)}") for d in some]
        marks = ["*" if name != "all" and d.verdict != "noise" else " " for d in some]
        emit(f"{name:<26}" + "".join(f"{cell + mark:>18}" for cell, mark in zip(cells, marks, strict=True)) + "\n")
    emit(f"\n{len(base)} questions; * beside all of them, beyond noise\n")


def tune(
    set: SetArgument,
    index: IndexOption = None,
    write: Annotated[bool, typer.Option("--write", help="Keep the weights in the index.")] = False,
    json: JsonOption = False,
) -> None:
    """Fit the ranking's weights to a set. It says what they gain on articles that they were not fitted on.

    With --write, the index keeps them; exit code 1 if the gain may be noise, and then nothing is written.
    """
    from ...index.place import is_remote
    from ...index.writing.writer import Writer
    from ..questions import load
    from ..tune import tune as fit

    questions = load(set)
    with opened(index) as opened_index:
        with progress("ranking") as bar:
            found = fit(opened_index, questions, bar)
        folder = index if index is not None and is_remote(index) else opened_index.folder  # an address with its token
    gained = found.low > 0
    if json:
        emit_json({"schema": "pullquote.tuned/1", **asdict(found), "written": write and gained})
    else:
        weights = "  ".join(f"{name} {value:g}" for name, value in asdict(found.weights).items() if name != "newest")
        gain = f"{signed(found.after - found.before)}, 95 % interval {signed(found.low)} to {signed(found.high)}"
        emit(f"{weights}\nnDCG@10 {found.before:.4f} to {found.after:.4f}, by cross-validation over the articles of ")
        emit(f"{found.questions} questions: {gain}\n")
        if not gained:
            emit("the gain may be noise: nothing was written\n" if write else "the gain may be noise\n")
    if write and gained:
        with Writer(folder) as writer:
            writer.set_weights(found.weights)
    if write and not gained:
        raise typer.Exit(1)
