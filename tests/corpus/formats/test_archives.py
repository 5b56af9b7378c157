from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pullquote.corpus.sources import Walk, archives, files, read
from pullquote.corpus.sources.archives import Member, members
from pullquote.errors import ReadError

MILL, FERRY = b"The mill in Marsh Lane burned down on Monday night.", b"The ferry to Holt ran aground."
HTML = b"<html><body><article><h1>News</h1><p>%s %s</p><p>%s</p></article></body></html>" % (MILL, MILL, FERRY)
Contents = dict[str, bytes]


def zipped(contents: Contents, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)  # of no time: the bytes are the same at any
    return out.getvalue()


def packed(data: bytes) -> bytes:
    """A packed file that is the same at any time."""
    return gzip.compress(data, mtime=0)


def tarred(contents: Contents, *infos: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(bytes(info.size)))
        for name, data in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name: str, kind: bytes, size: int = 0, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, target
    return info


PACKED: dict[str, Callable[[Contents], bytes]] = {
    "news.zip": zipped,
    "stored.zip": lambda contents: zipped(contents, zipfile.ZIP_STORED),
    "news.tar": tarred,
    "NEWS.TAR.GZ": lambda contents: packed(tarred(contents)),
    "news.tgz": lambda contents: packed(tarred(contents)),
    "news.tar.bz2": lambda contents: bz2.compress(tarred(contents)),
    "news.tbz2": lambda contents: bz2.compress(tarred(contents)),
    "news.tar.xz": lambda contents: lzma.compress(tarred(contents)),
    "news.txz": lambda contents: lzma.compress(tarred(contents)),
    "misnamed.tar": lambda contents: packed(tarred(contents)),
}


def inside(data: bytes, name: str) -> list[str]:
    """The names of what is read of an archive, and what is wrong with it, the whole included."""
    found: list[str] = []
    try:
        for one in members(io.BytesIO(data), name, name):
            found.append(one.name if isinstance(one, Member) else str(one))  # noqa: PERF401 -- what stands before an error is kept
    except ReadError as error:
        found.append(f"raised {error}")
    return found


@pytest.mark.parametrize("name", PACKED)
def test_the_files_in_an_archive_are_articles(tmp_path: Path, name: str) -> None:
    contents = {
        "2024/a.md": b"---\ntitle: Mill\n---\n" + MILL,
        "2024/b.txt": FERRY,
        "lines.jsonl": b'{"text": "One."}\n{"id": "own", "text": "Two."}\n{"title": "none"}\n',
        "2024/empty.txt": b"",
        "2024/photo.jpg": b"\xff\xd8",
        "__MACOSX/2024/._a.md": b"\0",
        ".hidden.txt": b"Hidden.",
    }
    (tmp_path / name).write_bytes(PACKED[name](contents))
    walk = Walk()
    [file] = files([tmp_path], walk)
    assert [(article.id, article.title, article.text.encode()) for article in file.articles(walk)] == [
        (f"{name}/2024/a.md", "Mill", MILL), (f"{name}/2024/b.txt", "", FERRY), (f"{name}/lines.jsonl#1", "", b"One."), ("own", "", b"Two."),
    ]  # fmt: skip
    where = f"{tmp_path}/{name}"
    assert [str(problem).split(" (")[0] for problem in walk.problems] == [
        f"{where}/lines.jsonl:3: a record without text", f"{where}/2024/empty.txt: an empty file",
    ]  # fmt: skip
    assert walk.skipped == [(f"{where}/2024/photo.jpg", ".jpg")]


