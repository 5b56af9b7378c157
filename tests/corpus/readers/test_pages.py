"""What a page states of its own article, and what its text is."""

from __future__ import annotations

import json

import pytest

from pullquote.corpus.readers import html
from pullquote.corpus.readers.draft import Draft

STORY = "".join(
    f"<p>{said}</p>"
    for said in (
        "The council of Brenn agreed on Monday to rebuild the old mill, which has stood empty since a flood nine years ago.",
        "Builders are to begin in spring, and the work should cost about four million crowns, most of it paid by the county.",
        "Neighbours had asked for a park instead, and some of them left the hall before the vote was taken.",
    )
)


def page(head: str = "", *, before: str = "", body: str = STORY, after: str = "") -> Draft:
    title = "<title>Old mill to be rebuilt - Brenn Gazette</title>"
    written = f"<html lang=en><head>{title}{head}</head><body><main><article><h1>Old mill to be rebuilt</h1>{before}{body}{after}</article></main></body></html>"
    [found] = list(html.read(written.encode(), "a.html"))
    assert isinstance(found, Draft)
    return found


def ld(record: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(record)}</script>'


OWN = {"@type": "NewsArticle", "headline": "Old mill to be rebuilt", "datePublished": "2024-03-01T23:30:00-05:00"}
OTHER = {"@type": "NewsArticle", "headline": "Storm sinks boats", "datePublished": "2011-05-02"}


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (ld(OWN), "2024-03-01"),
        (ld({"@graph": [{"@type": "WebPage", "datePublished": "2015-01-01"}, OWN]}), "2024-03-01"),
        (ld({"@type": "ItemList", "itemListElement": [OTHER]}), None),
        (ld({"@type": "ItemList", "itemListElement": [OTHER]}) + ld(OWN), "2024-03-01"),
        (ld([OTHER, OWN]), "2024-03-01"),
        (ld({**OWN, "dateCreated": "2020-01-01"}), "2024-03-01"),
        (ld({"@type": "NewsArticle", "dateModified": "2024-03-09"}), None),
        ('<meta property="article:published_time" content="1991-01-02T01:01:00+01:00">', "1991-01-02"),
        ('<meta property="article:published_time" content="1931-05-04">', "1931-05-04"),
        ('<meta property="article:modified_time" content="2024-03-09">', None),
        ('<meta name="vr:published-time" content="27.04.2020 18:50">', "2020-04-27"),
        ('<meta name="date" content="11/01/2023 12:43:42">', None),
        ('<meta property="article:published_time" content="Tue, 07/11/2023 - 17:57">', None),
        ('<meta property="article:published_time" content="Tue, 27/11/2023 - 17:57">', "2023-11-27"),
        ('<meta property="article:published_time" content="1970-01-01T00:00:00Z">', None),
        ('<meta property="article:published_time" content="2199-01-01">', None),
        ('<script>window.user={"createTime":"2008-02-02"};</script>', None),
        ('<script type="application/ld+json">{broken</script><meta name="pubdate" content="2024-03-01">', "2024-03-01"),
        (f'<script type="application/ld+json">//<![CDATA[\n{json.dumps(OWN)}\n//]]></script>', "2024-03-01"),
        (f'<script type="application/ld+json">{json.dumps(OWN)[:-1]},}}</script>', "2024-03-01"),
    ],
)
def test_the_date_is_that_of_the_pages_own_article(head: str, date: str | None) -> None:
    assert page(head).published == date


@pytest.mark.parametrize(
    ("before", "after", "date"),
    [
        (
            '<p class="byline">Updated <time datetime="2024-03-05">5 March</time>, published <time datetime="2024-03-01">1 March</time></p>',
            "",
            "2024-03-01",
        ),
        ('<div class="article-meta"><time datetime="2024-03-01T10:00Z">1 March 2024</time></div>', "", "2024-03-01"),
        ('<time class="nav-date">Friday, 8 March 2024</time>', "", None),
        ("", '<aside class="byline"><a href="/x">Old storm</a> <time datetime="2011-05-02">2 May 2011</time></aside>', None),
        ("", '<div class="related byline"><time datetime="2011-05-02">2 May 2011</time></div>', None),
        ("", "<figure><img src=x><figcaption>Snow. Data of 09.03.2016</figcaption></figure>", None),
        ('<time itemprop="datePublished" datetime="2024-03-01">1 March</time>', "", "2024-03-01"),
        ('<time datetime="2024-03-01">1 March 2024</time>', "", "2024-03-01"),  # right under the headline
        ('<header><span>By Ann Doe</span><time datetime="2024-03-01T10:00Z">1 March</time></header>', "", "2024-03-01"),
        ('<abbr class="published" title="2024-03-01T10:00:00">1 March</abbr>', "", "2024-03-01"),
        ('<p class="byline">By Ann Doe, March 1, 2024 (updated March 5, 2024)</p>', "", "2024-03-01"),
        ("<p>Updated 9:00 AM EST, March 5, 2024<br>Published 8:00 AM EST, March 1, 2024</p>", "", None),  # the text itself says it
        ("", "<footer>&copy; 2019 Brenn Gazette</footer>", None),
    ],
)
def test_a_date_in_the_page_counts_where_it_is_the_articles(before: str, after: str, date: str | None) -> None:
    assert page(before=before, after=after).published == date


