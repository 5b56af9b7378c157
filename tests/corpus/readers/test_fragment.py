"""HTML and Markdown as text."""

from __future__ import annotations

import pytest

from pullquote.corpus.readers import markdown
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.readers.fragment import is_html, text_of_html


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>The port is old<br>and cold<br/>\nand wet.</p>", "The port is old and cold and wet."),
        ("<p>One.<br><br>Two.<br>\n<br>Three.</p>", "One.\n\nTwo.\n\nThree."),
        ("<p>It costs <del>ten</del> <ins>twelve</ins> million.</p>", "It costs twelve million."),
        ("<p>It was <s>lost</s> won and <strike>x</strike> done.</p>", "It was won and done."),
        ("<p>10<sup>6</sup> litres of H<sub>2</sub>O, x<sup>n</sup></p>", "10⁶ litres of H₂O, xⁿ"),
        ("<p>In 1965.<sup><a href='#n3'>[3]</a></sup> It was void.</p>", "In 1965. It was void."),
        ("<p>the 5<sup>th</sup> of May</p>", "the 5th of May"),
        (
            "<table><tr><th>Day</th><th>Hours</th></tr><tr><td>Mon</td><td>10 to 20</td></tr></table>",
            "Day | Hours\n\nMon | 10 to 20",
        ),
        ("<table><tr><td>Mon<td><ul><li>10 to 20</li><li>closed</li></ul></table>", "Mon | 10 to 20; closed"),
        ("<p>inter&shy;national wort\u200bbreak</p>", "international wortbreak"),
        ("<p>10<sup>12.5</sup> and 5<sup>1,000</sup></p>", "10¹².⁵ and 5¹,⁰⁰⁰"),
        ("<p>In 1974.<sup>1,2</sup> It rose<sup>b</sup> by 2010.<sup>5–7</sup></p>", "In 1974.¹,² It roseᵇ by 2010.⁵–⁷"),
        ("<p>In 2001<sup>[4]</sup> it<sup>[citation needed]</sup> rose<sup>:12</sup>.</p>", "In 2001 it rose."),
        ("<ruby>首相<rp>(</rp><rt>しゅしょう</rt><rp>)</rp></ruby>は", "首相は"),
        ("<p>He won <span style='text-decoration: line-through'>gold</span> silver.</p>", "He won silver."),
        (
            "<p><span style='position:absolute;left:-9999px'>five </span>ten <span class='offscreen'>x</span>crowns</p>",
            "ten crowns",
        ),
        (
            "<table><tr><td><h1>Dam holds</h1><p>By Ann Doe</p><p>The dam held.</p></td></tr></table>",
            "Dam holds\n\nBy Ann Doe\n\nThe dam held.",
        ),
        ("<p>The energy is <math><mi>E</mi><mo>=</mo><mn>5</mn></math> joules.</p>", "The energy is E=5 joules."),
        ("<p>said in a filing<span style='clip:rect(0px,0px,0px,0px);width:1px'>, opens new tab</span>.</p>", "said in a filing."),
        ("<p>Read <span class='sr-only'>this</span> that</p>", "Read that"),
        ("<div>One<div>Two</div>three</div>", "One\n\nTwo\n\nthree"),
        ("<script>var x;</script><style>p {}</style><p>One.</p><!-- no -->two", "One.\n\ntwo"),
        ("<pre>if x:\n    y()</pre>", "if x:\n\n    y()"),
        ("plain &amp; simple", "plain & simple"),
        ("  ", ""),
        ("<p>&nbsp;</p>", ""),
        ("<p>null \x00 byte</p>", "null byte"),
    ],
)
def test_html_as_text(page: str, text: str) -> None:
    assert text_of_html(page) == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<h2>Head</h2><p>One.</p>", "## Head\n\nOne."),
        ("<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>", "- a\n\n- b\n\n1. c\n\n2. d"),
        ("<p><a href='https://a.example/x'>Old storm</a></p>", "[Old storm](https://a.example/x)"),
        ("<p>See <a href='https://a.example/x'>Old storm</a></p>", "See Old storm"),
        ("<pre><code># a note\nrun()</code></pre>", "    # a note\n\n    run()"),
    ],
)
def test_html_with_its_structure(page: str, text: str) -> None:
    assert text_of_html(page, structure=True) == text


