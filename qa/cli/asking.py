"""Questions: ask and search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import InputError, QuestionError
from .opening import lines, narrowed, opened
from .options import (
    AsOfOption,
    FormatOption,
    IndexOption,
    JsonOption,
    NewestOption,
    QuickOption,
    SampleOption,
    SinceOption,
    SourceOption,
    TemplateOption,
    UntilOption,
)
from .output import colour, complain, emit, emit_json, note, width

if TYPE_CHECKING:
    from ...index.index import Index
    from ..render.render import Format


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(ask)
    app.command()(search)
    app.command()(find)
    app.command()(timeline)


def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", help="A question in plain words.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Questions, one a line; - for stdin.", show_default=False)
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
    n: Annotated[int, typer.Option("-n", "--quotes", metavar="QUOTES", min=1, max=100, help="At most so many quotes.")] = 3,
    format: FormatOption = "text",
    template: TemplateOption = None,
    context: Annotated[bool, typer.Option("--context", help="With the sentence before a quote that points back.")] = False,
    newest: NewestOption = False,
    quick: QuickOption = False,
    sure: Annotated[
        float | None,
        typer.Option("--sure", metavar="SHARE", help="Answer only so surely that this share is right (0.8).", show_default=False),
    ] = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Answer a question, or each in a file, with verbatim quotes. Exit code 1 where nothing is answered."""
    from ..ask import ask as answer_to
    from ..ask import ask_many
    from ..question.beyond import instead
    from ..render.render import render, render_many, render_template

    form = form_of(format)
    if (question is None) == (file is None):
        raise InputError('ask one question, as in: pullquote ask "Who signed it?", or give --file FILE, with one a line')
    questions = [question] if question is not None else _askable(file)
    with opened(index, sample) as opened_index:
        where = narrowed(opened_index, source, since, until, as_of)
        for one in questions:
            _warn_if_long(opened_index, one)
            if said := instead(one):
                note(f"note: {said}")
        if question is not None:
            answers = [answer_to(opened_index, question, n, where, context=context, newest=newest, reader=not quick, sure=sure)]
        else:
            answers = ask_many(opened_index, questions, n, where, context=context, newest=newest, reader=not quick, sure=sure)
    if template is not None:
        emit("".join(render_template(answer, template) for answer in answers))
    elif question is not None:
        emit(render(answers[0], form, colour=colour()))
    else:
        emit(render_many(answers, form, colour=colour()))
    if not any(answer.quotes for answer in answers):
        raise typer.Exit(1)


def form_of(format: str) -> Format:
    """The format that is typed so. Raises InputError."""
    from ..render.render import FORMATS

    form = next((known for known in FORMATS if known == format), None)
    if form is None:
        raise InputError(f"--format {format}: must be one of {', '.join(FORMATS)}")
    return form


def _askable(file: Path | None) -> list[str]:
    """The questions of a file; a line that cannot be asked is complained of. Raises InputError where none can be."""
    from ...index.search.ranking import checked

    questions = []
    for number, line in lines(file):
        try:
            questions.append(checked(line))
        except QuestionError as error:
            complain(f"{file}: line {number}: {error}")
    if not questions:
        raise InputError(f"{file}: no question that can be asked")
    return questions


def timeline(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A question in plain words.")],
    index: IndexOption = None,
    sample: SampleOption = False,
    n: Annotated[int, typer.Option("-n", "--dates", metavar="DATES", min=1, max=1000, help="At most so many dates.")] = 20,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    quick: QuickOption = False,
    format: FormatOption = "text",
    template: TemplateOption = None,
    json: JsonOption = False,
) -> None:
    """Show the best quote of each date, oldest first. And what value was given when. Exit code 1 where no dated article answers."""
    from ..render.render import render, render_template
    from ..timeline import timeline as of_dates

    form = form_of("json" if json else format)
    with opened(index, sample) as opened_index:
        where = narrowed(opened_index, source, since, until, as_of)
        found = of_dates(opened_index, question, n, where, reader=not quick)
    if found.undated:
        what = "article that answers has" if found.undated == 1 else "articles that answer have"
        note(f"note: {found.undated} {what} no date")
    emit(render(found, form, colour=colour()) if template is None else render_template(found, template))
    if not found.quotes:
        raise typer.Exit(1)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A question or words.")],
    index: IndexOption = None,
    sample: SampleOption = False,
    k: Annotated[int, typer.Option("-k", metavar="N", min=1, max=1000, help="At most so many passages.")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each score came about.")] = False,
    lexical: Annotated[bool, typer.Option("--lexical", help="By the words alone: no encoder is loaded.")] = False,
    newest: NewestOption = False,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Rank passages. Exit code 1 where nothing is found."""
    from dataclasses import replace

    from ...index.search.formula import NEWEST
    from ..records import hits_record
    from ..render.render import show

    with opened(index, sample) as opened_index:
        where = narrowed(opened_index, source, since, until, as_of)
        weights = replace(opened_index.weights, newest=NEWEST) if newest else None
        if not lexical:
            _warn_if_long(opened_index, query)
        hits = opened_index.search(query, k, where, lexical=lexical, weights=weights)
    if json:
        emit_json(hits_record(query, hits))
    else:
        analyzer = opened_index.analyzer
        matches = {hit.rank: analyzer.matches(hit.text, analyzer.terms(query)) for hit in hits}
        emit(show("hits", "text", colour=colour(), hits=hits, explain=explain, matches=matches, width=width(4)))
    if not hits:
        raise typer.Exit(1)


def find(
    words: Annotated[str, typer.Argument(metavar="WORDS", help='Words, "a phrase", -not; in one argument.')],
    index: IndexOption = None,
    sample: SampleOption = False,
    n: Annotated[int, typer.Option("-n", metavar="N", min=1, help="At most so many sentences.")] = 50,
    all: Annotated[bool, typer.Option("--all", help="However many there are.")] = False,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    json: JsonOption = False,
) -> None:
    """List every sentence that holds some words, oldest first. It counts them. Exit code 1 where there is none."""
    from ..find import find as mentions
    from ..records import found_record
    from ..render.render import show, table

    with opened(index, sample) as opened_index:
        found = mentions(opened_index, words, narrowed(opened_index, source, since, until))
    shown = found if all else found[:n]
    if json:
        emit_json(found_record(words, found))
    elif csv:
        emit(table(shown))
    else:
        emit(show("found", "text", colour=colour(), found=shown))
    articles = {article for one in found for article in (one.article_id, *one.also)}
    counted = ((len(found), "sentence"), (len(articles), "article"))
    what = " in ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counted)
    note(what if len(shown) == len(found) else f"{what}, the first {len(shown)} shown (--all shows all)")
    if not found:
        raise typer.Exit(1)


def _warn_if_long(index: Index, question: str) -> None:
    """Words beyond what the encoder reads still count in the lexical legs; say so."""
    if len(question) > index.encoder.max_tokens and index.encoder.count_tokens([question[:20_000]])[0] > index.encoder.max_tokens:
        note(
            f"note: the encoder reads only the first {index.encoder.max_tokens} tokens of this question; all its words are searched"
        )
