"""What the commands of `eval` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SetArgument = Annotated[Path, typer.Argument(metavar="SET", help="A question set, JSON Lines.", show_default=False)]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.", show_default=False)]
MeasuresOption = Annotated[
    str | None,
    typer.Option("--measures", metavar="LIST", help="Measures, with spaces or commas between.", show_default=False),
]


def signed(value: float) -> str:
    return f"{value:+.4f}"
