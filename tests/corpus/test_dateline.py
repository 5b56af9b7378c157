"""When and by whom, where a story says it of itself."""

from __future__ import annotations

import pytest

from pullquote.corpus.dateline import is_block, said

STORY = "The council of Brenn voted on Monday to close the old bridge."


@pytest.mark.parametrize(
    ("line", "date", "how", "outlet"),
    [
        ("PORT ELLERY, Oct 2 2024 (Reuters) - ", "2024-10-02", "dateline", "Reuters"),
        ("PORT ELLERY, Norland, October 2, 2024 (AP) — ", "2024-10-02", "dateline", "AP"),
        ("BRENN, Sept. 5, 2023 (Kyodo) -- ", "2023-09-05", "dateline", "Kyodo"),
        ("Port Ellery, 2 October 2024 (dpa) – ", "2024-10-02", "dateline", "dpa"),
        ("BRENN, 5 May 1990 - ", "1990-05-05", "dateline", ""),
        ("BRENN, 1931-05-04 - ", "1931-05-04", "dateline", ""),
        ("BRENN, Oct. 2 (Reuters) - ", None, "stated", "Reuters"),  # of which year?
        ("BRENN (AFP) - ", None, "stated", "AFP"),
        ("(UPI) -- ", None, "stated", "UPI"),
        ("On 5 May 2020 - a Tuesday - ", None, "stated", ""),
        ("", None, "stated", ""),
    ],
)
def test_a_dateline_says_when_and_which_agency(line: str, date: str | None, how: str, outlet: str) -> None:
    assert said(f"Old bridge to close\n\n{line}{STORY}\n\nIt is 90 years old.") == (date, how, outlet)


@pytest.mark.parametrize(
    ("lines", "date", "outlet"),
    [
        (["Port Ellery Courier, 12 March 2025"], "2025-03-12", "Port Ellery Courier"),
        (["The Harbour Post | March 12, 2025"], "2025-03-12", "The Harbour Post"),
        (["Published 12 March 2025"], "2025-03-12", ""),
        (["Published: Wednesday, March 12, 2025 9:30 a.m. EST"], "2025-03-12", ""),
        (["Published: 12 March 2025 | Updated: 14 March 2025"], "2025-03-12", ""),
        (["Updated 14 March 2025, published 12 March 2025"], "2025-03-12", ""),
        (["By Ann Doe", "12 March 2025"], "2025-03-12", ""),
        (["By Ann Doe | The Northern Herald | 12 March 2025"], "2025-03-12", "The Northern Herald"),
        (["12.03.2025", "By Ann Doe"], "2025-03-12", ""),
        (["Updated 14 March 2025"], None, ""),
        (["Harbour Post, 07/11/2023"], None, ""),  # day or month first?
        (["Harbour Post, March 2025"], None, ""),  # no day
        (["File photo of the bridge, 12 March 2025."], None, ""),
        (["The bridge was closed on 12 March 2025."], None, ""),
    ],
)
def test_the_block_of_an_author_says_when_and_which_outlet(lines: list[str], date: str | None, outlet: str) -> None:
    found = said("\n\n".join(["Old bridge to close", *lines, STORY, "It is 90 years old."]))
    assert found == (date, "byline" if date else "stated", outlet)


def test_a_bare_date_under_the_title_is_that_of_a_text_but_in_a_page_it_may_be_the_day_of_the_visit() -> None:
    text = f"Old bridge to close\n\nWednesday, 12 March 2025\n\n{STORY}"
    assert said(text) == ("2025-03-12", "byline", "")
    assert said(text, bare=False) == (None, "stated", "")


@pytest.mark.parametrize(
    ("text", "date", "outlet"),
    [
        ("Crane falls\n\nPort Ellery Courier\n12 March 2025", "2025-03-12", "Port Ellery Courier"),
        ("Crane falls\n\nBy Jane Roe · May 3, 2021 · 4 min read", "2021-05-03", ""),
        ("Crane falls\n\nPosted on May 3rd, 2021 by Jane Roe", "2021-05-03", ""),
        ("Crane falls\n\nJane Roe\nMay 3, 2021", "2021-05-03", ""),
        ("Crane falls\n\nBy Jane Roe, Staff Writer\nEllery Post\nSunday, May 2, 2021; A1", "2021-05-02", "Ellery Post"),
        ("By Jane Roe, The Northern Herald\nPublished 12 March 2025", "2025-03-12", "The Northern Herald"),
        ("Source: Daily Ellery\nDate: 2021-05-03", "2021-05-03", "Daily Ellery"),
        ("The Guardian - 3 May 2021", "2021-05-03", "The Guardian"),
        ("Le Monde, 3 mai 2021", "2021-05-03", "Le Monde"),
        ("Von Jana Roth, Ellery Kurier, 3. Mai 2021", "2021-05-03", "Ellery Kurier"),
        ("Published 27/11/2023", "2023-11-27", ""),
        ("Published 07/11/2023", None, ""),
        ("Crane falls\n\nBy Ann Doe, March 1, 2024 (updated March 5, 2024)", "2024-03-01", ""),
    ],
)
def test_blocks_of_many_forms(text: str, date: str | None, outlet: str) -> None:
    assert said(f"{text}\n\n{STORY}\n\nIt is 90 years old.") == (date, "byline" if date else "stated", outlet)


@pytest.mark.parametrize(
    ("line", "date", "agency"),
    [
        ("LONDON, March 4, 2024 /PRNewswire/ -- ", "2024-03-04", "PRNewswire"),
        ("PORT ELLERY, Maine, March 4, 2024 (GLOBE NEWSWIRE) -- ", "2024-03-04", "GLOBE NEWSWIRE"),
        ("New Delhi, Aug 15, 2023 (PTI): ", "2023-08-15", "PTI"),
        ("PARIS, le 3 mai 2021 (AFP) - ", "2021-05-03", "AFP"),
        ("May 3, 2021 - ", "2021-05-03", ""),
    ],
)
def test_datelines_of_many_agencies(line: str, date: str, agency: str) -> None:
    assert said(f"{line}{STORY}") == (date, "dateline", agency)


def test_code_says_nothing_of_when_a_text_was_published() -> None:
    assert said(f"How to count\n\n{STORY}\n\n    Published 5 May 2021\n\nIt is old.")[0] is None


def test_the_block_may_stand_below_the_story_but_not_within_it() -> None:
    sentences = [f"{STORY} It was vote {n}." for n in range(12)]
    block = "Port Ellery Courier, 12 March 2025"
    assert said("\n\n".join([*sentences, block]))[0] == "2025-03-12"
    assert said("\n\n".join([*sentences[:7], block, *sentences[7:]]))[0] is None


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("Published 12 March 2025", True),
        ("Last updated: March 14, 2025 at 10:15", True),
        ("Wednesday, 12 March 2025", True),
        ("Port Ellery Courier, 12 March 2025", True),
        ("The bridge was closed on 12 March 2025.", False),
        ("12 March 2025 was a Wednesday, and the bridge was closed.", False),
        ("Ferry sinks off Brenn", False),
    ],
)
def test_what_is_nothing_but_a_block(line: str, block: bool) -> None:
    assert is_block(line) is block