def test_title_and_outlet() -> None:
    found = page()
    assert (found.title, found.source, found.language) == ("Old mill to be rebuilt", "Brenn Gazette", "en")
    assert page(ld({**OWN, "publisher": {"name": "The Gazette"}})).source == "The Gazette"
    assert page(ld({**OWN, "publisher": {"name": ["Brenn", "Gazette"]}})).source == "Brenn Gazette"
    assert page('<meta property="og:site_name" content="Gazette Online">').source == "Gazette Online"
    graph = {"@graph": [{**OWN, "publisher": {"@id": "#o"}}, {"@type": "Organization", "@id": "#o", "name": "The Echo &amp; Post"}]}
    assert page(ld(graph)).source == "The Echo & Post"
    assert page(ld({**OWN, "publisher": {"name": {"@value": "The Echo"}}})).source == "The Echo"
    assert page(ld({**OWN, "headline": "a short tagline", "name": "Old mill to be rebuilt"})).title == "Old mill to be rebuilt"


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Old mill to be rebuilt | Gazette", "Old mill to be rebuilt", ("Old mill to be rebuilt", "Gazette")),
        ("Old mill to be rebuilt « Gazette", "Old mill to be rebuilt", ("Old mill to be rebuilt", "Gazette")),
        ("Gazette: Old mill to be rebuilt", "Old mill to be rebuilt", ("Old mill to be rebuilt", "Gazette")),
        ("首相、来週訪米へ｜北方新聞", "首相、来週訪米へ", ("首相、来週訪米へ", "北方新聞")),
        ("部长辞职_江河日报", "部长辞职", ("部长辞职", "江河日报")),
        ("Old mi\u00adll to be rebuilt - Gazette", "Old mi\u00adll to be rebuilt", ("Old mill to be rebuilt", "Gazette")),
        ("Old mill to be rebuilt - Gazette", "Politics Old mill to be rebuilt", ("Old mill to be rebuilt", "Gazette")),
        ("Old mill to be rebuilt", "Old mill to be rebuilt", ("Old mill to be rebuilt", "")),
    ],
)
def test_the_title_of_a_page_says_the_outlet_beside_the_headline(title: str, heading: str, expected: tuple[str, str]) -> None:
    written = f"<html><head><title>{title}</title></head><body><article><h1>{heading}</h1>{STORY}</article></body></html>"
    [found] = list(html.read(written.encode(), "a.html"))
    assert (found.title, found.source) == expected


def test_what_stands_beside_a_story_is_left_out_by_what_it_is_called() -> None:
    beside = (
        '<section class="comments"><h3>3 Comments</h3><p>Bob says that mills are old.</p></section>'
        '<div class="related-articles"><h4>Related</h4><ul><li><a href="/1">Old gate breaks in a storm</a></li></ul></div>'
        '<p class="wp-caption-text">The mill at dawn.</p><span class="credit">Ann Doe</span>'
    )
    text = page(before='<p class="byline">ANN DOE</p>', after=beside).text
    assert not [word for word in ("Bob", "gate", "dawn", "DOE", "Doe") if word in text]
    assert "Neighbours had asked" in text
    assert "## What comes next" in page(after=f"<h2>What comes next</h2>{STORY}").text.split("\n\n")


def test_a_short_page_keeps_its_paragraphs_apart_and_leaves_the_menu_out() -> None:
    body = "<p>By Ann Doe</p><p>A mill burnt down.</p><p>No one was hurt.</p><h3>Read more</h3><ul><li><a href=/1>Storm sinks boats</a></li></ul>"
    assert page(body=body).text.split("\n\n") == [
        "Old mill to be rebuilt", "By Ann Doe", "A mill burnt down.", "No one was hurt.", "## Read more", "Storm sinks boats",
    ]  # fmt: skip
    assert "Home" not in page(before="<nav><ul><li>Home</li></ul></nav>", body="<p>Eine Mühle brannte.</p>").text


def test_a_page_may_be_no_more_than_its_article() -> None:
    [found] = list(html.read(b"<article><p>The bridge opened.</p></article>", "a.html"))
    assert found.text == "The bridge opened."


def test_what_is_deleted_hidden_broken_or_raised() -> None:
    body = "<p>The cost is <del>ten</del> <ins>twelve</ins> million,<br>and 10<sup>6</sup> litres of wa&shy;ter<span class=sr-only>, opens new tab</span>.</p>"
    assert "The cost is twelve million, and 10⁶ litres of water." in page(body=body + STORY).text.split("\n\n")


def test_the_cells_of_a_table_hold_what_stands_in_their_lists() -> None:
    rows = "<tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td><ul><li>10:00 to 20:00</li><li>closed at noon</li></ul></td></tr>"
    text = page(after=f"<table>{rows}</table>").text
    assert "10:00 to 20:00; closed at noon" in text
    assert "Day" in text


@pytest.mark.parametrize(
    ("charset", "encoding", "said"),
    [
        ("iso-8859-1", "cp1252", "“We’re late – again,” the miller said of the café by the old mill in Brenn."),
        ("latin1", "cp1252", "“We’re late – again,” the miller said of the café by the old mill in Brenn."),
        ("gb2312", "gb18030", "外交部发言人星期一表示，两国将于下月恢复谈判，并就边境问题交换意见。"),
        ("windows-1251", "cp1251", "Совет города решил восстановить старую мельницу."),
    ],
)
def test_a_declared_charset_is_read_as_browsers_do(charset: str, encoding: str, said: str) -> None:
    written = (
        f"<html><head><meta charset={charset}><title>T</title></head><body><article><p>{said}</p>{STORY}</article></body></html>"
    )
    [found] = list(html.read(written.encode(encoding), "a.html"))
    assert said in found.text.split("\n\n")


def test_one_broken_byte_costs_one_character() -> None:
    written = f"<html><head><meta charset=utf-8><title>T</title></head><body><article><p>“At the caf\xe9,” she said – at noon.</p>{STORY}</article></body></html>"
    [found] = list(html.read(written.encode().replace("é".encode(), b"\xe9"), "a.html"))
    assert "“At the caf\ufffd,” she said – at noon." in found.text.split("\n\n")
