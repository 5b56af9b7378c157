from __future__ import annotations

from dataclasses import replace

import pytest
from tests.conftest import Build

import pullquote
from pullquote.qa import ask as asking
from pullquote.qa.render.render import show
from pullquote.qa.selection.confidence import Logistic, Model

SURE = Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0)


@pytest.fixture(autouse=True)
def _always_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped model knows the real encoder, not the one of the tests."""
    monkeypatch.setattr(asking, "model", lambda **_: SURE)


DATED = [
    pullquote.Article(
        id=f"talks-{date}", text=f"The envoys met {where}. Talks ended without result.", published=date, source="Post"
    )
    for date, where in (("2002-09-17", "in Pyongyang"), ("2004-02", "in Beijing, they say"), ("2024-03-04", "at sea"))
]
UNDATED = pullquote.Article(id="talks", text="The envoys met somewhere, and talks went on.")


def test_a_timeline_is_in_the_order_of_dates_and_counts_what_has_none(build: Build) -> None:
    found = pullquote.timeline(build([*DATED, UNDATED]), "Where did the envoys meet?")
    assert [quote.published for quote in found.quotes] == ["2002-09-17", "2004-02", "2024-03-04"]
    assert all(quote.text.startswith("The envoys met") for quote in found.quotes)
    assert found.undated == 1
    assert [q.published for q in pullquote.timeline(build([*DATED], "other.pq"), "Where did the envoys meet?", n=1).quotes]


RISING = [
    pullquote.Article(id=i, source=source, published=day, text=f"A crane fell on the quay. {said} The quay is shut.")
    for i, source, day, said in (
        ("a", "Post", "2024-10-02", "Seven people were injured when the crane fell, police said."),
        ("b", "Voice", "2024-10-03", "Police said that 7 people were injured when the crane fell."),
        ("c", "Post", "2024-10-05", "Nine people were injured when the crane fell, the hospital said."),
    )
]


@pytest.mark.parametrize("reader", [True, False])
def test_a_timeline_tells_what_value_was_given_when(build: Build, reader: bool) -> None:
    found = pullquote.timeline(build(RISING), "How many people were injured when the crane fell?", reader=reader)
    assert [(p.value.split()[0], p.first, p.last, p.outlets) for p in found.periods] == [
        ("Seven", "2024-10-02", "2024-10-03", ("Post", "Voice")),
        ("Nine", "2024-10-05", "2024-10-05", ("Post",)),
    ]
    shown = show("timeline", "text", timeline=found)
    assert "2024-10-02 to 2024-10-03" in shown
    assert pullquote.timeline(build(RISING, "other.pq"), "Why did the crane fall?", reader=reader).periods == ()


def test_a_timeline_has_what_was_corrected_at_its_date(build: Build) -> None:
    text = "An earlier version of this article said that seven people were injured when the crane fell. The correct figure is nine."
    righted = pullquote.Article(id="d", source="Post", published="2024-10-07", text=text)
    for reader in (True, False):
        index = build([RISING[0], righted], f"{reader}.pq")
        found = pullquote.timeline(index, "How many people were injured when the crane fell?", reader=reader)
        assert [(p.value.split()[0], p.first) for p in found.periods] == [("Seven", "2024-10-02"), ("nine", "2024-10-07")]


@pytest.mark.parametrize(("right", "dates"), [(-3.0, 3), (-4.0, 0)])
def test_a_timeline_leaves_out_what_hardly_answers(build: Build, monkeypatch: pytest.MonkeyPatch, right: float, dates: int) -> None:
    monkeypatch.setattr(asking, "model", lambda **_: replace(SURE, right=Logistic(right, {})))  # sure to 0.047 and to 0.018
    assert len(pullquote.timeline(build(DATED), "Where did the envoys meet?").quotes) == dates
