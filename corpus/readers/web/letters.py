"""The words of a message: paragraphs out of its lines or its HTML, without what it quotes and without its signature."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from ...decode import tidy
from ..fragment import text_of_html

_WIDEST = 100  # characters of a line of hard-wrapped text
_FULL, _HALF = 0.8, 0.4  # of the width: a line that goes on with any word, and with one in small letters
_INTRODUCTION = 3  # lines that "On ... wrote:" may take
_LONGEST_SIGNATURE = 10  # lines, after one of two hyphens that lacks its space
_LONGEST_CELL = 120  # characters of a cell in a table that is no layout
_QUOTED = re.compile(r"\s?>")
_WROTE = r"(?:wrote|writes|schrieb|schreibt|a écrit|écrit|escribió|ha scritto|scrisse|escreveu|schreef|skrev|napisał\w*|kirjoitti)"
_INTRODUCES = re.compile(
    rf"(?:On|Am|Le|El|Il|Em|Op|Den|Dne|W dniu|Dnia)\s.{{1,300}}\b{_WROTE}\b.{{0,100}}:|.{{1,200}}\b{_WROTE}\s?:", re.IGNORECASE
)
_ORIGINAL = re.compile(
    r"\s*-{3,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original) ?-{3,}\s*$", re.IGNORECASE
)
_FORWARD = re.compile(r"\s*(?:-{3,} ?Forwarded message ?-{3,}|Begin forwarded message:)\s*$", re.IGNORECASE)
_RULE = re.compile(r"\s*_{20,}\s*$")
_HEADER = re.compile(r"(?:From|Von|De|Da):\s", re.IGNORECASE)
_ANY_HEADER = re.compile(r"\*?[A-Z][\w -]{1,20}:")
_NEW_ITEM = re.compile(r"[-*•‣▪#|]|\d{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"""[.!?:…]["'”’)\]]*$""")
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")
_DROPPED = frozenset(("gmail_signature", "moz-signature", "moz-cite-prefix", "gmail_quote", "yahoo_quoted", "protonmail_quote"))
_REPLY = frozenset(("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION"))  # of Outlook: what follows is what it answers to
_OF_LAYOUT = ("table", "h1", "h2", "h3", "h4", "ul", "ol", "img", "blockquote")
_OF_TABLES = frozenset(["table", "thead", "tbody", "tfoot", "tr", "td", "th"])


def of_plain(text: str, *, flowed: bool = False, joined: bool = False, forwarded: bool = False) -> str:
    """The paragraphs of plain text. `flowed`: lines that end in a space go on in the next (RFC 3676), without it where `joined`.

    `forwarded`: what stands under "Original Message" is what the message is about.
    """
    lines = text.split("\n")
    lines = _flow(lines, joined) if flowed else lines
    kept: list[str] = []
    heading = False  # within the headers of a message that is forwarded
    for number, line in enumerate(lines):
        before = number > 0 and _ANY_HEADER.match(lines[number - 1])
        heading = heading and bool(_ANY_HEADER.match(line) or not (line.strip() or before))
        if heading or _FORWARD.match(line) or (forwarded and _ORIGINAL.match(line)):
            heading = True
            continue
        if line == "-- " or (line.rstrip() == "--" and number >= len(lines) - _LONGEST_SIGNATURE):
            break
        if not forwarded and _begins_original(lines, number) and any(kept):
            break
        if not _QUOTED.match(line):
            if line.strip() or kept[-1:] != [""]:
                kept.append(line.strip())
        elif kept and not _QUOTED.match(lines[number - 1]):
            _drop_introduction(kept)
            kept.append("")
    return tidy("\n\n".join(_paragraphs(kept)))


