"""Links that open a page at a quote: text fragments (https://wicg.github.io/scroll-to-text-fragment/)."""

from __future__ import annotations

from urllib.parse import quote as percent

_WORDS = 5  # at each end of a long quote, and before one that stands in its article twice
_LONG = 12  # words: a longer quote is given by its first and last ones


def link(url: str, text: str, start: int, end: int) -> str:
    """The address of `text[start:end]` in the page at `url`; "" without an address that a browser may follow."""
    if not url.strip().lower().startswith(("http://", "https://")):
        return ""
    words = text[start:end].split()
    if len(words) > _LONG:
        wanted = f"{_escaped(words[:_WORDS])},{_escaped(words[-_WORDS:])}"
    else:
        wanted = _escaped(words)
    before = text[:start].rsplit("\n", 1)[-1].split()[-_WORDS:]
    twice = text.find(text[start:end]) != start or text.find(text[start:end], end) >= 0
    prefix = f"{_escaped(before)}-," if twice and before else ""
    page, _, fragment = url.strip().partition("#")
    return f"{page}#{fragment}:~:text={prefix}{wanted}"


def _escaped(words: list[str]) -> str:
    """Words for a fragment: in it, "-", "," and "&" have a meaning of their own."""
    return percent(" ".join(words), safe="").replace("-", "%2D")
