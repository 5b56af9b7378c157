"""What is corrected comes after what corrects it."""

from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa.selection.corrections import correction, is_overtaken, moved


@pytest.mark.parametrize(
    ("sentences", "kind", "right", "wrong"),
    [
        (["Nine people, not seven, were hurt."], "number", "Nine", "seven"),
        (["Not seven but nine people were hurt."], "number", None, None),  # "Not" begins the sentence: it may deny another
        (["It was not seven but nine people who were hurt."], "number", "nine", "seven"),
        (["Police revised the toll from seven to nine."], "number", "nine", "seven"),
        (["The ferry runs from seven to nine."], "number", None, None),
        (["Nine people were hurt, rather than seven."], "number", "Nine", "seven"),
        (["An earlier version of this story said that seven were hurt.", "It was nine."], "number", "nine", "seven"),
        (["An earlier version said that seven were hurt.", "Police were told.", "In fact nine were."], "number", "nine", "seven"),
        (["The article misstated how many were hurt.", "It was nine."], "number", "nine", None),
        (["It opened on 5 May, not on 4 May."], "date", "5 May", "4 May"),
        (["We wrongly named the mayor as Per Hansen.", "The mayor is Anna Olsen."], "name", "Anna Olsen", "Per Hansen"),
        (["Seven people were hurt.", "Nine were not."], "number", None, None),
        (["Nine people were hurt."], "number", None, None),
    ],
)
def test_what_is_right_and_what_was_wrong(sentences: list[str], kind: str, right: str | None, wrong: str | None) -> None:
    found = correction(sentences[0], sentences[1:], kind)  # type: ignore[arg-type]
    assert (None if found is None else sentences[found.offset][found.start : found.end]) == right
    if wrong is not None and found is not None:
        again = correction(f"{right}, not {wrong}, it is.", [], kind)  # type: ignore[arg-type]
        assert again is not None
        assert again.wrong <= found.wrong


def test_what_was_said_wrongly_is_told_from_what_is_right() -> None:
    assert is_overtaken("An earlier version of this article said that seven were hurt.")
    assert not is_overtaken("An earlier version of this article said that seven were hurt, not nine.")
    assert not is_overtaken("An earlier version of this article should have said nine.")


@pytest.mark.parametrize(
    ("text", "unit", "figure"),
    [
        ("The bill rises to 5.6 million pounds.", "£", "5.6 million"),
        ("The death toll has risen to at least nine.", "", "nine"),
        ("The cost has now fallen to £3m, the county said.", "£", "£3"),
        ("The number of dead now stands at eleven.", "", "eleven"),
        ("The number of people hurt in the crane accident has risen to nine.", "", "nine"),
        ("The height of the crane on the quay has risen to 50.", "", None),
        ("The bridge rises to 50 metres.", "metre", None),
        ("The bill rises to 5.6 million pounds.", "", None),
        ("The bill was 5.6 million pounds.", "£", None),
        ("Tolls rose in 2024.", "", None),
    ],
)
def test_what_rises_and_falls(text: str, unit: str, figure: str | None) -> None:
    found = moved(text, ("dead",), unit)
    assert (found and text[found.start : found.end]) == figure
    assert moved("The rent rises to 900 pounds.", ("rent",), "£") is not None
    assert moved("The rent rises to 900 pounds.", (), "£") is None


def test_what_a_figure_has_risen_to_comes_first(build: Build) -> None:
    bridge = "The Harbour Bridge is shut after divers found cracks in two bearings, the county engineer said."
    index = build(
        [
            pullquote.Article(id="first", published="2025-03-12", text=f"{bridge} The repair will cost 4.2 million pounds."),
            pullquote.Article(
                id="second", published="2025-03-20", text=f"{bridge} It reopens in June. The bill rises to 5 million pounds."
            ),
            pullquote.Article(
                id="third", published="2025-04-02", text=f"{bridge} It reopens in July. The bill rises to 5.6 million pounds."
            ),
            pullquote.Article(
                id="else", published="2025-05-02", text="The choir sang in Ellery. The bill rises to 9 million pounds."
            ),
        ]
    )
    answer = pullquote.ask(index, "How much does the bridge repair cost?")
    assert [quote.article_id for quote in answer.quotes[:2]] == ["third", "first"]
    assert answer.quotes[0].span is not None
    assert answer.quotes[0].span.text == "5.6 million pounds"
    assert {side.value: side.earlier for side in answer.disagreements}["4.2 million pounds"]


