from __future__ import annotations

import random

import pytest

from pullquote.corpus.alike import differ, overlap, plain, telling
from pullquote.corpus.article import Article
from pullquote.corpus.duplicates import BANDS, bands

WORDS = [f"word{n}" for n in range(2000)]


def story(seed: int, length: int = 300) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def shared(one: list[str], other: list[str]) -> int:
    return len(set(bands(Article("a", " ".join(one)))) & set(bands(Article("b", " ".join(other)))))


def changed(words: list[str], count: int, seed: int) -> list[str]:
    """With so many words replaced, each of which changes three runs of three."""
    found = list(words)
    for place in random.Random(seed).sample(range(1, len(words) - 1), count):
        found[place] = f"other{place}"
    return found


def test_the_same_words_have_all_bands_in_common_whatever_the_case_and_spacing() -> None:
    words = story(1)
    assert len(bands(Article("a", " ".join(words)))) == BANDS
    assert shared(words, [w.upper() + "\n" for w in words]) == BANDS


def test_a_story_with_a_few_words_changed_is_a_copy_and_another_story_is_none() -> None:
    assert all(shared(story(n), changed(story(n), 6, n)) for n in range(30))  # similarity 0.89
    assert not any(shared(story(n), story(n + 100)) for n in range(30))
    assert sum(shared(story(n), changed(story(n), 40, n)) > 0 for n in range(30)) <= 4  # similarity 0.43


def test_what_is_no_part_of_the_story_does_not_count() -> None:
    text = " ".join(story(3))
    assert bands(Article("a", text)) == bands(Article("b", f"{text}\n\nREAD MORE: Another story\n\nSign up for our newsletter."))


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_article_without_a_story_is_no_copy(text: str) -> None:
    assert bands(Article("a", text)) == []


def test_short_texts_are_copies_only_word_for_word() -> None:
    one = bands(Article("a", "The mayor had no comment on the ferry."))
    assert one == bands(Article("b", "The mayor  had no comment on the ferry!"))
    assert one != bands(Article("c", "The mayor had no comment on the bridge."))


def test_bands_are_the_same_on_every_machine() -> None:
    assert bands(Article("a", " ".join(WORDS[:40])))[:2] == [8254422043412131292, -5462701996192939520]


def test_numbers_and_denials_are_telling() -> None:
    assert telling("He didn't see 13 of the ships") == {"not", "13"}
    assert overlap("It admits 13 cases.", "It admits 17 cases.") == 1.0
    assert overlap("One ship came", "One boat came") == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The envoy is to travel to the border next week.", "An aide is to travel to the border next week.", False),
        ("The envoy of Japan is to travel to the border.", "The envoy of Korea is to travel to the border.", True),
        ("Tanaka spoke to the crowd in the harbour.", "Suzuki spoke to the crowd in the harbour.", True),
        ("Ice kept 13 boats in the harbour for weeks.", "Ice kept 17 boats in the harbour for weeks.", True),
        ("Ice kept the boats in the harbour for weeks.", "Ice did not keep the boats in the harbour for weeks.", True),
        ("Ice kept the boats of the harbour in.", "ICE KEPT THE BOATS OF THE HARBOUR IN.", False),
    ],
)
def test_sentences_differ_by_numbers_denials_and_names(one: str, other: str, expected: bool) -> None:
    assert differ(one, other) is expected


def test_plain_text_is_without_typography() -> None:
    assert plain("“It’s\n so” – he  said") == plain('"it\'s so" - He said')
