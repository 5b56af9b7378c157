"""The page of reference, made from the docstrings: `python tests/reference.py > qa/REFERENCE.md`."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any

import pullquote
from pullquote.qa.render.environment import environment

NOUNS = ("Answer", "Timeline", "Quote", "Side", "Span", "Period", "Copy")  # what a template is given
FILTERS = {
    "marked": "a quote with the words of the question and the answer's short form marked",
    "line": "a text in one line",
    "place": "where a quote stands: the article's id, the start and end, the page, the time or the line",
    "sure": "how sure a quote is, in words",
    "outlets": "`also` of a quote, in words: where else it was published, and which versions there are",
    "link": "an address that a browser may follow (http or https), else nothing",
    "within": "a text for a cell of a table or the words of a link, in Markdown",
    "as_is": "a text that is not escaped: only for what is escaped already",
}


def page() -> str:
    """The page."""
    return "\n".join(
        ("# Reference", "", "Made from the docstrings by `python tests/reference.py`.", "", *_library(), *_templates())
    )


def _library() -> Iterator[str]:
    yield from ("## The library", "")
    named = [(name, getattr(pullquote, name)) for name in pullquote.__all__]
    for name, value in sorted(named, key=lambda pair: (inspect.isclass(pair[1]), pair[0])):
        if inspect.isfunction(value):
            yield from (f"### {name}", "", f"    {name}{_signature(value)}", "", *_said(value))
        elif inspect.isclass(value) and not issubclass(value, Exception):
            yield from (f"### {name}", "", *_said(value))
            yield from _members(value)
    yield from ("### Errors", "")
    for name, value in named:
        if inspect.isclass(value) and issubclass(value, Exception):
            parents = [parent.__name__ for parent in value.__bases__]
            yield f"- `{name}` ({', '.join(parents)}): {_first(value)}"
    yield ""


def _members(value: type) -> Iterator[str]:
    for key, member in vars(value).items():
        found = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(found) and not key.startswith("_") and found.__doc__:
            yield from (
                f"- `{key}{'' if isinstance(member, property) else _signature(found)}`",
                *(f"  {line}" for line in _said(found)),
            )
    if dataclasses.is_dataclass(value):
        yield from _fields(value)


def _fields(value: Any) -> Iterator[str]:
    yield from ("| field | type |", "|---|---|")
    yield from (f"| `{field.name}` | `{str(field.type).replace('|', 'or')}` |" for field in dataclasses.fields(value))
    yield ""


def _signature(value: Any) -> str:
    said = re.sub(r"\((?:self|cls)(?:, )?", "(", str(inspect.signature(value)), count=1)
    said = re.sub(r"<function (\w+) at 0x[0-9a-f]+>", r"\1", said)
    return re.sub(r"(: |-> )'([^']+)'", r"\1\2", said)


def _said(value: Any) -> Iterator[str]:
    doc = inspect.getdoc(value) or ""
    yield from (line.rstrip() for line in doc.splitlines())
    yield ""


def _first(value: Any) -> str:
    return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())


def _templates() -> Iterator[str]:
    yield from (
        "## What a template is given",
        "",
        "`--template FILE` renders `answer` (an Answer); for `timeline`, `timeline` (a Timeline), and its quotes as an `answer`. What is",
        "shown is escaped by the file's name (report.html, report.md.jinja, else text). An unknown name is an error. The fields are those",
        "above of " + ", ".join(NOUNS) + ".",
        "",
    )
    yield from ("| filter | gives |", "|---|---|")
    yield from (f"| `{name}` | {said} |" for name, said in FILTERS.items())
    yield ""


def filters() -> set[str]:
    """The filters of our own that a template may use, but for those of a terminal."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return set(environment("text").filters) - set(ImmutableSandboxedEnvironment().filters) - {"strong", "dim", "wrapped"}


if __name__ == "__main__":
    sys.stdout.write(page())
