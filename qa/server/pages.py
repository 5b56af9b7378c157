"""The pages: to ask, to read an article with its quotes marked, to see what was said when. They work without script."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, FastAPI, Request
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from ...errors import InputError
from ...index.filters import Filter
from ...index.index import Index
from ..answer import Quote
from ..ask import Answerer
from ..question.beyond import instead
from ..render.environment import environment
from ..timeline import timeline as of_dates
from .guard import COOKIE
from .reading import shown
from .work import Work

_QUOTES = 5
_LISTED = 24  # outlets that are shown as boxes to tick
_SUGGESTED = 500  # of more, those that are suggested while one is typed
_EXPLAINED = 50  # passages among which that of a quote is looked for
_MARKED = 50  # stretches of one article
_FIELDS = ("q", "source", "since", "until", "newest")  # of the form
_HERE = re.compile(r"/(?![/\\])[!-~]*\Z")  # an address of this server
LEGS = {
    "article": "the article's words",
    "passage": "the passage's words",
    "sentence": "the sentence's words",
    "dense": "the sentence's meaning",
    "newest": "its date",
}


def static_files() -> StaticFiles:
    """The style and the script."""
    return StaticFiles(directory=Path(__file__).parent / "static")


def router(pages: Pages) -> APIRouter:
    """The routes of the pages."""
    routes = APIRouter(include_in_schema=False)
    for path, function in (
        ("/", pages.ask),
        ("/over-time", pages.over_time),
        ("/read", pages.read),
        ("/docs", pages.docs),
        ("/sign-in", pages.sign_in),
    ):
        routes.add_api_route(path, function, methods=["GET", "HEAD"], response_model=None)
    routes.add_api_route("/sign-in", pages.signed_in, methods=["POST"], response_model=None)
    return routes


class Pages:
    """The functions of the routes."""

    def __init__(self, work: Work, app: FastAPI) -> None:
        self._work, self._app = work, app
        self._templates = environment("html", package="pullquote.qa.server")
        self._templates.filters |= {"read": read_address, "spaced": lambda number: f"{number:,}"}

    def _page(self, name: str, status: int = 200, **values: Any) -> Response:
        known = {"given": QueryParams(""), "error": "", "title": "", **values}
        return HTMLResponse(self._templates.get_template(f"{name}.html.jinja").render(known), status)

    async def _asked(self, request: Request, name: str, does: Callable[[Index, str, Filter], Mapping[str, Any]]) -> Response:
        """A page about what is asked in the query, or one that says what is wrong with it."""
        given = request.query_params
        question, most = given.get("q", "").strip(), self._work.settings.limits.question

        def made(index: Index) -> Response:
            values: dict[str, Any] = {"question": question, "title": question, "given": given, **_about(index)}
            try:
                if len(question) > most:
                    raise InputError(f"a question of {len(question):,} characters: at most {most:,} are read")
                return self._page(name, **values, **(does(index, question, _where(given)) if question else {}))
            except InputError as error:
                return self._page(name, 422, **values, error=str(error).removeprefix("where."))

        return await self._work.on_index(made)

    async def ask(self, request: Request) -> Response:
        """The question box; and what is answered."""

        def answer(index: Index, question: str, where: Filter) -> Mapping[str, Any]:
            found = Answerer(index, _QUOTES, newest=bool(request.query_params.get("newest"))).answer(index.query(question), where)
            self._work.metrics.answered(found.status)
            passages = {hit.passage_id: hit.explain for hit in index.search(question, _EXPLAINED, where)}
            every = [*found.quotes, *found.nearest, *(quote for side in found.disagreements for quote in side.quotes)]
            return {"answer": found, "spans": _spans(every), "passages": passages, "legs": LEGS, "instead": instead(question)}

        return await self._asked(request, "ask", answer)

    async def over_time(self, request: Request) -> Response:
        """The best quote of each date."""

        def dates(index: Index, question: str, where: Filter) -> Mapping[str, Any]:
            found = of_dates(index, question, where=where)
            return {"timeline": found, "spans": _spans(found.quotes)}

        return await self._asked(request, "over_time", dates)

    async def read(self, request: Request) -> Response:
        """An article, with stretches of it marked."""
        given = request.query_params
        article_id = given.get("id", "")

        back = urlencode([(name, value) for name, value in given.multi_items() if name in _FIELDS])

        def page(index: Index) -> Response:
            known = index.article(article_id)
            parts = list(shown(known.text, _stretches(given, len(known.text)), index.marks(known)))
            return self._page("read", article=known, parts=parts, title=known.title or known.id, given=given, back=back)

        return await self._work.on_index(page)

    async def docs(self) -> Response:
        """The OpenAPI page, to be read."""
        return self._page("docs", api=self._app.openapi(), title="Over HTTP")

    def problem(self, response: Response) -> Response:
        """What is wrong, as a page."""
        said = json.loads(bytes(response.body))
        page = self._page("problem", response.status_code, error=said["detail"], title=said["title"])
        page.headers.update({name: response.headers[name] for name in ("retry-after", "allow") if name in response.headers})
        return page

    async def sign_in(self, request: Request) -> Response:
        """Where the token is given."""
        return self._page("sign_in", title="Sign in", next=request.query_params.get("next", "/"))

    async def signed_in(self, request: Request) -> Response:
        """Remember the token in a cookie that no script sees, and no other site sends."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        [token], [there] = form.get("token", [""])[:1], form.get("next", ["/"])[:1]
        known = self._work.settings.token
        if not known or not hmac.compare_digest(token.encode(), known.encode()):
            return self._page("sign_in", 401, error="That is not the token.", title="Sign in", next=there)
        response = RedirectResponse(there if _HERE.match(there) else "/", 303)
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return response


