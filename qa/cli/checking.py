"""Whether quotes stand in the articles: verify."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import InputError, QuestionError
from ..records import verdicts_record
from .opening import lines, opened
from .options import IndexOption, JsonOption, SampleOption
from .output import colour, complain, emit, emit_json

if TYPE_CHECKING:
    from ..verify.verdict import Verdict


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(verify)


def verify(
    quote: Annotated[str | None, typer.Argument(metavar="[QUOTE]", help="Words to be looked up.", show_default=False)] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="One quote a line, or an answer's JSON; - for stdin.", show_default=False),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Whom it is attributed to: does the article say so?", show_default=False),
    ] = None,
    index: IndexOption = None,
    sample: SampleOption = False,
    json: JsonOption = False,
) -> None:
    """Say whether a quote stands in the articles. Exit code 0 only where every one does, typography aside, in one place."""
    from ..render.render import show
    from ..verify.verify import verify as verdict_of
    from ..verify.verify import verify_record

    if (quote is None) == (file is None):
        raise InputError('give one quote, as in: pullquote verify "We have a little hope", or --file FILE')
    verdicts: list[Verdict] = []
    bad = 0
    with opened(index, sample) as opened_index:
        for number, one in [(0, quote)] if quote is not None else _given(file):
            try:
                verdicts.append(verdict_of(opened_index, one, by) if isinstance(one, str) else verify_record(opened_index, one, by))
            except QuestionError as error:
                if quote is not None:
                    raise
                bad += 1
                complain(f"{file}: line {number}: {error}")
    if not verdicts:
        raise InputError(f"{file}: no quote that can be looked up")
    if json:
        emit_json(verdicts_record(verdicts))
    else:
        emit(show("verdicts", "text", colour=colour(), verdicts=verdicts))
    if bad or not all(verdict.holds for verdict in verdicts):
        raise typer.Exit(1)


def _given(file: Path | None) -> Iterator[tuple[int, str | Mapping[str, Any]]]:
    """The quotes of a file with their numbers, from 1: one a line, or those of an answer's JSON. Raises InputError."""
    found = lines(file)
    if not found[0][1].startswith("{"):
        yield from found
        return
    try:
        record = json_module.loads("\n".join(line for _, line in found))
        answers = record.get("answers", [record])
        quotes = [quote for answer in answers for quote in answer["quotes"]]
        for quote in quotes:
            _ = str(quote["text"]), str(quote["article_id"]), int(quote["start"]), int(quote["end"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InputError(f"{file}: not the JSON of an answer, as `ask --format json` prints it: {error}") from None
    if not quotes:
        raise InputError(f"{file}: an answer without quotes")
    yield from enumerate(quotes, start=1)
