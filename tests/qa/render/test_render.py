from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from pullquote import Answer, Quote, TemplateError, render
from pullquote.qa.render.render import FORMATS, render_template

EVIL = "Stop \x1b[31mred\x00 \u202eback <script>alert(1)</script> & *bold* [x](javascript:x)"


def quote(text: str = "The bridge opened on Saturday.", **other: object) -> Quote:
    fields = {
        "rank": 1, "text": text, "article_id": "bridge.md", "passage_id": "bridge.md:0-9", "title": "New bridge", "source": "Post",
        "url": "https://post.example/b", "published": "2021-05-01", "start": 0, "end": len(text), "confidence": 0.5,
        "matches": ((4, 10), (11, 17)),
    }  # fmt: skip
    return Quote(**{**fields, **other})  # type: ignore[arg-type]


def answer(*quotes: Quote, question: str = "When did the bridge open?") -> Answer:
    return Answer(question, "answered" if quotes else "no_answer", "" if quotes else "nothing comes close", quotes, {"articles": 1})


def test_text() -> None:
    assert render(
        answer(quote(), quote("It cost a lot.", rank=2, source="", title="", published=None, matches=(), line=7, confidence=0.49))
    ) == (
        "The bridge opened on Saturday.\n  [1] Post · New bridge · 2021-05-01 · bridge.md:0-30, line 1 · 50 % sure\n\n"
        "It cost a lot.\n  [2] bridge.md:0-14, line 7 · perhaps, 49 % sure\n\n"
    )


def test_text_on_a_terminal_marks_the_words_of_the_question() -> None:
    shown = render(answer(quote()), colour=True)
    assert shown.startswith("The \x1b[1mbridge\x1b[0m \x1b[1mopened\x1b[0m on Saturday.\n")


def test_markdown() -> None:
    assert render(answer(quote()), "markdown") == (
        "### When did the bridge open?\n\n> The **bridge** **opened** on Saturday.\n>\n"
        "> \\[1\\] Post · New bridge · 2021-05-01 · [bridge.md:0-30, line 1](https://post.example/b) · 50 % sure\n\n"
    )


def test_html() -> None:
    shown = render(answer(quote()), "html")
    assert (
        '<blockquote cite="https://post.example/b">The <mark>bridge</mark> <mark>opened</mark> on Saturday.</blockquote>' in shown
    )
    assert '<a href="https://post.example/b">bridge.md:0-30, line 1</a> · 50 % sure' in shown


def test_json_is_the_contract() -> None:
    record = json.loads(render(answer(quote()), "json"))
    assert list(record) == [
        "schema", "question", "status", "reason", "read_as", "quotes", "nearest", "disagreements", "corroboration", "index",
    ]  # fmt: skip
    assert record["schema"] == "pullquote.answer/1"
    assert list(record["quotes"][0]) == [
        "rank", "text", "article_id", "passage_id", "title", "source", "url", "published", "start", "end", "confidence",
        "also", "superseded_by", "span", "context", "link", "digest", "cut_before", "cut_after", "line",
        "locator", "dated_by",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_no_answer_says_why(form: str) -> None:
    assert "No answer: nothing comes close." in render(answer(), form)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_that_steers_a_terminal_or_a_page_comes_through(form: str) -> None:
    evil = quote(EVIL, title=EVIL, source=EVIL, article_id=EVIL, url="javascript:alert(1)", matches=((0, 4),))
    shown = render(answer(evil, question=EVIL), form)  # type: ignore[arg-type]
    assert not {"\x1b", "\x00", "\u202e"} & set(shown)
    if form in ("html", "markdown"):
        assert "<script" not in shown
        assert "href=" not in shown
    if form == "markdown":
        assert "](" not in shown.replace("\\](", "")
    if form == "html":
        assert html.escape("<script>alert(1)</script> & *bold*") in shown
    if form == "json":
        assert json.loads(shown)["quotes"][0]["text"] == EVIL


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text(
        "{% for q in answer.quotes %}{{ q.rank }}: {{ q.text | upper }} ({{ q | marked }}) {{ q.title | line }}{% endfor %}\n"
    )
    assert (
        render_template(answer(quote()), path) == "1: THE BRIDGE OPENED ON SATURDAY. (The bridge opened on Saturday.) New bridge\n"
    )


@pytest.mark.parametrize(
    ("name", "shown"), [("own.html", "&lt;b&gt;"), ("own.html.jinja", "&lt;b&gt;"), ("own.md", "&lt;b>"), ("own.txt", "<b>")]
)
def test_the_name_of_a_template_says_how_to_escape(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / name).write_text("{{ answer.question }}")
    assert render_template(answer(question="<b>"), tmp_path / name) == shown


@pytest.mark.parametrize(
    "source", ["{{ answer.question | e }}", "<a {{ {'t': answer.question} | xmlattr }}>", "{{ answer.question | safe }}"]
)
def test_nor_does_a_page(tmp_path: Path, source: str) -> None:
    (tmp_path / "own.html").write_text(source)
    assert not {"\x1b", "\u202e", "\x00"} & set(render_template(answer(question=EVIL), tmp_path / "own.html"))


def test_a_template_lets_no_control_character_through(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("{{ answer.question }}{{ answer.question | safe }}{{ answer.question ~ 'x' }}")
    assert "\x1b" not in render_template(answer(question=EVIL), tmp_path / "own.txt")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("one\n{% for %}", ":2: Expected"),
        ("one\n\n{{ answer.nothing }}", ":3: 'pullquote.qa.answer.Answer object' has no attribute 'nothing'"),
        ("{{ nothing }}", ":1: 'nothing' is undefined"),
        ("\n{{ 1 / 0 }}", ":2: ZeroDivisionError"),
        ("{{ answer.__class__.__mro__ }}", ":1: access to attribute '__class__'"),
        ("{% include '/etc/passwd' %}", ":1: "),
        ("{{ answer | nofilter }}", ":1: No filter named 'nofilter'"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", ": it calls itself without end"),
        ("{{ range(10**9) | list }}", ":1: OverflowError"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_one_line_with_its_line_number(tmp_path: Path, source: str, message: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text(source)
    with pytest.raises(TemplateError) as error:
        render_template(answer(quote()), path)
    assert str(error.value).startswith(f"{path}{message}")
    assert "\n" not in str(error.value)


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot be read as a template"):
        render_template(answer(quote()), tmp_path / "none.txt")
