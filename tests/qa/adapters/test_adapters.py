"""The retrievers in the real libraries' pipelines: the ranking is that of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Build, Cli, HashEncoder

import pullquote

QUERIES = ("Who cut the ribbon?", "ferry", "What do fishermen blame?")
Ranked = list[tuple[Any, ...]]


def langchain(index: Any, query: str) -> Ranked:
    from langchain_core.runnables import RunnableLambda

    from pullquote.qa.adapters.langchain import PullquoteRetriever

    chain = PullquoteRetriever(index, k=3) | RunnableLambda(lambda documents: documents)
    return [(document.id, document.metadata["score"], document.page_content) for document in chain.invoke(query)]


def llama_index(index: Any, query: str) -> Ranked:
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    from pullquote.qa.adapters.llama_index import PullquoteRetriever

    engine = RetrieverQueryEngine.from_args(PullquoteRetriever(index, k=3), llm=MockLLM())
    return [(found.node.node_id, found.score, found.text) for found in engine.query(query).source_nodes]


def haystack(index: Any, query: str) -> Ranked:
    from pullquote.qa.adapters.haystack import PullquoteRetriever

    from haystack import Pipeline  # isort: skip - after what keeps it from telling anybody

    pipeline = Pipeline()
    pipeline.add_component("retriever", PullquoteRetriever(index, top_k=3))
    documents = pipeline.run({"retriever": {"query": query}})["retriever"]["documents"]
    return [(document.id, document.score, document.content) for document in documents]


LIBRARIES: dict[str, Callable[[Any, str], Ranked]] = {"langchain": langchain, "llama_index": llama_index, "haystack": haystack}


@pytest.fixture
def folder(build: Build, tmp_path: Path) -> Path:
    build()
    return tmp_path / "index.pq"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_ranking_is_that_of_the_command_line(library: str, folder: Path, cli: Cli, encoder: HashEncoder) -> None:
    with pullquote.Index.open(folder, encoder) as index:
        for query in QUERIES:
            hits = json.loads(cli("search", query, "-k", "3", "--index", folder, "--json").out)["hits"]
            assert hits
            found = LIBRARIES[library](index, query)
            assert found == [(hit["passage_id"], pytest.approx(hit["score"], abs=1e-9), hit["text"]) for hit in hits]
            assert LIBRARIES[library](str(folder), query) == found  # a folder does where an index does


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_wrong_is_said(folder: Path, encoder: HashEncoder) -> None:
    from pullquote.qa.adapters.langchain import PullquoteRetriever

    with pytest.raises(pullquote.IndexMissing):
        PullquoteRetriever(folder / "nowhere")
    with pytest.raises(pullquote.InputError, match="k is 0"):
        PullquoteRetriever(folder, k=0)
    with pytest.raises(pullquote.InputError, match="it must be an Index or the folder"):
        PullquoteRetriever(7)  # type: ignore[arg-type]
    with pullquote.Index.open(folder, encoder) as index:
        retriever = PullquoteRetriever(index, where=pullquote.Filter.of(source="Island Voice"))
        assert {document.metadata["source"] for document in retriever.invoke("ferry bridge")} == {"Island Voice"}
        assert len(retriever.invoke("ferry bridge herring", k=1, where=pullquote.Filter())) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_haystack_pipeline_is_kept_and_read(folder: Path) -> None:
    from pullquote.qa.adapters.haystack import PullquoteRetriever

    from haystack import Pipeline  # isort: skip

    pipeline = Pipeline()
    pipeline.add_component("retriever", PullquoteRetriever(folder, top_k=2, source=["Island Voice"], lexical=True))
    again = Pipeline.loads(pipeline.dumps(), allowed_modules=["pullquote.qa.adapters.haystack"])
    found = [one.run({"retriever": {"query": "ferry bridge"}})["retriever"]["documents"] for one in (pipeline, again)]
    assert found[0] == found[1]
    assert {document.meta["source"] for document in found[0]} == {"Island Voice"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_added_is_found(folder: Path, encoder: HashEncoder) -> None:
    from pullquote.qa.adapters.langchain import PullquoteRetriever

    retriever = PullquoteRetriever(folder, lexical=True)
    assert retriever.invoke("walrus") == []
    pullquote.add(folder, [pullquote.Article(id="new", text="A walrus lay on the quay.")], encoder)
    assert [document.id for document in retriever.invoke("walrus")] == ["new:0-25"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_retriever_is_copied_and_kept(folder: Path) -> None:
    import copy
    import pickle

    from pullquote.qa.adapters.haystack import PullquoteRetriever as Haystack
    from pullquote.qa.adapters.langchain import PullquoteRetriever as LangChain

    retriever = LangChain(folder, k=2, lexical=True)
    found = retriever.invoke("ferry bridge")
    assert found
    assert copy.deepcopy(retriever).invoke("ferry bridge") == found
    assert pickle.loads(pickle.dumps(retriever)).invoke("ferry bridge") == found
    assert copy.deepcopy(Haystack(folder, lexical=True)).run("ferry")["documents"]