def test_deep_nesting_is_gone_through() -> None:
    assert text_of_html("<div>" * 250 + "deep" + "</div>" * 250) == "deep"
    assert text_of_html("<b><i>" * 1000 + "deep") == "deep"


@pytest.mark.parametrize(
    ("text", "html"), [("<p>One.</p>", True), ("a <b>b</b>", True), ("a<br>b", True), ("1 < 2 > 0", False), ("<3", False)]
)
def test_whether_a_text_is_html(text: str, html: bool) -> None:
    assert is_html(text) is html


def draft(written: str) -> Draft:
    [found] = list(markdown.read(written.encode(), "a.md"))
    assert isinstance(found, Draft)
    return found


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (
            "The council agreed to widen\nthe channel, and to pay twelve\nmillion crowns.",
            "The council agreed to widen the channel, and to pay twelve million crowns.",
        ),
        ("It was **very** _old_ and `cold`.", "It was very old and cold."),
        ("The [minutes](https://a.example/2024) are out.", "The minutes are out."),
        ("It costs ~~ten~~ twelve.", "It costs twelve."),
        ("# Head\n\nOne.", "# Head\n\nOne."),
        ("- one\n- two", "- one\n\n- two"),
        ("> She said\n> no.", "She said no."),
        ("```\n# open the log\n```\n\nOne.", "    # open the log\n\nOne."),
        ("| Day | Hours |\n|---|---|\n| Mon | 10 |", "Day | Hours\n\nMon | 10"),
        ("One.[^1]\n\n[^1]: A note.", "One.\n\n1. A note."),
        ("![alt](a.jpg)\n\nOne.", "One."),
        ("a <del>b</del> c", "a c"),
        ("5 \\* 3 &amp; 2", "5 * 3 & 2"),
        ("北の水路を広げる\nことで合意した。", "北の水路を広げることで合意した。"),
        ("| # ls | list |\n|---|---|\n| a | b |", "# ls | list\n\na | b"),
    ],
)
def test_markdown_is_read_as_its_readers_see_it(written: str, text: str) -> None:
    assert draft(written).text == text


@pytest.mark.parametrize(
    ("front", "title", "date", "warned"),
    [
        ("---\ntitle: T\ndate: 2024-03-05 8:03:00\n---\n", "T", "2024-03-05", False),
        ("---\ntitle: T\ndate: 2024-03-05 9:00:00 -4\n---\n", "T", "2024-03-05", False),
        ("---\ntitle: T\ndate: 05.03.2024\n---\n", "T", "2024-03-05", False),
        ("---\ntitle: T\ndate: 03/05/2024\n---\n", "T", None, True),
        ("---\ntitle: T\ndate: soon\n---\n", "T", None, True),
        ("---\ntitle: Colon: inside\ndate: 2024-03-05\n---\n", "Colon: inside", "2024-03-05", True),
        ("---\ntitle: @mention\ndate: 2024-03-05\n---\n", "@mention", "2024-03-05", True),
        ("---\nHeadline: T\nPublished: 2024-03-05\n---\n", "T", "2024-03-05", False),
        ('+++\ntitle = "T"\ndate = 2024-03-05T10:00:00Z\n+++\n', "T", "2024-03-05", False),
        ('{\n "title": "T",\n "date": "2024-03-05"\n}\n', "T", "2024-03-05", False),
        ("\n---\ntitle: T\ndate: 2024-03-05\n---\n", "T", "2024-03-05", False),
    ],
)
def test_front_matter_of_every_kind(front: str, title: str, date: str | None, warned: bool) -> None:
    found = draft(f"{front}\nThe council met.")
    assert (found.title, found.published, found.text, bool(found.warnings)) == (title, date, "The council met.", warned)
