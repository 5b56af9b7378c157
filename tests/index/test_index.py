from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.conftest import ARTICLES, Build, HashEncoder

import pullquote
from pullquote.index.encoders.protocol import Progress
from pullquote.index.segments.builder import SegmentBuilder
from pullquote.index.storage import lock
from pullquote.index.storage.layout import segment_name


def replies(index: pullquote.Index) -> list[pullquote.Hit]:
    return [hit for question in ("harbour bridge", "ferry trip", "who is it", "warmer water") for hit in index.search(question)]


def test_the_order_and_the_portions_in_which_articles_come_change_nothing(tmp_path: Path) -> None:
    articles = [*ARTICLES, *(pullquote.Article(id=f"x{n}", text=f"Story {n} about a ferry. It is old.") for n in range(20))]
    pullquote.add(tmp_path / "a", articles, HashEncoder())
    random.Random(1).shuffle(articles)
    for some in (articles[:7], articles[7:9], articles[9:]):
        pullquote.add(tmp_path / "b", some, HashEncoder())
    one, other = (pullquote.Index.open(tmp_path / name, HashEncoder()) for name in "ab")
    assert one.manifest.digest == other.manifest.digest
    assert replies(one) == replies(other)
    with pullquote.Writer(tmp_path / "b", HashEncoder()) as writer:
        writer.compact()
    with pullquote.Index.open(tmp_path / "b", HashEncoder()) as compacted:
        assert compacted.manifest.segments[0].files == one.manifest.segments[0].files


def test_an_index_reached_by_updates_is_as_one_built_at_once(tmp_path: Path) -> None:
    early = [pullquote.Article(id=a.id, text=a.text + " More.", title="Old title") for a in ARTICLES]
    pullquote.add(tmp_path / "a", early, HashEncoder())
    added = pullquote.add(tmp_path / "a", ARTICLES, HashEncoder())
    assert (added.added, added.updated, added.unchanged) == (0, 3, 0)
    pullquote.add(tmp_path / "b", ARTICLES, HashEncoder())
    one, other = (pullquote.Index.open(tmp_path / name, HashEncoder()) for name in "ab")
    assert one.manifest.digest == other.manifest.digest
    assert replies(one) == replies(other)


def test_only_what_has_changed_is_embedded(tmp_path: Path) -> None:
    first = HashEncoder()
    assert pullquote.add(tmp_path / "a", ARTICLES, first).embedded == len(first.encoded) == 9
    again = HashEncoder()
    renamed = pullquote.Article(id="fish.txt", text=ARTICLES[2].text, title="Herring", published="2020")
    added = pullquote.add(tmp_path / "a", [*ARTICLES[:2], renamed], again)
    assert (added.updated, added.unchanged, added.embedded, again.encoded) == (1, 2, 0, [])
    assert pullquote.Index.open(tmp_path / "a", again).article("fish.txt").title == "Herring"


def test_adding_the_same_again_changes_nothing(build: Build, tmp_path: Path) -> None:
    before = build().manifest
    added = pullquote.add(tmp_path / "index.pq", ARTICLES)
    assert (added.added, added.updated, added.unchanged, added.articles) == (0, 0, 3, 3)
    assert pullquote.Index.open(tmp_path / "index.pq", HashEncoder()).manifest == before


def test_a_paragraph_that_comes_to_recur_is_no_longer_found(build: Build) -> None:
    def article(n: int) -> pullquote.Article:
        return pullquote.Article(id=f"a{n}", text=f"Story {n} tells of a different thing.\n\nGreetings from the lighthouse.")

    assert any("lighthouse" in hit.text for hit in build([article(1), article(2), article(3)]).search("lighthouse"))
    index = build([article(4)])
    assert not any("lighthouse" in hit.text for hit in index.search("lighthouse"))
    assert [m.kind for m in index.marks(index.article("a1"))] == ["repeated"]


def test_a_reader_keeps_its_snapshot_while_a_writer_works(build: Build) -> None:
    index = build()
    before = replies(index)
    newer = build([pullquote.Article(id="bridge.md", text="The bridge is closed again.")])
    assert replies(index) == before
    assert index.article("bridge.md").title == "New bridge opens"
    assert newer.article("bridge.md").text == "The bridge is closed again."


