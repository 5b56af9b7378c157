"""RTF: the text as it shows with all changes accepted, without headers, footers and comments; its notes after the text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ....errors import ReadError
from ..draft import Draft
from .package import BREAK, Block, Flow, raised, symbols, text_of, title_of

DEEPEST = 256  # groups in groups
_LONGEST_NAME = 200  # characters of the name of a font or style
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_CHARACTERS = {
    "tab": " ", "line": BREAK, "lbr": BREAK, "softline": BREAK, "page": 2 * BREAK, "column": 2 * BREAK,
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emspace": " ", "enspace": " ", "qmspace": " ", "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
    "~": "\u00a0", "_": "-", "-": "",
}  # fmt: skip
_ENDS = ("par", "sect", "\n", "\r")  # of a paragraph
# Groups that are no part of the text; in those that `\*` opens there may be some that are.
_GONE = frozenset(
    "header headerl headerr headerf footer footerl footerr footerf info colortbl pict listtext pntext xe tc txe rxe nonesttables "  # noqa: SIM905
    "shprslt ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn fldinst datafield filetbl revtbl listtable listoverridetable bkmkstart "
    "bkmkend annotation atnid atnauthor atndate template sp objclass objdata objname private".split()
)
_AGAIN = ("ud", "mr", "nesttableprops")  # groups that are part of it, in groups that are none
_STRUCK = ("v", "deleted", "strike", "striked", "strikedl")
_PLACES = {"super": "sup", "sub": "sub"}
_CODE_PAGES = {
    0: "cp1252", 77: "mac_roman", 78: "cp932", 79: "cp950", 80: "cp949", 81: "mac_arabic", 83: "mac_greek", 84: "mac_cyrillic",
    85: "cp936", 86: "mac_romanian", 87: "mac_cyrillic", 89: "mac_latin2", 128: "cp932", 129: "cp949", 130: "cp1361", 134: "cp936",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_OF_FILE = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_SYMBOL = "symbol"  # the encoding of a font of signs
_CONTROLS = dict.fromkeys([*range(9), *range(14, 32), *range(127, 160)])


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The article of an RTF file. Raises ReadError."""
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not data.startswith(rb"{\rtf"):
        raise ReadError(where, "not RTF, or an empty file")
    file = _File(where)
    whole = file.read(data)
    blocks = file.blocks()
    if not (text := text_of(blocks)):
        raise ReadError(where, "no text in it: if it holds pictures of pages, recognise their text first")
    warnings = () if whole else ("it ends in the middle of the file: what may follow is missing",)
    yield Draft(where=where, text=text, title=title_of(blocks, file.title, text), warnings=warnings)


@dataclass(slots=True)
class _State:
    """What a group inherits. `flow`: where the text goes, None where it is not read; `outer`: where it would go otherwise."""

    flow: Flow | None
    outer: Flow | None
    font: int = 0
    replaced: int = 1  # characters after one of Unicode that stand for it in older programs
    gone: frozenset[str] = frozenset()
    place: str = ""
    style: int = 0
    listed: bool = False
    in_cell: bool = False

    def inherited(self) -> _State:
        """What a group in this one begins with."""
        return _State(self.flow, self.outer, self.font, self.replaced, self.gone, self.place, self.style, self.listed, self.in_cell)