@pytest.mark.parametrize(
    ("name", "data", "ids"),
    [
        ("ferry.txt.gz", packed(FERRY), ["ferry.txt.gz"]),
        ("ferry.txt.gz", packed(FERRY[:10]) + packed(FERRY[10:]), ["ferry.txt.gz"]),
        ("ferry.txt.bz2", bz2.compress(FERRY), ["ferry.txt.bz2"]),
        ("ferry.md.xz", lzma.compress(FERRY), ["ferry.md.xz"]),
        ("airport.html.gz", packed(HTML), ["airport.html.gz"]),
        ("a.json.gz", packed(json.dumps([{"text": FERRY.decode()}, {"id": "own", "text": FERRY.decode()}]).encode()), ["a.json.gz/1", "own"]),
        ("a.zip", zipped({"b.html.gz": packed(HTML), "c/d.tgz": packed(tarred({"e.txt": FERRY}))}),
         ["a.zip/b.html.gz/b.html", "a.zip/c/d.tgz/e.txt"]),
    ],
)  # fmt: skip
def test_packed_files_and_archives_in_archives(tmp_path: Path, name: str, data: bytes, ids: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    found = list(read(tmp_path))
    assert [article.id for article in found] == ids
    assert all(FERRY in article.text.encode() for article in found)


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/etc/a.txt", "etc/a.txt"),
        ("./a/../b.txt", "a/b.txt"),
        ("C:\\news\\a.txt", "C:/news/a.txt"),
        ("a\nb\x1b.txt", "a\ufffdb\ufffd.txt"),
        ("caf\u00e9/\u65b0.txt", "caf\u00e9/\u65b0.txt"),
    ],
)
def test_names_are_made_harmless(pack: Callable[[Contents], bytes], name: str, read_as: str) -> None:
    assert inside(pack({name: FERRY}), "a.zip" if pack is zipped else "a.tar") == [read_as]


