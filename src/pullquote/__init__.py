"""pullquote: questions answered with verbatim, located, checkable quotes from your own articles.

    import pullquote

    pullquote.add("news.pq", pullquote.read("news/"))
    index = pullquote.Index.open("news.pq")
    answer = pullquote.ask(index, "When did Koizumi first visit Pyongyang?")

Everything listed in `__all__` is public; importing it is quick, what is heavy is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .corpus.article import Article
    from .corpus.errors import (
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
    from .corpus.files import read
    from .index.commit import Committed
    from .index.copies import Copy
    from .index.filters import Filter
    from .index.hits import Hit
    from .index.index import Index
    from .index.transfer import export, import_
    from .index.verbs import add, remove, sync
    from .index.writer import Changes, Writer
    from .qa.answer import Answer, Quote
    from .qa.ask import ask
    from .qa.render import render

__version__ = "0.1.0"

_HOMES = {
    "corpus.article": ("Article",),
    "corpus.errors": (
        "EncoderError",
        "IndexDamaged",
        "IndexUnusable",
        "IndexLocked",
        "IndexMissing",
        "IndexNoAccess",
        "InputError",
        "PullquoteError",
        "QuestionError",
        "QuoteError",
        "ReadError",
        "TemplateError",
    ),
    "corpus.files": ("read",),
    "index.filters": ("Filter",),
    "index.hits": ("Hit",),
    "index.index": ("Index",),
    "index.commit": ("Committed",),
    "index.verbs": ("add", "remove", "sync"),
    "index.writer": ("Changes", "Writer"),
    "index.transfer": ("export", "import_"),
    "index.copies": ("Copy",),
    "qa.answer": ("Answer", "Quote"),
    "qa.ask": ("ask",),
    "qa.render": ("render",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Article",
    "Changes",
    "Committed",
    "Copy",
    "EncoderError",
    "Filter",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
"IndexNoAccess",
    "IndexUnusable",
    "InputError",
    "PullquoteError",
    "QuestionError",
    "Quote",
    "QuoteError",
    "ReadError",
    "TemplateError",
    "Writer",
    "add",
    "ask",
    "export",
    "import_",
    "read",
    "remove",
    "render",
    "sync",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
