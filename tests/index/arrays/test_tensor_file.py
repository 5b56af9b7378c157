"""Files are mapped, and each block is checked when something of it is first read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pullquote
from pullquote.index.arrays import checksums, sealing, tensor_file
from pullquote.index.arrays.checksums import BLOCK, CheckedFile
from pullquote.index.arrays.sealing import FileMeta
from pullquote.index.arrays.tensor_file import Array, whole

NUMBERS = np.arange(600 * BLOCK // 8, dtype=np.int64)
TABLE = np.arange(30_000, dtype=np.int32).reshape(-1, 3)


def written(folder: Path, name: str = "some.safetensors") -> dict[str, FileMeta]:
    path = folder / name
    with tensor_file.writing(path) as file:
        file.add(*whole("odd", np.arange(3, dtype=np.uint8)))
        file.add("numbers", np.array_split(NUMBERS, 5), NUMBERS.shape, np.int64)
        file.add(*whole("table", TABLE))
        file.add(*whole("none", np.zeros((0, 2), np.int32)))
    return {p.name: sealing.sealed(p) for p in (path, checksums.write_sums(path))}


def read(folder: Path, files: dict[str, FileMeta]) -> tuple[CheckedFile, dict[str, Array]]:
    blocks = CheckedFile(folder / "some.safetensors", files)
    return blocks, tensor_file.read(blocks)


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    _, found = read(tmp_path, written(tmp_path))
    rows = np.array([3, 0, 9_999])
    assert (found["numbers"][5], len(found["table"]), found["table"].shape) == (5, 10_000, (10_000, 3))
    assert found["table"][rows].tolist() == TABLE[rows].tolist()
    assert found["table"][10:12].tolist() == TABLE[10:12].tolist()
    assert found["none"].all().shape == (0, 2)
    assert np.array_equal(found["numbers"].all(), NUMBERS)


def test_only_the_blocks_that_are_read_are_checked(tmp_path: Path) -> None:
    blocks, found = read(tmp_path, written(tmp_path))
    assert found["numbers"][np.array([0, 1, BLOCK, len(NUMBERS) - 1])].tolist() == [0, 1, BLOCK, len(NUMBERS) - 1]
    assert 1 <= int((blocks._unread == 0).sum()) <= 8
    found["numbers"].all()
    found["table"].all()
    assert blocks.read


@pytest.mark.parametrize("how", ["row", "slice", "rows"])
def test_a_changed_block_is_seen_when_it_is_read_and_not_before(tmp_path: Path, how: str) -> None:
    files = written(tmp_path)
    path = tmp_path / "some.safetensors"
    whole = bytearray(path.read_bytes())
    row = len(NUMBERS) // 2
    place = bytes(whole).index(int(row).to_bytes(8, "little"), len(whole) // 4)
    whole[place] ^= 4
    path.write_bytes(whole)
    _, found = read(tmp_path, files)
    assert found["numbers"][0] == 0
    key: Any = {"row": row, "slice": slice(row - 5, row + 5), "rows": np.array([0, row])}[how]
    for _ in range(2):  # and again
        with pytest.raises(pullquote.IndexDamaged, match=r"some\.safetensors: not as it was written"):
            found["numbers"][key]


def test_changed_checksums_are_seen(tmp_path: Path) -> None:
    files = written(tmp_path)
    path = tmp_path / "some.crc"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(pullquote.IndexDamaged, match=r"some\.crc: not as it was written"):
        read(tmp_path, files)


def test_an_opened_file_can_be_read_when_it_is_gone(tmp_path: Path) -> None:
    _, found = read(tmp_path, written(tmp_path))
    for path in tmp_path.iterdir():
        path.unlink()
    assert np.array_equal(found["numbers"].all(), NUMBERS)


def test_the_file_is_one_that_the_library_of_the_format_reads(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    written(tmp_path)
    found = load_file(tmp_path / "some.safetensors")
    assert found["odd"].tolist() == [0, 1, 2]
    assert np.array_equal(found["numbers"], NUMBERS)
    assert np.array_equal(found["table"], TABLE)


def test_rows_that_do_not_fit_their_shape_are_refused(tmp_path: Path) -> None:
    with tensor_file.writing(tmp_path / "rows.safetensors") as file, pytest.raises(ValueError, match="12 bytes, not 24"):
        file.add("x", [np.zeros((1, 3), np.float32)], (2, 3), np.float32)
