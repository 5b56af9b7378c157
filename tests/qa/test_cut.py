"""A sentence that is longer than the encoder reads is indexed in pieces, and quoted whole, or with its cut shown."""

from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model

CLAUSES = ", ".join(f"the council of the {n}th district of the old harbour town asked for a new bridge" for n in range(4, 9))
LONG = f"On Monday {CLAUSES}, and 28,616 people from Fukui signed the petition for it, the mayor said."


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


def test_what_was_cut_is_quoted_whole(build: Build) -> None:
    text = f"The ferry was late. {LONG} Nobody knew why."
    index = build([pullquote.Article(id="a", text=text), pullquote.Article(id="b", text="It rained all day.")])
    assert len(index.sentences(index.article("a"))) > 3  # it was cut
    [quote] = pullquote.ask(index, "How many people from Fukui signed the petition?", n=1).quotes
    assert (quote.text, quote.cut_before, quote.cut_after) == (LONG, False, False)
    assert {q.text for q in pullquote.ask(index, "Was the ferry late?", n=1).quotes} == {"The ferry was late."}


def test_a_sentence_without_end_is_quoted_with_its_cut_shown(build: Build) -> None:
    endless = " and ".join(f"the crew of boat {n} said that all was well with them" for n in range(60))
    index = build([pullquote.Article(id="a", text=f"{endless}."), pullquote.Article(id="b", text="It rained all day.")])
    answer = pullquote.ask(index, "What did the crew of boat 30 say?", n=1)
    [quote] = answer.quotes
    assert len(quote.text) <= 1000
    assert (quote.cut_before, quote.cut_after) == (True, True)
    assert index.article("a").text[quote.start : quote.end] == quote.text
    shown = pullquote.render(answer, "text").splitlines()[0]
    assert (shown[:2], shown[-2:]) == ("… ", " …")


def test_a_headline_and_a_wrapped_line_are_no_cut(build: Build) -> None:
    text = "Bridge asked for\n\nThe council met on Monday\n\nIt was late in the day, and all of them\nwere tired of it."
    index = build([pullquote.Article(id="a", text=text)])
    found = {quote.text for quote in pullquote.ask(index, "When did the council meet?", n=9).quotes}
    assert "The council met on Monday" in found
    assert not any(quote.cut_before or quote.cut_after for quote in pullquote.ask(index, "Who was tired?", n=9).quotes)


def test_a_word_without_end_is_cut(build: Build) -> None:
    text = f"The race of 2019 was won by Ito. {'x' * 50_000} ends here. Then it rained."
    index = build([pullquote.Article(id="a", text=text), pullquote.Article(id="b", text="It rained all day.")])
    for quote in pullquote.ask(index, "Who won the race of 2019?", n=3).quotes:
        assert len(quote.text) <= 1000
        assert index.article(quote.article_id).text[quote.start : quote.end] == quote.text
        assert quote.cut_after == (len(quote.text) == 1000)
