"""What is counted of articles that come and go."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from ....corpus.passages import CUTTING
from ...encoders.protocol import Fingerprint
from ...lexical.analyzer import Analyzer
from ...milvus.rows import Cut
from ...types import Level

LEVELS: tuple[Level, ...] = ("article", "passage", "sentence")


@dataclass(slots=True)
class Tally:
    """What is counted of the articles that come and go."""

    terms: dict[str, list[int]] = field(default_factory=dict)
    lengths: Counter[Level] = field(default_factory=Counter)
    sizes: Counter[Level] = field(default_factory=Counter)
    content: int = 0
    newest: int = 0

    def add(self, cut: Cut, sign: int) -> None:
        """Count an article, or take it away."""
        for level, terms in cut.documents():
            self.sizes[level] += sign
            self.lengths[level] += sign * len(terms)
            place = LEVELS.index(level)
            for term in set(terms):
                self.terms.setdefault(term, [0, 0, 0])[place] += sign
        self.content += sign * int(sha256(cut.article.digest.encode()).hexdigest(), 16)
        if sign > 0:
            self.newest = max(self.newest, cut.days[0])


def digest(content: int, encoder: Fingerprint) -> str:
    """See `Manifest.digest`."""
    settings = {"encoder": {**encoder.record(), "name": ""}, "analyzer": Analyzer.SETTINGS, "cutting": CUTTING}
    return sha256(f"{content:x}\n{json.dumps(settings, sort_keys=True)}".encode()).hexdigest()
