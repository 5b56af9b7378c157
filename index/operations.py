"""The verbs of an index in one call each: a `Writer` gathers several changes into one commit.

`folder` is where the index is, or the index itself, open: it goes on with what it was opened with.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .. import arguments
from ..corpus.article import Article
from ..corpus.sources import files, origin
from ..errors import InputError
from .at import IndexOrFolder
from .encoders.protocol import Encoder
from .index import Index
from .place import is_remote
from .workers.reading import read
from .writing.commit import Committed
from .writing.writer import Writer


def add(
    folder: IndexOrFolder, articles: Iterable[Article], encoder: Encoder | str | None = None, *, workers: int | str | None = None
) -> Committed:
    """Add articles to the index in `folder`, which is made where there is none; articles known by id are updated.

    `workers`: so many processes cut and encode, or the Dask cluster at an address such as "tcp://host:8786".
    All or nothing: where anything raises, the index is as it was. Raises what `Writer` and `articles` raise.
    """
    with Writer(_folder(folder), encoder) as writer:
        if workers is not None:
            writer.use(workers)
        writer.stage(articles)
        return writer.commit()


def sync(
    folder: IndexOrFolder,
    paths: str | Path | Iterable[str | Path],
    encoder: Encoder | str | None = None,
    *,
    workers: int | str | None = None,
) -> Committed:
    """Make the index in `folder` hold what is below `paths` now: add and update, and remove what came from there and has gone.

    Articles from elsewhere are left alone. Raises ReadError, and changes nothing, where anything cannot be read.
    """
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    with Writer(_folder(folder), encoder) as writer:
        if workers is not None:
            writer.use(workers)
        for file, articles in read(files(paths), writer.workers):
            file.name = writer.name_of(file.name, file.origin)
            writer.stage(articles(), file.where, file.origin)
        for path in paths:
            writer.remove_missing(origin(path))
        return writer.commit()


def remove(folder: IndexOrFolder, ids: Iterable[str], encoder: Encoder | str | None = None) -> Committed:
    """Remove articles from the index in `folder`, all or none. Raises InputError for an id that is not in it.

    An encoder is needed only where a paragraph that recurred in them is no longer one that does.
    """
    with Writer(_folder(folder), encoder) as writer:
        writer.remove(ids)
        return writer.commit()


def _folder(given: IndexOrFolder) -> Path | str:
    if isinstance(given, Index) or (isinstance(given, str) and is_remote(given)):
        return given.folder if isinstance(given, Index) else given
    if not isinstance(given, (str, Path)):
        raise InputError(f"folder is {arguments.shown(given)}: it must be the folder of an index, or an Index")
    return Path(given)
