"""One text in several forms: composed and decomposed, curly and straight, LF and CR LF. All are one, whichever door they come in by."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import Build, HashEncoder

import pullquote
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.index.storage.manifest import put_meta, read_manifest
from pullquote.qa.render.escaping import web_address

ZOE = pullquote.Article(id="zoë.txt", source="Café Noir", text="Zoë O’Brien left the café in Malmö.")
OTHER = pullquote.Article(id="b", source="Post", text="The ferry sails at nine.")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("question", ["Who left Malmö?", "Where did Zoë O’Brien go?", "O'Brien", "O’Brien", "OBRIEN’S café"])
def test_a_question_finds_words_in_whatever_form_it_is_typed(build: Build, question: str) -> None:
    index = build([ZOE, OTHER])
    for form in (question, decomposed(question)):
        hits = index.search(form, lexical=True)
        assert [hit.article_id for hit in hits] == ["zoë.txt"], form
    assert index.search(question) == index.search(decomposed(question))


def test_filters_and_ids_are_read_as_articles_are(build: Build) -> None:
    index = build([ZOE, OTHER])
    where = pullquote.Filter.of(source=decomposed("café noir"), articles=[decomposed("zoë.txt")])
    assert [hit.article_id for hit in index.search("who left", where=where)] == ["zoë.txt"]
    assert index.article(decomposed("zoë.txt")) == ZOE
    assert pullquote.remove(index.folder, [decomposed("zoë.txt")]).removed == 1


def test_an_article_of_a_program_is_kept_as_readers_give_it(build: Build) -> None:
    text = decomposed("Zoë left.\r\nShe was at the café.\rAll knew.")
    index = build([pullquote.Article(id=decomposed("é"), title=decomposed("Café"), text=text), OTHER])
    article = index.article("é")
    assert (article.title, article.text) == ("Café", "Zoë left.\nShe was at the café.\nAll knew.")
    for quote in pullquote.ask(index, "Where was she?", n=9).quotes:
        assert pullquote.verify(index, quote.text).status == "exact"
    assert pullquote.add(index.folder, [pullquote.Article(id="é", title="Café", text=text)], HashEncoder()).unchanged == 1


def test_an_index_of_an_older_analyzer_is_brought_to_this_one_without_embedding(build: Build, tmp_path: Path) -> None:
    index = build([ZOE, OTHER])
    expected = [(hit.passage_id, hit.score) for hit in index.search("O'Brien ferry")]
    index.close()
    with pullquote.Writer(index.folder, HashEncoder()) as writer, writer._transaction() as db:
        manifest = read_manifest(db)
        assert manifest is not None
        put_meta(db, "manifest", replace(manifest, analyzer={"name": "english", "version": 1}).record())
    encoder = HashEncoder()
    with pullquote.Index.open(index.folder, encoder) as opened:
        assert opened.manifest.analyzer == Analyzer.SETTINGS
        assert encoder.encoded == []
        assert [(hit.passage_id, hit.score) for hit in opened.search("O'Brien ferry")] == expected


def test_how_new_an_article_is_does_not_depend_on_what_was_removed(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pullquote.index.segments.merge_policy.SMALL", 0)
    monkeypatch.setattr("pullquote.index.segments.merge_policy.DEAD", 0)  # removed articles stay in their segment
    old, new = replace(OTHER, id="old", published="2019-01-01"), replace(ZOE, id="new", published="2024-01-01")
    many = [replace(OTHER, id=f"x{n}", text=f"Number {n}.", published="2018-01-01") for n in range(20)]
    index = build([old, new, *many])
    pullquote.remove(index.folder, ["new"])
    weights = replace(index.weights, newest=0.1)
    fresh = build([old, *many], "fresh.pq")
    with pullquote.Index.open(index.folder, HashEncoder()) as after:
        assert after.status()["removed"] == 1
        ours, theirs = (i.search("When does the ferry sail?", 1, weights=weights)[0] for i in (after, fresh))
    assert ours.explain["newest"] == theirs.explain["newest"]
    assert ours.explain["newest"].value == 1.0


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@post.example/a?b=c#d", "https://post.example/a?b=c#d"),
        ("https://post.example/a\u202egpj", "https://post.example/a%5Cu202egpj"),
        ("javascript:alert(1)", ""),
        ("https://me@/x", ""),
    ],
)
def test_an_address_is_shown_without_user_password_or_what_turns_text_round(url: str, shown: str) -> None:
    assert web_address(url) == shown
