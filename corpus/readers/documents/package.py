"""What documents of office programs and books have in common: the zip that they are, its XML, and paragraphs as a text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from typing import Any

from ....errors import ReadError
from ...decode import tidy
from ...paragraphs import paragraphs
from ..fragment import text_of_html
from ..text import first_line_title

LARGEST = 1 << 26  # bytes of a file in the zip
LARGEST_IN_ALL = 1 << 28  # bytes of all that are read
RATIO = 200  # times as large as it is packed, from FREE bytes on
FREE = 1 << 22
MOST_TAGS = 2_000_000  # in a file of XML
BREAK = "\u2028"  # a line break in a paragraph, until the paragraph is whole
OPENS = ("title", "heading 1")  # styles that a document opens with
# Styles of lists that the program makes.
CONTENTS = re.compile(r"(?:toc|contents|index) (?:\d|heading$)|table of (?:figures|authorities)$")
_PIECE = 1 << 20
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # nothing else is allowed in such documents
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    LookupError,
)
_OLE = b"\xd0\xcf\x11\xe0"  # how the files of Word before 2007 begin, and those that a password locks
_LONGEST_TITLE = 300  # characters
_NO_TITLE = re.compile(
    r"(?i)(?:microsoft (?:office )?word\b.*|(?:untitled|unbenannt|sans titre|document|dokument|doc|title|titel|word document)?"
    r"[\s\d()_.-]*|\S+\.(?:docx?|dot[xm]?|odt|rtf|pages|wp[ds]|txt|html?|pdf|epub))"
)
_SPACES = re.compile(rf"[^\S\u00a0{BREAK}]+")
_BREAKS = re.compile(rf" *{BREAK}(?: *{BREAK})+ *")
# Soft hyphens, byte order marks, places of pictures, and characters of fonts that draw signs (Wingdings).
_NOT_SEEN = str.maketrans("", "", "\u00ad\ufeff\ufffc" + "".join(map(chr, range(0xF000, 0xF100))))
_LAID_OUT = 200  # characters of a cell of several paragraphs, from which on a table is there for the layout only

# The font Symbol, which text of before Unicode is set in: its characters from 0x20 on, as Adobe lists them. "\0": nothing to read.
_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_\0αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
    + "\0" * 33
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓"
    "°±″≥×∝∂•÷≠≡≈…\0\0↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑" + "\0" * 11 + "〉∫⌠\0⌡"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as its document has it.

    `apart`: an item of a list, a heading or a row of a table, which is never the continuation of the line before it. `opens`: it is
    styled as the title of a document.
    """

    text: str
    apart: bool = False
    opens: bool = False


