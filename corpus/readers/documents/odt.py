"""OpenDocument texts (.odt): the text as it shows with all changes accepted, without headers, footers and comments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ....errors import ReadError
from ..draft import Draft
from .package import BREAK, OPENS, Block, Package, local, paragraph, raised, row, text_of, title_of, value

_PREFIXES = {
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text:",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table:",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office:",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style:",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw:",
}
# What is deleted, hidden, a comment, the reading of a character, the mark of a note, or a list that the program makes.
_GONE = frozenset(
    "text:tracked-changes text:note-citation text:number text:ruby-text text:hidden-text text:hidden-paragraph text:script "  # noqa: SIM905
    "text:table-of-content text:illustration-index text:table-index text:object-index text:user-index text:alphabetical-index "
    "text:sequence-decls text:variable-decls text:user-field-decls office:annotation office:forms office:event-listeners "
    "office:binary-data office:change-info table:covered-table-cell table:shapes table:desc table:title draw:glue-point "
    "draw:object draw:applet draw:plugin svg:title svg:desc".split()
)
_SAID = {"text:s": " ", "text:tab": " ", "text:line-break": BREAK}
_BLOCKS = frozenset(["text:p", "text:h", "text:list", "table:table", "text:section", "text:index-body", "text:numbered-paragraph"])
_DEEPEST_STYLE = 10  # styles that a style has as parents


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The article of an OpenDocument text, its notes after the text. Raises ReadError."""
    package = Package(data, where, ".odt")
    if _is_locked(package):
        raise ReadError(where, "is locked by a password: save it without one")
    root = package.xml("content.xml")
    body = None if root is None else next((node for node in root.iter() if _short(node.tag) == "office:text"), None)
    if root is None or body is None:
        raise ReadError(where, "no OpenDocument text: there is no text of one in it")
    document = _Document(_styles(root, package.optional("styles.xml")))
    try:
        blocks = [*document.blocks(body), *document.noted()]
    except RecursionError:
        raise ReadError(where, "nested too deep to be read") from None
    if not (text := text_of(blocks)):
        raise ReadError(where, "no text in it: if it holds pictures of pages, recognise their text first")
    meta = package.optional("meta.xml")
    stated = {local(node.tag): node.text or "" for node in meta.iter() if local(node.tag)} if meta is not None else {}
    title = title_of(blocks, stated.get("title", ""), text)
    language = stated.get("language", "").strip()
    yield Draft(where=where, text=text, title=title, language=language, warnings=tuple(package.warnings))


def _is_locked(package: Package) -> bool:
    """Whether the text is encrypted, as the list of the files says."""
    if package.name("encrypted-package"):
        return True
    manifest = package.optional("META-INF/manifest.xml")
    files = manifest.iter() if manifest is not None else ()
    return any(
        local(file.tag) == "file-entry"
        and "content.xml" in file.attrib.values()
        and any(local(child.tag) == "encryption-data" for child in file)
        for file in files
    )


@lru_cache(maxsize=1000)
def _short(tag: Any) -> str:
    """The name of an element with its usual prefix."""
    namespace, _, name = tag[1:].partition("}") if isinstance(tag, str) else ("", "", "")
    return _PREFIXES.get(namespace, "svg:" if "svg" in namespace else "") + name


class _Style:
    """What of a style matters here: whose it is (`names`: its own and those of its parents), and how its text stands."""

    def __init__(self, node: Any) -> None:
        self.name, self.parent = value(node, "name"), value(node, "parent-style-name")
        self.gone, self.place = False, ""
        for child in node:
            if _short(child.tag) == "style:text-properties":
                lines_through = (value(child, "text-line-through-style"), value(child, "text-line-through-type"))
                self.gone = value(child, "display") == "none" or any(line not in ("", "none") for line in lines_through)
                self.place = value(child, "text-position").split(" ")[0]


