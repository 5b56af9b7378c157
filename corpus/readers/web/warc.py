"""WARC: the stories among the pages of a web archive."""

from __future__ import annotations

import contextlib
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import IO, Any

from ....errors import ReadError
from .. import html
from .. import text as plain_text
from ..draft import Draft
from .mail import LONGEST_REASON, WRONG
from .mhtml import PAGES, address, as_utf8

_LARGEST = 1 << 25  # bytes of a page
_LONGEST_HEADERS = 1 << 20  # bytes of the headers of a record
_BLANK = 16  # bytes of the lines after a record, and more
_LONGEST_TYPE = 200  # characters of a Content-Type
_RATIO = 1000  # times as large as it is packed, from _FREE bytes on, that an archive may be
_FREE = 1 << 28
_KINDS = ("response", "resource", "conversion")
_BROKEN = (*WRONG, OSError, EOFError, zlib.error)
_WINDOWS = {"gzip": (47,), "x-gzip": (47,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}  # of zlib, by Content-Encoding


def read(file: IO[bytes], where: str) -> Iterator[Draft | ReadError]:
    """The stories of a web archive, packed or not, as drafts. Pages without a story, of which archives are full, are left out.

    Raises ReadError where no page has one, and for what is no archive; where it breaks off, that is yielded after the others.
    """
    number = pages = 0
    last = ReadError(where, "no page of HTML in it")
    try:
        for record, body in _records(file, where):
            try:
                for draft in _stories(record, body, where):
                    number += 1
                    yield replace(draft, where=f"{where}#{number}")
            except ReadError as error:
                last, pages = error, pages + 1
    except ReadError as error:
        if not number:
            raise
        yield error
    if not number:
        raise ReadError(where, f"no story in its pages ({pages} looked at; in the last: {last.what})" if pages else last.what)


class _Unpacked:
    """The bytes of an archive, unpacked where they are packed. Raises ReadError where they break off or are far too many."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        start = file.tell()
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(start)
        self._packed, self._where, self._at = file, where, 0
        self._read = gzip.GzipFile(fileobj=file).read1 if is_packed else file.read

    def read(self, size: int) -> bytes:
        try:
            piece = self._read(size)
        except (EOFError, OSError, zlib.error) as error:
            raise ReadError(self._where, f"a broken archive: {error}") from None
        self._at += len(piece)
        if self._at > max(_FREE, _RATIO * self._packed.tell()):
            raise ReadError(self._where, f"unpacks to more than {_RATIO} times its size")
        return piece

    def tell(self) -> int:
        return self._at


class _Headers:
    """The lines of a record's headers, in place of the reader's `readline`. Raises ReadError where they are too long."""

    def __init__(self, reader: Any, where: str) -> None:
        self._readline, self._where, self.left = reader.readline, where, _LONGEST_HEADERS

    def __call__(self, length: int | None = None) -> bytes:
        line: bytes = self._readline(self.left if length is None else min(length, self.left))
        self.left -= len(line)
        if self.left <= 0:
            raise ReadError(self._where, "a broken archive: headers without an end")
        return line


def _records(file: IO[bytes], where: str) -> Iterator[tuple[Any, bytes]]:
    """The records that hold a page or a text, each with its bytes as they were sent."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    archive = ArchiveIterator(_Unpacked(file, where))
    headers = archive.reader.readline = _Headers(archive.reader, where)
    before = record = None
    while True:
        headers.left = _LONGEST_HEADERS
        body = b""
        try:
            with contextlib.redirect_stderr(io.StringIO()):  # which warcio writes its doubts to
                record = next(archive, None)
                if record is not None and _is_wanted(record):
                    body = record.raw_stream.read(_LARGEST + 1)
        except (*_BROKEN, ArchiveLoadFailed, StatusAndHeadersParserException) as error:
            raise ReadError(where, f"a broken archive: {str(error)[:LONGEST_REASON] or type(error).__name__}") from None
        rest = record is None and _LONGEST_HEADERS - headers.left > _BLANK  # of a record that has headers alone
        if rest or _is_cut(before) or (len(body) <= _LARGEST and body and _is_cut(record)):
            raise ReadError(where, "is cut short: its last record is not whole")
        if record is None:
            return
        before = record
        if body:
            yield record, body


def _is_cut(record: Any) -> bool:
    """Whether bytes of a record, which was read to its end, are missing; or the header that says how many there are."""
    if record is None:
        return False
    missing: int = getattr(record.raw_stream, "limit", 0)
    return missing > 0 or record.length is None


def _is_wanted(record: Any) -> bool:
    """Whether a record holds a page that was found, or a text."""
    if record.rec_type not in _KINDS or (record.http_headers and record.http_headers.get_statuscode() != "200"):
        return False
    kind = _type(record).get_content_type()
    return kind in PAGES or (kind == "text/plain" and record.rec_type != "response")


def _type(record: Any) -> Message:
    """A message with the type of what a record holds."""
    message = Message()
    stated = record.http_headers.get_header("Content-Type") if record.http_headers else record.content_type
    message["Content-Type"] = (stated or "application/octet-stream")[:_LONGEST_TYPE]
    return message


def _stories(record: Any, body: bytes, where: str) -> Iterator[Draft]:
    """The story of a page or a text. Raises ReadError where it has none."""
    url = address(record.rec_headers.get_header("WARC-Target-URI") or "")
    kind = _type(record)
    try:
        page = as_utf8(_decoded(record.http_headers, body, where), kind.get_content_charset())
        reader = plain_text.read if kind.get_content_type() == "text/plain" else html.read
        for draft in reader(page, where):
            yield replace(draft, url=draft.url or url)
    except _BROKEN as error:
        raise ReadError(where, f"a page that cannot be read: {str(error)[:LONGEST_REASON] or type(error).__name__}") from None


def _decoded(headers: Any, body: bytes, where: str) -> bytes:
    """The bytes of a page, without the codings in which a server sent it. Raises ReadError for one that is too large."""
    from warcio.bufferedreaders import ChunkedDataReader

    if headers and (headers.get_header("Transfer-Encoding") or "").lower() == "chunked":
        body = ChunkedDataReader(io.BytesIO(body)).read()
    coding = ((headers and headers.get_header("Content-Encoding")) or "").strip().lower()
    for window in _WINDOWS.get(coding, ()):
        unpacking = zlib.decompressobj(window)
        try:
            page = unpacking.decompress(body, _LARGEST)
        except zlib.error:  # archives often hold what was unpacked already
            continue
        if unpacking.unconsumed_tail:
            raise ReadError(where, "a page that is too large")
        return page
    if len(body) > _LARGEST:
        raise ReadError(where, "a page that is too large")
    return body
