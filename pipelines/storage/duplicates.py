"""Clusters of duplicates: copies of one story, in one source or in several, with the earliest as their head.

Saving an article keeps its sketch and notes that it is to be looked up. Looking up is done later, by one process at a
time, so that two copies that are saved at the same moment find each other, and saving never waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
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
#: Articles that are put in order at once, to be looked up batch by batch.
WAITING = 32 * BATCH
#: A sketch of fewer hashes, of a few lines, has no halves.
FEW = 8

Cursor = psycopg.AsyncCursor[dict[str, Any]]


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
        while waiting := await self._waiting():
            for start in range(0, len(waiting), BATCH):
                total += await self._find(waiting[start : start + BATCH])
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

    async def _waiting(self) -> list[int]:
        """Return articles that are to be looked up, in order: many at once, for those that wait have to be sorted."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(SQL["unclustered"], {"limit": WAITING})).fetchall()
        return [row[0] for row in rows]

    async def _find(self, ids: Sequence[int]) -> int:
        """Look up those of some articles that nobody else has looked up meanwhile; return how many."""
        async with self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["lock"], {"lock": LOCK})
            await cursor.execute(SQL["still_unclustered"], {"ids": list(ids)})
            sketches = {row["id"]: row["hashes"] for row in await cursor.fetchall()}
            if not sketches:
                return 0
            found = await _duplicates_of(cursor, sketches)
            await _leave(cursor, [number for number in sketches if not found[number]])
            for number in ids:
                await _place(cursor, number, found.get(number, {}))
            await cursor.execute(SQL["looked_up"], {"ids": list(sketches)})
        return len(sketches)


async def candidates(cursor: Cursor, sketches: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Return for each article, by its sketch, those that may be duplicates: the likeliest first."""
    rows = [
        {
            "article_id": article_id,
            "hashes": _array(hashes),
            "half": _array(hashes[::2] if len(hashes) >= FEW else hashes),
            "other_half": _array(hashes[1::2] if len(hashes) >= FEW else hashes),
        }
        for article_id, hashes in sketches.items()
    ]
    await cursor.execute(SQL["candidates"], {**columns(rows), "limit": CANDIDATES})
    found: dict[int, list[int]] = {article_id: [] for article_id in sketches}
    for row in await cursor.fetchall():
        found[row["article_id"]].append(row["candidate"])
    return found


async def _duplicates_of(cursor: Cursor, sketches: Mapping[int, Sequence[int]]) -> dict[int, dict[int, Likeness]]:
    likely = await candidates(cursor, sketches)
    compared = {*chain.from_iterable(likely.values()), *(number for number, found in likely.items() if found)}
    await cursor.execute(SQL["texts"], {"ids": list(compared)})
    wordings = {row["id"]: wording(row["text"]) for row in await cursor.fetchall()}
    return {
        number: {
            other: likeness
            for other in found
            # One of them may have been deleted meanwhile.
            if {number, other} <= wordings.keys() and (likeness := compare(wordings[number], wordings[other])).duplicate
        }
        for number, found in likely.items()
    }


async def _leave(cursor: Cursor, ids: Sequence[int]) -> None:
    if ids:
        await cursor.execute(SQL["leave_clusters"], {"ids": list(ids)})


def _array(numbers: Sequence[int]) -> str:
    """Return numbers as Postgres reads an array: in an array of theirs all would have to be of one length."""
    return f"{{{','.join(map(str, numbers))}}}"


async def _place(cursor: Cursor, article_id: int, found: dict[int, Likeness]) -> None:
    """Put an article into the cluster of its duplicates; those that it joins become one."""
    if not found:
        return
    await cursor.execute(SQL["clusters_of"], {"ids": list(found)})
    member_of = {row["article_id"]: row["cluster_id"] for row in await cursor.fetchall()}
    if member_of:
        cluster_id, *others = sorted(set(member_of.values()))
        await cursor.execute(SQL["move_members"], {"cluster_id": cluster_id, "others": others})
        await cursor.execute(SQL["drop_clusters"], {"others": others})
    else:
        await _leave(cursor, [article_id])
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
