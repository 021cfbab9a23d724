"""What is still to be fetched? The frontier remembers it in Postgres, so that a killed crawl loses nothing.

What a poll announced is stored together with the feed's validators (:mod:`crawler.recording`), and an entry stays
pending until its page was stored or refused. A crawl that is killed in between leaves entries pending; the next one
takes them, although the feed then answers 304.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from crawler.feeds import MAX_ENTRIES
from crawler.sources.model import Source
from pipelines.model import FeedEntry
from pipelines.storage.rows import entry_of_claims
from pipelines.storage.sql import load_queries
from pipelines.urls import canonical_url

SQL = load_queries("crawler", "frontier.sql")


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

    async def announce(
        self, source: Source, feed_id: int | None, entries: Sequence[FeedEntry], *, now: datetime
    ) -> Announced:
        """Store entries that were announced outside of a poll: by an older sitemap, which may be no feed of ours."""
        async with self.pool.connection() as connection, connection.transaction():
            return await announce_within(connection, source, feed_id, entries, now)

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

    async def count_pending(self, source: Source, *, now: datetime, without: Collection[int] = ()) -> int:
        """Return how much is to be fetched of a source now, besides the entries ``without``."""
        parameters = {"source_id": source.id, "now": now, "without": list(without)}
        async with self.pool.connection() as connection:
            row = await (await connection.execute(SQL["count_pending"], parameters)).fetchone()
        return int(row[0]) if row else 0

    async def pending(
        self, source: Source, *, now: datetime, limit: int = MAX_ENTRIES, without: Collection[int] = ()
    ) -> list[PendingEntry]:
        """Return what is to be fetched of a source now, the newest first, besides the entries ``without``."""
        parameters = {"source_id": source.id, "now": now, "limit": limit, "without": list(without)}
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


async def announce_within(
    connection: psycopg.AsyncConnection,
    source: Source,
    feed_id: int | None,
    entries: Sequence[FeedEntry],
    now: datetime,
) -> Announced:
    """Store entries within a transaction; those that are new, or changed, are pending from then on."""
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


def _claims(entry: FeedEntry) -> str:
    # Not asdict(), which copies deeply what is only written down here.
    claims = {each.name: getattr(entry, each.name) for each in fields(entry)}
    for name in ("published_at", "updated_at"):
        claims[name] = claims[name].isoformat() if claims[name] else None
    return json.dumps(claims, ensure_ascii=False)
