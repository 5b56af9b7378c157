"""One system of the comparison in peers.py: builds, answers one question, or many; prints what it measured as JSON.

    python peer.py SYSTEM build|cold|warm|many|encode PARAGRAPHS.json QUESTIONS.json FOLDER MODEL

It runs in the system's own virtual environment, and each system is used as its documentation shows: LangChain's EnsembleRetriever
over BM25Retriever and FAISS, txtai's hybrid index, Haystack's in-memory store with both retrievers joined by reciprocal rank
fusion.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

Search = Callable[[str], list[str]]
K = 10


def pullquote_build(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    import pullquote

    pullquote.add(folder / "index.pq", (pullquote.Article(id=i, text=t) for i, t in paragraphs.items()), model)


def pullquote_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, Callable[[list[str]], list[list[str]]]]:
    import pullquote

    index = pullquote.Index.open(folder / "index.pq")

    def ids(hits: Any) -> list[str]:
        return list(dict.fromkeys(hit.article_id for hit in hits))

    return lambda q: ids(index.search(q, K)), lambda qs: [ids(hits) for hits in index.search_many(qs, K)]


def ask_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, None]:
    import pullquote

    index = pullquote.Index.open(folder / "index.pq")
    return lambda q: [quote.article_id for quote in pullquote.ask(index, q).quotes], None


def langchain_build(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})
    ids = list(paragraphs)
    store = FAISS.from_texts(list(paragraphs.values()), embeddings, metadatas=[{"id": i} for i in ids], ids=ids)
    store.save_local(str(folder / "faiss"))


def langchain_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, Callable[[list[str]], list[list[str]]]]:
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})
    store = FAISS.load_local(str(folder / "faiss"), embeddings, allow_dangerous_deserialization=True)
    lexical = BM25Retriever.from_texts(list(paragraphs.values()), metadatas=[{"id": i} for i in paragraphs], k=K)
    both = EnsembleRetriever(retrievers=[lexical, store.as_retriever(search_kwargs={"k": K})], weights=[0.5, 0.5])

    def ids(found: Any) -> list[str]:
        return [document.metadata["id"] for document in found][:K]

    return lambda q: ids(both.invoke(q)), lambda qs: [ids(found) for found in both.batch(qs)]


def txtai_build(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    from txtai import Embeddings

    embeddings = Embeddings(path=model, hybrid=True, content=True)
    embeddings.index((i, t, None) for i, t in paragraphs.items())
    embeddings.save(str(folder / "txtai"))


def txtai_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, Callable[[list[str]], list[list[str]]]]:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / "txtai"))
    return (
        lambda q: [hit["id"] for hit in embeddings.search(q, K)],
        lambda qs: [[hit["id"] for hit in hits] for hits in embeddings.batchsearch(qs, K)],
    )


def haystack_build(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    documents = [Document(content=t, meta={"id": i}) for i, t in paragraphs.items()]
    store.write_documents(embedder.run(documents)["documents"])
    store.save_to_disk(str(folder / "haystack.json"))


def haystack_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, None]:
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    store = InMemoryDocumentStore.load_from_disk(str(folder / "haystack.json"))
    embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    lexical, dense = InMemoryBM25Retriever(store, top_k=K), InMemoryEmbeddingRetriever(store, top_k=K)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K)

    def search(question: str) -> list[str]:
        vector = embedder.run(text=question)["embedding"]
        found = [lexical.run(query=question)["documents"], dense.run(query_embedding=vector)["documents"]]
        return [document.meta["id"] for document in joiner.run(documents=found)["documents"]]

    return search, None


def rank_bm25_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, None]:
    from rank_bm25 import BM25Okapi

    ids = list(paragraphs)
    index = BM25Okapi([[sys.intern(word) for word in text.lower().split()] for text in paragraphs.values()])
    return lambda q: index.get_top_n(q.lower().split(), ids, K), None


def bm25s_build(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    import bm25s
    import Stemmer

    tokens = bm25s.tokenize(list(paragraphs.values()), stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
    index = bm25s.BM25()
    index.index(tokens, show_progress=False)
    index.save(str(folder / "bm25s"))


def bm25s_open(paragraphs: dict[str, str], folder: Path, model: str, *, numba: bool = False) -> tuple[Search, None]:
    import bm25s
    import Stemmer

    stemmer, ids = Stemmer.Stemmer("english"), list(paragraphs)
    index = bm25s.BM25.load(str(folder / "bm25s"))
    if numba:
        index.backend = "numba"
        index.activate_numba_scorer()

    def search(question: str) -> list[str]:
        tokens = bm25s.tokenize(question, stopwords="en", stemmer=stemmer, show_progress=False)
        found, _ = index.retrieve(tokens, k=K, show_progress=False)
        return [ids[int(place)] for place in found[0]]

    return search, None


LEVELS = {"article": 30, "passage": 200, "sentence": 300}  # how many pullquote takes from each


def bm25s_levels_build(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    """What pullquote's lexical search reads: articles, passages and sentences, each an index."""
    import bm25s
    import Stemmer
    from bm25s.tokenization import Tokenized

    stemmer = Stemmer.Stemmer("english")
    sentences, ends = [], []
    for text in paragraphs.values():
        sentences.extend(text.split(". "))
        ends.append(len(sentences))
    ids, vocabulary = bm25s.tokenize(sentences, stopwords="en", stemmer=stemmer, show_progress=False)
    passages = [list(chain(*ids[first:last])) for first, last in pairwise([0, *ends])]
    articles: dict[str, list[int]] = {}
    for name, passage in zip(paragraphs, passages, strict=True):
        articles.setdefault(name.partition("#")[0], []).extend(passage)
    for level, found in (("article", list(articles.values())), ("passage", passages), ("sentence", ids)):
        index = bm25s.BM25()
        index.index(Tokenized(found, vocabulary), show_progress=False)
        index.save(str(folder / level / "bm25s"))
        found.clear()


