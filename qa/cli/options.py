"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass

DEFAULT_INDEX = ".pullquote"


IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="DIR",
        envvar="PULLQUOTE_INDEX",
        help="The index: a folder, or milvus://HOST:PORT/NAME. [default: ./.pullquote]",
        show_default=False,
    ),
]


EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="A sentence-transformers model: a folder, or one on this machine by name.",
        show_default=False,
    ),
]


SampleOption = Annotated[bool, typer.Option("--sample", help="Use the sample articles that come with pullquote.")]


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only articles of this outlet; may be given again.", show_default=False),
]


SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only articles published on or after.", show_default=False)
]


UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only articles published on or before.", show_default=False)
]


AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what could be known that day.", show_default=False)
]


WorkersOption = Annotated[
    str | None,
    typer.Option(
        "--workers",
        metavar="N|ADDRESS",
        help="Read, cut and encode by so many processes, or by the Dask cluster at tcp://HOST:PORT.",
        show_default=False,
    ),
]


NewestOption = Annotated[bool, typer.Option("--newest", help="Prefer newer articles, within bounds.")]

StatedSourceOption = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="The outlet, of what does not state one itself.", show_default=False),
]

StatedDateOption = Annotated[
    str | None,
    typer.Option("--date", metavar="DATE", help="The date of publication, of what does not state one itself.", show_default=False),
]

StatedMapOption = Annotated[
    str | None,
    typer.Option(
        "--map", metavar="FIELD=NAME,...", help="Names of fields of JSON and tables: title=headline,text=body.", show_default=False
    ),
]

VerboseOption = Annotated[bool, typer.Option("--verbose", help="List what is skipped.")]

QuickOption = Annotated[bool, typer.Option("--quick", help="Without the reader: faster, and less often the right sentence.")]


FormatOption = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="text, json, markdown, html, csv, briefing, csl, ris or bibtex.")
]


TemplateOption = Annotated[
    Path | None, typer.Option("--template", metavar="FILE", help="A jinja2 template of your own.", show_default=False)
]
