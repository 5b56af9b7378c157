from __future__ import annotations

import codecs
import random
import time
import tracemalloc
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.readers.web import feeds
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

CONTENT = "http://purl.org/rss/1.0/modules/content/"
SPACES = f'xmlns:content="{CONTENT}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
ATOM = "http://www.w3.org/2005/Atom"


def rss(items: str, head: str = "<title>Post</title>", version: str = "2.0") -> str:
    return f'<?xml version="1.0"?><rss version="{version}" {SPACES}><channel>{head}{items}</channel></rss>'


def atom(entries: str, head: str = "<title>Post</title>") -> str:
    return f'<?xml version="1.0"?><feed xmlns="{ATOM}">{head}{entries}</feed>'


def drafts(data: str | bytes) -> list[Draft | ReadError]:
    return list(feeds.read(data if isinstance(data, bytes) else data.encode(), "f.xml"))


def one(data: str | bytes) -> Draft:
    [draft] = drafts(data)
    assert isinstance(draft, Draft)
    return draft


def test_a_feed_written_by_a_library_is_read_as_written(tmp_path: Path) -> None:
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    said = [("title", "Post & Herald"), ("link", "https://post.example/"), ("language", "en-gb"), ("description", "News")]
    for name, value in said:
        ElementTree.SubElement(channel, name).text = value
    for number, page in enumerate(["<p>The mill burned.</p><p>It was <s>new</s> old &amp; empty.</p>", "5 < 6, he said."], start=1):
        item = ElementTree.SubElement(channel, "item")
        fields = [
            ("title", f"Story <{number}>"),
            ("link", f"https://post.example/{number}?a=1&b=2"),
            ("guid", f"https://post.example/g{number}"),
        ]
        for name, value in [
            *fields,
            ("pubDate", f"Tue, {number} Oct 2024 23:30:00 -0500"),
            ("description", "Short."),
            (f"{{{CONTENT}}}encoded", page),
        ]:
            ElementTree.SubElement(item, name).text = value
    ElementTree.ElementTree(root).write(tmp_path / "post.rss", "utf-8", xml_declaration=True)
    texts = ["The mill burned.\n\nIt was old & empty.", "5 < 6, he said."]
    assert list(read(tmp_path)) == [
        Article(f"https://post.example/g{n}", text, f"Story <{n}>", "Post & Herald", f"https://post.example/{n}?a=1&b=2", f"2024-10-0{n}", "en-gb")
        for n, text in enumerate(texts, start=1)
    ]  # fmt: skip


def test_entries_without_ids_have_those_of_their_places(tmp_path: Path) -> None:
    items = "<item><title>A</title><description>One.</description></item><item><title>B</title></item><item><description>Three.</description><pubDate>soon</pubDate></item>"
    (tmp_path / "a.xml").write_text(rss(items))
    walk = Walk()
    [file] = files([tmp_path / "a.xml"], walk)
    assert [(article.id, article.text) for article in file.articles(walk)] == [("a.xml#1", "One."), ("a.xml#3", "Three.")]
    assert [str(problem) for problem in walk.problems] == [f"{tmp_path}/a.xml#2: an entry without text"]
    assert [str(warning) for warning in walk.warnings] == [
        f"{tmp_path}/a.xml#3: published is left out: 'soon' is not a date (write YYYY-MM-DD)"
    ]


RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {SPACES}>
<channel rdf:about="http://r.example/"><title>Post</title><dc:language>en</dc:language></channel>
<item rdf:about="http://r.example/1"><title>Mill</title><link>http://r.example/1</link><description>Short.</description>
<dc:date>2004-05-06T23:10:00+02:00</dc:date><content:encoded><![CDATA[<p>The mill burned.</p>]]></content:encoded></item></rdf:RDF>"""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RDF, Draft("f.xml#1", "The mill burned.", "http://r.example/1", "Mill", "Post", "http://r.example/1", "2004-05-06", "en")),
        (rss("<item><title>Mill</title><link>http://p.example/1</link><description>It burned.</description></item>", version="0.91"),
         Draft("f.xml#1", "It burned.", "", "Mill", "Post", "http://p.example/1")),
        (atom('<entry xml:lang="de"><title>M</title><link rel="self" href="http://s/"/><link href="http://a.example/1"/><id>tag:a,1</id>'
              "<published>2024-01-01T00:00:00Z</published><updated>2024-02-01T00:00:00Z</updated><summary>S.</summary>"
              '<content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry>'),
         Draft("f.xml#1", "One.\n\nTwo.", "tag:a,1", "M", "Post", "http://a.example/1", "2024-01-01", "de")),
        (atom("<entry><id>tag:a,2</id><updated>2024-02-01T00:00:00Z</updated><summary>One.</summary></entry>"),
         Draft("f.xml#1", "One.", "tag:a,2", "", "Post", "", "2024-02-01")),
        (rss('<item><guid isPermaLink="false">g1</guid><description>One.</description><source url="http://h.example">Herald</source></item>'),
         Draft("f.xml#1", "One.", "g1", "", "Herald")),
    ],
)  # fmt: skip
def test_kinds_of_feeds(data: str, expected: Draft) -> None:
    assert one(data) == expected


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("<description>One.\n\n  Two\nlines.</description>", "One.\n\nTwo lines."),
        ("<description><![CDATA[One <b>bold</b> & two.]]></description>", "One bold & two."),
        ("<description>Fish &amp;amp; chips</description>", "Fish & chips"),
        ("<description>Fish & chips</description>", "Fish & chips"),
        ("<description>Caf&eacute; &mdash; &#8220;new&#x201d;</description>", "Café — “new”"),
        ("<description>&lt;p&gt;200 m&lt;sup&gt;2&lt;/sup&gt;&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description>", "200 m²"),
        ("<description>Short.</description><content:encoded><![CDATA[<ul><li>One</li><li>Two</li></ul>]]></content:encoded>", "One\n\nTwo"),
        ("<content:encoded><![CDATA[<img src='a'>]]></content:encoded><description>One.</description>", "One."),
        ("<content:encoded><![CDATA[The <em>mill</em>\nburned.\n\nIt was <a href='x'>old</a>.]]></content:encoded>", "The mill burned.\n\nIt was old."),
        ("<description>Short.</description><media:description type='plain'>A man looks at the mill that burned.</media:description>", "Short."),
        ("<media:group><media:description>All that is said.</media:description></media:group>", "All that is said."),
        ("<itunes:summary>The longer text of the two.</itunes:summary><description>Short.</description>", "The longer text of the two."),
        ("<description>Cafe\u0301</description>", "Caf\u00e9"),
        ("<description>One\x0b two.</description>", "One two."),
        ("<foo:bar>x</foo:bar><description>One.</description>", "One."),
    ],
)  # fmt: skip
def test_texts_of_rss(said: str, text: str) -> None:
    assert one(rss(f"<item>{said}</item>")).text == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ('<content type="text">5 &lt; 6 and <![CDATA[<b>no</b>]]>.\n\nTwo\nlines.</content>', "5 < 6 and <b>no</b>.\n\nTwo lines."),
        ('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &lt; <em>two</em>.</p><p>Three.</p></div></content>', "One < two.\n\nThree."),
        ('<content type="html"><![CDATA[<p>One &amp; two.</p>]]></content><summary>Short.</summary>', "One & two."),
        ('<content type="image/png" src="a.png"/><summary>Short.</summary>', "Short."),
        ('<summary type="html">&lt;p&gt;One.</summary>', "One."),
    ],
)  # fmt: skip
def test_texts_of_atom(said: str, text: str) -> None:
    assert one(atom(f"<entry><id>a</id>{said}</entry>")).text == text


@pytest.mark.parametrize(
    ("title", "expected"),
    [("5 &lt; 6", "5 < 6"), ("Fish &amp;amp; chips", "Fish & chips"), ("<![CDATA[The <i>Holt</i>\n sank]]>", "The Holt sank"), ("a  b\n", "a b")],
)  # fmt: skip
def test_titles(title: str, expected: str) -> None:
    assert one(rss(f"<item><title>{title}</title><description>One.</description></item>")).title == expected


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.replace('"1.0"', '"1.0" encoding="ISO-8859-1"').encode("cp1252"),
        lambda text: text.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: b"\n\n " + text.encode(),
        lambda text: text.removeprefix('<?xml version="1.0"?>').encode(),
    ],
)
def test_encodings(encode: object) -> None:
    assert callable(encode)
    assert one(encode(rss("<item><description>Le café est “ouvert”.</description></item>"))).text == "Le café est “ouvert”."


def test_an_export_of_wordpress_gives_its_posts() -> None:
    item = '<item><title>{}</title><content:encoded><![CDATA[{}]]></content:encoded><wp:post_type xmlns:wp="http://wordpress.org/export/1.2/">{}</wp:post_type></item>'
    found = drafts(
        rss(item.format("A", "One.", "post") + item.format("Menu", "", "nav_menu_item") + item.format("B", "Two.", "page"))
    )
    assert [(draft.where, draft.text) for draft in found if isinstance(draft, Draft)] == [("f.xml#1", "One."), ("f.xml#2", "Two.")]
    assert len(found) == 2


NITF = """<nitf><head><title>Head</title><docdata><doc-id id-string="n1"/><date.issue norm="20250211T060000Z"/></docdata>
<pubdata name="Wire"/></head><body><body.head><hedline><hl1>Tunnel
approved</hl1></hedline><byline>By A</byline></body.head><body.content><block><p>One <em>and</em>
two.</p><media><media-metadata name="x">no</media-metadata><media-caption>A tunnel.</media-caption></media></block>
<hl2>Cost</hl2><p>Three.</p><table><tr><td>a</td><td>b</td></tr></table></body.content></body></nitf>"""
G2 = f"""<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:1" xml:lang="en"><itemMeta><provider qcode="w"><name>Wire</name></provider><versionCreated>2025-02-11T06:00:00Z</versionCreated></itemMeta>
<contentMeta><headline>Big</headline></contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head>
<body><p>One.</p><p>Two.</p></body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:2"><contentSet/></newsItem><newsItem guid="urn:3"><contentSet><inlineXML>{NITF}</inlineXML></contentSet></newsItem></itemSet></newsMessage>"""


