"""A retriever for LangChain: pip install "pullquote[langchain]".

    from pullquote.qa.adapters.langchain import PullquoteRetriever

    retriever = PullquoteRetriever("news.pq", k=5)
    documents = retriever.invoke("Who signed the declaration?")

`k` and `where` narrow what is found, as in `Index.search`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr

from ...index.filters import Filter
from ...index.index import Index
from .searching import Searching, about


class PullquoteRetriever(BaseRetriever):
    """Passages as documents: `metadata` has the article, the start and end in it, the source and date, and the score."""

    _searching: Searching = PrivateAttr()

    def __init__(
        self, index: Index | str | Path, k: int = 10, where: Filter | None = None, *, lexical: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._searching = Searching(index, k, where, lexical=lexical)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, where: Filter | None = None
    ) -> list[Document]:
        hits = self._searching.hits(query, k, where)
        return [Document(page_content=hit.text, metadata=about(hit), id=hit.passage_id) for hit in hits]
