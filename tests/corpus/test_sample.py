from __future__ import annotations

from collections import Counter
from pathlib import Path

from pullquote.corpus.sample import FOLDER
from pullquote.corpus.sources import read


def test_the_sample_has_at_least_eight_articles_in_different_dress() -> None:
    assert len(list(read(FOLDER))) >= 8
    suffixes = Counter(Path(p).suffix for p in FOLDER.rglob("*") if p.is_file())
    assert set(suffixes) == {".txt", ".md", ".html", ".jsonl", ".json"}
