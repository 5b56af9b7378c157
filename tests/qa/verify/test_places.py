"""Where quotes stand, what a word or number is, and what a verdict says: each worked out by hand."""

from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa.verify.location import whole_words
from pullquote.qa.verify.verify import verify_record

ARTICLE = pullquote.Article(
    id="a", title="Harbour", source="Post", url="https://post.example/a", published="2021-05-01",
    text="Ice closed the old harbour on Monday morning, the captain said.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("a harbour here", "harbour", True),
        ("the harbours", "harbour", False),
        ("x1.5 y", "5", False),
        ("it is 1.5 m", "1", False),
        ("12,000 men", "12", False),
        ("12,000 men", "000", False),
        ("12,000 men", "12,000", True),
        ("in 12, 000 men", "12", True),  # a comma and a space
        ("in May.5 men", "5", True),  # no number before the full stop
        ("a.5", "5", True),
        ("5.a", "5", True),
        ("at -5 degrees", "5", False),
        ("at −5 degrees", "5", False),
        ("B-52 bombers", "52", True),  # a hyphen within a word
        ("-5", "5", False),
        ("cafe\u0301 x", "cafe", False),  # a mark belongs to its letter
        ("ends here", "ends here", True),
    ],
)
def test_no_word_and_no_number_is_cut(text: str, part: str, whole: bool) -> None:
    start = text.index(part)
    assert whole_words(text, start, start + len(part)) is whole


def test_a_verdict_says_where_and_of_what_the_quote_is(build: Build) -> None:
    index = build([ARTICLE])
    found = pullquote.verify(index, "the old harbour on Monday")
    [place] = found.places
    assert (found.quote, found.status, found.changes, found.parts) == ("the old harbour on Monday", "exact", (), ())
    assert (place.article_id, place.title, place.source, place.url, place.published) == (
        "a", "Harbour", "Post", "https://post.example/a", "2021-05-01",
    )  # fmt: skip
    assert (place.start, place.end, place.text) == (11, 36, "the old harbour on Monday")
    assert place.link.startswith("https://post.example/a#:~:text=")


def test_an_altered_quote_is_shown_beside_what_stands_there(build: Build) -> None:
    index = build([ARTICLE, pullquote.Article(id="b", text="Nobody said a word of it.")])
    said = "Ice closed the harbour on Tuesday morning, the captain said"
    found = pullquote.verify(index, said)
    [place] = found.places
    assert (found.quote, found.status, place.article_id) == (said, "altered", "a")
    assert (place.start, place.end) == (0, len(ARTICLE.text) - 1)
    assert [(change.kind, change.quote, change.article) for change in found.changes] == [
        ("same", "Ice closed the", "Ice closed the"),
        ("changed", "", "old"),
        ("same", "harbour on", "harbour on"),
        ("changed", "Tuesday", "Monday"),
        ("same", "morning, the captain said", "morning, the captain said"),
    ]


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("“Ice closed the old harbour”", "Ice closed the old harbour"),
        ('" Ice closed the old harbour "', "Ice closed the old harbour"),
        ("«the captain said»", "the captain said"),
        ("“x", None),
    ],
)
def test_quotation_marks_around_a_quote_are_not_of_it(build: Build, quote: str, found: str | None) -> None:
    verdict = pullquote.verify(build([ARTICLE]), quote)
    assert (verdict.places[0].text if verdict.places else None) == found
    assert verdict.quote == quote.strip()


def test_the_article_that_is_closest_is_named(build: Build) -> None:
    near = pullquote.Article(id="z", text="Ice closed the old harbour on Tuesday evening, the captain said.")
    index = build([ARTICLE, near, pullquote.Article(id="c", text="The old harbour is old.")])
    assert pullquote.verify(index, "Ice closed the old harbour on Tuesday, the captain said.").places[0].article_id == "z"


def test_a_recorded_quote_that_stands_in_several_places_is_the_one_of_its_record(build: Build) -> None:
    twice = pullquote.Article(id="t", text="The ice is thin. The ferry waits. The ice is thin.")
    other = pullquote.Article(id="u", text="The ice is thin. Nobody fishes.")
    index = build([twice, other])
    assert pullquote.verify(index, "The ice is thin.").status == "ambiguous"
    for article, start in ((twice, 0), (twice, 34), (other, 0)):
        record = {"text": "The ice is thin.", "article_id": article.id, "start": start, "end": start + 16, "digest": article.digest}
        found = verify_record(index, record)
        assert (found.status, [(place.article_id, place.start) for place in found.places]) == ("exact", [(article.id, start)])
        assert verify_record(index, {**record, "digest": ""}).changed is None
        assert verify_record(index, {**record, "digest": "x"}).changed is True


@pytest.mark.parametrize(("start", "end", "status"), [(0, 3, "exact"), (4, 10, "exact"), (0, 2, "absent")])
def test_a_recorded_quote_is_looked_for_where_it_is_said_to_be(build: Build, start: int, end: int, status: str) -> None:
    text = ARTICLE.text[start:end]
    record = {"text": text, "article_id": "a", "start": start, "end": end, "digest": ARTICLE.digest}
    found = verify_record(build([ARTICLE]), record)
    assert (found.quote, found.status, found.changed) == (text, status, False)
    assert [(place.start, place.end) for place in found.places] == ([(start, end)] if status == "exact" else [])
