"""One module per format: `read(data, where) -> Iterator[Draft | ReadError]`. A new format is a new module and a line in `FORMATS`.

A reader gets the bytes of one file (a `stream` the open file) and yields what the format itself says of its articles; the id, where
the format holds none, is made by `corpus.sources` from the file's path. What is wrong with one article of several is yielded as a
ReadError; what is wrong with the file is raised as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import IO

from ...errors import ReadError
from .draft import Draft

Found = Draft | ReadError
Reader = Callable[[bytes, str], Iterator[Found]]


@dataclass(frozen=True)
class Format:
    """A kind of file, and where its reader is. `extra`: the extra that installs what the reader needs, "" where all do."""

    name: str
    module: str
    function: str = "read"
    extra: str = ""
    stream: bool = False  # the reader gets the open file: it need not be in memory
    fields: bool = False  # the reader takes the names of its fields

    @cached_property
    def read(self) -> Callable[..., Iterator[Found]]:
        """The reader: imported when it is first needed."""
        found: Callable[..., Iterator[Found]] = getattr(import_module(f".{self.module}", __package__), self.function)
        return found

    def drafts(self, data: bytes | IO[bytes], where: str, names: Mapping[str, str] | None = None) -> Iterator[Found]:
        """The articles of a file. `names`: by kind, what its fields are called, see `fields.NAMES`.

        Raises ReadError where the file, or what its reader needs, is not there.
        """
        try:
            yield from self.read(data, where, names) if self.fields else self.read(data, where)
        except ImportError as error:
            if not self.extra or "pullquote" in (error.name or ""):
                raise
            raise ReadError(where, f"{self.name} needs {error.name}: pip install 'pullquote[{self.extra}]'") from None


TEXT, MARKDOWN, HTML = Format("text", "text"), Format("Markdown", "markdown"), Format("HTML", "html")
LINES, JSON = (
    Format("JSON Lines", "records", "read_lines", stream=True, fields=True),
    Format("JSON", "records", "read_array", fields=True),
)
FEED, MAIL = Format("a feed", "web.feeds"), Format("mail", "web.mail")
BY_SUFFIX: dict[str, Format] = {
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".jsonl": LINES,
    ".ndjson": LINES,
    ".json": JSON,
    ".csv": Format("CSV", "table", fields=True),
    ".tsv": Format("TSV", "table", fields=True),
    ".parquet": Format("Parquet", "table", "read_parquet", extra="parquet", fields=True),
    ".srt": Format("SubRip", "subtitles"),
    ".vtt": Format("WebVTT", "subtitles"),
    ".rss": FEED,
    ".rdf": FEED,
    ".atom": FEED,
    ".xml": FEED,
    ".eml": MAIL,
    ".mbox": Format("mbox", "web.mail", "read_mbox", stream=True),
    ".mht": Format("MHTML", "web.mhtml"),
    ".mhtml": Format("MHTML", "web.mhtml"),
    ".warc": Format("WARC", "web.warc", stream=True),
    ".pdf": Format("PDF", "documents.pdf"),
    ".docx": Format("Word", "documents.word"),
    ".odt": Format("OpenDocument", "documents.odt"),
    ".rtf": Format("RTF", "documents.rtf"),
    ".epub": Format("EPUB", "documents.epub"),
}


def sniff(data: bytes) -> Format:
    """The format of bytes without a name (standard input), by how they begin."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(rb"{\rtf"):
        return BY_SUFFIX[".rtf"]
    if head.startswith(b"{"):
        return LINES
    if head.startswith(b"["):
        return JSON
    if head.startswith((b"---\n", b"---\r\n", b"+++\n", b"+++\r\n")):
        return MARKDOWN
    if head.startswith(b"%pdf-"):
        return BY_SUFFIX[".pdf"]
    if b"<rss" in head or b"<feed" in head or b"<rdf:rdf" in head:
        return FEED
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<article")):
        return HTML
    return TEXT


__all__ = ["BY_SUFFIX", "LINES", "Draft", "Format", "Found", "Reader", "sniff"]
