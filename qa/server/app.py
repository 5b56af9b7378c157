"""The application: the verbs, the pages, and the guard around both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Scope

from ... import __version__
from ...errors import PullquoteError
from ...index.served import Served
from . import pages, problems
from .api import schemas, verbs
from .guard import Guard
from .settings import Settings
from .turns import Busy, Turns
from .work import Work

_GRACE = 5.0  # seconds that what is worked on has to end, after the last response
_ANEW = 2.0  # seconds between looks at whether there is a new generation


def application(served: Served, settings: Settings) -> ASGIApp:
    """The verbs of an index over HTTP, and the page to ask from. The index is let go when the server ends."""
    work = Work(served, settings, Turns(settings.limits))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        served.warm()
        looking = asyncio.create_task(_look(served))
        yield
        looking.cancel()
        if await work.turns.close(_GRACE):
            await asyncio.to_thread(served.close)

    app = FastAPI(
        title="pullquote",
        version=__version__,
        summary="Questions answered with verbatim, located quotes.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    page = pages.Pages(work, app)
    listed, unlisted = verbs.router(work), pages.router(page)
    app.include_router(listed)
    app.include_router(unlisted)
    app.mount("/static", pages.static_files())
    _say_what_is_wrong(app, [*listed.routes, *unlisted.routes], page)
    _describe(app)
    return Guard(app, settings, work.metrics)


async def _look(served: Served) -> None:
    """Let old generations go, also while nobody asks."""
    while True:
        await asyncio.sleep(_ANEW)
        with suppress(PullquoteError):  # who asks is told
            await asyncio.to_thread(served.refresh)


def _say_what_is_wrong(app: FastAPI, routes: Sequence[BaseRoute], page: pages.Pages) -> None:
    """Every mistake in one line: as a page to a browser that asks for one, as JSON to others."""

    def said(request: Request, response: Response) -> Response:
        if "text/html" in request.headers.get("accept", "") and not _is_listed(request.scope, routes):
            return page.problem(response)
        return response

    @app.exception_handler(PullquoteError)
    async def refused(request: Request, error: PullquoteError) -> Response:
        return said(request, problems.of(error))

    @app.exception_handler(Busy)
    async def busy(request: Request, error: Busy) -> Response:
        return said(request, problems.problem(429, str(error), retry_after="1"))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return said(request, problems.of_request(error))

    @app.exception_handler(HTTPException)
    async def known(request: Request, error: HTTPException) -> Response:
        response = problems.of_http(error)
        if error.status_code == 405 and (methods := _methods(routes, request.scope)):
            response.headers["Allow"] = ", ".join(sorted(methods))
        return said(request, response)

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> Response:
        return said(request, problems.problem(500, "something went wrong: see the server's log"))


def _is_listed(scope: Scope, routes: Sequence[BaseRoute]) -> bool:
    """Whether a path is one of the verbs'."""
    found = [route for route in routes if route.matches(scope)[0] != Match.NONE]
    return any(getattr(route, "include_in_schema", False) for route in found)


def _methods(routes: Sequence[BaseRoute], scope: Scope) -> set[str]:
    """The methods of every route of a path: the router knows only those of the first."""
    found = [route for route in routes if route.matches(scope)[0] != Match.NONE]
    return {method for route in found for method in getattr(route, "methods", None) or ()}


def _describe(app: FastAPI) -> None:
    """The OpenAPI page, with the schemas of the records."""

    def described() -> dict[str, Any]:
        if not app.openapi_schema:
            made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            known = made.setdefault("components", {}).setdefault("schemas", {})
            known |= {**schemas.definitions(), "Problem": problems.SCHEMA}
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]
