"""What did a poll bring? It is written down in one transaction: the feed's state, its history, and what it announced.

Polls that announced nothing, of which there are many, can share one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from crawler.frontier import Announced, announce_within
from crawler.scheduling.failures import OUTAGE
from crawler.scheduling.hints import Hints
from crawler.scheduling.plan import Plan, plan_after_answer, plan_after_failure
from crawler.sources.model import Feed, Source
from pipelines.concealing import conceal
from pipelines.model import FeedEntry
from pipelines.storage.compression import compress
from pipelines.storage.fence import hold_claims
from pipelines.storage.sql import load_queries
from pipelines.urls import canonical_url

SQL = load_queries("crawler", "recording.sql")


@dataclass(frozen=True, slots=True)
class Poll:
    """What became of one request for a feed.

    ``good`` says that it answered (200 or 304), ``fresh`` that the answer brought a body to remember. ``verdict`` is
    ``ok``, ``unchanged`` or the slug of what went wrong. ``body`` is kept only for a feed that could not be read.
    ``hints`` are the publisher's, where a body brought them; ``retry_after`` is what a server that refused asked for,
    ``moved_to`` where it sent the request on to for good. ``outage`` is the verdict on our own network.
    """

    verdict: str
    good: bool = False
    fresh: bool = False
    http_status: int | None = None
    detail: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    entries: tuple[FeedEntry, ...] = ()
    size: int = 0
    body: bytes | None = None
    hints: Hints | None = None
    retry_after: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll of a feed ``at`` a time, as it is written down."""

    source: Source
    feed: Feed
    poll: Poll
    at: datetime


async def record_polls(pool: AsyncConnectionPool, polls: Sequence[Polled], *, run_id: int) -> list[Announced]:
    """Store what polls brought, one of a feed: validators, rhythm, history and entries, together or not at all.

    Raises :class:`~pipelines.errors.ClaimLost` when another run has one of the sources by now.
    """
    # In the order of the key, so that two batches take their locks alike.
    ordered = sorted(polls, key=lambda polled: polled.feed.id)
    async with pool.connection() as connection, connection.transaction():
        await hold_claims(connection, sorted({polled.source.id for polled in polls}), run_id)
        announced: dict[int, Announced] = {}
        rows, gaps = [], []
        for polled in ordered:
            fresh = await _fresh(connection, polled)
            told = await announce_within(connection, polled.source, polled.feed.id, polled.poll.entries, polled.at)
            plan = _plan(polled, fresh)
            row = _row(polled, plan, told, run_id)
            announced[polled.feed.id] = told
            rows.append(row)
            if plan.gap is not None:
                gaps.append({**row, **asdict(plan.gap)})
        cursor = connection.cursor()
        await cursor.executemany(SQL["update_feed"], rows)
        await cursor.executemany(SQL["insert_poll"], rows)
        if gaps:
            await cursor.executemany(SQL["insert_gap"], gaps)
        await _keep(connection, ordered)
    return [announced[polled.feed.id] for polled in polls]


async def _fresh(connection: psycopg.AsyncConnection, polled: Polled) -> list[FeedEntry]:
    """Return the entries that the feed did not have at any poll before."""
    keyed = {canonical_url(entry.url): entry for entry in polled.poll.entries}
    parameters = {"source_id": polled.source.id, "feed_id": polled.feed.id, "urls": list(keyed)}
    rows = await (await connection.execute(SQL["seen_in_feed"], parameters)).fetchall() if keyed else []
    seen = {row[0] for row in rows}
    return [entry for url, entry in keyed.items() if url not in seen]


async def _keep(connection: psycopg.AsyncConnection, polls: Sequence[Polled]) -> None:
    """Keep the bodies of feeds that could not be read, until they can be."""
    good = [polled.feed.id for polled in polls if polled.poll.good]
    await connection.execute(SQL["release_feeds"], {"feed_ids": good})
    for polled in polls:
        if polled.poll.good or polled.poll.body is None:
            continue
        parameters = {
            "source_id": polled.source.id,
            "feed_id": polled.feed.id,
            "url": polled.feed.url,
            "reason": polled.poll.verdict,
            "detail": conceal(polled.poll.detail.replace("\0", "")),
            "charset": None,
            "body": compress(polled.poll.body),
            "now": polled.at,
        }
        await connection.execute(SQL["quarantine_feed"], parameters)


def _plan(polled: Polled, fresh: Sequence[FeedEntry]) -> Plan:
    source, feed, poll = polled.source, polled.feed, polled.poll
    if poll.good:
        return plan_after_answer(source, feed, poll, fresh, now=polled.at)
    return plan_after_failure(source, feed, poll.verdict, now=polled.at, retry_after=poll.retry_after)


def _row(polled: Polled, plan: Plan, announced: Announced, run_id: int) -> dict[str, Any]:
    """Return what a feed's row and its history are to hold after a poll."""
    poll = polled.poll
    return {
        "source_id": polled.source.id,
        "feed_id": polled.feed.id,
        "run_id": run_id,
        "now": polled.at,
        "verdict": poll.verdict,
        "http_status": poll.http_status,
        "detail": conceal(poll.detail[:500].replace("\0", "")),
        "entries": len(poll.entries),
        "new": announced.new,
        "changed": announced.changed,
        "bytes": poll.size,
        "overlap": plan.overlap,
        "next_poll_at": plan.next_poll_at,
        "good": poll.good,
        "counted": not poll.good and poll.verdict != OUTAGE,
        "moved_to": poll.moved_to,
        "fresh": poll.fresh,
        "full": poll.good and poll.http_status == 200,
        "etag": poll.etag,
        "last_modified": poll.last_modified,
        "body_hash": poll.body_hash,
        "failure_weight": plan.failure_weight,
        "window_size": plan.window,
        "rhythm": plan.rhythm.numbers,
        "hint": plan.hints.interval.total_seconds(),
        "skipped_hours": sorted(plan.hints.skipped),
    }
