"""The server itself: uvicorn on a socket of our own, with a limit in time for the head of a request, ended by a signal."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from ...errors import InputError
from .settings import Limits
from .turns import THREADS

_GRACE = 10  # seconds that requests have to end when the server does
_BACKLOG = 512


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises InputError where there can be none."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        made = socket.socket(family, kind, proto)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind(address)
            made.listen(_BACKLOG)
        except OSError:
            made.close()
            raise
    except (OSError, UnicodeError, OverflowError) as error:
        raise InputError(f"{host}, port {port}: cannot listen there: {getattr(error, 'strerror', None) or error}") from None
    return made


def run(app: ASGIApp, sock: socket.socket, limits: Limits) -> None:
    """Serve until a signal ends it; what is being answered then is answered."""
    for name in ("pullquote.access", "pullquote.server", "uvicorn.error"):
        handler, logger = logging.StreamHandler(sys.stderr), logging.getLogger(name)
        if name != "pullquote.access":
            handler.setFormatter(_JsonLine())
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.WARNING if name == "uvicorn.error" else logging.INFO)
    config = uvicorn.Config(
        app,
        http=_timed(limits.seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=limits.header,
        timeout_graceful_shutdown=_GRACE,
    )
    asyncio.run(_Server(config).serve([sock]))
    if any(thread.name.startswith(THREADS) for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(0)  # what is still worked on can be ended in no other way


class _JsonLine(logging.Formatter):
    """What goes wrong, as a line of JSON; a trace is in it."""

    def format(self, record: logging.LogRecord) -> str:
        known = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)), "level": record.levelname.lower()}
        trace = {"trace": self.formatException(record.exc_info)} if record.exc_info else {}
        return json.dumps({**known, "message": record.getMessage(), **trace})


class _Server(uvicorn.Server):
    """A server for which a signal to end is the way to end, and no error."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM; at once where one comes again."""

        def ended(number: int, frame: FrameType | None) -> None:
            if self.should_exit:
                os._exit(128 + number)
            self.handle_exit(number, frame)

        known = {number: signal.signal(number, ended) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in known.items():
                signal.signal(number, handler)


def _timed(seconds: float) -> type[H11Protocol]:
    """A protocol that cuts a connection on which no request is there whole after so many seconds: one that sends its head byte by
    byte would hold it for ever.
    """

    class Timed(H11Protocol):
        cutting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.watch()

        def connection_lost(self, exc: Exception | None) -> None:
            if self.cutting is not None:
                self.cutting.cancel()
            super().connection_lost(exc)

        def watch(self) -> None:
            """Begin to wait where no request is under way; end it where one is."""
            is_answering = self.cycle is not None and not self.cycle.response_complete
            if is_answering and self.cutting is not None:
                self.cutting.cancel()
                self.cutting = None
            elif not is_answering and self.cutting is None:
                self.cutting = self.loop.call_later(seconds, self.cut)

        def cut(self) -> None:
            self.cutting = None
            if self.cycle is None or self.cycle.response_complete:
                self.transport.close()

    return Timed
