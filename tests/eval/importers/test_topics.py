from __future__ import annotations

from pathlib import Path

import pytest

import pullquote
from pullquote.eval.importers.gather import articles, gather, importer
from pullquote.eval.questions import Gold, Question

TOPICS = {
    "closed tags": "<top>\n<num>031</num>\n<title>who lifts\n the crane</title>\n<desc>Long.</desc>\n</top>",
    "open tags": "<top>\n\n<num> Number: 031\n<dom> Domain: Ports\n<title> Topic:  who lifts\n the crane\n\n<desc> Description:\nLong.\n</top>",
    "no title": "<top><num>031<desc> Description: who lifts the crane</top>",
    "XML": '<topics><topic number="031"> who lifts\n the crane </topic></topics>',
    "XML with fields": '<topics><topic id="031"><query>who lifts the crane</query><narrative>Long.</narrative></topic></topics>',
    "a tab": "031\twho lifts the crane\n",
    "a colon": "031:who lifts the crane\n",
    "spaces": "  031  who lifts the crane \r\n\r\n",
}


@pytest.mark.parametrize("name", TOPICS)
@pytest.mark.parametrize("judged", ["031", "31", "0031"])
def test_topics_in_every_form(tmp_path: Path, name: str, judged: str) -> None:
    (tmp_path / "topics").write_text(TOPICS[name])
    (tmp_path / "qrels").write_text(f"{judged}\t0\td1\t1\n {judged}  Q0 d2   0.5 \n{judged} 0 d3 -2\n{judged} 0 d1 1\n")
    found = importer(tmp_path / "topics", qrels=tmp_path / "qrels")
    assert gather(found) == [Question("031", "who lifts the crane", "", (Gold("d1"), Gold("d2", grade=0.5)), rejected=("d3",))]
    why = [why for _, why in found.account.found]
    assert why == [
        "a judgement that is there twice, alike",
        *["a topic judged under a number with other zeros"] * (judged != "031"),
    ]


def test_topics_that_are_left_out_are_named(tmp_path: Path) -> None:
    (tmp_path / "topics").write_text("1\tjudged\n2\tunjudged\n3\tnothing relevant\n1\tonce more\n")
    (tmp_path / "qrels").write_text("1 0 d1 1\n1 0 d1 3\n3 0 d1 0\n4 0 d1 1\n5 0 d1 0\n")
    found = importer(tmp_path / "topics", qrels=tmp_path / "qrels")
    assert [q.id for q in gather(found)] == ["1"]
    assert found.account.found == {
        ("mended", "a judgement that is there twice, with another grade, of which the higher counts"): ["1 d1"],
        ("left out", "a topic that nobody judged"): ["2"],
        ("left out", "a topic for which nothing was judged relevant"): ["3"],
        ("lost", "another topic with a number that is there already"): ["1"],
        ("lost", "judgements of a topic that is not there"): ["4"],
    }


def test_ms_marco(tmp_path: Path) -> None:
    (tmp_path / "collection.tsv").write_text("7\tThe crane is red.\n8\tThe pier is long.\n")
    (tmp_path / "queries.dev.tsv").write_text("1\twhich crane\n2\twhich pier\n")
    (tmp_path / "qrels.dev.tsv").write_text("1\t0\t7\t1\n")
    found = importer(tmp_path)
    assert gather(found) == [Question("1", "which crane", "", (Gold("7"),))]
    assert [(a.id, a.text) for a in found.articles()] == [("7", "The crane is red."), ("8", "The pier is long.")]
    (tmp_path / "qrels.train.tsv").write_text("")
    with pytest.raises(pullquote.InputError, match=r"one queries\*\.tsv and one qrels\*\.tsv are needed"):
        importer(tmp_path)


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        ("<topics><topic number='1'><query>vitamin B<sub>12</sub> deficiency</query></topic></topics>", "vitamin B12 deficiency"),
        ("<top><num>1<title> class size < 20 pupils <desc> Long.</top>", "class size < 20 pupils"),
        ("<topics><topic number='1'><query><![CDATA[who < what?]]></query></topic></topics>", "who < what?"),
        ("<!-- <top><num>2<title>hidden</top> --><top><num>1<title lang='en'>seen</title></top>", "seen"),
        ("<top lang='EN'><num> Topic: 1</num><EN-title>seen</EN-title></top>", "seen"),
        ("<TOPIC><ID>1</ID><title>seen</title></TOPIC>", "seen"),
        ("<top><num>1<title>seen", "seen"),
        ("1:1:obama family tree", "obama family tree"),
        ("1\tenwiki: a colon", "enwiki: a colon"),
        ("1\tseen\n1\tseen", "seen"),
    ],
)
def test_topics_as_tracks_have_them(tmp_path: Path, topics: str, expected: str) -> None:
    (tmp_path / "topics").write_text(topics)
    (tmp_path / "qrels").write_text("1 0 d1 1\n")
    found = importer(tmp_path / "topics", qrels=tmp_path / "qrels")
    assert [(question.id, question.text) for question in gather(found)] == [("1", expected)]
    assert not found.account.is_lossy


def test_one_odd_line_of_judgements_costs_no_more_than_that(tmp_path: Path) -> None:
    (tmp_path / "topics").write_text("1\tseen\n")
    (tmp_path / "qrels").write_text("topic iteration docno grade\n1 0 d1 1\n1 0 d2 nan\n")
    found = importer(tmp_path / "topics", qrels=tmp_path / "qrels")
    assert [question.gold for question in gather(found)] == [(Gold("d1"),)]
    assert found.account.found == {
        ("lost", "a line that is not a topic, an iteration, an article and a grade"): ["qrels:1", "qrels:3"]
    }
    (tmp_path / "qrels").write_text("oops\n")
    with pytest.raises(pullquote.InputError, match="qrels:1: not a topic"):
        gather(importer(tmp_path / "topics", qrels=tmp_path / "qrels"))


def test_articles_with_one_id_are_named(tmp_path: Path) -> None:
    (tmp_path / "collection.tsv").write_text("7\tThe crane is red.\n7\tIt is blue.\nodd line\n")
    (tmp_path / "queries.tsv").write_text("1\twhich crane\n")
    (tmp_path / "qrels.tsv").write_text("1\t0\t7\t1\n")
    found = importer(tmp_path)
    assert [question.gold for question in gather(found)] == [(Gold("7"),)]
    assert [article.text for article in articles(found)] == ["The crane is red."]
    assert [why for _, why in found.account.found] == [
        "another article with an id that is taken",
        "a line of the collection that is not an id and a text",
    ]
