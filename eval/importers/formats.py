"""The formats that can be imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the class that reads it, in a module here, and what its files hold, in a line."""

    module: str
    name: str
    holds: str


FORMATS = {
    "beir": Format("beir", "Beir", "corpus.jsonl (_id, title, text), queries.jsonl (_id, text), qrels/test.tsv"),
    "squad": Format("squad", "Squad", "JSON: data, paragraphs, context, qas, answers; or JSON Lines with a context in each"),
    "trec": Format("trec", "Trec", "topics: <top> blocks, XML, or lines; --qrels: topic, iteration, docno, grade"),
    "msmarco": Format("trec", "MsMarco", "collection.tsv (id, text), queries*.tsv (id, question), qrels*.tsv"),
    "multihop": Format("multihop", "MultiHop", "MultiHop-RAG's JSON: query, answer, evidence_list; its corpus.json beside it"),
    "hotpotqa": Format("multihop", "HotpotQa", "JSON: _id, question, answer, context, supporting_facts"),
    "newsqa": Format("newsqa", "NewsQa", "a table: story_id, question, answer_char_ranges, story_text, is_question_bad ..."),
    "kilt": Format("open_domain", "Kilt", "JSON Lines: id, input, output (answer, provenance with wikipedia_id)"),
    "dpr": Format("open_domain", "Dpr", "JSON: question, answers, positive_ctxs; or lines of a question, a tab, a list of answers"),
    "newsroom": Format("newsroom", "Newsroom", "JSON Lines: q, a, docs, and where known kind, short, stale, none, sides, as_of"),
    "csv": Format("csv_table", "Table", "a table: question, quote, article_id, and where known id, type, answer, as_of"),
}
