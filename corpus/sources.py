"""From paths to articles: folders of any depth, single files and standard input."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ..errors import InputError, ReadError
from .article import Article
from .readers import BY_SUFFIX, Reader, records, sniff

STDIN = "-"
_PIECE = 1 << 24  # bytes of a file of lines that are read at a time


@dataclass(slots=True)
class SourceFile:
    """One file to read; `name` is its path below the folder given, from which ids are made, `origin` the file's absolute path.

    Without a reader (an unknown suffix, standard input) the first bytes tell the format.
    """

    where: str
    name: str
    load: Callable[[], bytes]
    reader: Reader | None = None
    origin: str = ""
    path: Path | None = None

    def articles(self) -> Iterator[Article]:
        """The articles in the file. Raises ReadError at the first thing in it that cannot be read."""
        count = 0
        try:
            for article in self._articles():
                count += 1
                yield article
        except OSError as error:
            raise ReadError(self.where, f"cannot be read: {_why(error)}") from None
        if not count:
            raise ReadError(self.where, "no article in it")

    def _articles(self) -> Iterator[Article]:
        if self.reader is records.read_lines and self.path is not None:
            name, drafts = self.name, records.read_pieces(_pieces(self.path), self.where)
        else:
            data = self.load()
            name = self.name or f"stdin-{sha256(data).hexdigest()[:12]}"
            drafts = (self.reader or sniff(data))(data, self.where)
        for number, draft in enumerate(drafts, start=1):
            yield draft.article(f"{name}#{number}" if draft.where != self.where else name)


def _pieces(path: Path) -> Iterator[bytes]:
    """A file in pieces of whole lines; at once where it is not in UTF-8, so that its encoding is recognised by all of it."""
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        except UnicodeDecodeError:
            file.seek(0)
            yield file.read()
            return
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece + file.readline()


@dataclass(slots=True)
class Walk:
    """What a walk over the paths has met; filled while `files` goes along."""

    skipped: int = 0  # in folders: files of other kinds, linked folders, indexes
    problems: list[InputError] = field(default_factory=list)


def files(paths: Iterable[str | Path], walk: Walk | None = None) -> Iterator[SourceFile]:
    """The files to read, in a stable order. What is missing or empty goes to `walk.problems`; without one, it raises."""
    for path in paths:
        if not str(path):
            path = "''"
        if str(path) == STDIN:
            yield SourceFile("standard input", "", lambda: sys.stdin.buffer.read())
            continue
        found = 0
        for item in _below(Path(path), walk):
            if isinstance(item, InputError):
                if walk is None:
                    raise item
                walk.problems.append(item)
            else:
                yield item
            found += 1
        if not found:
            kinds = ", ".join(sorted(BY_SUFFIX))
            problem = ReadError(_printable(Path(path)), f"nothing to read in this folder (looked for {kinds})")
            if walk is None:
                raise problem
            walk.problems.append(problem)


def origin(path: str | Path) -> str:
    """A path as an index remembers where articles came from."""
    return _printable(Path(os.path.realpath(path)))


def read(paths: str | Path | Iterable[str | Path]) -> Iterator[Article]:
    """The articles below one or more paths. Raises ReadError (an InputError) at the first that cannot be read."""
    for file in files([paths] if isinstance(paths, (str, Path)) else paths):
        yield from file.articles()


def _below(path: Path, walk: Walk | None) -> Iterator[SourceFile | ReadError]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        reason = "no such file or folder" if isinstance(error, FileNotFoundError) else f"cannot be read: {_why(error)}"
        yield ReadError(_printable(path), reason)
        return
    if not is_folder:
        reader = BY_SUFFIX.get(path.suffix.lower())
        yield SourceFile(_printable(path), _printable(Path(path.name)), path.read_bytes, reader, origin(path), path)
    else:
        yield from _in_folder(path, walk)


def _in_folder(root: Path, walk: Walk | None) -> Iterator[SourceFile | ReadError]:
    broken: list[ReadError] = []

    def unreadable(error: OSError) -> None:
        broken.append(ReadError(_printable(Path(error.filename)), f"cannot be read: {_why(error)}"))

    above = origin(root).rstrip("/")
    for folder, names, entries in os.walk(root, onerror=unreadable):
        ours = [n for n in names if _is_ours(Path(folder, n))]
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in ours)
        if walk is not None:
            walk.skipped += len(ours) + sum(os.path.islink(os.path.join(folder, n)) for n in names)
        for entry in sorted(entries):
            path = Path(folder, entry)
            if entry.startswith("."):
                continue
            if (reader := BY_SUFFIX.get(path.suffix.lower())) is None:
                if walk is not None:
                    walk.skipped += 1
                continue
            if os.path.exists(path) and not os.path.isfile(path):  # a pipe or socket would hang; a dead link is reported when read
                continue
            name = _printable(path.relative_to(root))
            yield SourceFile(_printable(path), name, path.read_bytes, reader, f"{above}/{name}", path)
    yield from broken


def _is_ours(folder: Path) -> bool:
    """Whether a folder is an index, or was exported from one: no articles to read."""
    if os.path.exists(folder / "pullquote.sqlite"):  # which, unlike Path.exists, raises nothing where it may not look
        return True
    return all(os.path.exists(folder / name) for name in ("export.json", "vectors.npy"))


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _printable(path: Path) -> str:
    """A path as text on every machine: "/" between parts, bytes that are no UTF-8 replaced."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
