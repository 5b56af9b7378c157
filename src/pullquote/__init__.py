"""pullquote: questions answered with verbatim, located, checkable quotes from your own articles.

    import pullquote

    pullquote.add("news.pq", pullquote.read("news/"))
    index = pullquote.Index.open("news.pq")
    answer = pullquote.ask(index, "When did Koizumi first visit Pyongyang?")

Everything listed in `__all__` is public; importing it is quick, what is heavy is loaded when first used.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .corpus.article import Article, Locator, Mark, Passage, Sentence
    from .corpus.sources import read
    from .errors import (
        ArticleMissing,
        EncoderError,
        IndexDamaged,
        IndexLocked,
        IndexMissing,
        IndexNoAccess,
        IndexUnusable,
        InputError,
        PullquoteError,
        QuestionError,
        QuoteError,
        ReadError,
        TemplateError,
    )
    from .index.arrays.sealing import FileMeta
    from .index.encoders.protocol import Encoder, Fingerprint
    from .index.filters import Filter
    from .index.index import Index
    from .index.lexical.analyzer import Analyzer
    from .index.lexical.maxscore import LevelScorer
    from .index.operations import add, remove, sync
    from .index.search.formula import Weights
    from .index.search.hits import Hit, Leg
    from .index.search.located import Located
    from .index.search.ranking import Query, Ranking
    from .index.search.versions import Copy
    from .index.storage.manifest import CodesMeta, Counts, Manifest, SegmentMeta
    from .index.upkeep.export import export, import_
    from .index.writing.changes import Changes
    from .index.writing.commit import Committed
    from .index.writing.writer import Writer
    from .qa.answer import Answer, Period, Quote, Side, Span, Timeline
    from .qa.ask import ask, ask_many
    from .qa.find import Found, find
    from .qa.render.render import render, render_many
    from .qa.timeline import timeline
    from .qa.verify.speakers import Attribution
    from .qa.verify.verdict import Change, Place, Verdict
    from .qa.verify.verify import verify

__version__ = "0.1.0"

# Nothing is sent anywhere: onnxruntime reads this when it is imported, and would keep a device id and look its collector up; the
# hub of the models reads the other. Nothing of pullquote is imported before this line, so no dependency is either.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

_HOMES = {
    "corpus.article": (
        "Article",
        "Locator",
        "Mark",
        "Passage",
        "Sentence",
    ),
    "corpus.sources": ("read",),
    "errors": (
        "ArticleMissing",
        "EncoderError",
        "IndexDamaged",
        "IndexLocked",
        "IndexMissing",
        "IndexNoAccess",
        "IndexUnusable",
        "InputError",
        "PullquoteError",
        "QuestionError",
        "QuoteError",
        "ReadError",
        "TemplateError",
    ),
    "index.arrays.sealing": ("FileMeta",),
    "index.encoders.protocol": (
        "Encoder",
        "Fingerprint",
    ),
    "index.filters": ("Filter",),
    "index.index": ("Index",),
    "index.lexical.analyzer": ("Analyzer",),
    "index.lexical.maxscore": ("LevelScorer",),
    "index.operations": (
        "add",
        "remove",
        "sync",
    ),
    "index.search.formula": ("Weights",),
    "index.search.hits": (
        "Hit",
        "Leg",
    ),
    "index.search.located": ("Located",),
    "index.search.ranking": (
        "Query",
        "Ranking",
    ),
    "index.search.versions": ("Copy",),
    "index.storage.manifest": (
        "CodesMeta",
        "Counts",
        "Manifest",
        "SegmentMeta",
    ),
    "index.upkeep.export": (
        "export",
        "import_",
    ),
    "index.writing.changes": ("Changes",),
    "index.writing.commit": ("Committed",),
    "index.writing.writer": ("Writer",),
    "qa.answer": (
        "Answer",
        "Period",
        "Quote",
        "Side",
        "Span",
        "Timeline",
    ),
    "qa.ask": (
        "ask",
        "ask_many",
    ),
    "qa.find": (
        "Found",
        "find",
    ),
    "qa.render.render": (
        "render",
        "render_many",
    ),
    "qa.timeline": ("timeline",),
    "qa.verify.speakers": ("Attribution",),
    "qa.verify.verdict": (
        "Change",
        "Place",
        "Verdict",
    ),
    "qa.verify.verify": ("verify",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Analyzer",
    "Answer",
    "Article",
    "ArticleMissing",
    "Attribution",
    "Change",
    "Changes",
    "CodesMeta",
    "Committed",
    "Copy",
    "Counts",
    "Encoder",
    "EncoderError",
    "FileMeta",
    "Filter",
    "Fingerprint",
    "Found",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexNoAccess",
    "IndexUnusable",
    "InputError",
    "Leg",
    "LevelScorer",
    "Located",
    "Locator",
    "Manifest",
    "Mark",
    "Passage",
    "Period",
    "Place",
    "PullquoteError",
    "Query",
    "QuestionError",
    "Quote",
    "QuoteError",
    "Ranking",
    "ReadError",
    "SegmentMeta",
    "Sentence",
    "Side",
    "Span",
    "TemplateError",
    "Timeline",
    "Verdict",
    "Weights",
    "Writer",
    "add",
    "ask",
    "ask_many",
    "export",
    "find",
    "import_",
    "read",
    "remove",
    "render",
    "render_many",
    "sync",
    "timeline",
    "verify",
]  # fmt: skip

if not TYPE_CHECKING:  # else a checker would take any name for one that is there

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
