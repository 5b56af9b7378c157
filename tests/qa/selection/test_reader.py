from __future__ import annotations

import math

import numpy as np
import pytest
from tests.conftest import Build

import pullquote
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.index.types import Floats
from pullquote.qa.claims.short_form import pointed
from pullquote.qa.question.wording import Wording
from pullquote.qa.selection import reader
from pullquote.qa.selection.candidates import DOUBT, FAINT, READ, READING, Candidates, coefficients
from pullquote.qa.selection.reader import NOWHERE, Pointed, Reader, Reading

TEXT = "The harbour bridge opened on Saturday. Mayor Ines Falk cut the ribbon. It cost 40 million crowns."


def logits(*rows: tuple[float, float]) -> Floats:
    return np.array(rows, np.float32)


def test_the_evidence_is_that_of_starts_and_ends_over_none() -> None:
    reading = Reading(logits((1, 2), (4, 0), (0, 3), (1, 5), (9, 9)), [(0, 2), (3, 5), (6, 9), (10, 12)])
    found = reading.pointed(0, 9)
    assert found.mass == pytest.approx(math.log(math.e**4 + 1 + math.e) + math.log(1 + math.e**3 + math.e**5) - 3, abs=1e-5)
    assert found == Pointed(found.mass, 4 + 5 - 3, 0, 9)
    assert reading.pointed(3, 5) == Pointed(0.0, 0.0, 3, 5)
    assert reading.pointed(20, 30) == Pointed(NOWHERE, NOWHERE)


def test_an_answer_does_not_end_before_it_begins_nor_after_24_tokens() -> None:
    backwards = Reading(logits((0, 0), (0, 9), (9, 0)), [(0, 1), (2, 3)]).pointed(0, 3)
    assert (backwards.best, backwards.start, backwards.end) == (9.0, 0, 1)
    rows = [(0.0, 0.0), (9.0, 0.0), *[(0.0, 0.0)] * 23, (0.0, 9.0)]
    long = Reading(logits(*rows), [(n, n + 1) for n in range(25)]).pointed(0, 25)
    assert long.best == 9.0  # and not 18
    fits = Reading(logits(*rows[:2], *rows[3:]), [(n, n + 1) for n in range(24)]).pointed(0, 24)
    assert (fits.best, fits.start, fits.end) == (18.0, 0, 24)


def test_it_points_at_the_answer() -> None:
    reading = Reader().read("Who cut the ribbon?", TEXT)
    first, second, third = (reading.pointed(a, b) for a, b in ((0, 38), (39, 70), (71, len(TEXT))))
    assert TEXT[second.start : second.end] == "Mayor Ines Falk"
    assert second.mass > 8 > 0 > max(first.mass, third.mass)
    assert Reader().read("How many lamps were lit?", TEXT).pointed(0, len(TEXT)).best < second.best - 5


@pytest.mark.parametrize("text", ["", " ", "😀é 中文 \u0301", "word " * 2000])
@pytest.mark.parametrize("question", ["", "Who?", "why " * 3000])
def test_any_text_is_read(question: str, text: str) -> None:
    found = Reader().read(question, text).pointed(0, len(text))
    assert 0 <= found.start <= found.end <= len(text)


def test_what_is_cut_off_is_nowhere() -> None:
    text = "word " * 1000 + "Ines Falk cut the ribbon."
    assert Reader().read("Who cut the ribbon?", text).pointed(5000, len(text)) == Pointed(NOWHERE, NOWHERE)


