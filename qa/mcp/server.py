"""The server: the tools on standard input and output, by the protocol's own SDK. Models are loaded after the handshake."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from ...errors import InputError, PullquoteError
from .tools import TOOLS, Asked, call


class Reading:
    """An index that is opened and warmed beside the conversation, and opened anew when it has been written to."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._lock = threading.Lock()
        self._index: Any = None
        self._seen: tuple[int, ...] = ()
        self._warm = threading.Event()
        self._warming = threading.Thread(target=self._load)

    def warm(self) -> None:
        """Load the models in a thread of its own, if that has not begun."""
        with self._lock:
            if self._warming.ident is None:
                self._warming.start()

    def close(self) -> None:
        """Wait for the thread, which cannot be cut off."""
        if self._warming.ident is not None:
            self._warming.join()

    def _load(self) -> None:
        from ..selection.reader import reader

        try:
            self._opened().query("warm")
            reader().read_all("warm?", ["It is warm."])
        except PullquoteError:
            return  # the call that needs it says why
        self._warm.set()

    def _opened(self) -> Any:
        from ...index.index import Index

        with self._lock:
            now = tuple(
                path.stat().st_mtime_ns for path in sorted(self._folder.glob("pullquote.sqlite*")) if not path.name.endswith("shm")
            )
            if self._index is None or now != self._seen:
                self._index, self._seen = Index.open(self._folder), now  # who uses the one before has it as long as it is needed
            return self._index

    def asked(self) -> Asked:
        """The index as it is now. Raises what `Index.open` raises."""
        return Asked(self._opened(), self._warm.is_set())


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

    reading = Reading(folder)
    one_by_one = anyio.CapacityLimiter(1)

    async def listed(context: Any, params: Any) -> types.ListToolsResult:
        reading.warm()  # after the handshake, which does not wait for it
        hints = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
        made = [
            types.Tool(name=name, description=tool.description, input_schema=tool.schema, annotations=hints)
            for name, tool in TOOLS.items()
        ]
        return types.ListToolsResult(tools=made)

    async def called(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        reading.warm()
        try:
            found = await anyio.to_thread.run_sync(
                lambda: call(params.name, params.arguments or {}, reading.asked), limiter=one_by_one
            )
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
        reading.close()