def _styles(*roots: Any | None) -> dict[str, _Style]:
    nodes = (node for root in reversed(roots) if root is not None for node in root.iter() if _short(node.tag) == "style:style")
    return {style.name: style for style in map(_Style, nodes)}


class _Document:
    """One reading of a document, which meets the notes of its text."""

    def __init__(self, styles: dict[str, _Style]) -> None:
        self._styles = styles
        self._notes: list[Any] = []

    def blocks(self, node: Any, listed: bool = False) -> Iterator[Block]:
        """The paragraphs below an element, in their order."""
        for child in node:
            name = _short(child.tag)
            if name in ("text:p", "text:h"):
                yield from self._paragraph(child, listed)
            elif name == "table:table":
                for line in self._inside(child, "table:table-row"):
                    yield from row([list(self.blocks(cell)) for cell in self._inside(line, "table:table-cell")])
            elif not _left_out(child, name):
                yield from self.blocks(child, listed or name == "text:list")

    def noted(self) -> Iterator[Block]:
        """The paragraphs of the notes that were met, footnotes before endnotes."""
        for note in sorted(self._notes, key=lambda note: value(note, "note-class") == "endnote"):
            yield from self.blocks(note)

    def _inside(self, node: Any, wanted: str) -> Iterator[Any]:
        """The rows of a table or the cells of a row, which may stand in groups."""
        for child in node:
            name = _short(child.tag)
            if name == wanted:
                yield child
            elif not _left_out(child, name) and name not in _BLOCKS:
                yield from self._inside(child, wanted)

    def _paragraph(self, node: Any, listed: bool) -> Iterator[Block]:
        names = self._names(value(node, "style-name"))
        heading = _short(node.tag) == "text:h"
        styled = any(name.lower().replace("_20_", " ") in OPENS for name in names)
        opens = styled or (heading and value(node, "outline-level") in ("", "1"))
        said: list[str] = []
        boxes: list[Any] = []
        if not self._is_gone(names):
            self._inline(node, said, boxes)
        yield from paragraph("".join(said), apart=heading or listed or opens, opens=opens)
        for box in boxes:
            yield from self.blocks([box])

    def _inline(self, node: Any, said: list[str], boxes: list[Any]) -> None:
        """Put what stands in an element at the end of `said`, and the text boxes that hang on it at the end of `boxes`."""
        said.append(node.text or "")
        for child in node:
            name = _short(child.tag)
            if name == "text:note":
                self._notes.append(child)
            elif name in _BLOCKS:
                boxes.append(child)
            elif name in _SAID:
                said.append(_SAID[name])
            elif name == "text:span":
                said.append(self._span(child, boxes))
            elif name and not _left_out(child, name):
                self._inline(child, said, boxes)
            said.append(child.tail or "")

    def _span(self, node: Any, boxes: list[Any]) -> str:
        """A stretch of one formatting; hidden and struck text is not there."""
        names = self._names(value(node, "style-name"))
        if self._is_gone(names):
            return ""
        found: list[str] = []
        self._inline(node, found, boxes)
        place = next((self._styles[name].place for name in names if name in self._styles and self._styles[name].place), "")
        text = "".join(found)
        if place.startswith(("sub", "-")):
            return raised(text, "sub")
        return raised(text, "sup") if place.startswith("super") or place.rstrip("%").strip("0.").isdigit() else text

    def _names(self, name: str) -> list[str]:
        """The names of a style and of its parents."""
        names = [name]
        while len(names) <= _DEEPEST_STYLE and (style := self._styles.get(names[-1])) is not None and style.parent:
            names.append(style.parent)
        return names

    def _is_gone(self, names: list[str]) -> bool:
        return any(name in self._styles and self._styles[name].gone for name in names)


def _left_out(node: Any, name: str) -> bool:
    """Whether an element is no part of the text: see _GONE, and sections that are hidden."""
    return name in _GONE or (name == "text:section" and value(node, "display") == "none")