class Counting(Reader):
    """Says that every sentence holds an answer that has a figure in it, and counts what it reads."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def read(self, question: str, text: str) -> Reading:
        self.texts.append(text)
        rows = [(8.0, 8.0) if character.isdigit() else (-8.0, -8.0) for character in text]
        return Reading(logits((0, 0), *rows), [(n, n + 1) for n in range(len(text))])


def pool(index: pullquote.Index, question: str, the_reader: Reader | None) -> Candidates:
    query = index.query(question)
    return Candidates(index, query, index.rank(query), reader=the_reader)


def test_the_passages_of_the_first_sentences_are_read_and_no_more(build: Build) -> None:
    articles = [
        pullquote.Article(id=f"a{n}", text=f"The ferry number {n} sails. Its captain is called Olsen{n}.\n\nThe crew{n} sleeps.")
        for n in range(9)
    ]
    counting = Counting()
    found = pool(build(articles), "Which ferry sails with captain Olsen?", counting).pool
    assert len(counting.texts) == READ == len(set(counting.texts))
    read = [c for c in found if not c.evidence["unread"]]
    assert {c.article.id for c in read} == {text.split()[3] and f"a{text.split()[3]}" for text in counting.texts}
    for c in found:
        assert set(READING) <= c.evidence.keys()
        assert c.score == pytest.approx(sum(w * c.evidence[name] for name, w in coefficients(reading=True).items()))
        if c.evidence["unread"]:
            assert (c.evidence["mass"], c.evidence["points"], c.pointed) == (DOUBT, FAINT, None)
    shares = [math.exp(c.evidence["points"]) for c in read if c.evidence["points"] > FAINT]
    assert sum(shares) < 1


def test_without_a_reader_the_evidence_is_as_it_was(build: Build) -> None:
    found = pool(build(), "What did the bridge cost?", None).pool
    assert all(not set(READING) & c.evidence.keys() and c.pointed is None for c in found)


def test_a_question_is_no_answer_and_a_headline_hardly_one(build: Build) -> None:
    text = "What did the bridge cost? The bridge and what it cost. The bridge and what it did cost\n\nAnother story."
    found = {c.text: c for c in pool(build([pullquote.Article(id="a", text=text)]), "What did the bridge cost?", Counting()).pool}
    marked = {text: (c.evidence["asks"], c.evidence["open"]) for text, c in found.items() if "bridge" in text}
    assert marked == {
        "What did the bridge cost?": (1.0, 0.0),
        "The bridge and what it cost.": (0.0, 0.0),
        "The bridge and what it did cost": (0.0, 1.0),
    }


def test_a_search_and_a_quick_question_read_nothing(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.Reader, "read", lambda *_: 1 / 0)
    index = build()
    assert index.search("harbour bridge")
    pullquote.ask(index, "What did the harbour bridge cost?", reader=False)
    pullquote.timeline(index, "What did the harbour bridge cost?", reader=False)
    with pytest.raises(ZeroDivisionError):
        pullquote.ask(index, "What did the harbour bridge cost?")


def test_a_short_form_of_the_reader_is_where_it_says(build: Build) -> None:
    index = build()
    answer = pullquote.ask(index, "Who cut the ribbon of the harbour bridge?")
    spans = [(quote.article_id, quote.span) for quote in (*answer.quotes, *answer.nearest) if quote.span is not None]
    assert ("bridge.md", "Mayor Ines Falk") in [(article_id, span.text) for article_id, span in spans]
    assert all(index.article(article_id).text[span.start : span.end] == span.text for article_id, span in spans)


@pytest.mark.parametrize(
    ("question", "text", "at", "grown"),
    [
        ("How long will it take?", "The repair will take at least 9 weeks, he said.", "9", "at least 9 weeks"),
        ("How many died?", "No fewer than 12 people died.", "12 people", "No fewer than 12 people"),
        ("How many were hurt?", "Roughly 40 people were hurt.", "40 people", "Roughly 40 people"),
        ("How much did it cost?", "It cost EUR 35 million in all.", "35", "EUR 35 million"),
        ("How many were taken?", "In all thirteen people were taken.", "thirteen", "thirteen"),
        ("When did it open?", "It opened on 3 May 2004 at noon.", "May", "3 May 2004"),
        ("Who cut the ribbon?", "Mayor Ines Falk cut it.", "Ines", "Mayor Ines Falk"),
        ("Why did it close?", "It closed (the rent had tripled).", "rent had tripl", "rent had tripled"),
        ("Who cut the ribbon?", "Somebody cut it.", "cut it", None),
        ("How many were taken?", "Some people were taken.", "Some people", None),
        ("When did it open?", "It opened late.", "late", None),
    ],
)
def test_a_short_form_is_of_the_kind_asked_for_and_grown_to_whole_units(
    question: str, text: str, at: str, grown: str | None
) -> None:
    wording = Wording.of(question, Analyzer(), {})
    found = pointed(wording, text, text.index(at), text.index(at) + len(at))
    assert (found and text[found.start : found.end]) == grown


def test_a_short_form_is_no_sentence() -> None:
    text = "It closed because " + "the rent was more than it had been in all the years before " * 2
    assert pointed(Wording.of("Why did it close?", Analyzer(), {}), text, 10, len(text)) is None
