"""The opening of an index: a connection that holds a snapshot, in the present format, and what it publishes."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import numpy as np

from ...errors import IndexDamaged, IndexMissing
from ..encoders.protocol import Encoder
from ..lexical.analyzer import Analyzer
from ..segments.reader import SegmentReader
from ..segments.snapshot import Snapshot
from ..storage import database, layout
from ..storage.layout import segment_name
from ..storage.manifest import Manifest, read_manifest, sha256_hex


def connected(folder: Path, encoder: Encoder | None) -> sqlite3.Connection:
    """A connection that holds a snapshot of an index in the present format, brought to it where it is of an older one."""
    db = database.connect_to_read(folder)
    try:
        with database.guarded(folder):
            if database.format_of(db) < layout.FORMAT:
                older = f"an index of an older format, brought to format {layout.FORMAT}"
            elif (published := read_manifest(db)) is not None and Analyzer.is_older(published.analyzer):
                older = "an index whose words were analyzed by an older version, brought to this one"
            else:
                return db
    except BaseException:
        db.close()
        raise
    db.close()
    from ..writing.writer import Writer

    logging.getLogger("pullquote").warning("%s: %s", folder, older)
    with Writer(folder, encoder) as writer:
        writer.commit()  # which finds what is to be derived anew
    return database.connect_to_read(folder)


def opened(folder: Path, db: sqlite3.Connection) -> tuple[Manifest, Snapshot]:
    """The manifest, and the segments that it names."""
    with database.reading(folder, db):
        manifest = read_manifest(db)
        if manifest is None:
            raise IndexMissing(f"no index in {folder}: nothing was ever published there")
        segments = []
        for expected in manifest.segments:
            row = db.execute("SELECT dead FROM segment WHERE number = ?", (expected.number,)).fetchone()
            if row is None or sha256_hex(row[0]) != expected.dead:
                raise IndexDamaged(f"{folder / layout.FILE}: its list of removed articles is not as it was stored")
            where = folder / segment_name(expected.number)
            segments.append(SegmentReader.open(where, expected, np.frombuffer(row[0], np.int32)))
    return manifest, Snapshot(segments, manifest.encoder.dimension)
