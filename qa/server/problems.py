"""What is wrong with a request, as RFC 9457 has it: one JSON object with a status, a title and one line of detail."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from ...errors import ArticleMissing, IndexUnusable, InputError, PullquoteError
from ..render.escaping import one_line

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
    """The response for what a verb raised: 404 an article that is not there, 422 bad input, 503 an index that cannot be used."""
    if isinstance(error, ArticleMissing):
        return problem(404, str(error))
    if isinstance(error, InputError):
        return problem(422, str(error))
    if isinstance(error, IndexUnusable):
        return problem(503, str(error))
    return problem(500, "a quote did not stand where it should: see the server's log")