@pytest.mark.parametrize("broken", ["stage", "encode", "write"])
def test_nothing_is_lost_when_an_add_fails(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    before = replies(build())

    class Failing(HashEncoder):
        def encode(self, sentences: object, progress: Progress | None = None) -> None:  # type: ignore[override]
            raise OSError("no power")

    def articles() -> object:
        yield pullquote.Article(id="new", text="Something new about the harbour.")
        if broken == "stage":
            raise pullquote.ReadError("b.txt", "broken")

    if broken == "write":
        monkeypatch.setattr(SegmentBuilder, "write", lambda *_: 1 / 0)
    with pytest.raises((pullquote.IndexNoAccess, pullquote.ReadError, ZeroDivisionError)):
        pullquote.add(tmp_path / "index.pq", articles(), Failing() if broken == "encode" else HashEncoder())  # type: ignore[arg-type]
    monkeypatch.undo()
    index = pullquote.Index.open(tmp_path / "index.pq", HashEncoder())
    assert replies(index) == before
    assert pullquote.add(tmp_path / "index.pq", [pullquote.Article(id="new", text="Something new.")], HashEncoder()).added == 1


def test_a_first_add_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    twice = [pullquote.Article(id="a", text="One."), pullquote.Article(id="a", text="Two.")]
    with pytest.raises(pullquote.ReadError, match="article id 'a' is here twice"):
        pullquote.add(tmp_path / "index.pq", twice, HashEncoder())
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_right_after_the_first_commit_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def first_add() -> None:
        with pullquote.Writer(tmp_path / "a", HashEncoder()) as writer:
            writer.stage(ARTICLES)
            monkeypatch.setattr(writer, "_drop_unused", interrupted)
            try:
                writer.commit()
            finally:
                writer._manifest = None  # as if it had come before the commit was noted

    with pytest.raises(KeyboardInterrupt):
        first_add()
    assert pullquote.Index.open(tmp_path / "a", HashEncoder()).search("bridge")


def test_an_index_made_by_another_encoder_is_refused(build: Build, tmp_path: Path) -> None:
    before = replies(build())
    other = HashEncoder("other", dimension=32)
    with pytest.raises(pullquote.EncoderError, match=r"made by the encoder 'hash', not by 'other'"):
        pullquote.Index.open(tmp_path / "index.pq", other)
    with pytest.raises(pullquote.EncoderError, match=r"use that one, or make another index"):
        pullquote.add(tmp_path / "index.pq", [pullquote.Article(id="x", text="X is new.")], other)
    assert replies(pullquote.Index.open(tmp_path / "index.pq", HashEncoder())) == before


def test_readers_open_whole_commits_while_a_writer_publishes_one_after_another(build: Build, tmp_path: Path) -> None:
    build().close()
    done = threading.Event()

    def ask_on() -> int:
        opened = 0
        while not done.is_set():
            with pullquote.Index.open(tmp_path / "index.pq", HashEncoder()) as index:
                for hit in index.search("bridge ferry", k=3):
                    assert index.article(hit.article_id).text[hit.start : hit.end] == hit.text
            opened += 1
        return opened

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(ask_on) for _ in range(3)]
        try:
            for n in range(60):
                build([pullquote.Article(id=f"x{n % 5}", text=f"Story {n} is about a bridge. A ferry {n} too.")]).close()
        finally:
            done.set()
        assert all(reader.result() > 0 for reader in readers)


