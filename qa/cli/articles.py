"""Articles in and out: add, plan, show, status, analyze."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import InputError
from ..records import article_record, articles_record, plan_record, status_record, terms_record
from ..render.escaping import one_line, visible
from .opening import gather, narrowed, opened, readable
from .options import (
    DEFAULT_INDEX,
    EncoderOption,
    IndexOption,
    JsonOption,
    SampleOption,
    SinceOption,
    SourceOption,
    StatedDateOption,
    StatedMapOption,
    StatedSourceOption,
    UntilOption,
    VerboseOption,
    WorkersOption,
)
from .output import colour, complain_of, emit, emit_json, preparing, progress, report

if TYPE_CHECKING:
    from ...corpus.article import Article

_PASSAGE = re.compile(r"(.+):(\d{1,12})-(\d{1,12})")


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(add)
    app.command()(plan)
    app.command()(show)
    app.command("list")(list_)
    app.command()(status)
    app.command()(analyze)


def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders of any depth, or - for standard input.")],
    index: IndexOption = None,
    source: StatedSourceOption = None,
    date: StatedDateOption = None,
    map: StatedMapOption = None,
    verbose: VerboseOption = False,
    encoder: EncoderOption = None,
    workers: WorkersOption = None,
    json: JsonOption = False,
) -> None:
    """Read articles into the index. What has the id of an article already there replaces it.

    Text, Markdown, HTML, PDF, Word, OpenDocument, RTF, EPUB, JSON, CSV, feeds, mail, subtitles, MHTML, WARC, and archives of them.
    Exit code 1 where some could not be read, 2 where nothing was.
    """
    from ...corpus.sources.stated import Stated
    from ...index.writing.writer import Writer

    folder = DEFAULT_INDEX if index is None else index
    stated = Stated.of(source, date, map)
    with Writer(folder, encoder, preparing=preparing()) as writer:
        if workers is not None:
            writer.use(workers)
        staged, problems = gather(writer, paths, stated, verbose=verbose)
        if not staged:
            raise typer.Exit(2)
        with progress("embedding") as bar:
            added = writer.commit(bar)
    report(added, folder, json)
    if problems:
        raise typer.Exit(1)


def plan(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders of any depth, or - for standard input.")],
    encoder: EncoderOption = None,
    json: JsonOption = False,
) -> None:
    """Estimate what indexing some articles will take. They are all read, and a few of them tried."""
    from ...corpus.sources import Walk, files
    from ...index.encoders import protocol
    from ...index.encoders import registry as encoders
    from ...index.upkeep.estimate import plan as planned

    walk = Walk()
    found = planned(readable(files(paths, walk), walk), encoders.load(encoder or protocol.DEFAULT, preparing()))
    complain_of(walk)
    if not found.articles:
        raise typer.Exit(2)
    if json:
        emit_json(plan_record(found))
    else:
        lines = {
            "articles": f"{found.articles:,} ({found.words:,} words, about {found.sentences:,} sentences)",
            "time": f"about {_duration(found.seconds)}, {_duration(found.embedding_seconds)} of it for the embedding",
            "disk": f"{_size(found.disk_bytes)}; while it is written as much again",
            "temporary": f"{_size(found.temporary_bytes)}, in the system's folder for such files",
            "memory": f"{_size(found.memory_bytes)}",
        }
        emit("".join(f"{name:<10} {text}\n" for name, text in lines.items()))
    if walk.problems:
        raise typer.Exit(1)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _size(count: float) -> str:
    if count < 1e6:
        return "1 MB or less"
    return f"{count / 1e6:,.0f} MB" if count < 1e9 else f"{count / 1e9:,.1f} GB"


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="An article's id, or a passage's (as in talks.md:120-834).")],
    index: IndexOption = None,
    sample: SampleOption = False,
    json: JsonOption = False,
) -> None:
    """Show an article or a passage. Lines that are no part of the story are dimmed."""
    with opened(index, sample) as opened_index:
        article, start, end = _find(opened_index.article, id)
        marks = opened_index.marks(article)
    if json:
        emit_json(article_record(article, marks, start, end))
        return
    dim, plain = ("\x1b[2m", "\x1b[0m") if colour() else ("", "")
    known = {"stated": "", "given": " (given)"}.get(article.dated_by, f" (by its {article.dated_by})")
    about = [article.title, article.source, article.published and article.published + known, article.url, article.id]
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


def list_(
    index: IndexOption = None,
    sample: SampleOption = False,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    undated: Annotated[bool, typer.Option("--undated", help="Only articles without a date.")] = False,
    json: JsonOption = False,
) -> None:
    """List the articles: date, outlet, title, id. Exit code 1 where there are none."""
    with opened(index, sample) as opened_index:
        where = narrowed(opened_index, source, since, until)
        found = [article for article in opened_index.articles(where) if not (undated and article.published)]
    if json:
        emit_json(articles_record(found))
    else:
        for article in sorted(found, key=lambda a: (a.published or "", a.id)):
            about = [article.source, article.title, article.id]
            emit(f"{article.published or 'undated':<10}  " + " · ".join(one_line(part) for part in about if part) + "\n")
    if not found:
        raise typer.Exit(1)


def status(index: IndexOption = None, sample: SampleOption = False, json: JsonOption = False) -> None:
    """Say what the index holds."""
    with opened(index, sample) as opened_index:
        found = opened_index.status()
    if json:
        emit_json(status_record(found))
        return
    dates = f"{found['first_date']} to {found['last_date']}" if found["first_date"] else "none"
    sources = ", ".join(f"{one_line(name) or 'unknown'} ({count})" for name, count in found["sources"].items())
    parts = ", ".join(f"{name} {size / 1e6:.1f}" for name, size in found["bytes"].items() if size)
    segments = "" if found["segments"] is None else f", {_many(found['segments'], 'segment')}"
    waiting = []
    if found["pending"]:
        waiting.append(f"{_many(found['pending'], 'sentence')} of an interrupted run embedded: add the same again to go on")
    if found["removed"]:
        waiting.append(f"{_many(found['removed'], 'removed article')} still in the arrays, until they are merged or compacted")
    lines = {
        "index": found["folder"],
        "articles": f"{found['articles']} ({found['passages']} passages, {found['sentences']} sentences)",
        "copies": "not counted" if found["copies"] is None else f"{_many(found['copies'], 'article')} told the story of another",
        "published": f"{dates}, {found['without_date']} without a date",
        "sources": sources if len(sources) <= 300 else f"{len(found['sources'])} outlets",
        "encoder": f"{found['encoder']['name']} ({found['encoder']['dimension']} dimensions)",
        "vectors": _vectors(found["recall"], found["sentences"]),
        "size": f"{sum(found['bytes'].values()) / 1e6:.1f} MB: {parts}" if found["bytes"] else "the server knows",
        "state": f"generation {found['generation']}, format {found['format']}{segments}",
        "to do": "; ".join(waiting) or "nothing",
    }
    emit("".join(f"{name:<10} {one_line(text)}\n" for name, text in lines.items()))


def _vectors(recall: dict[str, Any] | None, sentences: int) -> str:
    if recall is None:
        return f"all {sentences} compared for each question"
    return f"{recall['sentences']} scanned by their codes: {recall['recall']:.1%} of the ten nearest found, in a sample"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def analyze(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Any text.")],
    json: JsonOption = False,
) -> None:
    """Show the terms by which a text is found: what BM25 sees of it."""
    from ...index.lexical.analyzer import Analyzer

    words = list(Analyzer().spans(text))
    if json:
        emit_json(terms_record(text, words))
    else:
        emit("".join(f"{one_line(text[a:b])}\t{' '.join(found) or '-'}\n" for a, b, found in words))
    if not any(found for _, _, found in words):
        raise typer.Exit(1)
