from __future__ import annotations

import time

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
        ("Your current subscription lets you join the debate below each story.", "notice"),
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
        ("READ MORE - How the bridge was built", "link"),
        ("READ MORE How the bridge was built", "link"),
        ("• Read more: How the bridge was built.", "link"),
        ("See also: The bridge in figures.", "link"),
        ("Read the full story here.", "link"),
        ("Most read in World", "related"),
        ("MORE TOP STORIES", "related"),
        ("Create an account to read more.", "notice"),
        ("You have reached your free article limit.", "notice"),
        ("This content is available to premium members only.", "notice"),
        ("This article is for subscribers only. Sign in to read more.", "notice"),
        ("[ADVERTISEMENT]", "notice"),
        ("View comments (12)", "notice"),
        ("Follow @harbourpost on Twitter", "notice"),
        ("Privacy policy | Terms of use", "notice"),
        ("5 min read", "notice"),
        ("SHARE THIS STORY: Facebook Twitter", "share"),
        ("Prime Minister Fumio Kishida (left) shakes hands in Tokyo.", "caption"),
        ("The bridge at dawn on Sunday. REUTERS/Kim Kyung-Hoon", "caption"),
        ("The bridge at dawn on Sunday | KYODO", "caption"),
        ("See photos from the opening of the bridge »", "link"),
        ("iReport: 25 years of the ferry", "link"),
        ("Video: How the bridge was built", "link"),
        ("The bridge in numbers »", "link"),
        ("Ana Lund is a reporter at the Harbour Post.", "note"),
        ("The author is a professor of history at Northport University.", "note"),
        ("Per Holm contributed to this report.", "note"),
        ("Follow her on Mastodon: @analund", "note"),
        ("Editor’s note: this story was first told in Norse.", "note"),
        ("Port Ellery Courier, 12 March 2025", "byline"),
        ("Published 12 March 2025", "byline"),
        ("This article was originally published by The Conversation.", "notice"),
        ("Correction: An earlier version of this article misspelled the mayor's name.", "note"),
        ("This story has been updated.", "note"),
        ("With files from The Northern Press", "note"),
        ("The views expressed here are the author's own.", "note"),
        ("About the author: Ana Lund writes on ports.", "note"),
        ("Email Ana Lund at ana@post.example", "note"),
        ("Support independent journalism. Donate today.", "notice"),
        ("Filed under: Politics", "notice"),
        ("ADVERTISEMENT - CONTINUE READING BELOW", "notice"),
        ("Article continues after ad", "notice"),
        ("Skip to content", "notice"),
        ("toggle caption", "notice"),
        ("Ana Roe arrives for talks in this photo. Handout via REUTERS", "caption"),
        ("The quay in 1950. Courtesy of the Northport Museum", "caption"),
        ("Foto: dpa", "caption"),
        ("Lesen Sie auch: Die Brücke in Zahlen", "link"),
        ("Lire aussi : Le pont en chiffres", "link"),
        ("by Ana Lund, Staff Reporter | ana@post.example", "byline"),
        ("10:15 a.m. EST", "byline"),
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
        "Netflix raised prices for subscribers in Japan.",
        "Twitter said the account violated its terms of service.",
        "Facebook changed its privacy policy on Tuesday.",
        "The court ruled that the names may not be published.",
        "The group publishes a weekly newsletter for families of the abductees.",
        "Copyright law in Japan was changed in 2018.",
        "Advertisement revenue fell by a tenth.",
        "Sponsored by the United States, the resolution passed 15 to 0.",
        "Kim posted comments on the site, and there was an outcry.",
        "Register to vote by Friday, the mayor told residents.",
        "The Japanese government said it will support our work in Mongolia.",
        "Reporting by Kyodo in 2018 showed that officials met secretly in Mongolia.",
        "Editing by gene therapy is still rare.",
        "North Korea has returned five abductees, the agency reported (Kyodo).",
        "The coalition of Syriza (left) and the Greens won 40 seats.",
        "Pictured on the stamp is the old ferry.",
        "Read more books, the minister told the pupils.",
    ],
)
def test_a_story_about_such_things_stays_a_story(line: str) -> None:
    assert kinds(STORY, line, STORY) == ["", "", ""]


@pytest.mark.parametrize(
    "line",
    [
        "Herschel Roe (R), Raphael Doe (D) and Chase Poe (L) will meet in a runoff if no one wins half the vote.",
        "Forty percent of adults approve of the plan, according to an AP/NORC poll.",
        "The firm told viewers that it would end your free trial offer in June.",
        "This story was originally published in 1999 as a novel and sold two million copies.",
        "Ana Lund is a teacher in Northport.",
        "The video: it shows the bridge, the police said.",
        "The photos were shown to the court.",
        "She is the reporter who told the story first, and nobody believed her for years.",
        "A bus fell off a bridge in Peru, and nine died. (AFP)",
        "Police held a man in Kyoto. (Jiji Press)",
        "Your free trial ended, the letter to customers read.",
        "Click here was the first thing that the web taught us.",
        "Continue reading to your children, teachers advise.",
        "Ana Doe is a reporter who was jailed for a year.",
        "Ana Doe is a writer based in Kabul, the police said, and was last seen on Friday.",
        "The author is a lawyer, the court was told.",
    ],
)
def test_a_storys_own_lines_are_kept(line: str) -> None:
    assert kinds(STORY, line, STORY, STORY, STORY) == [""] * 5


