"""Question sets: import, lint, suggest."""

from __future__ import annotations

import json as json_module
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from ...errors import InputError
from ...qa.cli.opening import opened
from ...qa.cli.options import IndexOption, JsonOption, SampleOption
from ...qa.cli.output import emit, emit_json, note
from ...qa.render.escaping import one_line, visible
from ..importers.formats import FORMATS
from .options import RunArgument, SetArgument, free


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("import", epilog="Formats:\n\n" + "\n\n".join(f"{name}: {form.holds}" for name, form in FORMATS.items()))(import_)
    app.command()(export)
    app.command()(lint)
    app.command()(suggest)
    app.command()(judge)


def import_(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A file or folder in one of the formats below.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="SET", help="Where the question set goes.")],
    form: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help="The format. [default: the one that it looks like]", show_default=False),
    ] = None,
    qrels: Annotated[
        Path | None, typer.Option("--qrels", metavar="FILE", help="The judgements of TREC topics.", show_default=False)
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(
            "--articles", metavar="FILE", help="Also write the articles that come with it, for `add`.", show_default=False
        ),
    ] = None,
) -> None:
    """Bring a question set of another format into ours. Exit code 1 if gold was lost; what was, and why, is said by id."""
    from ..importers.gather import articles as articles_of
    from ..importers.gather import gather, importer
    from ..questions import dump

    free(out, "the set")
    if articles is not None:
        free(articles, "the articles")
        if articles.absolute() == out.absolute():
            raise InputError(f"{out}: the set and the articles cannot be one file")
    found = importer(source, form, qrels)
    questions = gather(found)
    for line in found.account.lines():
        note(f"{one_line(str(source))}: {one_line(line)}")
    if not questions:
        raise InputError(f"{source}: no questions in it")
    count = dump(questions, out)
    unjudged = sum(question.gold is None for question in questions)
    none = sum(question.unanswerable for question in questions)
    judged = f", {unjudged} of them not judged yet (see: pullquote eval suggest --help)" if unjudged else ""
    emit(f"{count} questions, {none} of them without an answer{judged}, in {one_line(str(out))}\n")
    if articles is not None:
        written = 0
        try:
            with articles.open("x", encoding="utf-8") as file:
                for article in articles_of(found):
                    file.write(json_module.dumps(asdict(article), ensure_ascii=False) + "\n")
                    written += 1
        except OSError as error:
            raise InputError(f"{articles}: cannot be written: {error.strerror}") from None
        emit(f"{written} articles in {one_line(str(articles))}\n")
    if found.account.is_lossy:
        raise typer.Exit(1)


def export(
    set: SetArgument,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PLACE", help="A new folder (BEIR) or file (SQuAD).")],
    form: Annotated[Literal["beir", "squad"], typer.Option("--to", metavar="FORMAT", help="beir or squad.")] = "beir",
    index: IndexOption = None,
    sample: SampleOption = False,
) -> None:
    """Write a question set and the articles for other tools. The articles are those of the index."""
    from ..questions import load
    from ..sets.export import to_beir, to_squad

    questions = load(set, unjudged=True)
    with opened(index, sample) as opened_index:
        count = (to_beir if form == "beir" else to_squad)(opened_index, questions, out)
    left = f", {len(questions) - count} left out, which have no gold of the kind" if count < len(questions) else ""
    emit(f"{count} questions{left}, in {one_line(str(out))}\n")


def lint(set: SetArgument, index: IndexOption = None, sample: SampleOption = False, json: JsonOption = False) -> None:
    """Say what is wrong with a set beside its index. Exit code 1 if anything is."""
    from ..questions import load
    from ..sets.lint import lint as findings_of

    questions = load(set, unjudged=True)
    with opened(index, sample) as opened_index:
        found = findings_of(opened_index, questions)
    if json:
        emit_json({"schema": "pullquote.lint/1", "findings": [asdict(finding) for finding in found]})
    else:
        for finding in found:
            emit(f"{one_line(finding.question or str(set))}: {finding.kind}: {one_line(finding.what)}\n")
    serious = sum(finding.kind != "unjudged articles" for finding in found)
    note(f"{len(questions)} questions, {serious or 'no'} {'finding' if serious == 1 else 'findings'}")
    if serious:
        raise typer.Exit(1)


def suggest(
    set: SetArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="SET", help="Where the set goes. [default: SET]", show_default=False)
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
) -> None:
    """Propose gold for questions that have none, to accept. What is decided is kept, and gone on with later."""
    from ..questions import load
    from ..sets.suggest import HELP
    from ..sets.suggest import suggest as go_through

    target = out or set
    questions = load(target if target.exists() else set, unjudged=True)

    def typed() -> str:
        emit("> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        return line if line else "q"

    note(HELP)
    with opened(index, sample) as opened_index:
        done = go_through(opened_index, questions, target, lambda text: emit(visible(text)), typed)
    emit(f"\n{done.judged} with gold, {done.none} without an answer, {done.left} left in {one_line(str(target))}\n")


def judge(
    set: SetArgument,
    run: RunArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="SET", help="Where the set goes. [default: SET]", show_default=False)
    ] = None,
) -> None:
    """Judge answers of a run in articles that nobody judged. A key for each; what is decided is kept."""
    from .. import run_folder
    from ..questions import load
    from ..sets.judge import HELP
    from ..sets.judge import judge as go_through

    target = out or set
    questions, rows = load(target if target.exists() else set), run_folder.read(run).rows

    def pressed() -> str:
        emit("> ")
        sys.stdout.flush()
        if sys.stdin.isatty():
            key = typer.getchar(echo=True)
            emit("\n")
            return key
        line = sys.stdin.readline()
        return line if line else "q"

    note(HELP)
    done = go_through(questions, rows, target, lambda text: emit(visible(text)), pressed)
    emit(f"\n{done.accepted} are gold now, {done.rejected} articles rejected, {done.left} left in {one_line(str(target))}\n")
