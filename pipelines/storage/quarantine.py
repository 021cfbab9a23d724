"""What was refused, with its reason and, where something was received, its bytes: to be looked at and read again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import QueryError
from pipelines.model import Page, SourceRules
from pipelines.storage.compression import decompress
from pipelines.storage.rows import entry_of_claims
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "quarantine.sql")

#: Pages that are read out at once: pages are large.
BATCH = 32


@dataclass(frozen=True, slots=True)
class Refused:
    """Which of what was refused: these numbers, sources, this reason, fetched since a moment; ``None``: any."""

    ids: Sequence[int] | None = None
    source_ids: Sequence[int] | None = None
    reason: str | None = None
    since: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the choice as the queries take it."""
        return {
            "ids": list(self.ids) if self.ids is not None else None,
            "sources": list(self.source_ids) if self.source_ids is not None else None,
            "reason": self.reason,
            "since": self.since,
        }


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One thing that was refused: a ``page``, or a ``feed`` that could not be read. ``bytes`` are as compressed."""

    id: int
    source: str
    kind: str
    url: str
    reason: str
    detail: str
    charset: str | None
    bytes: int
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedWhole:
    """The same with all that came; ``body`` is ``None`` where nothing was received."""

    line: RefusedLine
    headers: list[list[str]]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page that can be read again, and the entry that announced it."""

    source_id: int
    entry_id: int
    entry_hash: str
    page: Page


class Quarantine:
    """The quarantine of one database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def lines(self, chosen: Refused, limit: int) -> list[RefusedLine]:
        """Return what was refused, the latest first."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(RefusedLine))
            await cursor.execute(SQL["list_refused"], {**chosen.parameters(), "limit": limit})
            return await cursor.fetchall()

    async def count(self, chosen: Refused) -> tuple[int, int]:
        """Return how many there are, and of how many of them there are bytes."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["count_refused"], chosen.parameters())).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    async def show(self, number: int) -> RefusedWhole:
        """Return one whole. Raises :class:`~pipelines.errors.QueryError` when there is none of that number."""
        lines = await self.lines(Refused(ids=[number]), 1)
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["refused_whole"], {"id": number})).fetchone()
        if not lines or row is None:
            raise QueryError(f"nothing in quarantine has the number {number}; see: rawi quarantine list")
        return RefusedWhole(lines[0], row[0], decompress(row[1]) if row[1] is not None else None)

    async def drop(self, chosen: Refused) -> int:
        """Delete what was chosen, with its bytes; return how many. Their entries stay refused."""
        async with self._pool.connection() as connection:
            return (await connection.execute(SQL["drop_refused"], chosen.parameters())).rowcount

    async def pages(self, chosen: Refused) -> AsyncIterator[list[RefusedPage]]:
        """Yield the pages that can be read again, some at a time."""
        after = 0
        while True:
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=dict_row)
                parameters = {**chosen.parameters(), "after": after, "limit": BATCH}
                rows = await (await cursor.execute(SQL["refused_pages"], parameters)).fetchall()
            if not rows:
                return
            after = rows[-1]["id"]
            yield [_page(row) for row in rows]


def _page(row: dict[str, Any]) -> RefusedPage:
    page = Page(
        url=row["url"],
        body=decompress(row["body"]),
        fetched_at=row["fetched_at"],
        charset=row["charset"],
        entry=entry_of_claims(row["claims"]),
        rules=SourceRules(),
        headers=tuple((name, value) for name, value in row["headers"]),
    )
    return RefusedPage(row["source_id"], row["entry_id"], row["content_hash"], page)
