"""The command group `eval`: run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..qa.cli.common import IndexOption, JsonOption, SampleOption, emit, emit_json, opened

app = typer.Typer(help="Check rankings and answers against a question set.", rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Check rankings and answers against a question set."""


@app.command()
def run(
    set: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SET]", help="A question set, JSON Lines. [default: the sample's, on the sample]", show_default=False
        ),
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
    json: JsonOption = False,
) -> None:
    """Ask every question of a set and print the measures, each with its count."""
    from .questions import SAMPLE_SET, load
    from .runner import evaluate

    questions = load(set or SAMPLE_SET)
    with opened(index, sample or set is None) as opened_index:
        result = evaluate(opened_index, questions)
    if json:
        emit_json(result.record())
    else:
        emit(result.text())
