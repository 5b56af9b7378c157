"""How nouns show themselves: in a line of a console, and as HTML in a notebook."""

from __future__ import annotations

from html import escape

_LINE = 60  # characters of a text in a line


def line(text: str, most: int = _LINE) -> str:
    """A text in one line of at most so many characters, in quotation marks."""
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= most else plain[: most - 1] + "…")


def about(*parts: str | None) -> str:
    """What is said of a quote, as HTML: the parts that there are, with a dot between."""
    return f'<small style="opacity:.75">{escape(" · ".join(part for part in parts if part))}</small>'


def passage(text: str, start: int = 0, end: int = 0) -> str:
    """A text as HTML, a stretch of it marked."""
    marked = f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}" if start < end else escape(text)
    return f'<blockquote style="font-family:Georgia,serif;font-size:1.1em;margin:.3em 0 .1em 1em">{marked}</blockquote>'


def heading(text: str) -> str:
    """A question as HTML."""
    return f"<p><b>{escape(text)}</b></p>"


def note(text: str) -> str:
    """A remark as HTML."""
    return f"<p>{escape(text)}</p>"
