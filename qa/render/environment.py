"""What templates are rendered in: escaping by the form, and the filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from ...index.search.versions import Copy
from ..answer import Quote
from . import escaping, wrapping

_SAID = 6  # copies named in a text


class _Ready(str):
    """Text that is already as it shall be shown."""


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


def _place(quote: Quote) -> str:
    """Where a quote stands: the article's id, the start and end in code points, and the page or time, or else the line."""
    return f"{' '.join(quote.article_id.split())}:{quote.start}-{quote.end}, {quote.locator or f'line {quote.line}'}"


def _sure(quote: Quote) -> str:
    """How sure a quote is to hold the answer, in words."""
    percent = round(100 * quote.confidence)
    return f"{percent} % sure" if percent >= 50 else f"perhaps, {percent} % sure"


def _folded(text: str, matches: Sequence[tuple[int, int]], width: int, *, strong_too: bool) -> str:
    """A text for a terminal, set in."""
    return "\n    ".join(wrapping.wrapped(text, matches, width, ("\x1b[1m", "\x1b[0m") if strong_too else ("", "")))


def _marked(
    quote: Quote, to_plain: Callable[[str], Any], mark: tuple[str, str], strong: tuple[str, str], *, short_only: bool
) -> str:
    """A quote with the words of the question, and the answer's short form, marked; `short_only`: in Markdown, which knows one
    emphasis, only the short form if there is one.
    """
    stretches = [(start, end, mark) for start, end in quote.matches if not short_only or quote.span is None]
    if quote.span is not None:
        start, end = quote.span.start - quote.start, quote.span.end - quote.start
        stretches = [s for s in stretches if s[1] <= start or s[0] >= end]
        stretches.append((start, end, strong))
    pieces, last = [], 0
    for start, end, (opening, closing) in sorted(stretches):
        pieces += [to_plain(quote.text[last:start]), opening, to_plain(quote.text[start:end]), closing]
        last = end
    pieces.append(to_plain(quote.text[last:]))
    shown = "".join(pieces).replace("\n", " ")
    return f"{'… ' if quote.cut_before else ''}{shown}{' …' if quote.cut_after else ''}"


def environment(form: str, colour: bool = False, package: str | None = None) -> ImmutableSandboxedEnvironment:
    """What templates are rendered in: escaping by the form, with the filters; `package`: the one whose shipped
    templates it loads.
    """
    plain: dict[str, Callable[[str], Any]] = {
        "text": lambda text: _Ready(escaping.visible(text)),
        "markdown": lambda text: _Ready(escaping.markdown(text)),
        "html": lambda text: escape(escaping.visible(text)),
    }
    strong = {"text": ("\x1b[1;4m", "\x1b[0m") if colour else ("", ""), "markdown": ("**", "**")}
    marks = {**strong, "text": ("\x1b[1m", "\x1b[0m") if colour else ("", ""), "html": ("<mark>", "</mark>")}
    strong["html"] = ('<strong class="span">', "</strong>")
    to_plain = plain[form]
    ready: Callable[[str], Any] = Markup if form == "html" else _Ready
    bold, dim = ("\x1b[1m", "\x1b[2m") if colour and form == "text" else ("", "")
    end = "\x1b[0m" if bold else ""

    def finalize(value: Any) -> Any:
        if isinstance(value, _Ready):
            return value
        if form == "html" and isinstance(value, Markup):
            return Markup(escaping.visible(value))  # noqa: S704 - escaped before, or declared safe by the template
        return to_plain("" if value is None else str(value))

    made = ImmutableSandboxedEnvironment(
        autoescape=form == "html",
        undefined=StrictUndefined,
        finalize=finalize,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "marked": lambda quote: ready(_marked(quote, to_plain, marks[form], strong[form], short_only=form == "markdown")),
        "line": lambda text: " ".join(str(text).split()),
        "wrapped": lambda hit, matches, width: ready(_folded(hit.text, matches, width, strong_too=colour)),
        "within": lambda text: _Ready(escaping.within(text)) if form == "markdown" else to_plain(text),
        "outlets": _outlets,
        "place": _place,
        "sure": _sure,
        "link": lambda url: ready(escaping.web_address(url)),
        "strong": lambda text: ready(f"{bold}{to_plain(text)}{end}"),
        "as_is": ready,
        "dim": lambda text: ready(f"{dim}{to_plain(text)}{end}"),
    }
    if package is not None:
        made.loader = PackageLoader(package, "templates")
        made.trim_blocks = made.lstrip_blocks = True
    return made