def bm25s_levels_open(paragraphs: dict[str, str], folder: Path, model: str) -> tuple[Search, None]:
    import bm25s
    import Stemmer

    stemmer, ids = Stemmer.Stemmer("english"), list(paragraphs)
    indexes = {name: bm25s.BM25.load(str(folder / name / "bm25s")) for name in LEVELS}

    def search(question: str) -> list[str]:
        tokens = bm25s.tokenize(question, stopwords="en", stemmer=stemmer, show_progress=False)
        found = {name: index.retrieve(tokens, k=LEVELS[name], show_progress=False)[0] for name, index in indexes.items()}
        return [ids[int(place)] for place in found["passage"][0][:K]]

    return search, None


def nothing(paragraphs: dict[str, str], folder: Path, model: str) -> None:
    """Nothing is kept: the index is made anew each time."""


SYSTEMS: dict[str, tuple[Callable[..., None], Callable[..., Any]]] = {
    "pullquote": (pullquote_build, pullquote_open),
    "pullquote ask": (nothing, ask_open),
    "LangChain": (langchain_build, langchain_open),
    "txtai": (txtai_build, txtai_open),
    "Haystack": (haystack_build, haystack_open),
    "rank-bm25": (nothing, rank_bm25_open),
    "bm25s": (bm25s_build, bm25s_open),
    "bm25s at three levels": (bm25s_levels_build, bm25s_levels_open),
    "bm25s with numba": (bm25s_build, partial(bm25s_open, numba=True)),
}


def encode(paragraphs: dict[str, str], model: str) -> dict[str, float]:
    """What sentence-transformers and FAISS alone take for the sentences that pullquote embeds, given as `paragraphs`."""
    begun = time.perf_counter()
    import faiss
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model)
    loaded = time.perf_counter()
    index = faiss.IndexFlatIP(384)
    index.add(encoder.encode(list(paragraphs.values()), normalize_embeddings=True, show_progress_bar=False))
    return {"seconds": time.perf_counter() - loaded, "load_s": loaded - begun, "sentences": len(paragraphs)}


def main() -> None:
    system, action, paragraphs_file, questions_file, folder_name, model = sys.argv[1:]
    paragraphs: dict[str, str] = json.loads(Path(paragraphs_file).read_text("utf-8"))
    questions: list[str] = json.loads(Path(questions_file).read_text("utf-8"))
    folder = Path(folder_name)
    folder.mkdir(parents=True, exist_ok=True)
    build, opened = SYSTEMS.get(system, (nothing, nothing))
    begun = time.perf_counter()
    found: dict[str, Any] = {}
    if action == "encode":
        found = encode(paragraphs, model)
    elif action == "build":
        build(paragraphs, folder, model)
        found = {"seconds": time.perf_counter() - begun, "bytes": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())}
    elif action == "cold":
        found = {"ids": opened(paragraphs, folder, model)[0](questions[0])}
    else:
        one, many = opened(paragraphs, folder, model)
        one(questions[0])
        if action == "many":
            begun = time.perf_counter()
            ids = many(questions) if many else [one(question) for question in questions]
            found = {"per_question_s": (time.perf_counter() - begun) / len(questions), "together": many is not None, "ids": ids}
        else:
            found = {"times": [], "ids": []}
            for question in questions:  # what is read once is read
                one(question)
            for question in questions:
                begun = time.perf_counter()
                found["ids"].append(one(question))
                found["times"].append(time.perf_counter() - begun)
    found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main()
