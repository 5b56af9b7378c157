"""Records as systems export them: wrapped, by columns, over several lines, with comments and commas that JSON does not have."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from pullquote.corpus.readers import records, table
from pullquote.corpus.readers.draft import Draft
from pullquote.corpus.sources import Walk, files
from pullquote.errors import ReadError

TUG = "The tug left at dawn."
BUOY = "A buoy drifted ashore."
ONE = json.dumps({"title": "Tug", "text": TUG})
TWO = json.dumps({"title": "Buoy", "text": BUOY})
BOTH = [("Tug", TUG), ("Buoy", BUOY)]


def told(data: str, *, lines: bool = False) -> list[tuple[str, str] | str]:
    """The title and text of each record, and what is wrong with the others."""
    read = records.read_lines if lines else records.read_array
    found = read(data.encode(), "a")
    return [(one.title, one.text) if isinstance(one, Draft) else str(one) for one in found]


def drafted(record: Any) -> Draft:
    [draft] = records.read_array(json.dumps(record).encode(), "a.json")
    assert isinstance(draft, Draft), draft
    return draft


@pytest.mark.parametrize(
    "whole",
    [
        {"response": {"status": "ok", "results": [{"webTitle": t, "fields": {"bodyText": said}} for t, said in BOTH]}},
        {"response": {"docs": [{"headline": {"main": t}, "lead_paragraph": said} for t, said in BOTH]}},
        {"db": [{"meta": {"v": 5}, "data": {"tags": [{"name": "x"}], "posts": [{"title": t, "html": f"<p>{s}</p>"} for t, s in BOTH]}}]},
        {"data": [{"type": "node", "id": t, "attributes": {"title": t, "body": {"value": s, "format": "x"}}} for t, s in BOTH]},
        {"hits": {"total": {"value": 2}, "hits": [{"_score": 1, "_source": {"title": t, "text": s}} for t, s in BOTH]}},
        {"title": {"0": "Tug", "1": "Buoy"}, "text": {"0": TUG, "1": BUOY}},
        {"title": ["Tug", "Buoy"], "text": [TUG, BUOY]},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["Tug", TUG], ["Buoy", BUOY]]},
        {"x1": {"title": "Tug", "text": TUG}, "x2": {"title": "Buoy", "text": BUOY}},
        {"articles": {"article": [json.loads(ONE), json.loads(TWO)]}},
        {"articles": [{"article": json.loads(ONE)}, {"article": json.loads(TWO)}]},
        {"title": "A feed", "description": "What it is.", "items": [json.loads(ONE), json.loads(TWO)]},
    ],
    ids=lambda whole: json.dumps(whole)[:40],
)  # fmt: skip
def test_records_are_found_in_what_is_around_them(whole: object) -> None:
    assert told(json.dumps(whole)) == BOTH
    assert told(json.dumps(whole), lines=True) == BOTH
    assert told(json.dumps(whole, indent=2), lines=True) == BOTH


@pytest.mark.parametrize(
    "whole",
    [
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "x", "description": TUG}}]},
        {"items": [{"n": 1}]},
        [{"n": 1}],
    ],
)
def test_what_holds_no_text_is_refused(whole: object) -> None:
    [problem] = told(json.dumps(whole))
    assert isinstance(problem, str)
    assert "#1: a record without text" in problem


@pytest.mark.parametrize(
    "record", [{"name": "tool", "version": "1", "description": TUG}, {"summary": TUG}, {"title": "T", "summary": 7}]
)
def test_a_summary_is_no_article_by_itself(record: object) -> None:
    with pytest.raises(ReadError, match="a record without text"):
        told(json.dumps(record))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (f"[{ONE}, {TWO},]", BOTH),
        (f"// two\n[{ONE}, /* and */ {TWO}]", BOTH),
        ('{"title": "a // b, ]", "text": "c /* d */ , }",}', [("a // b, ]", "c /* d */ , }")]),
    ],
)
def test_json_as_people_write_it(data: str, expected: list[tuple[str, str]]) -> None:
    assert told(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (f"// two\n{ONE}\n# more\n{TWO}\n", BOTH),
        (f"{ONE},\n{TWO},\n", BOTH),
        (f"[\n{ONE},\n{TWO}\n]\n", BOTH),
        (f"[{ONE}, {TWO}]\n", BOTH),
        (json.dumps(json.loads(ONE), indent=1) + "\n" + TWO, BOTH),
        (json.dumps([json.loads(ONE), json.loads(TWO)], indent=1), BOTH),
        (f'{ONE[:-1]}\n{TWO}\n', ["a:1: broken JSON at column 49: Expecting ',' delimiter", BOTH[1]]),
        ('{\n"text": "x",\n"title" "y"\n}\n' + TWO, ["a:3: broken JSON at column 9: Expecting ':' delimiter", BOTH[1]]),
        (f"{{\n{ONE}", ["a:1: broken JSON at column 2: Expecting property name enclosed in double quotes", BOTH[0]]),
    ],
)  # fmt: skip
def test_lines_that_hold_less_or_more_than_a_record(data: str, expected: list[object]) -> None:
    assert told(data, lines=True) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"type": "p", "text": "A."}, {"type": "image", "text": "no"}, {"type": "p", "text": "B."}], "A.\n\nB."),
        ([{"text": "A."}, {"value": "B."}, "C."], "A.\n\nB.\n\nC."),
        ([{"type": "paragraph", "children": [{"text": "A "}, {"text": "b"}, {"type": "link", "children": [{"text": "."}]}]}], "A b."),
        ({"type": "doc", "content": [{"type": "p", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": " b."}]}]}, "A b."),
        ({"blocks": [{"type": "paragraph", "data": {"text": "A <b>b</b>."}}, {"type": "paragraph", "data": {"text": "C."}}]}, "A b.\n\nC."),
        ([{"type": "section", "content": [{"type": "p", "text": "A."}, {"type": "p", "text": "B."}]}], "A.\n\nB."),
        ("One <em>two</em>.\n\nThree.", "One two.\n\nThree."),
        ("Tom &amp; Jerry &quot;met&quot;: a < b & c; &copy2.", 'Tom & Jerry "met": a < b & c; &copy2.'),
    ],
)  # fmt: skip
def test_a_text_in_blocks_or_entities(value: object, expected: str) -> None:
    assert drafted({"title": "T", "content": value}).text == expected


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tug &amp; buoy", "Tug & buoy"),
        ({"rendered": "Tug &#8211; buoy"}, "Tug – buoy"),
        ("<b>Bold</b> tug", "Bold tug"),
        ({"main": "<i>Tug</i> &amp; buoy"}, "Tug & buoy"),
        ("a < b > c & d", "a < b > c & d"),
        ("Q&A; R&D", "Q&A; R&D"),
    ],
)
def test_a_title_in_html(written: object, title: str) -> None:
    assert drafted({"title": written, "text": TUG}).title == title


def test_deep_and_hostile_values_take_no_square_of_time() -> None:
    begun = time.monotonic()
    deep: Any = TUG
    for _ in range(200):
        deep = [deep]
    for data in ('{"a":1,\n' * 5000, '"\\' * 50_000, "/*" * 50_000, ", " * 50_000, '{"x":' * 300, json.dumps({"text": deep})):
        for lines in (False, True):
            try:
                told(data, lines=lines)
            except ReadError:
                continue
    assert time.monotonic() - begun < 10


def test_a_letter_that_could_not_be_read_is_said_of_every_field(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "T\\ud83d", "text": "T.", "source": "\\ud83dP\\ud83d"}')
    walk = Walk()
    [file] = files([tmp_path], walk)
    assert [(a.title, a.source) for a in file.articles(walk)] == [("T\ufffd", "\ufffdP\ufffd")]
    assert [str(w).partition(": ")[2] for w in walk.warnings] == [
        "1 character in its title could not be read",
        "2 characters in its source could not be read",
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (f"post_title,post_content,post_date\nMill,{TUG},2024-03-05 10:00:00\n", ("Mill", TUG, "2024-03-05")),
        (f"hed;story_text;first_published_at\nMill;{TUG};2024-03-05\n", ("Mill", TUG, "2024-03-05")),
        (f"title,summary,date_gmt\nMill &amp; ferry,{TUG},2024-03-05\n", ("Mill & ferry", TUG, "2024-03-05")),
        (f"title,text,summary\nMill,{TUG},Less.\n", ("Mill", TUG, None)),
    ],
)
def test_columns_by_the_names_of_other_systems(data: str, expected: tuple[str, str, str | None]) -> None:
    [draft] = table.read(data.encode(), "t.csv")
    assert isinstance(draft, Draft)
    assert (draft.title, draft.text, draft.published) == expected
