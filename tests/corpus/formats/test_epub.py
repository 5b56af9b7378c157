from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from tests.corpus.formats.damage import CUTS, damaged, refused

from pullquote.corpus.readers.documents import epub, package
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.sources import Walk, files, read
from pullquote.errors import ReadError

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
DATED = "<dc:date>2019-03-02</dc:date>"
ABOUT = f"<dc:title>Walls of Holm</dc:title><dc:publisher>Quay Press</dc:publisher><dc:language>en</dc:language>{DATED}"
XHTML = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
Files = dict[str, str | bytes]


def zipped(parts: Files, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as file:
        file.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def page(body: str, title: str = "A page", attributes: str = "") -> str:
    return f"{XHTML}<head><title>{title}</title></head><body {attributes}>{body}</body></html>"


def book(
    chapters: Files,
    about: str = ABOUT,
    items: str = "",
    guide: str = "",
    more: Files | None = None,
    packed: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    manifest = "".join(f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    opf = (
        f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{about}</metadata><manifest>{manifest}{items}</manifest><spine>{spine}</spine><guide>{guide}</guide></package>"
    )
    inside = {f"OEBPS/{name}".replace("%20", " "): data for name, data in chapters.items()}
    return zipped({"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf, **inside, **(more or {})}, packed)


def drafts(data: bytes) -> list[Draft]:
    found = list(epub.read(data, "b.epub"))
    assert all(isinstance(draft, Draft) for draft in found), found
    return [draft for draft in found if isinstance(draft, Draft)]


P = "<p>The council met on Thursday.</p>"
SAID = "The council met on Thursday."
CASES = {
    "paragraphs": ("<h1>The wall</h1><p>It is\n   old.</p><p>It <em>leaks</em>.</p>", "The wall\n\nIt is old.\n\nIt leaks."),
    "named entities": ("<p>Caf&eacute;&nbsp;Holm &mdash; 5 &lt; 6 &amp; more&hellip;</p>", "Café\u00a0Holm — 5 < 6 & more…"),
    "soft hyphens": ("<p>The har&shy;bour\u00ads</p>", "The harbours"),
    "breaks": ("<p>Ferry returns<br/>to the sound<br/><br/>Next.</p>", "Ferry returns to the sound\n\nNext."),
    "table": ("<table><tr><td>Ward</td><td>Votes</td></tr><tr><td>North</td><td>4,812</td></tr></table>", "Ward | Votes\n\nNorth | 4,812"),
    "list": ("<ul><li>a wall</li><li>a signal</li></ul>", "a wall\n\na signal"),
    "raised": ("<p>10<sup>6</sup> and H<sub>2</sub>O</p>", "10⁶ and H₂O"),
    "page numbers": ('<p>The har<span epub:type="pagebreak" id="p2">2</span>bour <span role="doc-pagebreak">3</span>wall.</p>', "The harbour wall."),
    "marks of notes": ('<p>It rained<sup><a epub:type="noteref" href="#n">1</a></sup>.<a epub:type="noteref" href="#n">2</a></p><aside epub:type="footnote" id="n"><p>Hard.</p></aside>', "It rained.\n\nHard."),
    "ways back": ('<p>It rained. <a role="doc-backlink" href="#a">↩</a></p>', "It rained."),
    "hidden": ('<p>Seen.</p><p hidden="hidden">Unseen.</p><p style="color: red; display: none">Unseen.</p>', "Seen."),
    "deleted": ("<p>He <del>never </del>resigned.</p>", "He resigned."),
    "ruby": ("<p><ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp></ruby>京</p>", "東京"),
    "picture": ('<svg xmlns="http://www.w3.org/2000/svg"><text>Drawn</text></svg><p>Story.</p><img src="a.png" alt="A"/>', "Story."),
    "empty elements": ('<script src="a.js"/><p><a id="x"/>Story.</p><style/><title/><p>More.</p>', "Story.\n\nMore."),
    "list of links in a chapter": ('<p>Story.</p><nav epub:type="toc"><ol><li><a href="#a">A</a></li></ol></nav>', "Story."),
    "links to the world": ('<p><a href="http://a.example">One</a> <a href="https://b.example">Two</a> <a href="mailto:x@y.example">Three</a></p>', "One Two Three"),
    "not closed": ("<p>It is old.<p>It leaks<br>badly & costs.</p>", "It is old.\n\nIt leaks badly & costs."),
    "comments": ("<!-- no --><p>The har<!-- no -->bour<?no no?>.</p>", "The harbour."),
    "drop cap": ('<p><span class="drop">T</span>he wall.</p>', "The wall."),
    "composed": ("<p>Cafe\u0301</p>", "Café"),
    "deep": ("<div>" * 240 + "Deep." + "</div>" * 240, "Deep."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_what_the_page_shows(name: str) -> None:
    body, text = CASES[name]
    [draft] = drafts(book({"one.xhtml": page(body)}))
    assert (draft.text, draft.where, draft.part) == (text, "b.epub#one", "one")


def test_each_chapter_is_an_article_in_the_order_of_the_spine(tmp_path: Path) -> None:
    chapters: Files = {
        "cover.xhtml": page("<h1>Walls of Holm</h1>"),
        "Text/z-first.xhtml": page("<h1>The <em>old</em> wall</h1>" + P),
        "Text/a%20second.html": page("<h2>Chapter Two</h2>" + P),
        "blank.xhtml": page('<img src="a.png"/>'),
        "three.xhtml": page(P),
    }
    (tmp_path / "b.epub").write_bytes(book(chapters))
    found = list(read(tmp_path))
    assert [(a.id, a.title, a.text) for a in found] == [
        ("b.epub/z-first", "The old wall", f"The old wall\n\n{SAID}"),
        ("b.epub/a second", "Walls of Holm: Chapter Two", f"Chapter Two\n\n{SAID}"),
        ("b.epub/three", "Walls of Holm", SAID),
    ]
    assert {(a.source, a.language, a.published) for a in found} == {("Quay Press", "en", "2019-03-02")}


@pytest.mark.parametrize(
    ("body", "label", "title"),
    [
        ("<h1>The storm of 1953</h1>", "Chapter 1", "The storm of 1953"), ("<h1>1</h1>", "One", "Walls of Holm: 1"),
        ("<h1>Chapter IV.</h1>", "", "Walls of Holm: Chapter IV."), ("<h2>Preface</h2>", "", "Walls of Holm: Preface"),
        ("<h1> </h1><h3>After<br/>the storm</h3>", "", "After the storm"), ("", "What the sea took", "What the sea took"),
        ("", "Chapter 3", "Walls of Holm: Chapter 3"), ("", "", "Walls of Holm"), ("<h1>Walls of Holm</h1>", "", "Walls of Holm"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["nav", "ncx"])
def test_a_chapter_is_called_as_its_heading_or_the_contents_say(form: str, body: str, label: str, title: str) -> None:
    nav = page(f'<nav epub:type="toc"><ol><li><a href="one.xhtml#top">{label}</a></li></ol></nav>')
    ncx = f'<ncx><navMap><navPoint><navLabel><text>{label}</text></navLabel><content src="one.xhtml"/></navPoint></navMap></ncx>'
    kind = {"nav": 'properties="nav" media-type="application/xhtml+xml"', "ncx": 'media-type="application/x-dtbncx+xml"'}[form]
    data = book(
        {"one.xhtml": page(body + P)},
        items=f'<item id="n" href="n.{form}" {kind}/>',
        more={f"OEBPS/n.{form}": {"nav": nav, "ncx": ncx}[form]},
    )
    assert [draft.title for draft in drafts(data)] == [title]


LINKS = "".join(f'<p><a href="c{n}.xhtml">Of the walls and the sea</a> {n}</p>' for n in range(5))


@pytest.mark.parametrize(
    ("name", "left_out", "guide"),
    [
        ("toc.xhtml", page(P), ""), ("Cover-Page.html", page(P), ""), ("x.xhtml", page(P, attributes='epub:type="cover"'), ""),
        ("x.xhtml", page(f'<section epub:type="toc">{P}</section>'), ""), ("x.xhtml", page(f'<section role="doc-toc">{P}</section>'), ""),
        ("x.xhtml", page(P), '<reference type="cover" href="x.xhtml"/>'), ("x.xhtml", page(P), '<reference type="toc" href="x.xhtml"/>'),
        ("x.xhtml", page("<h2>Contents</h2>" + LINKS), ""),
    ],
)  # fmt: skip
def test_covers_and_contents_are_left_out(name: str, left_out: str, guide: str) -> None:
    found = drafts(book({name: left_out, "one.xhtml": page(P)}, guide=f'{guide}<reference type="toc" href="one.xhtml#contents"/>'))
    assert [draft.part for draft in found] == ["one"]


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    chapters: Files = {f"feed_{n}/index.{kind}": page(P) for n, kind in ((0, "html"), (1, "html"), (1, "xhtml"))}
    found = drafts(book({**chapters, "one.xhtml": page(P)}))
    assert [draft.part for draft in found] == ["OEBPS/feed_0/index", "OEBPS/feed_1/index.html", "OEBPS/feed_1/index.xhtml", "one"]


@pytest.mark.parametrize(
    ("dates", "published", "warnings"),
    [
        (DATED, "2019-03-02", ()), ("<dc:date>2019</dc:date>", "2019", ()), ("<dc:date>2019-03-02T10:00:00Z</dc:date>", "2019-03-02", ()),
        ('<dc:date opf:event="modification">2022-01-01</dc:date>', None, ()), ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None, ()),
        (f'<dc:date opf:event="creation">2018</dc:date><dc:date opf:event="publication">2020</dc:date>{DATED}', "2020", ()),
        ("<dc:date>soon</dc:date>", None, ("date is left out: 'soon' is not a date (write YYYY-MM-DD)",)),
    ],
)  # fmt: skip
def test_the_date_is_that_of_publication(dates: str, published: str | None, warnings: tuple[str, ...]) -> None:
    found = drafts(book({"one.xhtml": page(P), "two.xhtml": page(P)}, about=f"<dc:title>Walls</dc:title>{dates}"))
    assert [(draft.published, draft.source, draft.warnings) for draft in found] == [
        (published, "Walls", warnings),
        (published, "Walls", ()),
    ]


def encrypted(path: str) -> str:
    return f'<encryption><x:EncryptedData xmlns:x="x"><x:CipherData><x:CipherReference URI="{path}"/></x:CipherData></x:EncryptedData></encryption>'


BOMB = (
    "<!DOCTYPE d ["
    + '<!ENTITY a "aaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 9}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("bad", "more", "message"),
    [
        (page(P), {"META-INF/encryption.xml": encrypted("OEBPS/bad.xhtml")}, "is locked (the book is protected from copying)"),
        (page(" " * (package.FREE + 1) + P), {}, "unpacks to more than 200 times its size"),
        (page("<div>" * 3000 + "Deep." + "</div>" * 3000), {}, "cannot be parsed: Excessive depth"),
        (b"\0\1\2", {}, "cannot be parsed: a binary file, not text"),
    ],
)
def test_what_is_wrong_with_a_chapter_is_told_and_the_next_is_read(
    tmp_path: Path, bad: str | bytes, more: Files, message: str
) -> None:
    (tmp_path / "b.epub").write_bytes(book({"bad.xhtml": bad, "two.xhtml": page(P)}, more=more))
    [file] = files([tmp_path], walk := Walk())
    assert [article.id for article in file.articles(walk)] == ["b.epub/two"]
    [problem] = walk.problems
    assert str(problem).startswith(f"{tmp_path}/b.epub#bad: ")
    assert message in str(problem)


def test_a_chapter_that_is_not_there_is_told() -> None:
    spine = '<itemref idref="i0"/><itemref idref="i0"/><itemref idref="none"/><itemref idref="i1"/>'
    items = "".join(f'<item id="i{n}" href="{name}.xhtml"/>' for n, name in enumerate(("one", "no")))
    opf = f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    parts: Files = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf, "OEBPS/one.xhtml": page(P)}
    first, *rest = epub.read(zipped(parts), "b.epub")
    assert (first.where, [str(found) for found in rest]) == ("b.epub#one", ["b.epub#no: there is no OEBPS/no.xhtml in the book"])


def test_what_a_book_may_hold_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = book({f"c{n}.xhtml": page(P) for n in range(5)})
    sizes = {info.filename: info.file_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    one, around = sizes["OEBPS/c0.xhtml"], sizes["META-INF/container.xml"] + sizes["OEBPS/book.opf"]
    monkeypatch.setattr(package, "LARGEST_IN_ALL", around + 2 * one + 1)
    assert [isinstance(found, ReadError) for found in epub.read(data, "b.epub")] == [False, False, True, True, True]
    monkeypatch.setattr(epub, "MOST_CHAPTERS", 4)
    with pytest.raises(ReadError, match="more than 4 chapters"):
        list(epub.read(data, "b.epub"))


def test_a_book_whose_fonts_are_encrypted_is_read() -> None:
    [draft] = drafts(book({"one.xhtml": page(P)}, more={"META-INF/encryption.xml": encrypted("OEBPS/a.otf")}))
    assert draft.text == SAID


def test_entities_are_never_expanded() -> None:
    for declared in (BOMB, '<!DOCTYPE d [<!ENTITY i SYSTEM "file:///etc/hostname">]>'):
        found = drafts(book({"one.xhtml": f"{declared}<html><body><p>Said &i; here.</p></body></html>"}))
        assert [draft.text for draft in found] == ["Said &i; here."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not .epub, or a broken file"),
        (b"The bridge opened.", "not .epub, or a broken file"),
        (zipped({"a.txt": "x"}), "no EPUB: it says nowhere which chapters it has"),
        (zipped({"META-INF/container.xml": CONTAINER}), "no EPUB: it says nowhere which chapters it has"),
        (zipped({"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": "<package"}), "OEBPS/book.opf in it is broken XML"),
        (zipped({"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": BOMB + "<package>&i;</package>"}), "OEBPS/book.opf in it"),
        (book({"one.xhtml": page("")}), "no chapter with text in it"),
        (book({}), "no chapter with text in it"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "b.epub").write_bytes(data)
    with pytest.raises(ReadError) as error:
        list(read(tmp_path / "b.epub"))
    assert str(error.value).startswith(f"{tmp_path}/b.epub: {message}")


def test_damaged_files_are_read_or_refused() -> None:
    chapters: Files = {f"c{n}.xhtml": page(body) for n, (body, _) in enumerate(CASES.values())}
    chance = random.Random(7)
    for packed in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        whole = book(chapters, packed=packed)
        assert refused(damaged(whole, chance, 100), epub.read, "b.epub") >= CUTS