def test_names_in_utf8_that_do_not_say_so() -> None:
    data = zipped({"cafee/a.txt": FERRY, "caf\u00e9/b.txt": FERRY}).replace(b"cafee", "caf\u00e9".encode())
    assert inside(data, "a.zip") == ["caf\u00e9/a.txt", "caf\u00e9/b.txt"]
    assert inside(zipped({"cafee.txt": FERRY}).replace(b"cafee", b"caf\x82e"), "a.zip") == ["caf\u00e9e.txt"]


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret.")
    odd = [
        special(f"{kind!r}.txt", kind, target=str(tmp_path / "secret.txt"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)
    ]
    assert inside(tarred({"a.txt": FERRY}, *odd), "a.tar") == ["a.txt"]


def test_a_locked_archive_is_refused_in_a_line() -> None:
    data = bytearray(zipped({"a.txt": FERRY, "b.txt": MILL, "c/": b""}))
    first = data.index(b"PK\x01\x02")
    data[first + 8] |= 1
    assert inside(bytes(data), "a.zip") == ["a.zip/a.txt: is locked by a password: unpack it", "b.txt"]
    data[data.index(b"PK\x01\x02", first + 1) + 8] |= 1
    assert inside(bytes(data), "a.zip") == ["raised a.zip: is locked by a password: unpack it"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_all_at_once_are_refused(method: int) -> None:
    assert inside(zipped({"a.txt": FERRY}, method), "a.zip") == ["a.zip/a.txt: is packed by a method that is not read: unpack it"]


def test_one_bad_member_costs_itself() -> None:
    data = bytearray(zipped({"a.txt": FERRY, "b.txt": MILL, "c.txt": FERRY}, zipfile.ZIP_STORED))
    data[data.index(MILL)] ^= 1
    assert inside(bytes(data), "a.zip") == ["a.txt", "a.zip/b.txt: cannot be unpacked: Bad CRC-32 for file 'b.txt'", "c.txt"]
    nested = zipped({"a.zip": b"PK no zip", "b.txt": FERRY, "c.txt.gz": b"no gzip", "d.tar": b"no tar"})
    assert [one.split(":")[0] for one in inside(nested, "n.zip")] == ["n.zip/a.zip", "b.txt", "n.zip/c.txt.gz", "n.zip/d.tar"]


def test_archives_are_read_two_deep() -> None:
    deep = zipped({"b.zip": zipped({"c.zip": zipped({"d.txt": FERRY}), "e.txt": MILL}), "f.txt": FERRY})
    assert inside(deep, "a.zip") == [
        "a.zip/b.zip/c.zip: an archive in an archive in an archive: unpack it (at most 2 deep)",
        "b.zip/e.txt",
        "f.txt",
    ]


ZEROS = bytes(40 << 20)
TOO_MUCH = "unpacks to more than 200 times its size: no archive of text"
PAX = special("a", tarfile.XHDTYPE, len(ZEROS)).tobuf() + ZEROS
LONG = special("a", tarfile.GNUTYPE_LONGNAME, len(ZEROS)).tobuf() + ZEROS
LIAR = bytearray(zipped({"a.txt": ZEROS}))
LIAR[LIAR.index(b"PK\x01\x02") + 20 :][:4] = struct.pack("<I", 1 << 31)
BOMBS = {
    "deflate.zip": (zipped({"a.txt": ZEROS, "b.txt": FERRY}), [f"deflate.zip/a.txt: {TOO_MUCH}", "b.txt"]),
    "many.zip": (zipped({f"{n}.txt": ZEROS[: 15 << 20] for n in range(8)}), ["0.txt", f"raised many.zip: {TOO_MUCH}"]),
    "nested.zip": (zipped({f"{n}.zip": zipped({"a.txt": ZEROS[: 15 << 20]}) for n in range(8)}), ["0.zip/a.txt", f"raised nested.zip: {TOO_MUCH}"]),
    "a.txt.gz": (packed(ZEROS), [f"raised a.txt.gz: {TOO_MUCH}"]),
    "a.txt.bz2": (bz2.compress(ZEROS), [f"raised a.txt.bz2: {TOO_MUCH}"]),
    "a.txt.xz": (lzma.compress(ZEROS), [f"raised a.txt.xz: {TOO_MUCH}"]),
    "a.tar.gz": (packed(tarred({"a.txt": ZEROS})), [f"raised a.tar.gz: {TOO_MUCH}"]),
    "a.tar.bz2": (bz2.compress(tarred({"a.txt": ZEROS})), [f"raised a.tar.bz2: {TOO_MUCH}"]),
    "skipped.tgz": (packed(tarred({"a.txt": FERRY}, special("x", tarfile.CONTTYPE, len(ZEROS)))), [f"raised skipped.tgz: {TOO_MUCH}"]),
    "pax.tar": (PAX, ["raised pax.tar: a broken archive: a header that is too long"]),
    "pax.tgz": (packed(PAX), ["raised pax.tgz: a broken archive: a header that is too long"]),
    "name.tgz": (packed(LONG), ["raised name.tgz: a broken archive: a header that is too long"]),
    "nested.tgz": (packed(tarred({"a.txt.gz": packed(ZEROS), "b.txt": FERRY})), [f"nested.tgz/a.txt.gz: {TOO_MUCH}", "b.txt"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_line_and_in_little_memory(name: str) -> None:
    data, expected = BOMBS[name]
    tracemalloc.start()
    found = inside(data, name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == expected
    assert peak < 3 * archives.FREE


def test_bounds_of_size_and_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1 << 20)
    large = random.Random(1).randbytes(2 << 20)
    assert inside(tarred({"a.txt": large, "b.txt": FERRY}), "a.tar") == ["a.tar/a.txt: larger than 1 MB", "b.txt"]
    assert inside(zipped({"a.txt": large, "b.txt": FERRY}), "a.zip") == ["a.zip/a.txt: larger than 1 MB", "b.txt"]
    monkeypatch.setattr(archives, "MOST", 2)
    assert inside(tarred({f"{n}.txt": FERRY for n in range(3)}), "a.tar") == [
        "0.txt",
        "1.txt",
        "raised a.tar: more than 2 files in it: unpack it",
    ]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz", "a.txt.gz", "a.txt.bz2", "a.txt.xz", "a.tar.xz"])
@pytest.mark.parametrize("data", [b"", b"no archive", MILL * 40, b"\1" * 2000])
def test_what_is_no_archive_is_refused_in_a_line(name: str, data: bytes) -> None:
    found = [one for one in inside(data, name) if data or one != "a.txt"]  # nothing, packed or not, is an empty file
    assert all(one.startswith(f"raised {name}: a broken archive: ") and "\n" not in one for one in found)
    assert found or data == b""


@pytest.mark.parametrize("name", [*PACKED, "a.txt.gz", "a.txt.bz2", "a.txt.xz"])
def test_damaged_archives_are_read_or_refused(name: str) -> None:
    one: dict[str, Callable[[bytes], bytes]] = {".gz": packed, ".bz2": bz2.compress, ".xz": lzma.compress}
    whole = PACKED[name]({"2024/a.txt": MILL * 9, "b.txt": FERRY}) if name in PACKED else one[Path(name).suffix](MILL * 20)
    some, found = random.Random(8), inside(whole, name)
    for number in range(200):
        data = bytearray(whole[: len(whole) * number // 60] if number < 60 else whole)
        for _ in range(some.randint(1, 5) if number >= 60 else 0):
            data[some.randrange(len(data))] = some.randrange(256)
        found += inside(bytes(data), name)
    assert any(":" in one for one in found)
    assert any(one.endswith("a.txt") for one in found)
    assert not [one for one in found if "\n" in one]
