"""Runs: what crawls did, and how far the one is that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from crawler.web.access import Pool
from crawler.web.problems import Problem
from crawler.web.rendering import render
from pipelines.storage.overview import Overview, RunProgress, RunRow

router = APIRouter()

#: Runs in the list.
LISTED = 30


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run with its counts added up over its sources; those of one under way are its progress."""

    run: RunRow
    progress: RunProgress


@router.get("/runs")
async def listed(request: Request, pool: Pool) -> Response:
    """List the runs, the latest first."""
    overview = Overview(pool, now=datetime.now(UTC))
    lines = [await _line(overview, run) for run in await overview.runs(LISTED)]
    return render(request, "runs.html", lines=lines, live=any(line.run.outcome == "running" for line in lines))


@router.get("/runs/{run_id}")
async def run(request: Request, pool: Pool, run_id: int) -> Response:
    """Show one run, and what it did with each source."""
    overview = Overview(pool, now=datetime.now(UTC))
    found = await overview.runs(1, run_id=run_id)
    if not found:
        raise Problem(404, f"there is no run {run_id}")
    line = await _line(overview, found[0])
    return render(
        request,
        "run.html",
        run=found[0],
        progress=line.progress,
        sources=[_of_source(record) for record in found[0].counts.get("sources", [])],
        live=found[0].outcome == "running",
    )


async def _line(overview: Overview, run: RunRow) -> RunLine:
    if run.outcome == "running":
        return RunLine(run, await overview.progress(run.id))
    sources = [_of_source(record) for record in run.counts.get("sources", [])]
    # A source that was added from a look at its site has a run of its own, which counts what it stored.
    stored = int(run.counts.get("stored", 0))
    return RunLine(
        run,
        RunProgress(
            polls=sum(one["polls"] for one in sources),
            failed=sum(one["failed"] for one in sources),
            fresh=sum(one["entries"] for one in sources),
            stored=sum(one["stored"] for one in sources) + stored,
            rejected=sum(one["rejected"] for one in sources),
            waiting=0,
        ),
    )


def _of_source(record: dict[str, Any]) -> dict[str, Any]:
    """Add up what a run wrote down of one source (:meth:`crawler.report.SourceReport.record`)."""
    feeds: dict[str, int] = record.get("feeds", {})
    return {
        "source": record["source"],
        "verdicts": feeds,
        "polls": sum(feeds.values()),
        "failed": sum(count for verdict, count in feeds.items() if verdict not in ("ok", "unchanged", "no-entries")),
        "entries": record.get("entries", 0),
        "stored": record.get("new", 0) + record.get("updated", 0),
        "rejected": sum(record.get("rejected", {}).values()),
        "reasons": record.get("rejected", {}),
    }
