"""What an index holds, for a person or a script to see."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import layout, pending_vectors
from .layout import ARRAYS, CODES, VECTORS
from .manifest import Manifest, SegmentMeta


def status(folder: Path, db: sqlite3.Connection, manifest: Manifest) -> dict[str, Any]:
    """What the index holds: counts, dates covered, articles per outlet and without a date, encoder, bytes per part; how many
    of the ten nearest sentences are found where there are too many to compare all, None where all are compared; and the work
    that waits: sentences embedded by an interrupted run, and what `compact` would write anew.
    """
    rows = db.execute("SELECT source, published FROM article ORDER BY id").fetchall()
    (stories,) = db.execute("SELECT count(DISTINCT story) FROM derived").fetchone()
    dates = sorted(published for _, published in rows if published)
    segments = manifest.segments
    parts = {
        "articles and vectors": [folder / name for name in layout.FILES],
        "lexical arrays": list(folder.glob(f"*/{ARRAYS}")),
        "vector arrays": [*folder.glob(f"*/{VECTORS}"), *folder.glob(f"*/{CODES}")],
        "pending": [folder / name for name in layout.PENDING_FILES],
    }
    return {
        "folder": str(folder),
        "format": layout.FORMAT,
        "generation": manifest.generation,
        "digest": manifest.digest,
        **asdict(manifest.counts),
        "copies": len(rows) - stories,
        "first_date": dates[0] if dates else None,
        "last_date": dates[-1] if dates else None,
        "without_date": len(rows) - len(dates),
        "sources": dict(sorted(Counter(source for source, _ in rows).items())),
        "encoder": manifest.encoder.record(),
        "bytes": {name: sum(p.stat().st_size for p in paths if p.is_file()) for name, paths in parts.items()},
        "segments": len(segments),
        "recall": _recall(segments),
        "removed": sum(s.total.articles - s.live.articles for s in segments),
        "pending": pending_vectors.count(folder) or 0,
    }


def _recall(segments: Sequence[SegmentMeta]) -> dict[str, Any] | None:
    """The share of the ten nearest sentences that are found by their codes, in samples taken when the segments were written."""
    coded = [(s.total.sentences, s.codes) for s in segments if s.codes]
    if not coded:
        return None
    asked = sum(codes.sample for _, codes in coded)
    recall = sum(codes.recall * codes.sample for _, codes in coded) / asked
    return {"sentences": sum(count for count, _ in coded), "recall": round(recall, 4), "sample": asked}
