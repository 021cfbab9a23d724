"""Quarantine: what was refused and why, to be looked at, read again or dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from crawler.replay import RefusedReport, Replay, rules_by_source
from crawler.sources.repository import Sources
from crawler.web.access import Analysis, Pool, Settings
from crawler.web.problems import Problem
from crawler.web.rendering import leave_for, render
from pipelines.errors import PageRejected, QueryError, SourceError
from pipelines.extract.decode import decode
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.overview import Overview
from pipelines.storage.people import People
from pipelines.storage.quarantine import Quarantine, Refused
from pipelines.workers import AnalysisPool

router = APIRouter()

#: What is listed, and characters of a page that are shown.
LISTED, BEGINNING = 100, 4_000


@router.get("/quarantine")
async def listed(request: Request, pool: Pool, source: str = "", reason: str = "") -> Response:
    """List what was refused, of one source or for one reason when it is said."""
    sources = await Sources(pool).select()
    ids = [one.id for one in sources if one.name == source] if source else None
    return render(
        request,
        "quarantine.html",
        refused=await Quarantine(pool).lines(Refused(source_ids=ids, reason=reason or None), LISTED),
        reasons=await Overview(pool, now=datetime.now(UTC)).quarantine_reasons(),
        sources=sources,
        source=source,
        reason=reason,
    )


@router.post("/quarantine/replay")
async def replay_all(
    pool: Pool,
    settings: Settings,
    analysis: Analysis,
    source: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Read all that the list shows again, by today's rules."""
    await _replay(pool, settings, analysis, Refused(reason=reason or None), [source] if source else None)
    return leave_for("/quarantine", "replayed")


@router.get("/quarantine/{number}")
async def shown(request: Request, pool: Pool, number: int) -> Response:
    """Show what was refused: verdict, headers, and the beginning of what came."""
    try:
        whole = await Quarantine(pool).show(number)
    except QueryError as error:
        raise Problem(404, str(error)) from error
    beginning = _beginning(whole.body, whole.line.charset) if whole.body else None
    return render(request, "refused.html", refused=whole.line, headers=whole.headers, beginning=beginning)


@router.post("/quarantine/{number}/replay")
async def replay(pool: Pool, settings: Settings, analysis: Analysis, number: int) -> Response:
    """Read one page again, by today's rules; stay with it when it is still refused."""
    report = await _replay(pool, settings, analysis, Refused(ids=[number]), None)
    return (
        leave_for("/quarantine", "recovered") if report.recovered else leave_for(f"/quarantine/{number}", "still_bad")
    )


@router.post("/quarantine/{number}/drop")
async def drop(pool: Pool, number: int) -> Response:
    """Delete one, with its bytes."""
    await Quarantine(pool).drop(Refused(ids=[number]))
    return leave_for("/quarantine", "dropped")


def _beginning(body: bytes, charset: str | None) -> str:
    """Return the beginning of a page as text; of what is no text, whatever comes of it."""
    first = body[: 4 * BEGINNING]
    try:
        return decode(first, charset).text[:BEGINNING]
    except PageRejected:
        return first.decode("utf-8", "replace")[:BEGINNING]


async def _replay(
    pool: Pool, settings: Settings, analysis: AnalysisPool, chosen: Refused, names: list[str] | None
) -> RefusedReport:
    """Read refused pages again and store what is good now, as the command line does."""
    try:
        sources = await Sources(pool).select(names)
    except SourceError as error:
        raise Problem(404, str(error)) from error
    chosen = replace(chosen, source_ids=[source.id for source in sources])
    rules = await rules_by_source(pool, sources)
    report = await Replay(pool, analysis, rules, settings.keep_pages > 0).run_refused(chosen, write=True)
    if report.recovered:
        await Duplicates(pool).find()
        await People(pool).merge_new()
    return report
