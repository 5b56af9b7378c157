"""Articles in and out: add, show, status, analyze."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...corpus.errors import InputError, ReadError
from ..visible import one_line, visible
from .common import DEFAULT_INDEX, IndexOption, JsonOption, SampleOption, colour, complain, emit, emit_json, note, opened, progress

if TYPE_CHECKING:
    from ...corpus.article import Article, Mark
    from ...index.commit import Committed

_PASSAGE = re.compile(r"(.+):(\d{1,12})-(\d{1,12})")


def register(app: typer.Typer) -> None:
    app.command()(add)
    app.command()(show)
    app.command()(status)
    app.command()(analyze)


def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders of any depth, or - for standard input.")],
    index: IndexOption = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder",
            metavar="NAME",
            help="A sentence-transformers model: a folder, or one on this machine by name.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Read articles into the index: .txt, .md, .html, .jsonl, .json. What has the id of an article already there replaces it."""
    from ...corpus.files import Walk, files
    from ...index.writer import Writer

    walk = Walk()
    staged = 0
    folder = DEFAULT_INDEX if index is None else index
    with Writer(folder, encoder) as writer:
        for file in files(paths, walk):
            try:
                staged += writer.stage(file.articles(), file.where)
            except ReadError as error:
                walk.problems.append(error)
        for problem in walk.problems:
            complain(str(problem))
        if walk.skipped:
            note(f"{walk.skipped} {'file' if walk.skipped == 1 else 'files'} of other kinds skipped")
        if not staged:
            raise typer.Exit(2)
        with progress("embedding") as bar:
            added = writer.commit(bar)
    _report(added, folder, json)
    if walk.problems:
        raise typer.Exit(2)


def _report(added: Committed, folder: str, json: bool) -> None:
    if added.cut:
        note(f"{added.cut} {'sentence' if added.cut == 1 else 'sentences'} longer than the encoder reads, cut at a clause")
    if added.without_story:
        note(f"{added.without_story} {'article' if added.without_story == 1 else 'articles'} without a sentence to index")
    if json:
        from dataclasses import asdict

        emit_json({"schema": "pullquote.added/1", **asdict(added)})
    else:
        emit(
            f"{added.added} added, {added.updated} updated, {added.unchanged} unchanged: "
            f"{added.articles} articles, {added.passages} passages in {one_line(folder)}\n"
        )


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="An article's id, or a passage's (as in talks.md:120-834).")],
    index: IndexOption = None,
    sample: SampleOption = False,
    json: JsonOption = False,
) -> None:
    """Show an article, with the lines that are no part of its story dimmed, or a passage."""
    with opened(index, sample) as opened_index:
        article, start, end = _find(opened_index.article, id)
        marks = opened_index.marks(article)
    if json:
        emit_json(_article_record(article, marks, start, end))
        return
    dim, plain = ("\x1b[2m", "\x1b[0m") if colour() else ("", "")
    about = [article.title, article.source, article.published, article.url, article.id]
    emit(dim + " · ".join(one_line(part) for part in about if part) + plain + "\n\n")
    pieces, last = [], start
    for mark in marks:
        if mark.start >= start and mark.end <= end:
            pieces += [visible(article.text[last : mark.start]), dim, visible(article.text[mark.start : mark.end]), plain]
            last = mark.end
    pieces.append(visible(article.text[last:end]))
    emit("".join(pieces).rstrip() + "\n")


def _find(article_of: Any, name: str) -> tuple[Article, int, int]:
    """An article and the stretch of it that `name` means."""
    try:
        article = article_of(name)
        return article, 0, len(article.text)
    except KeyError:
        pass
    if found := _PASSAGE.fullmatch(name):
        try:
            article = article_of(found[1])
        except KeyError:
            article = None
        start, end = int(found[2]), int(found[3])
        if article is not None and 0 <= start < end <= len(article.text):
            return article, start, end
    raise InputError(f"no article or passage {name!r} in the index: ids are what `pullquote search` and `ask` print")


def _article_record(article: Article, marks: tuple[Mark, ...], start: int, end: int) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "schema": "pullquote.article/1",
        **asdict(article),
        "start": start,
        "end": end,
        "marks": [asdict(mark) for mark in marks],
    }


def status(index: IndexOption = None, sample: SampleOption = False, json: JsonOption = False) -> None:
    """Say what the index holds."""
    with opened(index, sample) as opened_index:
        found = opened_index.status()
    if json:
        emit_json({"schema": "pullquote.status/1", **found})
        return
    dates = f"{found['first_date']} to {found['last_date']}" if found["first_date"] else "none"
    sources = ", ".join(f"{one_line(name) or 'unknown'} ({count})" for name, count in found["sources"].items())
    lines = {
        "index": found["folder"],
        "articles": f"{found['articles']} ({found['passages']} passages, {found['sentences']} sentences)",
        "published": f"{dates}, {found['without_date']} without a date",
        "sources": sources if len(sources) <= 300 else f"{len(found['sources'])} outlets",
        "encoder": f"{found['encoder']['name']} ({found['encoder']['dimension']} dimensions)",
        "size": f"{sum(found['bytes'].values()) / 1e6:.1f} MB, generation {found['generation']}, format {found['format']}",
    }
    emit("".join(f"{name:<10} {one_line(text)}\n" for name, text in lines.items()))


def analyze(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Any text.")],
    json: JsonOption = False,
) -> None:
    """Show the terms by which a text is found: what BM25 sees of it."""
    from ...index.analyzer import Analyzer

    words = list(Analyzer().spans(text))
    if json:
        terms = [{"start": a, "end": b, "word": text[a:b], "terms": list(found)} for a, b, found in words]
        emit_json({"schema": "pullquote.terms/1", "text": text, "terms": terms})
    else:
        emit("".join(f"{one_line(text[a:b])}\t{' '.join(found) or '-'}\n" for a, b, found in words))
    if not any(found for _, _, found in words):
        raise typer.Exit(1)
