"""Texts folded to a width, with marks that take none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pullquote.qa.render.wrapping import wrapped


def test_words_are_folded_and_marked() -> None:
    text = "The old ferry  made\nits last trip."
    assert list(wrapped(text, [(8, 13), (29, 33)], 10, ("<", ">"))) == ["The old", "<ferry> made", "its last", "<trip>."]
    assert list(wrapped(text, [], 0)) == ["The old ferry made its last trip."]
    assert list(wrapped("\x1b[31mred", [(5, 8)], 0, ("<", ">"))) == ["\\x1b[31m<red>"]
    assert list(wrapped("首相は再開と語った。", [(3, 5)], 8, ("<", ">"))) == ["首相は<再>", "<開>と語っ", "た。"]
    assert list(wrapped("", [], 10)) == []


@given(st.text(alphabet="ab 首\n\u0301", max_size=60), st.integers(2, 20))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = list(wrapped(text, [], width))
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
