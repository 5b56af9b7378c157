"""Which reader takes bytes without a name."""

from __future__ import annotations

import pytest

from pullquote.corpus.readers import Reader, html, markdown, records, sniff, text


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (b'{"text": "x"}', records.read_lines),
        (b' \r\n\t[{"text": "x"}]', records.read_array),
        (b"\xef\xbb\xbf{}", records.read_lines),
        (b"---\ntitle: x\n---\n", markdown.read),
        (b"---\r\ntitle: x\r\n---\r\n", markdown.read),
        (b"--- a dash", text.read),
        (b"<!DOCTYPE html><p>", html.read),
        (b"<HTML><p>", html.read),
        (b"<?xml version='1.0'?><html>", html.read),
        (b"<head><title>", html.read),
        (b"<body><p>", html.read),
        (b"<article><p>", html.read),
        (b"<x> is a tag", text.read),
        (b"Xylophones rang.", text.read),
    ],
)
def test_bytes_are_read_by_how_they_begin(data: bytes, reader: Reader) -> None:
    assert sniff(data) is reader
