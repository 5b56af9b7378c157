"""Sections of the page: an index in Milvus, and the reader beside Haystack's."""

from __future__ import annotations

from typing import Any

from drawing import about, record, table

_DIMENSION, _SENTENCES, _WORDS = 384, 4, 130  # of a vector; in a passage; words in a passage
_DISTINCT = {
    "article": 0.45,
    "passage": 0.75,
    "sentence": 0.95,
}  # of a document's words that count, the share that are distinct terms
_POSTING, _SCALARS = 8, 120  # bytes of a term in a sparse vector; of a row's numbers, dates and outlet
_NODE = 64  # GB of a query node


def remote_same() -> str:
    found = record("remote_same")
    rows = []
    for name, key in (("as built", "at_first"), (f"after {found['after_changes']['changes']:,} changes", "after_changes")):
        run = found[key]
        rows.append([
            name,
            f"{run['articles']:,}",
            f"{run['identical_lists']} of {run['questions']}",
            f"{run['largest_difference_of_scores']:.1g}",
            f"{run['located']:,} of {run['hits']:,}",
            f"{run['folder_ms']:.0f} ms, {run['milvus_ms']:.0f} ms",
        ])  # fmt: skip
    return "\n".join([
        "## The same index in Milvus\n",
        f"`remote/same.py`: SQuAD 2.0's paragraphs in a folder and in {found['server']}, asked the same questions; the ten hits of each. "
        f"{about(found)}",
        table(["", "articles", "identical lists", "largest difference of scores", "hits located", "median: folder, Milvus"], rows),
        f"The doctor found {found['findings_of_the_doctor']} faults at the end.\n",
    ])  # fmt: skip


def remote_size() -> str:
    found = record("remote_size")
    rows = []
    for run in found["sizes"]:
        ours, theirs = run["folder"], run["milvus"]
        rows.append([
            f"{run['passages']:,}",
            f"{ours['build']['seconds']:.0f} s, {theirs['build']['seconds']:.0f} s",
            f"{ours['warm_ms']:.0f} ms, {theirs['warm_ms']:.0f} ms",
            f"{ours['open_ms'] + ours['first_ms']:.0f} ms, {theirs['open_ms'] + theirs['first_ms']:.0f} ms",
            f"{ours['client_mb']:.0f} MB, {theirs['client_mb']:.0f} MB and {theirs['server_mb']:.0f} MB",
            f"{ours['disk_mb']:.0f} MB, {theirs['server_disk_mb']:.0f} MB",
            f"{run['identical_lists']} of {run['questions']}",
        ])  # fmt: skip
    return "\n".join([
        "## How an index in Milvus grows\n",
        f"`remote/size.py`: synthetic articles in a folder and in {found['server']}, random vectors in place of the encoder's. milvus-lite is "
        f"one process of Python, made for trying things out: its times say nothing of a cluster's. {about(found)}",
        table(["passages", "build: folder, Milvus", "warm", "cold", "memory: folder, client and server", "disk", "identical lists"], rows),
        _calculated(found["sizes"][-1]),
    ])  # fmt: skip


def _calculated(largest: dict[str, Any]) -> str:
    """What a cluster would take."""
    rows = []
    per_passage = _passage()
    for passages in (10**7, 10**9):
        vectors, postings, scalars = (part * passages / 1e9 for part in per_passage)
        total = vectors + postings + scalars
        rows.append([
            f"{passages:,}",
            f"{passages * _SENTENCES:,}",
            f"{vectors:,.0f} GB",
            f"{postings:,.0f} GB",
            f"{scalars:,.0f} GB",
            f"{total:,.0f} GB",
            f"{max(1, round(1.3 * total / _NODE)):,}",
        ])  # fmt: skip
    disk = 1e6 * largest["milvus"]["server_disk_mb"] / largest["passages"]
    sentences = largest["milvus"]["build"]["sentences"] / largest["passages"]
    return "\n".join([
        "### Calculated, not measured: ten million and a thousand million passages\n",
        f"Assumed: {_SENTENCES} sentences and {_WORDS} words a passage, ten passages an article, vectors of {_DIMENSION} numbers in 32 bits, "
        f"{_POSTING} bytes for each distinct term of a sparse vector (a document of each level has "
        f"{', '.join(f'{share:.0%}' for share in _DISTINCT.values())} of its words as distinct terms), {_SCALARS} bytes of numbers and dates "
        f"a row, everything in memory, and nodes of {_NODE} GB that are three quarters full.\n",
        table(["passages", "sentences", "vectors", "sparse vectors", "rows", "memory", "nodes"], rows),
        f"- Disk: milvus-lite took {disk:,.0f} bytes a passage of {sentences:.1f} sentences at {largest['passages']:,} passages, texts and counts "
        f"included; at that slope 10^7 are {disk * 1e7 / 1e12:.1f} TB and 10^9 {disk * 1e9 / 1e12:,.0f} TB, before replicas.\n"
        "- A question makes some fifteen calls and fetches at most about 700 passages and 2,800 sentences, some 5 MB, whatever the size. What grows "
        "is the engine's part: an exact scan of vectors (FLAT) reads all of them, so from tens of millions on it takes HNSW or DISKANN, whose "
        "recall then bounds which candidates are found; sparse vectors are found by postings, whose length grows with the corpus.\n"
        "- Vectors are what costs: with DISKANN they stay on the disk, and memory falls to the sparse vectors and rows, a quarter of it.\n"
        "- Not known here: what a cluster's own overhead, replicas and compaction take.\n",
    ])  # fmt: skip


def _passage() -> tuple[float, float, float]:
    """The bytes of a passage and its sentences, and its share of its article: vectors, sparse vectors, rows."""
    words = _WORDS * 0.6  # that are no stop words
    terms = words * sum(_DISTINCT.values())
    return 4.0 * _DIMENSION * _SENTENCES, _POSTING * terms, _SCALARS * (1 + _SENTENCES + 0.1)


def extractive() -> str:
    found = record("extractive")
    rows = [
        [name, f"{run['answer@1']:.3f}", f"{run['told_apart']:.3f}", f"{run['median_ms']:.0f} ms"]
        for name, run in found["systems"].items()
    ]
    return "\n".join([
        "## The reader beside Haystack's\n",
        f"`../fitting/extractive.py`: {found['questions']} questions of {found['set']}, the same weights, the same passages ({found['passages']} a "
        f"question) read by each. {about(found)}",
        table(["", "answer@1", "answerable told from not (AUROC)", "median"], rows),
        "pullquote runs the weights in 8 bits in onnxruntime, Haystack in torch; Haystack gives the spans of highest probability, each passage "
        "by itself.\n",
    ])  # fmt: skip
