"""Indexes of every format there ever was still open. `old/` holds one of each: eight articles, added and one of them updated."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from tests.conftest import HashEncoder

import pullquote
from pullquote.index.storage.layout import FORMAT
from pullquote.index.upkeep.doctor import examine

OLD = Path(__file__).parent / "old"
IDS = ["bridge.md", "ferry.txt", "fish.txt", *(f"lamp{n}.txt" for n in range(1, 6))]


def unpacked(number: int, folder: Path) -> Path:
    with zipfile.ZipFile(OLD / f"format-{number}.zip") as archive:
        archive.extractall(folder / "index.pq")
    return folder / "index.pq"


def test_there_is_one_of_each_format() -> None:
    assert {path.name for path in OLD.iterdir()} == {f"format-{number}.zip" for number in range(1, FORMAT + 1)}


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
@pytest.mark.parametrize("how", ["read", "add", "doctor"])
def test_an_old_index_opens_without_embedding_anything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, number: int, how: str
) -> None:
    folder, encoder = unpacked(number, tmp_path), HashEncoder()
    if how == "add":
        assert pullquote.add(folder, [], encoder).articles == 8
    elif how == "doctor" and number < FORMAT:
        assert [finding.what for finding in examine(folder)] == [f"{folder / 'pullquote.sqlite'}: of an older format"]
    with caplog.at_level(logging.WARNING), pullquote.Index.open(folder, encoder) as index:
        assert ("of an older format" in caplog.text) == (number < FORMAT and how != "add")
        assert [article.id for article, _, _ in index.everything()] == IDS
        assert index.search("A new ferry comes")[0].article_id == "ferry.txt"
        assert index.search("heard from shore to shore", where=pullquote.Filter.of(source="Coast Radio"))[0].text.startswith(
            "The light"
        )
        assert [m.kind for m in index.marks(index.article("lamp1.txt"))] == ["repeated"]
        articles = [article for article, _, _ in index.everything()]
        assert encoder.encoded == []
        assert examine(folder) == []
        assert [path.name[:8] for path in folder.iterdir() if path.is_dir()] == ["segment-"]
        pullquote.add(tmp_path / "fresh.pq", articles, encoder)
        with pullquote.Index.open(tmp_path / "fresh.pq", encoder) as fresh:
            assert fresh.manifest.digest == index.manifest.digest
            assert fresh.search("ferry bridge lamp") == index.search("ferry bridge lamp")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="for root every folder may be written to")
def test_an_old_index_that_may_not_be_written_to_says_so(tmp_path: Path) -> None:
    folder = unpacked(1, tmp_path)
    folder.chmod(0o555)
    try:
        with pytest.raises(pullquote.IndexNoAccess, match="cannot be written to"):
            pullquote.Index.open(folder, HashEncoder())
    finally:
        folder.chmod(0o755)


def test_an_upgrade_that_fails_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = unpacked(1, tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(shutil, "rmtree", lambda *_, **__: 1 / 0)  # as the segment is to be written
        with pytest.raises(ZeroDivisionError):
            pullquote.Index.open(folder, HashEncoder())
    db = sqlite3.connect(folder / "pullquote.sqlite")
    assert db.execute("PRAGMA user_version").fetchone() == (0,)
    db.close()
    with pullquote.Index.open(folder, HashEncoder()) as index:
        assert index.status()["articles"] == 8


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    folder = unpacked(FORMAT, tmp_path)
    db = sqlite3.connect(folder / "pullquote.sqlite")
    db.execute(f"PRAGMA user_version = {FORMAT + 1}")
    db.close()
    for use in (pullquote.Index.open, pullquote.Writer):
        with pytest.raises(pullquote.IndexDamaged, match="install a newer pullquote"):
            use(folder, HashEncoder())


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("UPDATE article SET text = text || 'x' WHERE id = 'bridge.md'", 7),
        ("UPDATE vector SET value = zeroblob(length(value)) WHERE rowid = 1", 8),
        ("DELETE FROM vector WHERE rowid = 1", 8),
        ("DELETE FROM meta WHERE key = 'repeated'", 8),
    ],
)
@pytest.mark.parametrize("number", range(1, FORMAT))
def test_a_damaged_index_of_an_older_format_is_mended(tmp_path: Path, number: int, statement: str, left: int) -> None:
    folder = unpacked(number, tmp_path)
    db = sqlite3.connect(folder / "pullquote.sqlite")
    db.execute(statement)
    db.commit()
    db.close()
    with pullquote.Writer(folder, HashEncoder(), repair=True) as writer:
        assert writer.rebuild().articles == left
        assert writer.left_out == ["bridge.md"][: 8 - left]
    assert examine(folder) == []


def test_damage_that_stops_an_upgrade_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = unpacked(2, tmp_path)
    db = sqlite3.connect(folder / "pullquote.sqlite")
    db.execute("UPDATE article SET text = text || 'x'")
    db.commit()
    db.close()
    with pytest.raises(pullquote.IndexDamaged, match="is not as it was stored"):
        pullquote.Index.open(folder, HashEncoder())
    assert len(caplog.records) == 1
