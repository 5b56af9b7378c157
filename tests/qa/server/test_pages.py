"""The pages, as they are without a browser; `tests/long/page.py` drives a real one."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import parse_qs

from tests.conftest import Build, HashEncoder
from tests.qa.server.conftest import Client

import pullquote
from pullquote.corpus.article import Mark
from pullquote.qa.server.reading import shown


def test_the_pages_say_what_they_have(client: Client) -> None:
    asked = client()
    assert "A question to 3 articles" in asked.get("/").text
    page = asked.get("/", params={"q": "Who cut the ribbon?", "source": "Harbour Post", "since": "", "until": ""}).text
    assert 'value="Harbour Post" checked' in page
    assert '<strong class="span">' in page or "<mark>" in page
    link = re.search(r'href="(/read\?id=bridge\.md&amp;span=[^"]+)#(quote-\d)"', page)
    assert link is not None
    read = asked.get(link[1].replace("&amp;", "&")).text
    assert re.search(rf'<mark id="{link[2]}" tabindex="-1">Mayor Ines Falk cut the ribbon\.</mark>', read)
    assert '<span class="aside" title="link: no part of the story">READ MORE' in read
    wrong = asked.get("/", params={"q": "ferry", "since": "2022-01-01", "until": "2021-01-01"})
    assert (wrong.status_code, "is after where.until" in wrong.text) == (422, True)
    assert asked.get("/?q=...").status_code == 422
    assert asked.get("/read?id=nowhere").status_code == 404
    assert "pullquote.answer/1" in asked.get("/docs").text


def test_markup_of_an_article_is_text(build: Build, client: Client, encoder: HashEncoder, tmp_path: Path) -> None:
    bad = '<script>alert(1)</script> " onload="x() {{ 7 * 7 }} & the ferry'
    article = pullquote.Article(
        id='<a>/"b?c#d', title=bad, source=bad, url="javascript:alert(1)", text=f"{bad} sank.", published="2020"
    )
    pullquote.add(tmp_path / "index.pq", [article], encoder)
    asked = client()
    pages = [
        asked.get("/", params={"q": "Which ferry sank?", "source": bad}).text,
        asked.get("/over-time?q=Which+ferry+sank%3F").text,
    ]
    link = re.search(r'href="(/read\?id=%3Ca[^"]*)"', pages[0])
    assert link is not None
    pages.append(asked.get(link[1].replace("&amp;", "&").partition("#")[0]).text)
    for page in pages:
        assert "<script>alert" not in page
        assert "{{ 7 * 7 }}" in page
        assert "javascript:" not in page
        assert ' onload="' not in page
    assert "alert(1)" in pages[2]


def test_an_article_is_read_whatever_its_id(build: Build, client: Client, encoder: HashEncoder, tmp_path: Path) -> None:
    ids = ["..", ".", "a/../b", "a%2Fb", "a?b=c", "a#b", "é 首", "a&id=b", " x"]
    articles = [pullquote.Article(id=one, text=f"The walrus {number} sank.") for number, one in enumerate(ids)]
    build(articles)
    asked = client()
    for number, one in enumerate(ids):
        page = asked.get("/", params={"q": f"What happened to walrus {number}?"}).text
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/read\?[^"#]+)', page)]
        said = [asked.get(link).text for link in links]
        assert any(re.search(rf'<mark id="quote-1" tabindex="-1">The walrus {number} sank', text) for text in said), one


def test_what_was_chosen_is_kept(client: Client) -> None:
    asked = client()
    given = {"q": "Who cut the ribbon?", "source": ["Harbour Post", "Island Voice"], "since": "2021-01-01"}
    link = re.search(r'href="(/read\?[^"#]+)', asked.get("/", params=given).text)
    assert link is not None
    back = re.search(r'href="/\?([^"]+)">Back', asked.get(link[1].replace("&amp;", "&")).text)
    assert back is not None
    assert parse_qs(back[1].replace("&amp;", "&")) == {
        "q": ["Who cut the ribbon?"],
        "source": given["source"],
        "since": ["2021-01-01"],
    }


def test_a_paragraph_is_cut_where_quotes_and_marks_begin_and_end() -> None:
    text = "One two three.\nREAD MORE: x\n\nFour five."
    [first, second] = shown(text, [(4, 7), (30, 34)], [Mark(15, 27, "link")])
    assert [(piece.text, piece.quote, piece.begins, piece.kind) for piece in first.pieces] == [
        ("One ", 0, False, ""), ("two", 1, True, ""), (" three.\n", 0, False, ""), ("READ MORE: x", 0, False, "link"),
    ]  # fmt: skip
    assert [(piece.text, piece.quote) for piece in second.pieces] == [("F", 0), ("our ", 2), ("five.", 0)]
    assert (first.quotes, second.quotes) == ((1,), (2,))


def test_a_long_article_takes_no_square_of_its_lines() -> None:
    def steps(count: int) -> int:
        """How many lines of Python are run for so many paragraphs, each of them no part of the story."""
        text = "READ MORE: x\n\n" * count
        marks = [Mark(14 * n, 14 * n + 12, "link") for n in range(count)]
        ran = 0

        def count_lines(frame: object, event: str, argument: object) -> object:
            nonlocal ran
            ran += event == "line"
            return count_lines

        sys.settrace(count_lines)  # type: ignore[arg-type]
        try:
            assert sum(len(part.pieces) for part in shown(text, [], marks)) == count
        finally:
            sys.settrace(None)
        return ran

    assert steps(400) < 5 * steps(100)
