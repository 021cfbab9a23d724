"""``rawi crawl``: poll feeds and store what they announce, once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, TaskID

from crawler.cli.output import JsonOption, console, errors, print_json, print_table, progress_bar
from crawler.cli.runtime import Exit, load_config, with_database
from crawler.logs import log_to_stderr
from pipelines.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from crawler.report import CrawlReport, SourceReport
    from crawler.sources.model import Source

EXAMPLES = """
[bold]Examples[/bold]

  rawi crawl                       every enabled source, now

  rawi crawl example --limit 5     five pages of one source, to see whether it works

  rawi crawl --due --json          what is due, for cron and timers

  rawi crawl example --enqueue     by a worker, before everything else

Ctrl-C finishes and saves the pages under way; what was not fetched stays pending for the next crawl. A killed crawl
loses nothing and stores nothing twice.
"""


def crawl_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources; all enabled ones by default.", metavar="SOURCE...")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Only feeds whose time has come.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many pages of each source.")] = None,
    enqueue: Annotated[
        bool, typer.Option("--enqueue", help="Leave it to a rawi worker, which does it before what is due.")
    ] = False,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Log one JSON object a line on standard error, instead of progress.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Poll feeds, fetch what they announce, and store the articles with their hashtags and quotations."""
    config = load_config()
    if log_json:
        log_to_stderr(as_json=True)

    if enqueue:
        if due or limit is not None:
            raise QueryError("--enqueue is for everything a source has: leave out --due and --limit")
        _enqueue(config, names, as_json=as_json)
        return

    async def crawl(pool: AsyncConnectionPool) -> CrawlReport:
        chosen = await _chosen(pool, names, due=due)
        return await crawl_watched(config, pool, chosen, limit=limit, only_due=due, silently=log_json)

    report = with_database(config, crawl)
    if as_json:
        print_json(report.record())
    else:
        print_report(report)
    if report.outcome == "interrupted":
        raise typer.Exit(Exit.INTERRUPTED)
    if report.failed:
        raise typer.Exit(Exit.SOME_FAILED)


async def _chosen(pool: AsyncConnectionPool, names: Sequence[str] | None, *, due: bool) -> list[Source]:
    """Return the sources of these names; without names the enabled ones, or those that have something to do."""
    from crawler.sources.repository import Sources

    if due and not names:
        from crawler.dispatch import due_sources  # brings the queue, which nothing else here needs

        return await Sources(pool).of_ids(await due_sources(pool))
    return [source for source in await Sources(pool).select(names) if names or source.enabled]


def _enqueue(config: Config, names: Sequence[str] | None, *, as_json: bool) -> None:
    """Let workers crawl the sources of these names, or all enabled ones, before everything else."""

    async def work(pool: AsyncConnectionPool) -> int:
        from crawler.dispatch import crawl_soon

        return await crawl_soon(pool, await _chosen(pool, names, due=False), lease=config.lease)

    queued = with_database(config, work)
    if as_json:
        print_json({"queued": queued})
    else:
        console.print(f"Queued {queued} jobs, before what is due. To see what becomes of them: rawi status")


async def crawl_watched(
    config: Config,
    pool: AsyncConnectionPool,
    sources: Sequence[Source],
    *,
    limit: int | None = None,
    only_due: bool = False,
    silently: bool = False,
) -> CrawlReport:
    """Crawl and fill the gaps that show, with a progress display; the first Ctrl-C stops gently, the second at once."""
    from crawler.crawl import Crawl
    from pipelines.storage.pool import pool_url

    with progress_bar(hidden=silently) as bar:
        crawl = Crawl(config, pool, pool_url(pool), limit=limit, only_due=only_due, observer=Watcher(bar))
        with stopped_gently(crawl.stop):
            report = await crawl.run(sources)
        if limit is None and report.outcome == "finished":
            from crawler.gaps import GapFilling  # after the first request, which waits for all that is above

            filling = GapFilling(config, pool, pool_url(pool), observer=Watcher(bar))
            with stopped_gently(filling.stop):
                report.gaps = [asdict(gap) for gap in await filling.run(sources)]
    return report