def test_briefs_that_an_agency_signed_are_stories() -> None:
    briefs = [
        "Two men were arrested in Osaka on Monday. (Kyodo)",
        "A bomb went off in Doha. (Reuters)",
        "Snow closed the pass. (AP)",
    ]
    assert kinds("News in brief", *briefs)[1:] == ["", "", ""]
    assert kinds(STORY, briefs[0], STORY, STORY) == [""] * 4
    for seen in ("Ines Falk speaks to reporters in Osaka. (Kyodo)", "The bridge in Osaka on May 1, 2021. (Kyodo)"):
        assert kinds(STORY, seen, STORY, STORY) == ["", "caption", "", ""]


def test_code_has_no_headings() -> None:
    text = f"{STORY}\n\n    # open the log\n\n# Head\n\n{STORY}"
    found = {text[mark.start : mark.end]: mark.kind for mark in marks("", text)}
    assert found == {"# Head": "heading"}


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


def test_of_a_text_of_one_paragraph_that_is_the_story() -> None:
    assert marks("", "Subscribe to our newsletter.") == ()


def test_a_page_behind_a_paywall_has_no_story() -> None:
    text = "Kim visits Beijing\n\nThis article is for subscribers only. Sign in to read more."
    assert [m.kind for m in marks("Kim visits Beijing", text)] == ["title", "notice"]


def test_an_unwrapped_story_is_not_joined_to_a_notice() -> None:
    text = (
        "Kim met Trump in Singapore on 12 June 2018 for the first time.\nREAD MORE: How the summit came about\nThey shook hands.\n"
    )
    assert [text[m.start : m.end] for m in marks("", text)] == ["READ MORE: How the summit came about"]


def test_a_list_in_another_script_ends_where_the_story_goes_on() -> None:
    assert kinds(STORY, "Recommended", "橋が開通した", "東京は土曜日に橋を開通させた。") == ["", "related", "related", ""]


@pytest.mark.parametrize(
    "line", ["share this line " * 30 + "!", "(L)" * 5000, "a (left " * 70, "Aand" * 140, "By " + "A" * 590, " " * 50000]
)
def test_no_line_takes_long(line: str) -> None:
    begun = time.perf_counter()
    marks("", f"{STORY}\n{line}\n{STORY}")
    assert time.perf_counter() - begun < 1  # thousands of times what it takes; once it was minutes


def holders(articles: dict[str, tuple[str, ...]], source: str = "Post") -> list[Holder]:
    return [Holder(source, dict.fromkeys(paragraphs, 20)) for paragraphs in articles.values()]


def originals(names: str, *more: str) -> dict[str, tuple[str, ...]]:
    return {name: (f"{name}1", f"{name}2", f"{name}3", *more) for name in names}


def test_a_paragraph_in_four_different_articles_of_an_outlet_is_repeated() -> None:
    assert repeated_paragraphs(holders(originals("abcd", "notice")), {"Post": 9}) == {"notice"}
    assert repeated_paragraphs(holders(originals("abc", "notice")), {"Post": 3}) == frozenset()


def test_a_paragraph_in_a_few_of_very_many_articles_is_background() -> None:
    assert repeated_paragraphs(holders(originals("abcd", "background")), {"Post": 41}) == frozenset()


def test_outlets_are_counted_apart() -> None:
    both = [*holders(originals("abc", "fact")), *holders(originals("def", "fact"), "Voice")]
    assert repeated_paragraphs(both, {"Post": 5, "Voice": 5}) == frozenset()


def test_one_story_under_many_mastheads_keeps_its_paragraphs() -> None:
    copies: dict[str, tuple[str, ...]] = {f"copy{n}": ("p1", "p2", "p3", f"masthead{n}") for n in range(5)}
    assert repeated_paragraphs(holders(copies), {"Post": 5}) == frozenset()


def test_copies_lose_a_notice_that_other_articles_show_to_be_one() -> None:
    copies: dict[str, tuple[str, ...]] = {f"copy{n}": ("p1", "p2", "p3", "notice") for n in range(5)}
    assert repeated_paragraphs(holders({**copies, **originals("abcd", "notice")}), {"Post": 8}) == {"notice"}


def test_a_fingerprint_knows_no_case_and_no_spacing() -> None:
    assert fingerprint("Good  Morning,\nall") == fingerprint("good morning, ALL") != fingerprint("good morning all")
