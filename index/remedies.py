"""What mends a damaged index: said in the errors that find the damage."""

from __future__ import annotations

import shlex
from pathlib import Path

BEYOND_REPAIR = "save what can be read with `pullquote export`, then delete the index and add the articles again"


def mend(folder: Path | str) -> str:
    """What to do about a damaged index."""
    return f"run `pullquote doctor --repair --index {shlex.quote(str(folder))}`"
