"""Other doors: mcp, serve."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from ...errors import InputError
from .opening import opened
from .options import DEFAULT_INDEX, IndexOption, SampleOption
from .output import note

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - addresses to listen at, and no names
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(mcp)
    app.command()(serve)


def mcp(index: IndexOption = None) -> None:
    """Serve the index to agents over MCP. On standard input and output, read-only: ask, search, read, verify, status."""
    from ..mcp.server import serve

    serve(DEFAULT_INDEX if index is None else index)


def serve(
    index: IndexOption = None,
    sample: SampleOption = False,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="0 for any that is free.")] = 8000,
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help="Holds the token that a request must bear (or PULLQUOTE_TOKEN); needed beyond this machine.",
            show_default=False,
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="A name that it is called by; may be given again.", show_default=False),
    ] = None,
    log_questions: Annotated[bool, typer.Option("--log-questions", help="Let the access log hold what was asked.")] = False,
) -> None:
    """Serve a page to ask from, and the verbs over HTTP. On this machine alone unless told otherwise; read-only."""
    try:
        from ..server.app import application
        from ..server.run import listening, run
        from ..server.settings import LOOPBACK, Settings
    except ModuleNotFoundError:
        raise InputError('the server needs FastAPI and uvicorn: pip install "pullquote[serve]"') from None
    from ...index.place import is_remote
    from ...index.served import Served
    from ..selection.reader import warm

    token = _token(token_file)
    if host not in LOOPBACK and not token:
        raise InputError(f"--host {host}: beyond this machine a token is needed: --token-file FILE, or PULLQUOTE_TOKEN")
    names = {name.casefold().strip("[]") for name in (*LOOPBACK, host, *(allow_host or ()))} - {*_EVERYWHERE}
    for name in allow_host or ():
        if not _NAME.fullmatch(name):
            raise InputError(f"--allow-host {name!r}: write a name or address alone, as in news.example, without https:// and port")
    with opened(index, sample) as known:
        articles = len(known)
        folder = index if index is not None and is_remote(index) else known.folder  # an address with its token
    with listening(host, port) as sock:
        shown = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
        note(f"{articles} articles on http://{shown}:{sock.getsockname()[1]}/ (Ctrl+C ends it)")
        if host in _EVERYWHERE and not allow_host:
            note("note: called by any other name than localhost it does not answer: say which with --allow-host")
        settings = Settings(frozenset(names), token, log_questions)
        run(application(Served(folder, also=warm), settings), sock, settings.limits)


def _token(file: Path | None) -> str:
    """The token of a file, or of the environment; "" for none. Raises InputError for a file without one, and for what no request
    can bear.
    """
    try:
        token = (os.environ.get("PULLQUOTE_TOKEN", "") if file is None else file.read_text("utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if (file is not None and not token) or not token.isascii() or any(not c.isprintable() or c.isspace() for c in token):
        raise InputError(f"{file or 'PULLQUOTE_TOKEN'}: no token in it: write one word of letters and digits")
    return token
