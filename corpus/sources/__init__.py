"""From paths to articles: folders of any depth, archives, single files and standard input."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Literal

from ...errors import InputError, ReadError
from ..article import Article
from ..readers import BY_SUFFIX, Draft, Format, sniff
from .archives import holds_one, is_archive, members
from .stated import NOTHING, Stated, is_sidecar

STDIN = "-"
_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht")
# The folder beside a saved page, as browsers of several languages name it.
_PAGE_PARTS = re.compile(
    r"(.+)(?:[_.]files|[_-](?:dateien|filer)|_(?:fichiers|archivos|file|bestanden|arquivos|ficheiros|tiedostot|pliki|soubory|dosyalar))"
)
_KINDS = ", ".join(sorted([*BY_SUFFIX, ".gz", ".tar", ".zip"]))


@dataclass(slots=True)
class Walk:
    """What a walk over the paths has met; filled while `files` and `SourceFile.articles` go along."""

    skipped: list[tuple[str, str]] = field(
        default_factory=list
    )  # where, and of what kind: what is not read in folders and archives
    problems: list[InputError] = field(default_factory=list)
    warnings: list[ReadError] = field(default_factory=list)  # of articles that were read


@dataclass(slots=True)
class SourceFile:
    """One file to read; `name` is its path below the folder given, from which ids are made, `origin` the file's absolute path.

    Without a format (standard input) the first bytes tell it. `path` is None for standard input.
    """

    where: str
    name: str
    format: Format | None = None
    origin: str = ""
    path: Path | None = None
    stated: Stated = NOTHING

    def articles(self, walk: Walk | None = None) -> Iterator[Article]:
        """The articles in the file. What cannot be read of one among several goes to `walk.problems`, and the next is read; without
        a `walk` it raises ReadError. Raises ReadError where the file cannot be read.
        """
        count = bad = 0
        stated = self.stated if self.path is None else Stated.beside(self.path).over(self.stated)
        if walk is not None:
            walk.warnings += stated.warnings
        try:
            for found in self._drafts(walk, stated.names):
                try:
                    if isinstance(found, ReadError):
                        raise found
                    article = stated.completed(found).article(self._id(found, count + bad + 1))
                except ReadError as error:
                    if walk is None:
                        raise
                    walk.problems.append(error)
                    bad += 1
                    continue
                if walk is not None:
                    walk.warnings += [ReadError(found.where, warning) for warning in (*found.warnings, *_lost(article))]
                count += 1
                yield article
        except OSError as error:
            raise ReadError(self.where, f"cannot be read: {_why(error)}") from None
        if not count + bad:
            raise ReadError(self.where, "no article in it")

    def _id(self, draft: Draft, number: int) -> str:
        """The id of an article without one of its own."""
        if draft.part:
            return f"{self.name}/{draft.part}"
        return f"{self.name}#{number}" if draft.where != self.where else self.name

    def _drafts(self, walk: Walk | None, names: Mapping[str, str]) -> Iterator[Draft | ReadError]:
        if self.path is None:
            data = sys.stdin.buffer.read()
            self.name = f"stdin-{sha256(data).hexdigest()[:12]}"
            yield from sniff(data).drafts(data, self.where, names)
        elif self.format is not None and not self.format.stream:
            yield from self.format.drafts(self.path.read_bytes(), self.where, names)
        else:
            with self.path.open("rb") as file:
                if self.format is None:
                    yield from self._unpacked(file, walk, names)
                else:
                    yield from self.format.drafts(file, self.where, names)

    def _unpacked(self, file: IO[bytes], walk: Walk | None, names: Mapping[str, str]) -> Iterator[Draft | ReadError]:
        """The articles of an archive's files. One that is bad is yielded as what is wrong with it."""
        single = holds_one(self.name)
        for member in members(file, self.name, self.where):
            if isinstance(member, ReadError):
                yield member
                continue
            inside = Path(member.name)
            if inside.name.startswith((".", "__MACOSX")) or "__MACOSX" in inside.parts:
                continue
            if (form := BY_SUFFIX.get(inside.suffix.lower())) is None:
                if walk is not None:
                    walk.skipped.append((member.where, inside.suffix.lower() or "without a suffix"))
                continue
            try:
                data = io.BytesIO(member.data) if form.stream else member.data
                for number, draft in enumerate(form.drafts(data, member.where, names), start=1):
                    if isinstance(draft, ReadError):
                        yield draft
                        continue
                    number_of = f"#{number}" if draft.where != member.where else ""
                    inside_it = draft.part or number_of.lstrip("#")
                    whole = f"{member.name}/{draft.part}" if draft.part else f"{member.name}{number_of}"
                    yield replace(draft, part=inside_it if single else whole)
            except ReadError as error:
                yield error


def files(paths: Iterable[str | Path], walk: Walk | None = None) -> Iterator[SourceFile]:
    """The files to read, in a stable order. What is missing or empty goes to `walk.problems`; without one, it raises."""
    for path in paths:
        if not str(path):
            path = "''"
        if str(path) == STDIN:
            yield SourceFile("standard input", "")
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
            problem = ReadError(_printable(Path(path)), f"nothing to read in this folder (looked for {_KINDS})")
            if walk is None:
                raise problem
            walk.problems.append(problem)


