from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.corpus.article import Article, Sentence
from pullquote.corpus.paragraphs import paragraphs
from pullquote.corpus.passages import PASSAGE_WORDS, chunk
from pullquote.corpus.sentences import fitting, sentences


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, 0, len(text))]


NEWS = [
    "Mr. Smith of the U.S. Army arrived on Jan. 5 in St. Louis.|It rained.",
    "The U.S. economy grew 3.5 percent, to $1.2 billion.|Analysts cheered.",
    '"I will go," he said.|"We won\'t."',
    "“We have hope,” she said.|“It’s late.”",
    "It ended at 9 p.m. Tuesday in Tokyo.|All left.",
    "See Figs. 1 and 2.|They show it.",
    "(It was late.)|The end came.",
    "Gen. John Kelly met Sen. Lee at No. 10 Downing St. on Friday.|Nobody spoke.",
    "J.K. Rowling wrote it.|So did D.H. Lawrence.",
    "He revisited the D.P.R.K. in 2004.|She did not.",
    "A headline without a stop",
    "彼は東京へ行った。|彼女は「行かない」と言った。|本当？",
]


@pytest.mark.parametrize("text", NEWS)
def test_sentences_of_news_text(text: str) -> None:
    parts = text.split("|")
    joined = ("" if "。" in text else " ").join(parts)
    assert split(joined) == parts


ENDS = [
    ("en", "“Will the bridge hold until spring?” Kishida asked.|Nobody in the hall answered him."),
    ("en", "“Stop!” he shouted.|“Who are you?”|The boy ran."),
    ("en", "Kim et al. [2004] measured the gap at nine metres.|The work was never published."),
    ("en", "He carried the letter to Com. & Adm. Perry.|The answer came a week later."),
    ("en", "The quiz show Jeopardy! is back on air.|Fans were pleased."),
    ("en", "His answer was no.|Traffic will be counted in May."),
    ("en", "The captain had lied to me.|Officials found the log."),
    ("en", "She may.|The vote is on Monday."),
    ("en", "It was signed in 1965.¹|It was torn up nine years later.²|Both kings were dead."),
    ("en", "It was signed in 1965.[3]|It was torn up."),
    ("en", "It was built at Ft. Worth and sold to a firm in Mass.|Gov. Jane Doe opened it."),
    ("en", "He joined Acme Corp.|The firm makes boats."),
    ("en", "He joined Acme Corp. Marine in May.|It was cold."),
    ("en", "They agreed at 5 p.m.|He left."),
    ("en", "The iPhone sold well.|iPhone owners cheered."),
    ("en", "so it goes.|nobody knows.|they sail."),
    ("fr", "M. Macron a rencontré Mme. Le Pen mardi à Lille.|La réunion a duré une heure."),
    ("de", "Der 2. Weltkrieg endete 1945 in Berlin.|Die Stadt war zerstört."),
    ("ja", "首相は「必ず取り戻す。」と語った。|交渉は続く。"),
]


@pytest.mark.parametrize(("language", "text"), ENDS)
def test_sentences_end_where_a_reader_would_end_them(language: str, text: str) -> None:
    parts = text.split("|")
    joined = ("" if "。" in text else " ").join(parts)
    assert [joined[s.start : s.end] for s in sentences(joined, 0, len(joined), language)] == parts


