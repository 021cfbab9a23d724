"""``rawi backfill``: what a source published before Rawi knew it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.crawl import Watcher, stopped_gently
from crawler.cli.output import JsonOption, console, print_json, progress_bar
from crawler.cli.runtime import Exit, load_config, with_database
from crawler.moments import parse_moment
from pipelines.errors import SourceError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.backfill import BackfillReport

EXAMPLES = """
[bold]Examples[/bold]

  rawi backfill example --since 2026-01-01

  rawi backfill example --since 2026-01-01 --until 2026-03-01 --limit 500    in portions; again, and it goes on

The source's sitemaps and listings are read, or else the sitemaps that its robots.txt names, the newest first; pages are
fetched at the pace of any crawl. A backfill that was stopped or killed goes on where it was. What stays pending is also
taken up by rawi crawl.
"""


def backfill_command(
    name: Annotated[str, typer.Argument(help="Name of the source.", metavar="SOURCE")],
    since: Annotated[str, typer.Option(help="The first day: 2026-01-01, or 30d, 6m, 1y ago.", metavar="WHEN")],
    until: Annotated[
        str | None, typer.Option(help="The day after the last; by default tomorrow.", metavar="WHEN")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many pages this time.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch what a source published in the past, from its sitemaps and listings, the newest first."""
    from crawler.backfill import Backfill, Period
    from crawler.sources.repository import Sources
    from pipelines.storage.pool import pool_url

    config = load_config()
    now = datetime.now(UTC)
    first = (parse_moment(since, now) or now).date()
    last = (parse_moment(until, now) or now + timedelta(days=1)).date()
    if first >= last:
        raise SourceError(f"--since {first}, the first day, must be before --until {last}, the day after the last")

    async def work(pool: AsyncConnectionPool) -> BackfillReport:
        source = await Sources(pool).get(name)
        period = Period(first, last)
        with progress_bar() as bar:
            filling = Backfill(config, pool, pool_url(pool), limit=limit, observer=Watcher(bar))
            with stopped_gently(filling.stop):
                return await filling.run(source, period)

    report = with_database(config, work)
    if as_json:
        print_json(asdict(report))
    else:
        _print(name, report)
    if report.stopped:
        raise typer.Exit(Exit.INTERRUPTED)
    if report.failed:
        raise typer.Exit(Exit.SOME_FAILED)


def _print(name: str, report: BackfillReport) -> None:
    resumed = "Went on with it. " if report.resumed else ""
    found = f"{report.found} articles announced, {report.new} of them new"
    console.print(f"{resumed}{report.documents} sitemaps or pages read: {found}.")
    for url, reason in report.failed.items():
        console.print(f"  not read: {url} ({reason})", soft_wrap=True)
    pages = report.pages
    if pages.get("busy"):
        console.print(f"{name} is being crawled by another process; try again when it has finished.")
        return
    rejected = ", ".join(f"{count} {reason}" for reason, count in pages.get("rejected", {}).items()) or "0"
    console.print(
        f"{pages.get('new', 0)} stored, {pages.get('updated', 0)} updated, {pages.get('unchanged', 0)} known already, "
        f"rejected {rejected}."
    )
    if report.left or report.stopped:
        console.print(f"{report.left} are pending. To go on, say the same again.")
