"""The command group `eval`: a file for what is done with sets, with runs, and with the formula."""

from __future__ import annotations

import typer

from . import formula, runs, sets

app = typer.Typer(help="Check rankings and answers against a question set.", rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Check rankings and answers against a question set."""


for _part in (runs, sets, formula):
    _part.register(app)
