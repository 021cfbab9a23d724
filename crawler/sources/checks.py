"""Checking sources: measuring what they brought, asking their feeds once, judging, and remembering the report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from crawler.config import Config
from crawler.engine import shared_hosts
from crawler.gaps import recent_gaps
from crawler.sources.health import PAST, RECENT, Health, Output, Reached, judge
from crawler.sources.model import Feed, FeedKind, Source
from crawler.spiders.polls import read_document
from crawler.spiders.probe import Probe, probe
from pipelines.storage.pool import pool_url
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler.sources", "health.sql")


async def check(
    config: Config, pool: AsyncConnectionPool, sources: Sequence[Source], *, offline: bool = False
) -> list[Health]:
    """Check sources, write the reports down and return them; ``offline`` asks nobody."""
    now = datetime.now(UTC)
    reached: dict[str, list[Reached]] = {}
    if not offline and sources:
        async with shared_hosts(config, pool_url(pool), sources) as hosts:
            reached = await probe(config, lambda prober: _reach_all(prober, sources), sources, hosts)
    reports = []
    for source in sources:
        async with pool.connection() as connection, connection.transaction():
            health = await _judged(connection, source, reached.get(source.name, []), now)
            report = {"reached": [asdict(one) for one in health.reached], "findings": [f.what for f in health.findings]}
            parameters = {"source_id": source.id, "now": now, "healthy": health.healthy, "report": Jsonb(report)}
            await connection.execute(SQL["insert_check"], parameters)
        reports.append(health)
    return reports


async def look(pool: AsyncConnectionPool, source: Source) -> Health:
    """Judge a source by what is stored; nobody is asked, and nothing is written down."""
    async with pool.connection() as connection:
        return await _judged(connection, source, [], datetime.now(UTC))


async def passed(pool: AsyncConnectionPool) -> dict[str, datetime]:
    """Return when a check of each source has last passed, by the names of the sources of which one ever did."""
    async with pool.connection() as connection:
        return dict(await (await connection.execute(SQL["passed_checks"])).fetchall())


async def _reach_all(prober: Probe, sources: Sequence[Source]) -> dict[str, list[Reached]]:
    """Ask every feed once: those of one source one after the other, sources beside each other."""

    async def of(source: Source) -> list[Reached]:
        return [await _reach(prober, feed) for feed in source.feeds]

    found = await asyncio.gather(*(of(source) for source in sources))
    return {source.name: reached for source, reached in zip(sources, found, strict=True)}


async def _reach(prober: Probe, feed: Feed) -> Reached:
    answer = await prober.fetch(feed.url, large=feed.kind is FeedKind.SITEMAP)
    delay = prober.robots(feed.url).delay
    if answer.response is None or answer.failure is not None:
        failure = answer.failure
        return Reached(
            feed.url, failure.reason if failure else "connection", failure.detail if failure else "", delay=delay
        )
    moved = answer.url if answer.url.rstrip("/") != feed.url.rstrip("/") else None
    reading = read_document(answer.response, feed, now=answer.fetched_at)
    return Reached(feed.url, reading.poll.verdict, reading.poll.detail, moved, delay)


async def _judged(
    connection: psycopg.AsyncConnection, source: Source, reached: Sequence[Reached], now: datetime
) -> Health:
    recent = await _measure(connection, source, now - RECENT, now)
    past = await _measure(connection, source, now - RECENT - PAST, now - RECENT)
    before = await _previous(connection, source)
    gaps = await recent_gaps(connection, source, since=now - RECENT)
    return judge(source, recent, past, reached, before, now=now, gaps=gaps)


async def _measure(connection: psycopg.AsyncConnection, source: Source, since: datetime, until: datetime) -> Output:
    parameters = {"source_id": source.id, "since": since, "until": until}
    cursor = connection.cursor(row_factory=dict_row)
    output = await (await cursor.execute(SQL["measure_output"], parameters)).fetchone()
    entries = await (await cursor.execute(SQL["measure_entries"], parameters)).fetchone()
    return Output(**(output or {}), **(entries or {}))


async def _previous(connection: psycopg.AsyncConnection, source: Source) -> dict[str, Any] | None:
    row = await (await connection.execute(SQL["previous_check"], {"source_id": source.id})).fetchone()
    return row[2] if row else None