RUNS_ON = [
    ("en", "“Is the harbour closed?” Harbour Master Ines Falk demanded.| The crew left."),
    ("en", "“Who sank it?” Ines Falk's deputy Jon Aas intoned in a hearing."),
    ("en", "“Who sank it?” Falk's deputy mused.| Nobody knew."),
    ("en", "“Who sank it?”| He said nothing."),
    ("en", "“We are done!”| The Sailors' Union said on Friday that it had won."),
    ("en", "“Who sank it?”| Falk met Aas and Berg said no."),
    ("en", "Has anyone seen Oklahoma! this year?"),
    ("en", "Mamma Mia! was sold out."),
    ("en", "What now? is a play."),
    ("en", "it sank.| nobody cared.| they left."),
    ("en", "We flew to Ft. Myers via Pt. Reyes on Monday."),
    ("en", "The crew was cold…| They slept."),
    ("en", "They saw Once Upon a Time… In Hollywood."),
    ("en", "The sound froze in May.| Sailors were warned."),
    ("en", "He lived at 3 Elm St.| The firemen got in."),
    ("en", "She lived at 3 Elm Ave.| Police were called."),
    ("fr", "En 52 av. J.-C. à Alésia."),
    ("fr", "Selon J.-P. Morin, rien.| Il part."),
    ("fr", "Les autres, c.-à-d. la foule, partent."),
    ("fr", "Le Dr. Petit parle.| Il part."),
    ("fr", "Le prof. Petit parle."),
    ("fr", "Hier Mgr. Petit et Me. Dupin parlaient."),
    ("fr", "J. Morin est venu.| Il part."),
    ("fr", "Selon l'art. 7 du 2 févr. 2021."),
    ("it", "L'on. Bianchi parla.| Poi parte."),
    ("it", "La via S. Pietro n. 9 brucia."),
    ("it", "La S.p.A. Bianchi chiude."),
    ("it", "Dal III a.C. fino al 12 d.C. Roma crebbe."),
    ("it", "Nacque nel 12 d.C.| La città crebbe."),
    ("it", "L'arch. Bianchi parla."),
    ("es", "Vinieron D. Luis y Dña. Eva el 1.º de junio."),
    ("de", "Das sagt Dipl.-Ing. Maier.| Er geht."),
    ("de", "Die Fa. Maier schließt."),
    ("de", "Sie wurde 91.| Ihre Tochter lebt noch."),
    ("de", "Es war der 3. Tag am 5. Mai."),
    ("zh", "“船在哪里？”船长问道。| 他走了。"),
    ("zh", "「我們贏了！」教練說。"),
    ("zh", "「不知道。」她說。"),
    ("zh", "“船沉了。”| 他什么也没有说。"),
    ("zh", "他问：“为什么？”| 没有人回答。"),
    ("ja", "彼女は『春の海。』という歌を歌った。| 彼は泣いた。"),
    ("ja", "（時間は未定。）| 船は出た。"),
    ("en", "Some 9,000 came.*| The mayor spoke.†| Few stayed."),
    ("en", "Boats came.(2)| They left."),
    ("en", "It froze in 1987.²,⁷| Then it thawed."),
    ("en", "It froze.⁵–⁷| By noon it thawed.ᵇ| They left."),
    ("en", "Ferry | dep. 8:00; arr. 9:30"),
    ("en", "Bus | Runs daily. Not on Sunday. | 4"),
]


@pytest.mark.parametrize(("language", "text"), RUNS_ON)
def test_a_sentence_does_not_end_at_what_only_looks_like_an_end(language: str, text: str) -> None:
    parts = [text] if " | " in text and language == "en" else text.split("|")
    joined = "".join(parts) if language not in ("zh", "ja") else text.replace("| ", "")
    expected = [part.strip() for part in parts]
    assert [joined[s.start : s.end] for s in sentences(joined, 0, len(joined), language)] == expected


def test_the_first_number_of_a_list_is_no_end_of_what_announces_it() -> None:
    text = "The pact has two parts: 1. Ships may dock. 2. Fees are void."
    assert split(text) == ["The pact has two parts:", "Ships may dock.", "Fees are void."]
    assert split("The answer is: 1. Nobody knew.")[0] == "The answer is: 1."


def test_a_number_in_brackets_that_stands_apart_begins_what_follows() -> None:
    text = "A boat has two ways. (1) To sail on."
    assert split(text)[0] == "A boat has two ways."


def test_the_numbers_of_a_list_in_a_paragraph_are_left_out() -> None:
    text = "The council set three rules. 1. Ships must report. 2. Pilots must hold a licence. 3. Fees are due."
    assert split(text) == ["The council set three rules.", "Ships must report.", "Pilots must hold a licence.", "Fees are due."]


def test_bullets_and_spaces_are_left_out() -> None:
    assert split("- First of all.  ") == ["First of all."]
    assert split("• A point") == ["A point"]


def test_a_stray_mark_is_no_sentence() -> None:
    assert split("***") == []


@given(st.text(max_size=300))
def test_sentences_are_in_order_do_not_overlap_and_lose_no_word(text: str) -> None:
    found = [s for a, b in paragraphs(text) for s in sentences(text, a, b)]
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= s.start < s.end <= len(text) and text[s.start : s.end].strip() == text[s.start : s.end] for s in found)
    kept = "".join(text[s.start : s.end] for s in found)
    assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The bridge over the sound was opened on Saturday by\nthe mayor of the town, who said that it had taken too\nlong.\n\n"
        "Another paragraph of the story, which is also wrapped\nat the same width.\n"
    )
    assert [text[a:b].count("\n") for a, b in paragraphs(text)] == [2, 1]


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = "First headline of three\nSecond one here\n- a point\n- another point"
    assert len(paragraphs(text)) == 4


def test_a_sentence_longer_than_the_encoder_reads_is_cut_at_a_clause() -> None:
    text = "one two three four; five six seven, eight nine ten eleven twelve"
    found = fitting(text, Sentence(0, len(text)), lambda piece: len(piece.split()) <= 8)
    assert [text[s.start : s.end] for s in found] == ["one two three four;", "five six seven, eight nine ten eleven twelve"]


