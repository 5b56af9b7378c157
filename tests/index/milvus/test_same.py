"""An index in Milvus holds and finds what one in a folder does, whatever is added, changed and removed."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import ARTICLES, HashEncoder

import pullquote
from pullquote import Filter

OUTLETS = ("Harbour Post", "Island Voice", "The Gull", "")
NOUNS = [
    "bridge",
    "ferry",
    "harbour",
    "captain",
    "mayor",
    "council",
    "herring",
    "storm",
    "lamp",
    "rope",
    "quay",
    "tide",
    "vote",
    "ticket",
    "school",
    "roof",
    "garden",
    "market",
]
VERBS = ["opened", "closed", "counted", "repaired", "sold", "saw", "painted", "moved", "paid", "lost"]
NOTICE = "Subscribe to the weekly letter of this newsroom and read it first."
WORDS = ("bridge", "Who repaired the roof?", "storm herring vote", "the captain lost 40 ropes", "weekly letter", "zeppelin")


def sentence(rng: random.Random) -> str:
    words = [
        rng.choice(NOUNS),
        rng.choice(VERBS),
        "the",
        rng.choice(NOUNS),
        "for",
        str(rng.randint(2, 60)),
        rng.choice(NOUNS) + "s",
    ]
    return f"The {' '.join(words)}."


def article(rng: random.Random, name: str) -> pullquote.Article:
    paragraphs = [" ".join(sentence(rng) for _ in range(rng.randint(1, 6))) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.5:
        paragraphs.append(NOTICE)
    return pullquote.Article(
        id=name,
        title=sentence(rng)[:-1] if rng.random() < 0.7 else "",
        source=rng.choice(OUTLETS),
        published=rng.choice((None, "2021", "2022-03", f"2023-04-{rng.randint(1, 28):02}")),
        text="\n\n".join(paragraphs),
    )


def assert_same(remote: pullquote.Index, folder: pullquote.Index) -> None:
    assert remote.manifest.counts == folder.manifest.counts
    assert remote.manifest.digest == folder.manifest.digest
    assert list(remote) == list(folder)
    assert remote.outlets() == folder.outlets()
    for (*record, vectors), (*other, expected) in zip(remote.everything(), folder.everything(), strict=True):
        assert record == other
        assert np.array_equal(vectors, expected)
    narrow = (
        None,
        Filter("harbour post"),
        Filter(since="2022", until="2023-04-10"),
        Filter(as_of="2022-12-31"),
        Filter.of(articles=["a1", "a4"]),
    )
    for where in narrow:
        assert remote.undated(where or Filter()) == folder.undated(where or Filter())
        for words in WORDS:
            ours, theirs = remote.search(words, where=where), folder.search(words, where=where)
            assert [hit.to_dict() for hit in ours] == [hit.to_dict() for hit in theirs]
            for hit in ours:
                assert remote.article(hit.article_id).text[hit.start : hit.end] == hit.text
            terms = folder.analyzer.terms(words)
            assert remote.sentences_with(terms, where) == folder.sentences_with(terms, where)
    for one in folder:
        assert remote.marks(one) == folder.marks(one)
        assert remote.copies(one.id) == folder.copies(one.id)
        assert remote.near_copies(one) == folder.near_copies(one)
        assert remote.sentences(one) == folder.sentences(one)
        assert remote.passages(one.id) == folder.passages(one.id)
        quote = one.text[:40]
        found = dict(remote.texts_with(quote))
        assert dict(folder.texts_with(quote)).items() <= found.items()


def test_the_three_articles(address: str, tmp_path: Path, encoder: HashEncoder) -> None:
    pullquote.add(address, ARTICLES, encoder)
    pullquote.add(tmp_path / "index.pq", ARTICLES, encoder)
    with pullquote.Index.open(address, encoder) as remote, pullquote.Index.open(tmp_path / "index.pq", encoder) as folder:
        assert_same(remote, folder)
        status = remote.status()
        assert (status["articles"], status["first_date"], status["last_date"], status["without_date"]) == (
            3,
            "2021-05",
            "2021-05-01",
            1,
        )
        assert status["sources"] == folder.status()["sources"]


@pytest.mark.parametrize("seed", range(2))
def test_after_random_changes(address: str, tmp_path: Path, encoder: HashEncoder, seed: int) -> None:
    rng = random.Random(seed)
    there: dict[str, pullquote.Article] = {}
    for _ in range(4):
        with pullquote.Writer(address, encoder) as writer, pullquote.Writer(tmp_path / "index.pq", encoder) as other:
            gone = [name for name in sorted(there) if rng.random() < 0.15]
            coming = {name: article(rng, name) for name in (f"a{rng.randrange(40)}" for _ in range(12)) if name not in gone}
            for name in rng.sample(sorted(there), min(2, len(there))):  # a copy, and the same once more
                coming.setdefault(f"b{rng.randrange(9)}", replace(there[name], id=f"b{rng.randrange(9)}", source="The Gull"))
                coming.setdefault(name, there[name])
            coming = {one.id: one for one in coming.values() if one.id not in gone}
            for each in (writer, other):
                each.stage(coming.values())
                each.remove(gone)
            assert writer.changes() == other.changes()
            ours, theirs = writer.commit(), other.commit()
            assert replace(ours, embedded=theirs.embedded) == theirs  # a folder knows the vectors of all its sentences
        there = {name: one for name, one in (there | coming).items() if name not in gone}
        with pullquote.Index.open(address, encoder) as remote, pullquote.Index.open(tmp_path / "index.pq", encoder) as folder:
            assert {one.id: one for one in remote} == there
            assert_same(remote, folder)
