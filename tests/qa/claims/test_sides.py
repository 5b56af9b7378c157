from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa import ask as asking
from pullquote.qa.claims.claim import agree, claim
from pullquote.qa.claims.parallel import differing
from pullquote.qa.claims.short_form import plain
from pullquote.qa.claims.sides import sides
from pullquote.qa.question.wording import Wording
from pullquote.qa.selection.candidate import Candidate
from pullquote.qa.selection.confidence import Logistic, Model
from pullquote.qa.selection.reader import Pointed

TOKYO = pullquote.Article(id="tokyo", source="Post", text="Tokyo says that 17 citizens were taken by agents.")
NORTH = pullquote.Article(id="north", source="Voice", text="The North admits that 13 citizens were taken by agents.")
QUESTION = "How many citizens were taken by agents?"


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


def wording(question: str) -> Wording:
    terms = set(Analyzer().terms(question))
    return Wording.of(question, Analyzer(), dict.fromkeys(terms, 1.0))


def test_both_sides_are_shown_with_their_quotes(build: Build) -> None:
    answer = pullquote.ask(build([TOKYO, NORTH]), QUESTION, n=1)
    assert {side.value: [q.article_id for q in side.quotes] for side in answer.disagreements} == {"17": ["tokyo"], "13": ["north"]}
    assert answer.corroboration is None


def test_sides_hold_quotes_that_are_in_their_articles(build: Build) -> None:
    index = build([TOKYO, NORTH])
    for side in pullquote.ask(index, QUESTION).disagreements:
        for quote in side.quotes:
            assert index.article(quote.article_id).text[quote.start : quote.end] == quote.text


def test_outlets_that_agree_are_named_and_copies_count_once(build: Build) -> None:
    other = pullquote.Article(
        id="other", source="Herald", text="Seventeen citizens were taken by agents, officials in Tokyo repeat."
    )
    answer = pullquote.ask(build([TOKYO, other]), QUESTION)
    assert answer.disagreements == ()
    assert answer.corroboration is not None
    assert set(answer.corroboration.outlets) == {"Post", "Herald"}
    copy = pullquote.Article(id="copy", source="Mirror", text=TOKYO.text)
    assert pullquote.ask(build([TOKYO, copy], "copies.pq"), QUESTION).corroboration is None


def test_one_voice_is_no_disagreement(build: Build) -> None:
    answer = pullquote.ask(build([TOKYO]), QUESTION)
    assert (answer.disagreements, answer.corroboration) == ((), None)


def test_the_short_form_is_located(build: Build) -> None:
    index = build([TOKYO])
    [quote] = pullquote.ask(index, QUESTION).quotes
    assert quote.span is not None
    assert quote.span.text == "17"
    assert TOKYO.text[quote.span.start : quote.span.end] == "17"


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("When was the bridge opened?", "The bridge was opened on 4 May 2021.", "4 May 2021"),
        ("Who opened the bridge?", "The bridge was opened by Ines Falk.", "Ines Falk"),
        ("Where is the bridge?", "The Mayor said that the bridge is in Oslo.", "Oslo"),
        ("How many ships passed?", "In 40 days 12 ships passed.", "12"),
        ("How many ships passed?", "Some 40 passed in 12 hours.", None),
        ("How many ships passed?", "The two ships passed.", None),
        ("How many ships passed?", "About 40 ships passed.", "40"),
        ("Who opened the bridge?", "Ines Falk opened it with Per Olsen.", None),
        ("Why was the bridge closed?", "It was closed because of rain.", None),
        ("When did the 2021 bridge open?", "The bridge opened in 2021.", None),
    ],
)
def test_a_short_form_is_given_only_where_it_is_plain(question: str, text: str, short: str | None) -> None:
    found = plain(wording(question), text, Analyzer())
    assert (text[found.start : found.end] if found else None) == short


def test_claims_agree_as_far_as_they_are_known() -> None:
    when, many, who = wording("When was it?"), wording("How many came?"), wording("Who came?")

    def same(question: Wording, one: str, other: str) -> bool:
        ours, theirs = claim(question, one), claim(question, other)
        assert ours is not None
        assert theirs is not None
        return agree(ours, theirs)

    assert same(when, "2002", "October 2002")
    assert same(when, "the 1970s", "1977")
    assert not same(when, "October 2002", "May 2002")
    assert not same(when, "6 October 2002", "8 October 2002")
    assert same(many, "thirteen", "13")
    assert not same(many, "13", "13%")
    assert same(who, "Kim Jong Un", "Kim")
    assert not same(who, "Kono", "Abe")


