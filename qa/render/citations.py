"""The quotes of answers as references: CSL-JSON, RIS and BibTeX, one for each article that is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from ..answer import Answer, Quote
from .escaping import one_line, to_json

Form = Literal["csl", "ris", "bibtex"]
FORMS: tuple[Form, ...] = ("csl", "ris", "bibtex")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPECIAL = {**{c: f"\\{c}" for c in "&%$#_{}"}, "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def citations(answers: Sequence[Answer], form: Form) -> str:
    """The articles that are quoted, in the order of their first quotes, each with what is quoted of it and where it stands."""
    known: dict[str, list[Quote]] = {}
    for quote in (quote for answer in answers for quote in answer.quotes):
        known.setdefault(quote.article_id, []).append(quote)
    if form == "csl":
        return to_json([_csl(number, quotes) for number, quotes in enumerate(known.values(), start=1)]) + "\n"
    made = _ris if form == "ris" else _bibtex
    return "\n".join("\n".join(made(number, quotes)) + "\n" for number, quotes in enumerate(known.values(), start=1))


def _key(number: int, quote: Quote) -> str:
    """A name for a reference: letters and digits only, and its number, so that no two are alike."""
    outlet = re.sub(r"[^A-Za-z0-9]+", "", quote.source or quote.title)[:20] or "article"
    return f"{outlet}{(quote.published or '')[:4]}-{number}"


def _note(quotes: Sequence[Quote]) -> str:
    return " | ".join(f"“{one_line(q.text)}” ({one_line(q.article_id)}:{q.start}-{q.end})" for q in quotes)


def _csl(number: int, quotes: Sequence[Quote]) -> dict[str, Any]:
    quote = quotes[0]
    record = {
        "id": _key(number, quote),
        "type": "article-newspaper",
        "title": one_line(quote.title),
        "container-title": one_line(quote.source),
        "URL": one_line(quote.url),
        "issued": {"date-parts": [[int(part) for part in quote.published.split("-")]]} if quote.published else "",
        "locator": one_line(quote.locator),
        "note": _note(quotes),
    }
    return {name: value for name, value in record.items() if value}


def _ris(number: int, quotes: Sequence[Quote]) -> Iterator[str]:
    quote = quotes[0]
    date = (quote.published or "").replace("-", "/")
    fields = [
        ("TY", "NEWS"),
        ("ID", _key(number, quote)),
        ("TI", quote.title),
        ("T2", quote.source),
        ("DA", date),
        ("PY", date[:4]),
    ]
    fields += [("UR", quote.url), ("SP", quote.locator), *(("N1", _note([one])) for one in quotes)]
    yield from (f"{tag}  - {one_line(value)}" for tag, value in fields if value)
    yield "ER  - "


def _bibtex(number: int, quotes: Sequence[Quote]) -> Iterator[str]:
    quote = quotes[0]
    parts = (quote.published or "").split("-")
    fields = {
        "title": quote.title,
        "journal": quote.source,
        "year": parts[0],
        "url": quote.url,
        "pages": quote.locator,
        "note": _note(quotes),
    }
    yield f"@article{{{_key(number, quote)},"
    for name, value in fields.items():
        if value:
            yield f"  {name} = {{{''.join(_SPECIAL.get(c, c) for c in one_line(value))}}},"
    if len(parts) > 1:
        yield f"  month = {_MONTHS[int(parts[1]) - 1]},"
    yield "}"
