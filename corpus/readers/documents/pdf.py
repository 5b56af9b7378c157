"""PDF: the text of all pages in reading order, put together again from where its characters stand."""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from ctypes import c_double
from itertools import pairwise, zip_longest
from statistics import median
from threading import Lock
from typing import Any, NamedTuple

from ....errors import ReadError
from ...article import Locator
from ...decode import tidy
from ..draft import Draft

MOST_BYTES = 1 << 28
MOST_UNPACKED = 1 << 26  # bytes of what one page shows
MOST_PAGES = 5_000
MOST_ON_A_PAGE = 100_000  # characters
MOST_CHARACTERS = 20_000_000  # of all pages
_MOST_PACKED = 3  # times that a page is packed
_LARGEST = 2_000  # points of a letter
_LONGEST_TITLE, _LONGEST_LABEL = 250, 20  # characters
_EDGE = 4  # lines at the head and at the foot of a page that may recur
_GENERATED = 0.08  # ems between words where pdfium alone sees a space
_UNTOLD = 0.3  # of the letters: a document whose fonts do not tell what they are
_PDFIUM = Lock()  # it is not made for threads
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NO_TITLE = re.compile(
    r"(?i)microsoft \w+ -.*|untitled.*|\(?anonymous\)?|document ?\d*|slide \d+|powerpoint.*|\S*\.\w{2,5}|[\W\d_]*"
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
# In ems: how far words, columns and cells of a table stand apart at least, and how far baselines of one line differ at most.
_APART, _GUTTER, _CELL, _ROW = 0.2, 0.7, 1.5, 0.45
_RAISED_ROW = 0.55  # and how far where one is of raised figures
_ALWAYS, _NEVER = -99.0, 99.0  # for `_Word.apart`
_TALL = 8  # lines of a column: beside it one line is a column too
_FEWEST, _FEW = 12, 9  # letters of a line of a column on average, and of a tall or known one
_MOST_TRIED, _DEEPEST, _MOST_CAPS = 40, 10, 20  # places for a gutter, columns in columns, drop caps of a page
_CAP = 1.7  # times as large as the text, and larger
_ALIKE = 1.06  # times as large, and less, is the same size
_ENDED = re.compile(r"""[.!?:;…]["'”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹*†]*$""")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:Mrs?|Ms|Dr|Prof|St|Sens?|Reps?|Govs?|Gen|Lt|Col|Sgt|Capt|Nos?|[A-Z])\.$")
_BULLET = re.compile(r"[•‣▪●○◦■□►➢✓∙·]")
_ITEM = re.compile(r"(?:[-–—*]|\(?(?:\d{1,3}|[a-z]|[ivx]+)[.)])\s+\S")
_SMALL = re.compile(r"""["'“‘«(\[]*[^\W\d_A-ZÀ-ÖØ-Þ]""")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKS = "".join(map(chr, range(0x300, 0x370)))  # which would join with what they are put after
_HEADING = 1.15  # times as large as the body
_INDENT = 0.6  # ems
_SPREAD = 1.2  # times as far apart as lines are, and further: they are of two paragraphs
_NEAR = 3  # lines above and below
_BACK = 6  # paragraphs, such as captions and notes, over which one may go on
_LONGEST_WORD = 60  # characters
_WORD, _LAST_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*"), re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*$")
_HYPHEN, _GLUED = re.compile(r"\S[-‐]$"), re.compile(r"\S[-‐—–/]$")
_WIDE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")  # Chinese and Japanese, without spaces
_ALONE = frozenset({"and", "or", "nor", "to"})  # "short- and long-term"
_COMPOUND = frozenset("self well twenty thirty forty fifty sixty seventy eighty ninety".split())  # noqa: SIM905
_SOLID = frozenset("any can every for her here him his how its more not our out over some super them there under when with".split())  # noqa: SIM905