def test_a_word_longer_than_the_encoder_reads_is_cut_too() -> None:
    found = fitting("x" * 100, Sentence(0, 100), lambda piece: len(piece) <= 30)
    assert [(s.start, s.end) for s in found] == [(0, 25), (25, 50), (50, 75), (75, 100)]


def count(texts: object) -> list[int]:
    assert isinstance(texts, (list, tuple))
    return [len(text.split()) + 2 for text in texts]


def test_passages_are_whole_sentences_of_about_130_words() -> None:
    text = "\n\n".join(" ".join(["word"] * 49) + f" end{n}." for n in range(7))
    found = chunk(Article("a", text), count, 256).passages
    assert [len(p.sentences) for p in found] == [2, 2, 2, 1]
    assert all((p.start, p.end) == (p.sentences[0].start, p.sentences[-1].end) for p in found)
    assert all(len(text[p.start : p.end].split()) <= PASSAGE_WORDS for p in found)


def test_a_passage_is_never_longer_than_the_encoder_reads() -> None:
    text = "\n\n".join(" ".join(["word"] * 30) + "." for _ in range(6))
    assert [len(p.sentences) for p in chunk(Article("a", text), count, 70).passages] == [2, 2, 2]


def test_a_passage_does_not_reach_over_a_marked_line() -> None:
    text = "The bridge opened.\n\nREAD MORE: How it was built\n\nPeople came."
    found = chunk(Article("a", text), count, 256)
    assert [text[p.start : p.end] for p in found.passages] == ["The bridge opened.", "People came."]
    assert [m.kind for m in found.marks] == ["link"]


def test_what_was_cut_is_counted() -> None:
    found = chunk(Article("a", " ".join(["word,"] * 60) + " end."), count, 40)
    assert found.cut == 1
    assert len(found.passages) == 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        # of the kinds of cut the best, within the middle half, and of those the one nearest the middle
        ("one two three; four five six, seven eight", ["one two three;", "four five six, seven eight"]),
        ("one, two three four, five six seven eight", ["one, two three four,", "five six seven eight"]),
        ("a, bbbb cccc dddd eeee ffff gggg hhhh, i", ["a, bbbb cccc dddd", "eeee ffff gggg hhhh, i"]),  # commas near the ends
        ("aaaabbbb", ["aaaa", "bbbb"]),
        ("abc", ["a", "bc"]),
    ],
)
def test_a_sentence_that_is_too_long_is_cut_where_it_is_best(text: str, parts: list[str]) -> None:
    tried: list[str] = []

    def fits(piece: str) -> bool:
        tried.append(piece)
        return len(tried) > 1

    assert [text[s.start : s.end] for s in fitting(text, Sentence(0, len(text)), fits)] == parts


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "In all the years since then no fewer than 28,616 people from Fukui and the coast have signed the long petition",
            "28,616",
        ),
        (
            "In all of the years since then some 28 616 people from Fukui and the coast have signed the long petition",
            "28 616 people",
        ),
        (
            "Nobody could say how it came that on the morning of May 5, 2004 the ferry to the island had not sailed at all",
            "May 5, 2004",
        ),
        (
            "It was said later by all who were there that the envoy Kim Jong Un Park had been seen in the old harbour town",
            "Kim Jong Un Park",
        ),
        (
            "All of the men who had been there said later “we have little hope of it now” and went back to the old harbour",
            "we have little hope of it now",
        ),
        ("東京都は昨年の調査で合計１２，０００人が参加したと発表したがその後の調査では参加者がさらに増えたという", "１２，０００"),
        ("a" * 30 + "1,234,567,890,123,456" + "b" * 30, "1,234,567,890,123,456"),
    ],
)
def test_a_long_sentence_is_not_cut_in_a_figure_a_date_a_name_or_a_quotation(text: str, whole: str) -> None:
    pieces = fitting(text, Sentence(0, len(text)), lambda piece: len(piece) < len(text))
    assert len(pieces) > 1
    assert any(whole in text[s.start : s.end] for s in pieces), [text[s.start : s.end] for s in pieces]


def test_what_is_counted_of_a_text_without_end_grows_with_its_length_and_no_faster() -> None:
    counted = [0]

    def count(texts: Sequence[str]) -> list[int]:
        counted[0] += sum(map(len, texts))
        return [len(text) for text in texts]

    totals = []
    for size in (20_000, 40_000, 80_000):
        counted[0] = 0
        chunk(Article(id="a", text="東京都の調査では参加者が増えた" * (size // 15)), count, 100)
        totals.append(counted[0])
    assert totals[2] / totals[1] == pytest.approx(totals[1] / totals[0], rel=0.2)
    assert totals[2] < 2.5 * totals[1]
