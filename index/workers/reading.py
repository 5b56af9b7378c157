"""Files read by workers: what is read does not depend on who read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import tee

from ...corpus.article import Article
from ...corpus.sources import SourceFile, Walk
from ...errors import ReadError
from .pool import Workers

_LARGEST = 1 << 24  # bytes of a file that is sent about; larger ones are read here, as a stream
_UNNAMED = "\x00"  # before the name of a file that is not yet what it will be called


@dataclass(frozen=True, slots=True)
class _Read:
    """What a worker read of a file, whose ids begin with `name` where they are made of the file's."""

    name: str
    articles: list[Article]
    walk: Walk
    error: ReadError | None


def read(
    files: Iterable[SourceFile], workers: Workers | None = None, walk: Walk | None = None
) -> Iterator[tuple[SourceFile, Callable[[], Iterator[Article]]]]:
    """Each file, in order, and what gives its articles, see `SourceFile.articles`; the file's name may be changed in between.

    What workers cannot see, standard input and large files are read here.
    """
    if workers is None:
        for file in files:
            yield file, lambda of=file: of.articles(walk)  # type: ignore[misc]
        return
    ours, theirs = tee(files)
    for file, found in zip(ours, workers.map(read_file, theirs), strict=True):
        yield file, lambda of=file, found=found: of.articles(walk) if found is None else _named(of, found, walk)  # type: ignore[misc]


def read_file(file: SourceFile) -> _Read | None:
    """What a worker does; None for a file that it is not to read."""
    try:
        if file.path is None or not file.path.is_file() or file.path.stat().st_size > _LARGEST:
            return None
    except OSError:
        return None
    name, walk, articles = _UNNAMED + file.name, Walk(), list[Article]()
    try:
        articles.extend(replace(file, name=name).articles(walk))
    except ReadError as error:
        return _Read(name, articles, walk, error)
    return _Read(name, articles, walk, None)


def _named(file: SourceFile, found: _Read, walk: Walk | None) -> Iterator[Article]:
    """The articles under the file's name, and what was met on the way."""
    if walk is not None:
        walk.skipped += found.walk.skipped
        walk.warnings += found.walk.warnings
        walk.problems += found.walk.problems
    elif found.walk.problems:
        raise found.walk.problems[0]
    for article in found.articles:
        own = not article.id.startswith(found.name)
        yield article if own else replace(article, id=file.name + article.id.removeprefix(found.name))
    if found.error is not None:
        raise found.error
