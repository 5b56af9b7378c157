from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import io
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pullquote.corpus.article import Article
from pullquote.corpus.readers import table
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.sources import Walk, files
from pullquote.errors import ReadError

MILL = "The mill in Marsh Lane burned down on Monday night."
FERRY = "The ferry to Holt ran aground, and nobody was hurt."


def articles(tmp_path: Path, name: str, data: str | bytes) -> tuple[list[Article], list[str], list[str]]:
    """What is read of a file, and what is said to be wrong with it, without the folder."""
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    walk = Walk()
    [file] = files([path], walk)
    found = list(file.articles(walk))
    said = [[str(one).removeprefix(f"{tmp_path}/") for one in some] for some in (walk.problems, walk.warnings)]
    return found, said[0], said[1]


def texts(data: str | bytes, names: dict[str, str] | None = None) -> list[str]:
    """The texts of a table, and what is wrong with its rows."""
    found = table.read(data if isinstance(data, bytes) else data.encode(), "t.csv", names)
    return [one.text if isinstance(one, Draft) else str(one) for one in found]


def test_a_table_written_by_the_csv_module_is_read_as_written(tmp_path: Path) -> None:
    rows = [
        [
            "7",
            "Mill burns, again",
            f'{MILL}\n\n"It was old," said Ines Falk.',
            "Post",
            "2024-03-05",
            "https://post.example/mill",
            "en",
        ],
        ["8", 'The "Holt" aground', FERRY, "Herald; weekly", "5 March 2024", "", ""],
    ]
    out = io.StringIO()
    csv.writer(out).writerows([["id", "title", "text", "source", "published", "url", "language"], *rows])
    found, problems, warnings = articles(tmp_path, "a.csv", out.getvalue())
    assert found == [
        Article("7", rows[0][2], rows[0][1], "Post", "https://post.example/mill", "2024-03-05", "en"),
        Article("8", FERRY, 'The "Holt" aground', "Herald; weekly", "", "2024-03-05", ""),
    ]
    assert not problems + warnings


@pytest.mark.parametrize("dialect", ["excel", "excel-tab", "unix"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_dialects_of_the_csv_module(dialect: str, ends: str) -> None:
    out = io.StringIO(newline="")
    said = [MILL, f"{FERRY}\n\tIndented, with a tab.", 'A "quoted" word; a | bar', "comma, semicolon; done"]
    csv.writer(out, dialect, lineterminator=ends).writerows([["Headline", "Article Text"], *[["A title", one] for one in said]])
    assert texts(out.getvalue()) == said


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("title,text\nA,One.\nB,Two.\n", ["One.", "Two."]),
        ("title,text\nA,One.\nB,Two.", ["One.", "Two."]),
        ("TITLE , Text\nA,One.\n", ["One."]),
        ('"Article ID" ; "Article Body"\n"1" ; "One; two, three."\n', ["One; two, three."]),
        ("sep=;\ntitle;text\nA;One, two.\n", ["One, two."]),
        ('"sep=|"\ntitle|body\nA|One, two; three.\n', ["One, two; three."]),
        ("title\tcontent\nA\tOne, two.\n", ["One, two."]),
        ("\n \ntitle,text\n\n,\nA,One.\n,,\n", ["One."]),
        ("text\nOne, two; three.\n\n\"Four, 'five'.\"\n", ["One, two; three.", "Four, 'five'."]),
        ("id,text\n1,One.\n2\n3,Three.\n", ["One.", "t.csv:3: a row without text", "Three."]),
        ("text,date,url\nOne.\nTwo.,2024\n", ["One.", "Two."]),
        ("id,text\n1,One.,,\n2,Two, and more.\n", ["One.", "t.csv:3: 3 cells under 2 columns: a cell that holds the separator must be quoted"]),
        ('id,text\n1,"One\n\nline."\n2,Two.\n3\n', ["One\n\nline.", "Two.", "t.csv:6: a row without text"]),
        ("text,text\n,Second.\nFirst.,Second.\n", ["Second.", "First."]),
        (",text\n0,One.\n1,Two.\n", ["One.", "Two."]),
        ("id,content_html\n1,<p>One &amp; two.</p><p>Three.</p>\n", ["One & two.\n\nThree."]),
        ("id,body\n1,<p>One <s>or</s> two.</p>\n", ["One two."]),
        ('"headline, long","wo""rds",story\nA,B,One.\n', ["One."]),
        ('title,"text\n"\nA,One.\n', ["One."]),
        ("id,text\n1,=1+1 is two.\n2,'quoted'\n", ["=1+1 is two.", "'quoted'"]),
        ("Titel;Text;Datum\nA;Der Bürgermeister, 60, kam.;5.3.2024\n", ["Der Bürgermeister, 60, kam."]),
        ("id|summary|story\n1|Short|Long | er\n", ["t.csv:2: 4 cells under 3 columns: a cell that holds the separator must be quoted"]),
    ],
)  # fmt: skip
def test_tables_as_people_write_them(data: str, expected: list[str]) -> None:
    assert texts(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # quotation marks that are none of CSV
        ('title\ttext\nA\tHe said "no".\nB\t"Never again", he said.\nC\tThe "Holt" sank.\n',
         ['He said "no".', '"Never again", he said.', 'The "Holt" sank.']),
        ('title\ttext\n"Never\tOne.\nB\tTwo.\n', ["One.", "Two."]),
        ('title;text\n"Holt" sinks;One.\nB;Two.\n', ["One.", "Two."]),
        ('title,text\n"Holt, he" said,One.\nB,Two.\n', ["One.", "Two."]),
        # one that is never closed costs its row, and no row after it
        ('id,title,text\n1,A,One.\n2,"B,Two, and,more.\n3,C,Three.\n4,D,Four.\n',
         ["One.", "t.csv:3: a broken row: a quotation mark is opened and never closed", "Three.", "Four."]),
        # the end of a file that was cut is no row
        ('title,text\nA,One.\nB,"Two begins here and\ngoes on, and on,\nand is cut',
         ["One.", "t.csv:3: a broken row: a quotation mark is opened and never closed"]),
        ('title,text\nA,"He said "no, never" to it."\nB,Two.\n',
         ["t.csv:2: a broken row: a quotation mark in a quoted cell must stand twice", "Two."]),
    ],
)  # fmt: skip
def test_broken_quotation_marks_cost_their_row_at_most(data: str, expected: list[str]) -> None:
    assert texts(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        "title,text\nCafé,“Holt” won at the café.\n".encode("cp1252"),
        codecs.BOM_UTF8 + "title,text\nCafé,“Holt” won at the café.\n".encode(),
        "title,text\nCafé,“Holt” won at the café.\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "title\ttext\r\nCafé\t“Holt” won at the café.\r\n".encode("utf-16-be"),
        "title,text\nCafe\u0301,“Holt” won at the cafe\u0301.\n".encode(),
    ],
)  # fmt: skip
def test_encodings(data: bytes) -> None:
    [draft] = table.read(data, "t.csv")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text) == ("Café", "“Holt” won at the café.")


