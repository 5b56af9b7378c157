"""Damage to any file is seen before it does harm, is named, and is mended."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.conftest import ARTICLES, Build, Cli, HashEncoder

import pullquote
from pullquote.index.arrays import checksums
from pullquote.index.arrays.tensor_file import Piece
from pullquote.index.lexical.postings import Postings, merged
from pullquote.index.segments import builder, merge_policy
from pullquote.index.storage.layout import FILES
from pullquote.index.storage.manifest import put_meta
from pullquote.index.types import Ints
from pullquote.index.upkeep.doctor import Finding, _begun, examine

QUESTIONS = ("harbour bridge", "ferry trip", "herring", "who disagrees")


def replies(folder: Path) -> list[object]:
    with pullquote.Index.open(folder, HashEncoder()) as index:
        return [(index.search(question), pullquote.ask(index, question)) for question in QUESTIONS]


@pytest.fixture
def folder(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of two segments, one of them with a removed article."""
    monkeypatch.setattr(merge_policy, "SMALL", 0)
    more = [pullquote.Article(id=f"more{n}", text=f"Boat {n} lies in the harbour. It is {n * 7} years old.") for n in range(8)]
    build([*ARTICLES, *more]).close()
    pullquote.remove(tmp_path / "index.pq", ["more3"])
    build([pullquote.Article(id="new", text="A new ferry was named.")]).close()
    (tmp_path / "index.pq" / "pullquote.sqlite-shm").unlink(missing_ok=True)
    (tmp_path / "index.pq" / "pullquote.sqlite-wal").unlink(missing_ok=True)
    return tmp_path / "index.pq"


def files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {"write.lock", *FILES[1:]})
    assert [path.relative_to(folder).as_posix() for path in found] == [
        "pullquote.sqlite",
        *(f"segment-00000{n}/{file}.{kind}" for n in (1, 2) for file in ("arrays", "vectors") for kind in ("crc", "safetensors")),
    ]
    return found


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) * 2 // 3] ^= 1
    path.write_bytes(whole)


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink], ids=["cut", "flip", "delete"])
def test_damage_to_the_arrays_is_named_and_mended_without_embedding(folder: Path, cli: Cli, damage: Callable[[Path], None]) -> None:
    before = replies(folder)
    for path in files(folder)[1:]:
        spoilt = folder.with_name("spoilt.pq")
        shutil.copytree(folder, spoilt)
        damage(spoilt / path.relative_to(folder))
        for command in (["ask", "ferry"], ["search", "ferry"], *((["status"], ["show", "new"]) if damage is not flip else ())):
            ran = cli(*command, "--index", spoilt)
            assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
            assert path.name in ran.err
            assert f"run `pullquote doctor --repair --index {spoilt}`" in ran.err
        ran = cli("doctor", "--index", spoilt)
        assert (ran.code, ran.err) == (3, "")
        assert path.name in ran.out
        ran = cli("doctor", "--repair", "--index", spoilt)
        assert (ran.code, ran.out) == (0, f"repaired: {spoilt}\n")
        assert "embedded" not in ran.err
        assert replies(spoilt) == before
        shutil.rmtree(spoilt)


def test_files_of_another_index_are_refused(folder: Path, build: Build, cli: Cli) -> None:
    build([pullquote.Article(id="bridge.md", text="The bridge of another index fell.")], "other.pq").close()
    other = folder.with_name("other.pq")
    for path in files(folder):
        spoilt = folder.with_name("spoilt.pq")
        shutil.copytree(folder, spoilt)
        name = path.relative_to(folder).as_posix().replace("2/", "1/")
        shutil.copy(other / name, spoilt / path.relative_to(folder))
        ran = cli("ask", "ferry", "--index", spoilt)
        assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "segment-00000" in ran.err
        shutil.rmtree(spoilt)


def test_segments_that_changed_places_are_refused(folder: Path) -> None:
    one, two = folder / "segment-000001", folder / "segment-000002"
    one.rename(folder / "x")
    two.rename(one)
    (folder / "x").rename(two)
    with pytest.raises(pullquote.IndexDamaged, match="not as it was written"):
        replies(folder)


