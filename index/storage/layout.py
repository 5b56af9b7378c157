"""The names of what lies in an index's folder, and the number of its format."""

from __future__ import annotations

import re

FORMAT = 5  # also the file's user_version, from 2 on; see `migrations`

FILE = "pullquote.sqlite"  # articles, sentences, vectors, and the manifest
FILES = (FILE, f"{FILE}-wal", f"{FILE}-shm")
PENDING = "pending.sqlite"  # vectors that an interrupted run made
PENDING_FILES = (f"{PENDING}-journal", PENDING)  # in the order in which they go
LOCK, HOLDER = "write.lock", "writer.json"
ARRAYS, VECTORS, CODES = "arrays.safetensors", "vectors.safetensors", "codes.faiss"  # of a segment
ANY_SEGMENT = re.compile(r"(?:segment|generation)-\d{6,}")  # the folders of arrays, of any format


def segment_name(number: int) -> str:
    """The folder of a segment."""
    return f"segment-{number:06d}"
