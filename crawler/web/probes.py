"""Is Rawi alive, and can it answer? For load balancers and supervisors."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel

from crawler.web.problems import RETRY_AFTER, Problem, ProblemDetails
from pipelines.errors import DatabaseError, SchemaOutdated
from pipelines.storage.migrate import check

router = APIRouter(tags=["probes"])


class Probe(BaseModel):
    """The answer of a probe that passed."""

    status: str


@router.get("/healthz")
async def alive() -> Probe:
    """Answer as long as the process does; the database is not asked."""
    return Probe(status="alive")


@router.get("/readyz", responses={503: {"model": ProblemDetails, "description": "Not now; see Retry-After."}})
async def ready(request: Request) -> Probe:
    """Answer 200 when the database answers and has this version's schema, and 503 otherwise."""
    try:
        await asyncio.to_thread(check, request.app.state.database_url)
    except DatabaseError as error:
        # Anybody may ask: where the database is, is not told.
        said = str(error) if isinstance(error, SchemaOutdated) else "the database does not answer"
        raise Problem(503, said, {"Retry-After": str(RETRY_AFTER)}) from error
    return Probe(status="ready")
