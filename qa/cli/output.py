"""What a command prints: results on stdout; complaints, remarks and progress on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...index.place import hidden
from ..records import committed_record
from ..render.escaping import one_line, to_json

if TYPE_CHECKING:
    from ...corpus.sources import Walk
    from ...index.encoders.protocol import Progress
    from ...index.writing.commit import Committed


_KINDS = 8  # of what was skipped, that are named


def version() -> str:
    """The version of pullquote."""
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
    """A result on stdout as JSON, on several lines."""
    emit(to_json(record) + "\n")


def colour() -> bool:
    """Whether stdout is a terminal that may be sent colours."""
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width(set_in: int = 0) -> int:
    """The columns of the terminal that stdout is, but a hundred at most, less those that a text is set in; 0 where it is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return 0
    return max(20, min(100, shutil.get_terminal_size().columns) - set_in)


def complain_of(walk: Walk, *, verbose: bool = False) -> None:
    """Say what could not be read, what was left out of what was, and what was skipped: by kind, or `verbose` by name."""
    for problem in walk.problems:
        complain(str(problem))
    for warning in walk.warnings:
        note(f"warning: {warning}")
    if verbose:
        for where, kind in walk.skipped:
            note(f"skipped: {where} ({kind})")
    elif walk.skipped:
        kinds = Counter(kind for _, kind in walk.skipped).most_common()
        named = ", ".join(f"{kind} ({count})" for kind, count in kinds[:_KINDS]) + (", ..." if len(kinds) > _KINDS else "")
        note(f"{len(walk.skipped)} skipped as not read: {named} (--verbose lists them)")


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
        emit_json(committed_record(done))
        return
    gone = f"{done.removed} removed, " if removed else ""
    emit(
        f"{done.added} added, {done.updated} updated, {gone}{done.unchanged} unchanged: "
        f"{done.articles} articles, {done.passages} passages in {one_line(hidden(folder))}\n"
    )


class Bar:
    """A progress bar on stderr, from the first call, with (done, total), to the one that has done all."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are done."""
        if self._shown is None:
            self._shown = _bar()
            self._shown.add_task(self._label, total=total)
            self._shown.start()
        self._shown.update(self._shown.task_ids[0], completed=done, total=total)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away; another call shows it again."""
        if self._shown is not None:
            self._shown.stop()
            self._shown = None


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.0f}/s")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def preparing() -> Progress | None:
    """What shows that an encoder is prepared for its first use; None where stderr is not a terminal."""
    return Bar("preparing the encoder") if sys.stderr is not None and sys.stderr.isatty() else None


@contextmanager
def progress(label: str) -> Iterator[Progress | None]:
    """A progress bar on stderr while work goes on; none where stderr is not a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    bar = Bar(label)
    try:
        yield bar
    finally:
        bar.close()
