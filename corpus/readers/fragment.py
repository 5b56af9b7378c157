"""HTML as text, block by block, without a look for what is the story: for mail, feeds, chapters and fields that hold HTML."""

from __future__ import annotations

import re
from typing import Any

from ..decode import tidy
from .pages.elements import BLOCKS, HEADINGS, NOTHING, is_hidden, is_layout, name_of, raised

_BREAK = "\u2028"  # until the line is whole
_SPACES = re.compile(r"[^\S\n\u00a0]+")
_INDENT = "    "
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # within words, which they would cut
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3001\u3002"
_FOLD = re.compile(rf"(?<=[{_CJK}])[ \t]*\n[ \t]*(?=[{_CJK}])")  # Japanese and Chinese write no spaces
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f]")  # which XML cannot hold
_IS_HTML = re.compile(r"(?i)</(?:p|div|h[1-6]|li|ul|ol|blockquote|span|strong|em|b|i|a|table)>|<(?:p|br)\s*/?>")


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
    return tidy("\n\n".join(lines.done()).translate(_INVISIBLE))


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
            name = name_of(node)
            if left:
                self._leave(node, name)
            elif name and name not in NOTHING and not is_hidden(node):
                todo.append((node, True))
                if self._enter(node, name):
                    todo += [(child, False) for child in reversed(node)]
                continue
            if node is not root and node.tail:
                self._now.append(_in_line(node.tail))

    def _enter(self, node: Any, name: str) -> bool:
        """Begin an element; whether what stands in it is to follow."""
        if name == "br":
            self._break()
        elif name in ("td", "th") and is_layout(node):
            self._end()
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
            self._now.append(raised(node))
            return False
        elif name in BLOCKS and self._cells:
            self._now.append("; " if any(part.strip(" |;") for part in self._now[-1:]) else " ")
        elif name in BLOCKS:
            self._end()
            if name in ("ul", "ol"):
                self._counts.append(0 if name == "ul" else 1)
            elif self._structure and name == "li":
                self._before = self._bullet()
            elif self._structure and name in HEADINGS:
                self._before = "#" * int(name[1]) + " "
        elif name == "a" and not self._link[0]:
            self._link = (node.get("href") or "", "".join(node.itertext()))
        if node.text:
            self._now.append(_in_line(node.text))
        return True

    def _leave(self, node: Any, name: str) -> None:
        if name in ("td", "th") and not is_layout(node):
            self._cells -= 1
        elif name in BLOCKS and not self._cells:
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


def _in_line(text: str) -> str:
    """A text as a part of one line."""
    return _FOLD.sub("", text).replace("\n", " ")
