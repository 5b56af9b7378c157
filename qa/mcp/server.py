"""The server: the tools on standard input and output, by the protocol's own SDK. Models are loaded after the handshake."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ...errors import InputError, PullquoteError
from ...index.served import Served
from .tools import TOOLS, Asked, call

_PATIENCE = 10.0  # seconds for which "no answer" waits for the models


def serve(folder: str | Path) -> None:
    """Serve the index in a folder until standard input ends. Raises InputError without the SDK."""
    try:
        import anyio
        import mcp_types as types
        from mcp.server.lowlevel import Server
        from mcp.server.stdio import stdio_server
    except ModuleNotFoundError:
        raise InputError('the MCP server needs the protocol\'s SDK: pip install "pullquote[mcp]"') from None
    from ... import __version__
    from ..selection.reader import warm

    served = Served(folder, also=warm)
    one_by_one = anyio.CapacityLimiter(1)

    async def listed(context: Any, params: Any) -> types.ListToolsResult:
        served.warm()  # after the handshake, which does not wait for it
        hints = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
        made = [
            types.Tool(name=name, description=tool.description, input_schema=tool.schema, annotations=hints)
            for name, tool in TOOLS.items()
        ]
        return types.ListToolsResult(tools=made)

    async def called(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        served.warm()

        def once() -> dict[str, Any]:
            with ExitStack() as given_back:
                borrowed = served.borrowed()
                return call(params.name, params.arguments or {}, lambda: Asked(given_back.enter_context(borrowed), served.is_warm))

        def work() -> dict[str, Any]:
            found = once()
            if found.get("status") == "no_answer" and "note" in found:  # words alone cannot tell that there is none
                served.wait(_PATIENCE)
                found = once()
            return found

        try:
            found = await anyio.to_thread.run_sync(work, limiter=one_by_one)
        except PullquoteError as error:
            return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
        text = json.dumps(found, ensure_ascii=False)
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=json.loads(text))

    instructions = "Answers are verbatim quotes out of the indexed articles. Cite a quote with its outlet, date and article."
    server: Any = Server("pullquote", version=__version__, instructions=instructions, on_list_tools=listed, on_call_tool=called)

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    try:
        anyio.run(run)
    finally:
        served.close()
