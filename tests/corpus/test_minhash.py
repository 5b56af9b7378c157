from __future__ import annotations

import random

import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.minhash import BANDS, bands
from pullquote.corpus.same_words import kept, same

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


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The envoy, Ada, said: “It’s so.”", 'an envoy, ADA, said "it\'s so"', True),
        ("An envoy is to travel.", "An aide is to travel.", False),
        ("They took 13 of them.", "They took 17 of them.", False),
        ("It cost 2.3 crowns.", "It cost 3.2 crowns.", False),
        ("There were 12 dead and 3 hurt.", "There were 3 dead and 12 hurt.", False),
        ("Rovers beat Town 3 to 2.", "Town beat Rovers 3 to 2.", False),
        ("They admitted it.", "They denied it.", False),
        ("140 people were hurt.", "40 people were hurt.", False),
        ("Output changed by -2.5% in May.", "Output changed by 2.5% in May.", False),
        ("It cost $5m.", "It cost £5m.", False),
        ("He has hepatitis A now.", "He has hepatitis now.", False),
        ("कि है", "की है", False),
        ("Ice kept the boats in.", "Ice never kept the boats in.", False),
    ],
)
def test_sentences_say_the_same_only_with_the_same_words_in_their_order(one: str, other: str, expected: bool) -> None:
    assert same(one, other) is expected


def test_how_much_of_a_text_is_kept() -> None:
    assert kept("It admits 13 of the cases.", "It admits 17 of the cases, it says.") == pytest.approx(4 / 5)
    assert kept("", "anything") == 0.0
