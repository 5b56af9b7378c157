"""Where a line break is a paragraph's end, and where it only folds a line: each boundary worked out by hand."""

from __future__ import annotations

import pytest

from pullquote.corpus.paragraphs import paragraphs

A = "a" * 39  # a line of 40 with its full stop or comma


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


@pytest.mark.parametrize(
    ("lines", "folded"),
    [
        ((f"{A},", "bbb ccc"), True),  # the widest line is the first: no word fits after it
        ((f"{A},", "bbb ccc", "d" * 43), True),  # 44 > 43
        ((f"{A},", "Bbb ccc", "d" * 44), False),  # 44 fits: as many lines are wider as are folded
        ((f"{A}.", "bbb ccc", "d" * 43), False),  # a sentence ends
        ((f"{A}:", "bbb ccc", "d" * 43), False),
        ((f"{A}.”", "bbb ccc", "d" * 43), False),
        ((f"{A},", "- bbb ccc", "d" * 41), False),  # a new item
        ((f"{A},", "12. bbb", "d" * 43), False),
        ((f"{A},", "Bbb ccc", "d" * 43), False),  # no line after a fold begins with a small letter: not wrapped text
        ((f"{'a' * 19},", "b" * 30, "d" * 31), True),  # 20 characters are enough
        ((f"{'a' * 18},", "B" * 30, "d" * 31), False),  # 19 are not
        ((f"{'a' * 24},", "b" * 30, "d" * 50), True),  # half the width
        ((f"{'a' * 23},", "B" * 30, "d" * 50), False),
        ((f"{'a' * 23},", "b" * 30, "d" * 50), True),  # shorter, but what follows goes on with a small letter
        ((f"{'a' * 15},", "b" * 30, "d" * 50), True),  # from a third of the width on
        ((f"{'a' * 14},", "b" * 30, "d" * 50), False),
        ((f"{'a' * 110},", "b" * 30, "d" * 132), True),  # lines of 132 are wrapped ones
        ((f"{A},", "bbb ccc", "d" * 133), True),  # a wider line says nothing of the width
        ((f"{A},", f"bbb{A}", "ccc", "d" * 119), True),  # one line that is wider than the two that are folded
    ],
)
def test_a_break_folds_a_line_where_the_next_word_would_not_have_fitted(lines: tuple[str, ...], folded: bool) -> None:
    shown = parts("\n".join(lines))
    assert (shown[0] != lines[0]) is folded
    assert shown[0].startswith(f"{lines[0]}\n{lines[1]}" if folded else lines[0])


def test_an_empty_line_ends_a_paragraph_and_white_space_is_left_out() -> None:
    assert parts(f"  {A},  \n\n bbb ccc\n\n\n") == [f"{A},", "bbb ccc"]
    assert parts(" \n \n") == parts("") == []


def test_only_the_first_word_of_the_next_line_counts() -> None:
    assert parts(f"{A},\nB {'c' * 30}\n{'d' * 43}")[0] == f"{A},"  # 40 + 1 + 1 fits into 43
    assert len(parts(f"{A},\nBbb {'c' * 30}\n{'d' * 43}")) == 1  # 40 + 1 + 3 does not


def test_a_third_of_the_lines_after_a_fold_must_begin_with_a_small_letter() -> None:
    lines = [f"{A},", f"Bb{A[:37]},", f"Cc{A[:37]},", f"dd{A[:37]}."]
    assert len(parts("\n".join(lines))) == 1
    lines = [f"{A},", f"Bb{A[:37]},", f"Cc{A[:37]},", f"Dd{A[:37]},", f"ee{A[:37]}."]
    assert len(parts("\n".join(lines))) == 5


def test_an_address_within_a_paragraph_ends_it_nowhere() -> None:
    text = (
        "The river board said on Friday that the weir would be\nrebuilt, as its page at the address\n"
        "https://board.example/2024/a-very-long-address-of-a-page-that-nobody-can-fold-anywhere-at-all\n"
        "says, by next year at a price of\nnine million francs."
    )
    assert parts(text) == [text]


def test_japanese_and_chinese_lines_are_folded_where_they_are_full() -> None:
    lines = [
        "港湾評議会は月曜日、冬の嵐が来る前に町の北の水路を広げることで",
        "合意し、費用のすべてを町の長年の準備金か",
        "ら支払うと発表した。",
    ]
    full = [lines[0], lines[1] + "あ" * (len(lines[0]) - len(lines[1])), lines[2]]
    assert parts("\n".join(full)) == ["\n".join(full)]
    assert parts("短い行。\n次の行。") == ["短い行。", "次の行。"]