class _File:
    """One reading of a file."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._text = Flow()
        self._notes: list[Flow] = []
        self._title: Flow | None = None
        self._state = _State(self._text, self._text)
        self._stack: list[_State] = []
        self._pending = bytearray()
        self._replaced = 0  # characters to leave out
        self._encoding = "cp1252"
        self._font = 0
        self._fonts: dict[int, str] = {}  # their encodings
        self._names: dict[int, str] = {}
        self._styles: dict[int, str] = {}

    @property
    def title(self) -> str:
        """The title that the file states."""
        return " ".join(block.text for block in self._title.ended()) if self._title else ""

    def blocks(self) -> list[Block]:
        """The paragraphs of the text and of its notes."""
        return [block for flow in (self._text, *self._notes) for block in flow.ended()]

    def read(self, data: bytes) -> bool:
        """Read all; False where the file ends before its end. Raises ReadError."""
        at = 0
        while token := _TOKEN.match(data, at):
            at = token.end()
            word, number, code, sign, brace, text = token.groups()
            if sign and sign in b"\\{}":
                text, sign = sign, None
            if text is not None or code is not None:
                self._bytes(bytes.fromhex(code.decode()) if code else text)
            if not (word or sign or brace):
                continue
            self._flush()
            if brace:
                self._replaced = 0
            if brace == b"{":
                if len(self._stack) >= DEEPEST:
                    raise ReadError(self._where, f"more than {DEEPEST:,} groups in each other")
                self._stack.append(self._state)
                self._state = self._state.inherited()
            elif brace:
                self._state = self._stack.pop()
                if not self._stack:
                    return True
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self._word(word.decode(), None if number is None else int(number))
            elif sign == b"*":
                self._state.flow = None
            else:
                self._character(sign.decode("latin-1"))
        self._flush()
        return False

    def _bytes(self, text: bytes) -> None:
        left_out = min(self._replaced, len(text))
        self._replaced -= left_out
        if self._state.flow is not None:
            self._pending += text[left_out:]

    def _flush(self) -> None:
        """Decode what has been read: the bytes of one character may stand in several tokens."""
        if self._pending:
            encoding = self._fonts.get(self._state.font, self._encoding)
            signs = encoding == _SYMBOL
            text = self._pending.decode("latin-1" if signs else encoding, "replace")
            self._say(self._signs(text) if signs else text)
            self._pending.clear()

    def _signs(self, text: str) -> str:
        """What the characters of a font of signs show; nothing of one that only draws. In the table of fonts it is the name."""
        if self._state.flow is not None and self._state.flow.kind == "fonts":
            return text
        return symbols(text) if "symbol" in self._names.get(self._state.font, "").lower() else ""

    def _say(self, text: str) -> None:
        state, flow = self._state, self._state.flow
        if flow is None or state.gone:
            return
        if flow.kind == "fonts":
            self._names[state.font] = (self._names.get(state.font, "") + text)[:_LONGEST_NAME]
        elif flow.kind == "styles":
            self._styles[state.style] = (self._styles.get(state.style, "") + text)[:_LONGEST_NAME]
        elif flow.kind == "text":
            text = text.translate(_CONTROLS)
            flow.said.append(raised(text, state.place) if state.place else text)

    def _character(self, name: str) -> bool:
        """Say a character that has a name; False where it is none."""
        if name in _ENDS:
            self._replaced = 0
            self._end()
        elif name in _CHARACTERS:
            if self._replaced:
                self._replaced -= 1
            else:
                self._say(_CHARACTERS[name])
        else:
            return False
        return True

    def _end(self) -> None:
        state = self._state
        if state.flow is not None and not state.gone:
            style = self._styles.get(state.style, "").strip(" ;").lower()
            state.flow.end(style, state.listed, state.in_cell)

    def _word(self, word: str, number: int | None) -> None:
        if self._character(word):
            return
        self._replaced = 0
        state, flow = self._state, self._state.flow
        if word == "u":
            self._replaced = state.replaced
            self._unicode(number or 0)
        elif word == "uc":
            state.replaced = max(0, number or 0)
        elif word in _STRUCK:
            state.gone = state.gone - {word} if number == 0 else state.gone | {word}
        elif word in _PLACES or word == "nosupersub":
            state.place = "" if number == 0 else _PLACES.get(word, "")
        elif word == "plain":
            state.gone, state.place, state.font = frozenset(), "", self._font
        elif word == "pard":
            state.style, state.listed, state.in_cell = 0, False, False
        elif word in ("intbl", "ls"):
            state.in_cell, state.listed = state.in_cell or word == "intbl", state.listed or (word == "ls" and bool(number))
        elif word == "s":
            state.style = number or 0
        elif word in ("trowd", "cell", "row", "nestcell", "nestrow"):
            if flow is not None:
                flow.mark(word)
        elif word in ("f", "deff", "fcharset", "cpg", "ansicpg", *_OF_FILE):
            self._encoded(word, number or 0)
        else:
            self._group(word)

    def _unicode(self, number: int) -> None:
        code = number + 0x10000 if number < 0 else number
        if 0xF000 <= code <= 0xF0FF and self._fonts.get(self._state.font) == _SYMBOL:
            self._say(self._signs(chr(code)))
        elif 0 < code <= 0x10FFFF:
            self._say(chr(code))

    def _encoded(self, word: str, number: int) -> None:
        """What says how bytes are to be read."""
        if word == "f":
            self._state.font = number
        elif word == "deff":
            self._font = self._state.font = number
        elif word == "fcharset":
            if number == 2:
                self._fonts[self._state.font] = _SYMBOL
            elif number in _CODE_PAGES:
                self._fonts[self._state.font] = _CODE_PAGES[number]
        else:
            name = _OF_FILE.get(word, "mac_roman" if number == 10000 else f"cp{number}")
            try:
                codecs.lookup(name)
            except LookupError:
                return
            if word == "cpg":
                self._fonts[self._state.font] = name
            else:
                self._encoding = name

    def _group(self, word: str) -> None:
        """What says of a group what it holds."""
        state = self._state
        if word in ("listtext", "pntext") and state.flow is not None:
            state.flow.listed = True
        if word in _GONE or (word in ("footnote", "shptxt", "dptxbxtext") and state.gone):
            state.flow = state.outer = None
        elif word in ("fonttbl", "stylesheet"):
            state.flow = state.outer = Flow("fonts" if word == "fonttbl" else "styles")
        elif word == "title" and self._title is None:
            state.flow = state.outer = self._title = Flow()
        elif word == "upr":
            state.flow = None
        elif word in _AGAIN:
            state.flow = state.outer
        elif word in ("footnote", "shptxt", "dptxbxtext") and state.outer is not None:
            within = Flow()
            (self._notes if word == "footnote" else state.outer.boxes).append(within)
            self._state = _State(within, within, self._font, state.replaced)
