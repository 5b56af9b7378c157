"""An index as a collection of articles, and what of an article's file it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Build, HashEncoder

import pullquote


def test_an_index_is_a_collection_of_its_articles(build: Build) -> None:
    articles = [
        pullquote.Article(
            id=f"a{n}", text=f"The ferry number {n} sails.", source="Post" if n % 2 else "Herald", published=f"202{n}"
        )
        for n in range(4)
    ]
    index = build(articles)
    assert len(index) == 4
    assert bool(build([], "empty.pq"))
    assert "a1" in index
    assert "a9" not in index
    assert 1 not in index
    assert list(index) == articles
    assert [a.id for a in index.articles(pullquote.Filter.of(source="post"))] == ["a1", "a3"]
    assert [a.id for a in index.articles(pullquote.Filter.of(since="2021", until="2022"))] == ["a1", "a2"]
    pullquote.remove(index.folder, ["a1"], index.encoder)
    with pullquote.Index.open(index.folder, index.encoder) as later:
        assert [a.id for a in later] == ["a0", "a2", "a3"]
        assert "a1" not in later


def test_where_a_part_of_a_file_begins_is_kept(tmp_path: Path) -> None:
    locators = (pullquote.Locator(0, "page 1"), pullquote.Locator(20, "page 2"))
    article = pullquote.Article(
        "a", "The ferry sails now. The harbour bridge is old.", dated_by="given", published="2024", locators=locators
    )
    pullquote.add(tmp_path / "i", [article], HashEncoder())
    with pullquote.Index.open(tmp_path / "i", HashEncoder()) as index:
        assert index.article("a") == article
        assert [article.locator(at) for at in (0, 19, 20, 40)] == ["page 1", "page 1", "page 2", "page 2"]
        assert index.search("harbour bridge")[0].locator == "page 1"
        pullquote.export(index, tmp_path / "out")
    pullquote.import_(tmp_path / "out", tmp_path / "again", HashEncoder())
    with pullquote.Index.open(tmp_path / "again", HashEncoder()) as index:
        assert index.article("a") == article
        assert pullquote.verify(index, "The harbour bridge is old.").places[0].locator == "page 2"
    for wrong in ((pullquote.Locator(99, "x"),), locators[::-1]):
        with pytest.raises(pullquote.ReadError, match="locators must stand in the text"):
            pullquote.add(tmp_path / "j", [pullquote.Article("a", "Text.", locators=wrong)], HashEncoder())
