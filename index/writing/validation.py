"""What the writer refuses: a folder of other things, an article that is not valid, vectors that an index cannot hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ... import arguments
from ...corpus.article import Article, DatedBy
from ...corpus.dates import parse_date
from ...corpus.decode import tidy
from ...errors import EncoderError, IndexNoAccess, InputError, ReadError
from ..encoders.protocol import Encoder
from ..storage import layout
from ..storage.layout import HOLDER, LOCK
from ..types import Vectors


def check_folder(name: str | Path) -> Path:
    """The folder of that name. Refuses one of other things: an index has its folder to itself."""
    if not str(name):
        raise InputError("folder: an empty path")
    folder = Path(name)
    if not folder.exists():
        return folder.absolute()  # the program may change its working folder
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder: an index is one")
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise IndexNoAccess(f"{folder}: {error.strerror or error}") from None
    if names - {LOCK, HOLDER} and layout.FILE not in names:
        raise InputError(f"{folder}: holds other things and no index: name a new folder")
    return folder.absolute()


def check_article(article: Article, place: str) -> None:
    """What readers see to by themselves, for articles that a program made. Raises ReadError, and InputError for no article."""
    if not isinstance(article, Article):
        more = ": pullquote.Article(**record)" if isinstance(article, dict) else ""
        raise InputError(f"articles: {arguments.shown(article)} is no Article{more}")
    where = place or f"article {article.id!r}"
    for name in ("id", "text", "title", "source", "url", "language"):
        value = getattr(article, name)
        if not isinstance(value, str) or value != value.encode("utf-8", "replace").decode():
            raise ReadError(where, f"{name} must be text without half surrogate pairs")
    if not article.id:
        raise ReadError(where, "an article needs an id")
    if article.dated_by not in get_args(DatedBy):
        raise ReadError(where, f"dated_by must be one of {', '.join(get_args(DatedBy))}")
    starts = [locator.start for locator in article.locators]
    if starts != sorted(starts) or not all(0 <= start <= len(article.text) for start in starts):
        raise ReadError(where, "locators must stand in the text, in the order of their starts")
    try:
        if article.published != parse_date(article.published):
            raise ValueError(f"{article.published!r} is not in ISO 8601 form (write YYYY-MM-DD)")
    except ValueError as error:
        raise ReadError(where, f"published: {error}") from None


def tidied(article: Article) -> Article:
    """An article in the form in which offsets count, as readers give it: line ends LF, Unicode NFC."""
    fields = ("id", "text", "title", "source", "url", "language")
    changed: dict[str, Any] = {name: tidy(getattr(article, name)) for name in fields}
    return article if all(getattr(article, name) == value for name, value in changed.items()) else replace(article, **changed)


def check_vectors(vectors: Vectors, count: int, encoder: Encoder) -> None:
    """Raises EncoderError unless an encoder gave `count` finite float32 vectors of unit length and its dimension."""
    if vectors.dtype != np.float32 or vectors.shape != (count, encoder.dimension) or not np.isfinite(vectors).all():
        raise EncoderError(f"the encoder {encoder.name!r} gave no finite float32 vectors of shape ({count}, {encoder.dimension})")
    if count and np.abs(np.linalg.norm(vectors, axis=1) - 1).max() > 1e-3:
        raise EncoderError(f"the encoder {encoder.name!r} gave vectors that are not of unit length")
