"""What the commands share: where the index is, how to complain, options, output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...corpus.errors import IndexMissing, InputError, ReadError
from ..visible import one_line, to_json

if TYPE_CHECKING:
    from ...corpus.article import Article
    from ...corpus.files import SourceFile, Walk
    from ...index.encoders.protocol import Progress
    from ...index.filters import Filter
    from ...index.index import Index
    from ...index.writing.commit import Committed
    from ...index.writing.writer import Writer

DEFAULT_INDEX = ".pullquote"

IndexOption = Annotated[
    str | None,
    typer.Option("--index", metavar="DIR", envvar="PULLQUOTE_INDEX", help="The index. [default: ./.pullquote]", show_default=False),
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="A sentence-transformers model: a folder, or one on this machine by name.",
        show_default=False,
    ),
]
SampleOption = Annotated[bool, typer.Option("--sample", help="Use the sample articles that come with pullquote.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SourceOption = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only articles of this outlet.", show_default=False)
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only articles published on or after.", show_default=False)
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only articles published on or before.", show_default=False)
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what could be known that day.", show_default=False)
]
NewestOption = Annotated[bool, typer.Option("--newest", help="Prefer newer articles, within bounds.")]


def version() -> str:
    from ... import __version__

    return __version__


def complain(text: str) -> None:
    """One line on stderr."""
    print(f"pullquote: {one_line(text)}", file=sys.stderr)


def note(text: str) -> None:
    """A remark on stderr."""
    print(one_line(text), file=sys.stderr)


def emit(text: str) -> None:
    """A result on stdout."""
    if sys.stdout is not None:  # closed by who called
        sys.stdout.write(text)


def emit_json(record: dict[str, Any]) -> None:
    emit(to_json(record) + "\n")


def colour() -> bool:
    """Whether stdout is a terminal that may be sent colours."""
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def gather(writer: Writer, paths: list[str]) -> tuple[int, int]:
    """Stage the articles below some paths, and complain of what cannot be read: how many there are, and how many problems."""
    from ...corpus.files import Walk, files

    walk = Walk()
    staged = 0
    for file in files(paths, walk):
        try:
            staged += writer.stage(file.articles(), file.where, file.origin)
        except ReadError as error:
            walk.problems.append(error)
    complain_of(walk)
    return staged, len(walk.problems)


def readable(found: Iterable[SourceFile], walk: Walk) -> Iterator[Article]:
    """The articles of some files, up to what cannot be read in each."""
    for file in found:
        try:
            yield from file.articles()
        except ReadError as error:
            walk.problems.append(error)


def complain_of(walk: Walk) -> None:
    """Say what could not be read, and what was skipped."""
    for problem in walk.problems:
        complain(str(problem))
    if walk.skipped:
        note(f"{walk.skipped} {'file' if walk.skipped == 1 else 'files'} of other kinds skipped")


def report(done: Committed, folder: str, json: bool, *, removed: bool = False) -> None:
    """What a commit changed."""
    if done.resumed:
        note(f"{done.embedded} sentences embedded, {done.resumed} more were kept from an interrupted run")
    if done.replaced:
        what = "article" if done.replaced == 1 else "articles"
        note(f"{done.replaced} updated {what} of the same id came from another file before")
    if done.cut:
        note(f"{done.cut} {'sentence' if done.cut == 1 else 'sentences'} longer than the encoder reads, cut at a clause")
    if done.without_story:
        note(f"{done.without_story} {'article' if done.without_story == 1 else 'articles'} without a sentence to index")
    if json:
        from dataclasses import asdict

        emit_json({"schema": "pullquote.committed/1", **asdict(done)})
        return
    gone = f"{done.removed} removed, " if removed else ""
    emit(
        f"{done.added} added, {done.updated} updated, {gone}{done.unchanged} unchanged: "
        f"{done.articles} articles, {done.passages} passages in {one_line(folder)}\n"
    )


def opened(folder: str | None, sample: bool = False) -> Index:
    """The index asked for. Raises IndexMissing with what to do."""
    from ...index.index import Index

    if sample:
        from .sample import sample_index

        return sample_index()
    folder = DEFAULT_INDEX if folder is None else folder
    try:
        return Index.open(folder)
    except IndexMissing:
        raise IndexMissing(
            f"no index in {folder}: build one with `pullquote add PATH`, or try the sample articles with `--sample`"
        ) from None


def narrowed(index: Index, source: str | None, since: str | None, until: str | None, as_of: str | None = None) -> Filter:
    """The filter asked for; says how many articles it leaves out only for want of a date."""
    from ...index.filters import Filter

    where = Filter.of(source, since, until, as_of=as_of)
    if left_out := index.undated(where):
        note(f"note: {left_out} {'article' if left_out == 1 else 'articles'} without a date left out")
    return where


def lines(file: Path | None) -> list[str]:
    """The lines of a file that are not blank, or of standard input for -. Raises InputError for a file without any."""
    from ...corpus.decode import decode

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else Path(file or "").read_bytes()
        found = [line.strip() for line in decode(data).split("\n") if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not found:
        raise InputError(f"{file}: nothing in it; write one a line")
    return found


@contextmanager
def progress(label: str) -> Iterator[Progress | None]:
    """A progress bar on stderr while work goes on; none where stderr is not a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.0f}/s")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
