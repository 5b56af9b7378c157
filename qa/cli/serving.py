"""Other doors: mcp."""

from __future__ import annotations

import typer

from .options import DEFAULT_INDEX, IndexOption


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(mcp)


def mcp(index: IndexOption = None) -> None:
    """Serve the index to agents over MCP. On standard input and output, read-only: ask, search, read, verify, status."""
    from ..mcp.server import serve

    serve(DEFAULT_INDEX if index is None else index)
