"""PDF: the text of all pages in reading order, put together again from where its characters stand."""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from ctypes import c_double
from itertools import zip_longest
from statistics import median
from threading import Lock
from typing import Any

from ....errors import ReadError
from ...article import Locator
from ...decode import tidy
from ..draft import Draft
from .columns import ALWAYS, APART, Line, Lines, Word, columns_of, line_of, lines_of, rows_of, without_drop_caps
from .flow import HEADING, Vocabulary, in_paragraphs, joined, measured, vocabulary_of

MOST_BYTES = 1 << 28
MOST_UNPACKED = 1 << 26  # bytes of what one page shows
MOST_PAGES = 5_000
MOST_ON_A_PAGE = 100_000  # characters
MOST_CHARACTERS = 20_000_000  # of all pages
_MOST_PACKED = 3  # times that a page is packed
_LARGEST = 2_000  # points of a letter
_LONGEST_TITLE, _LONGEST_LABEL = 250, 20  # characters
_EDGE = 4  # lines at the head and at the foot of a page that may recur
_AWAY = 1.4  # ems from them to the text, at least
_GENERATED = 0.08  # ems between words where pdfium alone sees a space
_UNTOLD = 0.3  # of the letters at most may be unknown
_PDFIUM = Lock()  # it is not made for threads
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NO_TITLE = re.compile(
    r"(?i)microsoft \w+ -.*|untitled.*|\(?anonymous\)?|(?:document|slide|layout|page) ?\d*|powerpoint.*|[\W\d_]*|"
    r"\S*\.\w{2,5}|.*\.(?:pdf|docx?|odt|rtf|txt|indd|qxp|p65|pptx?|odp|xlsx?|html?|tex|dvi|ps)"
)
_PAGE_NUMBER = re.compile(
    r"(?i)[^\w.,:;$€£]{0,5}(?:(?:page|p\.)\s?)?(?:\d{1,4}|[ivxl]{1,7})(?:\s?(?:of|/)\s?\d{1,4})?[^\w.,:;%]{0,5}"
)
_NO_LETTER = re.compile(r"[\W\d]+")
_SPACES = frozenset(map(chr, (9, 10, 13, 32, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)))
_LETTERS: dict[int, str] = {
    **dict.fromkeys([*range(32), *range(0x7F, 0xA0)], "\ufffd"),  # of fonts that do not tell their letters
    **{ord(letter): unicodedata.normalize("NFKC", letter) for letter in "ﬀﬁﬂﬃﬄﬅﬆ"},
    **dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF], ""),
    2: "-",  # pdfium's for a hyphen at the end of a line
    0xF0B7: "•",  # of the font Symbol, in Word
    0xF0A7: "▪",
}


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The text of a PDF as one article. Raises ReadError where it is locked, broken, too large, or holds no text."""
    import pypdfium2

    if len(data) > MOST_BYTES:
        raise ReadError(where, f"larger than {MOST_BYTES >> 20} MB")
    if not data.strip():
        raise ReadError(where, "an empty file")
    _refuse_bombs(data, where)
    with _PDFIUM:
        try:
            with pypdfium2.PdfDocument(data) as document:
                draft = _draft(document, where)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
            raise ReadError(where, "locked by a password: unlock it first" if locked else f"a broken PDF: {error}") from None
    yield draft


def _refuse_bombs(data: bytes, where: str) -> None:
    """Raise ReadError where a stream that is no picture unpacks to more than text can be: pdfium would unpack all of it."""
    at = 0
    while found := _STREAM.search(data, at):
        at = data.find(b"endstream", found.end())
        if at < 0:
            return
        if b"/Image" in data[max(0, found.start() - 400) : found.start()].rpartition(b"obj")[2]:
            continue
        packed = data[found.end() : at]
        for _ in range(_MOST_PACKED):
            try:
                packed = zlib.decompressobj().decompress(packed, MOST_UNPACKED + 1)
            except zlib.error:
                break
            if len(packed) > MOST_UNPACKED:
                raise ReadError(where, f"a page in it unpacks to more than {MOST_UNPACKED >> 20} MB")


def _draft(document: Any, where: str) -> Draft:
    """The article of an open PDF. Raises ReadError."""
    if (count := len(document)) > MOST_PAGES:
        raise ReadError(where, f"more than {MOST_PAGES:,} pages in it ({count:,}): split it")
    labels = [_said(document.get_page_label, number, _LONGEST_LABEL) or str(number + 1) for number in range(count)]
    columns, warnings = _columns(document, labels, where)
    text = "".join(line.text for column in columns for line in column)
    if not text:
        raise ReadError(where, f"no text in it: {warnings[0] if warnings else 'a scan needs OCR first'}")
    if text.count("\ufffd") > _UNTOLD * len(text):
        raise ReadError(where, "no text that can be read in it, as its fonts do not tell the letters: it needs OCR first")
    sizes: Counter[float] = Counter()
    for line in (line for column in columns for line in column):
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    paragraphs = in_paragraphs(columns, body)
    known = vocabulary_of(paragraphs)
    pieces: list[str] = []
    locators: list[Locator] = []
    at, page = 0, -1
    for paragraph in paragraphs:
        for line, piece in zip(paragraph, joined(paragraph, known), strict=True):
            if line.page != page:
                page = line.page
                locators.append(Locator(at, f"page {labels[page]}"))
            pieces.append(piece)
            at += len(piece)
        pieces[-1] += "\n\n"
        at += 2
    title = _said(document.get_metadata_value, "Title", _LONGEST_TITLE)
    if _NO_TITLE.fullmatch(title) or (" " not in title and title.casefold() not in known.words):
        title = _headline(paragraphs, known, body)
    return Draft(where, "".join(pieces)[:-2], title=title, locators=tuple(locators), warnings=tuple(warnings))


def _said(get: Callable[[Any], str], key: object, longest: int) -> str:
    """What the document says of itself; "" for what cannot be read, or is too long."""
    try:
        said = " ".join(tidy(get(key).replace("\0", "")).split())
    except (RuntimeError, ValueError):
        return ""
    return said if len(said) <= longest else ""


def _headline(paragraphs: list[Lines], known: Vocabulary, body: float) -> str:
    """The largest text before the story on the first page, where it clearly is larger."""
    before: list[Lines] = []
    for paragraph in paragraphs:
        if paragraph[0].page != paragraphs[0][0].page or (paragraph[0].size < HEADING * body and len(paragraph) > 2):
            break
        before.append(paragraph)
    largest = max(before, key=lambda paragraph: paragraph[0].size, default=None)
    title = "".join(joined(largest, known)) if largest and largest[0].size > HEADING * body else ""
    return title if len(title) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(title) else ""


def _columns(document: Any, labels: list[str], where: str) -> tuple[list[Lines], list[str]]:
    """The columns of all pages in reading order, and what could not be read of them. Raises ReadError."""
    pages: list[tuple[list[Lines], list[Lines]]] = []
    gutters: set[int] = set()
    warnings: list[str] = []
    held = 0
    for number, label in enumerate(labels):
        try:
            words = _words(document, number)
        except (RuntimeError, ValueError) as error:  # pdfium's are of the first kind
            warnings.append(f"page {label} is left out: {error}")
            continue
        if (held := held + sum(len(word.text) for word in words)) > MOST_CHARACTERS:
            raise ReadError(where, f"more than {MOST_CHARACTERS:,} characters in it: split it")
        rows = rows_of(words)
        edges = [[line_of(row, number) for row in some] for some in (rows[: _EDGE + 1], rows[: -_EDGE - 2 : -1])]
        pages.append(([lines_of(some, number) for some in columns_of(words, gutters)], edges))
    return _without_running(pages, labels), warnings


def _words(document: Any, number: int) -> list[Word]:
    """The words of a page, turned so that most of them stand upright. Those askew to them are left out, and those off the page.

    Raises RuntimeError or ValueError for a page that cannot be read.
    """
    import pypdfium2.raw as pdfium

    page = document[number]
    try:
        shown, text_page = page.get_bbox(), page.get_textpage()
        if (count := text_page.count_chars()) > MOST_ON_A_PAGE:
            raise ValueError(f"more than {MOST_ON_A_PAGE:,} characters on it")
        text = text_page.raw  # which need not be looked up for each letter
        box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), c_double(), c_double()
        found: defaultdict[int, list[Word]] = defaultdict(list)
        letters, turn, size, x0, x1, base, low, before, apart = "", 0, 1.0, 0.0, 0.0, 0.0, 0.0, APART, APART
        for at in range(count + 1):
            code = pdfium.FPDFText_GetUnicode(text, at) if at < count else 10
            letter = chr(code) if code < 0x110000 else "\ufffd"
            if not (space := letter in _SPACES):
                pdfium.FPDFText_GetLooseCharBox(text, at, box)
                left, foot, right = _turned(box, turn) if turn else (box.left, box.bottom, box.right)
            if letters and (space or abs(foot - low) > 0.25 * size or not -0.8 < (left - x1) / size < 0.3):
                found[turn].append(Word(_clean(letters), x0, x1, base, size, before))
                letters = ""
            if space:
                if letter not in "\r\n":
                    apart = min(apart, _GENERATED if pdfium.FPDFText_IsGenerated(text, at) else ALWAYS)
                continue
            if not letters:
                pdfium.FPDFText_GetMatrix(text, at, matrix)
                pdfium.FPDFText_GetCharOrigin(text, at, x, y)
                before, apart = apart, APART
                size = round(2 * pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)) / 2 or 1.0
                if not (shown[0] <= x.value <= shown[2] and shown[1] <= y.value <= shown[3] and 0 < size < _LARGEST):
                    continue
                angle = math.degrees(math.atan2(matrix.b, matrix.a))
                turn = round(angle / 90) % 4 if abs(angle - 90 * round(angle / 90)) < 3 else 4
                _, low, x1 = _turned(box, turn)
                x0, base = [x.value, y.value, -x.value, -y.value, x.value, y.value][turn : turn + 2]
                right = x1
            letters += letter
            x1 = max(x1, right)
    finally:
        page.close()
    found.pop(4, None)
    words = max(found.values(), key=lambda some: sum(len(word.text) for word in some), default=[])
    return without_drop_caps([word for word in words if word.text])


def _turned(box: Any, turn: int) -> tuple[float, float, float]:
    """Where a character begins, its foot, and where it ends, by how many quarters it is turned."""
    match turn:
        case 1:
            return box.bottom, -box.right, box.top
        case 2:
            return -box.right, -box.top, -box.left
        case 3:
            return -box.top, box.left, -box.bottom
    return box.left, box.bottom, box.right


def _clean(letters: str) -> str:
    """The letters of a word: ligatures taken apart, halves of pairs put together, what stands for no letter left out."""
    if any("\ud800" <= letter <= "\udfff" for letter in letters):
        letters = letters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return letters.translate(_LETTERS)


def _without_running(pages: list[tuple[list[Lines], list[Lines]]], labels: list[str]) -> list[Lines]:
    """The columns of all pages, without page numbers and the lines at the head or foot that recur on other pages."""
    sizes = [line.size for columns, _ in pages for lines in columns for line in lines for _ in range(len(line.text) // 20)]
    body = median(sizes) if sizes else 0.0
    need = min(3, max(2, (len(pages) + 1) // 2))
    seen: Counter[tuple[str, int]] = Counter()
    for _, edges in pages:
        seen.update({place for side in edges for line in side for place in _places(line)})
    columns: list[Lines] = []
    for lines, edges in pages:
        running: list[float] = []
        for side in edges:
            some: list[float] = []  # lines that stand together
            for line, inner in zip_longest(side[:_EDGE], side[1:]):
                tokens = line.text.split() or [""]
                numbered = labels[line.page] in (tokens[0], tokens[-1])
                enough = need if not numbered else 1 if line.size < 0.95 * body else 2
                if not _PAGE_NUMBER.fullmatch(line.text) and max((seen[at] for at in _places(line)), default=0) < enough:
                    break
                some.append(line.y)
                if inner is None or abs(line.y - inner.y) > _AWAY * line.size:
                    running += some
                    some = []
        kept = [[line for line in some if line.text and all(abs(line.y - y) > 0.4 * line.size for y in running)] for some in lines]
        columns += [measured(some) for some in kept if some]
    return columns


def _places(line: Line) -> list[tuple[str, int]]:
    """What a line says apart from its digits, and about where it stands."""
    said, y = _NO_LETTER.sub(" ", line.text).casefold().strip(), round(line.y / 10)
    return [(said, y), (said, y + 1)] if said else []
