from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.boilerplate import marks
from pullquote.corpus.readers import records, sniff
from pullquote.corpus.readers.text import first_line_title
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError


def one(tmp_path: Path, name: str, text: str | bytes) -> Article:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    [article] = read(path)
    return article


def test_plain_text_is_kept_as_read(tmp_path: Path) -> None:
    article = one(tmp_path, "a.txt", "  One line.\r\n\r\n\tAnother.  \n")
    assert article == Article(id="a.txt", text="  One line.\n\n\tAnother.  \n")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Town gets a bridge\n\nThe bridge opened on Saturday after years of work.", "Town gets a bridge"),
        ("Town gets a bridge\nThe bridge opened on Saturday after years of work, the mayor said.", "Town gets a bridge"),
        ("A long headline that its writer had to\nfold over two lines\n\nThe bridge opened on Saturday, after all\nthe many years of work.",
         "A long headline that its writer had to fold over two lines"),
        ("The bridge opened on Saturday.\n\nIt had taken years to build it over the sound.", ""),
        ('"We are glad" said the mayor\n\nThe bridge opened on Saturday after years of work.', ""),
        ("Only one line without a stop", ""),
        ("Note:\n\nThe bridge opened on Saturday after years of work.", ""),
    ],
)  # fmt: skip
def test_the_first_line_is_a_title_only_where_it_clearly_is_one(text: str, title: str) -> None:
    assert first_line_title(text) == title


def test_front_matter_gives_the_fields(tmp_path: Path) -> None:
    text = "---\nid: b1\nTitle: A bridge\nsource: Post\nurl: https://p.example/b\ndate: 2021-05-01\nlanguage: en\n---\nIt opened.\n"
    article = one(tmp_path, "a.md", text)
    assert (article.id, article.title, article.source, article.published) == ("b1", "A bridge", "Post", "2021-05-01")
    assert (article.url, article.language, article.text.strip()) == ("https://p.example/b", "en", "It opened.")


def test_a_markdown_heading_is_the_title(tmp_path: Path) -> None:
    assert one(tmp_path, "a.md", "# A bridge #\n\nIt opened on Saturday.").title == "A bridge"


def test_fields_of_front_matter_are_as_they_are_written(tmp_path: Path) -> None:
    article = one(tmp_path, "a.md", "---\nid: 007\ntitle: 2004-02-12\nlanguage: no\nsource: ~\nurl:\n---\nIt opened.\n")
    assert (article.id, article.title, article.language, article.source, article.url) == ("007", "2004-02-12", "no", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "---\nThe talks began.\n\n---\n\nSecond part.\n",
        "---\n- a\n---\nText.",
        "---\nNo: end: here",
        "---\nHe said: [x\n---\nText.",
    ],
)
def test_rules_that_are_no_front_matter_lose_no_text(tmp_path: Path, text: str) -> None:
    kept = "".join(c for c in text if c.isalpha())
    assert "".join(c for c in one(tmp_path, "a.md", text).text if c.isalpha()) == kept
    assert one(tmp_path, "a.txt", text).text == text


def test_paragraphs_of_a_page_are_not_joined(tmp_path: Path) -> None:
    lines = ["Kim met Trump in Singapore for the first time in June 2018.", "READ MORE: How the summit came about over many months",
             "They shook hands in front of flags and signed a declaration.", "Sign up for our newsletter."]  # fmt: skip
    article = one(tmp_path, "a.html", f"<html><body><article>{''.join(f'<p>{x}</p>' for x in lines)}</article></body></html>")
    found = {article.text[m.start : m.end] for m in marks(article.title, article.text)}
    assert found == {lines[1], lines[3]}


