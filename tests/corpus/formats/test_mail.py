from __future__ import annotations

import contextlib
import io
import mailbox
import random
import time
import tracemalloc
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.readers.web import mail
from pullquote.corpus.sources import Walk, files
from pullquote.errors import ReadError

HEAD = "From: Ines Falk <ines@harbour.example>\nDate: Fri, 07 Mar 2025 23:40:00 -0800 (PST)\nSubject: Toll\n"


def one(data: str | bytes) -> Draft:
    [draft] = mail.read(data if isinstance(data, bytes) else data.encode(), "m.eml")
    return draft


def message(text: str = "The mill burned.\n", subject: str = "Mill", **more: Any) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ines Falk <ines@harbour.example>", "desk@courier.example", subject
    made["Date"] = "Fri, 07 Mar 2025 23:40:00 -0800"
    made.set_content(text, **more)
    return made


def test_a_message_written_by_the_email_package_is_read_as_written(tmp_path: Path) -> None:
    text = "“Le café” est ouvert — dès lundi, à midi, a dit la mairie de la ville, et pour toute l’année à venir, sauf en août.\n\nFin.\n"
    made = message(text, "Café à Médoc, ouvert – enfin, après des années et des années de travaux")
    made["Content-Language"] = "fr"
    made.add_alternative("<p>HTML</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Prüfung.pdf")
    made.add_attachment(message("Inner.\n"))
    (tmp_path / "a.eml").write_bytes(bytes(made))
    walk = Walk()
    [file] = files([tmp_path / "a.eml"], walk)
    title = "Café à Médoc, ouvert – enfin, après des années et des années de travaux"
    said = text.strip()
    assert list(file.articles(walk)) == [Article("a.eml", said, title, "Ines Falk", "", "2025-03-07", "fr")]
    assert [str(warning) for warning in walk.warnings] == [f"{tmp_path}/a.eml: attachments are not read: Prüfung.pdf, a message"]


