"""Files that hold files: .gz, .zip, .tar. Their members are read one by one, within bounds of size, count, depth and ratio."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from bz2 import BZ2File
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, cast

from ...errors import ReadError

LARGEST = 1 << 28  # bytes of a member
LARGEST_IN_ALL = 1 << 33  # bytes of all members
MOST = 1_000_000  # members
RATIO = 200  # times as large as it is packed, from FREE bytes on: text packs to a fifth, a bomb to a thousandth
FREE = 1 << 24
DEEPEST = 2  # archives in archives
_LONGEST_HEADERS = 1 << 20  # bytes of the headers of a member of a .tar
_PIECE = 1 << 20
_LONGEST_REASON = 200  # characters
_TOO_MUCH = f"unpacks to more than {RATIO} times its size: no archive of text"
_OPENERS: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    ".gz": lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    ".bz2": lambda file: cast(IO[bytes], BZ2File(file)),
    ".xz": lambda file: cast(IO[bytes], lzma.LZMAFile(file)),  # noqa: SIM115 -- closed by who reads it
}
_MAGIC = ((b"\x1f\x8b", ".gz"), (b"BZh", ".bz2"), (b"\xfd7zXZ\0", ".xz"))
_TARS = (".tar", ".tgz", ".tbz2", ".txz")
_UTF8, _LOCKED = 0x800, 0x1  # flags of a member of a .zip
_BROKEN = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name there, and its bytes. `where` says of messages where it stands."""

    name: str
    data: bytes
    where: str


def is_archive(name: str) -> bool:
    """Whether a file is one that holds files, by its name."""
    suffix = PurePosixPath(name.lower()).suffix
    return suffix in _OPENERS or suffix == ".zip" or suffix in _TARS


def holds_one(name: str) -> bool:
    """Whether an archive holds one file: such a file packed, and no .tar."""
    path = PurePosixPath(name.lower())
    return path.suffix in _OPENERS and path.with_suffix("").suffix != ".tar"


def members(file: IO[bytes], name: str, where: str, depth: int = 0) -> Iterator[Member | ReadError]:
    """The files in an archive, those of archives in it included. What is wrong with one of them is yielded, and the next follows.

    Raises ReadError where the archive is broken, or goes beyond a bound.
    """
    if depth >= DEEPEST:
        raise ReadError(where, f"an archive in an archive in an archive: unpack it (at most {DEEPEST} deep)")
    seen, most = 0, min(LARGEST_IN_ALL, _likely(_length(file)))
    suffix = PurePosixPath(name.lower()).suffix
    try:
        if suffix == ".zip":
            found = _of_zip(file, where)
        elif holds_one(name):
            found = _of_packed(file, name, where)
        else:
            found = _of_tar(file, where)
        for number, member in enumerate(found, start=1):
            if number > MOST:
                raise ReadError(where, f"more than {MOST:,} files in it: unpack it")
            for one in _within(member, depth):
                if isinstance(one, Member) and (seen := seen + len(one.data)) > most:
                    reason = _TOO_MUCH if most < LARGEST_IN_ALL else f"more than {LARGEST_IN_ALL >> 30} GB in it: unpack it"
                    raise ReadError(where, reason)
                yield one
    except ReadError:
        raise
    except _BROKEN as error:
        raise ReadError(where, f"a broken archive: {_reason(error)}") from None


def _within(member: Member | ReadError, depth: int) -> Iterator[Member | ReadError]:
    """A member, or the files in it where it is an archive itself."""
    if isinstance(member, ReadError) or not is_archive(member.name):
        yield member
        return
    try:
        for inner in members(io.BytesIO(member.data), member.name, member.where, depth + 1):
            yield replace(inner, name=f"{member.name}/{inner.name}") if isinstance(inner, Member) else inner
    except ReadError as error:
        yield error


def _of_packed(file: IO[bytes], name: str, where: str) -> Iterator[Member | ReadError]:
    """What one packed file holds: its name is that of the packed one without its last suffix."""
    path = PurePosixPath(name)
    with _OPENERS[path.suffix.lower()](file) as unpacked:
        yield Member(path.with_suffix("").name, _bounded(unpacked, _length(file), where), where)


