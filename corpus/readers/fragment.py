"""HTML as text, block by block, without a look for what is the story: for mail, feeds, chapters and fields that hold HTML."""

from __future__ import annotations

import re
from typing import Any

from ..decode import tidy

# What ends a line before and after it; all else stands in the line.
_BLOCKS = frozenset(
    """
    address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hgroup hr html li main nav ol option p pre section summary table tbody tfoot thead title tr ul caption
    """.split()  # noqa: SIM905 - as a list it would fill a page
)
_NOTHING = frozenset(
    """
    script style template noscript del s strike head iframe object svg math audio video select button textarea
    """.split()  # noqa: SIM905
)
_BREAK = "\u2028"  # until the line is whole
_SPACES = re.compile(r"[^\S\n\u00a0]+")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INDENT = "    "
_NOTE = re.compile(r"\[?[\w*†‡§]{1,3}(?::\d+)?\]?")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|clip-path\s*:\s*inset\(50%\)|clip\s*:\s*rect\((?:0(?:px)?[, ]*){4}\)",
    re.IGNORECASE,
)
_FOR_READERS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|u-hidden-visually|footnote-backref)(?:\s|$)", re.IGNORECASE
)
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f]")  # which XML cannot hold
_IS_HTML = re.compile(r"(?i)</(?:p|div|h[1-6]|li|ul|ol|blockquote|span|strong|em|b|i|a|table)>|<(?:p|br)\s*/?>")
_RAISED = {**dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))}
_LOWERED = {**dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))}


def is_html(text: str) -> bool:
    """Whether a text is written in HTML."""
    return _IS_HTML.search(text) is not None


def text_of_html(page: str | Any, *, structure: bool = False) -> str:
    """The text of some HTML, or of an lxml element of it: a paragraph a block, a row of a table with " | " between cells.

    Deleted words (`<del>`, `<s>`) are not there; `<br>` is a space, two of them a new paragraph; raised and lowered figures
    (`<sup>`, `<sub>`) stand in their own characters, so that they are not glued to what stands before them.

    `structure`: with "# " before a heading, "- " or "1. " before an item of a list, code indented by four spaces, and a line that
    is but a link as [words](address), as Markdown has them.
    """
    from lxml import html

    if isinstance(page, str):
        if not page.strip():
            return ""
        parser = html.HTMLParser(huge_tree=True)  # else what is nested deeper than 256 is lost
        page = html.fragment_fromstring(_CONTROLS.sub("", page), create_parent="div", parser=parser)
    lines = _Lines(structure)
    lines.walk(page)
    return tidy("\n\n".join(lines.done()).replace("\u00ad", ""))


def cleaned(tree: Any) -> None:
    """Make in a page what other readers of HTML do not: deleted and hidden words go, raised figures get characters of their own, a
    break within a sentence is a space, and a list in a cell is one line.
    """
    for node in list(tree.iter()):
        name = node.tag.lower() if isinstance(node.tag, str) else ""
        if not name or node.getparent() is None:
            continue
        if name in ("del", "s", "strike") or (name in ("span", "small", "i", "a") and _is_hidden(node)):
            node.drop_tree()
        elif name in ("sup", "sub"):
            _become(node, _raised(node, name))
        elif name == "br":
            following = node.getnext()
            if (following is None or following.tag != "br" or (node.tail or "").strip()) and not _follows_break(node):
                _become(node, " ")
        elif name in ("td", "th") and any(child.tag in _BLOCKS for child in node):
            said = text_of_html(node).replace("\n\n", "; ")
            for child in list(node):
                node.remove(child)
            node.text = said
        for part in ("text", "tail"):
            if (said := getattr(node, part)) and "\u00ad" in said:
                setattr(node, part, said.replace("\u00ad", ""))


def _follows_break(node: Any) -> bool:
    before = node.getprevious()
    return before is not None and before.tag == "br" and not (before.tail or "").strip()


def _become(node: Any, text: str) -> None:
    """Put a text in the place of an element."""
    node.tail = text + (node.tail or "")
    for child in list(node):
        node.remove(child)
    node.text = None
    node.drop_tag()


