"""What every adapter does: search an index, open or in a folder, and say of each hit what another library keeps beside a text."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from ... import arguments
from ...errors import InputError
from ...index.filters import Filter
from ...index.index import Index
from ...index.place import place_of
from ...index.search.hits import Hit
from ...index.served import Served


class Searching:
    """Searches. `index`: an open one, or the folder of one, which is opened at once; what is added to it later is found too."""

    def __init__(self, index: Index | str | Path, k: int = 10, where: Filter | None = None, *, lexical: bool = False) -> None:
        if not isinstance(index, (Index, str, Path)):
            raise InputError(f"index is {arguments.shown(index)}: it must be an Index or the folder of one")
        self.k, self.where, self.lexical = arguments.count("k", k, "passage"), where, lexical
        self.folder = place_of(index.folder if isinstance(index, Index) else index)
        self._open: Index | Served = index if isinstance(index, Index) else Served(self.folder)
        if isinstance(self._open, Served):
            self._open.refresh()

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is copied and kept: by the folder."""
        return partial(Searching, lexical=self.lexical), (self.folder, self.k, self.where)

    def hits(self, query: str, k: int | None = None, where: Filter | None = None) -> list[Hit]:
        """As `Index.search`; `k` and `where` are those of the adapter unless given."""
        given = (query, self.k if k is None else k, self.where if where is None else where)
        with nullcontext(self._open) if isinstance(self._open, Index) else self._open.borrowed() as index:
            return index.search(*given, lexical=self.lexical)


def about(hit: Hit) -> dict[str, Any]:
    """What is known of a hit beside its text: where it stands, its source and date, its score."""
    row = hit.row()
    del row["text"]
    return row
