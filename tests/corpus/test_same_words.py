"""Whether two texts say the same."""

from __future__ import annotations

import pytest

from pullquote.corpus.same_words import kept, same, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A bridge opened.", ["bridge", "opened"]),
        ("An envoy left the town", ["envoy", "left", "town"]),
        ("The plan of a man, and an end", ["plan", "of", "man", "and", "end"]),
        ("vitamin A, the AN-2", ["vitamin", "a", "an-2"]),  # an "A" may be a name
        ("“We’re (not) here …”", ["we're", "not", "here"]),
        ("a", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_articles_and_typography_may_differ_and_nothing_else() -> None:
    assert same("The envoy's plan - all of it", "An envoy’s plan – all of it.")
    assert not same("The envoy left.", "The envoy never left.")


@pytest.mark.parametrize(
    ("earlier", "later", "share"),
    [
        ("one two three four", "four three two", 0.75),
        ("one one two", "one two", 2 / 3),
        ("one", "two", 0.0),
        ("", "two", 0.0),
        ("x", "x", 1.0),
    ],
)
def test_the_share_of_words_that_are_kept(earlier: str, later: str, share: float) -> None:
    assert kept(earlier, later) == pytest.approx(share)
