"""EPUB books: an article for each chapter, in the order of the book, without its covers and lists of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.entities import html5
from itertools import islice
from posixpath import dirname, join, normpath, splitext
from typing import Any
from urllib.parse import unquote

from ....errors import ReadError
from ...decode import decode
from ..draft import Draft
from ..fields import from_fields
from ..fragment import text_of_html
from .package import MOST_TAGS, Package, local, paragraph, parse, value

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")
_PROLOGUE = re.compile(r"(?i)\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>)?")
_NO_CHAPTER = frozenset(["cover", "toc", "landmarks", "page-list", "loi", "lot", "nav"])
_NAMED_SO = re.compile(r"(?i)(?:front|back)?cover[-_ ]?(?:page|image)?|toc|nav|(?:table[-_ ]?of[-_ ]?)?contents|ncx")
_NOT_READ = frozenset(["pagebreak", "noteref", "backlink"])
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")  # a link that does not stay in the book
_LINKED = 0.7  # of the letters of a page, from which on it is a list of contents
_FEWEST_LINKS = 3
_FIRST = 20  # headings in which that of the chapter is looked for
_LONGEST_LABEL = 100  # pieces of text
MOST_CHAPTERS = 10_000
# A heading that says nothing without the title of the book.
_NUMBER_ONLY = re.compile(
    r"(?i)(?:(?:chapter|part|section|book|kapitel|teil|abschnitt|chapitre|partie|cap[ií]tulo|parte|capitolo|hoofdstuk|deel|глава|часть)\W*)?"
    r"(?:\d+|[ivxlcdm]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)?\W*|\S*"
)
_UNKNOWN_DATE = "0101-01-01"  # as calibre writes it


@dataclass(slots=True)
class _Book:
    """What the package document says. `spine`: the paths of the chapters in their order; `labels`: what the contents call each."""

    fields: dict[str, str] = field(default_factory=dict)
    title: str = ""
    spine: dict[str, None] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)


def read(data: bytes, where: str) -> Iterator[Draft | ReadError]:
    """The chapters of a book that have a text; what is wrong with one of them is yielded. Raises ReadError."""
    package = Package(data, where, ".epub")
    book = _book(package)
    locked = _locked(package)
    found = told = 0
    for path, part in _parts(path for path in book.spine if path not in book.left_out):
        name = f"{where}#{part}"
        try:
            if path in locked:
                raise ReadError(name, "is locked (the book is protected from copying)")
            if (draft := _chapter(package, book, path, name, part)) is None:
                continue
            found += 1
            yield draft if found == 1 else replace(draft, warnings=())  # they are of the book, and told once
        except ReadError as error:
            told += 1
            yield ReadError(name, error.what)
    if not found + told:
        raise ReadError(where, "no chapter with text in it")


def _book(package: Package) -> _Book:
    container = package.optional("META-INF/container.xml")
    files = container.iter() if container is not None else ()
    path = next((value(node, "full-path") for node in files if local(node.tag) == "rootfile"), "")
    path = path or next((name for name in package.names if name.lower().endswith(".opf")), "")
    root = package.xml(path) if path else None
    if root is None:
        raise ReadError(package.where, "no EPUB: it says nowhere which chapters it has")
    book = _Book()
    items: dict[str, str] = {}
    for node in root.iter():
        name, target = local(node.tag), _path(path, value(node, "href"))
        if name == "item":
            kind = value(node, "media-type")
            properties = value(node, "properties").split()
            if not kind.startswith(("image/", "audio/", "video/")):
                items[value(node, "id")] = target
            if "nav" in properties or kind == "application/x-dtbncx+xml":
                book.left_out.add(target)
                book.labels |= {**_labels(package, target), **book.labels}
        elif name == "itemref" and (chapter := items.get(value(node, "idref"))):
            book.spine[chapter] = None
        elif name == "reference" and value(node, "type").lower() in _NO_CHAPTER and "#" not in value(node, "href"):
            book.left_out.add(target)
    if len(book.spine) > MOST_CHAPTERS:
        raise ReadError(package.where, f"more than {MOST_CHAPTERS:,} chapters in it")
    _describe(book, root)
    return book


def _describe(book: _Book, root: Any) -> None:
    """Take the title, publisher, language and date of the book from its package document."""
    said: dict[str, list[tuple[str, str]]] = {}
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.startswith("{http://purl.org/dc/elements/") and (node.text or "").strip():
            said.setdefault(local(node.tag), []).append((value(node, "event").lower(), " ".join(node.text.split())))
    first = {name: some[0][1] for name, some in said.items()}
    dates = [date for kind, date in said.get("date", []) if kind in ("publication", "issued", "original-publication")]
    dates += [date for kind, date in said.get("date", []) if not kind]
    book.title = first.get("title", "")
    book.fields = {
        "publisher": first.get("publisher", "") or book.title,
        "language": first.get("language", "").removeprefix("und"),
        "date": next((date for date in dates if not date.startswith(_UNKNOWN_DATE)), ""),
    }


def _path(beside: str, href: str) -> str:
    """The path in the zip of what a file refers to; "" of nothing."""
    href = unquote(href.split("#")[0])
    return normpath(join(dirname(beside), href)).lstrip("/") if href else ""


def _labels(package: Package, path: str) -> dict[str, str]:
    """By path, what the list of contents calls each chapter."""
    root = package.optional(path)
    found: dict[str, str] = {}
    for node in root.iter() if root is not None else ():
        if local(node.tag) == "a":
            target, label = value(node, "href"), "".join(islice(node.itertext(), _LONGEST_LABEL))
        elif local(node.tag) == "navPoint":
            target = next((value(child, "src") for child in node if local(child.tag) == "content"), "")
            label = next(
                ("".join(islice(child.itertext(), _LONGEST_LABEL)) for child in node if local(child.tag) == "navLabel"), ""
            )
        else:
            continue
        if said := " ".join(label.split()):
            found.setdefault(_path(path, target), said)
    return found


def _locked(package: Package) -> set[str]:
    """The paths of what is encrypted: of chapters, by sellers of books; of fonts, by everyone."""
    root = package.optional("META-INF/encryption.xml")
    nodes = root.iter() if root is not None else ()
    return {_path("", value(node, "URI")) for node in nodes if local(node.tag) == "CipherReference"}


def _parts(paths: Iterator[str]) -> list[tuple[str, str]]:
    """Each path with a name of its own: the file's without its suffix, with its folders where there are several so called."""
    named = [(path, splitext(path)[0], splitext(path)[0].rpartition("/")[2]) for path in paths]
    files = Counter(file for _, _, file in named)
    whole = Counter(stem for _, stem, _ in named)
    return [(path, file if files[file] == 1 else stem if whole[stem] == 1 else path) for path, stem, file in named]


