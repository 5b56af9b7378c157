"""Export: the articles and vectors of an index as plain files that other tools read. Import: the same index from them."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...corpus.article import Article, Locator
from ...errors import EncoderError, IndexNoAccess, InputError, ReadError
from ..arrays import sealing
from ..encoders.protocol import Encoder, Fingerprint, Progress, check_encoder
from ..index import Index
from ..types import Vectors
from ..writing.commit import Committed
from ..writing.validation import check_vectors
from ..writing.writer import Writer

SCHEMA = "pullquote.export/1"
ARTICLES, VECTORS, ABOUT, README = "articles.jsonl", "vectors.npy", "export.json", "README.md"
_EXPLAINED = """\
# An index of pullquote, exported

- `articles.jsonl`: one article per line, in the order of their ids, as JSON: `id`, `text`, `title`, `source`, `url`, `published`
  (ISO 8601, as far as it is known, else null), `language`, `dated_by` (stated, dateline, byline or given), `locators` (pages,
  times: a list of `{start, label}`), and `passages`: a list of passages, each a list of sentences, each `[start, end]` in code
  points of `text`, end exclusive. What is in no sentence is no part of the story.
- `vectors.npy`: float32, one row per sentence, in the order of `articles.jsonl`; each row has the length 1.
- `export.json`: how many there are, the encoder that made the vectors, and the size and SHA-256 of the two files.

`pullquote import FOLDER --index NEW` makes the index anew from them, without embedding anything.
"""


def export(index: Index, folder: str | Path) -> dict[str, int]:
    """Write what is in an index to a new folder; the counts. Raises InputError if there is something in it already,
    IndexNoAccess where it cannot be written, and IndexDamaged.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: there is something already: name a new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write(index, partial)
            partial.chmod(0o755)
            partial.replace(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    except OSError as error:
        raise IndexNoAccess(f"{error.filename or folder}: cannot be written: {error.strerror or error}") from None
    return asdict(index.manifest.counts)


def _write(index: Index, folder: Path) -> None:
    manifest = index.manifest
    sentences, dimension = manifest.counts.sentences, manifest.encoder.dimension
    shape = (sentences, dimension)
    with (folder / VECTORS).open("wb") as vectors, (folder / ARTICLES).open("w", encoding="utf-8", newline="\n") as lines:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(vectors, header)
        for article, passages, found in index.everything():
            spans = [[[s.start, s.end] for s in p.sentences] for p in passages]
            lines.write(json.dumps({**asdict(article), "passages": spans}, ensure_ascii=False) + "\n")
            vectors.write(np.ascontiguousarray(found, "<f4").tobytes())
    (folder / README).write_text(_EXPLAINED, "utf-8")
    about: dict[str, Any] = {
        "schema": SCHEMA,
        "counts": asdict(manifest.counts),
        "encoder": manifest.encoder.record(),
        "digest": manifest.digest,
    }
    about["files"] = {name: asdict(sealing.sealed(folder / name)) for name in (ARTICLES, VECTORS)}
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", "utf-8")
    sealing.seal_folder(folder)


def import_(
    source: str | Path, folder: str | Path, encoder: Encoder | str | None = None, progress: Progress | None = None
) -> Committed:
    """Add what was exported to `source` to the index in `folder`, which is made where there is none; its vectors are taken over.

    Raises ReadError where an exported file is missing, altered or not as described, EncoderError where another encoder made it.
    """
    source = Path(source)
    made_by, shape = _about(source)
    vectors = _vectors(source, shape)
    with Writer(folder, encoder or made_by.name) as writer:
        check_encoder(writer.encoder, made_by)
        writer.stage(_given(source, vectors, writer), str(source / ARTICLES))
        return writer.commit(progress)


def _given(source: Path, vectors: Vectors, writer: Writer) -> Iterator[Article]:
    """The exported articles; the vectors of each go to the writer."""
    first = 0
    for number, (article, spans) in enumerate(_articles(source), start=1):
        texts = _texts(f"{source / ARTICLES}:{number}", article, spans)
        found = vectors[first : first + len(texts)]
        first += len(texts)
        if first > len(vectors):
            raise ReadError(str(source / VECTORS), "has fewer rows than there are sentences")
        try:
            check_vectors(found, len(texts), writer.encoder)
        except EncoderError:
            raise ReadError(str(source / VECTORS), f"rows {first - len(texts)} to {first} are no vectors of length 1") from None
        writer.give((text, vector.tobytes()) for text, vector in zip(texts, found, strict=True))
        yield article
    if first != len(vectors):
        raise ReadError(str(source / VECTORS), f"has {len(vectors)} rows for {first} sentences")


def _about(source: Path) -> tuple[Fingerprint, tuple[int, int]]:
    """The encoder that made an export, and the shape of its vectors. Raises ReadError."""
    try:
        for name in (ABOUT, ARTICLES, VECTORS):
            if (source / name).exists() and not (source / name).is_file():  # a pipe would be waited for
                raise ReadError(str(source / name), "not a regular file")
        about = json.loads((source / ABOUT).read_text("utf-8"))
        if about["schema"] != SCHEMA:
            raise ReadError(str(source / ABOUT), f"of schema {about['schema']!r}, this version reads {SCHEMA}")
        for name in (ARTICLES, VECTORS):
            expected, path = about["files"][name], source / name
            if path.stat().st_size != expected["bytes"] or sealing.digest(path) != expected["sha256"]:
                raise ReadError(str(path), "not as it was exported: export it again")
        made_by = Fingerprint.of(about["encoder"])
        return made_by, (int(about["counts"]["sentences"]), made_by.dimension)
    except OSError as error:
        raise ReadError(
            str(error.filename or source), f"cannot be read: {error.strerror}: give a folder that was exported"
        ) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ReadError(str(source / ABOUT), f"not as described in {README}: {error}") from None


def _vectors(source: Path, shape: tuple[int, int]) -> Vectors:
    path = source / VECTORS
    try:
        found: Vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ReadError(str(path), f"cannot be read: {error}") from None
    if found.dtype != np.float32 or found.shape != shape:
        raise ReadError(str(path), f"holds {found.dtype} of shape {found.shape}, not float32 of one row per sentence")
    return found


def _articles(source: Path) -> Iterator[tuple[Article, Any]]:
    path = source / ARTICLES
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                spans = record.pop("passages")
                locators = tuple(Locator(**locator) for locator in record.pop("locators", ()))
                yield Article(**record, locators=locators), spans
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise ReadError(f"{path}:{number}", f"not as described in {README}: {error}") from None


def _texts(where: str, article: Article, spans: Any) -> list[str]:
    try:
        return [article.text[int(start) : int(end)] for passage in spans for start, end in passage]
    except (ValueError, TypeError) as error:
        raise ReadError(where, f"passages are not as described in {README}: {error}") from None
