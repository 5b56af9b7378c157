"""One module per format: `read(data, where) -> Iterator[Draft]`. A new format is a new module and a line in `BY_SUFFIX`.

A reader gets the bytes of one file and yields what the format itself says of its articles; the id, where the format
holds none, is given by `corpus.files` from the file's path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import html, markdown, records, text
from .draft import Draft

Reader = Callable[[bytes, str], Iterator[Draft]]

BY_SUFFIX: dict[str, Reader] = {
    ".txt": text.read,
    ".text": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".jsonl": records.read_lines,
    ".ndjson": records.read_lines,
    ".json": records.read_array,
}


def sniff(data: bytes) -> Reader:
    """The reader for bytes without a name (standard input), by how they begin."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return records.read_lines
    if head.startswith(b"["):
        return records.read_array
    if head.startswith((b"---\n", b"---\r\n")):
        return markdown.read
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<article")):
        return html.read
    return text.read


__all__ = ["BY_SUFFIX", "Draft", "Reader", "records", "sniff"]
