"""What is read from the store: articles, and what is said most and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "reports.sql")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in a list. ``length`` is in code points; ``hashtags`` and ``quotes`` are how many it has."""

    id: int
    source: str
    url: str
    title: str | None
    authors: list[str]
    published_at: datetime | None
    first_seen_at: datetime
    version: int
    length: int
    hashtags: int
    quotes: int


@dataclass(frozen=True, slots=True)
class HashtagCount:
    """A hashtag, as most often written, and in how many articles it is."""

    tag: str
    key: str
    articles: int


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker, how often quoted, and the surest direct quotation as an example."""

    name: str
    type: str
    quotes: int
    articles: int
    role: str | None
    example: str


class Reports:
    """Reads from the store of one database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def articles(self, limit: int, source: str | None = None) -> list[ArticleLine]:
        """Return the newest ``limit`` articles, of one source when it is named."""
        return await self._rows(ArticleLine, "articles", {"limit": limit, "source": source})

    async def article(self, article_id: int) -> dict[str, Any] | None:
        """Return an article whole, with its ``hashtags`` and ``quotes``; ``None`` when there is none of that id."""
        key = {"id": article_id}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            article = await (await cursor.execute(SQL["article"], key)).fetchone()
            if article is not None:
                article["hashtags"] = await (await cursor.execute(SQL["hashtags_of"], key)).fetchall()
                article["quotes"] = await (await cursor.execute(SQL["quotes_of"], key)).fetchall()
        return article

    async def top_hashtags(self, limit: int, source_ids: Sequence[int] | None = None) -> list[HashtagCount]:
        """Return the hashtags that most articles have, of some sources when they are named."""
        return await self._rows(HashtagCount, "top_hashtags", {"limit": limit, "sources": source_ids})

    async def top_speakers(self, limit: int, source_ids: Sequence[int] | None = None) -> list[SpeakerCount]:
        """Return who is quoted most, in some sources when they are named; unnamed sources are left out."""
        return await self._rows(SpeakerCount, "top_speakers", {"limit": limit, "sources": source_ids})

    async def _rows(self, kind: type[Row], query: str, parameters: Mapping[str, Any]) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(kind))
            await cursor.execute(SQL[query], parameters)
            return await cursor.fetchall()
