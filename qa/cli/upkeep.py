"""Keeping an index: sync, remove, compact, doctor, export, import."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import IndexMissing, InputError
from ..records import changes_record, compacted_record, doctor_record, exported_record
from ..render.escaping import one_line
from .opening import gather, opened
from .options import (
    DEFAULT_INDEX,
    EncoderOption,
    IndexOption,
    JsonOption,
    StatedDateOption,
    StatedMapOption,
    StatedSourceOption,
    VerboseOption,
    WorkersOption,
)
from .output import complain, emit, emit_json, note, preparing, progress, report

if TYPE_CHECKING:
    from ...index.writing.changes import Changes
    from ...index.writing.writer import Writer


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(sync)
    app.command()(remove)
    app.command()(compact)
    app.command()(doctor)
    app.command()(export)
    app.command("import")(import_)


def sync(
    paths: Annotated[list[str], typer.Argument(metavar="FOLDER...", help="Folders or files.")],
    index: IndexOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    source: StatedSourceOption = None,
    date: StatedDateOption = None,
    map: StatedMapOption = None,
    verbose: VerboseOption = False,
    encoder: EncoderOption = None,
    workers: WorkersOption = None,
    json: JsonOption = False,
) -> None:
    """Make the index hold what is in a folder now. What is new there is added, what has changed updated, what has gone removed."""
    from ...corpus.sources import STDIN, origin
    from ...corpus.sources.stated import Stated
    from ...index.writing.writer import Writer

    if STDIN in paths:
        raise InputError("standard input cannot be synced: use `pullquote add -`")
    folder = DEFAULT_INDEX if index is None else index
    with Writer(folder, encoder, preparing=preparing()) as writer:
        if workers is not None:
            writer.use(workers)
        staged, problems = gather(writer, paths, Stated.of(source, date, map), verbose=verbose)
        if not staged:
            raise typer.Exit(2)
        for path in paths:
            if not problems:
                writer.remove_missing(origin(path))
        changes = writer.changes()
        if dry_run:
            _would_change(changes, json)
        else:
            with progress("embedding") as bar:
                report(writer.commit(bar), folder, json, removed=True)
    if problems:
        complain("not everything could be read, so nothing was removed" if not dry_run else "not everything could be read")
        raise typer.Exit(1)


def _would_change(changes: Changes, json: bool) -> None:
    if json:
        emit_json(changes_record(changes))
        return
    for sign, ids in (("+", changes.added), ("~", changes.updated), ("-", changes.removed)):
        emit("".join(f"{sign} {one_line(i)}\n" for i in ids))
    counts = f"{len(changes.added)} to add, {len(changes.updated)} to update, {len(changes.removed)} to remove"
    emit(f"{counts}, {changes.unchanged} unchanged: nothing was changed\n")


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles.")],
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Remove articles, all or none."""
    with _writer(index) as writer:
        writer.remove(ids)
        report(writer.commit(), DEFAULT_INDEX if index is None else index, json, removed=True)


def compact(index: IndexOption = None, json: JsonOption = False) -> None:
    """Write the index anew without what is no longer used."""
    with _writer(index) as writer:
        is_local = isinstance(_place(index), Path)
        before = _size(writer.folder) if is_local else None
        done = writer.compact()
    after = _size(writer.folder) if is_local else None
    name = one_line(str(_place(index)))
    if json:
        emit_json(compacted_record(done.articles, before, after))
    elif before is None or after is None:
        emit(f"cleaned: {done.articles} articles in {name}\n")
    else:
        emit(f"{before / 1e6:.1f} MB before, {after / 1e6:.1f} MB after: {done.articles} articles in {name}\n")


def doctor(
    index: IndexOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Derive anew what is damaged.")] = False,
    encoder: EncoderOption = None,
    json: JsonOption = False,
) -> None:
    """Verify every checksum and invariant of the index. It says what mends it.

    A repair keeps the vectors, and leaves out articles that are themselves damaged. Exit code 3 if anything is wrong, 1 if a repair
    left out articles.
    """
    from ...index.upkeep.doctor import examine
    from ...index.writing.writer import Writer

    folder = _place(index)
    if isinstance(folder, Path) and not folder.exists():
        raise _no_index(folder)
    findings = examine(folder)
    lost: list[str] = []
    repaired = bool(repair and findings)
    if repaired:
        for finding in findings:
            complain(finding.what)
        with Writer(folder, encoder, repair=True, preparing=preparing()) as writer, progress("embedding") as bar:
            done = writer.rebuild(bar)
            lost = writer.left_out
        for article_id in lost:
            complain(f"article {article_id!r} was damaged and is left out: add it again")
        if done.embedded:
            note(f"{done.embedded} {'sentence' if done.embedded == 1 else 'sentences'} embedded again")
        findings = examine(folder)
    if json:
        emit_json(doctor_record(findings, repaired=repaired, left_out=lost))
    else:
        emit("".join(f"{one_line(f.what)}: {one_line(f.remedy)}\n" for f in findings))
        if not findings:
            emit(f"{'repaired' if repaired else 'sound'}: {one_line(str(folder))}\n")
    if findings:
        raise typer.Exit(3)
    if lost:
        raise typer.Exit(1)


def export(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A new folder.")],
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Write the articles and vectors for other tools. They are JSON lines and a numpy array, with a README."""
    from ...index.upkeep.export import export as write

    with opened(index) as opened_index:
        counts = write(opened_index, folder)
    if json:
        emit_json(exported_record(folder, counts))
    else:
        emit(f"{counts['articles']} articles, {counts['sentences']} vectors in {one_line(folder)}\n")


def import_(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="What `export` wrote.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    json: JsonOption = False,
) -> None:
    """Make an index of what was exported, or add it to one. Nothing is embedded anew."""
    from ...index.upkeep.export import import_ as take

    target = DEFAULT_INDEX if index is None else index
    with progress("embedding") as bar:
        report(take(folder, target, encoder, bar), target, json)


def _writer(index: str | None) -> Writer:
    """The writer of an index that is there. Raises IndexMissing."""
    from ...index.storage.database import is_there
    from ...index.writing.writer import Writer

    folder = _place(index)
    if isinstance(folder, Path):
        if not is_there(folder):
            raise _no_index(folder)
    else:
        opened(folder).close()  # which says so where there is none
    return Writer(folder, preparing=preparing())


def _place(index: str | None) -> Path | str:
    """Where the index is: a folder, or an address."""
    from ...index.place import is_remote

    return index if index is not None and is_remote(index) else Path(DEFAULT_INDEX if index is None else index)


def _no_index(folder: Path) -> IndexMissing:
    return IndexMissing(f"no index in {folder}: build one with `pullquote add PATH`")


def _size(folder: Path) -> int:
    """The bytes of an index; what cannot be seen is not counted."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.stat(os.path.join(place, name)).st_size
    return total
