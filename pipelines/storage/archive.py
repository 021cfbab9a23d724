"""Pages as they came: how much is kept of them and for how long, and reading them out again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.replay import StoredArticle
from pipelines.storage.compression import decompress
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "archive.sql")

#: Articles whose pages are read out at once: pages are large.
BATCH = 32


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which kept pages: of these sources (all), fetched since a moment (ever)."""

    source_ids: Sequence[int] | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageStock:
    """How many pages of a source are kept, and how large they are, compressed."""

    source: str
    pages: int
    bytes: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class KeptPart:
    """One kept page: part 0 is the article's first."""

    article_id: int
    part: int
    url: str
    article_url: str
    source: str
    charset: str | None
    body: bytes
    fetched_at: datetime
    headers: list[list[str]]


class Archive:
    """The kept pages of one database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def count(self, chosen: Chosen) -> int:
        """Return of how many articles pages are kept."""
        row = (await self._rows("count_kept", _parameters(chosen)))[0]
        return int(row["count"])

    async def batches(self, chosen: Chosen) -> AsyncIterator[list[StoredArticle]]:
        """Yield the articles whose pages are kept, some at a time."""
        after = 0
        while rows := await self._rows("kept_ids", {**_parameters(chosen), "after": after, "limit": BATCH}):
            ids = [row["article_id"] for row in rows]
            after = ids[-1]
            async with self._pool.connection() as connection:
                cursor = connection.cursor(row_factory=class_row(StoredArticle))
                await cursor.execute(SQL["stored_articles"], {"ids": ids})
                articles = await cursor.fetchall()
            yield articles

    async def parts(self, chosen: Chosen) -> AsyncIterator[KeptPart]:
        """Yield every kept page, the parts of an article in order."""
        async for articles in self.batches(chosen):
            for row in await self._rows("pages_of", {"ids": [article.id for article in articles]}):
                yield KeptPart(**{**row, "body": decompress(row["body"])})

    async def stock(self) -> list[PageStock]:
        """Return what is kept of each source."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(PageStock))
            return await (await cursor.execute(SQL["page_stock"])).fetchall()

    async def keep_within(self, limit: int) -> None:
        """Forget the oldest pages until what is kept is within ``limit`` bytes, compressed."""
        # The size of the table is had at once; adding up what is in it takes a while.
        if (await self._rows("table_size", {}))[0]["pg_total_relation_size"] > limit:
            async with self._pool.connection() as connection:
                await connection.execute(SQL["forget_excess_pages"], {"bytes": limit})

    async def _rows(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(SQL[query], parameters)).fetchall()


def _parameters(chosen: Chosen) -> dict[str, Any]:
    sources = list(chosen.source_ids) if chosen.source_ids is not None else None
    return {"sources": sources, "since": chosen.since}
