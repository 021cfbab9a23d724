"""Is Rawi alive, and can it answer? For load balancers and supervisors."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel

from crawler.web.problems import Problem
from pipelines.errors import DatabaseError
from pipelines.storage.migrate import check

router = APIRouter(tags=["probes"])


class Probe(BaseModel):
    """The answer of a probe that passed."""

    status: str


@router.get("/healthz")
async def alive() -> Probe:
    """Answer as long as the process does; the database is not asked."""
    return Probe(status="alive")


@router.get("/readyz")
async def ready(request: Request) -> Probe:
    """Answer 200 when the database answers and has this version's schema, and 503 otherwise."""
    try:
        await asyncio.to_thread(check, request.app.state.database_url)
    except DatabaseError as error:
        raise Problem(503, str(error), {"Retry-After": "5"}) from error
    return Probe(status="ready")
