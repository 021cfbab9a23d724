"""What the routes have in common: pages of lists, streams of lines, what is said of errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Message, Send

from crawler.web.access import check_limit
from crawler.web.api.cursors import write_cursor
from crawler.web.api.filters import About
from crawler.web.api.models import Listing, Model
from crawler.web.problems import RETRY_AFTER, Problem, ProblemDetails
from pipelines.storage.reading import Row, Wanted, stream

Item = TypeVar("Item", bound=Model)

#: Streams at once: each holds a connection and a transaction for as long as its reader takes.
STREAMS = 4
LINES = "application/jsonl"
#: Bytes that are sent at once, and seconds in which a reader must have taken them.
CHUNK, PATIENCE = 64 * 1024, 120.0

_PROBLEM = {"model": ProblemDetails}
#: What every route may answer besides what was asked for.
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {
        **_PROBLEM,
        "description": "Well formed, but it makes no sense: a cursor of another list, a search for nothing.",
    },
    401: {**_PROBLEM, "description": "The token is missing or wrong."},
    422: {**_PROBLEM, "description": "It does not fit this description: each field and its fault."},
    503: {**_PROBLEM, "description": "The database does not answer in time; see Retry-After."},
}
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {**_PROBLEM, "description": "There is none of that number or name."}}
TOO_MANY: dict[int | str, dict[str, Any]] = {429: {**_PROBLEM, "description": "Too many searches; see Retry-After."}}
CHANGES: dict[int | str, dict[str, Any]] = {
    403: {**_PROBLEM, "description": "No token is set, so nothing is changed over the API."}
}
CONFLICT: dict[int | str, dict[str, Any]] = {409: {**_PROBLEM, "description": "The store does not allow it as it is."}}
ALSO_LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {LINES: {"schema": {"type": "string", "description": "One JSON object a line, all rows."}}}}
}


def listing(kind: type[Item], rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> Listing[Item]:
    """Return a page of a list: of one row more than ``limit``, the last says only that there are more.

    ``key`` is the sort key of a row.
    """
    more = len(rows) > limit
    items = [kind.model_validate(row) for row in rows[:limit]]
    return Listing[kind](items=items, next=write_cursor(*key(rows[limit - 1])) if more else None)  # type: ignore[valid-type]


def limit_if_search(request: Request, filters: About) -> None:
    """Count a list that is narrowed to words as a search of this reader."""
    if filters.q is not None:
        check_limit(request, request.app.state.searches)


def wants_lines(request: Request, form: str | None) -> bool:
    """Whether the answer is to be a stream of lines."""
    return form == "jsonl" or (form is None and LINES in request.headers.get("accept", ""))


class Lines(StreamingResponse):
    """A stream that is left unfinished, and its connection closed, for a reader who has stopped reading."""

    media_type = LINES

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes]) -> None:
        super().__init__(_joined(first, rest))
        self._rest = rest

    async def stream_response(self, send: Send) -> None:
        """Send the chunks, as long as they are taken."""

        async def sending(message: Message) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        async with aclosing(self._rest):
            with suppress(TimeoutError):
                await super().stream_response(sending)


async def lines(request: Request, kind: type[Model], name: str, wanted: Wanted) -> Lines:
    """Answer with all rows of a list, one JSON object a line. Raises a 503 while too many are read."""
    if request.app.state.streams.locked():
        raise Problem(503, f"{STREAMS} streams are being read already", {"Retry-After": str(RETRY_AFTER)})
    chunks = _chunks(request, kind, name, wanted)
    # What goes wrong at the beginning is still a problem with a status of its own.
    first = await anext(chunks)
    return Lines(first, chunks)


async def _chunks(request: Request, kind: type[Model], name: str, wanted: Wanted) -> AsyncGenerator[bytes]:
    async with request.app.state.streams, stream(request.app.state.database_url, name, wanted) as rows:
        chunk = bytearray()
        async for row in rows:
            chunk += kind.model_validate(row).model_dump_json().encode() + b"\n"
            if len(chunk) >= CHUNK:
                yield bytes(chunk)
                chunk.clear()
        yield bytes(chunk)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