def of_html(page: str, *, forwarded: bool = False) -> str:
    """The paragraphs of a page. Raises ValueError where it cannot be parsed."""
    from lxml import etree, html

    try:
        tree = html.document_fromstring(_CONTROLS.sub("", page).encode(), html.HTMLParser(encoding="utf-8", huge_tree=False))
    except etree.LxmlError:
        return ""
    for node in [node for node in tree.iter() if isinstance(node.tag, str)]:
        kinds = set((node.get("class") or "").split())
        quoted = bool(kinds & _DROPPED) or (node.tag == "blockquote" and node.get("type") == "cite")
        if quoted and not (forwarded and "gmail_quote" in kinds):
            _drop(node)
        elif node.get("id") in _REPLY and not forwarded:
            for after in [*node.itersiblings(), node] if node.getparent() is not None else []:
                after.getparent().remove(after)  # with the text that follows it
    for table in [node for node in tree.iter("table") if _is_layout(node)]:
        for node in [table, *_own(table)]:
            node.tag = "div"
    return text_of_html(tree)


def _flow(lines: list[str], joined: bool) -> list[str]:
    """The lines of flowed text as they were before they were folded."""
    found: list[list[str]] = []
    open_depth = -1  # of quotation, of the line that goes on; -1: none does
    for line in lines:
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        goes_on = body.endswith(" ") and body.rstrip() != "--"
        if open_depth != depth or body.rstrip() == "--":
            found.append([">" * depth])
        found[-1].append(body[:-1] if goes_on and joined else body)
        open_depth = depth if goes_on else -1
    return ["".join(pieces) for pieces in found]


def _begins_original(lines: list[str], number: int) -> bool:
    """Whether a line begins the message that this one answers to, as Outlook copies it."""
    if _ORIGINAL.match(lines[number]):
        return True
    return _RULE.match(lines[number]) is not None and any(_HEADER.match(line) for line in lines[number + 1 : number + 3])


def _drop_introduction(kept: list[str]) -> None:
    """Take the "On ... wrote:" before a quotation off the lines."""
    end = len(kept) - (kept[-1:] == [""])
    for count in range(1, min(_INTRODUCTION, end) + 1):
        if not kept[end - count]:
            return
        if _INTRODUCES.fullmatch(" ".join(kept[end - count : end])):
            del kept[end - count :]
            return


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines as paragraphs: those of hard-wrapped text are joined."""
    wrapped = [len(one) for one, other in pairwise(lines) if other[:1].islower() and len(one) <= _WIDEST]
    width = max(wrapped, default=0)
    found: list[list[str]] = []
    before = ""
    for line in lines:
        if line and before and width and _goes_on(before, line, width):
            found[-1].append(line)
        elif line:
            found.append([line])
        before = line
    return [" ".join(" ".join(pieces).split()) for pieces in found]


def _goes_on(line: str, other: str, width: int) -> bool:
    """Whether the break between two lines of a text of some width only folds it."""
    if _NEW_ITEM.match(other) or len(line) > _WIDEST:
        return False
    if len(line) + 1 + len(other.split(maxsplit=1)[0]) > width:
        return True
    return not _SENTENCE_END.search(line) and len(line) >= width * (_HALF if other[0].islower() else _FULL)


def _drop(node: Any) -> None:
    if node.getparent() is not None:
        node.drop_tree()


def _own(table: Any) -> list[Any]:
    """The rows and cells of a table, without those of tables in it."""
    found, todo = [], list(table)
    while todo:
        node = todo.pop()
        if node.tag in _OF_TABLES and node.tag != "table":
            found.append(node)
            todo += list(node)
    return found


def _is_layout(table: Any) -> bool:
    """Whether a table is there for the looks: tables, headings or paragraphs stand in it, or each of its rows is one cell."""
    own = _own(table)
    cells = [node for node in own if node.tag in ("td", "th")]
    if table.get("role") == "presentation" or len(cells) <= sum(node.tag == "tr" for node in own):
        return True
    if any(next(cell.iter(*_OF_LAYOUT), None) is not None for cell in cells):
        return True
    return any(len(" ".join("".join(cell.itertext()).split())) > _LONGEST_CELL for cell in cells)
