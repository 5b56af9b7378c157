from __future__ import annotations

import pytest

from pullquote.corpus.boilerplate import Holder, fingerprint, marks, repeated_paragraphs

STORY = "The harbour bridge opened on Saturday after years of work."


def kinds(*lines: str, title: str = "") -> list[str]:
    text = "\n\n".join(lines)
    found = {text[m.start : m.end]: m.kind for m in marks(title, text)}
    return [found.get(line, "") for line in lines]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("READ MORE: How the bridge was built", "link"),
        ("Read more: How the bridge was built", "link"),
        ("ALSO READ | Town gets a tram", "link"),
        ("[Timeline of the works](https://post.example/t)", "link"),
        ("Mayor Ines Falk walks over the bridge in Northport on May 1, 2021. (Kyodo)", "caption"),
        ("Ines Falk (2nd from R) speaks at the opening of the bridge.", "caption"),
        ("The bridge at dawn. (AP Photo/Ana Lund)", "caption"),
        ("FILE - The old ferry leaves the harbour, June 3, 2019.", "caption"),
        ("Photo: The bridge at dawn", "caption"),
        ("![The bridge](bridge.jpg)", "caption"),
        ("With your current subscription plan you can comment on stories.", "notice"),
        ("Subscribe to our newsletter to get the news every morning.", "notice"),
        ("Sign up for the daily briefing.", "notice"),
        ("Already a subscriber? Log in here.", "notice"),
        ("© 2021 Harbour Post. All rights reserved.", "notice"),
        ("Advertisement", "notice"),
        ("Share", "share"),
        ("Facebook Twitter WhatsApp Email", "share"),
        ("By Ana Lund and Per Holm", "byline"),
        ("Reporting by Ana Lund; Editing by Per Holm", "byline"),
        ("## What comes next", "heading"),
    ],
)
def test_what_is_no_part_of_the_story_is_marked(line: str, kind: str) -> None:
    assert kinds(STORY, line, STORY) == ["", kind, ""]


@pytest.mark.parametrize(
    "line",
    [
        STORY,
        "Newspaper subscriptions fell by 5 percent last year, the publisher said.",
        "He identified the man from a photo shown to him by police.",
        "The photo by the ferry's captain went round the world, and nobody asked him.",
        "She summed up the picture: growth is slow, and jobs are few.",
        "Senator Mitch McConnell (R) of Kentucky and Chuck Schumer (D) of New York agreed.",
        "The company told readers to share the news with friends.",
        '"Sign up for the army," he told them, and they did.',
        "By Monday the water had gone.",
        "They recommended a new bridge: the old one was too narrow for lorries, and it rusted.",
        "In related news, the ferry was sold.",
        "The talks will be resumed on Monday.",
    ],
)
def test_a_story_about_such_things_stays_a_story(line: str) -> None:
    assert kinds(STORY, line, STORY) == ["", "", ""]


def test_a_list_of_related_stories_is_marked_to_its_end() -> None:
    lines = (
        STORY,
        "Related coverage:",
        "Town gets a tram",
        "Why did the ferry stop?",
        "The ferry was sold to Norway, its owner said.",
    )
    assert kinds(*lines) == ["", "related", "related", "related", ""]


def test_the_title_repeated_as_first_line_is_marked() -> None:
    assert kinds("# Bridge opens", STORY, title="Bridge opens") == ["title", ""]


def test_an_agency_that_signs_a_whole_story_does_not_make_it_a_caption() -> None:
    assert kinds(STORY, "The ferry was sold. (AFP)") == ["", ""]


def test_an_article_is_never_lost_as_a_whole() -> None:
    assert marks("", "Subscribe to our newsletter.") == ()


def holders(articles: dict[str, tuple[str, ...]], source: str = "Post") -> list[Holder]:
    return [Holder(source, dict.fromkeys(paragraphs, 20)) for paragraphs in articles.values()]


def originals(names: str, *more: str) -> dict[str, tuple[str, ...]]:
    return {name: (f"{name}1", f"{name}2", f"{name}3", *more) for name in names}


def test_a_paragraph_in_three_different_articles_of_an_outlet_is_repeated() -> None:
    assert repeated_paragraphs(holders(originals("abc", "notice")), {"Post": 9}) == {"notice"}
    assert repeated_paragraphs(holders(originals("ab", "notice")), {"Post": 2}) == frozenset()


def test_a_paragraph_in_a_few_of_very_many_articles_is_background() -> None:
    assert repeated_paragraphs(holders(originals("abc", "background")), {"Post": 31}) == frozenset()


def test_outlets_are_counted_apart() -> None:
    both = [*holders(originals("ab", "fact")), *holders(originals("cd", "fact"), "Voice")]
    assert repeated_paragraphs(both, {"Post": 5, "Voice": 5}) == frozenset()


def test_one_story_under_many_mastheads_keeps_its_paragraphs() -> None:
    copies: dict[str, tuple[str, ...]] = {f"copy{n}": ("p1", "p2", "p3", f"masthead{n}") for n in range(5)}
    assert repeated_paragraphs(holders(copies), {"Post": 5}) == frozenset()


def test_copies_lose_a_notice_that_other_articles_show_to_be_one() -> None:
    copies: dict[str, tuple[str, ...]] = {f"copy{n}": ("p1", "p2", "p3", "notice") for n in range(5)}
    assert repeated_paragraphs(holders({**copies, **originals("abc", "notice")}), {"Post": 8}) == {"notice"}


def test_a_fingerprint_knows_no_case_and_no_spacing() -> None:
    assert fingerprint("Good  Morning,\nall") == fingerprint("good morning, ALL") != fingerprint("good morning all")
