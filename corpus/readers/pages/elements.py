"""What single elements of HTML say: whether they are seen, struck out, or no part of a story; and raised figures as characters."""

from __future__ import annotations

import re
from typing import Any

# What ends a line before and after it; all else stands in the line.
BLOCKS = frozenset(
    """
    address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hgroup hr html li main nav ol option p pre section summary table tbody tfoot thead title tr ul caption
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
NOTHING = frozenset(
    """
    script style template noscript del s strike head iframe object svg audio video select button textarea rt rp rtc
    """.split()  # noqa: SIM905
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE = frozenset(("span", "small", "i", "a", "em", "b", "strong", "label", "u", "font"))
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|clip-path\s*:\s*inset\(50%\)|clip\s*:\s*rect\((?:[01](?:px)?[, ]*){4}\)|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}|font-size\s*:\s*0(?!\.?\d)|opacity\s*:\s*0(?!\.?\d)",
    re.IGNORECASE,
)
_FOR_READERS = re.compile(
    r"(?:^|\s)(?:sr-?only|(?:u-)?visually-?hidden|u-hidden-?visually|screen-?reader(?:-text|-only)?|off-?screen|a11y-hidden|assistive-text|"
    r"hide|hidden(?:-text)?|footnote-backref)(?:\s|$)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"line-through", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"(?:^|\s)(?:strike-?through|line-through|struck(?:-out)?|deleted)(?:\s|$)", re.IGNORECASE)
# Names of classes of what stands beside a story: comments, other stories, credits, who wrote it.
_BESIDE = re.compile(
    r"(?:comments?|comment-?list|comments-(?:area|section|list)|disqus\S*|respond|related(?:[-_](?:articles?|stories|story|content|posts?|links?|"
    r"news|coverage))?|recommend(?:ed|ations?)(?:[-_]\S+)?|(?:more|other|latest)-stories|also-read|read-?more|most-(?:read|popular)|newsletter(?:[-_]\S+)?|"
    r"share(?:[-_](?:buttons?|bar|tools|links))?|social(?:[-_]\S+)?|breadcrumbs?|wp-caption-text|(?:image-|photo-|media-|figure-)?captions?|"
    r"(?:image-|photo-|media-)?credits?)",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"(?:by-?lines?|byline[-_]\S+|article-?author|author(?:[-_]name)?|autor|auteur|autore)", re.IGNORECASE)
_SMALL = 160  # characters of what names an author
_RAISED = dict(zip("0123456789+-−=()nabcdefghijklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_NOTE = re.compile(r"\[[^\]]{1,25}\]|:\d{1,4}")
_LINKED_NOTE = re.compile(r"\[?[\w*†‡§]{1,3}(?::\d+)?\]?")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|o|a|ème|eme)\.?", re.IGNORECASE)


def name_of(node: Any) -> str:
    """The name of an element; "" for a comment."""
    return node.tag.lower() if isinstance(node.tag, str) else ""


def is_hidden(node: Any) -> bool:
    """Whether an element is there for screen readers alone, or not shown at all, or struck out."""
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    style, kind = node.get("style") or "", node.get("class") or ""
    if _UNSEEN.search(style) or _STRUCK.search(style) or _STRUCK_CLASS.search(kind):
        return True
    return name_of(node) in _INLINE and _FOR_READERS.search(kind) is not None


def is_beside(node: Any) -> bool:
    """Whether an element is no part of a story by what it is called: comments, other stories, a caption, who wrote it."""
    kinds = f"{node.get('class') or ''} {node.get('id') or ''}".split()
    if any(_BESIDE.fullmatch(kind) for kind in kinds):
        return True
    written = node.get("rel") == "author" or node.get("itemprop") == "author" or any(_WRITTEN.fullmatch(kind) for kind in kinds)
    return written and len("".join(node.itertext()).strip()) <= _SMALL


def is_layout(cell: Any) -> bool:
    """Whether a cell of a table holds a page's story: a headline, or paragraphs."""
    if any(name_of(node) in ("h1", "h2") for node in cell.iter()):
        return True
    paragraphs = [len("".join(node.itertext())) for node in cell.iter("p")]
    return len(paragraphs) > 1 and sum(paragraphs) > 200


def raised(node: Any) -> str:
    """What `<sup>` or `<sub>` holds, in raised or lowered characters, so that it is not glued to what stands before it; nothing for
    the sign of a note that is a link, or stands in brackets.
    """
    text = " ".join("".join(node.itertext()).split())
    linked = any(name_of(child) == "a" for child in node.iter())
    if _NOTE.fullmatch(text) or (linked and _LINKED_NOTE.fullmatch(text)):
        return ""
    if _ORDINAL.fullmatch(text) and (node.getprevious() is None and (node.getparent().text or "")[-1:].isdigit()):
        return text
    characters = _RAISED if name_of(node) == "sup" else _LOWERED
    if any(c.isdigit() for c in text) or len(text) == 1:
        return "".join(characters.get(c, c) for c in text.lower() if c != " ")
    return text
