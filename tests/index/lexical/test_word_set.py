"""Each word of a quote is one of the text that it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Build, HashEncoder

import pullquote
from pullquote.index.lexical.typography import fold
from pullquote.index.lexical.word_set import word_set

HYPHEN = "\u00ad"  # where a word may be folded: it goes on behind it
PIECES = (
    "the",
    "Ferry",
    "o’clock",
    "re-\nported",
    "ﬁnally",
    "１２",
    "İzmir",
    "café",
    "首相は語った",
    "ไทย",
    "“",
    "”",
    "–",
    " ",
    HYPHEN,
    "1.5",
    "a_b",
    "…",
)


def test_words() -> None:
    assert word_set("The re-\nported “Ferry”, 1.5") == {"the", "re", "ported", "reported", "ferry", "1", "5"}
    assert len(word_set("首相は")) == 2
    assert word_set("相は") < word_set("首相は語った")
    assert word_set("語") == set()
    assert word_set("café") == word_set("CAFÉ") != word_set("cafe")


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 80), st.integers(0, 80), st.sampled_from(["", " ", "\n"]))
def test_wherever_a_quote_stands_its_words_are_words_of_the_text(pieces: list[str], start: int, length: int, between: str) -> None:
    text = between.join(pieces)
    quote = text[start : start + length]
    cut = any(text[:at].rstrip(HYPHEN)[-1:].isalnum() and text[at:].lstrip(HYPHEN)[:1].isalnum() for at in (start, start + length))
    if not cut and "-" not in (text[start + length : start + length + 1], text[start - 1 : start], quote[:1], quote[-1:]):
        assert word_set(quote) <= word_set(text)
        assert word_set(fold(quote).text) <= word_set(text)


@pytest.mark.parametrize("how", ["update", "remove", "rebuild"])
def test_the_lists_follow_the_articles(build: Build, how: str) -> None:
    index = build([pullquote.Article(id=i, text=f"The {i} sails at nine. It is late.") for i in ("ferry", "barge", "tug")])
    assert [i for i, _ in index.texts_with("sails NINE")] == ["barge", "ferry", "tug"]
    assert [i for i, _ in index.texts_with("the ferry")] == ["ferry"]
    assert [i for i, _ in index.texts_with("the liner")] == []
    assert len(list(index.texts_with("…"))) == 3
    with pullquote.Writer(index.folder, HashEncoder()) as writer:
        if how == "update":
            writer.stage([pullquote.Article(id="ferry", text="The liner sails at noon.")])
        else:
            writer.remove(["ferry"])
        writer.rebuild() if how == "rebuild" else writer.commit()
    with pullquote.Index.open(index.folder, HashEncoder()) as changed:
        assert [i for i, _ in changed.texts_with("nine")] == ["barge", "tug"]
        assert [i for i, _ in changed.texts_with("liner")] == (["ferry"] if how == "update" else [])
