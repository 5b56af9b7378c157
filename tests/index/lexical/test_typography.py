from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Build

import pullquote
from pullquote.index.lexical.typography import fold

TYPOGRAPHY = "“”‘’'\"-–—…. \u00a0\n\u00ad\u200bﬁab1"


def test_typography_is_one_and_the_same() -> None:
    assert fold("“It’s well–known…”").text == fold('"It\'s well-known..."').text
    assert fold("a\u00a0b\n c").text == "a b c"
    assert fold('it was " fine " .').text == fold("it was “fine” .").text == fold("it was « fine » .").text
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


STORY = (
    "The price was \u200e$30 a barrel. The envoy \u202aAbu Hasan\u202c left. He wrote “so glad ❤️ today” to them.\n"
    "It set aside ￥４００ billion, or １５％. Le maire dit : ‹ Nous partons ›, puis « c’est fini ». The isle of Oʻahu votes.\n"
    "She is 5′ 9″ tall. المحــادثات مستمرة اليوم. The light on the quay was re-\nported broken by a well-\nknown pilot.\n"
    "市長は「橋を必ず直す」と述べた。工事は来月始まる。 นายกเทศมนตรีกล่าวว่าจะซ่อมสะพานในเดือนหน้า 시장은 다음 달 다리를 고칠 것이라고 말했다."
)


@pytest.mark.parametrize(
    ("quote", "status"),
    [
        ("The price was $30 a barrel.", "typographic"),
        ("The envoy Abu Hasan left.", "typographic"),
        ("so glad ❤ today", "typographic"),
        ("so glad ❤️ today", "exact"),
        ("It set aside ¥400 billion, or 15%.", "typographic"),
        ("Nous partons", "exact"),
        ("'Nous partons', puis \"c'est fini\"", "typographic"),
        ("The isle of O'ahu votes.", "typographic"),
        ("She is 5' 9\" tall.", "typographic"),
        ("المحادثات مستمرة اليوم", "typographic"),
        ("The light on the quay was reported broken", "typographic"),
        ("The light on the quay was re- ported broken", "typographic"),
        ("broken by a well-known pilot", "typographic"),
        ("broken by a wellknown pilot", "typographic"),
        ("橋を必ず直す", "exact"),
        ("市長は｢橋を必ず直す｣と述べた", "typographic"),
        ("市長は「橋を多分直す」と述べた", "altered"),
        ("工事は来年始まる", "altered"),
        ("จะซ่อมสะพานในเดือนหน้า", "exact"),
        ("시장은 다음 달 다리를 고칠 것", "exact"),
        ("시장은 이번 달 다리를 고칠 것이라고 말했다", "altered"),
        ("The price was $300 a barrel.", "altered"),
        ("price was $3", "absent"),
        ("The envoy Abu Ali left.", "altered"),
        ("A ship sank in the night off Brenn.", "absent"),
    ],
)
def test_in_every_script_typography_alone_may_differ(build: Build, quote: str, status: str) -> None:
    verdict = pullquote.verify(build([pullquote.Article("a", STORY)]), quote)
    assert verdict.status == status
    assert all(STORY[place.start : place.end] == place.text for place in verdict.places)


@pytest.mark.parametrize(
    ("quote", "changed"),
    [("We have little hope", [("", "a")]), ("We had a little hope", [("had", "have")]), ("we have a little hope", [("we", "We")])],
)
def test_a_short_misquote_is_shown_with_no_more_than_what_was_altered(
    build: Build, quote: str, changed: list[tuple[str, str]]
) -> None:
    verdict = pullquote.verify(build([pullquote.Article("a", "“We have a little hope,” she said.")]), quote)
    assert verdict.status == "altered"
    assert [(change.quote, change.article.strip("“")) for change in verdict.changes if change.kind == "changed"] == changed
