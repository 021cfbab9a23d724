"""What happens now, and what happened: runs, the queue, workers, and hosts that asked to be left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import QueryError
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "status.sql")


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl. ``state`` is ``running``, ``finished``, ``interrupted``, ``failed`` or ``lost`` (killed, or cut off).

    ``counts`` is its report, empty until it has ended; ``seen_at`` its last sign of life, ``host`` the machine.
    """

    id: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    seen_at: datetime | None
    host: str
    counts: dict[str, Any]

    def total(self, what: str) -> int:
        """Return how many ``what`` (new, updated, rejected ...) its sources had together."""
        return sum(
            sum(found.values()) if isinstance(found := source.get(what, 0), dict) else found
            for source in self.counts.get("sources", ())
        )


@dataclass(frozen=True, slots=True)
class RunDetail:
    """One crawl with its polls, and the sources that it has claimed."""

    run: Run
    polls: list[dict[str, Any]]
    sources: list[str]


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand. ``queue`` are jobs by what they wait for, ``due`` counts of feeds, pages and quarantine.

    ``hosts`` are those that asked to be left alone, with the moment until when; ``running`` the crawls under way.
    """

    queue: dict[str, int]
    due: dict[str, Any]
    workers: list[dict[str, Any]]
    running: list[RunDetail]
    hosts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def alive(self) -> int:
        """How many workers have given a sign of life within the lease."""
        return sum(worker["alive"] for worker in self.workers)


class Operations:
    """Reads what happens in one database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def runs(
        self, limit: int, *, source: str | None = None, since: datetime | None = None, unfinished: bool = False
    ) -> list[Run]:
        """Return crawls, the latest first: those of a source, or begun since a moment, or not ended yet."""
        return await self._runs(limit=limit, source=source, since=since, unfinished=unfinished)

    async def run(self, number: int) -> RunDetail:
        """Return one crawl. Raises :class:`~pipelines.errors.QueryError` when there is none of that number."""
        runs = await self._runs(id=number)
        if not runs:
            raise QueryError(f"there was no run {number}; see: rawi runs list")
        return await self._detail(runs[0])

    async def status(self, *, lease: float) -> Status:
        """Return how things stand; a worker that was silent for ``lease`` seconds is not alive."""
        [queue] = await self._rows("queue")
        [due] = await self._rows("due")
        workers = await self._rows("workers", lease=lease)
        running = [run for run in await self.runs(1000, unfinished=True) if run.state == "running"]
        hosts = await self._rows("hosts_closed")
        return Status(queue, due, workers, [await self._detail(run) for run in running], hosts)

    async def _detail(self, run: Run) -> RunDetail:
        until = run.finished_at or datetime.max.replace(tzinfo=run.started_at.tzinfo)
        polls = await self._rows("polls_of_run", id=run.id, since=run.started_at, until=until)
        sources = [source["source"] for source in run.counts.get("sources", ())]
        return RunDetail(run, polls, sources or [row["name"] for row in await self._rows("sources_of_run", id=run.id)])

    async def _runs(self, **choice: Any) -> list[Run]:
        parameters = {"id": None, "since": None, "source": None, "unfinished": False, "limit": 1, **choice}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Run))
            return await (await cursor.execute(SQL["runs"], parameters)).fetchall()

    async def _rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(SQL[query], parameters or None)).fetchall()
