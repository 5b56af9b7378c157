"""Bytes to text, once and for all offsets: the encoding recognised, line ends LF, Unicode NFC."""

from __future__ import annotations

import codecs
import re
import unicodedata

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?i)<(?:meta[^>]{0,200}charset|\?xml[^>]{0,100}encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""")
_SEVEN_BIT = re.compile(rb"(?i)iso-2022|hz|utf-7")  # would pass for UTF-8
_MARKS = 30  # on one letter
_LONG_RUN = re.compile(rf"[^\w\s]{{{_MARKS + 1},}}")  # in which so many marks may stand
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MULTIBYTE = re.compile("[^\0-\x7f\ufffd]")
_MANY_BAD = 8  # bad bytes to one right character that is not ASCII, in a text of few such: more, and it is another encoding
_WESTERN = 0.25  # of the bytes of such a text
_CUT = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$")
_PAIRS = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_FEW = 12  # characters that are not ASCII, of which no statistics tell the code page
_OF_THE_WEST = frozenset("€‚„…‘’“”•–—™\u00a0¡£§©«®°±·»½¼¾¿ÀÂÄÅÆÇÈÉÊËÎÏÃÕÑÓÔÖØÙÚÛÜßàáâãäåæçèéêëíîïñóôõöøùúûü".encode("cp1252"))
# A letter that is none of a word of Latin letters, or a sign within a word, is one of another code page.
_ODDLY = re.compile(
    r"[À-ÿ]{3}|£(?=[A-Za-zÀ-ÿ])|(?<=[A-Za-z])[£§©«®±·»½¼¾¿¡•€„‚™](?=[A-Za-z])|(?<![A-Za-zÀ-ÿ])[À-ÿ](?![A-Za-zÀ-ÿ\s])"
)
_BINARY_SHARE = 0.02  # of control characters: text has next to none


def decode(data: bytes, *, declared: bool = False) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else (`declared`) the charset that HTML or XML names,
    else the encoding that its bytes look like. Raises ValueError with the reason for bytes that are no text.

    A byte that is wrong costs one character, which becomes U+FFFD: where most of what is not ASCII is UTF-8, or as it is declared.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return tidy(data.decode(name, "replace") if name == "utf-8-sig" else _strictly(data, name))
    if b"\0" in data:
        if (wide := _wide(data)) is None:
            raise ValueError("a binary file, not text")
        return tidy(wide)
    found = _DECLARED.search(data, 0, 4096) if declared else None
    if found and _SEVEN_BIT.match(found[1]) and (text := _as_declared(data, found[1])) is not None:
        return tidy(text)
    data = _PAIRS.sub(_joined, data)
    text = data.decode("utf-8", "replace")
    named = found is not None and _is_named_utf8(found[1])
    if _is_utf8(data, text, declared=found is not None and not named) or (named and _MULTIBYTE.search(text)):
        return tidy(text)
    if found and (text := _as_declared(data, found[1])) is not None:
        return tidy(text)
    return tidy(_guessed(data))


def tidy(text: str) -> str:
    """Line ends LF, Unicode NFC, lone surrogates (half of a broken pair) U+FFFD: the form in which offsets count.

    A run of more than 30 marks on one letter is broken by U+034F, as the Stream-Safe Text Format has it (Unicode Annex 15):
    bringing longer runs into order takes time that grows with the square of their length.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _LONG_RUN.sub(_stream_safe, text)
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text))


def _stream_safe(run: re.Match[str]) -> str:
    pieces, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS:
            pieces.append("\u034f")
            marks = 1
        pieces.append(character)
    return "".join(pieces)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise ValueError(f"broken {error.encoding} at byte {error.start}: save it as UTF-8") from None


def _as_declared(data: bytes, name: bytes) -> str | None:
    """The text by a declared charset, read as browsers do (WHATWG): ISO-8859-1 is windows-1252, GB2312 is GB 18030."""
    import webencodings

    label = name.decode("ascii")
    known = webencodings.lookup(label)
    try:
        text = data.decode("gb18030" if known and known.name == "gbk" else known.codec_info.name if known else label, "replace")
    except LookupError:
        return None
    if known and known.name == "utf-8":
        return None  # which it is not
    return text if text.count("\ufffd") <= max(3, 0.1 * sum(byte > 127 for byte in data)) else None


def _is_utf8(data: bytes, text: str, *, declared: bool) -> bool:
    """Whether bytes are UTF-8, but for some that are wrong. `text`: what they are as UTF-8, U+FFFD for each that is wrong;
    `declared`: whether they are said to be something else.
    """
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    if not bad or data.isascii():
        return True
    right = len(_MULTIBYTE.findall(text))
    if bad == 1 and text.endswith("\ufffd") and (_CUT.search(data) is not None):
        return True  # the file ends within a character
    western = sum(byte > 127 for byte in data) < _WESTERN * len(data)  # a few letters with accents, by any code page
    return bad <= (_MANY_BAD if western and not declared else 1) * right


def _is_named_utf8(label: bytes) -> bool:
    return label.lower().replace(b"_", b"-") in (b"utf-8", b"utf8")


def _joined(pair: re.Match[bytes]) -> bytes:
    """A character of six bytes, each half of its surrogate pair by itself (CESU-8), in four."""
    return pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _wide(data: bytes) -> str | None:
    """The text of UTF-16 without a byte order mark: every other byte of Latin text is zero."""
    head = data[:4096]
    for name, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if 2 * head[first::2].count(0) > len(head) * 0.6 and not head[1 - first :: 2].count(0):
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                return None
            return None if _CONTROL.search(text) else text
    return None


def _western(data: bytes) -> str | None:
    """What Windows in Western Europe writes, where a text has few other characters than ASCII and all are such as it has."""
    odd = [byte for byte in data if byte >= 0x80]
    if len(odd) > _FEW or not set(odd) <= _OF_THE_WEST:
        return None
    text = data.decode("cp1252")
    return None if _ODDLY.search(text) else text


def _guessed(data: bytes) -> str:
    controls = sum(1 for byte in data[:65536] if byte < 32 and byte not in b"\t\n\r\f\x1b")
    if controls > _BINARY_SHARE * min(len(data), 65536):
        raise ValueError("a binary file, not text")
    if (western := _western(data)) is not None:
        return western
    from charset_normalizer import from_bytes

    guesses = from_bytes(data)
    if (best := guesses.best()) is None:
        raise ValueError("not text in an encoding that can be recognised: save it as UTF-8")
    for guess in guesses:  # a few bytes fit many code pages: then the commonest
        if guess.encoding == "cp1252" and guess.chaos <= best.chaos and guess.coherence >= best.coherence:
            return str(guess)
    return str(best)
