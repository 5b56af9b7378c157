"""Word documents (.docx): the text as Word shows it with all changes accepted, without headers, footers and comments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import Any

from ....errors import ReadError
from ..draft import Draft
from .package import BREAK, CONTENTS, OPENS, Block, Package, local, paragraph, raised, row, symbols, text_of, title_of, value

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
}
# What is deleted, moved away, an instruction of a field, the reading of a character, or formatting.
_GONE = frozenset(
    "w:del w:moveFrom w:delText w:instrText w:delInstrText w:rt w:pPr w:rPr w:tblPr w:trPr w:tcPr w:sectPr w:sdtPr".split()  # noqa: SIM905
)
_SAID = {"w:tab": " ", "w:ptab": " ", "w:cr": BREAK, "w:noBreakHyphen": "-"}
_OFF = ("0", "false", "off", "none")
_NOT_READ = ("vanish", "strike", "dstrike")
_DEEPEST_STYLE = 10  # styles that a style is based on


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The article of a Word document, its notes after the text. Raises ReadError."""
    package = Package(data, where, ".docx")
    whole = _related(package, "")
    name = whole.get("officeDocument", "word/document.xml")
    root = package.xml(name)
    if root is None or local(root.tag) != "document":
        raise ReadError(where, "no Word document: there is no text of one in it")
    related = _related(package, name)
    document = _Document(_styles(package.optional(related.get("styles", ""))))
    try:
        blocks = list(document.blocks(root))
        for kind in ("footnote", "endnote"):
            blocks += document.notes_of(package.optional(related.get(f"{kind}s", "")), kind)
    except RecursionError:
        raise ReadError(where, "nested too deep to be read") from None
    if not (text := text_of(blocks)):
        raise ReadError(where, "no text in it: if it holds pictures of pages, recognise their text first")
    properties = package.optional(whole.get("core-properties", "docProps/core.xml"))
    stated = {local(node.tag): node.text or "" for node in properties} if properties is not None else {}
    title = title_of(blocks, stated.get("title", ""), text)
    language = stated.get("language", "").strip()
    yield Draft(where=where, text=text, title=title, language=language, warnings=tuple(package.warnings))


def _related(package: Package, name: str) -> dict[str, str]:
    """By kind, the files that a file of the package refers to; "" is the package itself."""
    folder = dirname(name)
    root = package.xml(join(folder, "_rels", f"{name.rpartition('/')[2]}.rels"))
    found: dict[str, str] = {}
    for relation in root if root is not None else ():
        if relation.get("TargetMode") != "External" and (target := relation.get("Target")):
            path = target if target.startswith("/") else join(folder, target)
            found.setdefault(relation.get("Type", "").rpartition("/")[2], normpath(path).lstrip("/"))
    return found


def _styles(root: Any | None) -> dict[str, str]:
    """By id, the built-in name of each style or of the nearest that it is based on: ids and custom names are of any language."""
    names: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in root if root is not None else ():
        if _short(style.tag) == "w:style" and (key := value(style, "styleId")):
            values = {_short(child.tag): value(child, "val") for child in style}
            names[key] = values.get("w:name", "").lower()
            based[key] = values.get("w:basedOn", "")
    found = {}
    for key, name in names.items():
        at = key
        for _ in range(_DEEPEST_STYLE):
            if name in OPENS or name.startswith("heading") or CONTENTS.match(name):
                break
            at = based.get(at, "")
            name = names.get(at, "")
        found[key] = name
    return found


@lru_cache(maxsize=1000)
def _short(tag: Any) -> str:
    """The name of an element with its usual prefix; without one for namespaces that only wrap."""
    namespace, _, name = tag[1:].partition("}") if isinstance(tag, str) else ("", "", "")
    return _PREFIXES.get(namespace, "") + name


def _child(node: Any, *path: str) -> Any | None:
    """The first element at the end of a path of names."""
    for name in path:
        node = next((child for child in node if _short(child.tag) == name), None)
        if node is None:
            return None
    return node


def _chosen(node: Any) -> Any:
    """Of what a document has in several forms, the newest."""
    return next((child for child in node if _short(child.tag) == "mc:Choice"), next(iter(node), ()))


