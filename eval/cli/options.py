"""What the commands of `eval` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import InputError

if TYPE_CHECKING:
    from ..measures.measure import Measure

SetArgument = Annotated[Path, typer.Argument(metavar="SET", help="A question set, JSON Lines.", show_default=False)]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.", show_default=False)]
MeasuresOption = Annotated[
    str | None,
    typer.Option("--measures", metavar="LIST", help="Measures, with commas between; help lists them.", show_default=False),
]


def wanted_of(measures: str) -> list[Measure]:
    """The measures in a list, each once. Raises InputError for one that is not known, or none."""
    from ...qa.cli.output import emit
    from ..measures.known import listed
    from ..measures.measure import parse

    if measures.strip() == "help":
        emit(listed())
        raise typer.Exit
    found = [parse(text) for text in measures.replace(",", " ").split()]
    if not found:
        raise InputError("--measures: none given")
    return list(dict.fromkeys(found))


def free(place: Path, what: str) -> None:
    """Raises InputError where something is there already, which would be lost."""
    if place.exists() or place.is_symlink():
        raise InputError(f"{place}: is there already; give {what} another name, or remove it")


def signed(value: float) -> str:
    """A difference as it is printed: with its sign and four decimals."""
    return f"{value:+.4f}"
