"""The verbs of the command line on an index in Milvus."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import ARTICLES, Cli, HashEncoder

import pullquote
from pullquote.index.served import Served


def test_every_verb(address: str, cli: Cli, encoder: HashEncoder, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "bridge.txt").write_text("The harbour bridge opened on Saturday. It cost 40 million crowns.", "utf-8")
    (news / "fish.txt").write_text("Herring landings fell by a third. Fishermen blame warmer water.", "utf-8")
    assert cli("add", news, "--index", address).out == f"2 added, 0 updated, 0 unchanged: 2 articles, 2 passages in {address}\n"
    assert cli("add", news, "--index", address).out.startswith("0 added, 0 updated, 2 unchanged")
    (news / "ferry.txt").write_text("The old ferry made its last trip. Captain Olsen said he would miss it.", "utf-8")
    (news / "fish.txt").unlink()
    (news / "bridge.txt").write_text("The harbour bridge opened on Sunday. It cost 41 million crowns.", "utf-8")
    assert cli("sync", news, "--dry-run", "--index", address).out == (
        "+ ferry.txt\n~ bridge.txt\n- fish.txt\n1 to add, 1 to update, 1 to remove, 0 unchanged: nothing was changed\n"
    )
    assert cli("sync", news, "--index", address).out.startswith("1 added, 1 updated, 1 removed, 0 unchanged: 2 articles")
    listed = json.loads(cli("list", "--index", address, "--json").out)
    assert [article["id"] for article in listed["articles"]] == ["bridge.txt", "ferry.txt"]
    assert "opened on Sunday" in cli("show", "bridge.txt", "--index", address).out
    hits = json.loads(cli("search", "bridge crowns", "--index", address, "--json").out)["hits"]
    assert hits[0]["article_id"] == "bridge.txt"
    ran = cli("ask", "What did the harbour bridge cost in crowns?", "--index", address, "--format", "json")
    assert ran.err == ""
    answer = json.loads(ran.out)
    assert any(quote["text"] == "It cost 41 million crowns." for quote in answer["quotes"])
    assert cli("verify", "It cost 41 million crowns.", "--index", address).code == 0
    assert cli("verify", "It cost 42 million crowns.", "--index", address).code == 1
    assert cli("find", "last trip", "--index", address).code == 0
    assert f"index      {address}\n" in cli("status", "--index", address).out
    assert cli("doctor", "--index", address).out == f"sound: {address}\n"
    assert cli("export", tmp_path / "out", "--index", address).out.startswith("2 articles, 4 vectors")
    assert cli("import", tmp_path / "out", "--index", "again.pq").out.startswith("2 added")
    assert cli("export", tmp_path / "again", "--index", "again.pq").code == 0
    for name in ("articles.jsonl", "vectors.npy"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert cli("remove", "ferry.txt", "--index", address).out.startswith("0 added, 0 updated, 1 removed")
    ran = cli("remove", "ferry.txt", "--index", address)
    assert (ran.code, ran.err) == (2, "pullquote: no article 'ferry.txt' in the index: nothing was removed (`search` shows ids)\n")
    assert cli("compact", "--index", address).out == f"cleaned: 1 articles in {address}\n"
    assert cli("doctor", "--index", address).code == 0


def test_a_served_index_is_read_anew_when_it_is_written_to(address: str, encoder: HashEncoder) -> None:
    pullquote.add(address, ARTICLES[:1], encoder)
    served = Served(address, encoder)
    with served.borrowed() as index:
        assert len(index) == 1
        pullquote.add(address, ARTICLES, encoder)
        with served.borrowed() as other:
            assert len(other) == 3
        assert len(index) == 1
    served.close()
