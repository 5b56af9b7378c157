"""Who an article says that a quote is from."""

from __future__ import annotations

import pytest

from pullquote.qa.verify.speakers import attribution, speaker_of

CASES = [
    ("“We will not close,” Olsen said.", "We will not close", "Olsen"),
    ("“We will not close,” said Anna Olsen, the mayor.", "We will not close", "Anna Olsen"),
    ("Anna Olsen told reporters: “We will not close.”", "We will not close.", "Anna Olsen"),
    ("Anna Olsen, the mayor of Port Ellery, said: “We will not close.”", "We will not close.", "Anna Olsen"),
    ("“We will not close,” the mayor said on Monday.", "We will not close", "the mayor"),
    ("“We will not close,” she added. “The crews will stay.”", "The crews will stay.", "she"),
    ("“We have time,” Hansen said. “We will not close,” Olsen replied.", "We will not close", "Olsen"),
    ("“We have time,” Hansen said. “We will not close,” Olsen replied.", "We have time", "Hansen"),
    ("The ferry was late, according to Hansen.", "The ferry was late", "Hansen"),
    ("According to Hansen, the ferry was late.", "the ferry was late", "Hansen"),
    ("Hansen said the ferry was late.", "the ferry was late", "Hansen"),
    ("The ferry was late, Hansen said. Olsen said it was not.", "it was not", "Olsen"),
    ("The ferry was late, Hansen said. Olsen said it was not.", "The ferry was late", "Hansen"),
    ("Olsen later told the council: “We will not close.”", "We will not close.", "Olsen"),
    ("Olsen said this on Monday:\n“We will not close.”", "We will not close.", "Olsen"),
    ("“We will not close.”", "We will not close.", None),
    ("The ferry was late. Nobody knew why.", "The ferry was late", None),
    ("Hansen left. The ferry was late.", "The ferry was late", None),
    ('"We will not close," Prime Minister Olsen said.', "We will not close", "Prime Minister Olsen"),
]


@pytest.mark.parametrize(("text", "quote", "speaker"), CASES)
def test_speakers(text: str, quote: str, speaker: str | None) -> None:
    start = text.index(quote)
    assert speaker_of(text, start, start + len(quote)) == speaker


@pytest.mark.parametrize(
    ("text", "quote", "given", "named"),
    [
        ("“We will not close,” Olsen said.", "We will not close", "Anna Olsen", "stated"),
        ("“We will not close,” Olsen said.", "We will not close", "Mayor Olsen", "stated"),
        ("“We will not close,” Olsen said.", "We will not close", "Per Hansen", "other"),
        ("Mayor Anna Olsen came. “We will not close,” the mayor said.", "We will not close", "Olsen", "stated"),
        ("Hansen met Anna Olsen. “We will not close,” she said.", "We will not close", "Anna Olsen", "stated"),
        ("Hansen met Anna Olsen. “We will not close,” she said.", "We will not close", "Hansen", "unstated"),
        ("“We will not close,” a sailor said. Olsen left.", "We will not close", "Olsen", "unstated"),
        ("We will not close.", "We will not close", "Olsen", "unstated"),
    ],
)
def test_whom_a_quote_is_attributed_to(text: str, quote: str, given: str, named: str) -> None:
    start = text.index(quote)
    assert attribution(text, start, start + len(quote), given).named == named
