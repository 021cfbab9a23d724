"""What is answered when something is wrong: problem details (RFC 9457) to programs, a page to people."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from crawler.web.headers import SECURITY
from pipelines.errors import DatabaseError, RawiError

logger = logging.getLogger(__name__)

#: Paths that programs ask for; all others are pages.
PROGRAMS = ("/api/", "/metrics", "/healthz", "/readyz")
#: Seconds after which it is worth asking a database again that was away or overburdened.
RETRY_AFTER = 5

#: A page that tells people what is wrong: request, status, sentence.
ErrorPage = Callable[[Request, int, str], Awaitable[Response]]


class Problem(Exception):  # noqa: N818 -- the standard's own word
    """An answer that is not what was asked for: a status and a sentence for people."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


class ProblemDetails(BaseModel):
    """Problem details for HTTP APIs, RFC 9457."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"title": "Not Found", "status": 404, "detail": "no article 7"}]}
    )

    type: str = Field(default="about:blank", description="What kind of problem; none is told apart beyond its status.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong with this request, in a sentence.")
    errors: list[dict[str, Any]] | None = Field(default=None, description="Of wrong input: each field and its fault.")


class ProblemResponse(JSONResponse):
    """Problem details as an answer."""

    media_type = "application/problem+json"


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: list[dict[str, Any]] | None = None
) -> ProblemResponse:
    """Return problem details as an answer."""
    details = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors)
    return ProblemResponse(details.model_dump(exclude_none=True), status, dict(headers or {}))


def for_programs(path: str) -> bool:
    """Whether a path is asked for by programs, which want problem details instead of a page."""
    return path.startswith(PROGRAMS)


def install(app: FastAPI, error_page: ErrorPage) -> None:
    """Let every error of ``app`` become problem details or, on the pages, what ``error_page`` makes of it."""

    async def answer(
        request: Request,
        status: int,
        detail: str,
        headers: Mapping[str, str],
        errors: list[dict[str, Any]] | None = None,
    ) -> Response:
        if for_programs(request.url.path):
            return problem_response(status, detail, headers, errors)
        page = await error_page(request, status, detail)
        page.headers.update(headers)
        return page

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 -- this handler is for no other
        return await answer(request, error.status, error.detail, error.headers)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        headers = {"Allow": _allowed(request)} if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else {}
        return await answer(request, error.status_code, str(error.detail), {**(error.headers or {}), **headers})

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        wrong = [{"where": list(one["loc"]), "message": one["msg"]} for one in error.errors()]
        said = "; ".join(f"{'.'.join(str(part) for part in one['where'])}: {one['message']}" for one in wrong)
        return await answer(request, 422, said, {}, jsonable_encoder(wrong))

    async def ours(request: Request, error: Exception) -> Response:
        if isinstance(error, DatabaseError):
            return await away(request, error)
        return await answer(request, 400, str(error), {})

    async def unstorable(request: Request, _: Exception) -> Response:
        return await answer(request, 400, "no text in the store can hold that (such as the character U+0000)", {})

    async def away(request: Request, error: Exception) -> Response:
        logger.warning("the database did not answer: %s", type(error).__name__)
        return await answer(
            request, 503, "the database does not answer in time; try again", {"Retry-After": str(RETRY_AFTER)}
        )

    async def unknown(request: Request, _: Exception) -> Response:
        # Answered outside of all middleware, and then raised once more, for the server to log it.
        return await answer(request, 500, "something went wrong here; it was written to the log", SECURITY)

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(RawiError, ours)
    app.add_exception_handler(psycopg.DataError, unstorable)
    for lost in (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
        app.add_exception_handler(lost, away)
    app.add_exception_handler(Exception, unknown)


def _allowed(request: Request) -> str:
    """Return the methods that this path has; each route by itself knows only its own."""
    routes, scope = request.app.routes, request.scope
    methods = ("GET", "POST", "PATCH", "DELETE")
    return ", ".join(
        method
        for method in methods
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    )
