"""Which reader takes bytes without a name."""

from __future__ import annotations

import pytest

from pullquote.corpus.readers import sniff


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (b'{"text": "x"}', "records read_lines"),
        (b' \r\n\t[{"text": "x"}]', "records read_array"),
        (b"\xef\xbb\xbf{}", "records read_lines"),
        (b"---\ntitle: x\n---\n", "markdown"),
        (b"---\r\ntitle: x\r\n---\r\n", "markdown"),
        (b"--- a dash", "text"),
        (b"<!DOCTYPE html><p>", "html"),
        (b"<HTML><p>", "html"),
        (b"<?xml version='1.0'?><html>", "html"),
        (b"<head><title>", "html"),
        (b"<body><p>", "html"),
        (b"<article><p>", "html"),
        (b"<x> is a tag", "text"),
        (b"Xylophones rang.", "text"),
        (b"%PDF-1.7", "documents.pdf"),
        (rb"{\rtf1 x}", "documents.rtf"),
        (b"<?xml version='1.0'?>\n<rss version='2.0'>", "web.feeds"),
        (b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", "web.feeds"),
        (b"+++\ntitle = 'x'", "markdown"),
    ],
)
def test_bytes_are_read_by_how_they_begin(data: bytes, reader: str) -> None:
    assert (sniff(data).module, sniff(data).function) == (reader.partition(" ")[0], reader.partition(" ")[2] or "read")
