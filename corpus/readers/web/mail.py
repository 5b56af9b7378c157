"""Messages (EML, mbox): what the sender wrote, without what it answers to, its signature and its attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from typing import IO, Any

from ....errors import ReadError
from ...decode import decode, tidy
from ..draft import Draft
from ..fields import from_fields
from .letters import of_html, of_plain

_LARGEST = 1 << 26  # bytes of a message
_LONGEST_PIECE = 1 << 16  # bytes of a mailbox that are read at a time
_LONGEST_HEADER = 4096  # characters of a header that are read
_TOO_FEW = 20  # bytes that are not ASCII, to recognise an encoding by
_STUB = 5  # times as much text in HTML: then the plain text only says that there is HTML
_NAMED, _LONGEST_NAME = 8, 80  # attachments in a warning, and characters of their names
LONGEST_REASON = 200  # characters of what is wrong
_FOLD = re.compile(r"[\r\n]+")
_FIELD = re.compile(rb"[!-9;-~]+:")
_ESCAPED = re.compile(rb">+From ")
_FORWARDED = re.compile(r"(?:fwd?|wg|tr|rv)\s*:", re.IGNORECASE)
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError, MessageError)


class _Policy(Compat32):
    """Headers as they stand in the message, and no more of each than is of use: long ones take the parsers of Python hours."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The text of a message, as one draft. Raises ReadError where it has none of its own."""
    if len(data) > _LARGEST:
        raise ReadError(where, f"larger than {_LARGEST >> 20} MB")
    yield _draft(data, where)


def read_mbox(file: IO[bytes], where: str) -> Iterator[Draft | ReadError]:
    """The messages of a mailbox, each as a draft; for one that cannot be read a ReadError with its number.

    Raises ReadError for a file that is no mailbox.
    """
    number = 0
    for number, data in enumerate(_messages(file), start=1):
        place = f"{where}#{number}"
        try:
            if data is None:
                raise ReadError(place, f"larger than {_LARGEST >> 20} MB")
            yield _draft(data, place)
        except ReadError as error:
            yield error
    if not number:
        raise ReadError(where, 'no mailbox: no message begins with a line "From ..."')


def message_of(data: bytes) -> Message:
    """The parts of a message or of a saved page. Raises one of the errors of `email`."""
    return message_from_bytes(data, policy=_Policy())


def header(part: Message, name: str) -> str:
    """A header, decoded, on one line; "" where there is none."""
    return decoded(str(part.get(name, "")))


def decoded(value: str) -> str:
    """A header's value without its encoded words."""
    pieces = []
    try:
        found = decode_header(_FOLD.sub("", value))
    except MessageError:
        found = [(value, None)]
    for piece, charset in found:
        raw = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        pieces.append(text_in(raw, charset if charset != "unknown-8bit" else None) if raw.strip() else " ")
    return " ".join(tidy("".join(pieces)).split())


def text_in(data: bytes, charset: str | None, *, page: bool = False) -> str:
    """Text in the charset that is stated, read as browsers do, else in the one recognised; a `page` of HTML may name it.

    Raises ValueError for what is no text.
    """
    import webencodings

    known = webencodings.lookup(charset or "")
    if known is None and not page and sum(byte > 127 for byte in data) < _TOO_FEW:
        try:
            return tidy(data.decode("utf-8"))
        except UnicodeDecodeError:
            return tidy(data.decode("windows-1252", "replace"))
    if known is None or known.name == "utf-8":
        return decode(data, declared=page)
    return tidy(data.decode("gb18030" if known.name == "gbk" else known.codec_info.name, "replace"))


def content(part: Message) -> bytes:
    """The bytes of a part, without the coding in which they were sent."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _draft(data: bytes, where: str) -> Draft:
    """The draft of a message. Raises ReadError."""
    try:
        message = message_of(data)
        if not any(name in message for name in ("from", "subject", "date", "to", "content-type", "message-id")):
            raise ReadError(where, "no message: it has no header")
        title = header(message, "subject")
        attached: list[str] = []
        text = _body(message, attached, forwarded=_FORWARDED.match(title) is not None)
        fields = {
            "title": title,
            "source": _sender(message),
            "published": _COMMENT.sub("", header(message, "date")) or None,
            "language": next((said for part in message.walk() if (said := header(part, "content-language"))), ""),
        }
    except WRONG as error:
        raise ReadError(where, f"a message that cannot be read: {str(error)[:LONGEST_REASON] or type(error).__name__}") from None
    if not text:
        raise ReadError(where, "a message without a text of its own")
    more = ", ..." if len(attached) > _NAMED else ""
    warning = f"attachments are not read: {', '.join(attached[:_NAMED])}{more}"
    return from_fields(fields, text, where, warnings=(warning,) if attached else ())


def _sender(message: Message) -> str:
    """The name of who sent a message, else the domain."""
    try:
        name, address = parseaddr(str(message.get("from", "")))
    except WRONG:
        return ""
    return decoded(name) or address.rpartition("@")[2]


def _body(part: Message, attached: list[str], *, forwarded: bool) -> str:
    """The text of a part, with the names of what is attached put at the end of `attached`."""
    kind = part.get_content_type()
    name = part.get_filename() or ""
    inner: Any = part.get_payload() if part.is_multipart() else None
    if kind.startswith("message/") or part.get_content_disposition() == "attachment" or (name and inner is None):
        attached.append(decoded(name)[:_LONGEST_NAME] or ("a message" if kind.startswith("message/") else "one without a name"))
        return ""
    if inner is not None:
        if kind == "multipart/related":
            return _body(inner[0], [], forwarded=forwarded) if inner else ""
        texts = [(one.get_content_type(), _body(one, attached, forwarded=forwarded)) for one in inner]
        if kind != "multipart/alternative":
            return "\n\n".join(text for _, text in texts if text)
        plain = next((text for one, text in texts if one == "text/plain" and text), "")
        rich = next((text for one, text in reversed(texts) if one != "text/plain" and text), "")
        return plain if plain and len(plain) * _STUB >= len(rich) else rich
    if kind not in ("text/plain", "text/html") or not (data := content(part)).strip():
        return ""
    charset = part.get_content_charset()
    if kind == "text/html":
        return of_html(text_in(data, charset, page=True), forwarded=forwarded)
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    joined = str(part.get_param("delsp", "")).lower() == "yes"
    return of_plain(text_in(data, charset), flowed=flowed, joined=joined, forwarded=forwarded)


def _messages(file: IO[bytes]) -> Iterator[bytes | None]:
    """The messages of a mailbox, one at a time; None for one that is too large."""
    pieces: list[bytes] = []
    size, begun, blank, whole, first = 0, False, True, True, b""
    while line := file.readline(_LONGEST_PIECE):
        fresh, whole = whole, line.endswith(b"\n")
        if first:  # a line "From ...", which begins a message where a header follows it
            if _FIELD.match(line):
                if begun:
                    yield b"".join(pieces) if size <= _LARGEST else None
                pieces, size, begun = [], 0, True
            else:
                size += len(first)
                pieces.append(first)
            first = b""
        if fresh and blank and whole and line.startswith(b"From "):
            first, blank = line, False
            continue
        blank = fresh and not line.strip()
        size += len(line)
        if not begun or size > _LARGEST:
            pieces.clear()
        else:
            pieces.append(line[1:] if fresh and _ESCAPED.match(line) else line)
    if begun:
        yield b"".join([*pieces, first]) if size <= _LARGEST else None
