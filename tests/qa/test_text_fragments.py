from __future__ import annotations

from urllib.parse import unquote

from pullquote.qa.text_fragments import link

PAGE = "https://post.example/a?x=1"


def test_a_short_quote_is_given_whole() -> None:
    assert link(PAGE, "It opened - at last, they say.", 0, 20) == f"{PAGE}#:~:text=It%20opened%20%2D%20at%20last%2C"


def test_a_long_quote_is_given_by_its_ends() -> None:
    text = " ".join(f"w{n}" for n in range(20))
    assert link(PAGE, text, 0, len(text)) == f"{PAGE}#:~:text=w0%20w1%20w2%20w3%20w4,w15%20w16%20w17%20w18%20w19"


def shown(text: str, quote: str, occurrence: int = 0) -> str:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quote, start + 1)
    return unquote(link(PAGE, text, start, start + len(quote)).partition(":~:text=")[2])


def test_what_stands_twice_is_given_with_what_stands_beside_it() -> None:
    text = "First it rained. It rained. Then it rained."
    assert shown(text, "it rained", 1) == "It rained. Then-,it rained"
    assert shown(text, "It rained") == "First it rained.-,It rained"
    assert shown(text, "it rained") == "it rained"


def test_the_first_of_two_needs_nothing_beside_it() -> None:
    text = "The vote was fair.\n\nFew came.\n\nThe vote was fair.\n\nA judge will hear it."
    assert shown(text, "The vote was fair.") == "The vote was fair."
    assert shown(text, "The vote was fair.", 1) == "Few came.-,The vote was fair."


def test_long_quotes_that_begin_alike() -> None:
    rest = " and that no date was set for another round"
    text = f"The minister said on Monday that the talks had failed{rest}.\n\nThe minister said on Monday that the talks went on{rest} yet."
    quote = f"The minister said on Monday that the talks went on{rest} yet."
    assert shown(text, quote) == "for another round.-,The minister said on Monday,set for another round yet."


def test_more_of_the_quote_is_given_where_nothing_beside_it_tells_it_from_others() -> None:
    rest = "resumed in secret with help from a third country."
    text = f"The minister said on Monday that the talks had failed.\n\nThe minister said on Monday that the talks had {rest}"
    assert shown(text, f"said on Monday that the talks had {rest}") == f"said on Monday that the talks had {rest}"


def test_blocks_are_given_by_their_ends() -> None:
    text = "The vote was lost.\n\nNobody spoke after it."
    assert shown(text, text) == "The vote was lost.,Nobody spoke after it."


def test_markup_is_not_looked_for_in_the_page() -> None:
    text = "The **harbour council** of [Aarnholm](https://a.example) agreed on *Monday* to a `wide` channel."
    assert shown(text, text) == "The harbour council of Aarnholm agreed on Monday to a wide channel."
    assert shown("It is 2 * 3 and a_b.", "It is 2 * 3 and a_b.") == "It is 2 * 3 and a_b."


def test_no_word_is_cut() -> None:
    assert shown("Disarming it was hard. It was arming it that paid.", "arming it", 1) == "arming it"


def test_another_directive_is_replaced() -> None:
    assert link(f"{PAGE}#:~:text=old", "It opened.", 0, 9) == f"{PAGE}#:~:text=It%20opened"
    assert link(f"{PAGE}#part:~:text=old", "It opened.", 0, 9) == f"{PAGE}#part:~:text=It%20opened"


def test_a_fragment_of_the_page_stays_and_other_addresses_give_none() -> None:
    assert link(f"{PAGE}#part", "It opened.", 0, 9) == f"{PAGE}#part:~:text=It%20opened"
    assert link("javascript:alert(1)", "It opened.", 0, 9) == ""
    assert link("", "It opened.", 0, 9) == ""


def test_a_cut_word_is_given_whole() -> None:
    text = "The old ferryman sold his boat."
    assert link(PAGE, text, 9, 12) == f"{PAGE}#:~:text=ferryman"


def test_a_long_quote_without_spaces_is_given_by_its_ends_at_its_marks() -> None:
    text = "開始。" + "渡船昨日停航。" * 80 + "結束。"
    found = unquote(link(PAGE, text, 3, len(text) - 3).partition(":~:text=")[2])
    start, end = found.partition(",-")[0].split(",")[-2:]
    assert set(start.split("渡船昨日停航")) | set(end.split("渡船昨日停航")) == {"", "。"}
    assert len(start) <= 200 >= len(end)
