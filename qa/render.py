"""Answers and hits as text, through jinja2: the shipped templates, or one of the user's own in a sandbox."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from jinja2 import PackageLoader, StrictUndefined, TemplateSyntaxError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from ..corpus.errors import TemplateError
from ..index.search.versions import Copy
from . import visible
from .answer import Answer, Quote, answer_record, answers_record

Format = Literal["text", "markdown", "html", "json", "csv", "briefing"]
FORMATS: tuple[Format, ...] = ("text", "json", "markdown", "html", "csv", "briefing")
_COLUMNS = (
    "question", "status", "rank", "text", "span", "confidence", "article_id", "start", "end", "title", "source", "published", "url",
    "link",
)  # fmt: skip
_SUFFIXES = {".html": "html", ".htm": "html", ".xml": "html", ".md": "markdown", ".markdown": "markdown"}

_SAID = 6  # copies named in a text


class _Ready(str):
    """Text that is already as it shall be shown."""


def render(answer: Answer, form: Format = "text", *, colour: bool = False) -> str:
    """An answer in one of FORMATS; `colour` marks words with terminal codes (text only)."""
    if form == "json":
        return visible.to_json(answer_record(answer)) + "\n"
    return render_many([answer], form, colour=colour, heading=False)


def render_many(answers: Sequence[Answer], form: Format = "text", *, colour: bool = False, heading: bool = True) -> str:
    """Several answers in one document. `heading`: text says what was asked."""
    if form == "json":
        return visible.to_json(answers_record(list(answers))) + "\n"
    if form == "csv":
        return _csv(answers)
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

    def cell(value: object) -> object:
        return "'" + value if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value

    for answer in answers:
        about = {"question": cell(answer.question), "status": answer.status}
        for quote in answer.quotes:
            values = {name: cell(getattr(quote, name)) for name in _COLUMNS[2:] if name != "span"}
            writer.writerow({**about, **values, "span": cell(quote.span.text) if quote.span else ""})
        if not answer.quotes:
            writer.writerow(about)
    return visible.visible(out.getvalue())


def show(name: str, form: str = "text", *, colour: bool = False, **values: Any) -> str:
    """The shipped template `name` in a format."""
    return environment(form, colour, "pullquote.qa").get_template(f"{name}.{form}.jinja").render(values)


def render_template(answer: Answer, path: Path) -> str:
    """An answer through the user's own template, which gets `answer` (see Answer) and may use the filters `marked`, `line`,
    `link` and `outlets`. It is escaped as HTML or Markdown where its name says so (report.html, report.md.jinja).

    Raises TemplateError, one line with the file and the line in it, for whatever goes wrong in it.
    """
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: cannot be read as a template: {getattr(error, 'strerror', None) or error}") from None
    kind: Any = next((_SUFFIXES[s] for s in path.suffixes[::-1] if s in _SUFFIXES), "text")
    try:
        return environment(kind).from_string(source).render(answer=answer)
    except TemplateSyntaxError as error:
        raise TemplateError(f"{path}:{error.lineno}: {error.message}") from None
    except RecursionError:
        raise TemplateError(f"{path}: it calls itself without end") from None
    except Exception as error:  # noqa: BLE001 - whatever a template does wrong is the template's mistake
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
        what = error.message if isinstance(error, JinjaError) else f"{type(error).__name__}: {error}"
        raise TemplateError(f"{path}:{lines[-1] if lines else 1}: {what}") from None


def _outlets(copies: Sequence[Copy]) -> str:
    """Where else something was published, and when, the first few of many; and which versions of the article there are."""
    said = []
    for start, kind in (("also in ", "copy"), ("an earlier version: ", "earlier"), ("a later version: ", "later")):
        some = [copy for copy in copies if copy.relation == kind]
        named = [(copy.source if kind == "copy" else copy.article_id) or copy.article_id for copy in some]
        dated = [", ".join(part for part in (name, copy.published) if part) for name, copy in zip(named, some, strict=True)]
        if some:
            said.append(start + "; ".join(dated[:_SAID]) + (f"; and {len(some) - _SAID} more" if len(some) > _SAID else ""))
    return " · ".join(said)


def environment(form: str, colour: bool = False, package: str | None = None) -> ImmutableSandboxedEnvironment:
    """What templates are rendered in: escaping by the form, with the filters; `package`: the one whose shipped
    templates it loads.
    """
    plain: dict[str, Callable[[str], Any]] = {
        "text": lambda text: _Ready(visible.visible(text)),
        "markdown": lambda text: _Ready(visible.markdown(text)),
        "html": lambda text: escape(visible.visible(text)),
    }
    strong = {"text": ("\x1b[1;4m", "\x1b[0m") if colour else ("", ""), "markdown": ("**", "**")}
    marks = {**strong, "text": ("\x1b[1m", "\x1b[0m") if colour else ("", ""), "html": ("<mark>", "</mark>")}
    strong["html"] = ('<strong class="span">', "</strong>")
    to_plain = plain[form]
    ready: Callable[[str], Any] = Markup if form == "html" else _Ready

    def finalize(value: Any) -> Any:
        if isinstance(value, _Ready):
            return value
        if form == "html" and isinstance(value, Markup):
            return Markup(visible.visible(value))  # noqa: S704 - escaped before, or declared safe by the template
        return to_plain("" if value is None else str(value))

    def marked(quote: Quote) -> Any:
        """The words of the question, and the answer's short form; in Markdown, which knows one emphasis, only that if
        there is one.
        """
        stretches = [(start, end, marks[form]) for start, end in quote.matches if form != "markdown" or quote.span is None]
        if quote.span is not None:
            start, end = quote.span.start - quote.start, quote.span.end - quote.start
            stretches = [s for s in stretches if s[1] <= start or s[0] >= end]
            stretches.append((start, end, strong[form]))
        pieces, last = [], 0
        for start, end, (opening, closing) in sorted(stretches):
            pieces += [to_plain(quote.text[last:start]), opening, to_plain(quote.text[start:end]), closing]
            last = end
        pieces.append(to_plain(quote.text[last:]))
        return ready("".join(pieces).replace("\n", " "))

    made = ImmutableSandboxedEnvironment(
        autoescape=form == "html",
        undefined=StrictUndefined,
        finalize=finalize,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "marked": marked,
        "line": lambda text: " ".join(str(text).split()),
        "outlets": _outlets,
        "link": lambda url: ready(visible.web_address(url)),
        "strong": lambda text: ready(f"\x1b[1m{to_plain(text)}\x1b[0m" if colour and form == "text" else to_plain(text)),
        "as_is": ready,
        "dim": lambda text: ready(f"\x1b[2m{to_plain(text)}\x1b[0m" if colour and form == "text" else to_plain(text)),
    }
    if package is not None:
        made.loader = PackageLoader(package, "templates")
        made.trim_blocks = made.lstrip_blocks = True
    return made
