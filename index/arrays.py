"""Arrays in one file: the safetensors format, written by its library, read by mapping the file. Nothing in it can run.

(numpy's own format is not read here: its header goes through Python's parser, which on Python 3.11.0 to 3.11.7 may not be used
by several threads at once, see CPython issue 106905.)
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..corpus.errors import IndexDamaged

Arrays = dict[str, npt.NDArray[Any]]
_TYPES = {"U8": np.uint8, "I32": np.int32, "I64": np.int64}


def write(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays of uint8, int32 and int64. Raises OSError where the disk does not take them."""
    from safetensors.numpy import save_file

    with written(path):
        path.touch()  # with the usual permissions; the library alone would give it fewer
        mode = path.stat().st_mode
        save_file({name: np.ascontiguousarray(values) for name, values in arrays.items()}, path)
        path.chmod(mode)


def read(path: Path) -> Arrays:
    """The arrays of a file, mapped: what is not used is not read. The file must have been checked (`verify`)."""
    whole = np.memmap(path, np.uint8, "r")
    begin = 8 + int.from_bytes(whole[:8].tobytes(), "little")
    header = json.loads(whole[8:begin].tobytes())
    found = {}
    for name, item in header.items():
        first, last = item["data_offsets"]
        found[name] = whole[begin + first : begin + last].view(_TYPES[item["dtype"]]).reshape(item["shape"])
    return found


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Turn what a library says when it cannot write a file into an OSError that says why."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if type(error).__name__ not in ("SafetensorError", "RuntimeError"):
            raise
        full = shutil.disk_usage(path.parent).free < 1 << 20
        reason = os.strerror(errno.ENOSPC) if full else str(error).strip().splitlines()[-1]
        raise OSError(errno.ENOSPC if full else errno.EIO, reason, str(path)) from None


def sealed(path: Path) -> dict[str, Any]:
    """The size and SHA-256 of a file that is now on the disk, for the manifest."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return {"bytes": path.stat().st_size, "sha256": digest(path)}


def seal_folder(folder: Path) -> None:
    """See the names in a folder on the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def verify(path: Path, expected: Mapping[str, Any]) -> None:
    """Raises IndexDamaged, naming the file, where it is not as it was sealed."""
    if not path.is_file():
        raise IndexDamaged(f"{path}: missing")
    if path.stat().st_size != expected["bytes"] or digest(path) != expected["sha256"]:
        raise IndexDamaged(f"{path}: not as it was written (damaged, or of another index)")


def digest(path: Path) -> str:
    total = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()
