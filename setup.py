"""Everything is in pyproject.toml; this lays the links by which the four folders are parts of the package."""

import os
import sys
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent


def lay(part: str) -> None:
    """Lay src/pullquote/PART, a link to the folder PART: on Windows a junction, which needs no privilege."""
    folder, link = HERE / part, HERE / "src" / "pullquote" / part
    if not folder.is_dir() or (link.is_dir() and link.samefile(folder)):
        return  # a source distribution holds the parts in the package itself
    if link.is_symlink() or link.is_file():  # to somewhere else, or what a clone without symbolic links made of one
        link.unlink()
    try:
        if sys.platform == "win32":
            import _winapi

            _winapi.CreateJunction(str(folder), str(link))
        else:
            link.symlink_to(Path(os.path.relpath(folder, link.parent)), target_is_directory=True)
    except OSError as error:
        raise SystemExit(f"{link}: cannot be made a link to {folder}: {error.strerror}") from None


for name in ("corpus", "index", "qa", "eval"):
    lay(name)
setup()
