"""Answers and hits as text, through jinja2: the shipped templates, or one of the user's own in a sandbox."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from jinja2 import TemplateSyntaxError
from jinja2.exceptions import TemplateError as JinjaError

from ...errors import TemplateError
from ..answer import ANSWERED, NO_ANSWER, Answer, Quote, Timeline
from ..find import Found
from ..records import answers_record
from . import citations, escaping
from .environment import environment

Format = Literal["text", "markdown", "html", "json", "csv", "briefing", "csl", "ris", "bibtex"]
FORMATS: tuple[Format, ...] = ("text", "json", "markdown", "html", "csv", "briefing", "csl", "ris", "bibtex")
_COLUMNS = (
    "question", "status", "rank", "text", "span", "confidence", "article_id", "start", "end", "title", "source", "published", "url",
    "link", "line", "locator",
)  # fmt: skip
_SUFFIXES = {".html": "html", ".htm": "html", ".xml": "html", ".md": "markdown", ".markdown": "markdown"}


def render(answer: Answer | Timeline, form: Format = "text", *, colour: bool = False) -> str:
    """An answer or a timeline in one of FORMATS; `colour` marks words with terminal codes (text only)."""
    if isinstance(answer, Timeline):
        return _timeline(answer, form, colour=colour)
    if form == "json":
        return escaping.to_json(answer.to_dict()) + "\n"
    return render_many([answer], form, colour=colour, heading=False)


def _timeline(timeline: Timeline, form: Format, *, colour: bool) -> str:
    """A timeline; where a format is of quotes alone, its quotes."""
    if form == "json":
        return escaping.to_json(timeline.to_dict()) + "\n"
    if form in ("text", "markdown", "html"):
        return show("timeline", form, colour=colour, timeline=timeline)
    return render_many([_as_answer(timeline)], form)


def _as_answer(timeline: Timeline) -> Answer:
    """The quotes of a timeline as those of an answer."""
    said = timeline.quotes
    return Answer(timeline.question, ANSWERED if said else NO_ANSWER, "" if said else "no dated article answers it", said, {})


def render_many(answers: Sequence[Answer], form: Format = "text", *, colour: bool = False, heading: bool = True) -> str:
    """Several answers in one document. `heading`: text says what was asked."""
    if form == "json":
        return escaping.to_json(answers_record(list(answers))) + "\n"
    if form == "csv":
        return _csv(answers)
    if form in citations.FORMS:
        return citations.citations(answers, form)
    if form == "html":
        return show("answer", "html", answers=answers)
    if form == "briefing":
        sources: dict[str, Quote] = {}
        for quote in (q for a in answers for some in (a.quotes, *(side.quotes for side in a.disagreements)) for q in some):
            sources.setdefault(quote.article_id, quote)
        numbers = {article_id: number for number, article_id in enumerate(sources, start=1)}
        return show("briefing", "markdown", answers=answers, sources=list(sources.values()), numbers=numbers)
    return "\n".join(show("answer", form, colour=colour, answer=answer, heading=heading) for answer in answers)


def _csv(answers: Sequence[Answer]) -> str:
    """A line for each quote; for a question without an answer one that says so. What a spreadsheet would take for a formula is kept
    from it by an apostrophe.
    """
    import csv
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()

    for answer in answers:
        about = {"question": _cell(answer.question), "status": answer.status}
        for quote in answer.quotes:
            values = {name: _cell(getattr(quote, name)) for name in _COLUMNS[2:] if name != "span"}
            writer.writerow({**about, **values, "span": _cell(quote.span.text) if quote.span else ""})
        if not answer.quotes:
            writer.writerow(about)
    return escaping.visible(out.getvalue())


def table(found: Sequence[Found]) -> str:
    """Every mention of some words as CSV, a line each."""
    import csv
    import io

    out = io.StringIO()
    names = ("text", "article_id", "start", "end", "line", "locator", "title", "source", "published", "url", "also")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for one in found:
        writer.writerow(
            [_cell("; ".join(value) if isinstance(value, tuple) else value) for value in (getattr(one, n) for n in names)]
        )
    return escaping.visible(out.getvalue())


def _cell(value: object) -> object:
    """A value as a spreadsheet takes for no formula."""
    return "'" + value if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def show(name: str, form: str = "text", *, colour: bool = False, **values: Any) -> str:
    """The shipped template `name` in a format."""
    return environment(form, colour, "pullquote.qa.render").get_template(f"{name}.{form}.jinja").render(values)


def render_template(answer: Answer | Timeline, path: Path) -> str:
    """An answer through the user's own template, which gets `answer` (see Answer), or for a timeline `timeline` and its quotes as
    an `answer`, and may use the filters `marked`, `line`, `link` and `outlets`. It is escaped as HTML or Markdown where its name
    says so (report.html, report.md.jinja).

    Raises TemplateError, one line with the file and the line in it, for whatever goes wrong in it.
    """
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read as a template: {getattr(error, 'strerror', None) or error}") from None
    kind: Any = next((_SUFFIXES[s] for s in path.suffixes[::-1] if s in _SUFFIXES), "text")
    try:
        given = {"timeline": answer, "answer": _as_answer(answer)} if isinstance(answer, Timeline) else {"answer": answer}
        return environment(kind).from_string(source).render(given)
    except TemplateSyntaxError as error:
        raise TemplateError(f"{path}:{error.lineno}: {error.message}") from None
    except RecursionError:
        raise TemplateError(f"{path}: it calls itself without end") from None
    except Exception as error:  # noqa: BLE001 - whatever a template does wrong is the template's mistake
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
        what = error.message if isinstance(error, JinjaError) else f"{type(error).__name__}: {error}"
        raise TemplateError(f"{path}:{lines[-1] if lines else 1}: {what}") from None
