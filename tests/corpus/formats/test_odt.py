from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from odf import dc, table, text
from odf.opendocument import OpenDocumentText
from odf.style import ParagraphProperties, Style, TextProperties
from tests.corpus.formats.damage import CUTS, damaged, refused

from pullquote.corpus.article import Article
from pullquote.corpus.readers.documents import odt, package
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{short}="{OASIS}:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"), ("meta", "meta"))
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'  # fmt: skip
STYLES = "".join(
    f'<style:style style:name="{name}" style:family="text"><style:text-properties {properties}/></style:style>'
    for name, properties in (
        ("hidden", 'text:display="none"'), ("struck", 'style:text-line-through-style="solid"'), ("sup", 'style:text-position="super 58%"'),
        ("sub", 'style:text-position="sub 58%"'), ("up", 'style:text-position="33% 58%"'), ("flat", 'style:text-position="0% 100%"'),
        ("plain", 'style:text-line-through-style="none"'),
    )
) + '<style:style style:name="below" style:parent-style-name="struck"/><style:style style:name="ring" style:parent-style-name="ring"/>'  # fmt: skip


def zipped(parts: dict[str, str | bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def content(body: str, styles: str = STYLES) -> str:
    return (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def made(body: str, title: str = "") -> bytes:
    meta = f"<office:document-meta {SPACES}><office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>"
    return zipped({"content.xml": content(body), "meta.xml": meta})


def p(inner: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def span(style: str, inner: str) -> str:
    return f'<text:span text:style-name="{style}">{inner}</text:span>'


def tbl(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells) for cells in rows)
    return f"<table:table>{''.join(f'<table:table-row>{some}</table:table-row>' for some in cells)}</table:table>"


def note(kind: str, inner: str) -> str:
    return f'<text:note text:note-class="{kind}"><text:note-citation>1</text:note-citation><text:note-body>{inner}</text:note-body></text:note>'


LONG = "The council heard the engineers of the harbour for two hours before it voted on their plan for the wall. "
FRAME = f"<draw:frame><draw:text-box>{p('Boxed.')}</draw:text-box><svg:desc>A box</svg:desc></draw:frame>"
CASES = {
    "plain": (p("The ferry sailed on Monday.") + p("It was full."), "The ferry sailed on Monday.\n\nIt was full."),
    "empty paragraphs": (p("") + p("One.") + p(" ") + p("Two."), "One.\n\nTwo."),
    "white space": (p("The\n   ferry<text:s text:c='3'/>sailed<text:tab/>again ."), "The ferry sailed again ."),
    "line break": (p("Ferry returns<text:line-break/>to the sound"), "Ferry returns to the sound"),
    "two line breaks": (p("One.<text:line-break/> <text:line-break/>Two."), "One.\n\nTwo."),
    "page break in a line": (p("The har<text:soft-page-break/>bour\u00ads"), "The harbours"),
    "headings": ('<text:h text:outline-level="2"><text:number>1.</text:number>Costs</text:h>' + p("They rose."), "Costs\n\nThey rose."),
    "spans": (p("The " + span("bold", "new ") + "wall" + span("", span("x", "s")) + "."), "The new walls."),
    "link": (p('See <text:a xmlns:x="http://www.w3.org/1999/xlink" x:href="http://a.example">the report</text:a> of May.'), "See the report of May."),
    "deleted": (
        f"<text:tracked-changes><text:changed-region><text:deletion><office:change-info/>{p('never ')}</text:deletion></text:changed-region>"
        "</text:tracked-changes>" + p('The mayor <text:change text:change-id="a"/>resigned.'), "The mayor resigned.",
    ),
    "inserted": (p('He <text:change-start text:change-id="b"/>has <text:change-end text:change-id="b"/>resigned.'), "He has resigned."),
    "hidden and struck": (p("Seen" + span("hidden", " unseen") + span("struck", " struck") + span("below", " too") + span("plain", " text.")), "Seen text."),
    "hidden paragraph": (p("Seen.") + p("Unseen.", "hidden"), "Seen."),
    "hidden section": (f'<text:section text:display="none">{p("Unseen.")}</text:section><text:section>{p("Seen.")}</text:section>', "Seen."),
    "raised": (p("10" + span("sup", "6") + " m" + span("sub", "2") + " k" + span("up", "3") + span("flat", "4") + span("ring", "5")), "10⁶ m₂ k³45"),
    "notes": (
        p(f"One{note('endnote', p('Last.'))} two.{note('footnote', p('First.') + p('More.'))} Three{note('footnote', p('Second.'))}."),
        "One two. Three.\n\nFirst.\n\nMore.\n\nSecond.\n\nLast.",
    ),
    "comment": (p(f"The bridge<office:annotation><dc:creator>Ed</dc:creator>{p('Check.')}</office:annotation> opened."), "The bridge opened."),
    "list": (
        f"<text:list><text:list-header>{p('We ask for')}</text:list-header><text:list-item>{p('a wall and a new signal on the breakwater')}"
        f"<text:list><text:list-item>{p('of stone')}</text:list-item></text:list></text:list-item></text:list>",
        "We ask for\n\na wall and a new signal on the breakwater\n\nof stone",
    ),
    "table": (tbl((p("Ward"), p("Votes")), (p("North"), p("4,812") + p("(record)"))), "Ward | Votes\n\nNorth | 4,812 (record)"),
    "empty and covered cells": (
        tbl((p(""), p("A"), '<text:p/></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="999999">', p("B"))), "A | | | B",
    ),
    "header rows": (f"<table:table><table:table-header-rows>{tbl((p('A'), p('B')))[13:-14]}</table:table-header-rows></table:table>", "A | B"),
    "table in a table": (tbl((p("A"), tbl((p("1"), p("2"))))), "A | 1 | 2"),
    "layout": (tbl((p(LONG * 2) + p("It passed."), p("Contact: hall"))), f"{(LONG * 2).strip()}\n\nIt passed.\n\nContact: hall"),
    "text box": (p(f"Story{FRAME} goes on."), "Story goes on.\n\nBoxed."),
    "text box of a page": (FRAME + p("Story."), "Boxed.\n\nStory."),
    "shape": (p(f"A<draw:custom-shape>{p('Shaped.')}</draw:custom-shape>") + p("B"), "A\n\nShaped.\n\nB"),
    "contents": (f"<text:table-of-content><text:index-body>{p('Costs<text:tab/>3')}</text:index-body></text:table-of-content>" + p("Story."), "Story."),
    "fields": (p('Page <text:page-number>7</text:page-number> of <text:title>Walls</text:title>'), "Page 7 of Walls"),
    "ruby": (p("<text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>とう</text:ruby-text></text:ruby>京"), "東京"),
    "folded lines": (
        p("The council met on Thursday evening to discuss the plan for a wall") + p("which engineers say will cost about four million pounds and") + p("will take years."),
        "The council met on Thursday evening to discuss the plan for a wall which engineers say will cost about four million pounds and will take years.",
    ),
    "composed": (p("Cafe\u0301 Zu\u0308rich"), "Café Zürich"),
    "deep": ("<text:section>" * 200 + p("Deep.") + "</text:section>" * 200, "Deep."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_what_is_shown(name: str) -> None:
    body, said = CASES[name]
    [draft] = odt.read(made(body), "a.odt")
    assert (draft.text, draft.where, draft.published) == (said, "a.odt", None)


def test_what_another_program_writes_is_read(tmp_path: Path) -> None:
    document = OpenDocumentText()
    document.meta.addElement(dc.Title(text="Stated"))
    document.meta.addElement(dc.Language(text="en-GB"))
    headline = Style(name="P1", family="paragraph", parentstylename="Title")
    headline.addElement(ParagraphProperties(textalign="center"))
    raised = Style(name="T1", family="text")
    raised.addElement(TextProperties(textposition="super 58%"))
    document.automaticstyles.addElement(headline)
    document.automaticstyles.addElement(raised)
    document.text.addElement(text.P(stylename=headline, text="Quarry petition signed by 11,204"))
    lead = text.P(text="Ellen Ridley wants 10")
    lead.addElement(text.Span(stylename=raised, text="6"))
    lead.addElement(text.S(c=2))
    lead.addElement(text.Span(text="signatures."))
    document.text.addElement(lead)
    votes, line = table.Table(name="votes"), table.TableRow()
    for said in ("Cold Fell", "204"):
        cell = table.TableCell()
        cell.addElement(text.P(text=said))
        line.addElement(cell)
    votes.addElement(line)
    document.text.addElement(votes)
    document.save(str(tmp_path / "a.odt"))
    [article] = read(tmp_path / "a.odt")
    said = "Quarry petition signed by 11,204\n\nEllen Ridley wants 10⁶ signatures.\n\nCold Fell | 204"
    assert article == Article(id="a.odt", text=said, title="Quarry petition signed by 11,204", language="en-GB")


REST = p("The council met on Thursday evening and voted for the plan of the wall.")


@pytest.mark.parametrize(
    ("stated", "first", "title"),
    [
        ("Stated", '<text:h text:outline-level="1">Headed</text:h>', "Headed"),
        ("Stated", "<text:h>Headed</text:h>", "Headed"),
        ("Stated", p("Styled", "Title"), "Styled"),
        ("Stated", p("Styled", "Heading_20_1"), "Styled"),
        ("Stated", '<text:h text:outline-level="2">Below</text:h>', "Stated"),
        ("Stated", p("A plain first line"), "Stated"),
        ("", p("A plain first line"), "A plain first line"),
        ("Untitled 1", p("A plain first line"), "A plain first line"),
        ("", tbl((p("Ward"), p("Votes"))), ""),
    ],
)
def test_the_title_is_the_opening_heading_else_what_is_stated(stated: str, first: str, title: str) -> None:
    [draft] = odt.read(made(first + REST, stated), "a.odt")
    assert draft.title == title


def test_what_the_text_can_do_without_costs_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.odt").write_bytes(zipped({"content.xml": content(p("The bridge opened.")), "meta.xml": "", "styles.xml": "<a>"}))
    [file] = files([tmp_path], walk := Walk())
    assert [article.text for article in file.articles(walk)] == ["The bridge opened."]
    assert [warning.what.split(":")[0] for warning in walk.warnings] == [
        "styles.xml in it is broken XML",
        "meta.xml in it is broken XML",
    ]


def with_password(data: bytes) -> bytes:
    """A zip whose list says that its last file is encrypted."""
    at = data.rindex(b"PK\x01\x02") + 8
    return data[:at] + b"\1" + data[at + 1 :]


LOCKED = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml">'
    "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
)
BOMB = (
    "<!DOCTYPE d ["
    + '<!ENTITY a "aaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not .odt, or a broken file"),
        (b"The bridge opened.", "not .odt, or a broken file"),
        (zipped({"a.xml": "<a/>"}), "no OpenDocument text"),
        (zipped({"content.xml": "<a/>"}), "no OpenDocument text"),
        (made(p("")), "no text in it"),
        (zipped({"content.xml": content(p("x"))[:-9]}), "content.xml in it is broken XML"),
        (zipped({"content.xml": b"\x93\x01" * 99, "META-INF/manifest.xml": LOCKED}), "is locked by a password"),
        (with_password(zipped({"content.xml": content(p("x"))})), "is locked by a password (content.xml)"),
        (zipped({"content.xml": content(p("x"))}, zipfile.ZIP_BZIP2), "is packed in a way that such documents may not have"),
        (zipped({"encrypted-package": b"\x93\x01" * 99}), "is locked by a password"),
        (zipped({"content.xml": BOMB + content(p("&i;"))}), "content.xml in it"),
        (zipped({"content.xml": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + content(p("&a;"))}), "declares entities"),
        (zipped({"content.xml": content("<text:section>" * 5000 + "</text:section>" * 5000)}), "broken XML: Excessive depth"),
        (zipped({"content.xml": content(" " * (package.FREE + 1))}), "unpacks to more than 200 times its size"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.odt").write_bytes(data)
    with pytest.raises(ReadError) as error:
        list(read(tmp_path / "a.odt"))
    assert str(error.value).startswith(f"{tmp_path}/a.odt: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_damaged_files_are_read_or_refused() -> None:
    parts: dict[str, str | bytes] = {"content.xml": content("".join(body for body, _ in CASES.values())), "meta.xml": "<a/>"}
    chance = random.Random(7)
    for whole in (zipped(parts), zipped(parts, zipfile.ZIP_STORED)):
        assert refused(damaged(whole, chance, 150), odt.read, "a.odt") >= CUTS