class _Word(NamedTuple):
    """A word, where its baseline runs, and how wide a gap before it is a space, in ems."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    apart: float = _APART


class _Line(NamedTuple):
    """A line of a column, or a row of a table. `lead`: how wide its first word is.

    Of the `near` lines around it that are of its size: `left` and `right`, how far they reach, and whether it is `flush` with them.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    page: int
    lead: float
    row: bool
    left: float = 0.0
    right: float = 0.0
    near: int = 1
    flush: bool = False

    def full(self, following: _Line, more: float = 0.3) -> bool:
        """Whether the first word of the following line would not have fitted, with some ems more."""
        return self.right - self.x1 < following.lead + more * self.size

    def like(self, other: _Line) -> bool:
        """Whether another line is of the same size, and neither is a row of a table."""
        return not (self.row or other.row) and max(self.size, other.size) <= _ALIKE * min(self.size, other.size)

    @property
    def ended(self) -> bool:
        """Whether a sentence ends with the line."""
        return _ENDED.search(self.text) is not None and _ABBREVIATION.search(self.text) is None

    @property
    def small(self) -> bool:
        """Whether it begins with a small letter: in the middle of a sentence."""
        return _SMALL.match(self.text) is not None

    @property
    def bullet(self) -> bool:
        """Whether it begins with a bullet."""
        return _BULLET.match(self.text) is not None

    @property
    def item(self) -> bool:
        """Whether it begins with a bullet, or as items of lists do and other lines may: with a number, a letter or a dash."""
        return self.bullet or _ITEM.match(self.text) is not None


_Lines = list[_Line]


class _Vocabulary(NamedTuple):
    """The words that stand whole in a line. `parts`: how many parts of one must be such to keep a hyphen at the end of a line."""

    words: set[str]
    parts: int


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
    paragraphs = _in_paragraphs(columns, body)
    known = _vocabulary_of(paragraphs)
    pieces: list[str] = []
    locators: list[Locator] = []
    at, page = 0, -1
    for paragraph in paragraphs:
        for line, piece in zip(paragraph, _joined(paragraph, known), strict=True):
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


def _headline(paragraphs: list[_Lines], known: _Vocabulary, body: float) -> str:
    """The largest text before the story on the first page, where it clearly is larger."""
    before: list[_Lines] = []
    for paragraph in paragraphs:
        if paragraph[0].page != paragraphs[0][0].page or (paragraph[0].size < _HEADING * body and len(paragraph) > 2):
            break
        before.append(paragraph)
    largest = max(before, key=lambda paragraph: paragraph[0].size, default=None)
    title = "".join(_joined(largest, known)) if largest and largest[0].size > _HEADING * body else ""
    return title if len(title) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(title) else ""


def _columns(document: Any, labels: list[str], where: str) -> tuple[list[_Lines], list[str]]:
    """The columns of all pages in reading order, and what could not be read of them. Raises ReadError."""
    pages: list[tuple[list[_Lines], list[_Lines]]] = []
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
        rows = _rows_of(words)
        edges = [[_line_of(row, number) for row in some] for some in (rows[:_EDGE], rows[: -_EDGE - 1 : -1])]
        pages.append(([_lines_of(some, number) for some in _columns_of(words, gutters)], edges))
    return _without_running(pages, labels), warnings


def _words(document: Any, number: int) -> list[_Word]:
    """The words of a page, turned so that most of them stand upright. Those askew to them are left out, and those off the page.

    Raises RuntimeError or ValueError for a page that cannot be read.
    """
    import pypdfium2.raw as pdfium

    page = document[number]
    try:
        text, shown = page.get_textpage(), page.get_bbox()
        if (count := text.count_chars()) > MOST_ON_A_PAGE:
            raise ValueError(f"more than {MOST_ON_A_PAGE:,} characters on it")
        box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), c_double(), c_double()
        found: defaultdict[int, list[_Word]] = defaultdict(list)
        letters, turn, size, x0, x1, base, low, before, apart = "", 0, 1.0, 0.0, 0.0, 0.0, 0.0, _APART, _APART
        for at in range(count + 1):
            code = pdfium.FPDFText_GetUnicode(text, at) if at < count else 10
            letter = chr(code) if code < 0x110000 else "\ufffd"
            if not (space := letter in _SPACES):
                pdfium.FPDFText_GetLooseCharBox(text, at, box)
                left, foot, right = _turned(box, turn) if turn else (box.left, box.bottom, box.right)
            if letters and (space or abs(foot - low) > 0.25 * size or not -0.8 < (left - x1) / size < 0.3):
                found[turn].append(_Word(_clean(letters), x0, x1, base, size, before))
                letters = ""
            if space:
                if letter not in "\r\n":
                    apart = min(apart, _GENERATED if pdfium.FPDFText_IsGenerated(text, at) else _ALWAYS)
                continue
            if not letters:
                pdfium.FPDFText_GetMatrix(text, at, matrix)
                pdfium.FPDFText_GetCharOrigin(text, at, x, y)
                before, apart = apart, _APART
                size = round(pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d), 1) or 1.0
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
    return _without_drop_caps([word for word in words if word.text])


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


