from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as DocumentObject
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from tests.corpus.formats.damage import CUTS, damaged, refused

from pullquote.corpus.article import Article
from pullquote.corpus.readers.documents import package, word
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(**targets: str) -> str:
    some = "".join(f'<Relationship Id="{kind}" Type="{RELATIONS}/{kind}" Target="{to}"/>' for kind, to in targets.items())
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{some}</Relationships>'


def zipped(parts: dict[str, str | bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def made(body: str, **parts: str) -> bytes:
    """A document of a body, and of further files of the folder "word"."""
    inside = {f"word/{name}.xml": f"<w:{name} {SPACES}>{xml}</w:{name}>" for name, xml in parts.items()}
    return zipped({
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/_rels/document.xml.rels": relations(**{name: f"{name}.xml" for name in parts}),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        **inside,
    })  # fmt: skip


def p(inner: str, style: str = "", properties: str = "") -> str:
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def field(instruction: str, shown: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


LONG = "The council heard the engineers of the harbour for two hours before it voted on their plan for the wall. "
BOX = f"<w:txbxContent>{p(r('Boxed.'))}</w:txbxContent>"
CASES = {
    "plain": (p(r("The bridge opened on Saturday.")) + p(r("It cost 4 million.")), "The bridge opened on Saturday.\n\nIt cost 4 million."),
    "runs of one word": (p(r("Har") + r("bour", "<w:b/>") + r(" wall")), "Harbour wall"),
    "empty paragraphs": (p("") + p(r("One.")) + p(r(" ")) + p("") + p(r("Two.")), "One.\n\nTwo."),
    "white space": (p(r("The  ferry\n   sailed ") + "<w:r><w:tab/></w:r>" + r(" again.")), "The ferry sailed again."),
    "line break": (p(r("Ferry returns") + "<w:r><w:br/></w:r>" + r("to the sound")), "Ferry returns to the sound"),
    "two line breaks": (p(r("One.") + "<w:r><w:br/><w:br/></w:r>" + r("Two.")), "One.\n\nTwo."),
    "page break": (p(r("One.") + '<w:r><w:br w:type="page"/></w:r>' + r("Two.")), "One.\n\nTwo."),
    "hyphens": (p(r("The har\u00adbour") + "<w:r><w:softHyphen/></w:r>" + r("s") + "<w:r><w:noBreakHyphen/></w:r>" + r("wall")), "The harbours-wall"),
    "deleted": (p(r("The mayor ") + f"<w:del>{r('never ')}<w:r><w:delText>ever </w:delText></w:r></w:del>" + r("resigned.")), "The mayor resigned."),
    "inserted": (p(r("The mayor ") + f"<w:ins>{r('has ')}</w:ins>" + r("resigned.")), "The mayor has resigned."),
    "moved": (p(f"<w:moveFrom>{r('Gone. ')}</w:moveFrom>" + r("Stays. ") + f"<w:moveTo>{r('Come.')}</w:moveTo>"), "Stays. Come."),
    "deleted end of a paragraph": (p(r("Holm, "), "", "<w:rPr><w:del/></w:rPr>") + p(r("who is ill, resigned.")), "Holm, who is ill, resigned."),
    "deleted end at the end": (p(r("The mayor resigned."), "", "<w:rPr><w:del/></w:rPr>"), "The mayor resigned."),
    "hidden and struck": (p(r("Seen") + r(" unseen", "<w:vanish/>") + r(" struck", "<w:strike/>") + r(" too", '<w:vanish w:val="0"/>')), "Seen too"),
    "raised": (p(r("10") + r("6", '<w:vertAlign w:val="superscript"/>') + r(" m") + r("2", '<w:vertAlign w:val="subscript"/>')), "10⁶ m₂"),
    "raised letters": (p(r("the 21") + r("st", '<w:vertAlign w:val="superscript"/>') + r(" of May")), "the 21st of May"),
    "link": (p(r("See ") + f'<w:smartTag><w:fldSimple w:instr="X">{r("on 7")}</w:fldSimple></w:smartTag>' + r(" ") + f'<w:hyperlink w:anchor="x">{r("the report")}</w:hyperlink>' + r(" of May.")), "See on 7 the report of May."),
    "field": (p(r("On ") + field('HYPERLINK "http://a.example"', r("the page")) + r(".")), "On the page."),
    "field in a field": (p(field(f'IF {field("X", r("1"))} = "1"', r("Dear reader"))), "Dear reader"),
    "field without its end": (p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>') + p(r("The bridge opened.")), "The bridge opened."),
    "control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('In a control.'))}</w:sdtContent></w:sdt>", "In a control."),
    "asked for": (p(r("Name: ") + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here')}</w:sdtContent></w:sdt>"), "Name:"),
    "table": (tbl(row(p(r("Ward")), p(r("Votes"))), row(p(r("North")), p(r("4,812")) + p(r("(record)")))), "Ward | Votes\n\nNorth | 4,812 (record)"),
    "empty cells": (tbl(row(p(""), p(r("A")), p(""), p(r("B")), p("")), row(p(""), p(""))), "A | | B"),
    "deleted row": (tbl(f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('X'))}</w:tc></w:tr>", row(p(r("A")), p(r("B")))), "A | B"),
    "table in a table": (tbl(row(p(r("A")), tbl(row(p(r("1")), p(r("2")))) + p(""))), "A | 1 | 2"),
    "layout": (tbl(row(p(r(LONG * 2)) + p(r("It passed.")), p(r("Contact: hall")))), f"{(LONG * 2).strip()}\n\nIt passed.\n\nContact: hall"),
    "text box once": (
        p(r("Story") + f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}"
          "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>" + r(" goes on.")), "Story goes on.\n\nBoxed.",
    ),
    "old text box": (p(f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>"), "Boxed."),
    "deep": ("<w:tbl><w:tr><w:tc>" * 80 + p(r("Deep.")) + "</w:tc></w:tr></w:tbl>" * 80, "Deep."),
    "symbols": (p('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' + r(" 5 m")), "≥ 5 m"),
    "ruby": (p("<w:r><w:ruby><w:rt><w:r><w:t>とう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase></w:ruby></w:r>" + r("京")), "東京"),
    "fraction": (p(r("It is ") + "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"), "It is 1/2"),
    "folded lines": (
        p(r("The council met on Thursday evening to discuss the plan for a wall")) + p(r("which engineers say will cost about four million pounds and")) +
        p(r("will take years.")),
        "The council met on Thursday evening to discuss the plan for a wall which engineers say will cost about four million pounds and will take years.",
    ),
    "items of a list": (p(r("the fog signal on the outer breakwater"), "", "<w:numPr/>") + p(r("the dredger"), "", "<w:numPr/>"), "the fog signal on the outer breakwater\n\nthe dredger"),
    "composed": (p(r("Cafe\u0301 Zu\u0308rich")), "Café Zürich"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_what_word_shows(name: str) -> None:
    body, text = CASES[name]
    [draft] = word.read(made(body), "a.docx")
    assert (draft.text, draft.where, draft.published) == (text, "a.docx", None)


def one(tmp_path: Path, document: DocumentObject) -> Article:
    document.save(str(tmp_path / "a.docx"))
    [article] = read(tmp_path)
    return article


def test_what_another_program_writes_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Something else"
    document.sections[0].header.paragraphs[0].text = "Header"
    document.sections[0].footer.paragraphs[0].text = "Footer"
    document.add_heading("Quarry petition signed by 11,204", 0)
    document.add_heading("Background", 2)
    lead = document.add_paragraph("Ellen Ridley handed it in ")
    lead.add_run("on Monday").bold = True
    lead.add_run(".").add_break(WD_BREAK.LINE)
    lead.add_run("Nobody spoke.")
    document.add_paragraph("the noise", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Cold Fell", "204"
    document.add_comment(lead.runs, "Check this.", author="Ed")
    assert one(tmp_path, document) == Article(
        id="a.docx",
        text="Quarry petition signed by 11,204\n\nBackground\n\nEllen Ridley handed it in on Monday. Nobody spoke.\n\nthe noise\n\nCold Fell | 204",
        title="Quarry petition signed by 11,204",
    )


@pytest.mark.parametrize(
    ("stated", "first", "style", "title"),
    [
        ("Stated", "Styled", "Title", "Styled"), ("Stated", "Styled", "Heading 1", "Styled"), ("Stated", "Other", "Heading 2", "Stated"),
        ("Stated", "A plain first line", "Normal", "Stated"), ("", "A plain first line", "Normal", "A plain first line"),
        ("", "A sentence stands first.", "Normal", ""), ("Document1", "A plain first line", "Normal", "A plain first line"),
        ("Microsoft Word - minutes.doc", "It rained.", "Normal", ""), ("untitled", "It rained.", "Normal", ""),
        ("minutes_v2.docx", "It rained.", "Normal", ""), ("  The  harbour\n wall ", "It rained.", "Normal", "The harbour wall"),
    ],
)  # fmt: skip
def test_the_title_is_the_opening_heading_else_what_is_stated(
    tmp_path: Path, stated: str, first: str, style: str, title: str
) -> None:
    document = docx.Document()
    document.core_properties.title = stated
    document.add_paragraph(first, style=style)
    document.add_paragraph("The council met on Thursday evening and voted for the plan of the wall.")
    assert one(tmp_path, document).title == title


def test_styles_are_known_by_the_names_they_are_based_on() -> None:
    styles = (
        '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="V1"><w:name w:val="toc 1"/></w:style>'
        '<w:style w:styleId="K"><w:name w:val="Contents of a box"/></w:style>'
        '<w:style w:styleId="Schlag"><w:name w:val="Schlagzeile"/><w:basedOn w:val="berschrift1"/></w:style>'
        '<w:style w:styleId="Kreis"><w:name w:val="Kreis"/><w:basedOn w:val="Kreis"/></w:style>'
    )
    body = p(r("Die Mauer"), "Schlag") + p(r("Die Mauer\t3"), "V1") + p(r("Der Rat tagte."), "Kreis") + p(r("Er tagt oft."), "K")
    [draft] = word.read(made(body, styles=styles), "a.docx")
    assert (draft.title, draft.text) == ("Die Mauer", "Die Mauer\n\nDer Rat tagte.\n\nEr tagt oft.")


def test_notes_stand_after_the_text_in_its_order_and_only_those_it_refers_to() -> None:
    def reference(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    def note(kind: str, number: int, text: str) -> str:
        return f'<w:{kind} w:id="{number}">{p("<w:r><w:footnoteRef/></w:r>" + r(text))}</w:{kind}>'

    first = r("One") + reference("footnote", 2) + reference("endnote", 1) + r(" two.")
    body = (
        p(first + "".join(reference("footnote", n) for n in (1, 2, 8, 5, 6, 7)))
        + p(f"<w:del>{reference('footnote', 3)}</w:del>" + r("Three."))
        + p('<w:r><w:footnoteReference w:customMarkFollows="1" w:id="9"/><w:t>*</w:t></w:r>' + r("Four."))
    )
    said = {0: "---", 1: " First.", 2: "Second.", 3: "Deleted."} | {n: f"Note {n}." for n in range(5, 9)}
    foot = "".join(note("footnote", number, text) for number, text in said.items())
    [draft] = word.read(made(body, footnotes=foot, endnotes=note("endnote", 1, "Last.")), "a.docx")
    assert draft.text == "One two.\n\nThree.\n\nFour.\n\nSecond.\n\nFirst.\n\nNote 8.\n\nNote 5.\n\nNote 6.\n\nNote 7.\n\nLast."


def test_the_list_of_contents_is_left_out(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("The story.")
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f'<w:sdt xmlns:w="{W}">{gallery}<w:sdtContent>{p(r("Background 3"))}</w:sdtContent></w:sdt>'
    document.element.body.insert(0, parse_xml(contents))
    assert one(tmp_path, document).text == "The story."


def test_names_of_the_strict_form_and_of_any_folder_are_understood() -> None:
    strict = f"<w:document {SPACES}><w:body>{p(r('Strict.'))}</w:body></w:document>".replace(
        W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    parts: dict[str, str | bytes] = {"_RELS/.rels": relations(officeDocument="/Text/main.xml"), "text\\Main.xml": strict}
    assert [draft.text for draft in word.read(zipped(parts), "a.docx")] == ["Strict."]


def test_what_the_text_can_do_without_costs_a_warning(tmp_path: Path) -> None:
    data = made(p(r("The bridge opened.")), styles="<broken")
    (tmp_path / "a.docx").write_bytes(data)
    [file] = files([tmp_path], walk := Walk())
    assert [article.text for article in file.articles(walk)] == ["The bridge opened."]
    assert [warning.what.split(":")[0] for warning in walk.warnings] == ["word/styles.xml in it is broken XML"]


BODY = f"<w:document {SPACES}><w:body>%s</w:body></w:document>"
MAIN = {"_rels/.rels": relations(officeDocument="word/document.xml")}
BOMB = (
    "<!DOCTYPE d ["
    + '<!ENTITY a "aaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not .docx, or a broken file"),
        (b"The bridge opened.", "not .docx, or a broken file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "locked by a password, or of a program of before .docx"),
        (zipped({"a.txt": "x"}), "no Word document"),
        (zipped({**MAIN, "word/document.xml": "<workbook/>"}), "no Word document"),
        (made(p("")), "no text in it"),
        (zipped({**MAIN, "word/document.xml": BODY[:-3] % ""}), "word/document.xml in it is broken XML"),
        (zipped({**MAIN, "word/document.xml": BOMB + BODY % p(r("&i;"))}), "word/document.xml in it"),
        (zipped({**MAIN, "word/document.xml": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY % p(r("&a;"))}), "declares entities"),
        (zipped({**MAIN, "word/document.xml": BODY % ("<w:sdt>" * 5000 + "</w:sdt>" * 5000)}), "broken XML: Excessive depth"),
        (zipped({**MAIN, "word/document.xml": BODY % (" " * (package.FREE + 1))}), "unpacks to more than 200 times its size"),
        (zipped({**MAIN, "word/document.xml": b"\0\xff" * 99}), "word/document.xml in it is broken XML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(ReadError) as error:
        list(read(tmp_path / "a.docx"))
    assert str(error.value).startswith(f"{tmp_path}/a.docx: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_more_tags_than_a_document_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_TAGS", 20)
    with pytest.raises(ReadError, match="more than 20 tags"):
        list(word.read(made(p(r("A.")) * 5), "a.docx"))


def test_damaged_files_are_read_or_refused() -> None:
    data = made("".join(body for body, _ in CASES.values()), styles='<w:style w:styleId="a"/>', footnotes="")
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        stored = zipped({name: old.read(name) for name in old.namelist()}, zipfile.ZIP_STORED)
    chance = random.Random(7)
    for whole in (data, stored):
        assert refused(damaged(whole, chance, 150), word.read, "a.docx") >= CUTS