class _Document:
    """One reading of a document, which meets the notes that its text refers to."""

    def __init__(self, styles: dict[str, str]) -> None:
        self._styles = styles
        self._notes: list[tuple[str, str]] = []  # kind and number, in the order of the text
        self._fields: list[bool] = []  # of each open field whether its instruction goes on
        self._carried: list[str] = []  # the text of a paragraph whose end is deleted

    def blocks(self, node: Any) -> Iterator[Block]:
        """The paragraphs below an element, in their order."""
        for child in node:
            name = _short(child.tag)
            if name == "w:p":
                yield from self._paragraph(child)
            elif name == "w:tbl":
                for line in self._inside(child, "w:tr"):
                    if _child(line, "w:trPr", "w:del") is None:
                        cells = (cell for cell in self._inside(line, "w:tc") if _child(cell, "w:tcPr", "w:cellDel") is None)
                        yield from row([list(self.blocks(cell)) for cell in cells])
            elif name == "mc:AlternateContent":
                yield from self.blocks(_chosen(child))
            elif not _left_out(child, name):
                yield from self.blocks(child)
        carried, self._carried = self._carried, []
        if carried:
            yield from paragraph("".join(carried))

    def notes_of(self, root: Any | None, kind: str) -> Iterator[Block]:
        """The paragraphs of the notes of a kind that the text refers to."""
        by_number = {value(node, "id"): node for node in root if local(node.tag) == kind} if root is not None else {}
        for number in dict.fromkeys(number for of, number in self._notes if of == kind):
            if (node := by_number.get(number)) is not None:
                yield from self.blocks(node)

    def _inside(self, node: Any, wanted: str) -> Iterator[Any]:
        """The rows of a table or the cells of a row, which may stand in controls and changes."""
        for child in node:
            name = _short(child.tag)
            if name == wanted:
                yield child
            elif name == "mc:AlternateContent":
                yield from self._inside(_chosen(child), wanted)
            elif not _left_out(child, name):
                yield from self._inside(child, wanted)

    def _paragraph(self, node: Any) -> Iterator[Block]:
        properties = _child(node, "w:pPr")
        style = ""
        listed = deleted = False
        if properties is not None:
            named = _child(properties, "w:pStyle")
            style = self._styles.get(value(named, "val"), value(named, "val").lower()) if named is not None else ""
            listed = _child(properties, "w:numPr") is not None
            mark = _child(properties, "w:rPr")
            deleted = mark is not None and any(_child(mark, name) is not None for name in ("w:del", "w:moveFrom"))
        said, self._carried = self._carried, []
        boxes: list[Any] = []
        self._inline(node, said, boxes, "")
        self._fields = [open_ for open_ in self._fields if not open_]  # an instruction ends with its paragraph, whatever is missing
        if not deleted and not CONTENTS.match(style):
            opens = style in OPENS
            yield from paragraph("".join(said), apart=opens or listed or "heading" in style, opens=opens)
        for box in boxes:
            yield from self.blocks(box if _short(box.tag) == "w:txbxContent" else [box])
        self._carried = said if deleted else []

    def _inline(self, node: Any, said: list[str], boxes: list[Any], font: str) -> None:
        """Put what stands in an element at the end of `said`, and the text boxes that hang on it at the end of `boxes`."""
        for child in node:
            name = _short(child.tag)
            if _left_out(child, name):
                continue
            if name == "w:r":
                self._run(child, said, boxes)
            elif name in ("w:txbxContent", "w:p", "w:tbl"):
                boxes.append(child)
            elif name == "mc:AlternateContent":
                self._inline(_chosen(child), said, boxes, font)
            elif name == "w:fldChar":
                self._field(value(child, "fldCharType"))
            elif name in ("w:footnoteReference", "w:endnoteReference"):
                self._notes.append((name[2:-9], value(child, "id")))
            elif not any(self._fields) and (text := _said(child, name, font)) is not None:
                said.append(text)
            else:
                self._inline(child, said, boxes, font)

    def _run(self, node: Any, said: list[str], boxes: list[Any]) -> None:
        """A stretch of one formatting; hidden and struck text is not there."""
        properties = _child(node, "w:rPr")
        found: list[str] = []
        formats = {} if properties is None else {local(child.tag): child for child in properties}
        fonts = formats.get("rFonts")
        font = "" if fonts is None else (value(fonts, "ascii") or value(fonts, "hAnsi"))
        self._inline(node, found, boxes, font)
        if any(value(child, "customMarkFollows") for child in node) or any(
            name in formats and value(formats[name], "val").lower() not in _OFF for name in _NOT_READ
        ):
            return
        place = value(formats["vertAlign"], "val") if "vertAlign" in formats else ""
        text = "".join(found)
        said.append(raised(text, place[:3]) if place in ("superscript", "subscript") else text)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()


def _said(node: Any, name: str, font: str) -> str | None:
    """What a single element says; None of one that only holds others."""
    if name in ("w:t", "m:t"):
        text = node.text or ""
        return symbols(text) if "symbol" in font.lower() and "\uf000" <= text[:1] <= "\uf0ff" else text
    if name == "w:br":
        return BREAK if value(node, "type") in ("", "textWrapping") else 2 * BREAK
    if name == "w:sym":
        try:
            code = int(value(node, "char"), 16)
        except ValueError:
            return ""
        return symbols(chr(code)) if "symbol" in value(node, "font").lower() and code <= 0xFFFF else ""
    if name in ("m:sup", "m:sub", "m:den"):
        inner = "".join(part.text or "" for part in node.iter() if _short(part.tag) == "m:t")
        return f"/{inner}" if name == "m:den" else raised(inner, name[2:])
    return _SAID.get(name)


def _left_out(node: Any, name: str) -> bool:
    """Whether an element is no part of the text: see _GONE; of controls, what Word made (the contents) or asks for."""
    if name != "w:sdt":
        return name in _GONE
    gallery = _child(node, "w:sdtPr", "w:docPartObj", "w:docPartGallery")
    made = gallery is not None and value(gallery, "val") == "Table of Contents"
    return made or _child(node, "w:sdtPr", "w:showingPlcHdr") is not None