def _without_running(pages: list[tuple[list[_Lines], list[_Lines]]], labels: list[str]) -> list[_Lines]:
    """The columns of all pages, without page numbers and the lines at the head or foot that recur on other pages."""
    sizes = [line.size for columns, _ in pages for lines in columns for line in lines for _ in range(len(line.text) // 20)]
    body = median(sizes) if sizes else 0.0
    need = min(3, max(2, (len(pages) + 1) // 2))
    seen: Counter[tuple[str, int]] = Counter()
    for _, edges in pages:
        seen.update({place for side in edges for line in side for place in _places(line)})
    columns: list[_Lines] = []
    for lines, edges in pages:
        running: list[float] = []
        for side in edges:
            for line, inner in zip_longest(side, side[1:]):
                tokens = line.text.split() or [""]
                numbered = labels[line.page] in (tokens[0], tokens[-1])
                enough = need if not numbered else 1 if line.size < 0.95 * body else 2
                alone = inner is None or abs(line.y - inner.y) > 1.5 * line.size
                number = (numbered or alone) and _PAGE_NUMBER.fullmatch(line.text)
                far = abs(line.y - side[0].y) > _EDGE * 1.5 * line.size
                if far or (not number and max((seen[place] for place in _places(line)), default=0) < enough):
                    break
                running.append(line.y)
        kept = [[line for line in some if line.text and all(abs(line.y - y) > 0.4 * line.size for y in running)] for some in lines]
        columns += [_measured(some) for some in kept if some]
    return columns


def _places(line: _Line) -> list[tuple[str, int]]:
    """What a line says apart from its digits, and about where it stands."""
    said, y = _NO_LETTER.sub(" ", line.text).casefold().strip(), round(line.y / 10)
    return [(said, y), (said, y + 1)] if said else []


def _without_drop_caps(words: list[_Word]) -> list[_Word]:
    """Words with large initials, which hang beside several lines, put before the first of them."""
    usual = median([word.size for word in words]) if words else 1.0
    large = [word for word in words if word.size > _CAP * usual and len(word.text) <= 2 and word.text[-1].isupper()]
    for cap in large[:_MOST_CAPS]:
        beside = [
            word
            for word in words
            if _CAP * word.size < cap.size and -1 < (word.x0 - cap.x1) / usual < 1.5 and -0.1 < (word.y - cap.y) / cap.size < 1
        ]
        if len(rows := _rows_of(beside)) > 1:
            first, *others = (row[0] for row in rows)
            texts = Counter(word.text.casefold().strip(".,;:!?") for word in words)
            follows = first.text.casefold().strip(".,;:!?")
            alone = cap.text in "AI" and texts[follows] > 1 and not texts[cap.text.casefold() + follows]
            words[words.index(cap)] = cap._replace(x1=first.x0, y=first.y, size=first.size)
            words[words.index(first)] = first._replace(apart=_ALWAYS if alone else _NEVER)
            for other in others:  # as if they began where the initial does
                words[words.index(other)] = other._replace(x0=cap.x0)
    return words


def _rows_of(words: list[_Word]) -> list[list[_Word]]:
    """Words on one height, from above; each row from left to right."""
    rows: list[list[_Word]] = []
    em = median([word.size for word in words]) if words else 1.0
    for word in sorted(words, key=lambda word: -word.y):
        if rows and rows[-1][0].y - word.y < (_ROW if word.size == rows[-1][0].size else _RAISED_ROW) * em:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


def _columns_of(words: list[_Word], known: set[int], depth: int = 0) -> list[list[_Word]]:
    """Words by column, in reading order: what stands above columns, the columns from the left, what stands below them.

    `known`: where columns began on this page and those before it, which grows.
    """
    rows = _rows_of(words)
    if depth >= _DEEPEST or (cut := _gutter(rows, known)) is None:
        return [words] if words else []
    first, last, x = cut
    band = [word for row in rows[first:last] for word in row]
    parts = (
        [word for row in rows[:first] for word in row],
        [word for word in band if word.x0 < x],
        [word for word in band if word.x0 >= x],
        [word for row in rows[last:] for word in row],
    )
    return [column for part in parts for column in _columns_of(part, known, depth + 1)]


def _gutter(rows: list[list[_Word]], known: set[int]) -> tuple[int, int, float] | None:
    """The rows that the tallest gutter runs through, and where the column to the right of it begins; None where there is none."""
    if len(rows) < 2:
        return None
    em = median([word.size for row in rows for word in row])
    left = min(row[0].x0 for row in rows)
    starts = Counter(round(row[0].x0) for row in rows if row[0].x0 > left + 8 * em)
    starts.update(round(b.x0) for row in rows for a, b in pairwise(row) if b.x0 - a.x1 > _GUTTER * em)
    taken = [[(word.x0, _reach(word, em)) for word in row] for row in rows]
    best: tuple[int, int, int, float] | None = None
    for start, _ in starts.most_common(_MOST_TRIED):
        x = start - 1.0
        need = 1 if known & {start - 1, start, start + 1} else 3
        begin = 0
        for at in range(len(rows) + 1):
            if at < len(rows) and not any(a < x < b for a, b in taken[at]):
                continue
            while begin + 1 < at and rows[begin][0].x0 >= x and rows[begin][0].y - rows[begin + 1][0].y > 1.6 * em:
                begin += 1  # what stands alone above the right column is none of it
            if at > begin and (score := _parted(rows[begin:at], x, em, need)) and (best is None or score > best[0]):
                best = (score, begin, at, x)
            begin = at + 1
    if best is None:
        return None
    if best[0] >= _TALL:
        known.add(round(best[3] + 1.0))
    return best[1:]


def _reach(word: _Word, em: float) -> float:
    """Up to where no column can begin to the right of a word. Long addresses run out of their column: they do not count."""
    if word.x1 - word.x0 > 12 * em and word.size < 1.1 * em:
        return word.x0
    return word.x1 - 1.5 + _GUTTER * max(em, 0.7 * word.size)


def _parted(rows: list[list[_Word]], x: float, em: float, need: int) -> int:
    """How many rows of text stand on both sides of a gutter; 0 where one side is no column of text."""
    sides = [[[word for word in row if (word.x0 < x) is left] for row in rows] for left in (True, False)]
    left, right = ([part for part in side if part] for side in sides)
    tall = max(len(left), len(right)) >= _TALL
    if min(len(left), len(right)) < (1 if tall else need):
        return 0
    if 2 * sum(part[0].x0 < x + 1.0 + 0.3 * em for part in right) < len(right):  # they do not begin at one place
        return 0
    if min(left[0][0].y, right[0][0].y) < max(left[-1][0].y, right[-1][0].y):  # one stands below the other
        return 0
    fewest = _FEW if need == 1 or min(len(left), len(right)) >= _TALL else _FEWEST
    for side in [] if tall and len(right) < 3 else (left, right):
        text = "".join(word.text for part in side for word in part)
        if len(text) < fewest * len(side) or sum(map(str.isalpha, text)) < 0.6 * len(text):
            return 0
    wider = [(b[0].x0 - a[-1].x1) / (_space(a + b) or em) for a, b in zip(*sides, strict=True) if a and b]
    return 0 if wider and median(wider) < 1.5 and not tall else min(len(left), len(right))


def _space(row: list[_Word]) -> float:
    """How far the words of a row stand apart, as a rule; 0 where it cannot be told."""
    gaps = [gap for a, b in pairwise(row) if (gap := b.x0 - a.x1) > 0]
    return median(gaps) if len(gaps) > 1 else 0.0


def _lines_of(words: list[_Word], page: int) -> _Lines:
    """The lines of a column, from above. Rows of a table are those with a wide gap where a neighbour has one too."""
    rows = _rows_of(words)
    left, right = min((row[0].x0 for row in rows), default=0.0), max((row[-1].x1 for row in rows), default=0.0)
    filled = [row[0].x0 - left < 1 and right - row[-1].x1 < 1 for row in rows]
    spread = any(full and len(row) > 2 and _even(row) for full, row in zip(filled, rows, strict=True))
    text = [full and len(row) == 2 and (spread or row[1].text[0].isalpha()) for full, row in zip(filled, rows, strict=True)]
    wide = [[] if no_row else _gaps(row) for no_row, row in zip(text, rows, strict=True)]
    aligned = [any(max(a, c) < min(b, d) for a, b in here for c, d in there) for here, there in pairwise(wide)]
    return [_line_of(row, page, any(aligned[max(0, at - 1) : at + 1])) for at, row in enumerate(rows)]


def _even(row: list[_Word]) -> bool:
    """Whether the words of a row stand equally far apart, as those that were spread to fill a line."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    return max(gaps) - min(gaps) < 0.3 * row[0].size


def _gaps(row: list[_Word]) -> list[tuple[float, float]]:
    """The wide gaps in a row that was not spread, but for that after a bullet or number."""
    if len(row) > 2 and _even(row):
        return []
    some = row[1:] if _BULLET.match(row[0].text) or _ITEM.match(f"{row[0].text} x") else row
    return [(a.x1, b.x0) for a, b in pairwise(some) if b.x0 - a.x1 > _CELL * row[0].size]


def _line_of(row: list[_Word], page: int, of_table: bool = False) -> _Line:
    """Words as a line; a row of a table with " | " between its cells."""
    sizes: Counter[float] = Counter()
    for word in row:
        sizes[word.size] += len(word.text)
    size = sizes.most_common(1)[0][0]
    y = next(word.y for word in row if word.size == size)
    text, before = "", None
    for word in row:
        gap = word.x0 - before.x1 if before else 0.0
        if before and word.text == before.text and abs(word.x0 - before.x0) < _APART * size:
            continue  # printed twice, to look bold
        if before:
            text += " | " if of_table and gap > _CELL * size else " " if gap > word.apart * size else ""
        raised = word.size < 0.85 * size and word.y > y + 0.15 * size and word.text.isdigit()
        text += word.text.translate(_RAISED) if raised else word.text
        before = word
    text = tidy(text[:-1].replace("\u00ad", "") + text[-1:]).lstrip(_MARKS)
    return _Line(text, row[0].x0, max(word.x1 for word in row), y, size, page, row[0].x1 - row[0].x0, of_table)


def _measured(lines: _Lines) -> _Lines:
    """The lines of a column, each with how far those near it reach."""
    found: _Lines = []
    for at, line in enumerate(lines):
        near = [other for other in lines[max(0, at - _NEAR) : at + _NEAR + 1] if other.size == line.size]
        left, right = min(other.x0 for other in near), max(other.x1 for other in near)
        flush = line.x1 > right - 0.5 and sum(other.x1 > right - 0.5 for other in near) >= 3
        found.append(line._replace(left=left, right=right, near=len(near), flush=flush))
    return found


def _in_paragraphs(columns: list[_Lines], body: float) -> list[_Lines]:
    """Lines by paragraph; one that goes on in the next column or page is one. `body`: the size of most of the text."""
    drops: defaultdict[float, Counter[int]] = defaultdict(Counter)
    pairs = [(a, b) for column in columns for a, b in pairwise(column) if a.size == b.size]
    for a, b in pairs:
        drops[a.size][round(a.y - b.y)] += 1
    usual: dict[float, float] = {}
    for size, some in drops.items():
        most = max(some.values())
        usual[size] = min(min(drop for drop, count in some.items() if count == most), size * (1.5 if most < 3 else 3))
    outdents = [a.x0 - b.x0 > _INDENT * body for a, b in pairs if a.size == body]
    indents = 20 * sum(outdents) > len(outdents)
    done: list[_Lines] = []
    for column in columns:
        paragraphs: list[_Lines] = []
        for at, line in enumerate(column):
            if paragraphs and not _begins(paragraphs[-1], line, column[at + 1 : at + 2], usual, body):
                paragraphs[-1].append(line)
            else:
                paragraphs.append([line])
        for number, paragraph in enumerate(paragraphs):
            first = number == 0 and paragraph[0].size <= _HEADING * body
            if (before := _interrupted(done, paragraph, first, indents)) is not None:
                before += paragraph
            else:
                done.append(paragraph)
    return done


def _begins(paragraph: _Lines, line: _Line, following: _Lines, usual: Mapping[float, float], body: float) -> bool:
    """Whether a line of a column begins a new paragraph. `usual`: by size, how far apart lines stand as a rule."""
    before, em = paragraph[-1], line.size
    leading = max(usual.get(em, 0), em)
    if em > _HEADING * body:
        return not before.like(line) or before.y - line.y > _SPREAD * min(leading, 1.35 * em) + 0.5
    if not before.like(line) or before.y - line.y > _SPREAD * leading + 0.5:
        return True
    if line.bullet or (line.item and (before.ended or not before.full(line))):
        return True
    if line.small and not before.ended:
        return False
    shift = line.x0 - before.x0
    if abs(shift) > _INDENT * em and abs(before.x0 + before.x1 - line.x0 - line.x1) < 0.2 * em and not before.ended:
        return False  # centred
    if shift > _INDENT * em:
        return not (len(paragraph) == 1 and before.item)
    if len(paragraph) == 1 and line.x0 - line.left > _INDENT * em and following:
        return before.ended or line.x0 - following[0].x0 > _INDENT * em
    if shift < -_INDENT * em and len(paragraph) > 1:
        return before.ended
    return not before.full(line, 0.5 if before.ended else 3.0)


def _interrupted(done: list[_Lines], paragraph: _Lines, first: bool, indents: bool) -> _Lines | None:
    """The earlier paragraph that goes on in this one; None where there is none.

    `first`: whether it is the first of its column; `indents`: whether paragraphs begin with an indent here.
    """
    line = paragraph[0]
    if line.bullet:
        return None
    indented = line.x0 - (paragraph[1].x0 if len(paragraph) > 1 else line.left) > _INDENT * line.size
    for back, earlier in enumerate(reversed(done[-_BACK:])):
        before = earlier[-1]
        if line.page - before.page > 2 or (before.size > _HEADING * line.size and not line.small):
            return None
        if not before.like(line):
            continue
        if not (before.full(line) or _HYPHEN.search(before.text)) or (line.item and before.ended):
            return None
        if line.small:
            return None if before.ended else earlier
        if not first or indented or before.near == 1 or before.x1 - before.x0 < 0.8 * (line.x1 - line.x0):
            return None
        clear = not back and (indents or before.flush)  # were it over, this would be indented or that short
        return earlier if clear or not before.ended else None
    return None


def _vocabulary_of(paragraphs: list[_Lines]) -> _Vocabulary:
    """The vocabulary of a document. Hyphens at the ends of many lines part words; those at the ends of few are the words' own."""
    words: set[str] = set()
    lines = parted = 0
    for paragraph in paragraphs:
        after = False
        for line in paragraph:
            found = _WORD.findall(line.text.casefold())
            hyphen = _HYPHEN.search(line.text) is not None
            words.update(found[after : len(found) - hyphen])
            lines += 1
            parted += hyphen
            after = hyphen
    return _Vocabulary(words, 3 if parted > 1 + 0.03 * lines else 1 if lines > 100 else 2)


def _joined(paragraph: _Lines, known: _Vocabulary) -> Iterator[str]:
    """The lines of a paragraph as they are put after each other: each with the space after it, or without its hyphen."""
    for line, following in pairwise(paragraph):
        text, after = line.text, following.text
        if text.endswith("\u00ad"):
            yield text[:-1]
        elif _HYPHEN.search(text) and (head := _LAST_WORD.search(text[-_LONGEST_WORD:-1])) and (tail := _WORD.match(after)):
            alone = tail[0] in _ALONE and (head[0] + tail[0]).casefold() not in known.words
            yield text + " " if alone else text if _of_word(head[0], tail[0], known) else text[:-1]
        elif _GLUED.search(text) or (_WIDE.match(text[-1:]) and _WIDE.match(after)):
            yield text
        else:
            yield text + " "
    yield paragraph[-1].text


def _of_word(head: str, tail: str, known: _Vocabulary) -> bool:
    """Whether the hyphen between two parts of a word is the word's own, and does not only part it at the end of a line."""
    if not tail[0].islower() or "-" in head or head[0].isdigit():
        return True
    head, tail = head.casefold(), tail.casefold()
    if head + tail in known.words:
        return False
    if f"{head}-{tail}" in known.words or head in _COMPOUND:
        return True
    parts = 1 + (head in known.words) if tail in known.words else 0
    return parts >= known.parts and head not in _SOLID and min(len(head), len(tail)) > 2