def _of_zip(file: IO[bytes], where: str) -> Iterator[Member | ReadError]:
    length = _length(file)
    with zipfile.ZipFile(file) as archive:
        found = [info for info in archive.infolist() if not info.is_dir()]
        if found and all(info.flag_bits & _LOCKED for info in found):
            raise ReadError(where, "is locked by a password: unpack it")
        for info in found:
            name = _name(_spelled(info))
            inside = f"{where}/{name}"
            if info.flag_bits & _LOCKED:
                yield ReadError(inside, "is locked by a password: unpack it")
                continue
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # of which Python unpacks all at once
                yield ReadError(inside, "is packed by a method that is not read: unpack it")
                continue
            try:
                with archive.open(info) as unpacked:
                    yield Member(name, _bounded(unpacked, min(info.compress_size, length), inside), inside)
            except ReadError as error:
                yield error
            except _BROKEN as error:
                yield ReadError(inside, f"cannot be unpacked: {_reason(error)}")


def _spelled(info: zipfile.ZipInfo) -> str:
    """The name of a member, which some programs write in UTF-8 without saying so."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


class _Measured:
    """The bytes of a .tar, unpacked where they are packed. Raises ReadError where more are read than may be."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        head = file.read(8)
        file.seek(-len(head), io.SEEK_CUR)
        suffix = next((suffix for magic, suffix in _MAGIC if head.startswith(magic)), "")
        self._most, self._where, self._at = _likely(_length(file)), where, 0
        self._file = _OPENERS[suffix](file) if suffix else file
        self.next_within = _LONGEST_HEADERS  # what stands there at most until the next member is known

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        self._at += len(piece)
        if self._at > self._most:
            raise ReadError(self._where, _TOO_MUCH)
        if self._at > self.next_within:
            raise ReadError(self._where, "a broken archive: a header that is too long")
        return piece


def _of_tar(file: IO[bytes], where: str) -> Iterator[Member | ReadError]:
    """Members are read as they come, so that nothing but one of them is in memory."""
    measured = _Measured(file, where)
    with tarfile.open(fileobj=measured, mode="r|") as archive:  # type: ignore[call-overload]
        for info in archive:
            measured.next_within = archive.offset + _LONGEST_HEADERS
            if not info.isfile():  # links, devices: nothing is followed
                continue
            name = _name(info.name)
            inside = f"{where}/{name}"
            if info.issparse() or info.size > LARGEST:
                yield ReadError(inside, "a sparse file: unpack it" if info.issparse() else f"larger than {LARGEST >> 20} MB")
                continue
            unpacked = archive.extractfile(info)
            if unpacked is not None:
                yield Member(name, _bounded(unpacked, None, inside), inside)


def _bounded(unpacked: IO[bytes], packed: int | None, where: str) -> bytes:
    """All of a member, of which `packed` bytes stand in the archive, read in pieces. Raises ReadError where it is too large."""
    largest = LARGEST if packed is None else min(LARGEST, _likely(packed))
    out = io.BytesIO()
    while piece := unpacked.read(_PIECE):
        if out.tell() + len(piece) > largest:
            raise ReadError(where, f"larger than {LARGEST >> 20} MB" if largest == LARGEST else _TOO_MUCH)
        out.write(piece)
    return out.getvalue()


def _likely(packed: int) -> int:
    """The bytes that so many may unpack to."""
    return max(FREE, RATIO * packed)


def _reason(error: BaseException) -> str:
    return str(error)[:_LONGEST_REASON] or type(error).__name__


def _length(file: IO[bytes]) -> int:
    at = file.tell()
    length = file.seek(0, io.SEEK_END)
    file.seek(at)
    return length


def _name(name: str) -> str:
    """A member's name as an id is made from: without a root, without steps up, "/" between parts, and printable."""
    printable = "".join(c if c.isprintable() else "\ufffd" for c in name.replace("\\", "/"))
    return "/".join(part for part in PurePosixPath(printable).parts if part not in ("/", "//", "..", ".")) or "file"
