"""The writer of an index in Milvus: what is staged waits in a file of this machine, then becomes one commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any
from zlib import crc32

import numpy as np

from .... import arguments
from ....corpus.article import Article
from ....corpus.decode import tidy
from ....errors import InputError, PullquoteError
from ...encoders.protocol import Encoder, Fingerprint, Progress, check_encoder
from ...milvus import layout, rows, state
from ...milvus.connection import Connection, Row, quoted
from ...milvus.counting import Counting
from ...milvus.layout import ARTICLE
from ...milvus.shelf import Shelf
from ...milvus.state import Lease, State
from ...milvus.store import seen_by
from ...place import Address
from ...search.formula import Weights
from ...storage import articles as tables
from ...storage import database, file_names
from ...storage.pending_vectors import Pending
from ...storage.vectors import vector_key
from ...workers.spread import together
from ..changes import Changes
from ..commit import Committed
from ..validation import check_vectors
from ..with_encoder import WithEncoder
from ..writer import Writer
from .cleaning import clear
from .commit import RemoteCommit, Wanted

_TOGETHER = 500  # ids asked for at once
_KNOWN = ("number", "id", "digest", "origin")


class RemoteWriter(Writer):
    """See `Writer`; `folder` is where the vectors are kept that an interrupted run has made."""

    def __init__(
        self, folder: str | Path, encoder: Encoder | str | None = None, *, repair: bool = False, preparing: Progress | None = None
    ) -> None:
        """See `Writer`. Raises InputError, IndexLocked where another process is writing, and IndexNoAccess."""
        import platformdirs

        self._address = Address.of(str(folder))
        WithEncoder.__init__(self, encoder, preparing)
        self.left_out: list[str] = []
        self._leaving: dict[int, Row] = {}
        name = sha256(str(self._address).encode()).hexdigest()[:16]
        self.folder = Path(platformdirs.user_cache_path("pullquote"), "milvus", name)
        with database.guarded(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect("", isolation_level=None)
            for statement in (*tables.TEMPORARY.split(";\n"), "CREATE TABLE article (id TEXT PRIMARY KEY, origin TEXT)"):
                self._connection.execute(statement)
        self._remote = Connection(self._address)
        try:
            self._set(state.read(self._remote))
            if self._state is None:
                layout.create(self._remote, self.encoder.dimension)
            self._lease = Lease(self._remote)
            self._set(state.read(self._remote))  # another may have published while this one waited
        except BaseException:
            self._remote.close()
            raise

    def _set(self, published: State | None) -> None:
        self._state = published
        self._manifest = None if published is None else published.manifest
        self._seen = "" if published is None else seen_by(published, Counting(self._remote, published.version).dead())

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()
        self._let_workers_go()
        with suppress(OSError):
            self.folder.rmdir()  # where nothing is pending
        with suppress(PullquoteError):  # where the server is gone, what it was asked for has said so
            published = state.read(self._remote)
            self._lease.release()
            if published is None:
                layout.drop(self._remote)
        self._remote.close()

    def _made_by(self) -> Fingerprint | None:
        """See `WithEncoder`."""
        return self._manifest.encoder if self._manifest else None

    def name_of(self, name: str, came_from: str) -> str:
        """See `Writer.name_of`."""
        if came_from and self._seen:
            ids = f"id in [{quoted(name)}, {quoted(name + '#1')}] or (id >= {quoted(name + '/')} and id < {quoted(name + '0')})"
            found = self._known(f"(origin == {quoted(came_from)} or {ids})")
            self._connection.executemany(
                "INSERT OR IGNORE INTO article VALUES (?, ?)", [(row["id"], row["origin"]) for row in found]
            )
        with database.guarded(self.folder):
            return file_names.name_of(self._connection, name, came_from)

    def set_weights(self, weights: Weights) -> None:
        """See `Writer.set_weights`."""
        if self._state is None:
            raise InputError(f"{self._address}: nothing was published there yet")
        self._renewed(replace(self._state, weights=asdict(weights)))

    def remove(self, ids: Iterable[str]) -> int:
        """See `Writer.remove`."""
        wanted = [tidy(article_id) for article_id in arguments.ids("ids", ids)]
        found = {row["id"]: row for row in self._rows(wanted)}
        for article_id in wanted:
            if article_id not in found:
                raise InputError(f"no article {article_id!r} in the index: nothing was removed (`search` shows ids)")
        before = len(self._leaving)
        self._leaving.update((row["number"], row) for row in found.values())
        return len(self._leaving) - before

    def remove_missing(self, came_from: str) -> int:
        """See `Writer.remove_missing`."""
        if not self._seen:
            return 0
        below = came_from.rstrip("/") + "/"
        after = below[:-1] + chr(ord("/") + 1)
        where = f"{self._seen} and (origin == {quoted(came_from)} or (origin >= {quoted(below)} and origin < {quoted(after)}))"
        staged = {name for (name,) in self._connection.execute("SELECT id FROM staged")}
        gone = {row["number"]: row for row in self._remote.every(ARTICLE, where, _KNOWN) if row["id"] not in staged}
        self._leaving.update(gone)
        return len(gone)

    def changes(self) -> Changes:
        """See `Writer.changes`."""
        known, same, _ = self._compared()
        ids = [name for (name,) in self._connection.execute("SELECT id FROM staged ORDER BY id")]
        added = tuple(name for name in ids if name not in known)
        updated = tuple(name for name in ids if name in known and name not in same)
        removed = tuple(sorted(row["id"] for row in self._leaving.values() if row["id"] not in set(ids)))
        return Changes(added, updated, removed, len(same))

    def commit(self, progress: Progress | None = None) -> Committed:
        """See `Writer.commit`."""
        if self._manifest and self._wanted is not None:
            check_encoder(self.encoder, self._manifest.encoder)
        known, same, moved = self._compared()
        staged = {name for (name,) in self._connection.execute("SELECT id FROM staged")}
        updated = [row for name, row in known.items() if name not in same]
        removed = [row for row in self._leaving.values() if row["id"] not in staged]
        work = {"added": len(staged) - len(known), "updated": len(updated), "removed": len(removed), "unchanged": len(same)}
        if self._state is not None and not (work["added"] or updated or removed or moved):
            return Committed(**work, **asdict(self._state.counts))
        origins = dict(self._connection.execute("SELECT id, origin FROM staged"))
        replaced = sum(1 for row in updated if row["origin"] and origins[row["id"]] not in ("", row["origin"]))
        kept = {name for name in same if name not in moved}
        changed = (*updated, *(known[name] for name in sorted(moved)), *removed)
        return self._run(Wanted(lambda: self._staged(kept), changed), progress, {**work, "replaced": replaced})

    def rewrite(self) -> Committed:
        """See `rebuild`."""
        return self.rebuild()

    def compact(self) -> Committed:
        """Remove the rows that the last commit no longer has, for readers of earlier ones too."""
        if self._state is None:
            raise InputError(f"{self._address}: nothing was published there yet")
        last, dead = self._state, Counting(self._remote, self._state.version).dead()
        self._renewed(replace(last, cleaned=last.version))
        clear(self._remote, last.cleaned, last.version, dead)
        return Committed(0, 0, 0, self._state.counts.articles, **asdict(self._state.counts))

    def rebuild(self, progress: Progress | None = None) -> Committed:
        """Derive everything anew from the articles; vectors that are there are kept.

        Articles that are not as they were stored are left out: `left_out` then has their ids.
        """
        shelf = Shelf(self._remote, self._seen)
        known = [dict(row) for row in self._remote.every(ARTICLE, self._seen, _KNOWN)]
        whole: dict[str, Row] = {}
        for row in known:
            try:
                shelf.records([row])
                whole[row["id"]] = row
            except Exception:  # noqa: BLE001 - of whatever kind: what cannot be read is left out
                self.left_out.append(row["id"])

        def articles() -> Iterator[tuple[Article, str]]:
            for name in sorted(whole):
                record = shelf.record(name) or {}
                yield rows.article(record), record["origin"]

        work = {"added": 0, "updated": 0, "removed": len(self.left_out), "unchanged": len(whole)}
        return self._run(Wanted(articles, tuple(known), again=True), progress, work)

    def _run(self, wanted: Wanted, progress: Progress | None, work: Mapping[str, int]) -> Committed:
        vectors = _Vectors(self._connection, self.folder, lambda: self.encoder)
        step = RemoteCommit(self._remote, self._lease, self._state, lambda: self.encoder, vectors.of, progress)
        try:
            published = step.run(wanted)
        finally:
            vectors.close()
        self._renew()
        vectors.forget()
        self._connection.execute("DELETE FROM staged")
        self._leaving.clear()
        more = {"embedded": vectors.embedded, "resumed": vectors.resumed, "cut": step.cut, "without_story": step.without_story}
        return Committed(**work, **asdict(published.counts), **more)

    def _renewed(self, now: State) -> None:
        """Publish the state with something else in it."""
        self._lease.begin()
        self._lease.publish(now)
        self._renew()

    def _renew(self) -> None:
        """See what is published now."""
        self._set(state.read(self._remote))

    def _compared(self) -> tuple[dict[str, Row], set[str], set[str]]:
        """The rows that the staged articles have now, by id; of these ids those of articles that stay as they are, and of those the
        ones that come from elsewhere now.
        """
        staged = {row[0]: row[1:] for row in self._connection.execute("SELECT id, digest, origin FROM staged")}
        known = {row["id"]: row for row in self._rows(list(staged))}
        same = {name for name, row in known.items() if row["digest"] == staged[name][0]}
        moved = {name for name in same if staged[name][1] not in ("", known[name]["origin"])}
        return known, same, moved

    def _staged(self, but: set[str]) -> Iterator[tuple[Article, str]]:
        columns = f"SELECT {tables.COLUMNS}, digest, origin FROM staged ORDER BY id"
        for *row, origin in self._connection.execute(columns):
            if row[0] not in but:
                yield tables.checked(row), origin

    def _rows(self, ids: list[str]) -> list[Row]:
        return self._remote.with_any(ARTICLE, "id", ids, _KNOWN, self._seen, _TOGETHER) if self._seen and ids else []

    def _known(self, where: str) -> list[Row]:
        return self._remote.query(ARTICLE, f"{where} and {self._seen}", _KNOWN, 100)


class _Vectors:
    """Gives texts their vectors: known ones, given ones, those that an interrupted run left, and new ones."""

    def __init__(self, db: sqlite3.Connection, folder: Path, encoder: Any) -> None:
        self._db, self._encoder = db, encoder
        self._pending = Pending(folder)
        self.embedded = self.resumed = 0

    def of(self, texts: list[str], known: Mapping[str, Any]) -> Any:
        """(texts, dimension) float32."""
        encoder: Encoder = self._encoder()
        identity = Fingerprint.of(encoder.fingerprint).identity
        found, missing = dict(known), []
        for text in dict.fromkeys(texts):
            if text in found:
                continue
            key = vector_key(identity, text)
            given = self._db.execute("SELECT value, crc FROM given WHERE key = ?", (key,)).fetchone()
            left = given or self._pending.get(key)
            if left is not None and crc32(left[0]) == left[1] and len(left[0]) == 4 * encoder.dimension:
                found[text] = np.frombuffer(left[0], np.float32)
                self.resumed += not given
            else:
                missing.append(text)
        missing.sort(key=lambda text: (-len(text), text))
        block = together(encoder)
        for first in range(0, len(missing), block):
            some = missing[first : first + block]
            vectors = encoder.encode(some, None)
            check_vectors(vectors, len(some), encoder)
            rows_of = [(vector_key(identity, t), v.tobytes(), crc32(v.tobytes())) for t, v in zip(some, vectors, strict=True)]
            self._pending.put(rows_of)
            found.update(zip(some, vectors, strict=True))
            self.embedded += len(some)
        return np.array([found[text] for text in texts], np.float32).reshape(-1, encoder.dimension)

    def close(self) -> None:
        """Close the file of what an interrupted run leaves."""
        self._pending.close()

    def forget(self) -> None:
        """Drop what is published."""
        self._pending.clear()
