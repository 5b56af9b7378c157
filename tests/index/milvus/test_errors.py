"""What goes wrong between here and a server is one line, in bounded time."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ARTICLES, Cli, HashEncoder
from tests.index.milvus.conftest import CLUSTER, Lite

import pullquote
from pullquote.index.milvus.connection import literal
from pullquote.index.place import Address, hidden, is_remote
from pullquote.index.upkeep.doctor import examine


@pytest.mark.parametrize(
    "text",
    ["milvus://", "milvus://host", "milvus://host:19530/", "milvus://host:99999/news", "milvus://host/a b", "milvus://u:p@/news"],
)
def test_an_address_that_cannot_be_one(cli: Cli, text: str) -> None:
    ran = cli("ask", "Why?", "--index", text)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("pullquote: milvus://")
    assert ran.err.endswith("write milvus://HOST:PORT/NAME, the name of letters, digits and underscores\n")
    assert "u:p" not in ran.err


def test_an_address_is_shown_without_its_token() -> None:
    address = Address.of("milvuss://root:secret@db.example:443/news")
    assert (address.uri, address.token, str(address)) == ("https://db.example:443", "root:secret", "milvuss://db.example:443/news")
    assert "secret" not in hidden("milvus://root:secret@host/news")
    assert is_remote("milvus:/host/news")  # as a Path has it
    assert not is_remote("milvus")


def test_literals_are_what_they_say() -> None:
    assert literal(['a"b\\c\n', "x"]) == r'["a\"b\\c\n", "x"]'
    assert literal([1, 2]) == "[1, 2]"


def test_there_is_no_index(address: str, cli: Cli) -> None:
    for command in (("ask", "Why?"), ("status",), ("doctor",), ("remove", "a"), ("compact",), ("list",)):
        ran = cli(*command, "--index", address)
        assert (ran.code, ran.out) == (3, ""), command
        assert ran.err.startswith((f"pullquote: no index in {address}: ", f"pullquote: no index at {address}: "))


@pytest.mark.parametrize("name", ["it's.txt", 'say "so".txt', "back\\slash.txt", "100%_sure.txt", "zwei\nzeilen.txt", "über/ö.txt"])
def test_ids_of_any_characters(address: str, encoder: HashEncoder, name: str) -> None:
    one = pullquote.Article(id=name, text="The lamp was lit. It burned all night.", source=f"The {name}")
    pullquote.add(address, [one, *ARTICLES], encoder)
    with pullquote.Index.open(address, encoder) as index:
        assert index.article(name) == one
        assert [hit.article_id for hit in index.search("lamp", where=pullquote.Filter(one.source.upper()))] == [name]
        assert [hit.article_id for hit in index.search("lamp", where=pullquote.Filter.of(articles=[name]))] == [name]
        assert not index.search("lamp", where=pullquote.Filter.of(articles=["other"]))
    pullquote.remove(address, [name], encoder)
    with pullquote.Index.open(address, encoder) as index:
        assert name not in index


def test_a_server_that_is_not_there(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MILVUS_TIMEOUT", "2")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    began = time.monotonic()
    ran = cli("ask", "Why?", "--index", f"milvus://127.0.0.1:{port}/news")
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert ran.err.startswith(f"pullquote: milvus://127.0.0.1:{port}/news: ")
    assert time.monotonic() - began < 20


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(sock.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield sock.getsockname()[1]
        for one in held:
            one.close()


def test_a_server_that_says_nothing(cli: Cli, mute: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MILVUS_TIMEOUT", "2")
    began = time.monotonic()
    ran = cli("ask", "Why?", "--index", f"milvus://127.0.0.1:{mute}/news")
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert time.monotonic() - began < 20


def test_a_time_that_is_none(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MILVUS_TIMEOUT", "soon")
    ran = cli("ask", "Why?", "--index", "milvus://127.0.0.1:1/news")
    assert (ran.code, ran.err) == (2, "pullquote: PULLQUOTE_MILVUS_TIMEOUT is 'soon' (str): it must be seconds, such as 60\n")


def test_a_server_that_vanishes(lite: Lite, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MILVUS_TIMEOUT", "8")
    place = f"{lite.uri}/news"
    pullquote.add(place, ARTICLES, encoder)
    with pullquote.Index.open(place, encoder) as index:
        lite.end(signal.SIGKILL)
        began = time.monotonic()
        with pytest.raises(pullquote.IndexNoAccess) as raised:
            index.search("herring")
        assert "\n" not in str(raised.value)
        assert time.monotonic() - began < 30
        lite.start()
    with pullquote.Index.open(place, encoder) as index:
        assert [article.id for article in index] == [article.id for article in ARTICLES]


def test_a_server_that_has_no_room_left(lite: Lite, encoder: HashEncoder) -> None:
    place = f"{lite.uri}/news"
    pullquote.add(place, ARTICLES, encoder)
    lite.end()
    lite.start(room=20_000)
    more = [replace(ARTICLES[0], id=f"a{n}", text=f"The lamp number {n} was lit. It burned all night.") for n in range(300)]
    with pytest.raises(pullquote.IndexNoAccess) as raised:
        pullquote.add(place, more, encoder)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(f"{place}: ")
    lite.end(signal.SIGKILL)
    lite.start()
    with pullquote.Index.open(place, encoder) as index:
        assert list(index) == list(ARTICLES)
    assert examine(place) == []
    assert pullquote.add(place, more, encoder).added == 300


@pytest.mark.skipif(not CLUSTER, reason="milvus-lite takes any token")
def test_a_wrong_token_on_a_cluster(cli: Cli) -> None:
    ran = cli("ask", "Why?", "--index", f"milvus://nobody:wrong@{CLUSTER.partition('://')[2].rpartition('@')[2]}/news")
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "the token was refused" in ran.err


def test_an_index_of_vectors_that_is_none(address: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("The bridge opened on Saturday.", "utf-8")
    monkeypatch.setenv("PULLQUOTE_MILVUS_INDEX", "QUICK")
    ran = cli("add", tmp_path / "a.txt", "--index", address)
    said = "PULLQUOTE_MILVUS_INDEX is 'QUICK' (str): it must be one of FLAT, HNSW, DISKANN, AUTOINDEX"
    assert (ran.code, ran.err) == (2, f"pullquote: {said}\n")
    monkeypatch.setenv("PULLQUOTE_MILVUS_INDEX", "HNSW")
    assert cli("add", tmp_path / "a.txt", "--index", address).code == 0
    assert cli("search", "Which bridge?", "--index", address).code == 0
