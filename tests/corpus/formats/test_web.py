from __future__ import annotations

import base64
import contextlib
import gzip
import io
import quopri
import random
import tracemalloc
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pullquote.corpus.article import Article
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.readers.web import mhtml, warc
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

BRIDGE = ["The harbour bridge opened on Saturday – in rain – after eleven years of work, and thousands of people walked over it.",
          "Mayor Ines Falk cut the ribbon & said that the town had waited for “this day” for twenty years, or for longer still."]  # fmt: skip
CAFE = ["The café in Dock Street burned down on Monday night, the fire service said on Tuesday, and so did the house beside it.",
        "Nobody was hurt in the fire, which began in the kitchen of the café and was put out at four in the morning."]  # fmt: skip


def page(title: str, paragraphs: list[str], head: str = "") -> str:
    body = "".join(f"<p>{one.replace('&', '&amp;')}</p>" for one in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{title}</h1>{body}</article><footer>Imprint</footer></body></html>"
    )


def text_of(title: str, paragraphs: list[str]) -> str:
    return "\n\n".join([title, *paragraphs])


def saved(
    html: bytes,
    *,
    charset: str = "utf-8",
    encode: str = "quoted-printable",
    location: str = "https://post.example/bridge",
    more: str = "",
) -> bytes:
    """A page as browsers save it."""
    packed = quopri.encodestring(html) if encode == "quoted-printable" else base64.encodebytes(html) if encode == "base64" else html
    stated = f"; charset={charset}" if charset else ""
    head = (
        "From: <Saved by Blink>\r\nSubject: =?utf-8?Q?A=20bridge?=\r\nDate: Mon, 1 Jan 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----B"{more}\r\n\r\n\r\n------B\r\n'
        "Content-Type: text/css\r\nContent-Transfer-Encoding: 8bit\r\nContent-Location: https://post.example/a.css\r\n\r\np { color: red }\r\n------B\r\n"
        f"Content-Type: text/html{stated}\r\nContent-ID: <frame-1@mhtml.blink>\r\nContent-Transfer-Encoding: {encode}\r\n"
    )
    head += f"Content-Location: {location}\r\n" if location else ""
    rest = "\r\n------B\r\nContent-Type: text/html\r\nContent-ID: <frame-2@mhtml.blink>\r\n\r\n<p>An advertisement in a frame.</p>\r\n------B--\r\n"
    return f"{head}\r\n".encode() + packed + rest.encode()


@pytest.mark.parametrize("encode", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize(
    ("charset", "head"),
    [
        ("utf-8", ""),
        ("windows-1252", ""),
        ("iso-8859-1", '<meta charset="utf-8">'),
        ("", '<meta charset="windows-1252">'),
        ("utf-16", ""),
    ],
)
def test_a_saved_page_gives_its_story(charset: str, head: str, encode: str, tmp_path: Path) -> None:
    if (charset, encode) == ("utf-16", "8bit"):
        encode = "base64"
    written = page("A bridge opens", BRIDGE, head).encode({"iso-8859-1": "cp1252", "": "cp1252"}.get(charset, charset))
    (tmp_path / "a.mhtml").write_bytes(saved(written, charset=charset, encode=encode))
    assert list(read(tmp_path)) == [
        Article("a.mhtml", text_of("A bridge opens", BRIDGE), "A bridge opens", "", "https://post.example/bridge", None, "en")
    ]


def test_a_saved_page_written_by_the_email_package() -> None:
    made = EmailMessage()
    made["Snapshot-Content-Location"] = "https://post.example/snapshot"
    made.set_content(page("A bridge opens", BRIDGE), subtype="html")
    made.add_related(b"GIF", maintype="image", subtype="gif", cid="<a>")
    [draft] = mhtml.read(bytes(made), "a.mht")
    assert (draft.text, draft.url) == (text_of("A bridge opens", BRIDGE), "https://post.example/snapshot")


@pytest.mark.parametrize(
    ("data", "url"),
    [
        (saved(page("A", BRIDGE, '<link rel="canonical" href="https://post.example/own">').encode()), "https://post.example/own"),
        (saved(page("A", BRIDGE).encode(), location="file:///home/a.html"), ""),
        (saved(page("A", BRIDGE).encode(), location=""), ""),
        (saved(page("A", BRIDGE).encode(), more=';\r\n\tstart="<frame-1@mhtml.blink>"'), "https://post.example/bridge"),
    ],
)
def test_addresses_of_saved_pages(data: bytes, url: str) -> None:
    [draft] = mhtml.read(data, "a.mht")
    assert draft.url == url
    assert BRIDGE[0] in draft.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.mht: no page in it"),
        (b"The mill burned.\n", "a.mht: no page in it"),
        (b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/plain\n\nOne.\n", "a.mht: no page in it"),
        (saved(b" "), "a.mht: no article text found in the HTML"),
        (saved(b"<html><body></body></html>"), "a.mht: no article text found in the HTML"),
    ],
)
def test_what_holds_no_page_is_refused_in_a_line(data: bytes, message: str) -> None:
    with pytest.raises(ReadError) as error:
        list(mhtml.read(data, "a.mht"))
    assert str(error.value).startswith(message)


