"""The index of the sample articles: built once, kept in the user's cache."""

from __future__ import annotations

import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

from ...corpus.sample import FOLDER
from ...corpus.sources import read
from ...errors import IndexMissing, IndexNoAccess, PullquoteError
from ...index.index import Index
from ...index.lexical.analyzer import Analyzer
from ...index.storage import layout
from ...index.writing.writer import Writer
from .output import note, preparing, progress, version


def sample_index() -> Index:
    """The index of the sample, made anew where there is none that can be used."""
    import platformdirs

    folder = Path(platformdirs.user_cache_path("pullquote"), f"sample-{_version()}")
    try:
        return Index.open(folder, preparing=preparing())
    except IndexMissing:
        pass
    except PullquoteError:  # damaged, and ours alone
        shutil.rmtree(folder, ignore_errors=True)
    try:
        return _built(folder)
    except IndexNoAccess:  # a cache that cannot be written to
        return _built(Path(tempfile.mkdtemp(prefix="pullquote-")))


def _built(folder: Path) -> Index:
    note("indexing the sample articles (once) ...")
    with Writer(folder, preparing=preparing()) as writer, progress("embedding") as bar:
        writer.stage(read(FOLDER))
        writer.commit(bar)
    return Index.open(folder, preparing=preparing())


def _version() -> str:
    """What the index of the sample depends on."""
    found = sha256(f"{version()} {layout.FORMAT} {Analyzer.SETTINGS}".encode())
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
