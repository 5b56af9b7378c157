"""The one writer of an index: changes are gathered, and then published in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any
from zlib import crc32

from ... import arguments
from ...corpus.article import Article
from ...corpus.decode import tidy
from ...errors import IndexDamaged, InputError, ReadError
from ..arrays.sealing import make_folder
from ..encoders.protocol import Encoder, Fingerprint, Progress, check_encoder
from ..place import is_remote
from ..search.formula import Weights
from ..storage import articles as tables
from ..storage import database, file_names, layout, migrations, pending_vectors, word_lists
from ..storage.lock import WriteLock
from ..storage.manifest import Manifest, get_meta, put_meta, read_manifest
from ..storage.vectors import vector_key
from . import leftovers
from .changes import Changes
from .commit import Commit, Committed, Extent
from .validation import check_article, check_folder, tidied
from .with_encoder import WithEncoder


class Writer(WithEncoder):
    """Use it in a `with`; nothing is changed before `commit`, and nothing at all where it raises.

    with Writer("news.pq") as writer:
        writer.stage(pullquote.read("news/"))
        writer.remove(["withdrawn.txt"])
        print(writer.commit())
    """

    def __new__(cls, folder: str | Path, *_: Any, **__: Any) -> Writer:
        """A writer of the kind of place that `folder` names, as `pathlib.Path` gives a path of the kind of the system."""
        if cls is Writer and is_remote(folder):
            kind: type[Writer] = import_module(".remote.writer", __package__).RemoteWriter  # which is a kind of this one
            return object.__new__(kind)
        return object.__new__(cls)

    def __init__(
        self, folder: str | Path, encoder: Encoder | str | None = None, *, repair: bool = False, preparing: Progress | None = None
    ) -> None:
        """`folder`: or an address, such as "milvus://localhost:19530/news". `encoder`: one at hand, or a name; without one the
        index's own, for a new index the packaged default. `repair`: go on where the manifest is damaged, to `rebuild` it.
        `preparing` is called while an encoder is prepared for its first use on this machine, see `registry.load`.

        Raises InputError for a folder of other things, IndexLocked if another process is writing, IndexNoAccess where the folder
        cannot be written to, IndexDamaged where it cannot be read. That another encoder made the index is seen in `commit`.
        """
        with database.guarded(Path(folder)):
            self.folder = check_folder(folder)
            self._found = self.folder.exists()  # what was there before is not ours to remove
            make_folder(self.folder)
        super().__init__(encoder, preparing)
        self._manifest: Manifest | None = None
        self.left_out: list[str] = []
        self._unsure = False  # whether a commit failed that may yet be found in the log, by whoever opens the index next
        self._lock = WriteLock(self.folder)
        try:
            self._connection = database.connect_to_write(self.folder)
            with database.guarded(self.folder):
                for statement in tables.TEMPORARY.split(";\n"):
                    self._connection.execute(statement)
                if database.format_of(self._connection) < layout.FORMAT:
                    self._upgrade(repair)
                self._manifest = self._last(repair)
        except BaseException:
            if hasattr(self, "_connection"):
                self._connection.close()
            self._lock.release()
            raise

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._let_workers_go()
        published, readable = True, False
        with suppress(sqlite3.DatabaseError, IndexDamaged):  # asked of the file: an interrupt may come right after the commit
            manifest = read_manifest(self._connection)
            self._manifest, published, readable = manifest, manifest is not None, True
        self._connection.close()
        unused = not published and pending_vectors.count(self.folder) == 0
        if self._unsure:  # what it wrote is kept: the next writer knows
            unused = False
        elif readable:
            unused = leftovers.drop_segments(self.folder, self._manifest) and unused
        if unused:  # nothing was ever published here, nor embedded: leave no trace
            leftovers.drop_files(self.folder, (*reversed(layout.FILES), *layout.PENDING_FILES))  # the log before what it belongs to
        self._lock.release(forget=not published)
        if unused and not self._found:
            with suppress(OSError):
                self.folder.rmdir()

    def stage(
        self,
        articles: Iterable[Article],
        place: str = "",
        came_from: str = "",
        problem: Callable[[ReadError], object] | None = None,
    ) -> int:
        """Lay articles aside for the commit, all or none; `place` says in messages where they are from, `came_from` is the
        file or folder that `remove_missing` will know them by, see `corpus.sources.origin`.

        Text is kept with line ends LF, in Unicode NFC. Raises whatever `articles` raises, and ReadError for an article that is not
        valid, or whose id was staged before; where a `problem` is given, it is called with the error, and the article left out.
        """
        count = 0
        with self._transaction() as db:
            for given in articles:
                try:
                    self._stage(db, given, place, came_from)
                except ReadError as error:
                    if problem is None:
                        raise
                    problem(error)
                else:
                    count += 1
        return count

    def _stage(self, db: sqlite3.Connection, given: Article, place: str, came_from: str) -> None:
        check_article(given, place)
        article = tidied(given)
        with database.guarded(self.folder):
            other = tables.stage(db, article, place, came_from)
        if other is not None:
            again = f"and again in {place}" if place and other != place else "twice"
            raise ReadError(other or article.id, f"article id {article.id!r} is here {again}")

    def name_of(self, name: str, came_from: str) -> str:
        """The name from which the ids of a file's articles are made: the one under which it is known already, however it was named
        then; else `name`, with as many folders before it as it takes to tell it from another file that is still there.
        """
        with database.guarded(self.folder):
            return file_names.name_of(self._connection, name, came_from)

    def give(self, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Lay vectors aside by their sentences, so that those need not be embedded: the encoder's own, as float32."""
        identity = Fingerprint.of(self.encoder.fingerprint).identity
        rows = ((vector_key(identity, text), value, crc32(value)) for text, value in vectors)
        with database.guarded(self.folder):
            self._connection.executemany("INSERT OR IGNORE INTO given VALUES (?, ?, ?)", rows)

    def set_weights(self, weights: Weights) -> None:
        """Keep weights of the ranking formula, for whoever opens the index from now on."""
        with self._transaction() as db, database.guarded(self.folder):
            put_meta(db, "weights", asdict(weights))

    def remove(self, ids: Iterable[str]) -> int:
        """Let articles go with the next commit, all or none. Raises InputError for an id that is not in the index."""
        count = 0
        with self._transaction() as db, database.guarded(self.folder):
            for article_id in arguments.ids("ids", ids):
                name = tidy(article_id)
                row = db.execute("SELECT number FROM article WHERE id = ?", (name,)).fetchone()
                if row is None:
                    raise InputError(f"no article {article_id!r} in the index: nothing was removed (`search` shows ids)")
                count += db.execute("INSERT OR IGNORE INTO leaving VALUES (?)", row).rowcount
        return count

    def remove_missing(self, came_from: str) -> int:
        """Let the articles go that came from a file, or from a folder or anything below it, and are not staged again."""
        with self._transaction() as db, database.guarded(self.folder):
            return tables.let_go(db, came_from)

    def changes(self) -> Changes:
        """What `commit` would change."""
        with database.guarded(self.folder):
            return Changes(*tables.changes(self._connection))

    def commit(self, progress: Progress | None = None) -> Committed:
        """Publish what was staged and removed. `progress` is called with (sentences embedded, sentences to embed).

        Vectors are kept as they are made: where it is interrupted, the next commit goes on from there.
        Raises EncoderError if the index was made by another encoder.
        """
        if self._manifest and self._wanted is not None:
            check_encoder(self.encoder, self._manifest.encoder)
        return self._publish(progress)

    def rewrite(self) -> Committed:
        """Write all arrays anew, into one segment, from the articles as they are cut and the vectors."""
        return self._publish(None, Extent.DERIVED)

    def compact(self) -> Committed:
        """Write all articles into one segment, and give back the space of all that is no longer used."""
        done = self._publish(None, Extent.SEGMENTS)
        with database.guarded(self.folder):
            leftovers.drop_files(self.folder, layout.PENDING_FILES)
            word_lists.tidy(self._connection)
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA busy_timeout = 0")  # where someone reads, the log is folded in later
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return done

    def rebuild(self, progress: Progress | None = None) -> Committed:
        """Derive everything anew from the articles and vectors; only vectors that are missing or damaged are embedded again.

        Articles that are not as they were stored are left out: `left_out` then has their ids.
        """
        return self._publish(progress, repair=True)

    def _last(self, repair: bool) -> Manifest | None:
        """What is published."""
        try:
            return read_manifest(self._connection)
        except IndexDamaged:
            if not repair:
                raise
            return None

    def _upgrade(self, repair: bool) -> None:
        """Bring an index of an older format to the present one, in one transaction."""
        with self._transaction() as db:
            migrations.tables(db)
            if not (found := read_manifest(db)):
                return
            extent = self._mended(db) if repair else Extent.DERIVED
            _, manifest = Commit(db, self.folder, found, lambda: self.encoder, None).run(extent)
        self._manifest = manifest or found
        self._drop_unused()

    def _mended(self, db: sqlite3.Connection) -> Extent:
        """Let go of what is damaged in the tables; how much is to be derived anew then."""
        db.execute("REINDEX")
        db.execute("DELETE FROM meta WHERE key = 'repeated'")
        self.left_out += tables.drop_damaged(db)
        return Extent.CUTS

    def _publish(self, progress: Progress | None, extent: Extent = Extent.CHANGES, *, repair: bool = False) -> Committed:
        with database.guarded(self.folder), self._transaction() as db:
            if repair:
                extent = self._mended(db)
            else:
                self._manifest = read_manifest(db)  # an interrupt may have come right after a commit
            step = Commit(db, self.folder, self._manifest, lambda: self.encoder, progress)
            done, manifest = step.run(extent)
        if manifest is not None:
            self._manifest = manifest
        self._drop_unused()
        return done

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing."""
        with database.guarded(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._unsure = True
            with database.guarded(self.folder):
                self._connection.execute("COMMIT")
            self._unsure = False
        except BaseException:
            with suppress(sqlite3.DatabaseError):  # what is not committed is not read, rolled back or not
                if self._connection.in_transaction:  # a full disk ends it by itself
                    self._connection.execute("ROLLBACK")
            raise

    def _made_by(self) -> Fingerprint | None:
        """See `WithEncoder`."""
        with database.guarded(self.folder):
            return self._manifest.encoder if self._manifest else _kept(self._connection)

    def _drop_unused(self) -> None:
        leftovers.drop_published(self.folder, self._connection)
        leftovers.drop_segments(self.folder, self._manifest)


def _kept(db: sqlite3.Connection) -> Fingerprint | None:
    """The encoder of an index whose manifest is damaged."""
    return Fingerprint.of(found) if (found := get_meta(db, "encoder")) else None
