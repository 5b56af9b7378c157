from __future__ import annotations

import pytest

from pullquote.errors import IndexDamaged
from pullquote.index.lexical.analyzer import Analyzer

TERMS = Analyzer().terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The abductees' families", ["abducte", "famili"]),
        ("Kim's sister’s visit", ["kim", "sister", "visit"]),
        ("O'Brien don't", ["o'brien", "don't"]),
        ("U.S. and D.P.R.K.", ["us", "dprk"]),
        ("US$3.50 or 1,216 in 2004", ["us", "3.50", "1216", "2004"]),
        ("six-nation", ["six", "nation"]),
        ("Ｆｕｌｌ ｗｉｄｔｈ ２００４", ["full", "width", "2004"]),
        ("STRASSE straße", ["strass", "strass"]),
        ("½ ﬁnal", ["1", "2", "final"]),
        ("東京へ行く Tokyo 東", ["東京", "京へ", "へ行", "行く", "tokyo", "東"]),
        ("who is it", []),
        ("The WHO and the IT chief", ["who", "it", "chief"]),
        ("The Who played", ["the who", "play"]),
        ("The will of the who", []),
        ("Erdoğan's İstanbul", ["erdoğan", "erdogan", "i̇stanbul", "istanbul"]),
        ("São Łódź", ["são", "sao", "łódź", "lodz"]),
        ("inter\u00adnational press\u200bcode \u200fHolm\u200cgren", ["internat", "presscod", "holmgren"]),
        ("किसानों ने", ["किसानों", "ने"]),
        ("за\u0301мок", ["за\u0301мок", "замок"]),
        ("مُحَمَّدٌ", ["مُحَمَّدٌ", "محمد"]),
        ("เขาไป", ["เข", "ขา", "าไ", "ไป"]),
        ("They told us of the US and the U.S. fleet", ["told", "us", "us", "fleet"]),
        ("The US's aid, WHO’s aid", ["us", "aid", "who", "aid"]),
        ("Us too", ["too"]),
        ("ज़मीन जमीन", ["ज़मीन", "जमीन", "जमीन"]),
        ("माँगी मांगी", ["माँगी", "मांगी", "मांगी"]),
        ("كتابي کتابی", ["كتابي", "کتابی", "کتابی"]),
        ("می‌رود ميرود", ["میرود", "ميرود", "میرود"]),
        ("the band Was (Not Was) played", ["band", "was not was", "not was", "play"]),
        ("Was Not Was", ["was not was", "not was"]),
        ("The Who's songs", ["the who", "song"]),
        ("How The Who Was", ["how the who was", "the who was", "the who"]),
        ("THE WHO", ["the who", "the", "who"]),
        ("THE WHO PLAYED", ["the who", "the", "who", "play"]),
        ("What Is The Capital", ["capit"]),
        ("(The Who)", ["the who"]),
        ("?!… “”", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert TERMS(text) == terms


def test_spans_say_which_word_gave_which_term() -> None:
    text = "The visits of Kim's"
    assert [(text[a:b], found) for a, b, found in Analyzer().spans(text)] == [
        ("The", ()), ("visits", ("visit",)), ("of", ()), ("Kim's", ("kim",)),
    ]  # fmt: skip


def test_an_index_by_another_analyzer_is_refused() -> None:
    with pytest.raises(IndexDamaged, match="pullquote compact"):
        Analyzer.from_settings({"name": "english", "version": 99})


def test_a_name_made_of_stop_words_ends_at_its_bracket() -> None:
    text = "(The Who) and Was (Not Was)"
    assert [text[a:b] for a, b, found in Analyzer().spans(text) if found] == ["The Who", "Was (Not Was)"]