def test_parallel_sentences_that_differ_in_an_answer() -> None:
    question = wording("Who is the artist of the album Interiors?")
    one = "Interiors is the second studio album by the rock band Brad from Seattle."
    other = "Interiors is the second studio album by the rock band Nirvana from Seattle."
    places = differing(question, one, other)
    assert places is not None
    assert (one[slice(*places[0])], other[slice(*places[1])]) == ("Brad", "Nirvana")
    assert differing(question, one, one) is None
    assert differing(question, one, "The weather in Seattle was fine on that day, said the band's manager.") is None


@pytest.mark.parametrize(
    "text",
    [
        "More than 40 citizens were taken by agents.",
        "The five citizens were taken by agents.",
        "The families of five citizens who were taken by agents wait.",
    ],
)
def test_what_does_not_say_how_many_is_no_side(build: Build, text: str) -> None:
    other = pullquote.Article(id="other", source="Herald", text=text)
    assert pullquote.ask(build([TOKYO, other]), QUESTION).disagreements == ()


def test_a_copy_with_another_number_is_a_side_and_a_corrected_version_is_none(build: Build) -> None:
    text = "Tokyo says that {} citizens were taken by agents. " + " ".join(f"Word{n} follows." for n in range(40))
    one = pullquote.Article(id="one", source="Post", published="2021-05-01", text=text.format(17))
    other = pullquote.Article(id="other", source="Mirror", published="2021-05-02", text=text.format(13))
    assert {s.value for s in pullquote.ask(build([one, other]), QUESTION).disagreements} == {"17", "13"}
    corrected = pullquote.Article(id="other", source="Post", published="2021-05-02", text=text.format(13))
    assert pullquote.ask(build([one, corrected], "corrected.pq"), QUESTION).disagreements == ()


def claiming(number: int, score: float, present: float = 0.4, covered: float = 0.6) -> Candidate:
    """A candidate of an article of its own that claims a number, with what decides whether it is a side."""
    article = pullquote.Article(id=f"a{number}", text=f"Agents took {number} citizens.")
    evidence = {"present": present, "covered": covered}
    return Candidate(number, (0, len(article.text)), wording(QUESTION), article, 0, len(article.text), evidence, score, 3.0)


@pytest.mark.parametrize(
    ("other", "values"),
    [
        (claiming(13, 6.0), ["17", "13"]),
        (claiming(13, 5.99), ["17"]),  # more than 4 below the best
        (claiming(13, 9.0, present=0.39), ["17"]),  # too little of the question's information in it
        (claiming(13, 9.0, covered=0.59), ["17"]),  # or in it and around it
        (claiming(13, 9.0, present=1.0, covered=1.0), ["17", "13"]),
    ],
)
def test_a_side_is_nearly_as_good_as_the_best_and_about_what_is_asked(other: Candidate, values: list[str]) -> None:
    found = sides(wording(QUESTION), [claiming(17, 10.0), other], Analyzer(), lambda c: c.article.id)
    assert [side.value for side in found] == values


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        # 3 of 5 words in common and in order: 2 * 3 / (5 + 5) = 0.6
        ("Olsen left Oslo in May.", "Olsen left Rome in June.", True),
        ("Olsen left Oslo in May.", "Olsen fled Rome in June.", False),  # 2 of 5: 0.4
        ("Olsen left Oslo in.", "Olsen left Rome in.", False),  # four words are too few
    ],
)
def test_sentences_are_parallel_from_three_fifths_of_their_words_on(one: str, other: str, differ: bool) -> None:
    assert (differing(wording("Where did they go?"), one, other) is not None) == differ


def read(question: str, text: str, said: str, best: float = 8.0, *, of: str = "", covered: float = 0.4) -> Candidate:
    """A candidate that the reader points into, with little of the question's words in itself."""
    article = pullquote.Article(id=of or text, text=text)
    pointed = Pointed(best, best, text.index(said), text.index(said) + len(said))
    evidence = {"present": 0.0, "covered": covered}
    return Candidate(0, (0, len(text)), wording(question), article, 0, len(text), evidence, 9.0, 3.0, pointed=pointed)