class Package:
    """The files in a zip, read one by one within bounds. What cannot be read raises ReadError.

    `warnings`: what of it could not be read and was done without.
    """

    def __init__(self, data: bytes, where: str, kind: str) -> None:
        if data.startswith(_OLE):
            raise ReadError(
                where, f"is locked by a password, or of a program of before {kind}: save it as {kind} without a password"
            )
        self.where = where
        self.warnings: list[str] = []
        self._left = LARGEST_IN_ALL
        self._length = len(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            found = [info for info in self._zip.infolist() if not info.is_dir()]
        except _BROKEN as error:
            raise ReadError(where, f"not {kind}, or a broken file: {error or type(error).__name__}") from None
        self._files = {info.filename.replace("\\", "/").lstrip("/"): info for info in found}
        self._folded = {name.casefold(): name for name in self._files}

    @property
    def names(self) -> Iterable[str]:
        """The names of all files."""
        return self._files.keys()

    def name(self, name: str) -> str:
        """A file's name as it is written in the zip, whatever its case; "" where there is none."""
        return name if name in self._files else self._folded.get(name.casefold(), "")

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where there is none of the name."""
        if not (name := self.name(name)):
            return None
        info = self._files[name]
        if info.flag_bits & 1:
            raise ReadError(self.where, f"is locked by a password ({name})")
        if info.compress_type not in _PACKED:
            raise ReadError(self.where, f"{name} in it is packed in a way that such documents may not have")
        largest = min(LARGEST, self._left, max(FREE, RATIO * min(info.compress_size, self._length)))
        out = io.BytesIO()
        try:
            with self._zip.open(info) as file:
                while piece := file.read(_PIECE):
                    if out.tell() + len(piece) > largest:
                        raise ReadError(self.where, f"{name} in it is too large, or unpacks to more than {RATIO} times its size")
                    out.write(piece)
        except _BROKEN as error:
            raise ReadError(self.where, f"{name} in it cannot be unpacked: {error or type(error).__name__}") from None
        self._left -= out.tell()
        return out.getvalue()

    def xml(self, name: str) -> Any | None:
        """The root element of a file of XML; None where there is no such file."""
        data = self.read(name)
        return None if data is None else parse(data, self.where, name)

    def optional(self, name: str) -> Any | None:
        """The root element of a file that the text can do without: None, with a warning, where it cannot be read."""
        try:
            return self.xml(name) if name else None
        except ReadError as error:
            self.warnings.append(error.what)
            return None


def parse(data: bytes, where: str, name: str) -> Any:
    """The root element of XML, nothing of which is fetched or expanded. Raises ReadError."""
    from lxml import etree

    if data.count(b"<") > MOST_TAGS:
        raise ReadError(where, f"{name} in it has more than {MOST_TAGS:,} tags")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise ReadError(where, f"{name} in it is broken XML: {error}") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        raise ReadError(where, f"{name} in it declares entities of its own, which no such document needs")
    return root


def local(tag: Any) -> str:
    """The name of an element without its namespace; "" of what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(node: Any, name: str) -> str:
    """An attribute of an element, whatever its namespace; "" where it has none of the name."""
    return next((text for key, text in node.items() if local(key) == name), "")


def paragraph(said: str, *, apart: bool = False, opens: bool = False) -> Iterator[Block]:
    """What stands in a paragraph, its white space as single spaces: an empty block where that is nothing, several where two line
    breaks stand together.
    """
    for line in _BREAKS.split(_SPACES.sub(" ", said.translate(_NOT_SEEN))):
        whole = _SPACES.sub(" ", line.replace(BREAK, " ")).strip()
        yield Block(whole, bool(whole) and apart, bool(whole) and opens)


def row(cells: Sequence[Sequence[Block]]) -> Iterator[Block]:
    """A row of a table: one paragraph, " | " between the cells; the paragraphs of its cells where the table is only the layout."""
    cells = [[block for block in cell if block.text] for cell in cells]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(len(cell) > 1 and sum(len(block.text) for block in cell) > _LAID_OUT for cell in filled):
        yield from (block if len(cells) == 1 else replace(block, apart=True) for cell in filled for block in cell)
        return
    said = " | ".join(" ".join(block.text for block in cell) for cell in cells)
    yield Block(_SPACES.sub(" ", said).strip(" |"), apart=True)


def text_of(blocks: Iterable[Block]) -> str:
    """Paragraphs as the text of an article, a blank line between them; lines that only fold a paragraph are joined."""
    whole = tidy("\n".join(f"\n{block.text}\n" if block.apart else block.text for block in blocks))
    return "\n\n".join(whole[start:end].replace("\n", " ") for start, end in paragraphs(whole))


def title_of(blocks: Sequence[Block], stated: str, text: str) -> str:
    """A document's title: the heading that opens it, else what its properties state, else its first line where that is like one."""
    first = next((block for block in blocks if block.text), None)
    if first is not None and first.opens and len(first.text) <= _LONGEST_TITLE:
        return tidy(first.text)
    stated = " ".join(tidy(stated).translate(_NOT_SEEN).split())
    if len(stated) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(stated):
        return stated
    return "" if first is None or " | " in first.text else first_line_title(text)


@lru_cache(maxsize=1000)
def raised(text: str, tag: str) -> str:
    """Raised ("sup") or lowered ("sub") text in characters of its own where there are such: "10" and a raised "6" are no 106."""
    within = text_of_html(f"<{tag}>{escape(text)}</{tag}>") if text.strip() and len(text) <= 20 else text
    return text.replace(text.strip(), within) if within else text


def symbols(text: str) -> str:
    """Characters of the font Symbol, by their codes or in the private area of Unicode, as what they show."""
    codes = (ord(character) & 0xFF if 0xF000 <= ord(character) <= 0xF0FF else ord(character) for character in text)
    return "".join(_SYMBOL[code - 0x20] for code in codes if 0 <= code - 0x20 < len(_SYMBOL)).replace("\0", "")


@dataclass(slots=True)
class Flow:
    """Paragraphs as they come, in a format that only marks where they end: the text, a text box, a note, a table (see `kind`)."""

    kind: str = "text"
    blocks: list[Block] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    cell: list[Block] = field(default_factory=list)
    cells: list[list[Block]] = field(default_factory=list)
    inner: list[list[Block]] = field(default_factory=list)  # the cells of a table in a cell
    boxes: list[Flow] = field(default_factory=list)  # that hang on the paragraph
    listed: bool = False

    def end(self, style: str = "", listed: bool = False, in_cell: bool = False) -> None:
        """End a paragraph."""
        opens = style in OPENS
        blocks = list(paragraph(self._taken(), apart=opens or listed or self.listed or "heading" in style, opens=opens))
        self.listed = False
        if in_cell:
            self.cell += blocks
        else:
            self.end_row()
            self.blocks += [] if CONTENTS.match(style) else blocks
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            (self.cell if in_cell else self.blocks).extend(box.ended())

    def mark(self, word: str) -> None:
        """End a cell or a row of a table, or of a table in a cell, as the words of RTF have it."""
        if word == "nestrow":
            self.cell += row(self.inner)
            self.inner = []
        elif word == "nestcell":
            self.inner.append(list(paragraph(self._taken())))
        elif word == "cell":
            self.end(in_cell=True)
            self.cells.append(self.cell)
            self.cell = []
        elif word == "row" or not (self.cells or self.inner):  # "trowd", which begins one, may stand at its end too
            self.end_row()

    def end_row(self) -> None:
        """End a row, whatever of it is there."""
        if self.cells or self.cell:
            self.blocks += row([*self.cells, self.cell] if self.cell else self.cells)
            self.cells, self.cell = [], []

    def ended(self) -> list[Block]:
        """All of it."""
        if self.said or self.boxes:
            self.end(in_cell=bool(self.cells))
        self.end_row()
        return self.blocks

    def _taken(self) -> str:
        """What was said since the last paragraph; halves of pairs of UTF-16 are joined."""
        said, self.said = "".join(self.said), []
        return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
