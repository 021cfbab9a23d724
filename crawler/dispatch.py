"""What is due becomes jobs, and what a dead worker left becomes a job again: one tick, made by every worker in turn.

The tick is no job itself, and needs nothing but the database: it runs beside the queue in each worker, under a lock
that lasts a transaction. While one worker lives, nothing can stall: neither a job nor whoever looks after stalled jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from psycopg_pool import AsyncConnectionPool

from crawler.claims import SIGNS
from crawler.jobs import crawl_job
from crawler.sources.model import Source
from pipelines.storage.sql import load_queries
from pipelines.urls import registered_domain

SQL = load_queries("crawler", "queue.sql")

#: Key of the lock under which a tick is made: "tick" in ASCII.
LOCK = 0x7469636B
#: Jobs that wait at once. More would not be done sooner, and procrastinate looks through those that wait.
WAITING = 500
#: Sources of one domain in one job.
BATCH = 50
#: Sources whose domain is worked out in one tick.
DOMAINS = 5_000


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did: jobs ``deferred``, and jobs of dead workers that were ``reaped``."""

    deferred: int = 0
    reaped: int = 0


class Dispatch:
    """Fills the queue of one database. ``lease`` is in seconds. Every method is one transaction and may be repeated."""

    def __init__(self, pool: AsyncConnectionPool, jobs: JobManager, *, lease: float) -> None:
        self._pool = pool
        self._jobs = jobs
        self._lease = lease

    async def tick(self) -> Tick:
        """Take up what dead workers left, and queue what is due; nothing while another worker does."""
        async with self._pool.connection() as connection, connection.transaction():
            silence = f"{self._lease / SIGNS * 1000:.0f}ms"
            asked = await connection.execute(SQL["lock_dispatch"], {"lock": LOCK, "silence": silence})
            locked = await asked.fetchone()
            if not locked or not locked[0]:
                return Tick()
            await connection.execute(SQL["drop_stalled_doubles"], {"lease": self._lease})
            reaped = len(await (await connection.execute(SQL["reap_stalled"], {"lease": self._lease})).fetchall())
            await connection.execute(SQL["forget_dead_workers"], {"lease": self._lease})
            await _set_domains(connection)
            return Tick(await self._defer_due(connection), reaped)

    async def _defer_due(self, connection: psycopg.AsyncConnection) -> int:
        row = await (await connection.execute(SQL["waiting_jobs"])).fetchone()
        if (room := WAITING - (row[0] if row else 0)) <= 0:
            return 0
        due = await (await connection.execute(SQL["due_domains"], {"batch": BATCH, "limit": room})).fetchall()
        jobs = [crawl_job(domain, source_ids) for domain, source_ids in due]
        if jobs:
            await self._jobs.batch_defer_jobs_async(jobs, connection=connection)
        return len(jobs)

    async def crawl_now(self, sources: Sequence[Source]) -> int:
        """Queue a crawl of ``sources`` before everything else, due or not; return how many jobs that made.

        A domain that a person has asked for already, and that still waits, is not queued again.
        """
        domains: dict[str, list[int]] = {}
        for source in sources:
            domains.setdefault(registered_domain(source.home), []).append(source.id)
        made = 0
        for domain, source_ids in domains.items():
            try:
                await self._jobs.defer_job_async(crawl_job(domain, source_ids, by_hand=True))
            except AlreadyEnqueued:
                continue
            made += 1
        return made


async def due_sources(pool: AsyncConnectionPool) -> list[int]:
    """Return the numbers of the sources that have something to do: a feed to poll, or pages to fetch."""
    async with pool.connection() as connection:
        return [row[0] for row in await (await connection.execute(SQL["due_sources"])).fetchall()]


async def crawl_soon(pool: AsyncConnectionPool, sources: Sequence[Source], *, lease: float) -> int:
    """Queue a crawl of ``sources`` as :meth:`Dispatch.crawl_now` does, from outside of a worker."""
    connector = PsycopgConnector()
    await connector.open_async(pool)
    return await Dispatch(pool, JobManager(connector), lease=lease).crawl_now(sources)


async def _set_domains(connection: psycopg.AsyncConnection) -> None:
    """Work out the domains of sources that are new or have moved: the list of public suffixes is no table."""
    rows = await (await connection.execute(SQL["sources_without_domain"], {"limit": DOMAINS})).fetchall()
    if rows:
        known = [{"id": source_id, "domain": registered_domain(home)} for source_id, home in rows]
        await connection.cursor().executemany(SQL["set_domain"], known)
