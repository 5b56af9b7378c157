"""The tools: what each takes, and what it gives back; nothing of the protocol.

A result is a JSON object of about `BUDGET` characters at most. A list that is longer is cut, and `next` is the cursor with which
rest is asked for; a text that is longer goes on at `next`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import InputError

if TYPE_CHECKING:  # the rest is imported when it is first needed: an agent waits for the handshake
    from ...index.filters import Filter
    from ...index.index import Index

BUDGET = 12_000  # characters of a result
_QUESTION = {"type": "string", "minLength": 1, "maxLength": 2000}
_WHERE: dict[str, Any] = {
    "source": {"type": "array", "items": {"type": "string"}, "maxItems": 20, "description": "Only articles of these outlets."},
    "since": {"type": "string", "description": "Published on or after, YYYY-MM-DD or as far as known."},
    "until": {"type": "string", "description": "Published on or before."},
    "as_of": {"type": "string", "description": "Only what could be known that day."},
}
_CURSOR: dict[str, Any] = {"type": "integer", "minimum": 0, "description": "The `next` of an earlier result."}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call works with. `index`: the open index; `is_warm`: whether its models are loaded, else words alone are used."""

    index: Index
    is_warm: bool


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it does, in words for an agent; the JSON Schema of what it takes; and what does it."""

    description: str
    properties: Mapping[str, Any]
    required: Sequence[str]
    does: Callable[[Asked, Mapping[str, Any]], dict[str, Any]]

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what it takes; nothing else is allowed."""
        return {
            "type": "object",
            "properties": dict(self.properties),
            "required": list(self.required),
            "additionalProperties": False,
        }


def _ask(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    from ..ask import Answerer

    answerer = Answerer(asked.index, given.get("n", 3), reader=asked.is_warm)
    query = asked.index.query(given["question"], lexical=not asked.is_warm)
    record = answerer.answer(query, _where(given)).to_dict()
    for quote in (*record["quotes"], *record["nearest"]):
        quote.pop("digest")
    nearest = "quotes" if record["quotes"] else "nearest"
    return _cut({**record, **_words_alone(asked)}, nearest, given.get("cursor", 0))


def _search(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    hits = asked.index.search(given["query"], given.get("k", 10), _where(given), lexical=not asked.is_warm)
    rows = [{name: value for name, value in hit.to_dict().items() if name != "explain"} for hit in hits]
    return _cut({"query": given["query"], "hits": rows, **_words_alone(asked)}, "hits", given.get("cursor", 0))


def _read(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    article = asked.index.article(given["article_id"])
    start = given.get("start", 0)
    end = min(given.get("end", len(article.text)), len(article.text))
    if not 0 <= start < max(end, 1):
        raise InputError(f"start {start} is not before the end {end} of article {article.id!r}")
    until = min(end, start + BUDGET)
    about = {name: getattr(article, name) for name in ("id", "title", "source", "url", "published")}
    return {**about, "start": start, "end": until, "text": article.text[start:until], "next": until if until < end else None}


def _verify(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    from ..records import verdicts_record
    from ..verify.verify import verify

    verdict = verify(asked.index, given["quote"], given.get("by"))
    [record] = verdicts_record([verdict])["verdicts"]
    return _cut(record, "places", given.get("cursor", 0))


def _status(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in asked.index.status().items() if isinstance(value, (str, int, float, bool))}
    outlets = asked.index.outlets()
    return {**found, "outlets": outlets[:100], **_words_alone(asked)}


TOOLS = {
    "ask": Tool(
        "Answer a question with verbatim, located quotes from the indexed articles; or say that there is no answer, and why. Quote "
        "only what stands in `quotes`, with its article.",
        {"question": _QUESTION, "n": {"type": "integer", "minimum": 1, "maximum": 10}, **_WHERE, "cursor": _CURSOR},
        ["question"],
        _ask,
    ),
    "search": Tool(
        "Rank passages of the indexed articles by words and meaning.",
        {"query": _QUESTION, "k": {"type": "integer", "minimum": 1, "maximum": 50}, **_WHERE, "cursor": _CURSOR},
        ["query"],
        _search,
    ),
    "read": Tool(
        "Read an article, or the part of it between two offsets (code points), as quotes and passages give them.",
        {
            "article_id": {"type": "string", "minLength": 1},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1},
        },
        ["article_id"],
        _read,
    ),
    "verify": Tool(
        "Check whether a quote stands in the indexed articles: exact, with other typography, altered (and how), or absent; `by`: "
        "whom it is attributed to.",
        {"quote": {"type": "string", "minLength": 1, "maxLength": 5000}, "by": {"type": "string"}, "cursor": _CURSOR},
        ["quote"],
        _verify,
    ),
    "status": Tool("Say how many articles are indexed, of which outlets, and until when.", {}, [], _status),
}


def call(name: str, given: Mapping[str, Any], asked: Callable[[], Asked]) -> dict[str, Any]:
    """What a tool gives back. Raises InputError for a tool that is not there or what it does not take, before `asked` is called."""
    tool = TOOLS.get(name)
    if tool is None:
        raise InputError(f"no tool {name!r}; there are {', '.join(TOOLS)}")
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    if (wrong := best_match(Draft202012Validator(tool.schema).iter_errors(dict(given)))) is not None:
        raise InputError(f"{name}: {'.'.join(map(str, wrong.absolute_path)) or 'arguments'}: {wrong.message[:200]}")
    return tool.does(asked(), given)


def _where(given: Mapping[str, Any]) -> Filter | None:
    from ...index.filters import Filter

    where = Filter.of(given.get("source"), given.get("since"), given.get("until"), as_of=given.get("as_of"))
    return None if where == Filter() else where


def _words_alone(asked: Asked) -> dict[str, Any]:
    return {} if asked.is_warm else {"note": "the models are still being loaded: found by words alone, ask again for more"}


def _cut(record: dict[str, Any], name: str, start: int) -> dict[str, Any]:
    """A record whose list is cut where it becomes too long, from a place on; at least one of it is given."""
    everything = record[name]
    if start and start >= len(everything):
        raise InputError(f"cursor {start}: there are {len(everything)} {name}")
    room = BUDGET - len(json.dumps({**record, name: []}, ensure_ascii=False))
    kept = list(_fitting(everything[start:], room))
    after = start + len(kept)
    return {**record, name: kept, "next": after if after < len(everything) else None}


def _fitting(items: Sequence[Any], room: int) -> Iterator[Any]:
    for number, item in enumerate(items):
        room -= len(json.dumps(item, ensure_ascii=False))
        if room < 0 and number:
            return
        yield item
