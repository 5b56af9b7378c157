from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from pullquote.corpus.readers import subtitles
from pullquote.corpus.sources import read
from pullquote.errors import ReadError

Cues = list[tuple[float, float, str]]


def stamp(seconds: float, mark: str) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole % 3600 // 60:02}:{whole % 60:02}{mark}{round(seconds % 1 * 1000):03}"


def srt(cues: Cues) -> str:
    return "\n".join(f"{n}\n{stamp(a, ',')} --> {stamp(b, ',')}\n{said}\n" for n, (a, b, said) in enumerate(cues, start=1))


def vtt(cues: Cues) -> str:
    return "WEBVTT\n\n" + "\n".join(f"{stamp(a, '.')} --> {stamp(b, '.')} align:start\n{said}\n" for a, b, said in cues)


def text_of(data: str | bytes) -> str:
    [draft] = subtitles.read(data if isinstance(data, bytes) else data.encode(), "a.srt")
    starts = [locator.start for locator in draft.locators]
    assert starts == sorted(set(starts))
    assert all(start == 0 or draft.text[start - 1] in " \n" for start in starts)
    return draft.text


@pytest.mark.parametrize("write", [srt, vtt])
@pytest.mark.parametrize(
    ("cues", "text"),
    [
        ([(1, 4.2, "The mayor said the bridge would"), (4.3, 8, "open in May."), (8.5, 11, "The toll is four crowns.")],
         "The mayor said the bridge would open in May. The toll is four crowns."),
        ([(1, 4, "The mayor said\nthe bridge would"), (4.3, 8, "<i>open</i> in May.")], "The mayor said the bridge would open in May."),
        # pauses
        ([(1, 4, "It opens in May."), (5.4, 6, "In June at the latest.")], "It opens in May. In June at the latest."),
        ([(1, 4, "It opens in May."), (5.6, 6, "In June at the latest.")], "It opens in May.\n\nIn June at the latest."),
        ([(1, 4, "It opens, he said,"), (6.9, 8, "in May.")], "It opens, he said, in May."),
        ([(1, 4, "It opens, he said,"), (7.1, 8, "in May.")], "It opens, he said,\n\nin May."),
        ([(1, 4, 'He said: "In May."'), (5.6, 6, "And then?")], 'He said: "In May."\n\nAnd then?'),
        # somebody else speaks
        ([(1, 4, "It opens in May."), (4, 6, "- Who will pay for it?\n- The port will.")],
         "It opens in May.\n\nWho will pay for it?\n\nThe port will."),
        ([(1, 4, "-Who will pay\nfor it?"), (4, 6, "–The port.")], "Who will pay for it?\n\nThe port."),
        ([(1, 4, "It is -5 degrees\n- 6 at night\n--or less.")], "It is -5 degrees - 6 at night --or less."),
        ([(1, 4, ">> IT OPENS IN MAY. >> WHO WILL\nPAY?"), (4, 5, ">>> NOW THE NEWS.")], "IT OPENS IN MAY.\n\nWHO WILL PAY?\n\nNOW THE NEWS."),
        ([(1, 4, "&gt;&gt; It opens in May."), (4, 5, "&gt;&gt; Who says so?")], "It opens in May.\n\nWho says so?"),
        ([(1, 4, "MAYOR: It opens in May."), (4, 5, "Ines Falk: Who says so?\nNote: it may be June.")],
         "MAYOR: It opens in May.\n\nInes Falk: Who says so? Note: it may be June."),
        # what is for the player
        ([(1, 4, r"{\an8}<b>The <font color=\"#fff\">mill</font></b> {\i1}burned.{\i0}"), (4, 5, "{y:i}It was<br>old.")],
         "The mill burned. It was old."),
        ([(1, 4, "Fish &amp; chips &lt;b&gt; &#8220;new&#x201d; AT&T &c.")], "Fish & chips <b> “new” AT&T &c."),
        ([(1, 4, "5 < 6 and 7 > 6, <inaudible> he said <3")], "5 < 6 and 7 > 6, <inaudible> he said <3"),
        ([(1, 4, "<ruby>東京<rt>とうきょう</rt></ruby>で"), (4, 5, "\u202bשלום\u202c")], "東京で שלום"),
        ([(1, 4, "♪♪"), (4, 5, "The mill burned."), (5, 6, "..."), (6, 7, "<i></i>"), (7, 8, "[sirens]")], "The mill burned.\n\n[sirens]"),
        ([(1, 2, "1998"), (2, 3, "was the year\nof 12"), (3, 4, "ships.")], "1998 was the year of 12 ships."),
        ([(1, 2, "Cafe\u0301 e&#x301;")], "Caf\u00e9 \u00e9"),
        # what is said once and shown twice
        ([(0, 2, "the mayor said"), (2, 4, "the mayor said\nthe bridge would"), (4, 6, "the bridge would\nopen")],
         "the mayor said the bridge would open"),
        ([(0, 2, "the mayor"), (2, 3, "the mayor said"), (3, 4, "the mayor said in May")], "the mayor said in May"),
        ([(0, 2, "the bridge opens"), (2, 2.01, "the bridge opens"), (2.01, 4, "the bridge opens\nin May")], "the bridge opens in May"),
        ([(0, 2, "No."), (2.5, 3, "No."), (3.5, 4, "No, never.")], "No. No. No, never."),
        ([(0, 2, "The bridge is open."), (20, 22, "The bridge is open.")], "The bridge is open.\n\nThe bridge is open."),
    ],
)  # fmt: skip
def test_cues_become_running_text(cues: Cues, text: str, write: object) -> None:
    assert text_of(srt(cues) if write is srt else vtt(cues)) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("WEBVTT\nKind: captions\nLanguage: en\n\nNOTE a\nover lines\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000\nOne.\n\nNOTE b\n\n00:02.000 --> 00:03.000\nNOTEs are two.\n",
         "One. NOTEs are two."),
        ("WEBVTT - Council\n\nopening\n00:01.000 --> 00:02.000 line:0\nOne.\n\n2\n00:02.000 --> 00:03.000\nTwo.\n\nthe end\n00:03.000 --> 00:04.000\nThree.",
         "One. Two. Three."),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\n<v.loud Ines Falk>We open\non <c.x.y>Saturday</c>.</v>\n\n00:02.000 --> 00:03.000\n<v Ines Falk>At <00:00:02.500><c>noon</c>.\n\n00:03.000 --> 00:04.000\n<v Clerk>Noted.</v> <v Ines Falk>Good.</v>\n",
         "Ines Falk: We open on Saturday. At noon.\n\nClerk: Noted.\n\nInes Falk: Good."),
        ("\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nOne\r\nline.\r\n\r\n00:02.000 --> 00:03.000\r\nTwo.\r\n", "One line. Two."),
        ("1\n0:0:1,5 --> 0:0:2,5\nOne.\n2\n00:02.500 --> 00:03.500\nTwo.\n3\n00:00:03,5-->00:00:04,5\nThree.\n", "One. Two. Three."),
        ("00:00:01 --> 00:00:02 X1:10 X2:20 Y1:30 Y2:40\nOne.\n\n\n\n00 : 00 : 02,000 -> 00: 00: 03, 000\nTwo.", "One. Two."),
        ("1\n\n00:00:01,000 --> 00:00:02,000\n\nOne.\n\n2\n\n00:00:02,000 --> 00:00:03,000\n\nTwo\n\nlines.\n", "One. Two lines."),
        ("1\n00:00:01,000 --> ??\nOne.\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo.\n", "One. Two."),
        ("1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:02,0", "One."),
        ("1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n", "One."),
        ("1\r00:00:01,000 --> 00:00:02,000\rOne.\r", "One."),
    ],
)  # fmt: skip
def test_files_as_programs_write_them(data: str, text: str) -> None:
    assert text_of(data) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert text_of(srt([(1, 2, "Le café est “ouvert”.")]).encode(encoding)) == "Le café est “ouvert”."