def test_a_flipped_bit_anywhere_gives_the_same_answer_or_none(folder: Path) -> None:
    before = replies(folder)
    path, chance = files(folder)[0], random.Random(7)
    whole = path.read_bytes()
    refused = 0
    for _ in range(150):
        spoilt = bytearray(whole)
        spoilt[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(spoilt)
        try:
            assert replies(folder) == before
        except pullquote.IndexUnusable:
            refused += 1
        assert all(isinstance(finding, Finding) for finding in examine(folder))
        for name in ("pullquote.sqlite-shm", "pullquote.sqlite-wal"):
            (folder / name).unlink(missing_ok=True)
    assert refused > 0


@pytest.mark.parametrize(
    ("statement", "message", "embedded"),
    [
        ("UPDATE article SET text = replace(text, 'ribbon', 'rubbon') WHERE id = 'bridge.md'", "article 'bridge.md' is not as", 0),
        ("UPDATE vector SET value = zeroblob(192) WHERE rowid = 1", "1 vectors are not as they were stored", 1),
        ("UPDATE vector SET used = used + 1 WHERE rowid = 2", "1 vectors are not counted right", 0),
        ("DELETE FROM vector WHERE rowid = 3", "1 vectors are missing", 1),
        ("UPDATE derived SET passages = '[[[0, 9999]]]' WHERE number = 1", "its sentences do not lie in its text", 0),
        ("UPDATE derived SET passages = '[[[5, 9], [0, 4]]]' WHERE number = 1", "its sentences do not lie in its text", 0),
        ("DELETE FROM derived WHERE number = 1", "its sentences do not lie in its text", 0),
        ("UPDATE derived SET story = NULL WHERE number = 1", "are not told apart", 0),
        ("UPDATE derived SET row = row + 1", "its articles are not those of the tables", 0),
        ("DELETE FROM paragraph", "its paragraphs or bands are not those of its text", 0),
        ("DELETE FROM band WHERE article = 2", "its paragraphs or bands are not those of its text", 0),
        ("INSERT INTO word (word) VALUES ('delete-all')", "its lists of words are not those of the articles", 0),
        ("INSERT INTO word (rowid, words) VALUES (2, 'ghost')", "its lists of words are not those of the articles", 0),
        ("UPDATE segment SET dead = x'00000000'", "the list of what was removed", 0),
        ("UPDATE meta SET value = '[1]' WHERE key = 'repeated'", "its repeated is not as it was stored", 0),
        ("UPDATE meta SET value = '{' WHERE key = 'manifest'", "its manifest is not as it was stored", 0),
        ("INSERT INTO derived (number, passages) VALUES (99, '[]')", "belongs to no article", 0),
        ("UPDATE vote SET articles = 99", "what it counts of paragraphs is not right", 0),
        ("UPDATE derived SET own = 1 - own WHERE number = 1", "what it counts of paragraphs is not right", 0),
        ("UPDATE article SET text = CAST(x'ff' AS TEXT) WHERE id = 'bridge.md'", "article 'bridge.md' is not as", 0),
        ("UPDATE article SET text = x'ff' WHERE id = 'bridge.md'", "article 'bridge.md' is not as", 0),
        ("UPDATE vector SET value = 7 WHERE rowid = 4", "vectors are not as they were stored", 1),
        ("DELETE FROM meta WHERE key = 'manifest'", "its manifest is missing", 0),
        ("UPDATE meta SET value = CAST(x'ff' || CAST(value AS BLOB) AS TEXT) WHERE key = 'manifest'", "its manifest is not as", 0),
        ("UPDATE meta SET value = '{}' WHERE key = 'encoder'", "its encoder is not as it was stored", 0),
        ("DROP INDEX derived_story", "", 0),
    ],
)
def test_the_doctor_sees_and_mends(folder: Path, cli: Cli, statement: str, message: str, embedded: int) -> None:
    before = replies(folder)
    db = sqlite3.connect(folder / "pullquote.sqlite")
    db.execute(statement)
    db.commit()
    db.close()
    ran = cli("doctor", "--index", folder)
    assert (ran.code, message in ran.out) == (3 if message else 0, True)
    ran = cli("doctor", "--repair", "--index", folder)
    assert (ran.code, ran.out.splitlines()[-1]) == (
        1 if "bridge" in statement else 0,
        f"{'repaired' if message else 'sound'}: {folder}",
    )
    assert ("embedded again" in ran.err) == bool(embedded)
    if "bridge" in statement:
        assert "article 'bridge.md' was damaged and is left out: add it again" in ran.err
        pullquote.add(folder, ARTICLES[:1], HashEncoder())
    assert examine(folder) == []
    assert replies(folder) == before


def test_recurring_paragraphs_that_are_not_right_are_seen(folder: Path) -> None:
    db = sqlite3.connect(folder / "pullquote.sqlite")
    put_meta(db, "repeated", ["0" * 32])
    db.commit()
    db.close()
    assert "recurring" in examine(folder)[0].what


def test_a_database_that_cannot_be_read_is_not_mended(folder: Path, cli: Cli) -> None:
    (folder / "pullquote.sqlite").write_bytes(b"no database at all" * 1000)
    for arguments in (["doctor"], ["doctor", "--repair"], ["compact"], ["remove", "new"]):
        ran = cli(*arguments, "--index", folder)
        assert ran.code == 3
        assert (ran.out + ran.err).splitlines()[-1].endswith("delete the index and add the articles again")
        assert "Traceback" not in ran.err


@pytest.mark.parametrize("damage", ["empty", "no manifest", "no schema"])
def test_nothing_is_thrown_away_where_the_database_has_lost_what_is_in_it(folder: Path, cli: Cli, damage: str) -> None:
    database = folder / "pullquote.sqlite"
    if damage == "no manifest":
        db = sqlite3.connect(database)
        db.execute("DELETE FROM meta WHERE key = 'manifest'")
        db.commit()
        db.close()
    else:
        database.unlink()
        database.touch()
    if damage == "no schema":
        db = sqlite3.connect(database)
        db.execute("CREATE TABLE x (y)")
        db.commit()
        db.close()
    before = {path for path in folder.rglob("*") if path.name not in FILES}
    for command in (["ask", "ferry"], ["status"], ["remove", "new"], ["sync", "."], ["add", "new.txt"], ["doctor"], ["compact"]):
        Path("new.txt").write_text("Something new.")
        ran = cli(*command, "--index", folder)
        assert (ran.code, (ran.out + ran.err).count("\n")) == (3, 1), command
        assert before <= {*folder.rglob("*")}


def test_following_the_remedy_leaves_nothing_wrong(folder: Path) -> None:
    before = replies(folder)
    for column in ("text", "digest"):
        db = sqlite3.connect(folder / "pullquote.sqlite")
        db.execute(f"UPDATE article SET {column} = {column} || 'x' WHERE id = 'bridge.md'")
        db.commit()
        db.close()
        pullquote.add(folder, ARTICLES[:1], HashEncoder())
        assert examine(folder) == []
        assert replies(folder) == before


def test_the_doctor_keeps_its_snapshot_while_a_writer_drops_segments(folder: Path) -> None:
    db, examination = _begun(folder)
    with pullquote.Writer(folder, HashEncoder()) as writer:
        writer.compact()
    assert not (folder / "segment-000001").exists()
    assert list(examination.findings()) == []
    db.close()
    assert examine(folder) == []


def test_the_doctor_sees_bounds_that_are_too_low(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_low(parts: Sequence[Postings], order: Ints) -> Iterator[Piece]:
        for name, blocks, shape, dtype in merged(parts, order):
            yield name, (block // 2 for block in blocks) if name == "bounds" else blocks, shape, dtype

    monkeypatch.setattr(builder, "merged", too_low)
    with pullquote.Writer(folder, HashEncoder()) as writer:
        writer.rewrite()
    assert "do not add up" in " ".join(finding.what for finding in examine(folder))


def test_a_run_that_fails_leaves_no_segments(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> Path:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(checksums, "write_sums", full)
    for place in (folder, folder.with_name("new.pq")):
        there = sorted(path.name for path in place.glob("segment-*"))
        for _ in range(3):
            with pytest.raises(pullquote.IndexNoAccess, match="No space left"):
                pullquote.add(place, [pullquote.Article(id="more", text="One more boat.")], HashEncoder())
        assert sorted(path.name for path in place.glob("segment-*")) == there
