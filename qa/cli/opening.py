"""What a command works on: an index, a filter, articles, questions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import IndexMissing, InputError, ReadError
from ..render.escaping import one_line
from .options import DEFAULT_INDEX
from .output import complain_of, note, preparing

if TYPE_CHECKING:
    from ...corpus.article import Article
    from ...corpus.sources import SourceFile, Walk
    from ...corpus.sources.stated import Stated
    from ...index.filters import Filter
    from ...index.index import Index
    from ...index.writing.writer import Writer

_LISTED = 12  # outlets in a note


def gather(writer: Writer, paths: list[str], stated: Stated | None = None, *, verbose: bool = False) -> tuple[int, int]:
    """Stage the articles below some paths, and complain of what cannot be read: how many there are, and how many problems.

    `stated`: what is said of them, for what they do not state themselves; `verbose`: list what is skipped.
    """
    from ...corpus.sources import Walk, files
    from ...corpus.sources.stated import NOTHING
    from ...index.workers.reading import read

    walk = Walk()
    staged = 0
    found = (replace(file, stated=stated or NOTHING) for file in files(paths, walk))
    for file, articles in read(found, writer.workers, walk):
        file.name = writer.name_of(file.name, file.origin)
        try:
            staged += writer.stage(articles(), file.where, file.origin, walk.problems.append)
        except ReadError as error:
            walk.problems.append(error)
    complain_of(walk, verbose=verbose)
    return staged, len(walk.problems)


def readable(found: Iterable[SourceFile], walk: Walk) -> Iterator[Article]:
    """The articles of some files, up to what cannot be read in each."""
    for file in found:
        try:
            yield from file.articles(walk)
        except ReadError as error:
            walk.problems.append(error)


def opened(folder: str | None, sample: bool = False) -> Index:
    """The index asked for. Raises IndexMissing with what to do."""
    from ...index.index import Index
    from ...index.place import hidden

    if sample:
        from .sample import sample_index

        return sample_index()
    folder = DEFAULT_INDEX if folder is None else folder
    try:
        return Index.open(folder, preparing=preparing())
    except IndexMissing:
        folder = hidden(folder)
        raise IndexMissing(
            f"no index in {folder}: build one with `pullquote add PATH`, or try the sample articles with `--sample`"
        ) from None


def narrowed(index: Index, source: Sequence[str] | None, since: str | None, until: str | None, as_of: str | None = None) -> Filter:
    """The filter asked for; says how many articles it leaves out only for want of a date, and which outlets there are where one of
    those asked for is none.
    """
    from ...corpus.decode import tidy
    from ...index.filters import Filter

    outlets = index.outlets() if source else []
    known = {name.casefold() for name in outlets}
    for name in source or ():
        if tidy(name).casefold() not in known:
            more = f" and {len(outlets) - _LISTED} more" if len(outlets) > _LISTED else ""
            listed = one_line(", ".join(outlets[:_LISTED])) or "not known"
            note(f"note: no article is of {one_line(name)}; the outlets are {listed}{more}")
    where = Filter.of(source or None, since, until, as_of=as_of)
    if left_out := index.undated(where):
        note(f"note: {left_out} {'article' if left_out == 1 else 'articles'} without a date left out")
    return where


def lines(file: Path | None) -> list[tuple[int, str]]:
    """The lines of a file that are not blank with their numbers, from 1, or of standard input for -. Raises InputError for a file
    without any.
    """
    from ...corpus.decode import decode

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else Path(file or "").read_bytes()
        found = [(number, line.strip()) for number, line in enumerate(decode(data).split("\n"), start=1) if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not found:
        raise InputError(f"{file}: nothing in it; write one a line")
    return found
