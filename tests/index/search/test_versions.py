"""One story under several mastheads, and corrected versions of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.conftest import Build, Cli, HashEncoder

import pullquote
from pullquote.index.search.versions import relation
from pullquote.qa import ask as asking
from pullquote.qa.selection.confidence import Logistic, Model

STORY = (
    "The ministry said on Friday that 13 citizens had been taken from the coast by agents. "
    "Families of the missing had waited for decades to hear any account from the capital. "
    "The minister promised to press for their return at the next round of talks in the spring.\n\n"
    "An envoy is to travel to the border next week with a list of names and dates of birth. "
    "Fishermen of the harbour remember strange boats without lights in those winters."
)
WIRE = pullquote.Article(id="wire", title="13 were taken", source="Kyodo", published="2004-05-22", text=STORY)
OTHER = pullquote.Article(id="zeta", text="The ferry to the island was late because of ice on the sound.", source="Voice")


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))


def syndicated() -> list[pullquote.Article]:
    return [
        WIRE,
        pullquote.Article(
            id="post", title="Thirteen taken", source="Post", published="2004-05-23", text=STORY.replace("envoy", "aide")
        ),
        pullquote.Article(id="voice", source="Voice", text=f"{STORY}\n\nAdditional reporting by Ada Byron"),
        OTHER,
    ]


def test_a_story_is_shown_once_with_where_else_it_stands(build: Build) -> None:
    index = build(syndicated())
    [hit, *rest] = [h for h in index.search("boats without lights in winter", k=10) if "boats" in h.text]
    assert rest == []
    assert {hit.article_id, *(c.article_id for c in hit.also)} == {"wire", "post", "voice"}
    assert [c.relation for c in hit.also] == ["copy", "copy"]
    assert [h.rank for h in index.search("boats harbour ministry ferry")] == list(
        range(1, len(index.search("boats harbour ministry ferry")) + 1)
    )


@pytest.mark.parametrize(
    ("old", "new", "question"),
    [
        ("13", "130", "How many citizens had been taken from the coast by agents?"),
        ("is to travel", "is not to travel", "Is an envoy to travel to the border next week with a list of names?"),
        ("promised to press", "refused to press", "Did the minister press for their return at the next round of talks?"),
    ],
)
def test_a_passage_of_a_copy_that_says_something_else_is_shown_too(build: Build, old: str, new: str, question: str) -> None:
    index = build([*syndicated(), replace(WIRE, id="says-else", source="", text=STORY.replace(old, new))])
    hits = index.search(question, k=2)
    assert len({h.article_id for h in hits} & {"says-else"}) == 1
    assert not any("says-else" in {c.article_id for c in h.also} for h in hits)
    quotes = pullquote.ask(index, question, n=2).quotes
    assert sorted(new in q.text for q in quotes) == [False, True]


def test_a_quote_says_where_else_it_stands_word_for_word(build: Build) -> None:
    index = build(syndicated())
    [quote] = [q for q in pullquote.ask(index, "Does the envoy travel to the border with names?", n=5).quotes if "envoy" in q.text]
    [copy] = quote.also
    other = index.article(copy.article_id)
    assert {quote.article_id, copy.article_id} == {"wire", "voice"}
    assert copy.start is not None
    assert other.text[copy.start : copy.end] == quote.text
    answer = pullquote.ask(index, "Who remembers strange boats?", n=1)
    assert len(answer.quotes[0].also) == 2


def test_a_corrected_version_comes_first_and_both_are_seen(build: Build) -> None:
    corrected = replace(WIRE, id="wire-2", title="17 were taken", published="2004-05-24", text=STORY.replace("13", "17"))
    for early in (WIRE, replace(WIRE, id="zzz")):
        index = build([early, corrected], f"{early.id}.pq")
        hits = index.search("13 citizens taken from the coast", k=2)
        assert [h.article_id for h in hits] == ["wire-2", early.id]
        assert [h.superseded_by for h in hits] == ["", "wire-2"]
        assert [[c.relation for c in h.also] for h in hits] == [["earlier"], ["later"]]
        quotes = pullquote.ask(index, "How many of the 13 citizens were taken from the coast?", n=2).quotes
        assert [q.article_id for q in quotes] == ["wire-2", early.id]
        assert ["17" in q.text for q in quotes] == [True, False]
        assert [q.superseded_by for q in quotes] == ["", "wire-2"]
        before = pullquote.ask(index, "How many citizens were taken?", n=1, where=pullquote.Filter.of(until="2004-05-23"))
        assert [q.article_id for q in before.quotes] == [early.id]


def test_what_stands_in_both_versions_is_quoted_from_the_later(build: Build) -> None:
    later = replace(WIRE, id="a-later", published="2004-06", text=STORY.replace("13", "17"))
    index = build([WIRE, later])
    [quote] = pullquote.ask(index, "Who remembers strange boats without lights?", n=1).quotes
    assert (quote.article_id, [c.relation for c in quote.also]) == ("a-later", ["earlier"])


@pytest.mark.parametrize(
    ("source", "published", "expected"),
    [
        ("Kyodo", "2004-05-23", "later"),
        ("KYODO", "2004-05-21", "earlier"),
        ("Kyodo", "2004-05", "copy"),  # it may be the same day
        ("Kyodo", "2003", "earlier"),
        ("Kyodo", None, "copy"),
        ("Post", "2004-05-23", "copy"),
    ],
)
def test_a_version_is_of_the_same_outlet_and_another_day(source: str, published: str | None, expected: str) -> None:
    assert relation(WIRE, replace(WIRE, id="b", source=source, published=published)) == expected
    assert relation(replace(WIRE, source=""), replace(WIRE, id="b", source="", published="2009")) == "copy"


def test_copies_of_copies_part_when_the_one_between_them_goes(build: Build, tmp_path: object) -> None:
    words = [f"word{n}" for n in range(120)]
    chain = [
        pullquote.Article(id=f"c{n}", text=" ".join([*(f"new{n}of{i}" for i in range(n * 9)), *words[n * 9 :]])) for n in range(4)
    ]
    index = build(chain)
    together = [article.id for article in index.copies("c0")]
    assert together == ["c1", "c2", "c3"]
    pullquote.remove(index.folder, ["c1", "c2"])
    with pullquote.Index.open(index.folder, HashEncoder()) as now:
        fresh = build([chain[0], chain[3]], "fresh.pq")
        assert now.copies("c0") == fresh.copies("c0") == []


def test_copies_are_named_in_every_format(build: Build, cli: Cli) -> None:
    index = build(syndicated())
    ran = cli("ask", "Who remembers strange boats?", "-n", "1", "--index", index.folder)
    assert "\n      also in " in ran.out
    named = {
        name
        for name in ("Kyodo, 2004-05-22", "Post, 2004-05-23", "Voice")
        if f"also in {name}" in ran.out or f"; {name}" in ran.out
    }
    assert len(named) == 2  # the third is the one that is quoted
    for form in ("markdown", "html"):
        assert "also in " in cli("ask", "Who remembers strange boats?", "-n", "1", "--format", form, "--index", index.folder).out
    assert "    also in " in cli("search", "boats without lights", "-k", "1", "--index", index.folder).out
    assert "2 articles told the story of another" in cli("status", "--index", index.folder).out


@pytest.mark.parametrize(
    ("said", "says_else"),
    [("140 people were hurt there.", "40 people were hurt there."), ("He resigned on Friday.", "She resigned on Friday."),
     ("It is false that the mayor said so.", "The mayor said so.")],
)  # fmt: skip
def test_a_sentence_within_another_one_is_another_one(build: Build, said: str, says_else: str) -> None:
    one, other = (pullquote.Article(id=i, text=f"{text}\n\n{STORY}") for i, text in (("one", said), ("other", says_else)))
    index = build([one, other])
    assert [a.id for a in index.copies("one")] == ["other"]
    for question in (said, says_else):
        hits = index.search(question, k=2)
        assert {h.article_id for h in hits} == {"one", "other"}
        assert [h.also for h in hits] == [(), ()]
        assert all(q.also == () for q in pullquote.ask(index, question, n=2).quotes if q.text in (said, says_else))


@pytest.mark.parametrize(
    ("words", "kept", "expected"),
    [(40, 40, "later"), (40, 38, "later"), (40, 37, "copy"), (39, 39, "copy"), (100, 95, "later"), (100, 94, "copy")],
)
def test_a_version_keeps_nineteen_words_of_twenty_and_has_forty(words: int, kept: int, expected: str) -> None:
    earlier = replace(WIRE, text=" ".join(f"w{n}" for n in range(words)))
    later = replace(WIRE, id="b", published="2004-05-23", text=" ".join([*(f"w{n}" for n in range(kept)), "and", "more"]))
    assert relation(earlier, later) == expected
    assert relation(later, earlier) == {"later": "earlier", "copy": "copy"}[expected]


DAILY = (
    "The harbour office says that the ferry sails from pier three at nine in the morning, and that cars wait at the north gate. "
    * 2
)


def daily(days: int) -> list[pullquote.Article]:
    return [
        pullquote.Article(
            id=f"d{n:03}",
            source="Post",
            published=f"2021-{1 + n // 28:02}-{1 + n % 28:02}",
            text=f"{DAILY}The water stands at {n + 100} today.",
        )
        for n in range(days)
    ]


@pytest.mark.parametrize(("days", "versions"), [(2, True), (4, True), (5, False), (150, False)])
def test_what_an_outlet_writes_day_by_day_by_a_pattern_is_a_series_and_no_version(build: Build, days: int, versions: bool) -> None:
    index = build([*daily(days), OTHER])
    assert len(index.copies("d000")) == days - 1
    assert (index.latest("d000") is not None) == versions
    [first, *_] = index.search("When does the ferry sail from pier three?", 5)
    assert bool(first.superseded_by or any(copy.relation != "copy" for copy in first.also)) == versions
    dated = pullquote.timeline(index, "How high does the water stand today?", n=200)
    assert len(dated.quotes) > 1


def test_of_a_story_that_hundreds_tell_some_copies_are_named(build: Build) -> None:
    many = [pullquote.Article(id=f"m{n:03}", source=f"Paper {n}", text=DAILY) for n in range(150)]
    index = build([*many, OTHER])
    [hit, *_] = index.search("When does the ferry sail from pier three?", 5)
    assert hit.article_id == "m000"
    assert [copy.article_id for copy in hit.also] == [f"m{n:03}" for n in range(1, 100)]
    assert len(index.copies("m000")) == 149
    assert {len(index.near_copies(index.article(name))) for name in ("m000", "m149")} == {99, 100}


@pytest.mark.parametrize(
    ("title", "other", "kind"),
    [
        ("River bulletin, Monday", "River bulletin, Tuesday", "copy"),
        ("River bulletin, 4 March", "River bulletin, 5 March", "copy"),
        ("River bulletin, March 4", "River bulletin, March 4", "later"),
        ("River bulletin", "River bulletin, Tuesday", "later"),
        ("Seven dead in Monday's accident", "Nine dead in Monday's accident", "later"),
        ("River bulletin", "River bulletin", "later"),
        ("Pegelbericht, Montag", "Pegelbericht, Dienstag", "copy"),
        ("Pegel am Montagabend", "Pegel am Freitagabend", "copy"),
        ("Bulletin du mardi", "Bulletin du jeudi", "copy"),
        ("Boletín del miércoles", "Boletín del sábado", "copy"),
        ("Bollettino di lunedì", "Bollettino di venerdì", "copy"),
        ("Pegel am 4. März", "Pegel am 5. März", "copy"),
        ("Les eaux du 1er août", "Les eaux du 2 août", "copy"),
        ("Las aguas del 4 de mayo", "Las aguas del 4 de junio", "copy"),
        ("Le acque del 3 luglio", "Le acque del 4 luglio", "copy"),
        ("Pegel am 4. Mai", "River on May 4", "later"),
        ("Prices in March", "Prices in April", "copy"),
        ("Prices, May", "Prices, June", "copy"),
        ("Les prix en mars", "Les prix en avril", "copy"),
        ("January prices rose", "February prices rose", "copy"),
        ("Exports in the second quarter", "Exports in the third quarter", "copy"),
        ("Exports, Q1", "Exports, Q2", "copy"),
        ("Exporte im ersten Quartal", "Exporte im zweiten Quartal", "copy"),
        ("In 2022, 45 fell ill", "In 2023, 45 fell ill", "copy"),
        ("Harbour census 2021", "Harbour census 2022", "copy"),
        ("Bulletin no. 42", "Bulletin no. 43", "copy"),
        ("Flu report, week 13", "Flu report, week 14", "copy"),
        ("Amtsblatt Nr. 7", "Amtsblatt Nr. 8", "copy"),
        ("Harbour news, morning edition", "Harbour news, evening edition", "copy"),
        ("Hafen, Morgenausgabe", "Hafen, Abendausgabe", "copy"),
        ("The 112 people aboard", "The 121 people aboard", "later"),
        ("In March 12 people drowned", "In March 21 people drowned", "later"),
        ("Of 2010 people", "Of 2020 people", "later"),
        ("Some 45 may have died", "Some 54 may have died", "later"),
        ("It may march in time", "It may march on time", "later"),
        ("Mayor Ines Falk resigns", "Mayor Inez Falk resigns", "later"),
        ("Seven dead since Monday, 4 March", "Eight dead since Monday, 4 March", "later"),
    ],
)
def test_what_is_headed_by_another_day_month_or_number_is_no_version(title: str, other: str, kind: str) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    first = pullquote.Article("a", text, title, "Office", published="2024-03-04")
    second = pullquote.Article("b", text, other, "Office", published="2024-03-05")
    assert relation(first, second) == kind
    begun = [replace(article, title="", text=f"{article.title}. {text}") for article in (first, second)]
    assert relation(*begun) == kind


def test_days_in_the_titles_are_compared_before_days_in_the_texts() -> None:
    text = " ".join(f"word{n}" for n in range(60))
    first = pullquote.Article("a", f"On Monday the water rose. {text}", "River on Tuesday", "Office", published="2024-03-04")
    second = replace(first, id="b", title="The river on Tuesday", text=f"On Friday the water rose. {text}", published="2024-03-05")
    assert relation(first, second) == "later"
    assert relation(first, replace(second, title="The river")) == "copy"
    assert relation(first, replace(second, title="The river", text=first.text)) == "later"


@pytest.mark.parametrize(
    ("said", "asked", "read_as"),
    [
        ("In 2022, 45 people drowned.", "How many people drowned in 2022?", ()),
        ("In June 2022 45 people drowned.", "How many people drowned in June 2022?", ()),
        ("On 3 June 2022, 45 people drowned.", "How many people drowned on 3 June 2022?", ()),
        ("45 people drowned.", "How many people drowned in 2022?", ("published 2022",)),
        ("In May 2022 45 people drowned.", "How many people drowned in June 2022?", ("published 2022-06",)),
    ],
)
def test_a_best_sentence_that_names_the_date_itself_is_not_looked_for_by_its_day(
    build: Build, said: str, asked: str, read_as: tuple[str, ...]
) -> None:
    report = pullquote.Article(id="report", published="2023-01-09", text=said)
    then = pullquote.Article(id="then", published="2022-06-03", text="The ferry was late.")
    answer = pullquote.ask(build([report, then]), asked, reader=False)
    assert answer.read_as == read_as
    assert (answer.quotes[0].article_id == "report") is not bool(read_as)
