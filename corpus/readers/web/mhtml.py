"""MHTML: a page saved as one file, of which the page itself is read."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from ....errors import ReadError
from .. import html
from ..draft import Draft
from .mail import LONGEST_REASON, WRONG, content, header, message_of, text_in

_LARGEST = 1 << 28  # bytes of a file
PAGES = ("text/html", "application/xhtml+xml")


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The story of the saved page, as one draft. Raises ReadError where there is none."""
    if len(data) > _LARGEST:
        raise ReadError(where, f"larger than {_LARGEST >> 20} MB")
    try:
        message = message_of(data)
        root = _root(message)
        if root is None:
            raise ReadError(where, "no page in it: a saved page has a part of HTML")
        page = as_utf8(content(root), root.get_content_charset())
        url = header(root, "content-location") or header(message, "snapshot-content-location")
        title = header(message, "subject")
    except WRONG as error:
        raise ReadError(where, f"a saved page that cannot be read: {str(error)[:LONGEST_REASON] or type(error).__name__}") from None
    for draft in html.read(page, where):
        yield replace(draft, url=draft.url or address(url), title=draft.title or title)


def as_utf8(page: bytes, charset: str | None) -> bytes:
    """A page in UTF-8, with the mark that says so, where its charset is known from elsewhere; else as it is. Raises ValueError."""
    if not charset or page.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return page
    return codecs.BOM_UTF8 + text_in(page, charset, page=True).encode()


def address(url: str) -> str:
    """An address of the web; "" for what is none."""
    return url if url.startswith(("http://", "https://")) else ""


def _root(message: Message) -> Message | None:
    """The part that holds the page: the one that the message names as its start, else the first of HTML."""
    start = str(message.get_param("start", "")).strip("<> ")
    pages = [part for part in message.walk() if part.get_content_type() in PAGES]
    named = [part for part in pages if start and header(part, "content-id").strip("<> ") == start]
    return next(iter(named or pages), None)
