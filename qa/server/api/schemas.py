"""The JSON Schemas of what is given back, made of the nouns themselves."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from ....corpus.article import Article, Mark
from ....index.search.hits import Hit
from ...answer import Answer, Timeline
from ...verify.verdict import Verdict

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_DEFINED = "#/components/schemas/{model}"


def definitions() -> dict[str, Any]:
    """The schema of every noun that a record is made of, by its name."""
    found: dict[str, Any] = {}
    for noun in (Answer, Timeline, Hit, Verdict, Article, Mark):
        made = TypeAdapter(noun).json_schema(ref_template=_DEFINED, mode="serialization")
        found |= made.pop("$defs", {})
        found[noun.__name__] = found.get(noun.__name__, made) if "$ref" in made else made
    for noun in found.values():
        noun.pop("description", None)
        noun["required"] = sorted(noun.get("properties", {}))
        noun["additionalProperties"] = False
    _without(found["Quote"], "matches")
    for name, schema in (("Answer", "answer"), ("Timeline", "timeline"), ("Article", "article")):
        _with(found[name], schema=_constant(f"pullquote.{schema}/1"))
    _with(found["Article"], start=_NUMBER, end=_NUMBER, marks=_list("Mark"))
    _with(found["Verdict"], holds={"type": "boolean"}, what={"type": "array", "items": _TEXT})
    found["Verdict"]["required"] = sorted(set(found["Verdict"]["required"]) - {"holds", "what"})  # parts come without
    found["Hits"] = _object(schema=_constant("pullquote.hits/1"), query=_TEXT, hits=_list("Hit"))
    found["Verdicts"] = _object(schema=_constant("pullquote.verdicts/1"), verdicts=_list("Verdict"))
    found["Status"] = {"type": "object", "properties": {"schema": _constant("pullquote.status/1")}, "required": ["schema"]}
    return found


def named(name: str) -> dict[str, Any]:
    """A reference to one of the definitions."""
    return {"$ref": _DEFINED.format(model=name)}


def _constant(value: str) -> dict[str, Any]:
    return {"const": value, "type": "string"}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": named(of)}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}


def _without(noun: dict[str, Any], name: str) -> None:
    del noun["properties"][name]
    noun["required"].remove(name)


def _with(noun: dict[str, Any], **properties: Any) -> None:
    noun["properties"] |= properties
    noun["required"] = sorted(noun["properties"])
