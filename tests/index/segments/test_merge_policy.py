"""Which segments a commit merges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Build, HashEncoder

import pullquote
from pullquote.index.segments import merge_policy
from pullquote.index.segments.merge_policy import merged
from pullquote.index.storage.manifest import Counts, SegmentMeta


def segment(number: int, total: int, live: int | None = None) -> SegmentMeta:
    written, left = (Counts(min(n, 1), n, n) for n in (total, total if live is None else live))
    return SegmentMeta(number, {}, None, written, left, "")


@pytest.mark.parametrize(
    ("segments", "size", "expected"),
    [
        ([], 10, []),
        ([segment(1, 10_000)], 10, []),
        ([segment(1, 10_000), segment(2, 400)], 1, []),
        ([segment(1, 10_000), segment(2, 200)], 1, [2]),  # small ones always
        ([segment(1, 10_000), segment(2, 700)], 400, [2]),  # less than twice as many
        ([segment(1, 900), segment(2, 700)], 400, [2, 1]),  # and so on
        ([segment(1, 10_000, 7_501)], 0, []),
        ([segment(1, 10_000, 7_499)], 0, [1]),  # a quarter was removed
        ([segment(1, 10_000, 0)], 0, [1]),
    ],
)
def test_segments_are_merged_when_it_pays(segments: list[SegmentMeta], size: int, expected: list[int]) -> None:
    assert merged(segments, size) == expected


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=200))
def test_there_are_few_segments_and_little_is_written_twice(sizes: list[int]) -> None:
    segments: list[SegmentMeta] = []
    written = 0
    for number, size in enumerate(sizes):
        gone = merged(segments, size)
        size += sum(s.live.sentences for s in segments if s.number in gone)
        segments = [*(s for s in segments if s.number not in gone), segment(number, size)]
        written += size
    total = sum(sizes)
    assert len(segments) <= 2 + max(0, total // merge_policy.SMALL).bit_length()
    assert written <= total * (2 + 1.71 * total.bit_length())  # 1.71 = 1 / log2(3 / 2)


def test_a_large_build_is_written_in_segments_of_a_bounded_size(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [pullquote.Article(id=f"a{n:02}", text=f"Boat {n} is {n * n} years old. It sank.") for n in range(20)]
    whole = build(articles, "whole.pq")
    monkeypatch.setattr(merge_policy, "LARGEST", 13)
    parts = build(articles, "parts.pq")
    assert [s.total.articles for s in whole.manifest.segments] == [20]
    assert [s.total.articles for s in parts.manifest.segments] == [4, 4, 4, 4, 4]  # of three each
    assert [parts.search(q) for q in ("boat", "how old")] == [whole.search(q) for q in ("boat", "how old")]
    parts.close()
    for left in (5, 5):  # the second time there is nothing to do
        with pullquote.Writer(parts.folder, HashEncoder()) as writer:
            writer.compact()
        with pullquote.Index.open(parts.folder, HashEncoder()) as again:
            numbers = [s.number for s in again.manifest.segments]
            assert len(numbers) == left
    assert numbers == [1, 2, 3, 4, 5]


def test_equal_scores_keep_the_order_of_the_ids_whatever_segment_they_are_in(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_policy, "SMALL", 0)
    texts = ["It cost 40 crowns.", "It cost 50 crowns.", "It cost 60 crowns."]
    build([pullquote.Article(id=name, text="\n\n".join(texts)) for name in "zyx"]).close()
    index = build([pullquote.Article(id="a", text="\n\n".join(texts))])
    assert len(index.manifest.segments) == 2
    ranking = index.rank(index.query("It cost 40 crowns"))
    assert [article_id for article_id, _, _ in index.ranked_passages(ranking)] == ["a", "x", "y", "z"]
    assert {len(set(ranking.scores.tolist()))} == {1}


def test_compact_settles_where_articles_do_not_fill_the_segments(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_policy, "LARGEST", 10)
    sizes = [3, 3, 3, 3, 3, 3, 1]
    index = build(
        [pullquote.Article(id=f"a{n}", text=" ".join(f"Boat {m} sank." for m in range(size))) for n, size in enumerate(sizes)]
    )
    numbers = []
    for _ in range(3):
        with pullquote.Writer(index.folder, HashEncoder()) as writer:
            writer.compact()
        with pullquote.Index.open(index.folder, HashEncoder()) as again:
            numbers.append([segment.number for segment in again.manifest.segments])
    assert numbers[1] == numbers[2]
