"""PDF files made with reportlab and by hand: what they say, in reading order, and on which page."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, NextPageTemplate, PageTemplate, Paragraph

from pullquote.corpus.article import Article
from pullquote.corpus.readers.documents import pdf
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

WHO = (
    "Mayor Ingrid Solheim", "Councillor Jean-Pierre Lacroix", "harbour master Oskar Brandt", "Dr. Amara Nwosu", "the ferry company",
    "chief engineer Pilar Quintana", "a spokesman for the water board", "Professor Elif Kaya", "the fishermen’s union",
)  # fmt: skip
SAID = ("told reporters on the quay", "warned the committee", "wrote in a letter to residents", "conceded on Thursday", "denied")
WHAT = (
    "the well-known lighthouse at Cape Varna would be closed for repairs", "the reconstruction of the breakwater had been postponed",
    "the municipality’s negotiations with the contractors were complicated", "the swimming hall needed considerably more electricity",
    "nobody had considered the consequences for neighbouring allotments",
)  # fmt: skip
THEN = ("until the spring of {}", "at a cost of {} million pounds", "because {} households had objected", "in the season of {}-21")
Line = tuple[float, float, float, str]
SYLLABLE = re.compile(r"(?<=[a-z]{3}[aeiou])(?=[bcdfgklmnprstv][a-z]{3})")


def sentence(chance: random.Random, number: int) -> str:
    """A sentence of a made-up story."""
    who, said, what, then = (chance.choice(some) for some in (WHO, SAID, WHAT, THEN))
    return f"At hearing {number} {who} {said} that {what} {then.format(chance.randint(20, 2030))}."


def printed(number: int) -> tuple[bytes, str, list[str], list[str]]:
    """A document, each number another: its bytes, headline, sentences and paragraphs."""
    chance, out = random.Random(number), io.BytesIO()
    columns, indented, margin, gutter = 1 + number % 3, number % 5 in (1, 2), 50, (14, 18, 24)[number % 3]
    width, height = (420, 420) if number % 2 else (595, 500)
    font, size = ("Times-Roman", "Helvetica")[number // 3 % 2], (9, 10, 11)[number % 3]
    body = ParagraphStyle(
        "body", fontName=font, fontSize=size, leading=size * 1.2, alignment=4 if number % 4 else 0,
        firstLineIndent=size if indented else 0, spaceAfter=0 if indented else size * 0.6, embeddedHyphenation=1,
    )  # fmt: skip
    large = ParagraphStyle("large", fontName="Helvetica-Bold", fontSize=20, leading=24)
    between = ParagraphStyle("between", fontName="Helvetica-Bold", fontSize=size * 1.25, leading=size * 1.6, spaceBefore=6)

    def furnish(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        if number % 3 == 1:
            canvas.drawString(margin, height - margin + 12, "The Varna Courier")
            canvas.drawRightString(width - margin, height - margin + 12, str(document.page))
        elif number % 3 == 2:
            canvas.drawCentredString(width / 2, margin - 25, f"- {document.page} -")
        elif number % 6 == 3:
            canvas.drawString(margin, margin - 14, f"{document.page} The figures are those of the port authority.")
        if number % 4 == 2:
            canvas.addPageLabel(document.page - 1, style="ROMAN_LOWER", start=document.page)

    def frames(below: float) -> list[Frame]:
        wide = (width - 2 * margin - gutter * (columns - 1)) / columns
        places = (margin + at * (wide + gutter) for at in range(columns))
        return [Frame(x, margin, wide, height - 2 * margin - below, 0, 0, 0, 0) for x in places]

    first = [Frame(margin, height - margin - 60, width - 2 * margin, 60, 0, 0, 0, 0), *frames(66)]
    templates = [PageTemplate("first", first, onPage=furnish), PageTemplate("later", frames(0), onPage=furnish)]
    told = [sentence(chance, at) for at in range(1, 31)]
    paragraphs = [" ".join(told[a:b]) for a, b in pairwise(sorted({0, 30, *chance.sample(range(30), 10)}))]
    headline = f"Harbour plans divide Varna for the {number + 2}th time"
    story: list[Any] = [NextPageTemplate("later"), Paragraph(headline, large), FrameBreak()]
    for at, paragraph in enumerate(paragraphs):
        story += [Paragraph("What the council says", between)] if at % 7 == 4 else []
        story.append(Paragraph(SYLLABLE.sub("\u00ad", paragraph) if number % 2 else paragraph, body))
    BaseDocTemplate(out, pagesize=(width, height), pageTemplates=templates).build(story)
    return out.getvalue(), headline, told, paragraphs


def drawn(pages: list[list[Line]], prepare: Callable[[Any], object] = bool, font: str = "Times-Roman", **more: Any) -> bytes:
    """Pages of lines, each as (x, y, size, text)."""
    canvas = Canvas(out := io.BytesIO(), pagesize=(400, 300), **more)
    prepare(canvas)
    for page in pages:
        for x, y, size, line in page:
            canvas.setFont(font, size)
            canvas.drawString(x, y, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def column(x: float, y: float, *lines: str, size: float = 10) -> list[Line]:
    return [(x, y - 12 * at, size, line) for at, line in enumerate(lines)]


def article(tmp_path: Path, data: bytes) -> Article:
    (tmp_path / "a.pdf").write_bytes(data)
    (found,) = read(tmp_path / "a.pdf")
    return found


def text(tmp_path: Path, *page: Line, **more: Any) -> str:
    return article(tmp_path, drawn([list(page)], **more)).text


def right_pages(data: bytes, said: str) -> Iterator[str]:
    """The labels of the pages that show how a sentence begins, as pdfium reads them."""
    document = pypdfium2.PdfDocument(data)
    for number, page in enumerate(document):
        if re.sub(r"[\W_]", "", said)[:20] in re.sub(r"[\W_]", "", page.get_textpage().get_text_range()):
            yield document.get_page_label(number) or str(number + 1)


@pytest.mark.parametrize("number", range(20))
def test_every_sentence_of_a_printed_page_is_found_whole(tmp_path: Path, number: int) -> None:
    data, headline, told, paragraphs = printed(number)
    found = article(tmp_path, data)
    assert [said for said in told if said not in found.text] == []
    whole = [paragraph for paragraph in paragraphs if paragraph in found.text.split("\n\n")]
    assert len(whole) >= len(paragraphs) - 2  # the last line of one that ends with a page may be as long as the others
    assert found.title == headline
    assert found.text.startswith(headline + "\n\n")
    assert not re.search(r"Courier|^\W*\d+\W*$", found.text, re.MULTILINE)
    assert found.published is None
    seen = [(said, *right_pages(data, said)) for said in told]
    clear = [(said, pages[0]) for said, *pages in seen if len(pages) == 1]
    assert len(clear) > 27  # the others begin at the foot of a page
    assert [said for said, page in clear if found.locator(found.text.index(said)) != f"page {page}"] == []


LEFT = ("The harbour council voted on Tuesday", "to rebuild the old customs house,", "which has stood empty since 2011.")
RIGHT = ("Traders said that they had not been", "asked, and that their takings in the", "market had fallen by a fifth already.")
FIRST, SECOND = " ".join(LEFT), " ".join(RIGHT)
ABOVE, BELOW = "Customs house to be rebuilt", "The vote in the council of the town was nine to four."
COST = stringWidth("It cost 4.2 million.", "Times-Roman", 10)
DAYS = ["The inquiry began.", "A diver spoke.", "Nobody came.", "The judge was ill.", "Two sailors spoke.", "It ended on Monday."]
LONG = [f"Witness {n} told the inquiry about the quay." for n in range(10, 20)]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ([line for pair in zip(column(30, 200, *LEFT), column(212, 200, *RIGHT), strict=True) for line in pair], [FIRST, SECOND]),
        ([*column(212, 203, *RIGHT), *column(30, 200, *LEFT)], [FIRST, SECOND]),  # the columns' lines do not stand on one height
        ([(30, 250, 20, ABOVE), *column(30, 200, *LEFT), *column(212, 200, *RIGHT)], [ABOVE, FIRST, SECOND]),
        ([*column(30, 200, *LEFT), *column(212, 200, *RIGHT), (30, 140, 10, BELOW)], [FIRST, SECOND, BELOW]),
        ([*column(30, 250, *LONG), (230, 250, 10, "The end.")], [" ".join([*LONG, "The end."])]),  # a column of one line
        ([*column(30, 200, *LEFT), *column(30, 146, *RIGHT)], [FIRST, SECOND]),  # a gap
        ([*column(30, 200, *LEFT), (40, 164, 10, RIGHT[0]), *column(30, 152, *RIGHT[1:])], [FIRST, SECOND]),  # an indent
        ([*column(30, 200, *LEFT, "Nobody"), *column(30, 152, *RIGHT)], [f"{FIRST} Nobody", SECOND]),  # a short line
        ([*column(30, 200, *LEFT), *column(30, 164, *RIGHT, size=8)], [FIRST, SECOND]),  # another size
        ([(30, 220, 18, "Customs house"), (30, 200, 18, "Rebuilt"), *column(30, 160, *LEFT)], ["Customs house Rebuilt", FIRST]),
        ([(30, 200, 10, "•"), *column(42, 200, *LEFT), (30, 164, 10, "•"), (42, 164, 10, "A lift is built.")],
         [f"• {FIRST}", "• A lift is built."]),
        ([(30, 200, 10, "1."), *column(46, 200, *LEFT), (30, 164, 10, "2."), (46, 164, 10, "A lift is built.")],
         [f"1. {FIRST}", "2. A lift is built."]),
        ([*column(30, 200, "Ward", "Surgery", "Children"), *column(130, 200, "Beds", "32", "18"), *column(200, 200, "Nurses", "87", "41")],
         ["Ward | Beds | Nurses", "Surgery | 32 | 87", "Children | 18 | 41"]),
        ([(30, 180, 38, "T"), *column(54, 204, "raders said that they had not been", *RIGHT[1:]), *column(30, 168, *LEFT)],
         [f"{SECOND} {FIRST}"]),
        ([(30, 180, 38, "A"), *column(60, 204, "bridge, they said,", *RIGHT[1:]), *column(30, 168, "A bridge.")],
         [f"A bridge, they said, {' '.join(RIGHT[1:])} A bridge."]),
        ([(30, 200, 10, "It cost 4.2 million."), (30 + COST, 205, 6, "12"), (40 + COST, 200, 10, "Who asked?")], ["It cost 4.2 million.¹² Who asked?"]),
        ([(30, 200, 10, "It was bold."), (30.3, 200, 10, "It was bold.")], ["It was bold."]),
        ([(30, 200, 10, "On the page."), (500, 200, 10, "Off the page.")], ["On the page."]),
        ([*column(30, 200, "He named the sailor Jean-", "Pierre, in the season of 2020-", "21, and/", "or a short-", "and long-term plan—", "now.")],
         ["He named the sailor Jean-Pierre, in the season of 2020-21, and/or a short- and long-term plan—now."]),
    ],
)  # fmt: skip
def test_lines_are_read_as_they_are_seen(tmp_path: Path, page: list[Line], expected: list[str]) -> None:
    assert text(tmp_path, *page).split("\n\n") == expected


@pytest.mark.parametrize(
    ("head", "tail", "elsewhere", "expected"),
    [
        ("hospi-", "tal", "", "hospital"), ("hospi\u00ad", "tal", "", "hospital"), ("co-", "operate", "They co-operate.", "co-operate"),
        ("co-", "operate", "They cooperate and co-operate.", "cooperate"), ("well-", "known", "", "well-known"),
        ("twenty-", "five", "", "twenty-five"), ("state-of-the-", "art", "", "state-of-the-art"), ("12-", "year", "", "12-year"),
    ],
)  # fmt: skip
def test_a_hyphen_at_the_end_of_a_line(tmp_path: Path, head: str, tail: str, elsewhere: str, expected: str) -> None:
    page = column(30, 200, f"Witnesses said of the {head}", f"{tail} that it was new. {elsewhere}")
    assert text(tmp_path, *page) == f"Witnesses said of the {expected} that it was new. {elsewhere}".strip()


def test_letters_and_spaces_are_plain(tmp_path: Path) -> None:
    registerFont(TTFont("Vera", "Vera.ttf"))
    shown = text(tmp_path, (30, 200, 10, "The ﬁnance of\u00adﬁce was\u00a0ﬂooded \u2013 \u201cno\u201d."), font="Vera")
    assert shown == "The finance office was flooded – “no”."


@pytest.mark.parametrize(("angle", "x", "y"), [(90, 400, 0), (180, 400, 300), (270, 0, 300), (0, 0, 0)])
def test_a_page_is_read_upright_without_what_stands_askew(tmp_path: Path, angle: int, x: int, y: int) -> None:
    def prepare(canvas: Any) -> None:
        canvas.translate(x, y)
        canvas.rotate(angle + 45)
        canvas.drawString(80, 0, "DRAFT")
        canvas.rotate(-45)
        canvas.scale(0.5, 0.5)

    assert text(tmp_path, *column(60, 400, *LEFT), prepare=prepare) == FIRST


def test_a_paragraph_goes_on_over_pages_and_notes(tmp_path: Path) -> None:
    note = (30.0, 20.0, 7.0, "1 The figures are those of the port.")
    pages: list[list[Line]] = [[*column(30, 80, *LEFT[:2]), note], [(30, 280, 10, "which has stood emp-"), (30, 10, 8, "7")]]
    pages.append([(30, 280, 10, "ty since 2011.")])
    found = article(tmp_path, drawn(pages, lambda canvas: canvas.addPageLabel(0, style="ROMAN_LOWER")))
    assert found.text == f"{FIRST}\n\n{note[3]}"
    parts = [(found.text[locator.start :][:6], locator.label) for locator in found.locators]
    assert parts == [("The ha", "page i"), ("which ", "page ii"), ("ty sin", "page iii"), ("1 The ", "page i")]


def test_running_heads_and_page_numbers_are_no_text(tmp_path: Path) -> None:
    heads = ["The Varna Courier", "3 May 2024"]
    pages = [[(30, 285, 8, heads[at % 2]), *column(30, 200, DAYS[at]), (190, 10, 8, f"- {at + 1} -")] for at in range(6)]
    pages[5].append((30, 180, 10, "The Varna Courier"))  # in the text
    assert article(tmp_path, drawn(pages)).text.split("\n\n") == [*DAYS, "The Varna Courier"]
    once = [[(30, 285, 8, "Only here"), *column(30, 200, *LEFT)], column(30, 200, "In the year", "2011", "it burned.")]
    assert article(tmp_path, drawn(once)).text == f"Only here\n\n{FIRST}\n\nIn the year 2011 it burned."


@pytest.mark.parametrize(
    ("stated", "size", "expected"),
    [
        ("Harbour budget", 10, "Harbour budget"), ("", 10, ""), ("", 18, "A new customs house"), ("untitled", 18, "A new customs house"),
        ("Microsoft Word - draft 3.docx", 18, "A new customs house"), ("harbour_v2.pdf", 10, ""), ("Document1", 10, ""), ("old file.doc", 10, ""),
    ],
)  # fmt: skip
def test_the_title(tmp_path: Path, stated: str, size: int, expected: str) -> None:
    data = drawn([[(30, 250, size, "A new customs house"), *column(30, 200, *LEFT)]], lambda canvas: canvas.setTitle(stated))
    assert article(tmp_path, data).title == expected


GOOD = drawn([column(30, 200, *LEFT), column(30, 200, *RIGHT)])
BOMB = GOOD + b"99 0 obj\n<</Length 9>>\nstream\n" + zlib.compress(bytes((1 << 26) + 9), 9) + b"\nendstream\nendobj"
DEEP = GOOD.replace(b"/Type /Catalog", b"/Type /Catalog /X " + b"[" * 50_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "an empty file"), (b"Text.", "a broken PDF"), (GOOD[:300], "a broken PDF"), (BOMB, "a page in it unpacks to more than 64 MB"),
        (drawn([[]]), "no text in it: a scan needs OCR first"), (drawn([[(190, 10, 8, "1")]]), "no text in it: a scan needs OCR first"),
        (drawn([column(30, 200, *LEFT)], encrypt=StandardEncryption("secret")), "locked by a password: unlock it first"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=rf"a\.pdf: {reason}[^\n]*$"):
        article(tmp_path, data)


def test_a_file_that_may_not_be_changed_and_one_of_deep_lists_are_read(tmp_path: Path) -> None:
    assert article(tmp_path, DEEP).text == f"{FIRST}\n\n{SECOND}"
    assert text(tmp_path, *column(30, 200, *LEFT), encrypt=StandardEncryption("", "owner", canModify=0)) == FIRST


@pytest.mark.parametrize(("bound", "most"), [("BYTES", 512), ("PAGES", 1), ("CHARACTERS", 99)])
def test_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int) -> None:
    monkeypatch.setattr(pdf, f"MOST_{bound}", most)
    with pytest.raises(ReadError, match=r"larger than 0 MB|more than 1 pages in it \(2\)|more than 99 characters"):
        article(tmp_path, GOOD)


def test_a_page_that_cannot_be_read_is_left_out_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_ON_A_PAGE", 106)
    (tmp_path / "a.pdf").write_bytes(GOOD)
    walk, (file,) = Walk(), files([tmp_path / "a.pdf"])
    assert [found.text for found in file.articles(walk)] == [FIRST]
    assert [str(warning).split(".pdf: ")[1] for warning in walk.warnings] == ["page 2 is left out: more than 106 characters on it"]


@pytest.mark.parametrize("seed", range(16))
def test_damaged_files_are_read_or_refused(seed: int) -> None:
    chance, data = random.Random(seed), GOOD if seed % 2 else drawn([column(30, 200, *LEFT)], pageCompression=0)
    broken = [bytearray(data[: chance.randrange(len(data))]) for _ in range(10)] + [bytearray(data) for _ in range(20)]
    for some in broken:
        for _ in range(chance.choice((0, 1, 4, 40)) if some else 0):
            some[chance.randrange(len(some))] = chance.randrange(256)
        try:
            (draft,) = pdf.read(bytes(some), "a.pdf")
        except ReadError:
            continue
        assert draft.text.strip()
