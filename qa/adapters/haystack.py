"""A retriever for Haystack: pip install "pullquote[haystack]".

    from haystack import Pipeline
    from pullquote.qa.adapters.haystack import PullquoteRetriever

    pipeline = Pipeline()
    pipeline.add_component("retriever", PullquoteRetriever("news.pq", top_k=5))
    documents = pipeline.run({"retriever": {"query": "Who signed the declaration?"}})["retriever"]["documents"]

A pipeline that was written to a file is read by `Pipeline.load(file, allowed_modules=["pullquote.qa.adapters.haystack"])`. Haystack
tells its makers that a pipeline ran, unless HAYSTACK_TELEMETRY_ENABLED is "False" when it is imported: this module sets that where
nothing is set.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")  # before the import: nothing is sent anywhere

from haystack import Document, component, default_from_dict, default_to_dict

from ...index.filters import Filter
from ...index.index import Index
from .searching import Searching, about


@component
class PullquoteRetriever:
    """Passages as documents: `meta` has the article, the start and end in it, the source and date."""

    def __init__(
        self,
        index: Index | str | Path,
        top_k: int = 10,
        source: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        lexical: bool = False,
    ) -> None:
        self._given = {"top_k": top_k, "source": source, "since": since, "until": until, "lexical": lexical}
        where = Filter.of(source, since, until)
        self._searching = Searching(index, top_k, None if where == Filter() else where, lexical=lexical)

    @component.output_types(documents=list[Document])
    def run(self, query: str, top_k: int | None = None) -> dict[str, Any]:
        """The best passages for a query; `top_k`: at most so many."""
        hits = self._searching.hits(query, top_k)
        return {"documents": [Document(id=hit.passage_id, content=hit.text, meta=about(hit), score=hit.score) for hit in hits]}

    def to_dict(self) -> dict[str, Any]:
        """As a pipeline keeps it: by the folder of the index."""
        return default_to_dict(self, index=self._searching.folder, **self._given)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PullquoteRetriever:
        """As a pipeline has kept it."""
        return default_from_dict(cls, data)
