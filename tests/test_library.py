"""The library as a notebook uses it: mistakes are said, nouns show themselves, a folder does where an index does."""

from __future__ import annotations

import datetime
import doctest
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ARTICLES, Build, HashEncoder

import pullquote
from pullquote.index.encoders.protocol import Encoder

FERRY = pullquote.Article(id="ferry-1", title="Last trip", source="Post", published="2021-05-07", text="The ferry stopped in 2021.")
BRIDGE = pullquote.Article(id="bridge", text="The bridge <b>opened</b> in May. " * 20)


@pytest.fixture
def index(build: Build) -> pullquote.Index:
    return build([FERRY, BRIDGE])


anyhow: Any = pullquote  # without its types
MISTAKES: dict[str, tuple[Callable[[Any], object], str]] = {
    "ask of no text": (lambda i: anyhow.ask(i, 7), "the question is 7 (int): it must be a text"),
    "ask many of one text": (lambda i: anyhow.ask_many(i, "When?"), "questions is 'When?' (str): it must be a list of texts"),
    "ask many of no text": (lambda i: anyhow.ask_many(i, ["When?", None]), "questions[1] is None (NoneType): it must be a text"),
    "search of no text": (lambda i: i.search(None), "the question is None (NoneType): it must be a text"),
    "search many of one text": (lambda i: i.search_many("ferry"), "questions is 'ferry' (str): it must be a list of texts"),
    "k of 0": (lambda i: i.search("ferry", 0), "k is 0: at least 1 passage must be asked for"),
    "k of text": (lambda i: i.search("ferry", "3"), "k is '3' (str): it must be a whole number"),
    "n of a fraction": (lambda i: anyhow.ask(i, "When?", n=1.5), "n is 1.5 (float): it must be a whole number"),
    "n of 0": (lambda i: anyhow.ask(i, "When?", n=0), "n is 0: at least 1 quote must be asked for"),
    "where of a dict": (lambda i: anyhow.ask(i, "When was it?", where={"since": "2022"}), "where is {'since': '2022'} (dict): it must be a Filter"),
    "verify of a list": (lambda i: anyhow.verify(i, ["a"]), "the quote is ['a'] (list): it must be a text"),
    "by of a number": (lambda i: anyhow.verify(i, "The ferry", by=3), "by is 3 (int): it must be a text"),
    "find of a number": (lambda i: anyhow.find(i, 3), "the words is 3 (int): it must be a text"),
    "timeline of a number": (lambda i: anyhow.timeline(i, 3), "the question is 3 (int): it must be a text"),
    "an index of a number": (lambda i: anyhow.ask(3, "When?"), "index is 3 (int): it must be an Index or the folder of one"),
    "an unknown article": (lambda i: i.article("nope"), "no article 'nope' in the index"),
    "remove one id": (lambda i: anyhow.remove(i, "ferry-1"), "ids is 'ferry-1' (str): it must be a list of names"),
    "remove a number": (lambda i: anyhow.remove(i, [1]), "ids[0] is 1 (int): a name is a text"),
    "add a dict": (lambda i: anyhow.add(i.folder, [{"id": "a"}], HashEncoder()), "is no Article: pullquote.Article(**record)"),
    "add a text": (lambda i: anyhow.add(i.folder, "text", HashEncoder()), "'t' (str) is no Article"),
    "add to a number": (lambda i: anyhow.add(7, [FERRY]), "folder is 7 (int): it must be the folder of an index, or an Index"),
    "since of no date": (lambda i: anyhow.Filter(since="yesterday"), "where.since: 'yesterday' is not a date"),
    "since of a number": (lambda i: anyhow.Filter(since=2022), "where.since is 2022 (int): it must be a date"),
    "a span of no day": (lambda i: anyhow.Filter(since="2022", until="2021"), "where.since 2022 is after where.until 2021"),
    "one article": (lambda i: anyhow.Filter(articles="ferry-1"), "where.articles is 'ferry-1' (str): it must be a list of names"),
    "a source of a list": (lambda i: anyhow.Filter(source=[7]), "where.source[0] is 7 (int): a name is a text"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said(index: pullquote.Index, name: str) -> None:
    call, message = MISTAKES[name]
    with pytest.raises(pullquote.PullquoteError) as raised:
        call(index)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(index) == 2


def test_an_unknown_article_is_a_key_error_too(index: pullquote.Index) -> None:
    with pytest.raises(KeyError):
        index.article("nope")


def test_a_filter_is_the_same_however_it_is_made() -> None:
    made = pullquote.Filter(since="2022", until=datetime.date(2023, 5, 1), articles=["a"], as_of="2024")  # type: ignore[arg-type]
    assert made == pullquote.Filter.of(since=datetime.date(2022, 1, 1), until="2023-05-01", articles=("a",), as_of="2024-12-31")
    assert (made.since, made.until, made.articles, made.as_of) == ("2022-01-01", "2023-05-01", frozenset("a"), "2024-12-31")


def test_a_folder_does_where_an_index_does(index: pullquote.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    from pullquote.index.encoders import registry

    monkeypatch.setattr(registry, "load_made_by", lambda *_, **__: HashEncoder())
    folder = index.folder
    for place in (folder, str(folder)):
        assert pullquote.ask(place, "When did the ferry stop?") == pullquote.ask(index, "When did the ferry stop?")
        assert pullquote.ask_many(place, ["When did the ferry stop?"])[0].quotes
        assert pullquote.verify(place, "The ferry stopped in 2021.").status == "exact"
        assert len(pullquote.find(place, "ferry")) == 1
        assert pullquote.timeline(place, "When did the ferry stop?").question == "When did the ferry stop?"
    assert pullquote.remove(index, ["bridge"], HashEncoder()).removed == 1
    assert pullquote.add(index, [BRIDGE], HashEncoder()).added == 1


def test_an_index_is_a_collection(index: pullquote.Index) -> None:
    assert (len(index), "ferry-1" in index, "nope" in index, [a.id for a in index]) == (2, True, False, ["bridge", "ferry-1"])
    assert repr(index) == f"<Index {str(index.folder)!r}: 2 articles, generation 1>"


def test_nouns_fit_a_line(index: pullquote.Index) -> None:
    answer = pullquote.ask(index, "When did the bridge open, and why did it take so long to be built by the town's own men?")
    nouns = [answer, *answer.quotes, *answer.nearest, *index.search("bridge"), BRIDGE, FERRY]
    nouns += [pullquote.verify(index, "The ferry stopped in 2021."), pullquote.timeline(index, "When did the ferry stop?")]
    for noun in nouns:
        assert "\n" not in repr(noun)
        assert len(repr(noun)) <= 160, repr(noun)
    assert repr(FERRY) == "<Article 'ferry-1': Post, 2021-05-07, 26 characters>"


def test_an_answer_is_true_where_there_is_one(index: pullquote.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = pullquote.ask(index, "When did the ferry stop?")
    assert bool(answer) == (answer.status == "answered")
    assert not pullquote.ask(index, "When did the ferry stop?", where=pullquote.Filter(source="nobody"))


def test_to_dict_and_rows(index: pullquote.Index) -> None:
    answer = pullquote.ask(index, "When did the ferry stop?", n=1)
    assert answer.to_dict() == json.loads(json.dumps(answer.to_dict())) or json.dumps(answer.to_dict())
    assert json.loads(pullquote.render(answer, "json")) == json.loads(json.dumps(answer.to_dict()))
    for row in (*answer.rows(), *(hit.row() for hit in index.search("ferry"))):
        assert all(isinstance(value, (str, int, float, bool, type(None))) for value in row.values()), row
    assert {"question", "text", "article_id", "short", "confidence"} <= answer.rows()[0].keys() or not answer
    assert pullquote.timeline(index, "When did the ferry stop?").to_dict()["schema"] == "pullquote.timeline/1"


def test_html_for_notebooks_is_escaped(index: pullquote.Index) -> None:
    answer = pullquote.ask(index, "When did the <b>bridge</b> open?", n=1)
    pieces = [answer._repr_html_(), *(quote._repr_html_() for quote in answer.nearest), index.search("bridge")[0]._repr_html_()]
    pieces.append(pullquote.timeline(index, "When did the <b>ferry</b> stop?")._repr_html_())
    assert all("<b>opened" not in piece and "<b>bridge" not in piece and "<b>ferry" not in piece for piece in pieces)
    assert any("&lt;b&gt;opened" in piece for piece in pieces)


def test_the_folder_may_be_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(pullquote.IndexUnusable):
        pullquote.ask(tmp_path / "nowhere", "When?")


def test_threads_share_one_index(build: Build) -> None:
    index = build([pullquote.Article(id=f"a{n}", text=f"Crane {n} stands at quay {n}. It is red.") for n in range(40)])
    questions = [f"Where does crane {n} stand?" for n in range(40)]
    expected = [(pullquote.ask(index, q).to_dict(), index.search(q, 3), index.article(f"a{n}")) for n, q in enumerate(questions)]
    with ThreadPoolExecutor(8) as threads:
        found = list(
            threads.map(
                lambda n: (pullquote.ask(index, questions[n]).to_dict(), index.search(questions[n], 3), index.article(f"a{n}")),
                range(40),
            )
        )
    assert found == expected


@pytest.mark.parametrize("name", ["qa.ask", "qa.find", "qa.verify.verify", "index.filters"])
def test_the_examples_of_docstrings_are_true(real_encoder: Encoder, tmp_path: Path, name: str) -> None:
    """Each sees `index`, of the articles that the tests share."""
    pullquote.add(tmp_path / "index.pq", ARTICLES, real_encoder)
    with pullquote.Index.open(tmp_path / "index.pq", real_encoder) as index:
        module = import_module(f"pullquote.{name}")
        done = doctest.testmod(
            module, extraglobs={"index": index, "pullquote": pullquote}, optionflags=doctest.NORMALIZE_WHITESPACE
        )
    assert (done.failed, done.attempted > 0) == (0, True)
