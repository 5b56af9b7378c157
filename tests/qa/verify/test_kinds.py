"""What kind of change each difference is."""

from __future__ import annotations

import pytest
from tests.conftest import Build

import pullquote

TEXT = (
    "The mayor of Port Ellery said on 4 May that the ferry would not sail before noon. Anna Olsen told reporters that 12,000 crates "
    "were lost, at a cost of 3 million euros. Police believe that two men may have fled to Norway. Soldiers walked home in the rain. "
    "“We will not close the harbour this year,” Olsen said. Hansen paid for the repairs, and on Monday Hansen left the council. "
    "The last ship, which is 90 metres long, was never found. The cranes are old and slow."
)


@pytest.fixture
def index(build: Build) -> pullquote.Index:
    return build([pullquote.Article(id="a", text=TEXT)])


@pytest.mark.parametrize(
    ("quote", "what"),
    [
        ("on 4 May that the ferry would sail before noon", ("negation",)),
        ("on 5 May that the ferry would not sail before noon", ("date",)),
        ("on 4 June that the ferry would not sail before noon", ("date",)),
        ("on 4 May that the ferry will not sail before noon", ("hedge",)),
        ("the ferry would not sail before ten", ("figure",)),
        ("Anna Olsen told reporters that 21,000 crates were lost", ("figure",)),
        ("Anna Olsen told reporters that 12,000 crates are lost", ("form",)),
        ("Anna Hansen told reporters that 12,000 crates were lost", ("name", "speaker")),
        ("lost, at a cost of 3 billion euros", ("figure",)),
        ("lost, at a cost of 3 million dollars", ("unit",)),
        ("lost, at a cost of 3 Million Euros", ("case",)),
        ("lost, at a cost of three million euros", ("spelling",)),
        ("lost at a cost of 3 million euros", ("punctuation",)),
        ("Police believe that two men have fled to Norway", ("hedge",)),
        ("Police know that two men may have fled to Norway", ("hedge",)),
        ("Police believe that two men may have fled to Sweden", ("name",)),
        ("Police believe that three men may have fled to Norway", ("figure",)),
        ("Soldiers walk home in the rain", ("form",)),
        ("Soldiers ran home in the rain", ("word",)),
        ("We will close the harbour this year", ("negation",)),
        ("We won't close the harbour this year", ("form",)),
        ("“We will not close the harbour this year,” he said", ("name", "speaker")),
        ("Olsen paid for the repairs, and on Monday Hansen left the council", ("name",)),
        ("Hansen paid for the repairs, and on Sunday Hansen left the council", ("date",)),
        ("The last ship, which is 90 feet long, was never found", ("unit",)),
        ("The last ship, which is 90 metres long, was found", ("negation",)),
        ("The cranes are slow and old", ("order",)),
    ],
)
def test_what_was_changed(index: pullquote.Index, quote: str, what: tuple[str, ...]) -> None:
    verdict = pullquote.verify(index, quote)
    assert verdict.status == "altered"
    assert set(verdict.what) == set(what), verdict.changes


def test_a_stretch_that_is_the_same_is_of_no_kind(index: pullquote.Index) -> None:
    assert [change.what for change in pullquote.verify(index, "We will close the harbour this year").changes] == [
        (),
        ("negation",),
        (),
    ]
