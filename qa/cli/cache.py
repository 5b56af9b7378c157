"""The cache: what pullquote keeps for the user who runs it, and how to be rid of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from ...errors import IndexNoAccess
from ..records import cache_record
from ..render.escaping import one_line
from .options import JsonOption
from .output import emit, emit_json


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(cache)


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove it; what is needed again is made again.")] = False,
    json: JsonOption = False,
) -> None:
    """Show what is kept for all indexes, and where. Encoders and the sample's index are."""
    import platformdirs

    folder = Path(platformdirs.user_cache_path("pullquote"))
    parts = {path.name: _size(path) for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    if clear and folder.is_dir():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise IndexNoAccess(f"{error.filename or folder}: cannot be removed: {error.strerror or error}") from None
    if json:
        emit_json(cache_record(str(folder), parts, cleared=clear))
        return
    for name, size in parts.items():
        emit(f"{size / 1e6:8.1f} MB  {one_line(name)}\n")
    emit(f"{sum(parts.values()) / 1e6:8.1f} MB  {'removed from' if clear else 'in'} {one_line(str(folder))}\n")


def _size(path: Path) -> int:
    """The bytes of a file, or of all files below a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
