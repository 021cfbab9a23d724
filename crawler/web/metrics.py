"""Metrics for Prometheus: what the database knows. What one worker did is told by `rawi worker --metrics`."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from crawler.metrics import DatabaseCollector

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Return the metrics of now, in Prometheus' text format."""
    registry = CollectorRegistry()
    state = request.app.state
    registry.register(DatabaseCollector(state.database_url, lease=state.config.lease))
    return Response(await asyncio.to_thread(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)