def test_html_gives_story_title_date_and_outlet(tmp_path: Path) -> None:
    page = """<!doctype html><html lang="en"><head><title>A bridge opens | Post</title>
    <meta property="og:site_name" content="Harbour Post"><meta property="article:published_time" content="2021-05-01T23:00:00+02:00">
    <link rel="canonical" href="https://post.example/bridge"></head><body><nav><a href="/">Home</a></nav><article><h1>A bridge opens</h1>
    <p>The harbour bridge opened on Saturday, and thousands of people walked over it before noon.</p>
    <p>Mayor Ines Falk cut the ribbon &amp; said that the town had waited for this day for twenty years.</p></article>
    <footer>Subscribe to our newsletter</footer></body></html>"""
    article = one(tmp_path, "a.html", page)
    assert (article.title, article.published, article.source) == ("A bridge opens", "2021-05-01", "Harbour Post")
    assert (article.url, article.language) == ("https://post.example/bridge", "en")
    assert "cut the ribbon & said" in article.text
    assert "Home" not in article.text
    assert "newsletter" not in article.text


def test_a_copyright_year_is_not_the_date_of_a_page(tmp_path: Path) -> None:
    words = "Some words about nothing in particular that happened in a town by the sea. " * 6
    assert one(tmp_path, "a.html", f"<html><body><p>{words}</p><p>Copyright 2019</p></body></html>").published is None


def test_records_give_articles_with_ids_of_their_own_or_by_place(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"_id": 7, "text": "One."}\n\n{"title": "T", "text": "Two.", "published": "2020-01"}\n')
    (tmp_path / "b.json").write_text('[{"text": "Three."}, {"id": "x", "text": "Four.", "lang": "de"}]')
    found = list(read(tmp_path))
    assert [(a.id, a.text) for a in found] == [("7", "One."), ("a.jsonl#2", "Two."), ("b.json#1", "Three."), ("x", "Four.")]
    assert (found[1].published, found[3].language) == ("2020-01", "de")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt: an empty file"),
        ("a.txt", b" \n\t", "a.txt: an empty file"),
        ("a.txt", b"\x00\x01", "a.txt: a binary file, not text"),
        ("a.jsonl", b'{"text": "x"}\n{"text": }\n', "a.jsonl:2: broken JSON at column 10"),
        ("a.jsonl", b'{"text": "x"}\n{"title": "y"}\n', "a.jsonl:2: a record without text"),
        ("a.jsonl", b'{"text": "  "}\n', "a.jsonl:1: a record without text"),
        ("a.jsonl", b"[1]\n", "a.jsonl:1: a record must be an object, not list"),
        ("a.jsonl", b'{"text": NaN}', "a.jsonl:1: a record without text"),
        ("a.json", b'[{"text": "x"}, {"text": "y"\n]', "a.json:2: broken JSON"),
        ("a.json", b'"text"', "a.json: must be a JSON array of records"),
        ("a.json", b"[]", "a.json: no article in it"),
        ("a.json", b"[" * 100_000, "a.json: broken JSON"),
        ("a.md", b"+++\ntitle: x\n+++\nText.", "a.md: broken front matter"),
        ("a.md", b"---\ntitle: x\n---\n  \n", "a.md: no text in it"),
        ("a.html", b"<html><body></body></html>", "a.html: no article text found in the HTML"),
    ],
)
def test_bad_input_is_named_with_its_place(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError) as error:
        list(read(tmp_path / name))
    assert str(error.value).startswith(f"{tmp_path}/{message}")
    assert "\n" not in str(error.value)


def test_a_named_file_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("Text.")
    with pytest.raises(ReadError, match=r"a\.xls: of a kind that is not read \(\.xls\): give "):
        list(read(tmp_path / "a.xls"))


def test_ids_are_paths_below_the_folder_given(tmp_path: Path) -> None:
    (tmp_path / "2004" / "may").mkdir(parents=True)
    (tmp_path / "2004" / "may" / "b.txt").write_text("Text b.")
    (tmp_path / "a.txt").write_text("Text a.")
    assert [a.id for a in read(tmp_path)] == ["a.txt", "2004/may/b.txt"]
    assert [a.id for a in read(tmp_path / "2004")] == ["may/b.txt"]
    assert [a.id for a in read(tmp_path / "2004" / "may" / "b.txt")] == ["b.txt"]


