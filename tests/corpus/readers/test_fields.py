"""What is said of an article: fields by any name, in the file or beside it; what is wrong costs no more than itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.sources import Walk, files, read


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
        ("a.txt", b"Text. caf\xc3\xa9 \xe9", "a.txt: 1 character in it could not be read"),
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


@pytest.mark.parametrize(
    ("name", "said", "source", "warning"),
    [
        ("meta.json", '{"published": "7/11/2023", "publisher": "Post"}', "Post", "published is left out: '7/11/2023' is not clear"),
        ("meta.yaml", "date: soon\nsource: Post\n", "Post", "date is left out: 'soon' is not a date"),
        ("meta.json", "{bad", "", "cannot be read: "),
        ("meta.yaml", "a: [b", "", "cannot be read: "),
        ("meta.json", "[1]", "", "must be fields with values"),
        ("meta.json", " " * (1 << 20) + "{}", "", "larger than 1 MB"),
    ],
)
def test_a_sidecar_that_cannot_be_read_costs_no_article(tmp_path: Path, name: str, said: str, source: str, warning: str) -> None:
    (tmp_path / "a.txt").write_text("The bridge opened.")
    (tmp_path / f"a.txt.{name}").write_text(said)
    walk = Walk()
    [file] = files([tmp_path], walk)
    assert [(a.text, a.source, a.published) for a in file.articles(walk)] == [("The bridge opened.", source, None)]
    assert [str(w).startswith(f"{tmp_path}/a.txt.{name}: {warning}") for w in walk.warnings] == [True], walk.warnings
    assert walk.problems == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"post_title": "T", "post_content": "Text.", "post_date": "2024-03-05 10:00:00", "ID": 7}, ("7", "T", "", "", "2024-03-05")),
        ({"hed": "T", "story_text": "Text.", "outlet_name": "Post"}, ("", "T", "Post", "", None)),
        ({"webTitle": "T", "raw_text": "Text.", "webUrl": "https://a.example"}, ("", "T", "", "https://a.example", None)),
        ({"name": "T", "articleBody": "Text.", "provider": {"name": "Post"}}, ("", "T", "Post", "", None)),
        ({"name": "T", "text": "Text."}, ("", "", "", "", None)),
        ({"headline": {"main": "T"}, "markdown": "Text.", "source_domain": "post.example"}, ("", "T", "post.example", "", None)),
        ({"title": {"x": 1}, "headline": "T", "article": "Text.", "source": {"domain": "post.example"}}, ("", "T", "post.example", "", None)),
        ({"title": "T", "paragraphs": ["Text."], "journal": "Post"}, ("", "T", "Post", "", None)),
        ({"title": "T", "copy": "Text.", "newspaper_name": "Post"}, ("", "T", "Post", "", None)),
        ({"title": "T", "text": "", "description": "Text.", "canonical_url": "https://a.example"}, ("", "T", "", "https://a.example", None)),
        ({"title": "T", "article_text": "Text.", "summary": "Less."}, ("", "T", "", "", None)),
        ({"text": "Text.", "date": [2024, 3, 5, 10, 30]}, ("", "", "", "", "2024-03-05")),
        ({"text": "Text.", "date": {"$date": {"$numberLong": "1709596800000"}}}, ("", "", "", "", "2024-03-05")),
    ],
)  # fmt: skip
def test_names_of_other_systems(tmp_path: Path, record: dict[str, object], expected: tuple[object, ...]) -> None:
    article = one(tmp_path, "a.jsonl", json.dumps(record))
    assert article.text == "Text."
    found = (article.id.replace("a.jsonl#1", ""), article.title, article.source, article.url, article.published)
    assert found == expected


@pytest.mark.parametrize(
    "name",
    [
        "first_published_at", "firstPublished", "published_time", "publication_time", "published_utc", "posted_at", "posted", "pub",
        "release_date", "article_date", "display_date", "webPublicationDate", "first_publication_date", "date_gmt", "Post Date (GMT)",
        "dateOfPublication", "created_utc",
    ],
)  # fmt: skip
def test_a_date_is_known_by_the_words_of_its_name(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, "a.jsonl", json.dumps({"text": "Text.", name: "2024-03-05"})).published == "2024-03-05"


@pytest.mark.parametrize(
    "name",
    [
        "originally", "modified", "date_modified", "last_updated_at", "crawled_at", "accessed", "expires", "release", "display", "issue",
        "time", "read_time", "scrape_date", "posted_by", "birth_date", "publication",
    ],
)  # fmt: skip
def test_a_name_with_another_word_is_no_date_of_publication(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, "a.jsonl", json.dumps({"text": "Text.", name: "2024-03-05"})).published is None


@pytest.mark.parametrize(
    ("record", "published", "warned"),
    [
        ({"date": "garbage", "published_at": "2022-06-07"}, "2022-06-07", ["date"]),
        ({"date": "garbage", "display_date": "2022-06-07", "created": "2022-06-05"}, "2022-06-07", ["date"]),
        ({"created_at": "2022-06-05", "first_published": "2022-06-07"}, "2022-06-07", []),
        ({"date": "garbage", "posted": "soon"}, None, ["date", "posted"]),
        ({"date": [2022, 13, 7]}, None, ["date"]),
    ],
)
def test_the_next_date_is_tried(tmp_path: Path, record: dict[str, object], published: str | None, warned: list[str]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Text.", **record}))
    walk = Walk()
    [file] = files([tmp_path], walk)
    assert [a.published for a in file.articles(walk)] == [published]
    assert [str(w).split("a.jsonl:1: ")[1].split(" is left")[0] for w in walk.warnings] == warned


@pytest.mark.parametrize(
    ("folder", "page", "parts"),
    [
        ("Story_files", "Story.html", True),
        ("Story_files", "story.XHTML", True),
        ("Story-Dateien", "Story.htm", True),
        ("Story_Dateien", "Story.html", True),
        ("Story_fichiers", "Story.html", True),
        ("Story_archivos", "Story.mhtml", True),
        ("Story-filer", "Story.html", True),
        ("Story.files", "Story.html", True),
        ("Story_files", "Story.txt", False),
        ("Story_fichiers", "Other.html", False),
        ("Story-files", "Story.html", False),
        ("_files", ".html", False),
    ],
)
def test_the_folder_of_a_page_in_other_languages(tmp_path: Path, folder: str, page: str, parts: bool) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "x.txt").write_text("Text.")
    (tmp_path / page).write_text("<p>The bridge opened.</p>")
    walk = Walk()
    assert (f"{folder}/x.txt" in [f.name for f in files([tmp_path], walk)]) is not parts
    assert ("the parts of a saved page" in [kind for _, kind in walk.skipped]) is parts


def test_hidden_files_and_lone_sidecars_are_named_as_skipped(tmp_path: Path) -> None:
    for name in ("a.txt", "a.txt.meta.json", "B.TXT", "b.txt.meta.yaml", "gone.txt.meta.json", ".b.txt", "~$c.docx"):
        (tmp_path / name).write_text("Text.")
    walk = Walk()
    assert [f.name for f in files([tmp_path], walk)] == ["B.TXT", "a.txt"]
    assert sorted((Path(where).name, kind) for where, kind in walk.skipped) == [
        (".b.txt", "hidden"),
        ("gone.txt.meta.json", "a sidecar without its file"),
        ("~$c.docx", "hidden"),
    ]


def test_a_feed_of_rdf_is_known_by_its_name(tmp_path: Path) -> None:
    item = "<item><title>T</title><link>https://a.example</link><description>The bridge opened.</description></item>"
    rdf = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">{item}</rdf:RDF>'
    article = one(tmp_path, "a.rdf", rdf)
    assert (article.title, article.text) == ("T", "The bridge opened.")


def test_the_parts_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    for name in ("Page_files", "case_files"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("Text.")
    (tmp_path / "Page.html").write_text("<article><p>The bridge opened.</p></article>")
    walk = Walk()
    assert [f.name for f in files([tmp_path], walk)] == ["Page.html", "case_files/x.txt"]
    assert [kind for _, kind in walk.skipped] == ["the parts of a saved page"]
