"""Around every request: whom it is for, who may ask, how large and how slow it may be; and what every response is sent with."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import time
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..render.escaping import visible
from .metrics import Metrics
from .problems import problem
from .settings import Settings

COOKIE = "pullquote"
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:@\[\]/]+))(?::\d*)?")
OPEN = ("/healthz", "/sign-in", "/static/page.css", "/static/page.js", "/static/icon.svg")  # paths that need no token
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
log = logging.getLogger("pullquote.access")
errors = logging.getLogger("pullquote.server")


class Guard:
    """The outermost part of the application. Whatever goes wrong within is a response of one line; no trace of it leaves."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        sent = {"status": 0, "bytes": 0}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            else:
                sent["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            if (refused := self._refused(scope)) is not None:
                await refused(scope, receive, sending)
            else:
                await self._app(scope, self._bounded(receive), sending)
        except Exception:  # noqa: BLE001 - whatever it is, it is logged here and told to nobody
            errors.exception("a request failed")
            if not sent["status"]:
                await problem(500, "something went wrong: see the server's log")(scope, receive, sending)
        finally:
            self._note(scope, sent["status"], sent["bytes"], time.perf_counter() - began)

    def _refused(self, scope: Scope) -> Response | None:
        """The response to a request that is not let in; None where it is."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if (name := _name(host)) not in self._settings.hosts:
            return problem(400, f"this server is not called {visible(name)[:100]!r}: see --allow-host")
        origin = headers.get("origin")
        if origin is not None and not _is_own(origin, host):
            return problem(403, "asked from a page of another site")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._settings.limits.body:
            return problem(413, _large(self._settings.limits.body))
        if self._settings.token and scope["path"] not in OPEN and not self._bears(headers):
            if "text/html" in headers.get("accept", "") and scope["method"] == "GET":
                there = scope["path"] + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
                return Response(status_code=303, headers={"location": f"/sign-in?{urlencode({'next': there})}"})
            return problem(401, "a token is needed: Authorization: Bearer ...", www_authenticate="Bearer")
        return None

    def _bears(self, headers: Headers) -> bool:
        """Whether a request bears the token, as a header or in the cookie of who has signed in."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return (scheme.casefold() == "bearer" and self._is_token(given.strip())) or self._is_token(
            cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        )

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._settings.token.encode())

    def _bounded(self, receive: Receive) -> Receive:
        """What receives a body that is no larger and no slower than is taken."""
        limits = self._settings.limits
        until, size, whole = time.monotonic() + limits.seconds, 0, False

        async def received() -> Message:
            nonlocal size, whole
            if whole:  # what is waited for now is that the client goes away
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
            except TimeoutError:
                late = f"the body did not come within {limits.seconds:g} seconds"
                raise HTTPException(408, late, {"connection": "close"}) from None
            size += len(message.get("body", b""))
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            if size > limits.body:
                raise HTTPException(413, _large(limits.body))
            return message

        return received

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        """A line of JSON for the log of requests, and a count for the metrics."""
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.count(route, status, seconds)
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "method": scope["method"],
            "path": route if not self._settings.log_questions else scope["path"],
            "status": status,
            "bytes": size,
            "ms": round(1000 * seconds, 1),
        }
        if self._settings.log_questions:
            line["query"] = scope["query_string"].decode("latin-1")
        log.info(json.dumps(line))


def _large(most: int) -> str:
    return f"the body is larger than {most:,} bytes"


def _name(host: str) -> str:
    """The name in a Host header, without the port and the brackets of IPv6; what is no name as it is."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2] if found else host).casefold()


def _is_own(origin: str, host: str) -> bool:
    """Whether an Origin header is of the host that is called."""
    try:
        return urlsplit(origin).netloc.casefold() == host.casefold()
    except ValueError:
        return False