def _chapter(package: Package, book: _Book, path: str, where: str, part: str) -> Draft | None:
    """A chapter; None of a page that is none, or has no text."""
    if _NAMED_SO.fullmatch(splitext(path)[0].rpartition("/")[2]):
        return None
    if (data := package.read(path)) is None:
        raise ReadError(where, f"there is no {path} in the book")
    root = _tree(data, where, path)
    body = next((node for node in root.iter() if node.tag == "body"), root)
    if any(_kinds(node) & _NO_CHAPTER for node in (body, *(body if len(body) == 1 else ()))):
        return None
    for node in [node for node in body.iter("*") if _is_unread(node)]:
        after = node.tail
        node.clear()
        node.tag, node.tail = "template", after
    text = _clean(text_of_html(body))
    if not text or _is_contents(body, text):
        return None
    headings = (_clean(text_of_html(node)).replace("\n\n", " ") for node in islice(body.iter("h1", "h2", "h3"), _FIRST))
    heading = next(filter(None, headings), "")
    title = heading or book.labels.get(path, "") or book.title
    if book.title and title != book.title and _NUMBER_ONLY.fullmatch(title):
        title = f"{book.title}: {title}"
    return from_fields({**book.fields, "title": title}, text, where, part=part, warnings=tuple(package.warnings))


def _tree(data: bytes, where: str, name: str) -> Any:
    """A page as a tree whose elements have their plain names. What is no XML is read as HTML. Raises ReadError."""
    from lxml import etree, html

    if data.count(b"<") > MOST_TAGS:
        raise ReadError(where, f"{name} has more than {MOST_TAGS:,} tags")
    try:
        root = parse(_ENTITY.sub(_numeric, data), where, name)
    except ReadError:
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
        try:
            page = _PROLOGUE.sub("", decode(data, declared=True), count=1)
            root = html.document_fromstring(page, parser=parser)
        except (etree.LxmlError, ValueError) as error:
            raise ReadError(where, f"cannot be parsed: {error}") from None
        for fault in parser.error_log.filter_from_fatals():  # after which there is no more in the tree
            raise ReadError(where, f"cannot be parsed: {fault.message}") from None
    for node in root.iter(etree.Element):
        node.tag = local(node.tag).lower()
    return root


def _numeric(entity: re.Match[bytes]) -> bytes:
    """An entity of HTML, which XML does not know, by its code."""
    said = html5.get(f"{entity[1].decode()};") if entity[1] not in _OF_XML else None
    return entity[0] if said is None else "".join(f"&#{ord(character)};" for character in said).encode()


def _kinds(node: Any) -> set[str]:
    """What an element is, as the book and its accessibility say."""
    kinds = (node.get(_EPUB_TYPE) or node.get("epub:type") or "").split()
    return {*kinds, *(role.removeprefix("doc-") for role in node.get("role", "").split())}


def _is_unread(node: Any) -> bool:
    """Whether an element of a page is no part of its text; what is hidden is left out where the text is made."""
    return node.tag in ("nav", "rt", "rp") or bool(_kinds(node) & _NOT_READ)


def _clean(text: str) -> str:
    return "\n\n".join(block.text for line in text.split("\n\n") for block in paragraph(line) if block.text)


def _is_contents(body: Any, text: str) -> bool:
    """Whether a page is little but links to other places of the book."""
    from lxml import etree

    links = linked = depth = 0
    for event, node in etree.iterwalk(body, events=("start", "end"), tag="a"):
        if event == "start" and not depth and node.get("href") and not _ELSEWHERE.match(node.get("href")):
            links += 1
            linked += len("".join(node.itertext()).strip())
        depth += 1 if event == "start" else -1
    return links >= _FEWEST_LINKS and linked > _LINKED * len(text)