class _Lines:
    """The lines of a page, as they are put together."""

    def __init__(self, structure: bool) -> None:
        self._structure = structure
        self._lines: list[str] = []
        self._now: list[str] = []  # the parts of the line that is made
        self._before = ""  # what stands before its words
        self._link = ("", "")  # the address of the first link in the line, and its words
        self._cells = 0  # of tables that are gone into
        self._counts: list[int] = []  # of the items of lists that are gone into; 0 for those without numbers

    def done(self) -> list[str]:
        self._end()
        return self._lines

    def walk(self, root: Any) -> None:
        """Go through an element. A loop, not a recursion: pages nest thousands of elements."""
        todo: list[tuple[Any, bool]] = [(root, False)]
        while todo:
            node, left = todo.pop()
            name = node.tag.lower() if isinstance(node.tag, str) else ""
            if left:
                self._leave(node, name)
            elif name and name not in _NOTHING and not _is_hidden(node):
                todo.append((node, True))
                if self._enter(node, name):
                    todo += [(child, False) for child in reversed(node)]
                continue
            if node is not root and node.tail:
                self._now.append(node.tail.replace("\n", " "))

    def _enter(self, node: Any, name: str) -> bool:
        """Begin an element; whether what stands in it is to follow."""
        if name == "br":
            self._break()
        elif name in ("td", "th"):
            self._cells += 1
            if any(part.strip() for part in self._now):
                self._now.append(" | ")
        elif name == "pre":
            self._end()
            code = "".join(node.itertext()).rstrip()
            self._lines += [_INDENT + line if self._structure else line for line in code.split("\n") if line.strip()]
            return False
        elif name in ("sup", "sub"):
            self._now.append(_raised(node, name))
            return False
        elif name in _BLOCKS and self._cells:
            self._now.append("; " if any(part.strip(" |") for part in self._now[-1:]) else " ")
        elif name in _BLOCKS:
            self._end()
            if name in ("ul", "ol"):
                self._counts.append(0 if name == "ul" else 1)
            elif self._structure and name == "li":
                self._before = self._bullet()
            elif self._structure and name in _HEADINGS:
                self._before = "#" * int(name[1]) + " "
        elif name == "a" and not self._link[0]:
            self._link = (node.get("href") or "", "".join(node.itertext()))
        if node.text:
            self._now.append(node.text.replace("\n", " "))
        return True

    def _leave(self, node: Any, name: str) -> None:
        if name in ("td", "th"):
            self._cells -= 1
        elif name in _BLOCKS and not self._cells:
            self._end()
            if name in ("ul", "ol") and self._counts:
                self._counts.pop()

    def _bullet(self) -> str:
        if not self._counts or not self._counts[-1]:
            return "- "
        self._counts[-1] += 1
        return f"{self._counts[-1] - 1}. "

    def _break(self) -> None:
        """A break is a space, unless another stands before it: then it ends the line."""
        before = next((part for part in reversed(self._now) if part.strip(" ")), "")
        if before == _BREAK and not self._cells:
            self._end()
        else:
            self._now.append(_BREAK)

    def _end(self) -> None:
        """End the line."""
        said = _SPACES.sub(" ", "".join(self._now).replace(_BREAK, " ")).strip(" ")
        if said.strip():
            address, words = self._link
            if self._structure and address and " ".join(words.split()) == said:
                said = f"[{said}]({address})"
            self._lines.append(self._before + said)
            self._before = ""
        self._now, self._link = [], ("", "")


def _is_hidden(node: Any) -> bool:
    """Whether an element is there for screen readers alone, or not shown at all."""
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return True
    if (style := node.get("style")) and _UNSEEN.search(style):
        return True
    return bool((kind := node.get("class")) and _FOR_READERS.search(kind))


def _raised(node: Any, name: str) -> str:
    """Raised or lowered text in characters of its own, where there are such for all of it; nothing for the sign of a note."""
    text = " ".join("".join(node.itertext()).split())
    if _NOTE.fullmatch(text) and any(isinstance(child.tag, str) and child.tag.lower() == "a" for child in node.iter()):
        return ""
    characters = _RAISED if name == "sup" else _LOWERED
    return "".join(characters[c] for c in text) if text and all(c in characters for c in text) else text