def values(question: str, *found: Candidate) -> list[str]:
    return [side.value for side in sides(wording(question), found, Analyzer(), lambda c: c.article.id)]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (read("", "It had 205 people.", "205"), ["142", "205"]),
        (read("", "It had 205 people.", "205", 5.4), []),  # the reader is not sure enough
        (read("", "It had 205 people.", "205", covered=0.39), []),  # nothing around it is about what is asked
        (read("", "Five of 205 people left.", "Five"), []),  # a part
        (read("", "Five of 205 people left.", "Five of 205"), []),
        (read("", "It lost 205 people, five of whom returned.", "five"), []),
        (read("", "It looked for two others.", "two"), []),
        (read("", "It was 205 metres long.", "205 metres"), []),  # of another unit
        (read("", "There were 205 cases of moving people.", "205 cases of moving people"), ["142", "205"]),
    ],
)
def test_a_figure_that_the_reader_is_sure_of_is_a_side_wherever_its_subject_stands(other: Candidate, expected: list[str]) -> None:
    question = "What is the population of Moose Lake?"
    found = values(question, read(question, "It was 142 then.", "142"), other)
    assert found == (expected or ["142"])


def test_no_sides_are_taken_under_a_bound() -> None:
    question = "How many people died in the quake?"
    best = read(question, "At least 38 people died in the quake.", "At least 38")
    others = read(question, "It left 41 dead.", "41"), read(question, "In 1976 it killed 2,300.", "2,300")
    assert values(question, best, *others) == []
    assert values(question, *others) == ["41", "2,300"]


def test_what_was_not_read_of_candidates_that_were_is_no_side_of_its_own() -> None:
    question = "How many citizens were taken?"
    unread = claiming(13, 9.0, present=1.0, covered=1.0)
    assert values(question, read(question, "Agents took 17 citizens.", "17"), unread) == ["17"]
    assert [len(side.candidates) for side in sides(wording(question), [unread, unread], Analyzer(), id)] == [1]


def test_names_of_any_kind_are_sides_where_the_reader_is_sure_of_them() -> None:
    question = "What sport is Vestri associated with?"
    one, other = read(question, "It is a football club.", "football"), read(question, "Its basketball won.", "basketball")
    assert values(question, one, other) == ["football", "basketball"]
    assert values(question, one, read(question, "Its footballers won.", "footballers")) == []
    assert values(question, one, read(question, "Its basketball won.", "basketball", of="It is a football club.")) == []
    assert values(question, one, read(question, "What a sport it is.", "sport")) == []
    said = "a club of its own kind that won everything"
    assert values(question, one, read(question, f"It is {said}.", said)) == []


def test_names_that_are_short_for_each_other_are_one_side() -> None:
    question = "What body did Ban lead?"
    one, other = read(question, "He led the United Nations.", "United Nations"), read(question, "He led the U.N.", "U.N.")
    assert values(question, one, other) == []


def test_beside_a_figure_stands_what_is_asked_for() -> None:
    question = "What magnitude was the quake?"
    one = read(question, "It was of magnitude 6.4.", "6.4")
    assert values(question, one, read(question, "It put the magnitude at 6.6.", "6.6")) == ["6.4", "6.6"]
    assert values(question, one, read(question, "The toll stands at 41.", "41")) == []


def test_two_persons_in_one_article_are_no_sides() -> None:
    question = "Who said that it was bad?"
    one, other = read(question, "Ines Holt said so.", "Ines Holt"), read(question, "Per Olsen said so.", "Per Olsen")
    assert values(question, one, other) == ["Ines Holt", "Per Olsen"]
    assert values(question, one, read(question, "Per Olsen said so.", "Per Olsen", of="Ines Holt said so.")) == ["Ines Holt"]


def test_a_hyphen_is_no_difference() -> None:
    question, one = wording("What is oxygen's rank?"), "By mass it is the third-most abundant element in the universe."
    assert differing(question, one, one.replace("third-most", "third most")) is None


def test_more_passages_are_read_where_another_answer_may_stand(build: Build) -> None:
    articles = [
        pullquote.Article(
            id=f"a{n}",
            source=f"Paper {n}",
            text=f"Officials said {'seventeen' if n < 8 else 'thirteen'} sailors were held aboard the Aurora near pier {n}.",
        )
        for n in range(9)
    ]
    answer = pullquote.ask(build(articles), "How many sailors were held aboard the Aurora?")
    assert {side.value: len(side.quotes) for side in answer.disagreements}.keys() == {"seventeen", "thirteen"}