@pytest.mark.parametrize("cte", ["7bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["utf-8", "us-ascii", "iso-8859-15"])
def test_transfer_encodings(cte: str, charset: str) -> None:
    text = "The mill in Marsh Lane = old. " * 3
    assert one(bytes(message(text, charset=charset, cte=cte))).text == text.strip()


@pytest.mark.parametrize(
    ("charset", "said"),
    [("iso-8859-1", "“Café”".encode("cp1252")), ("windows-1251", "Мост".encode("cp1251")), ("iso-2022-jp", "橋が開いた".encode("iso-2022-jp")),
     ("gb2312", "大桥開通".encode("gbk")), ("utf-8", b"Caf\xc3\xa9 x"), ("no-such", b"Caf\xc3\xa9 x"), ("", b"Caf\xe9 x"), ("idna", b"Caf\xe9 x")],
)  # fmt: skip
def test_charsets(charset: str, said: bytes) -> None:
    stated = f"Content-Type: text/plain; charset={charset}\n" if charset else ""
    text = one(f"{HEAD}{stated}\n".encode() + said + b"\n").text
    assert text in ("“Café”", "Мост", "橋が開いた", "大桥開通", "Café x")


@pytest.mark.parametrize(
    ("header", "title", "source"),
    [
        ("Subject: Mill\nFrom: Ines <a@b.example>", "Mill", "Ines"),
        (
            "Subject: =?utf-8?B?w5xiZXIgw5w=?=\n =?utf-8?B?YmVyYWxs?= and =?iso-8859-1?Q?caf=E9?=\nFrom: a@b.example",
            "Über Überall and café",
            "b.example",
        ),
        ('Subject: A\n  B\nFrom: "Falk, Ines" <a@b.example>', "A B", "Falk, Ines"),
        ("Subject: =?utf-8?q?broken\nFrom: =?utf-8?q?Andr=C3=A9=2C_P=C3=A9?= <a@b.example>", "=?utf-8?q?broken", "André, Pé"),
        ("Subject: =?utf-8?b?x?=\nFrom: a@b.example (Press Office)", "=?utf-8?b?x?=", "Press Office"),
        ("Subject: caf\xe9\nFrom: caf\xe9 <a@b.example>", "café", "café"),
        ("X: y\nTo: z\nFrom: ((((", "", ""),
        (f"Subject: {'=?utf-8?q?a?= ' * 20_000}\nFrom: {'(' * 100_000}", "a" * 292 + "=?utf-8?", ""),
    ],
)
def test_headers(header: str, title: str, source: str) -> None:
    begun = time.monotonic()
    draft = one(f"{header}\n\nText.\n".encode("latin-1"))
    assert (draft.title.replace(" ", ""), draft.source) == (title.replace(" ", ""), source)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("date", "published", "warnings"),
    [("Date: Mon, 17 Mar 2025 23:59:00 -1100", "2025-03-17", 0), ("Date: 1 Mar 2025 00:00 +0900 (Japanese Standard Time, or so it is said there)", "2025-03-01", 0),
     ("Date: soon", None, 1), ("X: y", None, 0)],
)  # fmt: skip
def test_dates_are_those_of_their_own_zones(date: str, published: str | None, warnings: int) -> None:
    draft = one(f"Subject: a\n{date}\n\nText.\n")
    assert (draft.published, len(draft.warnings)) == (published, warnings)


WRAPPED = """
The harbour bridge will open on Saturday after eleven years of work.
The toll for cars is to be four crowns, and people on foot and on
Bicycles pay nothing. Mayor Falk said that the town had waited long
enough for this.
The port authority bears the cost.

What you need:
- a ticket
- a bag that fits under the seat, because no more room will be found
  for larger ones
"""


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (WRAPPED, "The harbour bridge will open on Saturday after eleven years of work. The toll for cars is to be four crowns, and people on foot and on "
                  "Bicycles pay nothing. Mayor Falk said that the town had waited long enough for this.\n\nThe port authority bears the cost.\n\n"
                  "What you need:\n\n- a ticket\n\n- a bag that fits under the seat, because no more room will be found for larger ones"),
        ("Press Office\nHarbour Street 4\n01632 960001\n", "Press Office\n\nHarbour Street 4\n\n01632 960001"),
        (f"{'One long line that nobody has folded. ' * 5}\nAnother.\n", f"{'One long line that nobody has folded. ' * 5}".strip() + "\n\nAnother."),
        ("One.\n\nOn Fri, 7 Mar 2025 at 10:12, Jonas Berg <jonas@courier.example>\nwrote:\n\n> When?\n>> Who knows?\n\nTwo.\n", "One.\n\nTwo."),
        ("One.\nJonas Berg wrote:\n> When?\nTwo.\n", "One.\n\nTwo."),
        ("Am 7. März 2025 um 10:12 schrieb Jonas Berg:\n> Wann?\n\nAm Montag.\n", "Am Montag."),
        ("He wrote:\n\nOne.\n\n> a\n", "He wrote:\n\nOne."),
        ("One.\n-- \nInes Falk\n01632 960001\n", "One."),
        ("One.\n--\nInes\n", "One."),
        (f"One.\n\n--\n\n{'Two.' + chr(10) * 2}" * 9, "\n\n".join(["One.", "--", "Two."] * 8 + ["One."])),
        ("One.\n---\nTwo.\n", "One.\n\n---\n\nTwo."),
        ("See below.\n\n-----Original Message-----\nFrom: Jonas\nSent: Monday\n\nOld.\n", "See below."),
        ("See below.\n\n________________________________\nFrom: Jonas\nSent: Monday\n\nOld.\n", "See below."),
        ("FYI\n\n---------- Forwarded message ---------\nFrom: Jonas\nDate: Mon\n\nThe toll: four crowns.\n", "FYI\n\nThe toll: four crowns."),
        ("Begin forwarded message:\n\nFrom: Jonas\nDate: Mon\n\nThe toll.\n", "The toll."),
    ],
)  # fmt: skip
def test_plain_text(body: str, text: str) -> None:
    assert one(f"{HEAD}\n{body}").text == text


