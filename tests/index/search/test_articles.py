"""Sentences that are indexed in pieces: which pieces belong together, and where one goes on."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Build

import pullquote
from pullquote.index.search import articles as module
from pullquote.index.search.articles import LONGEST, NAMED, Articles, _goes_on
from pullquote.index.search.versions import SERIES

TEXT = "One ends here. Two goes on, and on, to here. Three ends too. Four"


def spans(text: str, *parts: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for part in parts:
        start = text.index(part, at)
        at = start + len(part)
        found.append((start, at))
    return found


def of(text: str, *parts: str) -> tuple[Articles, pullquote.Article, list[tuple[int, int]]]:
    """An article whose sentences are those parts."""
    made, found = object.__new__(Articles), spans(text, *parts)
    known: Any = lambda _: found  # noqa: E731
    made.sentences = known
    return made, pullquote.Article(id="a", text=text), found


WRAPPED = (
    "The old ferry made its very last trip on Friday and crossed the sound in fog,",
    "and the captain said in the evening that he would miss it for ever.",
)
PIECES = ("One ends here.", "Two goes on,", "and on,", "to here.", "Three ends too.", "Four")


@pytest.mark.parametrize(("number", "first", "last"), [(0, 0, 0), (1, 1, 3), (2, 1, 3), (3, 1, 3), (4, 4, 4), (5, 5, 5)])
def test_the_pieces_of_a_sentence_are_quoted_whole(number: int, first: int, last: int) -> None:
    known, article, found = of(TEXT, *PIECES)
    assert known.whole_sentence(article, *found[number]) == (found[first][0], found[last][1])


def test_the_first_and_the_last_piece_of_a_text_belong_to_it_too() -> None:
    known, article, found = of("a, b, c", "a,", "b,", "c")
    for span in found:
        assert known.whole_sentence(article, *span) == (0, 7)


def test_what_is_no_piece_stays_as_it_is() -> None:
    known, article, _ = of(TEXT, *PIECES)
    assert known.whole_sentence(article, 15, 20) == (15, 20)


@pytest.mark.parametrize("more", [0, 1])
def test_a_whole_sentence_has_at_most_a_thousand_characters(more: int) -> None:
    first, second, third = "a" * 399 + ",", "b" * 199 + ",", "c" * (LONGEST - 602 + more)
    text = f"{first} {second} {third}"
    known, article, found = of(text, first, second, third)
    assert known.whole_sentence(article, *found[1]) == ((0, LONGEST) if not more else (0, 601))
    backwards = f"{third} {second} {first}"
    known, article, found = of(backwards, third, second, first)
    assert known.whole_sentence(article, *found[2]) == ((0, LONGEST) if not more else (found[1][0], found[2][1]))


def test_a_stretch_is_cut_where_its_sentence_goes_on() -> None:
    known, article, found = of(TEXT, *PIECES)
    assert [known.is_cut(article, *span) for span in found] == [
        (False, False), (False, True), (True, True), (True, False), (False, False), (False, False),
    ]  # fmt: skip
    assert known.is_cut(article, found[1][0], found[3][1]) == (False, False)
    assert known.is_cut(article, found[1][0], found[2][1]) == (False, True)
    assert known.is_cut(article, found[2][0], found[3][1]) == (True, False)


@pytest.mark.parametrize(
    ("text", "parts", "goes_on"),
    [
        ("He came, and went.", ("He came,", "and went."), True),
        ("He came. It went.", ("He came.", "It went."), False),
        ("“He came.” It went.", ("“He came.”", "It went."), False),
        ("He came.”)        It went.", ("He came.”)", "It went."), False),
        (f"{WRAPPED[0]}\n{WRAPPED[1]}", WRAPPED, True),
        (f"{WRAPPED[0]}\n\n{WRAPPED[1]}", WRAPPED, False),
        ("He came,\n\nand went on.", ("He came,", "and went on."), False),  # another paragraph
        ("Head line\n\nIt went.", ("Head line", "It went."), False),
        ("He came,\nREAD MORE\nand went on.", ("He came,", "and went on."), False),
        ("x. He came, and went.", ("He came,", "and went."), True),
        ("He. came, and went.", ("came,", "and went."), True),
    ],
)
def test_a_piece_goes_on_in_its_paragraph_unless_it_ends_as_a_sentence_does(
    text: str, parts: tuple[str, str], goes_on: bool
) -> None:
    one, other = spans(text, *parts)
    assert _goes_on(text, one, other) is goes_on


def test_of_many_copies_some_are_named_and_enough_of_the_outlet(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NAMED", 4)
    text = "The old ferry made its last trip on Friday. It had crossed the sound for 61 years, said Captain Olsen of the port."
    told = [pullquote.Article(id=f"{name}{n}", source=name, text=text) for name in "abz" for n in range(SERIES + 4)]
    index = build([*told, pullquote.Article(id="other", source="z", text="The herring is late this year.")])
    near = index.near_copies(index.article("z0"))
    assert [article.id for article in near] == ["a0", "a1", "a2", "a3", *(f"z{n}" for n in range(1, SERIES + 2))]
    assert index.near_copies(index.article("other")) == index.copies("other") == []
    assert len(index.copies("z0")) == 3 * (SERIES + 4) - 1
    assert NAMED == 100
