"""What is said of an article: fields by any name, in the file or beside it; what is wrong costs no more than itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError


def one(tmp_path: Path, name: str, text: str) -> Article:
    (tmp_path / name).write_text(text)
    [article] = read(tmp_path / name)
    return article


@pytest.mark.parametrize(
    ("name", "data", "warning"),
    [
        ("a.jsonl", b'{"text": "Text.", "published": "soon"}', "a.jsonl:1: published is left out: 'soon' is not a date"),
        ("a.jsonl", b'{"text": "Text.", "title": {"x": 1}}', "a.jsonl:1: title is left out: it must be text, not dict"),
        ("a.jsonl", b'{"text": "Text.", "id": true}', "a.jsonl:1: id is left out: it must be text, not bool"),
        ("a.md", b"---\na: &a [x, x]\nb: &b [*a, *a]\npublished: *b\n---\nText.", "a.md: published is left out: not a date"),
        ("a.md", b"---\ntitle: [x\n---\nText.", "a.md: broken front matter in line 3"),
        ("a.txt", b"Text. caf\xc3\xa9 \xe9", "a.txt: 1 characters in it could not be read"),
    ],
)
def test_a_field_that_cannot_be_read_costs_the_field(tmp_path: Path, name: str, data: bytes, warning: str) -> None:
    (tmp_path / name).write_bytes(data)
    walk = Walk()
    [file] = files([tmp_path / name], walk)
    [article] = file.articles(walk)
    assert (article.text[:5], article.published) == ("Text.", None)
    assert walk.problems == []
    assert [str(w).startswith(f"{tmp_path}/{warning}") for w in walk.warnings] == [True], walk.warnings


@pytest.mark.parametrize(
    "record",
    [
        {"guid": "x", "headline": "T", "body": "Text.", "outlet": "Post", "link": "https://a.example", "pubDate": "2024-03-05"},
        {
            "_id": "x",
            "Title": "T",
            "content": "<p>Text.</p>",
            "source": {"name": "Post"},
            "url": ["https://a.example"],
            "published_at": "2024-03-05",
        },
        {
            "id": "x",
            "title": {"rendered": "T"},
            "content": {"rendered": "<p>Text.</p>"},
            "publisher": "Post",
            "permalink": "https://a.example",
            "date": 1709596800,
        },
        {
            "id": "x",
            "title": "T",
            "text": ["Text."],
            "site_name": "Post",
            "web_url": "https://a.example",
            "datePublished": 1709596800000,
        },
    ],
)
def test_fields_are_known_by_the_names_that_systems_give_them(tmp_path: Path, record: dict[str, object]) -> None:
    article = one(tmp_path, "a.jsonl", json.dumps(record))
    expected = Article(id="x", text="Text.", title="T", source="Post", url="https://a.example", published="2024-03-05")
    assert article == expected


def test_one_bad_record_does_not_cost_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": ""}\n{broken\n{"text": "Four."}\n')
    walk = Walk()
    [file] = files([tmp_path / "a.jsonl"], walk)
    assert [(a.id, a.text) for a in file.articles(walk)] == [("a.jsonl#1", "One."), ("a.jsonl#4", "Four.")]
    assert [str(p).split("a.jsonl")[1][:3] for p in walk.problems] == [":2:", ":3:"]
    told: list[Exception] = []
    assert [a.text for a in read(tmp_path, on_error=told.append)] == ["One.", "Four."]
    assert len(told) == 2
    assert [a.text for a in read(tmp_path, on_error="skip")] == ["One.", "Four."]


def test_a_list_of_records_may_stand_in_an_object(tmp_path: Path) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [{"id": "1", "content_html": "<p>One.</p>"}]}
    article = one(tmp_path, "a.json", json.dumps(feed))
    assert (article.id, article.text, article.source) == ("1", "One.", "Post")
    (tmp_path / "b.json").write_text(json.dumps({"status": "ok", "articles": [{"text": "One."}, {"text": "Two."}]}))
    assert [a.id for a in read(tmp_path / "b.json")] == ["b.json#1", "b.json#2"]


def test_a_sidecar_says_what_a_file_does_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The bridge opened.")
    (tmp_path / "a.txt.meta.json").write_text('{"outlet": "Post", "date": "2024-03-05"}')
    (tmp_path / "b.md").write_text("---\ndate: 2020\n---\nThe ferry sank.")
    (tmp_path / "b.md.meta.yaml").write_text("source: Herald\ndate: 2024-03-05\n")
    found = {a.id: (a.source, a.published, a.dated_by) for a in read(tmp_path)}
    assert found == {"a.txt": ("Post", "2024-03-05", "given"), "b.md": ("Herald", "2020", "stated")}
    (tmp_path / "a.txt.meta.json").write_text('{"date": "soon"}')
    with pytest.raises(ReadError, match=r"a\.txt\.meta\.json: date is left out: 'soon'"):
        list(read(tmp_path))


def test_the_parts_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    for name in ("Page_files", "case_files"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("Text.")
    (tmp_path / "Page.html").write_text("<article><p>The bridge opened.</p></article>")
    walk = Walk()
    assert [f.name for f in files([tmp_path], walk)] == ["Page.html", "case_files/x.txt"]
    assert [kind for _, kind in walk.skipped] == ["the parts of a saved page"]
