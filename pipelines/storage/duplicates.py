"""Clusters of duplicates: copies of one story, in one source or in several, with the earliest as their head.

Saving an article keeps its sketch and notes that it is to be looked up. Looking up is done later, by one process at a
time, so that two copies that are saved at the same moment find each other, and saving never waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.dedup import Likeness, compare, wording
from pipelines.storage.rows import columns, sketch_row
from pipelines.storage.sql import load_queries

SQL = {**load_queries("pipelines.storage", "store.sql"), **load_queries("pipelines.storage", "duplicates.sql")}

#: Key of the advisory lock: "copy" in ASCII.
LOCK = 0x636F7079
#: Articles looked up in one transaction, candidates compared with each, and sketches made at once for older articles.
BATCH, CANDIDATES, OLDER = 32, 12, 500
#: A sketch of fewer hashes, of a few lines, has no halves.
FEW = 8


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster in a list: its head, and how many articles of how many sources it has."""

    id: int
    head: int
    title: str | None
    source: str
    at: datetime
    articles: int
    sources: int
    grew_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a cluster. ``likeness`` is its resemblance to the article by which it joined."""

    cluster_id: int
    article_id: int
    head: bool
    exact: bool
    likeness: float
    source: str
    title: str | None
    url: str
    at: datetime
    length: int


class Duplicates:
    """The clusters of one database. Every transaction may be repeated."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def find(self, done: Callable[[int], None] = lambda _: None) -> int:
        """Look up the articles that are new or have changed; return how many. ``done`` is told the number so far."""
        total = 0
        while count := await self._find_some():
            total += count
            done(total)
        return total

    async def sketch_older(self, done: Callable[[int], None] = lambda _: None) -> int:
        """Make the sketches of articles that were stored before there were any; they are to be looked up then."""
        after = total = 0
        while True:
            async with self._pool.connection() as connection, connection.transaction():
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(SQL["without_sketch"], {"after": after, "limit": OLDER})
                rows = await cursor.fetchall()
                if not rows:
                    return total
                sketches = [sketch_row(row["id"], row["text"]) for row in rows]
                await cursor.execute(SQL["keep_sketches"], columns(sketches))
            after = rows[-1]["id"]
            total += len(rows)
            done(total)

    async def clusters(self, limit: int, source: str | None = None) -> list[Cluster]:
        """Return the clusters that grew last, those with articles of a source when it is named."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Cluster))
            await cursor.execute(SQL["list_clusters"], {"limit": limit, "source": source})
            return await cursor.fetchall()

    async def members(self, article_id: int) -> list[Member]:
        """Return the cluster of an article, the head first; empty when it has no duplicate."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Member))
            await cursor.execute(SQL["members_like"], {"article_id": article_id})
            return await cursor.fetchall()

    async def _find_some(self) -> int:
        async with self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["lock"], {"lock": LOCK})
            await cursor.execute(SQL["next_unclustered"], {"limit": BATCH})
            rows = await cursor.fetchall()
            for row in rows:
                await _place(cursor, row["id"], await _duplicates_of(cursor, row))
            await cursor.execute(SQL["looked_up"], {"ids": [row["id"] for row in rows]})
        return len(rows)


async def candidates(cursor: psycopg.AsyncCursor[dict[str, Any]], article_id: int, hashes: Sequence[int]) -> list[int]:
    """Return the articles that may be duplicates, by the index on sketches: the likeliest first."""
    few = len(hashes) < FEW
    parameters = {
        "article_id": article_id,
        "hashes": list(hashes),
        "half": list(hashes if few else hashes[::2]),
        "other_half": list(hashes if few else hashes[1::2]),
        "limit": CANDIDATES,
    }
    await cursor.execute(SQL["candidates"], parameters)
    return [row["article_id"] for row in await cursor.fetchall()]


async def _duplicates_of(cursor: psycopg.AsyncCursor[dict[str, Any]], row: dict[str, Any]) -> dict[int, Likeness]:
    likely = await candidates(cursor, row["id"], row["hashes"])
    if not likely:
        return {}
    await cursor.execute(SQL["texts"], {"ids": likely})
    this = wording(row["text"])
    compared = {other["id"]: compare(this, wording(other["text"])) for other in await cursor.fetchall()}
    return {other: likeness for other, likeness in compared.items() if likeness.duplicate}


async def _place(cursor: psycopg.AsyncCursor[dict[str, Any]], article_id: int, found: dict[int, Likeness]) -> None:
    """Put an article into the cluster of its duplicates; those that it joins become one."""
    if not found:
        await cursor.execute(SQL["leave_cluster"], {"article_id": article_id})
        return
    await cursor.execute(SQL["clusters_of"], {"ids": list(found)})
    member_of = {row["article_id"]: row["cluster_id"] for row in await cursor.fetchall()}
    if member_of:
        cluster_id, *others = sorted(set(member_of.values()))
        await cursor.execute(SQL["move_members"], {"cluster_id": cluster_id, "others": others})
        await cursor.execute(SQL["drop_clusters"], {"others": others})
    else:
        await cursor.execute(SQL["leave_cluster"], {"article_id": article_id})
        await cursor.execute(SQL["new_cluster"])
        row = await cursor.fetchone()
        cluster_id = row["id"] if row else 0
    best = max(found.values(), key=lambda likeness: likeness.resemblance)
    newcomers = [(other, likeness) for other, likeness in found.items() if other not in member_of]
    for member, likeness in [(article_id, best), *newcomers]:
        await cursor.execute(
            SQL["join_cluster"],
            {
                "article_id": member,
                "cluster_id": cluster_id,
                "likeness": likeness.resemblance,
                "exact": likeness.same,
            },
        )
    await cursor.execute(SQL["no_head"], {"cluster_id": cluster_id})
    await cursor.execute(SQL["elect_head"], {"cluster_id": cluster_id})
