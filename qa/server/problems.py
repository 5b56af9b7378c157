"""What is wrong with a request, as RFC 9457 has it: one JSON object with a status, a title and one line of detail."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ...errors import ArticleMissing, EncoderError, IndexUnusable, InputError, PullquoteError
from ..render.escaping import one_line

log = logging.getLogger("pullquote.server")
MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["title", "status", "detail"],
    "additionalProperties": False,
}


def problem(status: int, detail: str, **headers: str) -> Response:
    """A response that says what is wrong, in one line."""
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": one_line(detail)}
    return Response(json.dumps(body, ensure_ascii=False), status, {k.replace("_", "-"): v for k, v in headers.items()}, MEDIA_TYPE)


def of(error: PullquoteError) -> Response:
    """The response for what a verb raised: 404 an article that is not there, 422 bad input, 503 an index that cannot be used. Where
    the index lies on this machine, and what is wrong with it, is told to the log alone.
    """
    if isinstance(error, ArticleMissing):
        return problem(404, str(error).partition(" (")[0])
    if isinstance(error, InputError) and not isinstance(error, EncoderError):
        return problem(422, str(error).removeprefix("where."))
    log.error("%s", error)
    if isinstance(error, (IndexUnusable, EncoderError)):
        return problem(503, "the index cannot be used just now: see the server's log")
    return problem(500, "a quote did not stand where it should: see the server's log")


def of_request(error: RequestValidationError) -> Response:
    """The response for what is not as the OpenAPI page says."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("query", "body"))
    if first["type"] == "json_invalid":
        return problem(422, f"the body is not JSON: {first['ctx']['error']} at character {where}")
    if not where:
        return problem(422, "the body must be an object of JSON, sent with Content-Type: application/json")
    return problem(422, f"{where}: {first['msg']}")


def of_http(error: HTTPException) -> Response:
    """The response for what the framework raised."""
    if error.status_code == 400:  # of a body that is no text, or nested without end
        return problem(422, "the body is not JSON")
    headers = {name.replace("-", "_"): value for name, value in (error.headers or {}).items()}
    return problem(error.status_code, str(error.detail), **headers)
