"""The doctor of an index in Milvus finds what is not as it was published, and a repair mends it."""

from __future__ import annotations

import pytest
from tests.conftest import ARTICLES, HashEncoder

import pullquote
from pullquote.index.milvus.connection import Connection
from pullquote.index.place import Address
from pullquote.index.upkeep.doctor import examine


@pytest.mark.parametrize(
    ("collection", "where", "said"),
    [
        ("passage", "article == 1", "the passages of article 'bridge.md' are not as it was cut"),
        ("sentence", "article == 2", "the sentences of article 'ferry.txt' are not as it was cut"),
        ("part", "article == 3", "the record of an article is not as it was stored"),
        ("article", "number == 2", "has rows of 1 articles that are not there"),
        ("count", 'name == "bridg"', "what it counts of terms is not right"),
    ],
)
def test_rows_that_are_missing_are_found(address: str, encoder: HashEncoder, collection: str, where: str, said: str) -> None:
    pullquote.add(address, ARTICLES, encoder)
    assert examine(address) == []
    connection = Connection(Address.of(address))
    connection.delete(collection, where)
    connection.close()
    found = examine(address)
    assert any(said in finding.what for finding in found), found
    assert all(finding.remedy == f"run `pullquote doctor --repair --index {address}`" for finding in found)
    with pullquote.Writer(address, encoder, repair=True) as writer:
        writer.rebuild()
    assert examine(address) == []


def test_a_damaged_article_is_left_out_by_a_repair(address: str, encoder: HashEncoder) -> None:
    pullquote.add(address, ARTICLES, encoder)
    connection = Connection(Address.of(address))
    connection.delete("part", "article == 3")
    connection.close()
    with pytest.raises(pullquote.IndexDamaged), pullquote.Index.open(address, encoder) as index:
        index.article("fish.txt")
    with pullquote.Writer(address, encoder, repair=True) as writer:
        writer.rebuild()
        assert writer.left_out == ["fish.txt"]
    with pullquote.Index.open(address, encoder) as index:
        assert [article.id for article in index] == ["bridge.md", "ferry.txt"]
        assert not index.search("herring landings", lexical=True)


@pytest.mark.parametrize(
    ("collection", "key", "changed", "said"),
    [
        ("sentence", "article == 2", {"vector": [0.5] * 48}, "the vectors of article 'ferry.txt' are not of the length 1"),
        ("sentence", "article == 2", {"words": [1, 2]}, "the terms of article 'ferry.txt' are not those of its sentences"),
        ("article", "number == 3", {"counts": ""}, ""),  # where they do not fit, they are counted from the sentences
        ("article", "number == 3", {"length": 2}, "the terms of article 'fish.txt' are not those of its text"),
        ("article", "number == 3", {"digest": "0" * 64}, "article 'fish.txt' is not as it was stored"),
    ],
)
def test_rows_that_were_altered_are_found(
    address: str, encoder: HashEncoder, collection: str, key: str, changed: dict[str, object], said: str
) -> None:
    pullquote.add(address, ARTICLES, encoder)
    connection = Connection(Address.of(address))
    row = connection.query(collection, key, ["*"], 1)[0]
    connection.upsert(collection, {**row, **changed})
    connection.close()
    assert any(said in finding.what for finding in examine(address)) if said else examine(address) == []
