"""Runs: how things stand, what crawls did, and how far the one is that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from crawler.status import Operations, Run
from crawler.web.access import Pool, Settings
from crawler.web.problems import Problem
from crawler.web.rendering import render
from pipelines.errors import QueryError
from pipelines.storage.overview import Overview, RunProgress

router = APIRouter()

#: Runs in the list.
LISTED = 30
#: Verdicts on feeds that are nothing to look at.
GOOD = ("ok", "unchanged", "no-entries")


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run, with its counts added up over its sources; those of one under way are its progress."""

    run: Run
    progress: RunProgress

    @property
    def live(self) -> bool:
        """Whether it is under way."""
        return self.run.state == "running"


@router.get("/runs")
async def listed(request: Request, pool: Pool, settings: Settings) -> Response:
    """Show how things stand, and the runs, the latest first."""
    operations, overview = Operations(pool), Overview(pool, now=datetime.now(UTC))
    lines = [await _line(overview, run) for run in await operations.runs(LISTED)]
    return render(
        request,
        "runs.html",
        lines=lines,
        live=any(line.live for line in lines),
        standing=await operations.status(lease=settings.lease),
    )


@router.get("/runs/{run_id}")
async def run(request: Request, pool: Pool, run_id: int) -> Response:
    """Show one run, what it did with each source, and what feeds answered."""
    try:
        detail = await Operations(pool).run(run_id)
    except QueryError as error:
        raise Problem(404, str(error)) from error
    line = await _line(Overview(pool, now=datetime.now(UTC)), detail.run)
    sources = detail.run.counts.get("sources", ())
    return render(request, "run.html", line=line, sources=sources, polls=detail.polls, held=detail.sources)


async def _line(overview: Overview, run: Run) -> RunLine:
    if run.state == "running":
        return RunLine(run, await overview.progress(run.id))
    feeds = [feeds for source in run.counts.get("sources", ()) for feeds in source.get("feeds", {}).items()]
    # A source that was added from a look at its site has a run of its own, which counts what it stored.
    added: Any = run.counts.get("stored", 0)
    return RunLine(
        run,
        RunProgress(
            polls=run.total("feeds"),
            failed=sum(count for verdict, count in feeds if verdict not in GOOD),
            fresh=run.total("entries"),
            stored=run.total("new") + run.total("updated") + added,
            rejected=run.total("rejected"),
            waiting=0,
        ),
    )
