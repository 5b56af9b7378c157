"""An index wherever it is: open already, or in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import arguments
from ..errors import InputError
from .index import Index

IndexOrFolder = Index | str | Path


@contextmanager
def at(place: IndexOrFolder) -> Iterator[Index]:
    """An index that is open already, or the one in a folder, open as long as it is used. Raises what `Index.open` raises, and
    InputError for what is neither.
    """
    if isinstance(place, Index):
        yield place
    elif isinstance(place, (str, Path)):
        with Index.open(place) as index:
            yield index
    else:
        raise InputError(f"index is {arguments.shown(place)}: it must be an Index or the folder of one")