@pytest.mark.parametrize(
    ("body", "more", "text"),
    [
        ("The ferry sank \non Monday. \nNobody was hurt.\n\n Second \none.\n", "", "The ferry sank on Monday. Nobody was hurt.\n\nSecond one."),
        ("Fer \nry.\n", "; delsp=yes", "Ferry."),
        ("One \n> quoted \n> more\ntwo.\n-- \nInes\n", "", "One\n\ntwo."),
    ],
)  # fmt: skip
def test_flowed_text(body: str, more: str, text: str) -> None:
    assert one(f"{HEAD}Content-Type: text/plain; format=flowed{more}\n\n{body}").text == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<style>p{}</style><p>One<br>two.</p><p>Three &amp; four.</p>", "One two.\n\nThree & four."),
        ('<table role="presentation"><tr><td><h1>News</h1></td></tr><tr><td><table><tr><td><p>One.</p><img></td><td><p>Two.</p></td></tr></table></td></tr></table>', "News\n\nOne.\n\nTwo."),
        (f"<table><tr><td><p>{'One. ' * 30}</p></td><td><p>Two.</p></td></tr></table>", f"{'One. ' * 30}".strip() + "\n\nTwo."),
        ("<table><tr><td>One.</td></tr><tr><td>Two.</td></tr></table>", "One.\n\nTwo."),
        ("<table><tr><th>Town</th><th>Votes</th></tr><tr><td><p>Holt</p></td><td><p>12</p></td></tr></table>", "Town | Votes\n\nHolt | 12"),
        ('<div style="display:none">Preview</div><p>One.</p><div class="gmail_signature">Ines</div><div class="gmail_quote"><p>Old.</p></div>', "One."),
        ('<p>One.</p><div class="moz-cite-prefix">On Monday X wrote:</div><blockquote type="cite"><p>Old.</p></blockquote><p>Two.</p>', "One.\n\nTwo."),
        ('<p>One.</p><div id="divRplyFwdMsg"><b>From:</b> Jonas</div>old<div>Old.</div>old', "One."),
        ("<p>He said:</p><blockquote><p>One.</p></blockquote>", "He said:\n\nOne."),
    ],
)  # fmt: skip
def test_html(page: str, text: str) -> None:
    assert one(f"{HEAD}Content-Type: text/html\n\n<html><body>{page}</body></html>\n").text == text


def test_what_is_forwarded_is_what_the_message_says() -> None:
    quote = '<p>FYI</p><div class="gmail_quote"><p>Old.</p></div>'
    assert one(f"{HEAD.replace('Toll', 'Fwd: Toll')}Content-Type: text/html\n\n{quote}").text == "FYI\n\nOld."
    body = "FYI\n\n-----Original Message-----\nFrom: Jonas\nSent: Monday\n\nOld.\n"
    assert one(f"{HEAD.replace('Toll', 'FW: Toll')}\n{body}").text == "FYI\n\nOld."


def test_the_part_that_says_most_is_read() -> None:
    made = message("This message is in HTML.\n")
    page = EmailMessage()
    page.set_content(f"<html><body><p>{'The mill burned down. ' * 20}</p></body></html>", subtype="html")
    page.add_related(b"GIF", maintype="image", subtype="gif", cid="<a>", filename="logo.gif")
    made.make_alternative()
    made.attach(page)
    draft = one(bytes(made))
    assert (draft.text, draft.warnings) == (("The mill burned down. " * 20).strip(), ())
    two = message("One.\n")
    two.make_mixed()
    two.attach(message("Two.\n"))
    assert one(bytes(two)).text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "m.eml: no message: it has no header"),
        ("Only text\nwithout a header.\n", "m.eml: no message: it has no header"),
        (HEAD, "m.eml: a message without a text of its own"),
        (f"{HEAD}\n> all of it\n> quoted\n", "m.eml: a message without a text of its own"),
        (f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\nOne.\n", "m.eml: a message without a text of its own"),
    ],
)
def test_what_is_no_message_is_refused_in_a_line(data: str, message: str) -> None:
    with pytest.raises(ReadError) as error:
        one(data)
    assert str(error.value) == message


