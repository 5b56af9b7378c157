from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pullquote.qa.verify.typography import fold

TYPOGRAPHY = "“”‘’'\"-–—…. \u00a0\n\u00ad\u200bﬁab1"


def test_typography_is_one_and_the_same() -> None:
    assert fold("“It’s well–known…”").text == fold('"It\'s well-known..."').text
    assert fold("a\u00a0b\n c").text == "a b c"
    assert fold("so \u2014 they say").text == fold("so--they say").text == "so-they say"
    assert fold("\u00adco\u00adoperate ﬁnally").text == "cooperate finally"


def test_words_numbers_case_and_other_punctuation_stay() -> None:
    for one, other in (("10²", "102"), ("US", "us"), ("1,000", "1000"), ("yes, no", "yes no"), ("½", "1/2"), ("a.", "a")):
        assert fold(one).text != fold(other).text


@given(st.text(TYPOGRAPHY, max_size=30))
def test_every_place_is_found_again(text: str) -> None:
    folded = fold(text)
    assert [folded.source(n) for n in range(len(folded.text) + 1)] == sorted(folded.source(n) for n in range(len(folded.text) + 1))
    for n, character in enumerate(folded.text):
        if character.isalnum() and "ﬁ" not in text:
            assert text[folded.source(n)] == character


@given(st.text(TYPOGRAPHY.replace(".", ""), max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once
