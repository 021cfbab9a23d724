"""``rawi runs list|show``: what crawls did, and which are under way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import JsonOption, console, print_json, print_table
from crawler.cli.runtime import load_config, with_database
from crawler.moments import parse_moment

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.status import Run, RunDetail

app = typer.Typer(help="What crawls did, which are under way, and which were lost.", no_args_is_help=True)


@app.command("list")
def list_command(
    source: Annotated[str | None, typer.Option(help="Only crawls of this source that have ended.")] = None,
    since: Annotated[str | None, typer.Option(help="Begun since: 2026-11-24, or 36h, 7d.", metavar="WHEN")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The latest so many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List crawls, the latest first. One that is lost was killed or cut off; what it had not stored is pending."""
    moment = parse_moment(since, datetime.now(UTC))

    async def work(pool: AsyncConnectionPool) -> list[Run]:
        from crawler.status import Operations

        return await Operations(pool).runs(limit, source=source, since=moment)

    runs = with_database(load_config(), work)
    if as_json:
        print_json(runs)
        return
    print_table(
        ["RUN", "STATE", "STARTED", "# SECONDS", "HOST", "# SOURCES", "# NEW", "# UPDATED", "# REJECTED"],
        [
            (
                run.id,
                run.state,
                run.started_at,
                _seconds(run),
                run.host,
                len(run.counts.get("sources", ())),
                run.total("new"),
                run.total("updated"),
                run.total("rejected"),
            )
            for run in runs
        ],
        empty="Nothing was crawled yet. Next: rawi crawl",
    )


@app.command("show")
def show_command(
    number: Annotated[int, typer.Argument(help="Number of the run, as the list shows it.", metavar="RUN")],
    as_json: JsonOption = False,
) -> None:
    """Show one crawl: what became of each of its sources, and every poll."""

    async def work(pool: AsyncConnectionPool) -> RunDetail:
        from crawler.status import Operations

        return await Operations(pool).run(number)

    detail = with_database(load_config(), work)
    if as_json:
        print_json(detail)
        return
    run = detail.run
    console.print(f"Run {run.id} on {run.host or 'an unknown machine'}: {run.state}, began {run.started_at:%F %T} UTC")
    if run.state in ("running", "lost"):
        console.print(f"Last sign of life {run.seen_at:%F %T} UTC; it has: {', '.join(detail.sources) or 'no source'}")
    counts = run.counts.get("sources", ())
    whats = ("entries", "new", "updated", "unchanged", "rejected", "quarantined", "postponed", "revisited")
    print_table(
        ["SOURCE", *(f"# {what.upper()}" for what in whats)],
        [(source["source"], *(_count(source.get(what, 0)) for what in whats)) for source in counts],
        empty="What became of its sources is written down when it ends.",
    )
    print_table(
        ["POLLED", "SOURCE", "FEED", "VERDICT", "# ENTRIES", "# NEW"],
        [(p["polled_at"], p["source"], p["feed"], p["verdict"], p["entries"], p["new"]) for p in detail.polls],
        empty="It polled no feed.",
    )


def _count(found: int | dict[str, int]) -> int:
    return sum(found.values()) if isinstance(found, dict) else found


def _seconds(run: Run) -> str:
    return f"{(run.finished_at - run.started_at).total_seconds():.1f}" if run.finished_at else "–"