@dataclass(frozen=True)
class Sent:
    """A record of an archive, and how a server sent it."""

    body: bytes
    url: str = "http://post.example/bridge"
    kind: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    record: str = "response"
    headers: tuple[tuple[str, str], ...] = ()


def archive(*sent: Sent, packed: bool = False) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of the writer's own files
        writer = WARCWriter(out, gzip=packed)
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
        for one in sent:
            headers = StatusAndHeaders(one.status, [("Content-Type", one.kind), *one.headers], protocol="HTTP/1.1")
            more = {"http_headers": headers} if one.record == "response" else {"warc_content_type": one.kind}
            writer.write_record(writer.create_warc_record(one.url, one.record, payload=io.BytesIO(one.body), **more))
    return out.getvalue()


def found(data: bytes) -> list[Draft | ReadError]:
    return list(warc.read(io.BytesIO(data), "a.warc"))


def deflated(data: bytes, window: int) -> bytes:
    packing = zlib.compressobj(wbits=window)
    return b"".join((packing.compress(data), packing.flush()))


def chunked(data: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(data[n : n + 100]), data[n : n + 100]) for n in range(0, len(data), 100)) + b"0\r\n\r\n"


GZIP, DEFLATE, CHUNKED = ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate"), ("Transfer-Encoding", "chunked")
HTML = page("A café burns", CAFE).encode()
NOISE = (Sent(b"\x89PNG", "http://post.example/a.png", "image/png"), Sent(HTML, status="404 Not Found"), Sent(b"<html><body></body></html>"),
         Sent(b"GET / HTTP/1.1\r\n\r\n", record="request", kind="application/http; msgtype=request"), Sent(b"a: b", record="metadata", kind="text/plain"))  # fmt: skip


