from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.render.escaping import markdown, one_line, to_json, visible, web_address

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


def test_markdown_is_text_again() -> None:
    assert markdown("<b>*x*</b> [y](z) & `c`") == "&lt;b&gt;\\*x\\*&lt;/b&gt; \\[y\\](z) &amp; \\`c\\`"
    assert markdown("1. x\n- y\n# z") == "1\\. x\n\\- y\n\\# z"


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
