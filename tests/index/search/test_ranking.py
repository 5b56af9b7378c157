from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Build, HashEncoder

import pullquote
from pullquote.index import index as indexing
from pullquote.index.filters import Filter
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.index.search import ranking as searching

WORDS = ["bridge", "ferry", "harbour", "opens", "saturday", "crown", "mayor", "fish", "the", "old"]


def shares(documents: list[list[str]], b: float, question: list[str]) -> list[float]:
    """BM25 as in Robertson et al. 1994 with Lucene's idf, over the largest sum that the question could reach."""
    mean = sum(map(len, documents)) / len(documents)
    idf = {}
    for term in set(question):
        holding = sum(term in document for document in documents)
        idf[term] = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
    mass = sum(idf[term] * 2.5 for term in question)
    found = []
    for document in documents:
        counts = Counter(document)
        parts = (counts[t] * 2.5 / (counts[t] + 1.5 * (1 - b + b * len(document) / mean)) * idf[t] for t in question)
        found.append(sum(parts) / mass if mass else 0.0)
    return found


def by_brute_force(articles: list[pullquote.Article], index: pullquote.Index, question: str) -> list[tuple[str, float]]:
    """The formula over every passage, its numbers written out: without postings, candidates or FAISS."""
    encoder, terms = HashEncoder(), Analyzer().terms
    every = np.arange(index.snapshot.passages)
    sentences = index.snapshot.sentence(np.arange(index.snapshot.sentences))
    passages = [
        (a, [(s, e) for _, s, e in sentences[sentences[:, 0] == row]]) for row, (a, *_) in enumerate(index.snapshot.passage(every))
    ]
    articles = sorted(articles, key=lambda a: a.id)
    texts = [[articles[a].text[s:e] for s, e in spans] for a, spans in passages]
    titled = [
        terms(articles[a].title) + [t for text in ts for t in terms(text)] for (a, _), ts in zip(passages, texts, strict=True)
    ]
    of_article = [terms(a.title) for a in articles]
    for (a, _), ts in zip(passages, texts, strict=True):
        of_article[a] = of_article[a] + [t for text in ts for t in terms(text)]
    of_sentence = [terms(text) for ts in texts for text in ts]
    levels = [shares(documents, b, terms(question)) for documents, b in ((of_article, 0.75), (titled, 0.75), (of_sentence, 0.3))]
    vector = encoder.encode_question(question).astype(float)
    found, first = [], 0
    for row, ((a, spans), ts) in enumerate(zip(passages, texts, strict=True)):
        cosine = max(float(encoder.encode_question(t).astype(float) @ vector) for t in ts)
        lexical = max(levels[2][first : first + len(ts)])
        first += len(ts)
        name = f"{articles[a].id}:{spans[0][0]}-{spans[-1][1]}"
        found.append((name, levels[0][a] + levels[1][row] + 0.6 * lexical + cosine))
    return sorted(found, key=lambda f: -f[1])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=4), min_size=1, max_size=6),
    st.lists(st.sampled_from([*WORDS, "unseen"]), min_size=1, max_size=4),
)
def test_a_ranking_is_the_formula_over_every_passage(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[list[str]]], question: list[str]
) -> None:
    articles = [
        pullquote.Article(
            id=f"a{n}", title=sentences[0][0], text="\n\n".join(f"{' '.join(s)} {n}{i}." for i, s in enumerate(sentences))
        )
        for n, sentences in enumerate(texts)
    ]
    folder = tmp_path_factory.mktemp("any") / "index.pq"
    pullquote.add(folder, articles, HashEncoder())
    with pullquote.Index.open(folder, HashEncoder()) as index:
        hits = index.search(" ".join(question), k=100)
        expected = by_brute_force(articles, index, " ".join(question))
        assert {h.passage_id: h.score for h in hits} == pytest.approx(dict(expected))
        assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_the_shares_of_a_hit_add_up_and_so_do_their_terms(build: Build) -> None:
    for hit in build().search("When did the harbour bridge open?"):
        assert sum(leg.share for leg in hit.explain.values()) == pytest.approx(hit.score)
        for name, leg in hit.explain.items():
            assert leg.share == leg.weight * leg.value
            if name != "dense":
                assert sum(leg.terms.values()) == pytest.approx(leg.share)


def test_a_hit_is_a_stretch_of_its_article(build: Build) -> None:
    index = build()
    for hit in index.search("harbour bridge ferry"):
        assert index.article(hit.article_id).text[hit.start : hit.end] == hit.text
        assert hit.passage_id == f"{hit.article_id}:{hit.start}-{hit.end}"


