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
