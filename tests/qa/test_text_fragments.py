from __future__ import annotations

from pullquote.qa.text_fragments import link

PAGE = "https://post.example/a?x=1"


def test_a_short_quote_is_given_whole() -> None:
    assert link(PAGE, "It opened - at last, they say.", 0, 22) == f"{PAGE}#:~:text=It%20opened%20%2D%20at%20last%2C%20t"


def test_a_long_quote_is_given_by_its_ends() -> None:
    text = " ".join(f"w{n}" for n in range(20))
    assert link(PAGE, text, 0, len(text)) == f"{PAGE}#:~:text=w0%20w1%20w2%20w3%20w4,w15%20w16%20w17%20w18%20w19"


def test_what_stands_twice_is_given_with_what_stands_before_it() -> None:
    text = "First it rained. It rained. Then it rained."
    assert link(PAGE, text, 28 + 5, 42) == f"{PAGE}#:~:text=First%20it%20rained.%20It%20rained.%20Then-,it%20rained".replace(
        "First%20it%20rained.%20It%20rained.%20Then", "it%20rained.%20It%20rained.%20Then"
    )


def test_a_fragment_of_the_page_stays_and_other_addresses_give_none() -> None:
    assert link(f"{PAGE}#part", "It opened.", 0, 9) == f"{PAGE}#part:~:text=It%20opened"
    assert link("javascript:alert(1)", "It opened.", 0, 9) == ""
    assert link("", "It opened.", 0, 9) == ""