def test_a_second_writer_is_told_so(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setattr(lock, "WAIT", 0.05)
    with FileLock(tmp_path / "index.pq" / "write.lock"), pytest.raises(pullquote.IndexLocked, match="another process is writing"):
        pullquote.add(tmp_path / "index.pq", ARTICLES, HashEncoder())


def test_there_may_be_no_index(tmp_path: Path) -> None:
    with pytest.raises(pullquote.IndexMissing, match="no index in"):
        pullquote.Index.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("damage", ["cut", "flip", "delete"])
def test_damage_to_any_file_is_seen_and_named(build: Build, tmp_path: Path, damage: str) -> None:
    build().close()
    folder = tmp_path / "index.pq" / segment_name(1)
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        if damage == "delete":
            path.unlink()
        else:
            path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(pullquote.IndexDamaged, match=path.name):  # a flipped bit is seen where it is read
            pullquote.Index.open(tmp_path / "index.pq", HashEncoder()).search("bridge")
        path.write_bytes(whole)
    assert pullquote.Index.open(tmp_path / "index.pq", HashEncoder()).search("bridge")


def test_damage_to_the_articles_is_seen(build: Build, tmp_path: Path) -> None:
    build().close()
    path = tmp_path / "index.pq" / "pullquote.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"cut the ribbon", b"cut the bubbon"))
    with pytest.raises(pullquote.IndexDamaged, match=r"bridge\.md.* is not as it was stored"):
        pullquote.Index.open(tmp_path / "index.pq", HashEncoder()).search("bridge")
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(pullquote.IndexDamaged, match=r"pullquote\.sqlite"):
        pullquote.Index.open(tmp_path / "index.pq", HashEncoder())


def test_an_index_in_a_folder_that_may_not_be_written_to_is_read(build: Build, tmp_path: Path) -> None:
    build().close()
    folder = tmp_path / "index.pq"
    os.chmod(folder, 0o555)
    try:
        assert pullquote.Index.open(folder, HashEncoder()).search("bridge")
    finally:
        os.chmod(folder, 0o755)


def test_an_index_without_articles_finds_nothing(build: Build) -> None:
    index = build([])
    assert index.search("bridge") == []
    assert index.status()["articles"] == 0


def test_status_says_what_is_there(build: Build) -> None:
    found = build().status()
    assert (found["articles"], found["passages"], found["sentences"]) == (3, 4, 9)
    assert (found["first_date"], found["last_date"], found["without_date"]) == ("2021-05", "2021-05-01", 1)
    assert found["sources"] == {"Harbour Post": 2, "Island Voice": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Emoji 👍🏽 and 👨‍👩‍👧. Then café na\u00efve. \U00020000 is Han.",
        "彼は東京へ行った。彼女は残った。",
        "A\x00B was there. Nul was too.",
    ],
)
def test_offsets_are_code_points(build: Build, text: str) -> None:
    index = build([pullquote.Article(id="a", text=text)])
    for hit in index.search(text[:20]):
        assert text[hit.start : hit.end] == hit.text


def test_a_folder_of_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "generation-photos").mkdir()
    (tmp_path / "pullquote.sqlite.bak").touch()
    with pytest.raises(pullquote.InputError, match="holds other things and no index"):
        pullquote.add(tmp_path, ARTICLES, HashEncoder())
    assert {p.name for p in tmp_path.iterdir()} == {"generation-photos", "pullquote.sqlite.bak"}
    with pytest.raises(pullquote.InputError, match="is no folder"):
        pullquote.add(tmp_path / "pullquote.sqlite.bak", ARTICLES, HashEncoder())


def test_what_else_lies_in_an_index_and_an_empty_folder_that_was_there_are_not_removed(build: Build, tmp_path: Path) -> None:
    build()
    (tmp_path / "index.pq" / "generation-photos").mkdir()
    build([pullquote.Article(id="x", text="Something new.")])
    assert (tmp_path / "index.pq" / "generation-photos").is_dir()
    (tmp_path / "empty").mkdir()
    with pytest.raises(pullquote.ReadError):
        pullquote.add(tmp_path / "empty", [pullquote.Article(id="", text="x")], HashEncoder())
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"published": "May 2021"}, "published: 'May 2021' is not in ISO 8601 form"),
        ({"published": "soon"}, "published: 'soon' is not a date"),
        ({"text": "\ud800"}, "text must be text"),
        ({"id": ""}, "an article needs an id"),
        ({"title": None}, "title must be text"),
    ],
)
def test_an_article_made_by_a_program_is_checked(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(pullquote.ReadError, match=message):
        pullquote.add(tmp_path / "a", [pullquote.Article(**{"id": "a", "text": "One.", **fields})], HashEncoder())


def test_what_the_source_of_the_articles_raises_comes_through(tmp_path: Path) -> None:
    def articles() -> Iterator[pullquote.Article]:
        yield ARTICLES[0]
        raise FileNotFoundError("the feed is gone")

    with pytest.raises(FileNotFoundError, match="the feed is gone"):
        pullquote.add(tmp_path / "a", articles(), HashEncoder())
