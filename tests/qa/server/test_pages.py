"""The pages, as they are without a browser; `tests/long/page.py` drives a real one."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Build, HashEncoder
from tests.qa.server.conftest import Client

import pullquote


def test_the_pages_say_what_they_have(client: Client) -> None:
    asked = client()
    assert "A question to 3 articles" in asked.get("/").text
    page = asked.get("/", params={"q": "Who cut the ribbon?", "source": "Harbour Post", "since": "", "until": ""}).text
    assert 'value="Harbour Post" checked' in page
    assert '<strong class="span">' in page or "<mark>" in page
    link = re.search(r'href="(/read/bridge\.md\?span=[^"]+)#(quote-\d)"', page)
    assert link is not None
    read = asked.get(link[1].replace("&amp;", "&")).text
    assert re.search(rf'<mark id="{link[2]}" tabindex="-1">Mayor Ines Falk cut the ribbon\.</mark>', read)
    assert '<span class="aside" title="link: no part of the story">READ MORE' in read
    wrong = asked.get("/", params={"q": "ferry", "since": "2022-01-01", "until": "2021-01-01"})
    assert (wrong.status_code, "is after where.until" in wrong.text) == (422, True)
    assert asked.get("/?q=...").status_code == 422
    assert asked.get("/read/nowhere").status_code == 404
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
    link = re.search(r'href="(/read/[^"]*%3Ca[^"]*)"', pages[0])
    assert link is not None
    pages.append(asked.get(link[1].replace("&amp;", "&").partition("#")[0]).text)
    for page in pages:
        assert "<script>alert" not in page
        assert "{{ 7 * 7 }}" in page
        assert "javascript:" not in page
        assert ' onload="' not in page
    assert "alert(1)" in pages[2]
