"""A page made ready for whoever looks for its story: without what is struck out, hidden, or stands beside the story."""

from __future__ import annotations

from typing import Any

from ..fragment import text_of_html
from .elements import BLOCKS, is_beside, is_hidden, is_layout, name_of, raised

_MOST = 0.3  # of a page's text: what holds more is no part beside the story, whatever it is called
_GONE, _WHOLE = ("del", "s", "strike", "rt", "rp"), ("body", "html", "article", "main")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u2060\ufeff"))


def cleaned(tree: Any) -> None:
    """Take out of a page what is struck out, hidden or beside the story; raised figures get characters of their own, a break within
    a sentence is a space, a list in a cell is one line, and headings begin with "## ".
    """
    whole = sum(len(text) for text in tree.itertext())
    for node in list(tree.iter()):
        name = name_of(node)
        if not name or node.getparent() is None:
            continue
        if name in _GONE or (name not in _WHOLE and (is_hidden(node) or (name != "h1" and _is_beside(node, whole)))):
            node.drop_tree()
        elif name in ("sup", "sub"):
            _become(node, raised(node))
        elif name == "br":
            _broken(node)
        elif name in ("td", "th"):
            _cell(node)
        elif name in ("h2", "h3", "h4") and (node.text or "").strip():
            node.text = f"## {node.text.lstrip()}"
        for part in ("text", "tail"):
            if (said := getattr(node, part)) and not said.isascii():
                setattr(node, part, said.translate(_INVISIBLE))


def _is_beside(node: Any, whole: int) -> bool:
    return is_beside(node) and sum(len(text) for text in node.itertext()) < max(200, _MOST * whole) and node.find(".//h1") is None


def _broken(node: Any) -> None:
    """A break is a space, unless another is beside it: then it ends the line."""
    following, before = node.getnext(), node.getprevious()
    doubled = following is not None and following.tag == "br" and not (node.tail or "").strip()
    follows = before is not None and before.tag == "br" and not (before.tail or "").strip()
    if not doubled and not follows:
        _become(node, " ")


def _cell(node: Any) -> None:
    """A cell that holds blocks as one line; one that holds a page's story as blocks."""
    if is_layout(node):
        node.tag = "div"
    elif any(child.tag in BLOCKS for child in node):
        said = text_of_html(node).replace("\n\n", "; ")
        for child in list(node):
            node.remove(child)
        node.text = said


def _become(node: Any, text: str) -> None:
    """Put a text in the place of an element."""
    node.tail = text + (node.tail or "")
    for child in list(node):
        node.remove(child)
    node.text = None
    node.drop_tag()