def test_stories_of_agencies() -> None:
    text = "One and two.\n\nA tunnel.\n\nCost\n\nThree.\n\na | b"
    assert one(NITF) == Draft("f.xml", text, "n1", "Tunnel approved", "Wire", "", "2025-02-11")
    first, second, third = drafts(G2)
    assert first == Draft("f.xml#1", "One.\n\nTwo.", "urn:1", "Big", "Wire", "", "2025-02-11", "en")
    assert str(second) == "f.xml#2: a story without text"
    assert third == Draft("f.xml#3", text, "urn:3", "Tunnel approved", "Wire", "", "2025-02-11")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "f.xml: an empty file"),
        ("The mill burned.", "f.xml: no feed: it is no XML ("),
        ("<urlset><url><loc>http://a.example/</loc></url></urlset>", "f.xml: no feed: its root is <urlset> ("),
        ("<html><body><p>One.</p></body></html>", "f.xml: no feed: its root is <html> ("),
        (rss(""), "f.xml: a feed without entries"),
        (f"<{'a' * 1000}/>", f"f.xml: no feed: its root is <{'a' * 40}> ("),
        ("\0\1", "f.xml: a binary file, not text"),
    ],
)
def test_what_is_no_feed_is_refused_in_a_line(data: str, message: str) -> None:
    with pytest.raises(ReadError) as error:
        drafts(data)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_what_is_left_of_a_broken_feed_is_read_with_a_warning() -> None:
    whole = rss("<item><description>One & <b>two</description></item><item><description>Three.</description></item>")
    first, second = drafts(whole[: whole.index("</description></item></channel>")])
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.text, second.text) == ("One & two", "Three.")
    [warning] = first.warnings
    assert warning.startswith("the feed is broken, some of it may be missing: ")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE r [<!ENTITY a "0123456789"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY x "0123456789>]">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_are_never_expanded(doctype: str) -> None:
    page = rss("<item><description>One &x; two.</description></item>").replace("<rss", f"{doctype}<rss", 1)
    assert one(page).text == "One &x; two."


def test_entities_that_would_fill_the_memory() -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    page = rss(f"<item><description>One {'&e11;' * 20_000}</description></item>")
    tracemalloc.start()
    found = one(page.replace("<rss", f'<!DOCTYPE r [<!ENTITY e0 "{"x" * 10_000}">{lines}]><rss', 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.text.startswith("One &e11;")
    assert peak < 1 << 25


UNITS = ["<", "<a>", "<x:a>", "&", "&a;", "&nbsp;", "<!--", "<![CDATA[", "]]>", "<!DOCTYPE ", "'", "<item>", "<item><title>a</title></item>", "<a b='",
         "<media:description ", "\n", escape("<p>"), "&lt;", escape("<a b='"), escape("<!--"), "&#x301;", "<x:a y:b='c'/>"]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_no_run_takes_a_square_of_time(unit: str) -> None:
    begun = time.monotonic()
    run = unit * (30_000 // len(unit))
    for data in (f"<rss><channel><item><description>{run}", run, f"<!DOCTYPE x [{run}", f"<rss><channel><item><x:d>{run}"):
        try:
            drafts(data)
        except ReadError:
            continue
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "whole", [RDF, NITF, G2, atom("<entry><id>a</id><content type='html'>&lt;p&gt;One.&lt;/p&gt;</content></entry>")]
)
def test_damaged_feeds_are_read_or_refused(whole: str) -> None:
    some, count, data = random.Random(4), 0, whole.encode()
    for number in range(160):
        broken = bytearray(data[: len(data) * number // 60] if number < 60 else data)
        for _ in range(some.randint(1, 6) if number >= 60 else 0):
            broken[some.randrange(len(broken))] = some.randrange(256)
        try:
            count += sum(isinstance(draft, Draft) for draft in drafts(bytes(broken)))
        except ReadError:
            continue
    assert count > 40
