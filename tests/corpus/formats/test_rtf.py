from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from pullquote.corpus.readers.documents import rtf
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0{\*\panose 02020603}Times New Roman;}{\f1\fnil\fcharset2 Symbol;}{\f2\fnil\fcharset2 Wingdings;}"
    r"{\f3\fnil\fcharset204{\*\falt Arial}Arial CYR;}{\f4\fnil\fcharset128 MS Mincho;}{\f5\fnil\fcharset238 Arial CE;}{\f6\fnil\cpg1253 G;}}"
)
STYLES = r"{\stylesheet{\s0 Normal;}{\s1\sbasedon0\b heading 1;}{\s2 heading 2;}{\s15 Title;}{\s21 toc 1;}{\*\cs10 Default;}{\ts11 Table;}}"


def made(body: str, head: str = r"\ansi\ansicpg1252\deff0") -> bytes:
    return f"{{\\rtf1{head}{FONTS}{STYLES}{{\\colortbl;\\red0;}}{body}}}".encode("latin-1")


LONG = "The council heard the engineers of the harbour for two hours before it voted on their plan for the wall. "
CASES = {
    "plain": (r"The ferry sailed on Monday.\par It was full.\par", "The ferry sailed on Monday.\n\nIt was full."),
    "no end of the last": (r"\pard The ferry sailed.\par It was full.", "The ferry sailed.\n\nIt was full."),
    "empty paragraphs": (r"One.\par\par \par Two.\par", "One.\n\nTwo."),
    "lines of the file are none": ("The fer\r\nry sai\nled.\\par", "The ferry sailed."),
    "formatting": (r"{\b The {\i ferry}}\b  sailed\b0 , full.\par", "The ferry sailed, full."),
    "white space": (r"The\tab ferry   sailed\tab\tab again.", "The ferry sailed again."),
    "line breaks": (r"Ferry returns\line to the sound\line\line Next.", "Ferry returns to the sound\n\nNext."),
    "page and section": (r"One.\page Two.\sect Three.", "One.\n\nTwo.\n\nThree."),
    "paragraphs of TextEdit": ("One.\\\nTwo.\\\r\nThree.", "One.\n\nTwo.\n\nThree."),
    "named characters": (r"\ldblquote It\rquote s late\rdblquote\emdash\~so \endash  he left\_now. so\-ft", "“It’s late”—\u00a0so – he left-now. soft"),
    "escaped characters": (r"\{a\} \\b", r"{a} \b"),
    "western bytes": (r"caf\'e9 \'96 \'80 5", "café – € 5"),
    "bytes as they are": ("caf\xe9 \x96 5", "café – 5"),
    "cyrillic": (r"{\f3 \'cc\'ee\'f1\'f2 open}", "Мост open"),
    "central european": (r"{\f5 \'aaek\'f3da}", "Şekóda"),
    "greek by its code page": (r"{\f6 \'c3}", "Γ"),
    "japanese": (r"{\f4 \'93\'fa\'96\{ \'83A\'8e" "\n" r"\'96 \'83\'5c}", "日本 ア事 ソ"),
    "symbols": (r"{\f1 a \'b3 b}{\f2 \'fc l} 5 {\f1\u-3913 ?}", "α ≥ β 5 •"),
    "unicode": (r"It\u8217's caf\u233\'e9 and \u26085\'93\'fa. \uc0\u8212 so {\uc2\u26085\'93\'fa}\u8217.", "It’s café and 日ú. —so 日’."),
    "unicode with a named substitute": (r"5\u8211\endash 6 \u8226\bullet x", "5–6 •x"),
    "beyond the first plane": (r"Good \u-10179?\u-8694? and \u128578?.", "Good 😊 and 🙂."),
    "half a pair": (r"Bad \u-10179? sign.", "Bad \ufffd sign."),
    "two forms": (r"{\upr{Plain}{\*\ud{Caf\u233e}}} opens", "Café opens"),
    "hidden, deleted, struck": (r"The {\v secret }mayor {\deleted never }{\strike ever }\v also \v0{\revised has} resigned\v .\plain .", "The mayor has resigned."),
    "deleted end": (r"The mayor,{\deleted\par} who is ill, resigned.\par Next.", "The mayor, who is ill, resigned.\n\nNext."),
    "raised": (r"10{\super 6} m\sub 2\nosupersub , the 21{\super st}", "10⁶ m₂, the 21st"),
    "link": (r'See {\field{\*\fldinst{HYPERLINK "http://a.example/\\\\x"}}{\fldrslt{\ul the report}}} of May.', "See the report of May."),
    "footnotes": (r"One{\super\chftn{\footnote\pard\plain{\super\chftn} First.\par More.}} two.\par Three{\footnote Second.}.", "One two.\n\nThree.\n\nFirst.\n\nMore.\n\nSecond."),
    "headers and footers": (r"{\header Head\par}{\footerf Foot\par}{\headerl{\shp{\*\shpinst{\shptxt Box}}}}Story.", "Story."),
    "comment": (r"The bridge{\*\atnid E}{\*\atnauthor Ed}{\*\annotation{\*\atndate 1}Check.} opened.", "The bridge opened."),
    "bookmark and index": (r"{\*\bkmkstart a}The{\*\bkmkend a} {\xe harbour}wall{\tc Wall}.", "The wall."),
    "picture": (r"A {\*\shppict{\pict\pngblip 8950}}{\nonshppict{\pict 01ff}}wall{\pict\bin7 }}}{\x }.", "A wall."),
    "object": (r"{\object{\*\objclass X}{\*\objdata 0105}{\result Shown}} here.", "Shown here."),
    "text box once": (
        r"Story{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv b}}{\shptxt\pard Boxed.\par}}{\shprslt{\*\do{\dptxbxtext\pard Boxed.\par}}}} goes on.\par", "Story goes on.\n\nBoxed.",
    ),
    "old text box": (r"{\*\do\dobxpage{\dptxbxtext\pard Boxed.\par}}Story.", "Story.\n\nBoxed."),
    "list": (
        r"\pard\ls1 a new wall along the whole of the outer breakwater\par a signal on the rocks that can be heard in all fog\par",
        "a new wall along the whole of the outer breakwater\n\na signal on the rocks that can be heard in all fog",
    ),
    "list of old": (
        r"{\pntext 1.\tab}a new wall along the whole of the outer breakwater\par{\pntext 2.\tab}a signal on the rocks that can be heard in all fog\par",
        "a new wall along the whole of the outer breakwater\n\na signal on the rocks that can be heard in all fog",
    ),
    "table": (
        r"\trowd\cellx1\cellx2\pard\intbl Ward\cell Votes\cell\row\pard\intbl North\cell 4,812\par (record)\cell\trowd\cellx1\cellx2\row\pard End.",
        "Ward | Votes\n\nNorth | 4,812 (record)\n\nEnd.",
    ),
    "table without its marks": (r"\trowd A\cell B\cell\row C\cell D\cell\row End.", "A | B\n\nC | D\n\nEnd."),
    "row without its end": (r"\trowd\intbl A\cell B\cell\pard After.\par", "A | B\n\nAfter."),
    "empty cells": (r"\trowd\intbl\cell A\cell\cell B\cell\cell\row", "A | | B"),
    "table in a table": (
        r"\trowd\pard\intbl A\cell\pard\intbl\itap2 1\nestcell{\nonesttables\par}2\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\pard\intbl\cell\row", "A | 1 | 2",
    ),
    "layout": (r"\trowd\intbl " + LONG * 2 + r"\par It passed.\cell Contact: hall\cell\row", f"{(LONG * 2).strip()}\n\nIt passed.\n\nContact: hall"),
    "contents": (r"{\s21 Costs\tab 3\par}\pard\plain Story.", "Story."),
    "folded lines": (
        r"The council met on Thursday evening to discuss the plan for a wall\par which engineers say will cost about four million pounds and\par will take years.\par\par Next.",
        "The council met on Thursday evening to discuss the plan for a wall which engineers say will cost about four million pounds and will take years.\n\nNext.",
    ),
    "unknown groups": (r"{\*\unknown text}{\unknown shown} {\*\generator X;}{\info{\author Ed}{\doccomm C}}text", "shown text"),
    "mathematics": (r"It is {\mmath{\*\moMath{\mr x}{\mr =2}}}.", "It is x=2."),
    "boxes in boxes": (r"{\shptxt a" * 200 + "}" * 200, "\n\n".join("a" * 200)),
    "after the end": (r"Story.}Junk{", "Story."),
    "control characters": ("The\x00 wall\\'07.", "The wall."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_what_is_shown(name: str) -> None:
    body, text = CASES[name]
    [draft] = rtf.read(made(body), "a.rtf")
    assert (draft.text, draft.where, draft.published, draft.warnings) == (text, "a.rtf", None, ())


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (r"\ansi", "é"), (r"\mac", "È"), (r"\pc", "Θ"), (r"\pca", "Ú"), (r"\ansi\ansicpg1251", "й"), (r"\ansi\ansicpg65001", "\ufffd"),
        (r"\ansi\ansicpg99999", "é"), ("", "é"), (r"\ansi\ansicpg10000", "È"),
    ],
)  # fmt: skip
def test_bytes_are_read_in_the_code_page_of_the_file(head: str, text: str) -> None:
    [draft] = rtf.read(f"{{\\rtf1{head} \\'e9}}".encode(), "a.rtf")
    assert draft.text == text