def test_ids_and_places_are_those_of_the_rows(tmp_path: Path) -> None:
    found, problems, warnings = articles(tmp_path, "a.csv", f'id,text,date\nx,"{MILL}\n",03/04/2024\n,,\n,"{FERRY}",\n,,2024\n')
    assert [article.id for article in found] == ["x", "a.csv#2"]
    assert problems == ["a.csv:6: a row without text"]
    [warning] = warnings
    assert warning.startswith("a.csv:2: date is left out: '03/04/2024' is not")


@pytest.mark.parametrize(
    ("data", "names", "expected"),
    [
        ("who,said\nA,One.\n", {"text": "said"}, ["One."]),
        ("who,Said So\nA,One.\n", {"text": "said so"}, ["One."]),
        ("text,said\nA,One.\n", {"text": "said"}, ["One."]),
        ("who;text;said, in full\nA;B;One.\n", {"text": "said, in full"}, ["One."]),
        ("who,page\nA,<p>One.</p>\n", {"html": "page"}, ["One."]),
    ],
)
def test_a_column_can_be_named(data: str, names: dict[str, str], expected: list[str]) -> None:
    assert texts(data, names) == expected


def test_a_column_that_was_named_and_is_missing_is_said() -> None:
    with pytest.raises(ReadError, match="no column holds the text"):
        texts("id,text\n1,One.\n", {"text": "said"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "t.csv: an empty file"),
        (" \n \n", "t.csv: an empty file"),
        (",,\n;\n", "t.csv:2: no column holds the text (it has ;): name it with --map text=NAME"),
        ("id,title\n1,A\n", "t.csv:1: no column holds the text (it has id, title): name it with --map text=NAME"),
        ("sep=;\nquestion;quote\nA;B\n", "t.csv:2: no column holds the text (it has question, quote): name it with --map text=NAME"),
        (f"{MILL}\n{FERRY}\n", f"t.csv:1: no column holds the text (it has {MILL[:40]}): name it with --map text=NAME"),
        (",".join(f"c{n}" for n in range(20)), "t.csv:1: no column holds the text (it has c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, ...): name it with --map text=NAME"),
        ("id,text\n", "t.csv: a table without rows"),
        ("id,text\n\n,\n", "t.csv: a table without rows"),
        ("id,text\n\0", "t.csv: a binary file, not text"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_articles_is_refused_in_a_line(data: str, message: str) -> None:
    with pytest.raises(ReadError) as error:
        texts(data)
    assert str(error.value) == message


def test_a_cell_without_an_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    before = csv.field_size_limit()
    monkeypatch.setattr(table, "_LONGEST_CELL", before)
    row = "t.csv:2: a broken row: a cell is too long"
    assert texts(f"title,text\nA,{'x' * 2 * before}\nB,Two.\n") == [row, "Two."]
    assert texts(f'title,text\nA,"{"x " * before}"\nB,Two.\n') == [row, "Two."]


def damaged_are_read_or_refused(reader: Callable[[bytes, str], Iterable[Draft | ReadError]], whole: bytes) -> int:
    """How many drafts a reader finds in what is left of a file; nothing but a ReadError of one line may come out."""
    some, count, said = random.Random(1), 0, list[str]()
    for number in range(200):
        data = bytearray(whole[: len(whole) * number // 100] if number < 100 else whole)
        for _ in range(some.randint(1, 8) if number >= 100 else 0):
            data[some.randrange(len(data))] = some.randrange(256)
        try:
            found = list(reader(bytes(data), "t"))
        except ReadError as error:
            found = [error]
        count += sum(isinstance(one, Draft) for one in found)
        said += [str(one) for one in found if isinstance(one, ReadError)]
    assert not [one for one in said if "\n" in one]
    return count


def test_damaged_tables_are_read_or_refused() -> None:
    rows = "".join(f'{n},"T, {n}","He said ""no {n}"" and\nleft.",2024-01-0{n % 9 + 1}\n' for n in range(20))
    assert damaged_are_read_or_refused(table.read, f"id,title,text,date\n{rows}".encode()) > 500


@pytest.mark.parametrize("line", ['A,"x', '"A,x', '",",', '"', '""x,y', '","', 'a"",",', '"""', 'A,"x"y', ',"""', "\t"])
def test_no_line_takes_a_square_of_time(line: str) -> None:
    begun = time.monotonic()
    for head in ("title,text\n", 'title,text\nA,"x\n', "title\ttext\n"):
        with contextlib.suppress(ReadError):
            sum(1 for _ in table.read(f"{head}{f'{line}{chr(10)}' * 1000}".encode(), "t.csv"))
    assert time.monotonic() - begun < 5


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def test_parquet_gives_its_rows(tmp_path: Path) -> None:
    said = [MILL, "<p>The ferry.</p><p>Nobody was hurt.</p>", None]
    more = {"source": [{"name": "Post"}, None, None], "publish_date": [dt.date(2024, 3, 5), None, None], "vector": [[0.5] * 4] * 3}
    data = parquet({"id": [1, 2, 3], "title": ["Mill burns", "Holt aground", None], "text": said, **more})
    found, problems, warnings = articles(tmp_path, "a.parquet", data)
    assert found == [
        Article("1", MILL, "Mill burns", "Post", "", "2024-03-05"),
        Article("2", "The ferry.\n\nNobody was hurt.", "Holt aground"),
    ]
    assert problems == ["a.parquet#3: a row without text"]
    assert warnings == []


@pytest.mark.parametrize(
    ("columns", "names", "expected"),
    [
        ({"text": ["One.", "Two."]}, None, ["One.", "Two."]),
        ({"text": pa.array(["One.", "One."]).dictionary_encode()}, None, ["One.", "One."]),
        ({"text": pa.array([b"One.", b"\xff"], pa.binary())}, None, ["One.", "p#2: a row without text"]),
        ({"text": pa.array(["One."], pa.large_string())}, None, ["One."]),
        ({"body.words": ["One."]}, {"text": "body.words"}, ["One."]),
        ({"text": [["One.", "Two."]]}, None, ["One.\n\nTwo."]),
        ({"html": ["<p>One.</p>"], "date": pa.array([10**18 + 1], pa.timestamp("ns"))}, None, ["One."]),
        ({"text": [7]}, None, ["p#1: a record without text (it has text; name the field with --map text=NAME)"]),
    ],
)
def test_kinds_of_columns_in_parquet(columns: dict[str, Any], names: dict[str, str] | None, expected: list[str]) -> None:
    found = table.read_parquet(parquet(columns), "p", names)
    assert [one.text if isinstance(one, Draft) else str(one) for one in found] == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PAR1", "p: a broken Parquet file: "),
        (b"", "p: a broken Parquet file: "),
        (parquet({"text": ["One."]})[:-9], "p: a broken Parquet file: "),
        (parquet({"id": [1]}), "p: no column holds the text (it has id): name it with --map text=NAME"),
        (parquet({"text": pa.array([], pa.string())}), "p: a table without rows"),
    ],
)
def test_parquet_that_cannot_be_read_is_refused_in_a_line(data: bytes, message: str) -> None:
    with pytest.raises(ReadError) as error:
        list(table.read_parquet(data, "p"))
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_parquet_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_FREE", 1 << 20)
    plain = parquet({"text": ["x" * 1000 + str(n) for n in range(5000)]}, compression="zstd", use_dictionary=False)
    again = parquet({"text": pa.array(["x" * 100_000] * 500).dictionary_encode()})
    for data in (plain, again):
        with pytest.raises(ReadError, match=r"^p: unpacks to more than 200 times its size"):
            list(table.read_parquet(data, "p"))


def test_damaged_parquet_is_read_or_refused() -> None:
    whole = parquet({"id": list(range(40)), "text": [f"Story {n}. {MILL}" for n in range(40)]})
    assert damaged_are_read_or_refused(table.read_parquet, whole) > 50
