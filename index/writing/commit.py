"""What a commit does, step by step, inside the writer's transaction: see `Commit.run`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ...corpus.boilerplate import story_paragraphs
from ...corpus.minhash import bands
from ...corpus.passages import CUTTING
from ...errors import IndexDamaged
from ..encoders.protocol import Encoder, Fingerprint, Progress, check_encoder
from ..lexical.analyzer import Analyzer
from ..lexical.word_set import word_set
from ..segments.merge_policy import merged
from ..storage import articles as tables
from ..storage import layout, schema, word_lists
from ..storage.manifest import Counts, Manifest, get_meta, put_meta, sha256_hex
from ..storage.vectors import vector_keys
from ..workers.spread import chunks
from . import recurring_paragraphs, story_clusters
from .embedding import embed
from .segment_files import write_segments


class Extent(IntEnum):
    """How much a commit derives anew; each value includes those before it."""

    CHANGES = 0  # what the articles that change touch
    SEGMENTS = 1  # all articles are written into one segment
    DERIVED = 2  # all but the cuts into sentences and passages
    CUTS = 3


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed: articles added, updated, removed and unchanged, and what the index now holds."""

    added: int
    updated: int
    removed: int
    unchanged: int
    articles: int
    passages: int
    sentences: int
    embedded: int = 0  # sentences that had no vector yet
    resumed: int = 0  # sentences whose vectors an interrupted run had left
    replaced: int = 0  # updated articles that had come from another file or folder
    cut: int = 0  # sentences longer than the encoder reads, cut at a clause
    without_story: int = 0  # new or changed articles of which nothing could be indexed


