"""What is still to be fetched? The frontier remembers it in Postgres, so that a killed crawl loses nothing.

A poll is one transaction: the feed's validators and the entries it announced are stored together, and an entry stays
pending until its page was stored or refused. A crawl that is killed in between leaves entries pending; the next one
takes them, although the feed then answers 304.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from crawler.feeds import MAX_ENTRIES
from crawler.scheduling.failures import OUTAGE
from crawler.scheduling.hints import Hints
from crawler.scheduling.plan import Plan, plan_after_answer, plan_after_failure
from crawler.sources.model import Feed, Source
from pipelines.concealing import conceal
from pipelines.model import FeedEntry
from pipelines.storage.compression import compress
from pipelines.storage.fence import hold_claims
from pipelines.storage.rows import entry_of_claims
from pipelines.storage.sql import load_queries
from pipelines.urls import canonical_url

SQL = load_queries("crawler", "frontier.sql")


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


@dataclass(frozen=True, slots=True)
class Announced:
    """How many entries of a poll were never seen before, and how many were seen with other claims."""

    new: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry whose page is still to be fetched; ``article_url`` is that of its article when it is looked at again."""

    id: int
    url: str
    claims: dict[str, Any]
    content_hash: str
    attempts: int
    article_url: str | None = None

    @property
    def entry(self) -> FeedEntry:
        """The claims as the feed made them."""
        return entry_of_claims(self.claims)


class Frontier:
    """The frontier of one database. Every method is one transaction and may be repeated."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self.pool = pool

    async def start_run(self) -> int:
        """Write down that a crawl began; return its number."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(SQL["start_run"], {"host": socket.gethostname()})).fetchone()
        return int(row[0]) if row else 0

    async def finish_run(self, run_id: int, outcome: str, counts: dict[str, Any]) -> None:
        """Write down how a crawl ended: ``finished``, ``interrupted`` or ``failed``."""
        parameters = {"run_id": run_id, "outcome": outcome, "counts": Jsonb(counts)}
        async with self.pool.connection() as connection:
            await connection.execute(SQL["finish_run"], parameters)

    async def record_polls(self, polls: Sequence[Polled], *, run_id: int) -> list[Announced]:
        """Store what polls brought: validators, rhythm, history and entries, together or not at all.

        Raises :class:`~pipelines.errors.ClaimLost` when another run has one of the sources by now.
        """
        # In the order of the key, so that two batches take their locks alike.
        order = sorted(range(len(polls)), key=lambda place: polls[place].feed.id)
        async with self.pool.connection() as connection, connection.transaction():
            await hold_claims(connection, sorted({polled.source.id for polled in polls}), run_id)
            announced: dict[int, Announced] = {}
            rows, gaps = [], []
            for place in order:
                polled = polls[place]
                fresh = await self._fresh(connection, polled)
                announced[place] = await self._announce(
                    connection, polled.source, polled.feed.id, polled.poll.entries, polled.at
                )
                plan = _plan(polled, fresh)
                rows.append(_row(polled, plan, announced[place], run_id))
                if plan.gap is not None:
                    gaps.append({**rows[-1], **asdict(plan.gap)})
            cursor = connection.cursor()
            await cursor.executemany(SQL["update_feed"], rows)
            await cursor.executemany(SQL["insert_poll"], rows)
            if gaps:
                await cursor.executemany(SQL["insert_gap"], gaps)
            await self._keep(connection, [polls[place] for place in order])
        return [announced[place] for place in range(len(polls))]

    async def announce(
        self, source: Source, feed_id: int | None, entries: Sequence[FeedEntry], *, now: datetime
    ) -> Announced:
        """Store entries that were announced outside of a poll: by an older sitemap, which may be no feed of ours."""
        async with self.pool.connection() as connection, connection.transaction():
            return await self._announce(connection, source, feed_id, entries, now)

    async def any_known(self, source: Source, entries: Sequence[FeedEntry]) -> bool:
        """Tell whether any of ``entries`` was announced before."""
        parameters = {"source_id": source.id, "urls": [canonical_url(entry.url) for entry in entries]}
        async with self.pool.connection() as connection:
            row = await (await connection.execute(SQL["any_known"], parameters)).fetchone()
        return bool(row and row[0])

    async def with_pending(self, sources: Sequence[Source], *, now: datetime) -> set[int]:
        """Return the numbers of those ``sources`` of which something is to be fetched now."""
        parameters = {"source_ids": [source.id for source in sources], "now": now}
        async with self.pool.connection() as connection:
            return {row[0] for row in await (await connection.execute(SQL["with_pending"], parameters)).fetchall()}

    async def pending(self, source: Source, *, now: datetime, limit: int | None = None) -> list[PendingEntry]:
        """Return what is to be fetched of a source now, the newest first."""
        parameters = {"source_id": source.id, "now": now, "limit": min(limit or MAX_ENTRIES, MAX_ENTRIES)}
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(PendingEntry))
            return await (await cursor.execute(SQL["pending_entries"], parameters)).fetchall()

    async def postpone(self, entry_id: int, not_before: datetime, *, tried: bool = True) -> None:
        """Leave an entry pending, to be tried again after ``not_before``; ``tried`` says that this was an attempt."""
        parameters = {"entry_id": entry_id, "not_before": not_before, "tried": tried}
        async with self.pool.connection() as connection:
            await connection.execute(SQL["postpone_entry"], parameters)

    async def postpone_feed(self, feed_id: int, not_before: datetime) -> None:
        """Leave a feed that could not be asked for later; nothing else is said of it."""
        async with self.pool.connection() as connection:
            await connection.execute(SQL["postpone_feed"], {"feed_id": feed_id, "not_before": not_before})

    @staticmethod
    async def _fresh(connection: psycopg.AsyncConnection, polled: Polled) -> list[FeedEntry]:
        """Return the entries that the feed did not have at any poll before."""
        keyed = {canonical_url(entry.url): entry for entry in polled.poll.entries}
        parameters = {"source_id": polled.source.id, "feed_id": polled.feed.id, "urls": list(keyed)}
        rows = await (await connection.execute(SQL["seen_in_feed"], parameters)).fetchall() if keyed else []
        seen = {row[0] for row in rows}
        return [entry for url, entry in keyed.items() if url not in seen]

    @staticmethod
    async def _announce(
        connection: psycopg.AsyncConnection,
        source: Source,
        feed_id: int | None,
        entries: Sequence[FeedEntry],
        now: datetime,
    ) -> Announced:
        if not entries:
            return Announced()
        # In the order of the key, so that two polls of one source take their locks alike.
        keyed = sorted({canonical_url(entry.url): entry for entry in entries}.items())
        parameters = {
            "source_id": source.id,
            "feed_id": feed_id,
            "now": now,
            "urls": [url for url, _ in keyed],
            "claims": [_claims(entry) for _, entry in keyed],
            "hashes": [entry.content_hash for _, entry in keyed],
        }
        rows = await (await connection.execute(SQL["announce_entries"], parameters)).fetchall()
        if feed_id is not None:
            await connection.execute(SQL["link_entries"], parameters)
        return Announced(new=sum(row[0] for row in rows), changed=sum(not row[0] for row in rows))

    @staticmethod
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


def _claims(entry: FeedEntry) -> str:
    claims = asdict(entry)
    for name in ("published_at", "updated_at"):
        claims[name] = claims[name].isoformat() if claims[name] else None
    return json.dumps(claims, ensure_ascii=False)
