"""sync, remove, compact, doctor and status on the command line."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from tests.conftest import Cli

from pullquote.index.storage import lock


@pytest.fixture
def news(cli: Cli) -> Path:
    folder = Path("news")
    (folder / "deep").mkdir(parents=True)
    for name in ("a", "b", "deep/c"):
        (folder / f"{name}.txt").write_text(f"Story {name} is about a bridge.\n\nIt cost {len(name)} crowns.")
    ran = cli("sync", folder, "--encoder", "hash")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "3 added, 0 updated, 0 removed, 0 unchanged: 3 articles, 3 passages in .pullquote\n"
    return folder


def ids(cli: Cli) -> list[str]:
    record = json.loads(cli("search", "story bridge crowns", "-k", "99", "--json").out)
    return sorted(hit["article_id"] for hit in record["hits"])


def test_sync_adds_updates_and_removes(cli: Cli, news: Path) -> None:
    (news / "a.txt").unlink()
    (news / "b.txt").write_text("Story b is about a ferry.")
    (news / "d.txt").write_text("Story d is new.")
    planned = cli("sync", news, "--dry-run")
    assert (planned.code, planned.err) == (0, "")
    assert planned.out == "+ d.txt\n~ b.txt\n- a.txt\n1 to add, 1 to update, 1 to remove, 1 unchanged: nothing was changed\n"
    record = json.loads(cli("sync", news, "--dry-run", "--json").out)
    assert record == {
        "schema": "pullquote.changes/1", "added": ["d.txt"], "updated": ["b.txt"], "removed": ["a.txt"], "unchanged": 1,
    }  # fmt: skip
    assert ids(cli) == ["a.txt", "b.txt", "deep/c.txt"]
    assert cli("sync", news).out.startswith("1 added, 1 updated, 1 removed, 1 unchanged: 3 articles")
    assert ids(cli) == ["b.txt", "d.txt", "deep/c.txt"]


def test_sync_leaves_articles_from_elsewhere_alone(cli: Cli, news: Path) -> None:
    other = Path("news-2")
    other.mkdir()
    (other / "x.txt").write_text("Story x came from elsewhere.")
    cli("add", other)
    (news / "a.txt").unlink()
    assert cli("sync", news).out.startswith("0 added, 0 updated, 1 removed, 2 unchanged: 3 articles")
    assert ids(cli) == ["b.txt", "deep/c.txt", "x.txt"]


def test_sync_knows_what_was_added_and_the_folder_by_any_name(cli: Cli, news: Path) -> None:
    shutil.rmtree(".pullquote")
    cli("add", news, "--encoder", "hash")
    (news / "deep" / "c.txt").unlink()
    assert "1 removed" in cli("sync", news.absolute() / "deep" / "..").out
    feed = Path("feed.jsonl")
    feed.write_text("".join(json.dumps({"id": f"f{n}", "text": f"Item {n} of a feed."}) + "\n" for n in range(3)))
    cli("add", feed)
    feed.write_text(json.dumps({"id": "f1", "text": "Item 1 of a feed."}) + "\n")
    assert cli("sync", feed).out.startswith("0 added, 0 updated, 2 removed, 1 unchanged")


def test_sync_removes_nothing_where_something_cannot_be_read(cli: Cli, news: Path) -> None:
    (news / "a.txt").unlink()
    (news / "bad.jsonl").write_text("{")
    (news / "d.txt").write_text("Story d is new.")
    ran = cli("sync", news)
    assert ran.code == 1
    assert ran.out.startswith("1 added, 0 updated, 0 removed")
    assert ran.err.splitlines()[-1] == "pullquote: not everything could be read, so nothing was removed"
    assert ids(cli) == ["a.txt", "b.txt", "d.txt", "deep/c.txt"]


@pytest.mark.parametrize("gone", ["empty", "missing"])
def test_sync_with_a_folder_that_is_empty_or_missing_removes_nothing(cli: Cli, news: Path, gone: str) -> None:
    shutil.rmtree(news)
    if gone == "empty":
        news.mkdir()
    ran = cli("sync", news)
    assert (ran.code, ran.out) == (2, "")
    assert ids(cli) == ["a.txt", "b.txt", "deep/c.txt"]
    assert cli("sync", "-").code == 2


def test_remove(cli: Cli, news: Path) -> None:
    ran = cli("remove", "a.txt", "nobody")
    assert (ran.code, ran.err) == (
        2,
        "pullquote: no article 'nobody' in the index: nothing was removed (`search` shows ids)\n",
    )
    assert (
        cli("remove", "a.txt", "a.txt").out == "0 added, 0 updated, 1 removed, 0 unchanged: 2 articles, 2 passages in .pullquote\n"
    )
    assert ids(cli) == ["b.txt", "deep/c.txt"]


@pytest.mark.parametrize("command", [["remove", "x"], ["compact"], ["doctor"], ["doctor", "--repair"], ["export", "out"]])
def test_without_an_index(cli: Cli, command: list[str]) -> None:
    ran = cli(*command)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("pullquote: no index in .pullquote: ")
    assert not Path(".pullquote").exists()


def test_compact_gives_space_back(cli: Cli, news: Path) -> None:
    (news / "many.jsonl").write_text("".join(json.dumps({"id": f"m{n}", "text": f"Item {n} of many."}) + "\n" for n in range(900)))
    cli("sync", news)
    (news / "many.jsonl").unlink()
    cli("sync", news)
    before = ids(cli)
    record = json.loads(cli("compact", "--json").out)
    assert record["bytes_after"] * 2 < record["bytes_before"]
    assert ids(cli) == before
    status = json.loads(cli("status", "--json").out)
    assert (status["segments"], status["removed"], status["pending"]) == (1, 0, 0)
    assert cli("compact").out.endswith("3 articles in .pullquote\n")
    assert cli("doctor").out == "sound: .pullquote\n"
    assert json.loads(cli("doctor", "--json").out) == {
        "schema": "pullquote.doctor/1", "sound": True, "repaired": False, "left_out": [], "findings": [],
    }  # fmt: skip


def test_status_says_what_takes_the_room_and_what_waits(cli: Cli, news: Path) -> None:
    cli("remove", "a.txt")
    status = json.loads(cli("status", "--json").out)
    assert set(status["bytes"]) == {"articles and vectors", "lexical arrays", "vector arrays", "pending"}
    assert sum(status["bytes"].values()) > 0
    lines = dict(line.split(None, 1) for line in cli("status").out.splitlines() if " " in line)
    assert lines["articles"] == "2 (2 passages, 4 sentences)"
    assert "generation 2, format 5, 1 segment" in lines["state"]


def test_who_holds_the_lock_is_said(cli: Cli, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT", 0.05)
    held = lock.WriteLock(Path(".pullquote"))
    ran = cli("remove", "a.txt")
    assert ran.code == 3
    assert f"process {os.getpid()} on " in ran.err
    assert "is writing to this index: try again when it is done" in ran.err
    held.release()
    with FileLock(Path(".pullquote", "write.lock")):  # by something that left no note
        assert "another process is writing" in cli("remove", "a.txt").err
    assert cli("remove", "a.txt").code == 0


def test_sync_of_a_part_knows_what_was_added_with_the_whole(cli: Cli, news: Path) -> None:
    (news / "feed.jsonl").write_text("".join(json.dumps({"id": f"f{n}", "text": f"Item {n} of a feed."}) + "\n" for n in range(3)))
    cli("add", news)
    (news / "feed.jsonl").write_text(json.dumps({"id": "f1", "text": "Item 1 of a feed."}) + "\n")
    assert cli("sync", news / "feed.jsonl").out.startswith("0 added, 0 updated, 2 removed, 1 unchanged")
    (news / "deep" / "c.txt").rename(news / "deep" / "d.txt")
    assert cli("sync", news / "deep").out.startswith("1 added, 0 updated, 1 removed, 0 unchanged")


def test_an_index_and_an_export_in_the_folder_are_no_articles(cli: Cli, news: Path) -> None:
    inside = news / "index.pq"
    for _ in range(2):
        ran = cli("sync", news, "--index", inside, "--encoder", "hash")
        assert (ran.code, ran.out[-40:]) == (0, f" 3 articles, 3 passages in {inside}\n"[-40:])
        cli("export", news / "backup", "--index", inside)
    assert ran.err == "2 skipped as not read: an index (2) (--verbose lists them)\n"


def test_an_article_that_replaces_one_from_elsewhere_is_said(cli: Cli, news: Path) -> None:
    other = Path("other")
    other.mkdir()
    (other / "a.jsonl").write_text('{"id": "a.txt", "text": "Another story by the same name."}')
    ran = cli("add", other)
    assert "1 updated" in ran.out
    assert ran.err == "1 updated article of the same id came from another file before\n"


def test_one_file_has_one_id_and_no_two_files_have_the_same(cli: Cli, news: Path) -> None:
    assert ids(cli) == ["a.txt", "b.txt", "deep/c.txt"]
    assert "0 added, 0 updated, 3 unchanged" in cli("add", ".").out  # "news/a.txt", were it new
    assert "0 added, 0 updated, 1 unchanged" in cli("add", news / "deep" / "c.txt").out
    other = Path("other") / "deep"
    other.mkdir(parents=True)
    (other / "c.txt").write_text("Another story by the same name.")
    assert cli("add", "other").out.startswith("1 added, 0 updated")
    assert ids(cli) == ["a.txt", "b.txt", "deep/c.txt", "other/deep/c.txt"]
    assert "1 unchanged" in cli("add", other).out
    Path("news").rename("moved")
    assert "0 added, 0 updated, 3 unchanged" in cli("add", "moved").out
    assert ids(cli) == ["a.txt", "b.txt", "deep/c.txt", "other/deep/c.txt"]


def test_what_is_said_of_articles_when_they_are_added(cli: Cli, tmp_path: Path) -> None:
    Path("c.txt").write_text("The bridge was closed by the council after a ship had hit it at night.")
    Path("d.jsonl").write_text('{"titel": "T", "prosa": "The ferry sails at nine.", "date": "2020"}')
    ran = cli(
        "add",
        "c.txt",
        "d.jsonl",
        "--source",
        "Post",
        "--date",
        "2024-03-05",
        "--map",
        "title=titel,text=prosa",
        "--encoder",
        "hash",
    )
    assert ran.out.startswith("2 added")
    listed = cli("list").out.splitlines()
    assert listed == ["2020        Post · T · d.jsonl#1", "2024-03-05  Post · c.txt"]
    assert cli("list", "--since", "2024").out.splitlines() == listed[1:]
    assert cli("list", "--undated").code == 1
    found = json.loads(cli("list", "--json").out)
    assert [(a["id"], a["dated_by"]) for a in found["articles"]] == [("c.txt", "given"), ("d.jsonl#1", "stated")]
    for wrong in (("--date", "soon"), ("--map", "x=y"), ("--map", "title")):
        assert cli("add", "c.txt", *wrong).code == 2


@pytest.mark.parametrize("name", ["news#1.pq", "100%25.pq", "what?.pq", "a b.pq"])
def test_an_index_may_have_any_name(cli: Cli, news: Path, name: str) -> None:
    assert cli("add", news, "--index", name, "--encoder", "hash").code == 0
    assert cli("remove", "a.txt", "--index", name).code == 0
    assert cli("doctor", "--index", name).out == f"sound: {name}\n"
    assert cli("status", "--index", name).code == 0
    assert {oct(path.stat().st_mode & 0o777) for path in Path(name).glob("segment-*/*")} == {"0o644"}
