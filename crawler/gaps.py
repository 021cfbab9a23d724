"""Gaps: two polls of a feed without an entry in common prove that something may have come and gone between them.

Polls write gaps down (:mod:`crawler.scheduling.plan`); here they are filled, from the sitemaps and listings that the
source has or that its robots.txt names, and closed. A gap that cannot be filled stays open, with the reason, for an
operator to see, and is tried again the next day for a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from crawler.backfill import Backfill, BackfillReport, Period
from crawler.config import Config
from crawler.report import Observer
from crawler.sources.health import KnownGap
from crawler.sources.model import Source
from pipelines.errors import SourceError
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "gaps.sql")

#: How long a gap is tried, and how often.
TRIED_FOR, PAUSE = timedelta(days=7), timedelta(days=1)
#: Sitemaps date articles by other clocks than feeds do, and late: so much is looked at before and after a gap.
MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of the gaps of one source: entries ``found`` that nobody had seen, or the ``problem``."""

    source: str
    since: datetime
    until: datetime
    found: int = 0
    problem: str | None = None


class GapFilling:
    """Fills the gaps of sources after a crawl of them; can be stopped. Use :meth:`run` once."""

    def __init__(
        self, config: Config, pool: AsyncConnectionPool, url: str, *, observer: Observer | None = None
    ) -> None:
        self._config = config
        self._pool = pool
        self._url = url
        self._observer = observer
        self._backfill: Backfill | None = None
        self._stopped = False

    async def run(self, sources: Sequence[Source]) -> list[Filled]:
        """Fill what is open of ``sources``, one after the other, and return what became of it."""
        named = {source.id: source for source in sources}
        now = datetime.now(UTC)
        parameters = {"source_ids": list(named), "oldest": now - TRIED_FOR, "tried_before": now - PAUSE}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(SQL["open_gaps"], parameters)).fetchall()
        return [await self._fill(named[row["source_id"]], row) for row in rows if not self._stopped]

    async def stop(self) -> None:
        """Begin nothing more, and save what is under way; the rest stays open."""
        self._stopped = True
        if self._backfill is not None:
            await self._backfill.stop()

    async def _fill(self, source: Source, row: dict[str, Any]) -> Filled:
        since, until = row["since"], row["until"]
        days = (since - MARGIN).date(), (until + MARGIN).date() + timedelta(days=1)
        self._backfill = Backfill(self._config, self._pool, self._url, observer=self._observer)
        problem, report = None, BackfillReport()
        async with self._pool.connection() as connection:
            await connection.execute(SQL["forget_walk"], {"source_id": source.id, "since": days[0], "until": days[1]})
        try:
            report = await self._backfill.run(source, Period(*days, within=(since - MARGIN, until + MARGIN)))
        except SourceError:
            problem = "no sitemap or listing of the source is known"
        if report.failed and not report.documents:
            problem = f"its sitemap could not be read ({next(iter(report.failed.values()))})"
        if not self._stopped:
            await self._note(row["ids"], report.new, problem)
        return Filled(source.name, since, until, report.new, problem)

    async def _note(self, ids: Sequence[int], found: int, problem: str | None) -> None:
        parameters = {"ids": ids, "now": datetime.now(UTC), "found": found, "problem": problem}
        async with self._pool.connection() as connection:
            await connection.execute(SQL["keep_gaps_open" if problem else "close_gaps"], parameters)


async def recent_gaps(connection: psycopg.AsyncConnection, source: Source, *, since: datetime) -> list[KnownGap]:
    """Return the gaps of a source since a time, the oldest first."""
    cursor = connection.cursor(row_factory=class_row(KnownGap))
    parameters = {"source_id": source.id, "oldest": since}
    return await (await cursor.execute(SQL["gaps_of_source"], parameters)).fetchall()
