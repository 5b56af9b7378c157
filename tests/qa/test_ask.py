from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ARTICLES, Build, HashEncoder

import pullquote
from pullquote.index.filters import Filter
from pullquote.qa import ask as asking
from pullquote.qa import select as selecting
from pullquote.qa.confidence import FEATURES, Logistic, Model, model
from pullquote.qa.select import Candidate

SURE = Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0)


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The shipped model knows the real encoder, not the one of the tests."""
    if "shipped" not in request.keywords and not request.node.name.startswith("test_the_model"):
        monkeypatch.setattr(asking, "model", lambda: SURE)


def test_the_answer_is_the_sentence_that_says_so(build: Build) -> None:
    index = build()
    answer = pullquote.ask(index, "How many years had the ferry crossed the sound?")
    assert answer.status == "answered"
    best = answer.quotes[0]
    assert best.text == "It had crossed the sound for 61 years."
    assert (best.rank, best.article_id, best.source, best.published) == (1, "ferry.txt", "Island Voice", "2021-05")
    assert [best.text[a:b] for a, b in best.matches] == ["crossed", "sound", "years"]


def test_every_quote_is_where_it_is_said_to_be(build: Build) -> None:
    index = build()
    for quote in pullquote.ask(index, "harbour bridge ferry herring", n=9).quotes:
        assert index.article(quote.article_id).text[quote.start : quote.end] == quote.text
        first, last = (int(x) for x in quote.passage_id.rpartition(":")[2].split("-"))
        assert first <= quote.start < quote.end <= last


def test_a_marked_line_is_never_quoted(build: Build) -> None:
    quotes = pullquote.ask(build(), "READ MORE: How the bridge was built", n=100).quotes
    assert len(quotes) == 9
    assert not any("READ MORE" in quote.text for quote in quotes)


def test_quotes_that_say_the_same_are_given_once(build: Build) -> None:
    texts = [
        "Seventeen people were taken by agents.",
        "Seventeen people were taken, by agents!",
        "Thirteen people were taken by agents.",
    ]
    index = build([pullquote.Article(id=f"a{n}", text=text) for n, text in enumerate(texts)])
    found = {quote.text for quote in pullquote.ask(index, "How many people were taken by agents?").quotes}
    assert len(found & set(texts[:2])) == 1
    assert texts[2] in found


def test_a_denial_does_not_say_the_same(build: Build) -> None:
    index = build(
        [pullquote.Article(id="a", text="The bridge is open."), pullquote.Article(id="b", text="The bridge is not open.")]
    )
    assert len(pullquote.ask(index, "Is the bridge open?").quotes) == 2


def test_a_contraction_is_a_denial(build: Build) -> None:
    texts = ["The North has returned all of the abductees.", "The North hasn't returned all of the abductees."]
    index = build([pullquote.Article(id=f"a{n}", text=text) for n, text in enumerate(texts)])
    assert {quote.text for quote in pullquote.ask(index, "Has the North returned all of the abductees?").quotes} == set(texts)


def test_many_copies_do_not_crowd_out_the_rest(build: Build) -> None:
    copies = [pullquote.Article(id=f"a{n:02}", text="The ferry sails at nine.") for n in range(90)]
    index = build([*copies, pullquote.Article(id="b", text="The ferry sails at dawn, they say.")])
    assert len(pullquote.ask(index, "When does the ferry sail?").quotes) == 2


def test_less_than_one_quote_cannot_be_asked_for(build: Build) -> None:
    with pytest.raises(pullquote.InputError, match="n is 0"):
        pullquote.ask(build(), "bridge", n=0)
    with pytest.raises(pullquote.InputError, match="k is -1"):
        build().search("bridge", k=-1)


def test_another_article_goes_first_where_it_is_nearly_as_good(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selecting, "SAME_ARTICLE", 1.0)
    twice = pullquote.Article(id="a", text="The ferry sails at nine. The ferry sails at noon.")
    index = build([twice, pullquote.Article(id="b", text="The ferry sails at dawn.")])
    assert {q.article_id for q in pullquote.ask(index, "When does the ferry sail?", n=2).quotes} == {"a", "b"}


def test_filters_narrow_the_answer(build: Build) -> None:
    index = build()
    answer = pullquote.ask(index, "bridge", where=Filter.of(source="Island Voice"))
    assert {q.article_id for q in answer.quotes} == {"ferry.txt"}
    nothing = pullquote.ask(index, "bridge", where=Filter.of(since="2030"))
    assert (nothing.status, nothing.reason, nothing.quotes) == ("no_answer", "no article matches the filter", ())


def test_an_empty_index_has_no_answer(build: Build) -> None:
    answer = pullquote.ask(build([]), "bridge")
    assert (answer.status, answer.reason) == ("no_answer", "nothing is indexed that could answer")


def test_below_the_threshold_nothing_is_quoted(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda: replace(SURE, threshold=1.0))
    answer = pullquote.ask(build(), "bridge")
    assert (answer.status, answer.quotes) == ("no_answer", ())
    assert answer.reason == "nothing in the articles comes close enough (confidence 1.00, needed 1.00)"


def test_a_quote_that_is_not_in_its_article_is_never_given_out(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    index = build()
    monkeypatch.setattr(
        asking, "Quote", lambda **fields: pullquote.Quote(**{**fields, "text": fields["text"].replace("not ", "") + "!"})
    )
    with pytest.raises(pullquote.QuoteError, match="a quote is not in article"):
        pullquote.ask(index, "bridge")


def test_the_same_question_gives_the_same_bytes(build: Build, tmp_path: Path) -> None:
    one = pullquote.render(pullquote.ask(build(), "harbour ferry"), "json")
    pullquote.add(tmp_path / "other.pq", reversed(ARTICLES), HashEncoder())
    other = pullquote.render(pullquote.ask(pullquote.Index.open(tmp_path / "other.pq", HashEncoder()), "harbour ferry"), "json")
    assert one == other


def candidate(**evidence: float) -> Candidate:
    fields = {"sentence": 0, "place": 0, "article": 0, "score": 1.0, "cosine": 0.5, "lexical": 0.2, "passage": 1.0, "size": 3.0}
    return Candidate(**{**fields, **evidence})  # type: ignore[arg-type]


def test_the_model_that_ships_knows_its_features() -> None:
    shipped = model()
    assert tuple(shipped.on_topic.coefficients) == FEATURES["on_topic"]
    assert tuple(shipped.right.coefficients) == FEATURES["right"]
    assert 0 < shipped.threshold < 0.5


def test_the_model_is_surer_with_more_evidence_and_less_sure_in_a_crowd() -> None:
    sure = model().confidence
    assert 0 <= sure(candidate(cosine=0.0, passage=0.0)) < sure(candidate()) < sure(candidate(cosine=0.8, passage=2.0)) <= 1
    assert sure(candidate(lexical=0.5)) > sure(candidate())
    assert sure(candidate(size=5.0)) < sure(candidate())


def test_the_model_is_the_formula_it_says() -> None:
    half = Logistic(0.0, {})
    assert Model(half, half, 0.1).confidence(candidate()) == 0.25
    assert Logistic(1.0, {"cosine": 2.0})(candidate()) == pytest.approx(1 / (1 + 2.718281828459045**-2))
