"""The verbs as JSON: each takes a query or a body of JSON, and gives back what the command line prints with --json."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from ....index.index import Index
from ....index.search.formula import NEWEST
from ...ask import Answerer
from ...records import article_record, hits_record, status_record, verdicts_record
from ...render.escaping import to_json
from ...verify.verify import verify as verdict_of
from .. import problems
from ..work import Work
from .requests import Ask, Search, Verify
from .schemas import named

_PROBLEM = {"content": {problems.MEDIA_TYPE: {"schema": named("Problem")}}}
_REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"description": "Called by a name that is not this server's.", **_PROBLEM},
    401: {"description": "A token is needed.", **_PROBLEM},
    403: {"description": "Asked from a page of another site.", **_PROBLEM},
    429: {"description": "Too many ask at once.", **_PROBLEM},
    503: {"description": "The index cannot be used.", **_PROBLEM},
}
_BAD: dict[int | str, dict[str, Any]] = {
    408: {"description": "The body came too slowly.", **_PROBLEM},
    413: {"description": "The body is too large.", **_PROBLEM},
    422: {"description": "What was given cannot be used.", **_PROBLEM},
}


def _gives(name: str, description: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {"application/json": {"schema": named(name)}}}, **_REFUSED, **_BAD}


def json_response(record: dict[str, Any]) -> Response:
    """A record as the command line prints it."""
    return Response(to_json(record), media_type="application/json")


def router(work: Work) -> APIRouter:
    """The routes of the verbs."""
    routes, verbs = APIRouter(), Verbs(work)
    both = (
        ("/ask", "Verbatim, located quotes that answer a question; or no answer, and why.", "Answer", verbs.get_ask, verbs.ask),
        ("/search", "Ranked passages.", "Hits", verbs.get_search, verbs.search),
        (
            "/verify",
            "Whether a quote stands in the articles, where, and how it was altered.",
            "Verdicts",
            verbs.get_verify,
            verbs.verify,
        ),
    )
    for path, summary, name, get, post in both:
        for method, function in (("GET", get), ("POST", post)):
            routes.add_api_route(
                path,
                function,
                methods=[method],
                responses=_gives(name, summary),
                response_class=Response,
                summary=summary,
                operation_id=f"{method.lower()}{path.replace('/', '_')}",
            )
    missing: dict[int | str, dict[str, Any]] = {404: {"description": "No such article.", **_PROBLEM}}
    single: tuple[tuple[str, Any, str, str, dict[int | str, dict[str, Any]]], ...] = (
        ("/articles/{article_id:path}", verbs.article, "Article", "An article, and which lines are no part of its story.", missing),
        ("/status", verbs.status, "Status", "What is indexed.", {}),
    )
    for path, function, name, summary, more in single:
        responses = {**_gives(name, summary), **more}
        routes.add_api_route(path, function, responses=responses, response_class=Response, summary=summary)
    for path, unlisted in (("/healthz", verbs.health), ("/metrics", verbs.metrics)):
        routes.add_api_route(path, unlisted, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


class Verbs:
    """The functions of the routes."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def _given(self, does: Callable[[Index], dict[str, Any]]) -> Response:
        return await self._work.on_index(lambda index: json_response(does(index)))

    async def ask(self, asked: Ask) -> Response:
        """An answer."""

        def answer(index: Index) -> dict[str, Any]:
            answerer = Answerer(index, asked.n, context=asked.context, newest=asked.newest, reader=not asked.quick, sure=asked.sure)
            found = answerer.answer(index.query(asked.question), asked.filter())
            self._work.metrics.answered(found.status)
            return found.to_dict()

        return await self._given(answer)

    async def search(self, asked: Search) -> Response:
        """Hits."""

        def hits(index: Index) -> dict[str, Any]:
            weights = replace(index.weights, newest=NEWEST) if asked.newest else None
            found = index.search(asked.query, asked.k, asked.filter(), lexical=asked.lexical, weights=weights)
            return hits_record(asked.query, found)

        return await self._given(hits)

    async def verify(self, asked: Verify) -> Response:
        """A verdict."""
        return await self._given(lambda index: verdicts_record([verdict_of(index, asked.quote, asked.by)]))

    async def get_ask(self, asked: Annotated[Ask, Query()]) -> Response:
        """As `ask`, of a query."""
        return await self.ask(asked)

    async def get_search(self, asked: Annotated[Search, Query()]) -> Response:
        """As `search`, of a query."""
        return await self.search(asked)

    async def get_verify(self, asked: Annotated[Verify, Query()]) -> Response:
        """As `verify`, of a query."""
        return await self.verify(asked)

    async def article(self, article_id: str) -> Response:
        """An article."""

        def found(index: Index) -> dict[str, Any]:
            known = index.article(article_id)
            return article_record(known, index.marks(known), 0, len(known.text))

        return await self._given(found)

    async def status(self) -> Response:
        """What is indexed; not where, which is nobody's business."""

        def found(index: Index) -> dict[str, Any]:
            record = status_record(index.status())
            return {**record, "folder": Path(record["folder"]).name}

        return await self._given(found)

    async def health(self) -> Response:
        """Whether the index can be used."""
        await asyncio.to_thread(self._work.served.refresh)
        return json_response({"status": "ok", "warm": self._work.served.is_warm})

    async def metrics(self) -> Response:
        """Counts and times for Prometheus."""

        def text() -> bytes:
            with self._work.served.borrowed() as index:
                return self._work.metrics.text(index)

        return Response(await asyncio.to_thread(text), media_type="text/plain; version=0.0.4")