def test_a_caption_that_rolls_up_as_youtube_writes_it() -> None:
    data = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
\x20
the<00:00:00.400><c> mayor</c><00:00:00.900><c> said</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
the mayor said
\x20

00:00:02.010 --> 00:00:04.000 align:start position:0%
the mayor said
the<00:00:02.400><c> bridge</c><00:00:02.900><c> opens</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
the bridge opens
\x20

00:00:04.010 --> 00:00:06.000 align:start position:0%
the bridge opens
in<00:00:04.400><c> May</c>
"""
    [draft] = subtitles.read(data.encode(), "a.vtt")
    assert (draft.text, draft.language) == ("the mayor said the bridge opens in May", "en")
    assert [(draft.text[locator.start :], locator.label) for locator in draft.locators] == [
        ("the mayor said the bridge opens in May", "00:00:00"),
        ("the bridge opens in May", "00:00:02"),
        ("in May", "00:00:04"),
    ]


@pytest.mark.parametrize(("name", "write"), [("talk.srt", srt), ("talk.vtt", vtt)])
def test_a_place_in_the_text_has_the_time_at_which_it_is_said(tmp_path: Path, name: str, write: object) -> None:
    cues = [
        (1.0, 4.0, "The mayor said"),
        (4.0, 6.0, "- In May.\n- When?"),
        (3599.9, 3600.5, "In May!"),
        (360_000.0, 360_001.0, "Late."),
    ]
    (tmp_path / name).write_text(srt(cues) if write is srt else vtt(cues))
    [article] = read(tmp_path / name)
    assert (article.id, article.title, article.published) == (name, "", None)
    assert article.text == "The mayor said\n\nIn May.\n\nWhen?\n\nIn May!\n\nLate."
    places = {word: article.locator(article.text.index(word)) for word in ("The", "said", "In May.", "When", "In May!", "Late")}
    assert places == {
        "The": "00:00:01", "said": "00:00:01", "In May.": "00:00:04", "When": "00:00:04", "In May!": "00:59:59", "Late": "100:00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.srt: an empty file"),
        (b"The mill burned.\n\nIt was old.\n", "a.srt: no subtitles: no line with times (00:00:01,000 --> 00:00:04,000)"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n<i> </i>\n", "a.srt: no text in its subtitles"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\nNOTE nothing\n", "a.srt: no text in its subtitles"),
        (b"\0\1\2\3", "a.srt: a binary file, not text"),
    ],
)
def test_what_holds_no_subtitles_is_refused_in_a_line(data: bytes, message: str) -> None:
    with pytest.raises(ReadError) as error:
        list(subtitles.read(data, "a.srt"))
    assert str(error.value) == message


def test_no_number_or_time_gets_into_the_text_of_a_file_cut_anywhere() -> None:
    words = ["the", "quick", "mayor", "opens", "every", "bridge", "over", "some", "river"]
    whole = srt([(n * 2.0, n * 2.0 + 1.9, f"{word}\nand more") for n, word in enumerate(words)])
    for end in range(len(whole)):
        with contextlib.suppress(ReadError):
            assert not set("0123456789:>") & set(text_of(whole[:end]))


def test_damaged_files_are_read_or_refused() -> None:
    whole = vtt([(n * 2.0, n * 2.0 + 1.9, f"<v Ines Falk>line {n} &amp; <i>more</i>\n- {{\\an8}}yes") for n in range(12)]).encode()
    some, found = random.Random(3), 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(some.randint(1, 20)):
            data[some.randrange(len(data))] = some.randrange(256)
        with contextlib.suppress(ReadError):
            found += len(text_of(bytes(data)))
    assert found > 10_000


UNITS = ["<v a", "<v ", "<", "<rt>", "{\\", "&", "- ", ">>", " >>", "A ", "A.", "<c.", "<00:", "1", "1:", "Aa ", "&#x301;", "<v a>b ", "-->",
         "\n", "1\n", "NOTE\n", "a\n", "\n1\n", "00:01.000 --> 00:02.000\n", "00:01.000 --> 00:02.000\na b c\n"]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_no_run_takes_a_square_of_time(unit: str) -> None:
    begun = time.monotonic()
    for data in (f"WEBVTT\n\n00:01.000 --> 00:02.000\na\n{unit * (100_000 // len(unit))}", unit * (100_000 // len(unit))):
        with contextlib.suppress(ReadError):
            text_of(data)
    assert time.monotonic() - begun < 3