@contextmanager
def stopped_gently(stop: Callable[[], Coroutine[Any, Any, None]]) -> Iterator[None]:
    """Let the first Ctrl-C call ``stop``, and the second end everything at once."""
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Task[None]] = []

    def interrupted() -> None:
        if stopping:
            loop.remove_signal_handler(signal.SIGINT)
            raise KeyboardInterrupt
        errors.print("Stopping: the pages under way are finished and saved. Ctrl-C again to stop at once.")
        stopping.append(loop.create_task(stop()))

    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, interrupted)
    try:
        yield
    finally:
        for wanted in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(wanted)


def print_report(report: CrawlReport) -> None:
    """Print what a crawl did, a line for each source."""
    print_table(
        ["SOURCE", "FEEDS", "# ENTRIES", "# NEW", "# UPDATED", "# UNCHANGED", "# REJECTED", "WHY"],
        [_line(source) for source in report.sources.values()],
        empty="Nothing to crawl. To add a source: rawi sources add URL; to see what is due and when: rawi status",
    )
    stored = sum(source.new + source.updated for source in report.sources.values())
    console.print(f"[dim]{stored} stored in {report.seconds:.1f} s[/dim]")
    if quarantined := sum(source.quarantined for source in report.sources.values()):
        console.print(f"[dim]{quarantined} refused pages are kept; to look at them: rawi quarantine list[/dim]")
    for gap in report.gaps:
        done = f"not filled: {gap['problem']}" if gap["problem"] else f"filled with {gap['found']} articles"
        console.print(f"A gap of {gap['source']}, {gap['since']:%Y-%m-%d %H:%M} to {gap['until']:%H:%M}, was {done}.")
    if report.outcome == "interrupted":
        kept = sum(source.new + source.updated + source.unchanged for source in report.sources.values())
        console.print(f"Interrupted: {kept} articles of this crawl are kept, the rest is pending. Next: rawi crawl")


def _line(source: SourceReport) -> tuple[object, ...]:
    if source.busy:
        return (source.name, "crawled by another process", *[None] * 6)
    reasons = source.rejected + source.dropped
    later = sum(source.postponed.values())
    why = [f"{count} {reason}" for reason, count in sorted(reasons.items())]
    why += [f"{later} tried again later ({', '.join(sorted(source.postponed))})"] if later else []
    why += [f"{source.revisited} looked at again"] if source.revisited else []
    return (
        source.name,
        ", ".join(f"{count} {_VERDICTS.get(verdict, verdict)}" for verdict, count in sorted(source.feeds.items())),
        source.entries,
        source.new,
        source.updated,
        source.unchanged,
        sum(reasons.values()),
        ", ".join(why) or "",
    )


#: How two verdicts read in a table.
_VERDICTS = {"unchanged": "unchanged (304)", "ok": "read"}


class Watcher:
    """Draws the progress of a crawl: a bar for each source."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, int] = {}
        self._told = 0.0

    def announced(self, source: str, pages: int) -> None:
        """Lengthen a source's bar."""
        self._totals[source] = self._totals.get(source, 0) + pages
        if source not in self._tasks:
            self._tasks[source] = self._bar.add_task(source, total=0)
        self._bar.update(self._tasks[source], total=self._totals[source])

    def settled(self, source: str) -> None:
        """Fill it by one page."""
        if source in self._tasks:
            self._bar.advance(self._tasks[source])

    def waiting(self, seconds: float) -> None:
        """Say, now and then, that the database is away."""
        if seconds == 0 or seconds - self._told >= 10:
            self._told = seconds
            errors.print(f"The database is away ({seconds:.0f} s); waiting. Nothing is lost.")

    def timed(self, stage: str, seconds: float) -> None:
        """Do nothing: a bar shows pages, not times."""
