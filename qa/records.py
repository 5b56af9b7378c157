"""The JSON that scripts read: every record, each of its own schema."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..corpus.article import Article, Mark
    from ..index.search.hits import Hit
    from ..index.upkeep.doctor import Finding
    from ..index.upkeep.estimate import Plan
    from ..index.writing.changes import Changes
    from ..index.writing.commit import Committed
    from .answer import Answer
    from .find import Found
    from .verify.verdict import Verdict


def answers_record(answers: list[Answer]) -> dict[str, Any]:
    """Several answers as JSON, schema pullquote.answers/1."""
    return {"schema": "pullquote.answers/1", "answers": [answer.to_dict() for answer in answers]}


def hits_record(query: str, hits: list[Hit]) -> dict[str, Any]:
    """The hits of a search as JSON, schema pullquote.hits/1."""
    return {"schema": "pullquote.hits/1", "query": query, "hits": [asdict(hit) for hit in hits]}


def verdicts_record(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What became of some quotes as JSON, schema pullquote.verdicts/1."""
    made = [{**asdict(verdict), "holds": verdict.holds, "what": verdict.what} for verdict in verdicts]
    return {"schema": "pullquote.verdicts/1", "verdicts": made}


def article_record(article: Article, marks: Sequence[Mark], start: int, end: int) -> dict[str, Any]:
    """An article, what of it is no part of its story, and the stretch that is shown, as JSON, schema pullquote.article/1."""
    shown = {"start": start, "end": end, "marks": [asdict(mark) for mark in marks]}
    return {"schema": "pullquote.article/1", **asdict(article), **shown}


def articles_record(articles: Sequence[Article]) -> dict[str, Any]:
    """A list of articles without their texts as JSON, schema pullquote.articles/1."""
    rows = [{name: value for name, value in asdict(article).items() if name not in ("text", "locators")} for article in articles]
    return {"schema": "pullquote.articles/1", "articles": rows}


def found_record(words: str, found: Sequence[Found]) -> dict[str, Any]:
    """Every mention of some words as JSON, schema pullquote.found/1."""
    articles = {article for one in found for article in (one.article_id, *one.also)}
    counts = {"sentences": len(found), "articles": len(articles)}
    return {"schema": "pullquote.found/1", "words": words, **counts, "found": [asdict(one) for one in found]}


def terms_record(text: str, words: Sequence[tuple[int, int, tuple[str, ...]]]) -> dict[str, Any]:
    """The (start, end, terms) of each word of a text as JSON, schema pullquote.terms/1."""
    terms = [{"start": a, "end": b, "word": text[a:b], "terms": list(found)} for a, b, found in words]
    return {"schema": "pullquote.terms/1", "text": text, "terms": terms}


def committed_record(done: Committed) -> dict[str, Any]:
    """What a commit changed as JSON, schema pullquote.committed/1."""
    return {"schema": "pullquote.committed/1", **asdict(done)}


def changes_record(changes: Changes) -> dict[str, Any]:
    """What a commit would change as JSON, schema pullquote.changes/1."""
    return {"schema": "pullquote.changes/1", **asdict(changes)}


def compacted_record(articles: int, before: int | None, after: int | None) -> dict[str, Any]:
    """The articles of an index that was compacted, and its bytes before and after (null where a server holds it), as JSON, schema
    pullquote.compacted/1.
    """
    return {"schema": "pullquote.compacted/1", "articles": articles, "bytes_before": before, "bytes_after": after}


def doctor_record(findings: Sequence[Finding], *, repaired: bool, left_out: Sequence[str]) -> dict[str, Any]:
    """What is wrong with an index as JSON, schema pullquote.doctor/1."""
    found = [asdict(finding) for finding in findings]
    return {"schema": "pullquote.doctor/1", "sound": not found, "repaired": repaired, "left_out": list(left_out), "findings": found}


def exported_record(folder: str, counts: Mapping[str, int]) -> dict[str, Any]:
    """Where an index was exported to, and how much, as JSON, schema pullquote.exported/1."""
    return {"schema": "pullquote.exported/1", "folder": folder, **counts}


def plan_record(plan: Plan) -> dict[str, Any]:
    """What indexing will take as JSON, schema pullquote.plan/1."""
    return {"schema": "pullquote.plan/1", **asdict(plan)}


def status_record(status: Mapping[str, Any]) -> dict[str, Any]:
    """What an index holds as JSON, schema pullquote.status/1."""
    return {"schema": "pullquote.status/1", **status}


def cache_record(folder: str, parts: Mapping[str, int], *, cleared: bool) -> dict[str, Any]:
    """The user's cache, with the bytes of each part, as JSON, schema pullquote.cache/1."""
    return {"schema": "pullquote.cache/1", "folder": folder, "cleared": cleared, "bytes": dict(parts)}