def read_address(quote: Quote, spans: Mapping[str, list[tuple[int, int]]], given: QueryParams) -> str:
    """Where an article is read at a quote, all quotes of it marked; `given`: what was asked, to come back to it."""
    known = spans[quote.article_id]
    values = [("id", quote.article_id), *(("span", f"{start}-{end}") for start, end in known)]
    values += [(name, value) for name, value in given.multi_items() if name in _FIELDS and value]
    return f"/read?{urlencode(values)}#quote-{known.index((quote.start, quote.end)) + 1}"


def _spans(quotes: list[Quote] | tuple[Quote, ...]) -> dict[str, list[tuple[int, int]]]:
    """By article, where its quotes stand, in order."""
    found: dict[str, set[tuple[int, int]]] = {}
    for one in quotes:
        found.setdefault(one.article_id, set()).add((one.start, one.end))
    return {article: sorted(spans) for article, spans in found.items()}


def _where(given: QueryParams) -> Filter:
    """The filter of a form, whose fields may be empty."""
    sources = [name.strip() for name in given.getlist("source") if name.strip()]
    return Filter.of(sources or None, given.get("since") or None, given.get("until") or None)


def _about(index: Index) -> dict[str, Any]:
    outlets = [name for name in index.outlets() if name]
    return {"articles": len(index), "outlets": outlets[:_SUGGESTED], "boxes": len(outlets) <= _LISTED}


def _stretches(given: QueryParams, length: int) -> list[tuple[int, int]]:
    """The stretches of an article that are to be marked: those that lie in it, in order, without overlaps."""
    found: list[tuple[int, int]] = []
    for value in given.getlist("span")[:_MARKED]:
        start, _, end = value.partition("-")
        if start.isdecimal() and end.isdecimal() and len(value) < 30 and int(start) < int(end) <= length:
            found.append((int(start), int(end)))
    kept: list[tuple[int, int]] = []
    for stretch in sorted(found):
        if not kept or stretch[0] >= kept[-1][1]:
            kept.append(stretch)
    return kept