REST = r"\pard\plain The council met on Thursday evening and voted for the plan of the wall.\par"


@pytest.mark.parametrize(
    ("stated", "first", "title"),
    [
        ("Stated", r"\s1 Styled\par", "Styled"),
        ("Stated", r"{\s15 Styled\par}", "Styled"),
        ("Stated", r"\s2 Below\par", "Stated"),
        (r"Caf\'e9 \u8211- Holm", r"A plain first line\par", "Café – Holm"),
        ("", r"A plain first line\par", "A plain first line"),
        ("Microsoft Word - a.doc", r"A plain first line\par", "A plain first line"),
        ("", r"\trowd\intbl Ward\cell Votes\cell\row", ""),
    ],
)
def test_the_title_is_the_opening_heading_else_what_is_stated(stated: str, first: str, title: str) -> None:
    [draft] = rtf.read(made(f"{{\\info{{\\title {stated}}}{{\\author Ed}}}}{first}{REST}"), "a.rtf")
    assert draft.title == title


def test_a_file_of_textedit_is_read(tmp_path: Path) -> None:
    data = rb"""{\rtf1\ansi\ansicpg1252\cocoartf2639
\cocoatextscaling0\cocoaplatform0{\fonttbl\f0\fswiss\fcharset0 Helvetica-Bold;\f1\fswiss\fcharset0 Helvetica;}
{\colortbl;\red255\green255\blue255;}{\*\expandedcolortbl;;}
\margl1440\margr1440\vieww11520\viewh8400\viewkind0
\pard\tx720\tx1440\pardirnatural\partightenfactor0

\f0\b\fs24 \cf0 Ferry returns to the sound\
\

\f1\b0 The \'93Astrid\'94 sailed on Monday \uc0\u8212  three weeks late.\
It carried 204\'a0passengers.}"""
    (tmp_path / "a.rtf").write_bytes(data)
    [article] = read(tmp_path / "a.rtf")
    assert article.title == "Ferry returns to the sound"
    assert article.text == (
        "Ferry returns to the sound\n\nThe “Astrid” sailed on Monday — three weeks late.\n\nIt carried 204\u00a0passengers."
    )


