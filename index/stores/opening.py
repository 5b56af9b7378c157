"""Which kind of store holds an index: told by its address."""

from __future__ import annotations

from pathlib import Path

from ...errors import InputError
from ..encoders.protocol import Encoder
from ..place import is_remote
from .folder import FolderStore
from .protocol import Store


def stored(place: str | Path, encoder: Encoder | None = None) -> Store:
    """The store at a place, opened to be read. `encoder`: for an index of an older format, which is brought to the present one.

    Raises IndexMissing, IndexDamaged, IndexNoAccess, and InputError for an empty path.
    """
    if not str(place):
        raise InputError("folder: an empty path")
    if is_remote(place):
        from ..milvus.store import MilvusStore

        return MilvusStore.open(str(place))
    return FolderStore.open(Path(place).absolute(), encoder)  # the program may change its working folder
