"""A segment is the same whether its postings fit in memory or not."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Build, postings

from pullquote.index.arrays.tensor_file import Array
from pullquote.index.lexical import postings as gathering
from pullquote.index.lexical.postings import Postings, merged
from pullquote.index.segments import builder
from pullquote.index.storage.layout import ARRAYS, segment_name
from pullquote.index.upkeep.doctor import examine

DOCUMENTS = st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=8)


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS, st.permutations(range(10)))
def test_postings_of_parts_are_those_of_the_whole(
    first: list[list[int]], second: list[list[int]], third: list[list[int]], order: list[int]
) -> None:
    numbers = {old: new for new, old in enumerate(order)}
    whole = postings([[numbers[term] for term in document] for document in first + second + third])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "_BLOCK", 4)
        pieces = merged([postings(part) for part in (first, second, third)], np.array(order))
        found = {name: np.concatenate(list(blocks) or [np.zeros(shape, dtype)]) for name, blocks, shape, dtype in pieces}
        again = Postings.from_arrays({name: Array(values) for name, values in found.items()})
        assert again.sound(len(first + second + third), 10)
    known = len(whole.start) - 1
    assert found["start"][: known + 1].tolist() == whole.start.all().tolist()
    assert found["bounds"][:known].tolist() == whole.bounds.all().tolist()
    assert not found["bounds"][known:].any()
    for name in ("rows", "counts", "lengths", "total"):
        assert found[name].tolist() == getattr(whole, name).all().tolist()


def test_what_does_not_fit_in_memory_is_written_the_same(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = build(name="at-once.pq")
    spill = mock.Mock(side_effect=builder.SegmentBuilder._spill)
    monkeypatch.setattr(builder.SegmentBuilder, "_spill", lambda self: spill(self))
    monkeypatch.setattr(builder, "PART", 5)
    in_parts = build(name="in-parts.pq")
    assert spill.call_count > 1
    first, second = (Path(index.folder) / segment_name(1) for index in (at_once, in_parts))
    assert (first / ARRAYS).read_bytes() == (second / ARRAYS).read_bytes()
    assert sorted(p.name for p in first.iterdir()) == sorted(p.name for p in second.iterdir())
    assert examine(Path(in_parts.folder)) == []
