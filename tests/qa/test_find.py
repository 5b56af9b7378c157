"""Every mention of some words: all of them, counted, each once."""

from __future__ import annotations

import json
import random

import pytest
from tests.conftest import Build, Cli

import pullquote
from pullquote import Article, Filter, find

ARTICLES = [
    Article("a", "The envoys signed a joint declaration in Brenn. Nobody spoke of trade.", source="Post", published="2021-05-01"),
    Article("b", "A declaration was signed, jointly, in Brenn. The Who played on.", source="Herald", published="2020-05-01"),
    Article("c", "President Erdoğan read the “joint declaration” aloud; trade was not in it.", source="Post"),
]
STORY = (
    "The harbour of Brenn was closed for nine days by ice, the pilots said, and forty ships waited outside it for the thaw. " * 3
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("declaration", ["b", "a", "c"]),  # oldest first, those without a date last
        ("declarations signing", ["b", "a"]),
        ('"joint declaration"', ["a", "c"]),
        ('"JOINT   declaration"', ["a", "c"]),
        ('declaration -"joint declaration"', ["b"]),
        ("declaration -trade", ["b", "a"]),
        ("Erdogan", ["c"]),
        ("Erdoğan", ["c"]),
        ('"The Who"', ["b"]),
        ('"was not in it"', ["c"]),
        ('"joint declaration" -aloud', ["a"]),
        ("ferry", []),
    ],
)
def test_which_sentences_are_found(build: Build, words: str, found: list[str]) -> None:
    index = build(ARTICLES)
    mentions = find(index, words)
    assert [one.article_id for one in mentions] == found
    for one in mentions:
        assert index.article(one.article_id).text[one.start : one.end] == one.text


def test_filters_hold(build: Build) -> None:
    index = build(ARTICLES)
    assert [one.article_id for one in find(index, "declaration", Filter.of(source="post"))] == ["a", "c"]
    assert [one.article_id for one in find(index, "declaration", Filter.of(since="2021"))] == ["a"]


@pytest.mark.parametrize("words", ["", "-trade", '""', "?!"])
def test_something_must_be_there(build: Build, words: str) -> None:
    with pytest.raises(pullquote.QuestionError, match="nothing to find"):
        find(build(ARTICLES), words)


def test_what_articles_of_one_story_say_alike_is_given_once(build: Build) -> None:
    index = build([Article(f"copy{n}", f"{STORY} Ending {n}.", source=f"Outlet {n}", published=f"202{n}") for n in range(3)])
    [one] = find(index, '"forty ships waited"')[:1]
    assert (one.article_id, one.also) == ("copy0", ("copy1", "copy2"))


def test_none_of_many_is_missed(build: Build) -> None:
    draw = random.Random(5)
    planted = {f"a{n:03}": draw.randint(0, 3) for n in range(200)}
    plain = "The pilots waited for the thaw."
    articles = [
        Article(i, " ".join([plain, *(f"The zeppelin number {k} of {i} landed." for k in range(n)), plain]))
        for i, n in planted.items()
    ]
    found = find(build(articles), "zeppelins")
    assert {i: sum(one.article_id == i for one in found) for i in planted} == planted


def test_the_command_lists_counts_and_prints_records(cli: Cli, build: Build) -> None:
    index = build(ARTICLES)
    ran = cli("find", "declaration", "--index", index.folder, "-n", "1")
    assert ran.out.splitlines() == ["A declaration was signed, jointly, in Brenn.", "  2020-05-01 · Herald · b:0-44, line 1"]
    assert ran.err == "3 sentences in 3 articles, the first 1 shown (--all shows all)\n"
    record = json.loads(cli("find", "declaration", "--index", index.folder, "--json").out)
    assert (record["sentences"], record["articles"], len(record["found"])) == (3, 3, 3)
    rows = cli("find", "declaration", "--index", index.folder, "--csv").out.splitlines()
    assert [row.split(",")[0] for row in rows[:1]] == ["text"]
    assert len(rows) == 4
    assert cli("find", "ferry", "--index", index.folder).code == 1
    assert cli("find", "-x", "--index", index.folder).code == 2
