"""Questions: ask and search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...corpus.errors import InputError
from .common import (
    IndexOption,
    JsonOption,
    SampleOption,
    SinceOption,
    SourceOption,
    UntilOption,
    colour,
    emit,
    emit_json,
    narrowed,
    note,
    opened,
)

if TYPE_CHECKING:
    from ...index.index import Index


def register(app: typer.Typer) -> None:
    app.command()(ask)
    app.command()(search)


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A question in plain words.")],
    index: IndexOption = None,
    sample: SampleOption = False,
    n: Annotated[int, typer.Option("-n", "--quotes", metavar="QUOTES", min=1, max=100, help="At most so many quotes.")] = 3,
    format: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, markdown or html.")] = "text",
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="A jinja2 template of your own.", show_default=False)
    ] = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """Answer a question with verbatim quotes. Exit code 1 where nothing answers it."""
    from ..ask import ask as answer_to
    from ..render import FORMATS, render, render_template

    if format not in FORMATS:
        raise InputError(f"--format {format}: must be one of {', '.join(FORMATS)}")
    with opened(index, sample) as opened_index:
        where = narrowed(opened_index, source, since, until)
        _warn_if_long(opened_index, question)
        answer = answer_to(opened_index, question, n, where)
    if template is not None:
        emit(render_template(answer, template))
    else:
        emit(render(answer, format, colour=colour()))
    if not answer.quotes:
        raise typer.Exit(1)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A question or words.")],
    index: IndexOption = None,
    sample: SampleOption = False,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=1000, help="At most so many passages.")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each score came about.")] = False,
    lexical: Annotated[bool, typer.Option("--lexical", help="By the words alone: no encoder is loaded.")] = False,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    json: JsonOption = False,
) -> None:
    """Rank passages. Exit code 1 where nothing is found."""
    from ..answer import hits_record
    from ..render import show

    with opened(index, sample) as opened_index:
        where = narrowed(opened_index, source, since, until)
        if not lexical:
            _warn_if_long(opened_index, query)
        hits = opened_index.search(query, k, where, lexical=lexical)
    if json:
        emit_json(hits_record(query, hits))
    else:
        emit(show("hits", "text", colour=colour(), hits=hits, explain=explain))
    if not hits:
        raise typer.Exit(1)


def _warn_if_long(index: Index, question: str) -> None:
    """Words beyond what the encoder reads still count in the lexical legs; say so."""
    if len(question) > index.encoder.max_tokens and index.encoder.count_tokens([question[:20_000]])[0] > index.encoder.max_tokens:
        note(
            f"note: the encoder reads only the first {index.encoder.max_tokens} tokens of this question; all its words are searched"
        )
