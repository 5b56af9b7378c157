"""A reader sees one commit; one process writes at a time; what is no longer seen goes."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from tests.conftest import ARTICLES, HashEncoder

import pullquote
from pullquote.index.milvus import state
from pullquote.index.milvus.connection import Connection
from pullquote.index.milvus.layout import COLLECTIONS
from pullquote.index.place import Address
from pullquote.index.upkeep.doctor import examine
from pullquote.index.writing.remote import commit

CHANGED = replace(ARTICLES[2], text="Herring landings rose again. The fleet is larger.")


def test_a_reader_keeps_its_commit(address: str, encoder: HashEncoder) -> None:
    pullquote.add(address, ARTICLES, encoder)
    with pullquote.Index.open(address, encoder) as before:
        first = [hit.to_dict() for hit in before.search("herring landings")]
        pullquote.add(address, [CHANGED, replace(ARTICLES[0], id="copy.md")], encoder)
        pullquote.remove(address, ["ferry.txt"], encoder)
        assert [hit.to_dict() for hit in before.search("herring landings")] == first
        assert [article.id for article in before] == ["bridge.md", "ferry.txt", "fish.txt"]
        assert before.article("fish.txt") == ARTICLES[2]
        assert not before.is_last()
    with pullquote.Index.open(address, encoder) as after:
        assert [article.id for article in after] == ["bridge.md", "copy.md", "fish.txt"]
        assert after.article("fish.txt") == CHANGED
        assert after.is_last()


def test_rows_that_no_reader_sees_are_cleaned_away(address: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    pullquote.add(address, ARTICLES, encoder)
    with pullquote.Index.open(address, encoder) as before:
        pullquote.add(address, [CHANGED], encoder)
        assert before.search("herring")
        monkeypatch.setattr(commit, "KEEP", -1)
        pullquote.remove(address, ["ferry.txt"], encoder)
        with pytest.raises(pullquote.IndexNoAccess, match=r"was written to since it was opened.*open it again"):
            before.search("herring")
    connection = Connection(Address.of(address))
    numbers = {row["number"] for row in connection.query("article", "number >= 0", ["number"])}
    assert numbers == {1, 2, 4}  # that of the first herring article is gone, that of the ferry waits for the next commit
    assert {row["article"] for row in connection.query("sentence", "number >= 0", ["article"])} == numbers
    connection.close()
    with pullquote.Writer(address, encoder) as writer:
        writer.compact()
    connection = Connection(Address.of(address))
    assert {row["number"] for row in connection.query("article", "number >= 0", ["number"])} == {1, 4}
    versions = [(row["name"], row["version"]) for row in connection.query("count", 'name in ["her", "land"]', ["name", "version"])]
    assert len(versions) == len({name for name, _ in versions})
    connection.close()
    assert examine(address) == []
    with pullquote.Index.open(address, encoder) as index:
        assert [article.id for article in index] == ["bridge.md", "fish.txt"]
        assert [hit.article_id for hit in index.search("landings", lexical=True)] == ["fish.txt"]


def test_one_process_writes_at_a_time(address: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "WAIT", 0.1)
    pullquote.add(address, ARTICLES, encoder)
    with pullquote.Writer(address, encoder) as writer:
        with pytest.raises(pullquote.IndexLocked, match=r"process \d+ on .* is writing to this index: try again"):
            pullquote.Writer(address, encoder)
        writer.stage([CHANGED])
        monkeypatch.setattr(state, "_SILENT", 0.0)
        time.sleep(0.01)
        with pullquote.Writer(address, encoder) as other:  # takes over from one that is not heard of
            other.stage([replace(CHANGED, text="The herring are gone.")])
            with pytest.raises(pullquote.IndexLocked, match=r"another writer has taken over, since .*: nothing was changed"):
                writer.commit()
            other.commit()
    with pullquote.Index.open(address, encoder) as index:
        assert index.article("fish.txt").text == "The herring are gone."
    assert examine(address) == []


def test_what_a_writer_left_is_seen_by_nobody(address: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    pullquote.add(address, ARTICLES, encoder)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pullquote.Writer(address, encoder) as writer:
        patch.setattr(state.Lease, "publish", stopped)
        writer.stage([CHANGED, replace(ARTICLES[0], id="copy.md")])
        writer.remove(["ferry.txt"])
        with pytest.raises(KeyboardInterrupt):
            writer.commit()
    assert examine(address) == []
    with pullquote.Index.open(address, encoder) as index:
        assert [index.article(name) for name in ("bridge.md", "ferry.txt", "fish.txt")] == list(ARTICLES)
        assert len(index) == 3
        assert [hit.article_id for hit in index.search("landings", lexical=True)] == ["fish.txt"]
        assert index.search("landings", lexical=True)[0].text == ARTICLES[2].text
    done = pullquote.add(address, [CHANGED], encoder)
    assert (done.updated, done.articles) == (1, 3)
    assert examine(address) == []


def test_weights_are_kept(address: str, encoder: HashEncoder) -> None:
    pullquote.add(address, ARTICLES, encoder)
    with pullquote.Writer(address, encoder) as writer:
        writer.set_weights(pullquote.Weights(dense=0.25))
        writer.stage([CHANGED])
        writer.commit()
    with pullquote.Index.open(address, encoder) as index:
        assert index.weights == pullquote.Weights(dense=0.25)
        assert index.article("fish.txt") == CHANGED
        assert index.manifest.generation == 3


def test_several_commits_of_one_writer(address: str, encoder: HashEncoder) -> None:
    with pullquote.Writer(address, encoder) as writer:
        for article in ARTICLES:
            writer.stage([article])
            assert writer.commit().added == 1
    with pullquote.Index.open(address, encoder) as index:
        assert list(index) == list(ARTICLES)
    assert examine(address) == []


def test_what_no_reader_needs_goes_however_often_there_are_commits(
    address: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "KEEP", 2.0)
    pullquote.add(address, ARTICLES, encoder)
    for turn in range(8):
        pullquote.add(address, [replace(CHANGED, text=f"Herring landings rose to {turn} tons.")], encoder)
        time.sleep(0.6)
    connection = Connection(Address.of(address))
    there = {row["number"] for row in connection.query("article", "number >= 0", ["number"])}
    versions = [row["version"] for row in connection.query("count", 'name == "her"', ["version"])]
    connection.close()
    assert len(there) < 3 + 8
    assert len(versions) < 9
    assert examine(address) == []


def test_an_old_reader_does_not_say_that_what_was_cleaned_away_is_absent(
    address: str, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pullquote.add(address, ARTICLES, encoder)
    with pullquote.Index.open(address, encoder) as before:
        pullquote.remove(address, ["ferry.txt"], encoder)
        monkeypatch.setattr(commit, "KEEP", -1)
        pullquote.add(address, [CHANGED], encoder)
        for ask in (
            lambda: before.article("ferry.txt"),
            lambda: list(before),
            lambda: list(before.texts_with("crossed the sound")),
            lambda: list(before.everything()),
            lambda: before.sentences_with(["sound"]),
            lambda: "ferry.txt" in before,
        ):
            with pytest.raises(pullquote.IndexNoAccess, match="open it again"):
                ask()


def test_a_writer_that_publishes_nothing_leaves_no_trace(address: str, encoder: HashEncoder) -> None:
    with pullquote.Writer(address, encoder):
        pass
    connection = Connection(Address.of(address))
    assert [name for name in COLLECTIONS if connection.has(name)] == []
    connection.close()
    with pytest.raises(pullquote.IndexMissing):
        pullquote.Index.open(address, encoder)
