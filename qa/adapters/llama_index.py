"""A retriever for LlamaIndex: pip install "pullquote[llama-index]".

    from pullquote.qa.adapters.llama_index import PullquoteRetriever

    retriever = PullquoteRetriever("news.pq", k=5)
    nodes = retriever.retrieve("Who signed the declaration?")

`k` and `where` narrow what is found, as in `Index.search`.
"""

from __future__ import annotations

from pathlib import Path

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ...index.filters import Filter
from ...index.index import Index
from ...index.search.hits import Hit
from .searching import Searching, about


class PullquoteRetriever(BaseRetriever):
    """Passages as text nodes: `metadata` has the article, the source and date; a prompt or an encoder is not given its numbers."""

    def __init__(self, index: Index | str | Path, k: int = 10, where: Filter | None = None, *, lexical: bool = False) -> None:
        super().__init__()
        self._searching = Searching(index, k, where, lexical=lexical)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in self._searching.hits(query_bundle.query_str)]


def _node(hit: Hit) -> TextNode:
    known = about(hit)
    unsaid = [name for name in known if name not in ("title", "source", "published")]
    return TextNode(
        id_=hit.passage_id,
        text=hit.text,
        metadata=known,
        start_char_idx=hit.start,
        end_char_idx=hit.end,
        excluded_embed_metadata_keys=unsaid,
        excluded_llm_metadata_keys=unsaid,
    )