@pytest.mark.parametrize(
    "pack", [lambda sent: archive(*sent), lambda sent: archive(*sent, packed=True), lambda sent: gzip.compress(archive(*sent))]
)
def test_an_archive_written_by_warcio_gives_its_stories(
    tmp_path: Path, pack: Callable[[tuple[Sent, ...]], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    wet = "The mill burned\n\nIt burned on Monday, the owner said, and nobody was hurt."
    sent = (NOISE[0], Sent(page("A bridge opens", BRIDGE).encode()), *NOISE[1:], Sent(HTML, "http://post.example/cafe"),
            Sent(wet.encode(), "http://post.example/wet", "text/plain", record="conversion"))  # fmt: skip
    (tmp_path / "a.warc").write_bytes(pack(sent))
    walk = Walk()
    [file] = files([tmp_path], walk)
    assert list(file.articles(walk)) == [
        Article("a.warc#1", text_of("A bridge opens", BRIDGE), "A bridge opens", "", "http://post.example/bridge", None, "en"),
        Article("a.warc#2", text_of("A café burns", CAFE), "A café burns", "", "http://post.example/cafe", None, "en"),
        Article("a.warc#3", wet, "The mill burned", "", "http://post.example/wet"),
    ]
    assert not walk.problems + walk.warnings
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "sent",
    [
        Sent(HTML),
        Sent(HTML, kind="application/xhtml+xml"),
        Sent(HTML, kind="TEXT/HTML"),
        Sent(HTML, record="resource", kind="text/html"),
        Sent(page("A café burns", CAFE).encode("cp1252"), kind="text/html; charset=ISO-8859-1"),
        Sent(deflated(HTML, 31), headers=(GZIP,)),
        Sent(deflated(HTML, 15), headers=(DEFLATE,)),
        Sent(deflated(HTML, -15), headers=(DEFLATE,)),
        Sent(chunked(HTML), headers=(CHUNKED,)),
        Sent(chunked(deflated(HTML, 31)), headers=(CHUNKED, GZIP)),
        Sent(HTML, headers=(CHUNKED, GZIP)),  # unpacked by who archived it
    ],
)
def test_pages_as_servers_send_them(sent: Sent) -> None:
    [draft] = found(archive(*NOISE, sent))
    assert isinstance(draft, Draft)
    assert (draft.text, draft.url) == (text_of("A café burns", CAFE), sent.url)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.warc: no page of HTML in it"),
        (b"The mill burned.\n" * 20, "a.warc: a broken archive: Unknown archive format"),
        (b"\0" * 100_000, "a.warc: a broken archive: Unknown archive format"),
        (b"\x1f\x8b\x08garbage", "a.warc: a broken archive: Compressed file ended"),
        (archive(), "a.warc: no page of HTML in it"),
        (archive(*NOISE), "a.warc: no story in its pages (1 looked at; in the last: no article text found in the HTML)"),
        (archive(Sent(bytes(range(256)), headers=(("Content-Encoding", "br"),))), "a.warc: no story in its pages (1 looked at; "),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 300_000, "a.warc: a broken archive: headers without an end"),
        (b"WARC/1.0\r\na: " + b"b" * (1 << 21), "a.warc: a broken archive: headers without an end"),
    ],
)
def test_what_holds_no_story_is_refused_in_a_line(data: bytes, message: str) -> None:
    with pytest.raises(ReadError) as error:
        found(data)
    assert str(error.value).startswith(message)
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("packed", [False, True])
def test_what_stands_before_a_cut_is_read_and_the_cut_is_said(packed: bool) -> None:
    whole = archive(Sent(page("A bridge opens", BRIDGE).encode()), packed=packed)
    more = archive(Sent(page("A bridge opens", BRIDGE).encode()), Sent(HTML, "http://post.example/cafe"), packed=packed)
    for end in range(len(whole) + 20, len(more) - 5, 97):
        story, error = found(more[:end])
        assert isinstance(story, Draft)
        assert str(error).startswith(("a.warc: is cut short", "a.warc: a broken archive"))


def test_bombs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "_LARGEST", 1 << 20)
    monkeypatch.setattr(warc, "_FREE", 1 << 24)
    many = b"<p>The mill burned.</p>" * (1 << 20)
    page_ = Sent(deflated(many, 31), headers=(GZIP,))
    bombs = [archive(page_), archive(Sent(chunked(page_.body), headers=(GZIP, CHUNKED))), archive(Sent(many[: 1 << 22])), gzip.compress(archive(Sent(many))),
             gzip.compress(b"\0" * (1 << 26)), gzip.compress(b"WARC/1.0\r\n" + (b"a: " + b"b" * 500 + b"\r\n") * (1 << 15))]  # fmt: skip
    tracemalloc.start()
    for bomb in bombs:
        with pytest.raises(ReadError, match=r"a page that is too large|a broken archive|unpacks to more than 1000 times"):
            found(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("reader", ["warc", "packed", "mhtml"])
def test_damaged_archives_and_pages_are_read_or_refused(reader: str) -> None:
    some, count = random.Random(7), 0
    whole = (
        saved(HTML)
        if reader == "mhtml"
        else archive(*NOISE, Sent(HTML), Sent(chunked(HTML), headers=(CHUNKED,)), packed=reader == "packed")
    )
    for number in range(90):
        data = bytearray(whole[: len(whole) * number // 30] if number < 30 else whole)
        for _ in range(some.randint(1, 6) if number >= 30 else 0):
            data[some.randrange(len(data))] = some.randrange(256)
        with contextlib.suppress(ReadError):
            count += len(list(mhtml.read(bytes(data), "a.mht")) if reader == "mhtml" else found(bytes(data)))
    assert count > 20
