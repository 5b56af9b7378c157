from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ARTICLES, Build, HashEncoder

import pullquote
from pullquote.index.filters import Filter
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa import ask as asking
from pullquote.qa.question.wording import Wording
from pullquote.qa.selection import candidates, confidence
from pullquote.qa.selection import select as selecting
from pullquote.qa.selection.candidate import Candidate
from pullquote.qa.selection.candidates import FEATURES
from pullquote.qa.selection.confidence import Logistic, Model, model

SURE = Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0)


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The shipped model knows the real encoder, not the one of the tests."""
    if not request.node.name.startswith("test_the_model"):
        monkeypatch.setattr(asking, "model", lambda **_: SURE)


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
    monkeypatch.setattr(selecting, "SAME_ARTICLE", 9.0)
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
    monkeypatch.setattr(asking, "model", lambda **_: replace(SURE, threshold=1.0))
    answer = pullquote.ask(build(), "bridge")
    assert (answer.status, answer.quotes) == ("no_answer", ())
    assert answer.reason == "nothing in the articles comes close enough (on topic with probability 1.00, needed 1.00)"


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
    """One with little evidence but what is given; `odds` and `size` among it."""
    article = ARTICLES[0]
    wording = Wording.of("bridge", Analyzer(), {"bridg": 1.0})
    odds, size = evidence.pop("odds", 0.0), evidence.pop("size", 3.0)
    known = {**dict.fromkeys((*FEATURES, *(f"most_{name}" for name in candidates.MOST)), 0.5), **evidence}
    return Candidate(0, (0, 9), wording, article, 0, 9, known, 1.0, size, odds)


def test_the_models_that_ship_know_their_features() -> None:
    shipped = model()
    for part in (shipped.on_topic, shipped.right):
        for name in part.coefficients:
            confidence.feature(candidate(), name)
    assert tuple(shipped.on_topic.coefficients) == confidence.FEATURES["on_topic"]
    assert tuple(shipped.right.coefficients) == confidence.FEATURES["right"]
    assert set(candidates.coefficients()) == set(FEATURES)
    assert 0 < shipped.threshold < 0.5


def test_the_model_is_surer_with_more_evidence_and_less_sure_in_a_crowd() -> None:
    sure = model().confidence
    weak, fair, strong = (
        {"cosine": c, "score": s, "covered": c, "told": c, "most_cosine": c} for c, s in ((0.1, 0.3), (0.5, 1.5), (0.9, 2.5))
    )
    assert 0 <= sure(candidate(**weak)) < sure(candidate(**fair)) < sure(candidate(**strong)) <= 1
    assert sure(candidate(odds=3.0)) > sure(candidate(odds=-3.0))
    assert sure(candidate(size=5.0)) < sure(candidate(size=2.0))


def test_the_model_is_the_formula_it_says() -> None:
    half = Logistic(0.0, {})
    assert Model(half, half, 0.1).confidence(candidate()) == 0.25
    assert Logistic(1.0, {"cosine": 2.0})(candidate(cosine=0.5)) == pytest.approx(1 / (1 + 2.718281828459045**-2))


def test_the_first_quotes_do_not_depend_on_how_many_are_asked_for(build: Build) -> None:
    texts = [f"The ferry sails at {n} from pier {n % 3}, they say." for n in range(1, 40)]
    index = build([pullquote.Article(id=f"a{n:02}", text=text) for n, text in enumerate(texts)])
    many = [quote.text for quote in pullquote.ask(index, "When does the ferry sail?", n=39).quotes]
    assert len(set(many)) == 39
    assert [quote.text for quote in pullquote.ask(index, "When does the ferry sail?", n=5).quotes] == many[:5]


def test_many_questions_get_the_answers_of_one_by_one(build: Build) -> None:
    index = build()
    questions = ["Who cut the ribbon?", "What did herring landings do?", "How long had the ferry crossed the sound?"]
    assert pullquote.ask_many(index, questions) == [pullquote.ask(index, question) for question in questions]


def test_a_quote_that_points_back_comes_with_the_sentence_before_it(build: Build) -> None:
    index = build()
    quotes = {q.text: q.context for q in pullquote.ask(index, "How many years had it crossed the sound?", n=9, context=True).quotes}
    context = quotes["It had crossed the sound for 61 years."]
    assert context is not None
    assert context.text == "The old ferry made its last trip on Friday."
    assert index.article("ferry.txt").text[context.start : context.end] == context.text
    assert quotes["The old ferry made its last trip on Friday."] is None
    assert quotes["Herring landings fell by a third last winter."] is None
    assert all(quote.context is None for quote in pullquote.ask(index, "Who crossed the sound?", n=9).quotes)


def test_no_answer_comes_with_the_nearest_there_is(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: replace(SURE, threshold=1.0))
    answer = pullquote.ask(build(), "Who cut the ribbon?")
    assert answer.nearest[0].text == "Mayor Ines Falk cut the ribbon."


DATED = [
    pullquote.Article(
        id=f"talks-{date}", text=f"The envoys met {where}. Talks ended without result.", published=date, source="Post"
    )
    for date, where in (("2002-09-17", "in Pyongyang"), ("2004-02", "in Beijing, they say"), ("2024-03-04", "at sea"))
]
UNDATED = pullquote.Article(id="talks", text="The envoys met somewhere, and talks went on.")


def test_as_of_a_day_nothing_later_is_known(build: Build) -> None:
    index = build([*DATED, UNDATED])
    found = pullquote.ask(index, "Where did the envoys meet?", n=9, where=Filter.of(as_of="2004-02-15"))
    assert {quote.article_id for quote in found.quotes} == {"talks-2002-09-17"}  # February 2004 may mean the 20th
    found = pullquote.ask(index, "Where did the envoys meet?", n=9, where=Filter.of(as_of="2004-02"))
    assert {quote.article_id for quote in found.quotes} == {"talks-2002-09-17", "talks-2004-02"}
    assert index.undated(Filter.of(as_of="2004")) == 1


def test_as_of_a_day_no_later_version_is_named(build: Build) -> None:
    text = " ".join(f"word{n}" for n in range(60)) + " and the ferry sails at {}."
    versions = [
        pullquote.Article(id=f"v{day}", source="Post", published=f"2021-05-0{day}", text=text.format(hour))
        for day, hour in ((1, "nine"), (3, "ten"))
    ]
    index = build(versions)
    [now] = pullquote.ask(index, "When does the ferry sail?", n=1).quotes
    assert now.article_id == "v3"
    [then] = pullquote.ask(index, "When does the ferry sail?", n=1, where=Filter.of(as_of="2021-05-02")).quotes
    assert (then.article_id, then.superseded_by, then.also) == ("v1", "", ())


def test_newer_articles_are_preferred_only_where_that_is_asked_for(build: Build) -> None:
    index = build([replace(a, text="The envoys met. Talks ended without result.") for a in DATED[:1]]
                  + [replace(DATED[2], text="The envoys met. Talks ended without any result.")])  # fmt: skip
    plain = pullquote.ask(index, "Did the talks end without result?", n=1)
    newest = pullquote.ask(index, "Did the talks end without result?", n=1, newest=True)
    worded = pullquote.ask(index, "Did the latest talks end without result?", n=1)
    assert plain.read_as == newest.read_as == ()
    assert worded.read_as == ("newer articles preferred",)
    assert newest.quotes[0].article_id == worded.quotes[0].article_id == "talks-2024-03-04"


def test_a_date_in_a_question_is_read_where_articles_of_then_answer_as_well(build: Build) -> None:
    index = build([*DATED, UNDATED])
    answer = pullquote.ask(index, "Where did the envoys meet in 2002?", n=9)
    assert answer.read_as == ("published 2002",)
    assert {quote.article_id for quote in answer.quotes} == {"talks-2002-09-17"}
    assert pullquote.ask(index, "Where did the envoys meet in 1999?").read_as == ()
    assert pullquote.ask(index, "Where did the envoys meet on February 30, 2004?").read_as == ()
    assert pullquote.ask(index, "Where did the envoys meet after the second summit?").read_as == ()
    assert pullquote.ask(index, "Where did the envoys meet in 2002?", where=Filter.of(since="2000")).read_as == ()


def test_a_sentence_that_is_not_among_the_best_can_be_looked_at_too(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "CONSIDERED", 2)
    index = build()
    query = index.query("Who cut the ribbon?")
    ranking = index.rank(query)
    found = candidates.Candidates(index, query, ranking)
    assert len({found.at(i).sentence for i in range(len(ranking.sentences))}) == len(ranking.sentences)
