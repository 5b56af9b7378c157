"""An index that is served to many: its models are loaded beside the conversation, and each new generation is picked up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EncoderError, PullquoteError
from .place import is_remote

if TYPE_CHECKING:  # imported when it is first needed: an agent waits for the handshake
    from .encoders.protocol import Encoder
    from .index import Index


@dataclass(slots=True)
class _Lent:
    """An open index, how many use it, and whether a later generation has taken its place."""

    index: Index
    users: int = 0
    is_old: bool = False

    def close_if_done(self) -> None:
        if self.is_old and not self.users:
            self.index.close()


class Served:
    """The index in a folder or at an address, for many threads: who borrows it sees one generation until it is given back.

    encoder  one at hand, see `Index.open`
    also     loads what is needed beside the encoder
    """

    def __init__(self, folder: str | Path, encoder: Encoder | None = None, also: Callable[[], object] | None = None) -> None:
        self._folder = folder
        self._encoder, self._also = encoder, also
        self._lock = threading.Lock()
        self._lent: _Lent | None = None
        self._seen: tuple[int, ...] = ()
        self._warm = threading.Event()
        self._warming = threading.Thread(target=self._load)

    @property
    def is_warm(self) -> bool:
        """Whether the models are loaded."""
        return self._warm.is_set()

    def warm(self) -> None:
        """Load the models in a thread of its own, if that has not begun."""
        with self._lock:
            if self._warming.ident is None:
                self._warming.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the models are loaded, or cannot be; at most so many seconds."""
        self.warm()
        self._warming.join(seconds)

    def close(self) -> None:
        """Wait for the thread that loads the models, which cannot be cut off, and let the index go."""
        if self._warming.ident is not None:
            self._warming.join()
        with self._lock:
            if self._lent is not None:
                self._retire(self._lent)
                self._lent = None

    @contextmanager
    def borrowed(self) -> Iterator[Index]:
        """The index as it is now, open until it is given back. Raises what `Index.open` raises."""
        with self._lock:
            lent = self._newest()
            lent.users += 1
        try:
            yield lent.index
        finally:
            with self._lock:
                lent.users -= 1
                lent.close_if_done()

    def refresh(self) -> None:
        """Let go of a generation that is no longer the newest: a log of SQLite grows as long as somebody holds an old one."""
        with self.borrowed():
            pass

    def _load(self) -> None:
        try:
            with self.borrowed() as index:
                index.query("warm")
            if self._also is not None:
                self._also()
        except PullquoteError:
            return  # the call that needs it says why
        self._warm.set()

    def _newest(self) -> _Lent:
        """The open index; opened anew where the folder has been written to and holds another generation now."""
        if is_remote(self._folder):
            if self._lent is not None and self._lent.index.is_last():
                return self._lent
            seen: tuple[int, ...] = ()
        else:
            files = sorted(Path(self._folder).glob("pullquote.sqlite*"))
            seen = tuple(path.stat().st_mtime_ns for path in files if not path.name.endswith("shm"))
            if self._lent is not None and seen == self._seen:
                return self._lent
        opened = self._open()
        known = self._lent
        if known is not None and known.index.manifest == opened.manifest:
            opened.close()
        else:
            self._lent = _Lent(opened)
            if known is not None:
                self._retire(known)
        self._seen = seen
        assert self._lent is not None
        return self._lent

    def _open(self) -> Index:
        """The index as it stands, with the encoder of the one before where that is still its own."""
        from .index import Index

        encoder = self._encoder if self._lent is None else self._lent.index.loaded_encoder
        try:
            return Index.open(self._folder, encoder)
        except EncoderError:
            if self._lent is None:
                raise
            return Index.open(self._folder)

    @staticmethod
    def _retire(lent: _Lent) -> None:
        lent.is_old = True
        lent.close_if_done()