def test_a_later_toll_comes_first_where_both_name_what_few_do(build: Build) -> None:
    first = "At least seven people died when the ferry Saint Brannock struck a pier near Port Ellery, police said."
    later = "The number of dead in the accident has risen to nine. The owner of the Saint Brannock was silent."
    other = "The number of dead in the accident has risen to thirty. A coach had left the road near Port Ellery."
    articles = [
        pullquote.Article(id="first", published="2024-10-02", text=f"{first} Fog lay over the coast all day."),
        pullquote.Article(id="later", published="2024-10-05", text=f"Divers went down again today. {later}"),
        pullquote.Article(id="other", published="2024-10-09", text=f"Rain fell on the hills. {other}"),
        *(pullquote.Article(id=f"a{n}", published="2024-09-01", text=f"Port Ellery held its market number {n}.") for n in range(9)),
    ]
    answer = pullquote.ask(build(articles), "How many people died when the ferry struck the pier?")
    assert answer.quotes[0].article_id == "later"
    assert answer.quotes[0].span is not None
    assert answer.quotes[0].span.text == "nine"


TOLD = "A crane fell on the quay in Port Ellery on Wednesday. Seven people were injured when the crane fell, police said."
CORRECTED = (
    "Correction: An earlier version of this article said that seven people were injured when the crane fell on the quay in Port "
    "Ellery. The correct figure is nine.",
    "An article on Wednesday about a crane that fell in Port Ellery misstated the number of people who were injured. It was nine, "
    "not seven.",
    "Police have revised the number of people injured by a crane in Port Ellery from seven to nine.",
    "On Wednesday we wrongly reported that seven people were injured when a crane fell in Port Ellery. The hospital says nine.",
)


@pytest.mark.parametrize("text", CORRECTED)
@pytest.mark.parametrize("reader", [True, False])
def test_the_corrected_value_comes_first_and_the_earlier_one_is_called_so(build: Build, text: str, reader: bool) -> None:
    index = build(
        [
            pullquote.Article(id="told", source="Post", published="2024-10-02", text=TOLD),
            pullquote.Article(id="corrected", source="Post", published="2024-10-04", text=text),
            *(pullquote.Article(id=f"f{n}", text=f"{n + 3} people were on the ferry in Port Ellery on Monday.") for n in range(9)),
        ]
    )
    answer = pullquote.ask(index, "How many people were injured when the crane fell?", reader=reader)
    first = answer.quotes[0]
    assert (first.article_id, first.span and first.span.text.split()[-1]) == ("corrected", "nine")
    assert first.confidence >= max(quote.confidence for quote in answer.quotes)
    if reader:
        assert [(side.value.casefold(), side.earlier) for side in answer.disagreements] == [("nine", False), ("seven", True)]
    if first.text.startswith(("The correct", "It was", "The hospital")):
        assert first.context is not None
        assert "crane" in first.context.text


def test_a_correction_that_is_older_or_of_another_matter_changes_nothing(build: Build) -> None:
    question = "How many people were injured when the crane fell?"
    told = pullquote.Article(id="told", published="2024-10-02", text=TOLD)
    older = pullquote.Article(id="older", published="2023-01-01", text=CORRECTED[0])
    assert pullquote.ask(build([told, older], "older.pq"), question).quotes[0].article_id == "told"
    other = (
        "The choir sang nine songs, not seven, at the feast of the harvest, said the verger of the parish church in the evening."
    )
    of_another = pullquote.Article(id="other", published="2024-10-04", text=other)
    assert pullquote.ask(build([told, of_another], "other.pq"), question).quotes[0].article_id == "told"