def test_hidden_files_and_other_kinds_are_skipped_and_counted(tmp_path: Path) -> None:
    for name in ("a.txt", ".b.txt", "c.png", "d.xls"):
        (tmp_path / name).write_text("Text.")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "e.txt").write_text("Text.")
    (tmp_path / "linked").symlink_to(tmp_path)
    walk = Walk()
    assert [f.name for f in files([tmp_path], walk)] == ["a.txt"]
    assert sorted((Path(where).name, kind) for where, kind in walk.skipped) == [
        (".b.txt", "hidden"),
        ("c.png", ".png"),
        ("d.xls", ".xls"),
        ("linked", "a linked folder"),
    ]
    assert walk.problems == []


def test_problems_are_gathered_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "empty").mkdir()
    walk = Walk()
    paths: list[str | Path] = [tmp_path / "missing", tmp_path / "empty", tmp_path / "a.txt", "x" * 300, ""]
    assert [f.name for f in files(paths, walk)] == ["a.txt"]
    assert [str(p).split(": ")[1].split(" (")[0] for p in walk.problems] == [
        "no such file or folder", "nothing to read in this folder", "cannot be read", "no such file or folder",
    ]  # fmt: skip


def test_an_unknown_suffix_is_read_by_how_it_begins(tmp_path: Path) -> None:
    (tmp_path / "feed").write_text(json.dumps({"id": "x", "text": "One."}) + "\n")
    assert [a.id for a in read(tmp_path / "feed")] == ["x"]


@pytest.mark.parametrize(
    ("head", "module"),
    [
        (b'\xef\xbb\xbf {"text"', "records"), (b"[{", "records"), (b"---\ntitle: x", "markdown"),
        (b"<!DOCTYPE html>", "html"), (b"The bridge", "text"), (b"", "text"),
    ],
)  # fmt: skip
def test_the_first_bytes_tell_the_format(head: bytes, module: str) -> None:
    assert sniff(head).module == module


@pytest.mark.parametrize("size", [4, 7, 40, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
def test_a_file_of_lines_reads_the_same_in_pieces_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str
) -> None:
    lines = [json.dumps({"text": f"Café number {n} is open."}, ensure_ascii=False) for n in range(9)]
    mark = codecs.BOM_UTF32_BE if encoding == "utf-32-be" else b""
    (tmp_path / "a.jsonl").write_bytes(mark + ("\r\n\n".join(lines) + "\n\n\n").encode(encoding))
    monkeypatch.setattr(records, "_PIECE", size)
    found = list(read(tmp_path))
    assert [article.text for article in found] == [f"Café number {n} is open." for n in range(9)]
    assert [article.id for article in found] == [f"a.jsonl#{n}" for n in range(1, 10)]


def test_what_is_wrong_in_a_later_piece_is_named_by_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n\n{"text": "Two."}\n{"text": 3}\n')
    monkeypatch.setattr(records, "_PIECE", 5)
    with pytest.raises(ReadError, match=r"a\.jsonl:4: a record without text"):
        list(read(tmp_path))


def test_the_encoding_of_a_file_of_lines_is_that_of_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.dumps({"text": f"Der Müller Nr. {n} fährt über die Brücke nach Köln."}, ensure_ascii=False) for n in range(50)]
    lines += [json.dumps({"text": "Nothing special in here, but he ate at the café – again."}, ensure_ascii=False)] * 3
    (tmp_path / "a.jsonl").write_bytes("\n".join(lines).encode("cp1252"))
    monkeypatch.setattr(records, "_PIECE", 500)
    found = [article.text for article in read(tmp_path)]
    assert (found[0], found[-1]) == (json.loads(lines[0])["text"], json.loads(lines[-1])["text"])


def test_a_file_of_empty_lines_is_an_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_PIECE", 2)
    (tmp_path / "a.jsonl").write_text("\n\n\n\n\n")
    with pytest.raises(ReadError, match="an empty file"):
        list(read(tmp_path))
    (tmp_path / "a.jsonl").write_text('\n\n\n\n\n{"text": "One."}')
    assert [article.text for article in read(tmp_path)] == ["One."]