def test_a_mailbox_written_by_the_mailbox_module_is_read_message_by_message(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    for number in range(1, 4):
        made = message(f"Story {number}.\n\nFrom the harbour it is seen.\n>From here too.\n", f"Mill {number}")
        made.add_attachment(b"x" * 500, maintype="image", subtype="png", filename=f"{number}.png")
        box.add(made)
    box.add(message("> quoted\n", "Nothing"))
    box.close()
    walk = Walk()
    [file] = files([tmp_path / "a.mbox"], walk)
    text = "Story {}.\n\nFrom the harbour it is seen.\n\nFrom here too."
    assert [(article.id, article.title, article.text) for article in file.articles(walk)] == [
        (f"a.mbox#{n}", f"Mill {n}", text.format(n)) for n in (1, 2, 3)
    ]
    assert [str(problem) for problem in walk.problems] == [f"{tmp_path}/a.mbox#4: a message without a text of its own"]
    assert len(walk.warnings) == 3


FROM = "From ines@harbour.example Fri Mar  7 10:00:00 2025\n"


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (f"{FROM}Subject: a\n\nOne.\n\n{FROM}Subject: b\n\nTwo.\n", ["One.", "Two."]),
        (f"\n\n{FROM}Subject: a\n\nOne.\n\n\n\nFrom -\nSubject: b\n\nTwo.", ["One.", "Two."]),
        (f"{FROM}Subject: a\n\nOne.\nFrom here: two.\n\nFrom there we see it\nat last.\n", ["One.\n\nFrom here: two.\n\nFrom there we see it at last."]),
        (f"{FROM}Subject: a\n\nOne.\n\nFrom now", ["One.\n\nFrom now"]),
        (f"{FROM}Subject: a\n\n>From here.\n\n>>From there.\n", ["From here."]),
        (f"{FROM}Subject: a\n\nOne.\n\n{FROM}Subject: b\n\nTwo.\n".replace("\n", "\r\n"), ["One.", "Two."]),
        (f"{FROM}Subject: a\n\n{'One. ' * 30_000}\n\n{FROM}Subject: b\n\nTwo.\n", ["One. " * 29_999 + "One.", "Two."]),
    ],
)  # fmt: skip
def test_where_a_message_begins(data: str, texts: list[str]) -> None:
    assert [draft.text for draft in mail.read_mbox(io.BytesIO(data.encode()), "b.mbox") if isinstance(draft, Draft)] == texts


@pytest.mark.parametrize("data", ["", "Subject: a\n\nOne.\n", "From\n"])
def test_what_is_no_mailbox_is_refused(data: str) -> None:
    with pytest.raises(ReadError, match=r'^b.mbox: no mailbox: no message begins with a line "From ..."$'):
        list(mail.read_mbox(io.BytesIO(data.encode()), "b.mbox"))


def test_one_message_of_a_mailbox_is_in_memory_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_LARGEST", 1 << 20)
    piece = f"{FROM}Subject: a\n\n{'A line of the story. ' * 3}\n\n"
    with (tmp_path / "a.mbox").open("w") as out:
        for number in range(12):
            out.write(piece + "No line without an end is kept. " * (100_000 if number == 7 else 10_000) + "\n\n")
    tracemalloc.start()
    with (tmp_path / "a.mbox").open("rb") as file:
        found = [draft if isinstance(draft, ReadError) else None for draft in mail.read_mbox(file, "a.mbox")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [str(error) for error in found if error] == ["a.mbox#8: larger than 1 MB"]
    assert len(found) == 12
    assert peak < 10 << 20


@pytest.mark.parametrize("unit", ["\n", "\n> a\n", "a\n", "a \n", ">", "(", ";", "On a wrote:\n", "> a\n\nOn a\n", "-- \n", "From:\n", f"{FROM}A: b\n\n", "\u0301", "a:\n", "<div>", "<table><tr><td>"])  # fmt: skip
@pytest.mark.parametrize("head", [f"{HEAD}\n", f"{HEAD}X: ", "Content-Type: text/plain; a=", "Content-Type: text/plain; format=flowed\n\n", "From: ", f"{HEAD}Content-Type: text/html\n\n"])  # fmt: skip
def test_no_run_takes_a_square_of_time(head: str, unit: str) -> None:
    begun = time.monotonic()
    with contextlib.suppress(ReadError):
        one(f"{head}{unit * (30_000 // len(unit))}\n\na\n")
    assert time.monotonic() - begun < 2


def test_parts_in_parts_and_many_parts() -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000))
    with pytest.raises(ReadError, match=r"^m.eml: a message that cannot be read"):
        one(f"{HEAD}{deep}\n\nDeep.\n")
    many = "--b\nContent-Type: text/plain\n\nOne.\n" * 1000
    assert one(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{many}").text == "\n\n".join(["One."] * 1000)


def test_damaged_messages_are_read_or_refused() -> None:
    made = message("The mill burned.\n\nOn Monday X wrote:\n> a\n", "Café")
    made.add_alternative("<table><tr><td><p>One.</p></td></tr></table>", subtype="html", cte="quoted-printable")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Prüfung.pdf")
    some, count, whole = random.Random(6), 0, bytes(made)
    for number in range(400):
        data = bytearray(whole[: len(whole) * number // 100] if number < 100 else whole)
        for _ in range(some.randint(1, 8) if number >= 100 else 0):
            data[some.randrange(len(data))] = some.randrange(256)
        with contextlib.suppress(ReadError):
            count += len(list(mail.read(bytes(data), "m.eml")))
    assert count > 200
