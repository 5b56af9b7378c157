from __future__ import annotations

import codecs
import unicodedata

import pytest

from pullquote.corpus.decode import decode, tidy


@pytest.mark.parametrize(
    "data",
    [
        "Café – “så”".encode(),
        codecs.BOM_UTF8 + "Café – “så”".encode(),
        codecs.BOM_UTF16_LE + "Café – “så”".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Café – “så”".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "Café – “så”".encode("utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_recognised_and_is_no_part_of_the_text(data: bytes) -> None:
    assert decode(data) == "Café – “så”"


def test_another_encoding_is_recognised_by_its_bytes() -> None:
    text = "Der Bürgermeister sagte, die Brücke über den Fluß sei schöner als früher, und größer. " * 3
    assert decode(text.encode("cp1252")) == text


def test_a_few_western_characters_are_taken_for_what_they_mostly_are() -> None:
    assert decode("Le café Zoé a été fermé à Noël.".encode("latin-1")) == "Le café Zoé a été fermé à Noël."


def test_a_declared_charset_that_would_pass_for_utf_8_counts() -> None:
    page = '<html><head><meta charset="iso-2022-jp"></head><body>日本</body></html>'
    assert decode(page.encode("iso-2022-jp"), declared=True) == page


def test_the_charset_that_a_page_declares_counts() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body>Łódź</body></html>'
    assert decode(page.encode("iso-8859-2"), declared=True) == page


def test_line_ends_become_lf_and_accents_one_character() -> None:
    assert tidy("a\r\nb\rc e\u0301") == "a\nb\nc é"


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert tidy("x\ud800y") == "x\ufffdy"


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(128, 256)) + bytes(range(1, 9)) * 40])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="binary"):
        decode(data)


def test_broken_utf_16_is_refused() -> None:
    with pytest.raises(ValueError, match="broken utf-16"):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00"[:3])


def test_a_run_of_marks_without_end_is_broken_and_does_not_take_its_square_in_time() -> None:
    text = tidy("a" + "\u0301\u0323" * 50_000)  # which unbroken would take minutes to bring into order
    assert text.count("\u034f") == (100_000 - 1) // 30
    assert tidy(text) == text
    assert tidy("e\u0301" + "\u0323" * 20) == unicodedata.normalize("NFC", "e\u0301" + "\u0323" * 20)
    assert tidy("…" * 100) == "…" * 100


@pytest.mark.parametrize(
    "text",
    ["It costs €5.", "£20 each", "The ‘café’ won.", "€5 – really", "Müller", "Straße", "naïve", "São Paulo", "a 5° angle, ½ of it"],
)
def test_a_few_characters_of_the_west_are_taken_for_that(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("text", "name"), [("Кто выиграл гонку?", "cp1251"), ("Στην Αθήνα", "cp1253"), ("Příliš žluťoučký", "cp1250")]
)
def test_what_is_not_of_the_west_is_not_taken_for_that(text: str, name: str) -> None:
    assert decode(text.encode(name)) == text