class Commit:
    """One commit. `manifest` is what is published, None before the first; `encoder` is called when it is needed."""

    def __init__(
        self,
        db: sqlite3.Connection,
        folder: Path,
        manifest: Manifest | None,
        encoder: Callable[[], Encoder],
        progress: Progress | None,
    ) -> None:
        self._db, self._folder, self._manifest = db, folder, manifest
        self._encoder, self._progress = encoder, progress
        self._segments = {segment.number: segment for segment in manifest.segments} if manifest else {}
        self._dead: dict[int, list[int]] = {}
        self._content = int(manifest.content, 16) if manifest else 0
        self._size = 0  # sentences and articles in no segment
        self._identity = manifest.encoder.identity if manifest else ""

    def run(self, extent: Extent = Extent.CHANGES) -> tuple[Committed, Manifest | None]:
        """Take the staged articles over and let the leaving ones go, and derive anew what `extent` says, or what the state of the
        index makes necessary; the new manifest, None where nothing changes.
        """
        db, published = self._db, self._manifest
        replaced = self._replaced()
        added, updated, removed, unchanged = self._changes()
        extent = max(extent, self._needed())
        if published and not (added or updated or removed or extent):
            return Committed(added, updated, removed, unchanged, **asdict(published.counts)), None
        everything = extent >= Extent.DERIVED
        if everything:
            self._forget(recut=extent == Extent.CUTS)
        repeated = self._replace(everything=everything)
        numbers, cut, bare = self._cut(repeated)
        embedded, resumed = embed(db, self._folder, self._identity, numbers, self._encoder, self._progress)
        for number in numbers:
            self._count_keys(number, 1)
        db.execute("DELETE FROM vector WHERE used <= 0")
        self._write(whole=extent >= Extent.SEGMENTS)
        manifest = self._published()
        (held,) = db.execute("SELECT count(*) FROM article").fetchone()
        if manifest.counts.articles != held:
            raise IndexDamaged(f"{layout.FILE}: {held} articles, {manifest.counts.articles} of them in the arrays")
        put_meta(db, "encoder", manifest.encoder.record())
        put_meta(db, "manifest", manifest.record())
        for table in ("changed", "fresh", "leaving", "missing"):
            db.execute(f"DELETE FROM {table}")
        work = {"replaced": replaced, "embedded": embedded, "resumed": resumed, "cut": cut, "without_story": bare}
        return Committed(added, updated, removed, unchanged, **asdict(manifest.counts), **work), manifest

    def _replaced(self) -> int:
        """How many articles would take the place of others that came from elsewhere, and are another text."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM staged CROSS JOIN article ON article.id = staged.id "
            f"WHERE staged.origin <> '' AND article.origin NOT IN ('', staged.origin) AND NOT ({tables.SAME})"
        ).fetchone()
        return int(count)

    def _changes(self) -> tuple[int, int, int, int]:
        """Fill `changed`; how many articles are added, updated, removed and unchanged. Only what changes stays in `staged`."""
        db = self._db
        db.execute("DELETE FROM leaving WHERE number IN (SELECT number FROM staged CROSS JOIN article USING (id))")
        moved = (
            "SELECT number FROM staged CROSS JOIN article ON article.id = staged.id "
            f"WHERE {tables.SAME} AND staged.origin NOT IN ('', article.origin)"
        )
        origin = "SELECT origin FROM staged WHERE staged.id = article.id"
        db.execute(f"UPDATE article SET origin = ({origin}) WHERE number IN ({moved})")
        unchanged = db.execute(
            f"DELETE FROM staged WHERE EXISTS (SELECT 1 FROM article WHERE article.id = staged.id AND {tables.SAME})"
        ).rowcount
        updated = db.execute("INSERT INTO changed SELECT number FROM staged CROSS JOIN article USING (id)").rowcount
        removed = db.execute("INSERT INTO changed SELECT number FROM leaving").rowcount
        staged = int(db.execute("SELECT count(*) FROM staged").fetchone()[0])
        return staged - updated, updated, removed, unchanged

    def _needed(self) -> Extent:
        """What has to be derived anew: because it was made by other settings, or because a part of it cannot be told any more."""
        published = self._manifest
        if published and published.cutting != CUTTING:
            return Extent.CUTS
        if self._damaged() or (published and published.analyzer != Analyzer.SETTINGS):
            return Extent.DERIVED
        return Extent.CHANGES

    def _damaged(self) -> bool:
        """Whether one of the articles to be replaced is damaged: its share in what is counted is then not known."""
        rows = self._db.execute(f"SELECT {tables.COLUMNS}, digest FROM changed CROSS JOIN article USING (number)")
        return not all(tables.is_whole(row) for row in rows)

    def _forget(self, *, recut: bool) -> None:
        """Begin the derived tables anew, with the cuts of the articles or without."""
        db = self._db
        db.execute("CREATE TEMP TABLE old_cuts (number INTEGER PRIMARY KEY, passages)")
        if not recut:
            db.execute("INSERT INTO old_cuts SELECT number, passages FROM derived WHERE number NOT IN changed")
        for statement in schema.DERIVED.split(";\n"):
            db.execute(statement)
        db.execute("INSERT INTO derived (number, passages) SELECT number, passages FROM article LEFT JOIN old_cuts USING (number)")
        db.execute("DROP TABLE old_cuts")
        db.execute("UPDATE vector SET used = 0")
        self._segments.clear()
        self._content = 0
        for (number,) in db.execute("SELECT number FROM derived WHERE number NOT IN changed").fetchall():
            self._add_content(number, 1)
            self._count_keys(number, 1)  # of the cuts that are kept

    def _replace(self, *, everything: bool) -> frozenset[str]:
        """Put the staged articles in the place of the changed ones; the paragraphs that recur from now on."""
        db = self._db
        if not everything:
            for (number,) in db.execute("SELECT number FROM changed").fetchall():
                self._add_content(number, -1)
                self._release(number)
                (text,) = db.execute("SELECT text FROM article WHERE number = ?", (number,)).fetchone()
                word_lists.drop(db, number, word_set(text))
        recurring_paragraphs.before(db)
        story_clusters.before(db)
        db.execute("DELETE FROM derived WHERE number IN changed")
        db.execute("DELETE FROM article WHERE number IN leaving")
        columns = f"{tables.COLUMNS}, digest, origin"
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns.split(", ")[1:])
        staged = f"SELECT {columns} FROM staged WHERE true"
        db.execute(f"INSERT INTO article ({columns}) {staged} ON CONFLICT (id) DO UPDATE SET {updates}")
        db.execute("INSERT INTO fresh SELECT number FROM staged CROSS JOIN article USING (id)")
        db.execute("INSERT INTO derived (number) SELECT number FROM fresh")
        db.execute("DELETE FROM staged")
        for (number,) in db.execute("SELECT number FROM fresh").fetchall():
            self._add_content(number, 1)
        if everything:
            db.execute("INSERT OR IGNORE INTO fresh SELECT number FROM derived")
        for (number,) in db.execute("SELECT number FROM fresh").fetchall():
            article, _ = tables.numbered(db, number)
            recurring_paragraphs.put(db, number, story_paragraphs(article.title, article.text))
            story_clusters.put(db, number, bands(article))
            word_lists.put(db, number, word_set(article.text))
        repeated = recurring_paragraphs.after(db)
        story_clusters.after(db)
        turned = repeated.symmetric_difference(get_meta(db, "repeated") or ())
        for fingerprint in sorted(turned):
            holders = "SELECT article FROM paragraph WHERE fingerprint = ?"
            sql = f"SELECT number FROM derived WHERE passages IS NOT NULL AND number IN ({holders})"
            for (number,) in db.execute(sql, (fingerprint,)).fetchall():
                self._release(number)
                db.execute("UPDATE derived SET passages = NULL, segment = NULL, row = NULL WHERE number = ?", (number,))
        put_meta(db, "repeated", sorted(repeated))
        return repeated

    def _add_content(self, number: int, sign: int) -> None:
        """The digest of the content is a sum over the articles, so that it says nothing of their order."""
        (digest,) = self._db.execute("SELECT digest FROM article WHERE number = ?", (number,)).fetchone()
        self._content = (self._content + sign * int(sha256(digest.encode()).hexdigest(), 16)) % (1 << 256)

    def _release(self, number: int) -> None:
        """An article is to leave its segment, and its vectors."""
        passages = self._count_keys(number, -1)
        segment, row = self._db.execute("SELECT segment, row FROM derived WHERE number = ?", (number,)).fetchone()
        sentences = sum(len(passage.sentences) for passage in passages)
        if segment is None:
            self._size -= sentences + 1
            return
        self._dead.setdefault(segment, []).append(row)
        held = self._segments[segment]
        self._segments[segment] = replace(held, live=held.live.minus(Counts(1, len(passages), sentences)))

    def _count_keys(self, number: int, by: int) -> list[Any]:
        article, passages = tables.numbered(self._db, number, leaving=by < 0)
        keys = {(by, key) for key in vector_keys(self._identity, article, passages)}
        self._db.executemany("UPDATE vector SET used = used + ? WHERE key = ?", keys)
        if by > 0:
            self._size += sum(len(passage.sentences) for passage in passages) + 1
        return passages

    def _cut(self, repeated: frozenset[str]) -> tuple[list[int], int, int]:
        """Cut what is to be cut: the numbers of the articles, how many sentences were too long, how many articles have none."""
        db = self._db
        numbers = [number for (number,) in db.execute("SELECT number FROM derived WHERE passages IS NULL ORDER BY number")]
        if numbers or not self._manifest:
            encoder = self._encoder()
            if self._manifest:
                check_encoder(encoder, self._manifest.encoder)
            self._identity = Fingerprint.of(encoder.fingerprint).identity
        cut = bare = 0
        articles = (tables.numbered(db, number)[0] for number in numbers)
        for number, found in zip(numbers, chunks(encoder, articles, repeated) if numbers else (), strict=True):
            cut += found.cut
            bare += not found.passages
            db.execute("UPDATE derived SET passages = ? WHERE number = ?", (tables.cuts(found.passages), number))
        return numbers, cut, bare

    def _write(self, *, whole: bool) -> None:
        """Write what is in no segment, and the segments that it is merged with, into new ones."""
        db = self._db
        gone = merged(list(self._segments.values()), self._size, whole=whole)
        for number in gone:
            moved = db.execute("UPDATE derived SET segment = NULL, row = NULL WHERE segment = ?", (number,)).rowcount
            if moved != (live := self._segments[number].live.articles):
                raise IndexDamaged(f"{layout.FILE}: it does not know {live} articles of segment {number}")
            db.execute("DELETE FROM segment WHERE number = ?", (number,))
            del self._segments[number]
            self._dead.pop(number, None)
        for number, rows in self._dead.items():
            (before,) = db.execute("SELECT dead FROM segment WHERE number = ?", (number,)).fetchone()
            dead = np.sort(np.concatenate([np.frombuffer(before, np.int32), np.array(rows, np.int32)])).tobytes()
            db.execute("UPDATE segment SET dead = ? WHERE number = ?", (dead, number))
            self._segments[number] = replace(self._segments[number], dead=sha256_hex(dead))
        sql = "SELECT number FROM derived JOIN article USING (number) WHERE segment IS NULL ORDER BY id"
        numbers = [number for (number,) in db.execute(sql)]
        first = max([self._next(), *(n + 1 for n in self._segments)])
        for written in write_segments(db, self._folder, numbers, self._identity, self._dimension(), first):
            self._segments[written.number] = written

    def _next(self) -> int:
        """A number that no segment has had: a reader may still be opening an old one."""
        there = (int(path.name.rpartition("-")[2]) for path in self._folder.glob("segment-*[0-9]")) if not self._manifest else ()
        return max([self._manifest.next_segment if self._manifest else 1, *(n + 1 for n in there)])

    def _dimension(self) -> int:
        return self._manifest.encoder.dimension if self._manifest else self._encoder().dimension

    def _published(self) -> Manifest:
        encoder = self._manifest.encoder if self._manifest else Fingerprint.of(self._encoder().fingerprint)
        settings = {"encoder": {**encoder.record(), "name": ""}, "analyzer": Analyzer.SETTINGS, "cutting": CUTTING}
        segments = tuple(self._segments[number] for number in sorted(self._segments))
        return Manifest(
            generation=(self._manifest.generation if self._manifest else 0) + 1,
            digest=sha256(f"{self._content:x}\n{json.dumps(settings, sort_keys=True)}".encode()).hexdigest(),
            content=f"{self._content:x}",
            counts=Counts.sum(segment.live for segment in segments),
            segments=segments,
            next_segment=max([self._next(), *(n + 1 for n in self._segments)]),
            encoder=encoder,
            analyzer=Analyzer.SETTINGS,
            cutting=CUTTING,
        )