def origin(path: str | Path) -> str:
    """A path as an index remembers where articles came from."""
    return _printable(Path(os.path.realpath(path)))


def read(
    paths: str | Path | Iterable[str | Path], on_error: Literal["raise", "skip"] | Callable[[InputError], object] = "raise"
) -> Iterator[Article]:
    """The articles below one or more paths.

    `on_error`: whether the first that cannot be read raises ReadError (an InputError), is left out, or is given to what is called
    with the error, and left out.
    """
    paths = [paths] if isinstance(paths, (str, Path)) else paths
    if on_error == "raise":
        for file in files(paths):
            yield from file.articles()
        return
    walk = Walk()
    for file in files(paths, walk):
        try:
            yield from file.articles(walk)
        except ReadError as error:
            walk.problems.append(error)
        _tell(walk, on_error)
    _tell(walk, on_error)


def _tell(walk: Walk, on_error: object) -> None:
    for problem in walk.problems:
        if callable(on_error):
            on_error(problem)
    walk.problems.clear()


def _below(path: Path, walk: Walk | None) -> Iterator[SourceFile | ReadError]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        reason = "no such file or folder" if isinstance(error, FileNotFoundError) else f"cannot be read: {_why(error)}"
        yield ReadError(_printable(path), reason)
        return
    if not is_folder:
        form = _format(path)
        if form is None and not is_archive(path.name):
            form = _sniffed(path) if not path.suffix else None
            if form is None:
                yield ReadError(_printable(path), f"of a kind that is not read ({path.suffix or 'no suffix'}): give {_KINDS}")
                return
        yield SourceFile(_printable(path), _printable(Path(path.name)), form, origin(path), path)
    else:
        yield from _in_folder(path, walk)


def _in_folder(root: Path, walk: Walk | None) -> Iterator[SourceFile | ReadError]:
    broken: list[ReadError] = []

    def unreadable(error: OSError) -> None:
        broken.append(ReadError(_printable(Path(error.filename)), f"cannot be read: {_why(error)}"))

    above = origin(root).rstrip("/")
    for folder, names, entries in os.walk(root, onerror=unreadable):
        left = {n: kind for n in names if (kind := _left_out(Path(folder, n), entries))}
        names[:] = sorted(n for n in names if not n.startswith(".") and left.get(n) in (None, "a linked folder"))
        if walk is not None:
            walk.skipped += [(_printable(Path(folder, n)), kind) for n, kind in sorted(left.items())]
        for entry in sorted(entries):
            path = Path(folder, entry)
            if (why := _passed_over(entry, entries)) is not None:
                if walk is not None and why:
                    walk.skipped.append((_printable(path), why))
                continue
            if (form := _format(path)) is None and not is_archive(entry):
                if walk is not None:
                    walk.skipped.append((_printable(path), path.suffix.lower() or "without a suffix"))
                continue
            if os.path.exists(path) and not os.path.isfile(path):  # a pipe or socket would hang; a dead link is reported when read
                continue
            name = _printable(path.relative_to(root))
            yield SourceFile(_printable(path), name, form, f"{above}/{name}", path)
    yield from broken


def _left_out(folder: Path, beside: Iterable[str]) -> str:
    """Why a folder is not gone into; "" for one that is."""
    if _is_ours(folder):
        return "an index"
    if os.path.islink(folder):
        return "a linked folder"
    page = _PAGE_PARTS.fullmatch(folder.name.casefold())
    if page and not {f"{page[1]}{suffix}" for suffix in _PAGES}.isdisjoint(name.casefold() for name in beside):
        return "the parts of a saved page"
    return ""


def _passed_over(name: str, beside: Iterable[str]) -> str | None:
    """Why a file in a folder is not read, whatever its format; "" where nothing need be said, None for one that is read."""
    if name.startswith((".", "~$")):
        return "hidden"
    if not is_sidecar(name):
        return None
    of = name.rsplit(".", 2)[0].casefold()
    return "" if any(other.casefold() == of for other in beside) else "a sidecar without its file"


def _lost(article: Article) -> Iterator[str]:
    """What of an article could not be read, as its bytes are of no character."""
    for name in ("text", "title", "source", "url", "id"):
        if lost := getattr(article, name).count("\ufffd"):
            what = "1 character" if lost == 1 else f"{lost} characters"
            yield f"{what} in {'it' if name == 'text' else f'its {name}'} could not be read"


def _format(path: Path) -> Format | None:
    """The format of a file, by its suffix; a packed WARC is one, as its reader unpacks it page by page."""
    packed = path.name.lower().endswith(".warc.gz")
    return BY_SUFFIX[".warc" if packed else path.suffix.lower()] if packed or path.suffix.lower() in BY_SUFFIX else None


def _sniffed(path: Path) -> Format | None:
    """The format of a file without a suffix, by how it begins; None where it is no text."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return BY_SUFFIX[".txt"]  # what is wrong is said when it is read
    return None if b"\0" in head else sniff(head)


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