def test_a_lexical_score_of_0_is_no_hit_of_that_leg(build: Build) -> None:
    hits = build().search("zeppelin")
    assert hits
    assert all(hit.explain[leg].rank is None for hit in hits for leg in ("article", "passage", "sentence"))
    assert all(hit.explain["dense"].rank is not None for hit in hits)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, {"bridge.md", "ferry.txt", "fish.txt"}),
        ({"source": "harbour post"}, {"bridge.md", "fish.txt"}),
        ({"since": "2021-05-02"}, {"ferry.txt"}),
        ({"until": "2021-05-01"}, {"bridge.md", "ferry.txt"}),
        ({"since": "2021", "until": "2021"}, {"bridge.md", "ferry.txt"}),
        ({"since": "2022"}, set()),
        ({"articles": ["fish.txt", "unknown"]}, {"fish.txt"}),
        ({"source": "Nobody"}, set()),
    ],
)
def test_filters(build: Build, where: dict[str, str], found: set[str]) -> None:
    hits = build().search("harbour bridge ferry herring", where=Filter.of(**where))
    assert {hit.article_id for hit in hits} == found


def test_a_filter_loses_no_hit_in_any_leg(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [pullquote.Article(id=f"x{n:03}", text=f"Harbour bridge opened. Number {n}.") for n in range(60)]
    wanted = pullquote.Article(id="zz", text="The harbour was quiet. Nobody came.")
    for limit in ("ARTICLES", "PASSAGES", "SENTENCES"):
        monkeypatch.setattr(searching, limit, 5)
    index = build([*many, wanted])
    assert "zz" not in {hit.article_id for hit in index.search("harbour bridge opened")}
    [hit] = index.search("harbour bridge opened", where=Filter.of(articles=["zz"]))
    assert [hit.explain[leg].rank for leg in ("article", "passage", "sentence", "dense")] == [1, 1, 1, 1]


def test_articles_without_a_date_are_counted_where_dates_are_asked_for(build: Build) -> None:
    index = build()
    assert index.undated(Filter.of(since="2021")) == 1
    assert index.undated(Filter.of(since="2021", source="Island Voice")) == 0
    assert index.undated(Filter.of(source="Harbour Post")) == 0


@pytest.mark.parametrize(("since", "until"), [("soon", None), ("", None), (None, "03/04/2004"), ("2022", "2021")])
def test_bad_dates_are_refused(since: str | None, until: str | None) -> None:
    with pytest.raises(pullquote.InputError, match=r"where\.(since|until)"):
        Filter.of(since=since, until=until)


@pytest.mark.parametrize("question", ["", "  \n", "???", "x" * 100_000])
def test_questions_that_cannot_be_asked(build: Build, question: str) -> None:
    with pytest.raises(pullquote.QuestionError):
        build().search(question)


def test_many_questions_are_answered_as_one_by_one(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_TOGETHER", 2)
    index, questions = build(), ["harbour bridge", "ferry trip", "herring", "who disagrees", "captain"]
    assert index.search_many(questions, 2) == [index.search(question, 2) for question in questions]
    assert index.search_many([]) == []
    with pytest.raises(pullquote.QuestionError):
        index.search_many(["herring", "?"])


def test_operators_and_quotation_marks_are_plain_text(build: Build) -> None:
    assert build().search('title:"bridge" AND (NOT harbour) -x * ~ "')[0].article_id == "bridge.md"


def test_the_question_may_hold_what_no_text_holds(build: Build) -> None:
    assert build().search("bridge \x00 \ud800 \U0001f600")[0].article_id == "bridge.md"


def test_marked_lines_are_not_found(build: Build) -> None:
    hits = build().search("How the bridge was built")
    assert not any("READ MORE" in hit.text for hit in hits)


def test_vectors_are_searched_exactly(build: Build, encoder: HashEncoder) -> None:
    index = build()
    question = encoder.encode_question("herring in winter")
    every = np.arange(index.snapshot.sentences)
    cosines = index.snapshot.cosines(question, every)
    rows, ranks = index.snapshot.nearest(question, len(every))
    assert rows.tolist() == np.argsort(-cosines, kind="stable").tolist()
    assert ranks.tolist() == list(range(1, len(every) + 1))
    assert cosines == pytest.approx(index.snapshot.vectors(every) @ question, abs=1e-6)


@pytest.mark.parametrize("n", [1, 3, 40])
def test_sentences_that_are_equally_near_are_taken_in_the_order_of_their_articles(
    build: Build, encoder: HashEncoder, n: int
) -> None:
    index = build([pullquote.Article(id=f"a{i:03}", text="The lamp is lit.") for i in range(200)])
    rows, ranks = index.snapshot.nearest(encoder.encode_question("lamp"), n)
    assert (rows.tolist(), set(ranks.tolist())) == (list(range(n)), {1})