@pytest.mark.parametrize("end", ["", r"{\b more", r"{\*\shppict{\pict 0102", r"\'e", "\\", r"\u", r"{\pict\bin99 x}}"])
def test_a_file_that_is_cut_is_read_with_a_warning(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.rtf").write_bytes(made(rf"The ferry sailed. {end}")[:-1])
    [file] = files([tmp_path], walk := Walk())
    [article] = file.articles(walk)
    assert article.text.startswith("The ferry sailed.")
    assert [warning.what for warning in walk.warnings] == ["it ends in the middle of the file: what may follow is missing"]


def test_characters_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(made(r"{\f4 \'93\'fa}\'81\'9d is \u-10179?"))
    [file] = files([tmp_path], walk := Walk())
    assert [article.text for article in file.articles(walk)] == ["日\ufffd\ufffd is \ufffd"]
    assert [warning.what for warning in walk.warnings] == ["3 characters in it could not be read"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not RTF, or an empty file"),
        (b"The bridge opened.", "not RTF, or an empty file"),
        (b"{\\rt", "not RTF, or an empty file"),
        (rb"{\rtf1}", "no text in it"),
        (made(r"{\pict 0102}{\v hidden}\par"), "no text in it"),
        (rb"{\rtf1" + b"{" * 1_000_000, "more than 256 groups in each other"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.rtf").write_bytes(data)
    with pytest.raises(ReadError) as error:
        list(read(tmp_path / "a.rtf"))
    assert str(error.value).startswith(f"{tmp_path}/a.rtf: {message}")


@pytest.mark.parametrize(
    "unit", [r"{\field{\*\fldinst{", r"\'93", r"\u8211?", r"{\shptxt ", r"\cell", r"{\fonttbl\f1 x}", "a\\line ", r"\bin5 "]
)
def test_ten_times_the_file_takes_ten_times_the_time(unit: str) -> None:
    def seconds(times: int) -> float:
        data = made(f"Text. {(unit + unit.count('{') * '}') * times}")
        began = time.process_time()
        list(rtf.read(data, "a.rtf"))
        return time.process_time() - began

    seconds(10)
    assert seconds(20_000) < 60 * max(seconds(2_000), 0.005)


def test_damaged_files_are_read_or_refused() -> None:
    whole = made("".join(body for name, (body, _) in CASES.items() if name != "after the end"))
    chance = random.Random(7)
    damaged = [whole[: len(whole) * n // 100] for n in range(100)] + [chance.randbytes(500) for _ in range(50)]
    damaged += [rb"{\rtf1 " + chance.randbytes(500) for _ in range(50)]
    for _ in range(120):
        flipped = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            flipped[chance.randrange(len(flipped))] = chance.choice((*b"{}\\'-*", chance.randrange(256)))
        damaged.append(bytes(flipped))
    said = 0
    for some in damaged:
        try:
            said += len(list(rtf.read(some, "a.rtf")))
        except ReadError:
            continue
    assert said > 180
