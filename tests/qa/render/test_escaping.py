from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pullquote.qa.render.escaping import markdown, one_line, to_json, visible, web_address, within

UNSAFE = ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x9b", "\u200f", "\u202e", "\u2066", "\u2028", "\ufeff", "\U000e0041", "\ud800"]


@pytest.mark.parametrize("character", UNSAFE)
def test_an_unsafe_character_is_spelled_out(character: str) -> None:
    shown = visible(f"a{character}b")
    assert character not in shown
    assert shown.startswith("a\\")


def test_ordinary_text_of_any_script_stays_as_it_is() -> None:
    for text in ("a\tb\nc", "“é” 東京 العربية עברית 👨‍👩‍👧 नमस्ते"):
        assert visible(text) == text


@given(st.text())
def test_json_is_safe_and_reads_back_to_the_same_text(text: str) -> None:
    shown = to_json({"text": text, "more": [text]})
    assert visible(shown) == shown
    assert json.loads(shown)["text"] == text


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert "\n" not in one_line(text)


def test_markdown_is_escaped_where_it_must_be() -> None:
    assert markdown("<b>*x*</b> [y](z) & `c`") == "&lt;b>\\*x\\*&lt;/b> [y\\](z) & \\`c\\`"
    assert markdown("1. x\n- y\n# z\n> w\n|-|\n*** | v") == "1\\. x\n\\- y\n\\# z\n\\> w\n\\|-|\n\\*\\*\\* | v"
    plain = 'Mr. [Ito] paid 5 * 6 > 20 & more: 1984. Its snake_case, #2 of 10, a|b, 3 < 4, ~40 % - "so" + 1.'
    assert markdown(plain) == plain
    assert within("a|b] [c") == "a\\|b\\] \\[c"


_PIECES = st.sampled_from([*"ab1 .\n*_~`[]()!<>&#|-+=:\\/;^x9)", "&amp;", "](", "**", "~~", "\n\n", "\n- ", "<b>", "# "])


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_a_reader_of_markdown_sees_the_text_again(text: str) -> None:
    """By a reader of CommonMark, with tables and strikes."""
    text = "\n".join(line.strip() for line in text.split("\n"))
    seen = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown(text))
    assert set(re.findall(r"</?([a-z0-9]+)", seen)) <= {"p"}
    assert html.unescape(re.sub("<[^>]*>", "", seen)).split() == visible(text).split()


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/b?c=d#e", "https://a.example/b?c=d#e"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("/relative", ""),
        ("http://[x", ""),
        ('https://a.example/)"<x>', "https://a.example/%29%22%3Cx%3E"),
        ("", ""),
    ],
)
def test_only_web_addresses_are_followed(url: str, safe: str) -> None:
    assert web_address(url) == safe
