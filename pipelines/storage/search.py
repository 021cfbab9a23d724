"""Searching the store: articles and quotations, the best and newest first, with the passage that answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.arabic import key
from pipelines.people import name_words
from pipelines.search.query import Query
from pipelines.search.snippets import Snippet, snippet
from pipelines.search.words import EDITION, article_vector, search_vector
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "search.sql")

#: The newest hits that are ranked; what is older than so many others that match is not looked at.
RANKED = 1_000
#: Articles that are indexed in one transaction.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to. ``speaker`` are words of a name; moments are aware, ``until`` is excluded."""

    source: str | None = None
    speaker: str | None = None
    hashtag: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that answers a query. ``title_marks`` has the title as a snippet of its own."""

    id: int
    source: str
    url: str
    title: str | None
    at: datetime
    score: float
    snippet: Snippet
    title_marks: Snippet


@dataclass(frozen=True, slots=True)
class QuoteHit:
    """A quotation that answers a query."""

    article_id: int
    position: int
    source: str
    url: str
    at: datetime
    score: float
    kind: str
    speaker: str | None
    role: str | None
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, out of ``total``."""

    total: int
    articles: tuple[ArticleHit, ...] = ()
    quotes: tuple[QuoteHit, ...] = ()


class Search:
    """Searches one database. ``now`` is when the reader asks: news counts for more."""

    def __init__(self, pool: AsyncConnectionPool, *, now: datetime) -> None:
        self._pool = pool
        self._now = now

    async def articles(self, query: Query, filters: Filters, *, limit: int = 20, offset: int = 0) -> Found:
        """Return the articles that answer best."""
        rows, total = await self._rows("articles", query, filters, limit, offset)
        hits = tuple(
            ArticleHit(
                id=row["id"],
                source=row["source"],
                url=row["url"],
                title=row["title"],
                at=row["at"],
                score=round(row["score"], 6),
                snippet=snippet(row["text"], query),
                title_marks=snippet(row["title"] or "", query, width=1_000),
            )
            for row in rows
        )
        return Found(total, articles=hits)

    async def quotes(self, query: Query, filters: Filters, *, limit: int = 20, offset: int = 0) -> Found:
        """Return the quotations that answer best."""
        rows, total = await self._rows("quotes", query, filters, limit, offset)
        hits = tuple(
            QuoteHit(
                article_id=row["article_id"],
                position=row["position"],
                source=row["source"],
                url=row["url"],
                at=row["at"],
                score=round(row["score"], 6),
                kind=row["kind"],
                speaker=row["speaker"],
                role=row["role"],
                snippet=snippet(row["text"], query, width=600),
            )
            for row in rows
        )
        return Found(total, quotes=hits)

    async def unindexed(self) -> int:
        """Return how many articles no search finds before :func:`reindex` was run."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["unindexed"], {"edition": EDITION})).fetchone()
        return int(row[0]) if row else 0

    async def _rows(
        self, name: str, query: Query, filters: Filters, limit: int, offset: int
    ) -> tuple[list[dict[str, Any]], int]:
        """Return the best of ``articles`` or ``quotes``, and how many there are in all."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            speakers: list[int] | None = None
            if filters.speaker is not None:
                await cursor.execute(SQL["speakers_named"], _named(filters.speaker))
                speakers = [row["id"] for row in await cursor.fetchall()]
            parameters = {
                "query": query.tsquery(),
                "source": filters.source,
                "since": filters.since,
                "until": filters.until,
                "hashtag": key(filters.hashtag.lstrip("#")) if filters.hashtag else None,
                "speakers": speakers,
                "ranked": RANKED,
                "limit": limit,
                "offset": offset,
                "now": self._now,
            }
            found = await find_newest(cursor, name, query.tsquery(), RANKED)
            matching = SQL[f"matching_{name}"]
            one_word = len(query.groups) == 1 and all(len(term.words) == 1 for term in query.groups[0])
            rank = SQL["rank_by_frequency" if one_word else "rank_by_nearness"]
            await cursor.execute(SQL[f"search_{name}"].format(matching=matching, rank=rank), parameters)
            rows = await cursor.fetchall()
            if filters == Filters():
                return rows, found
            if not rows or rows[0]["ranked"] < RANKED:
                return rows, rows[0]["ranked"] if rows else 0
            await cursor.execute(SQL["count"].format(matching=matching), parameters)
            counted = await cursor.fetchone()
            return rows, counted["total"] if counted else 0


async def find_newest(cursor: psycopg.AsyncCursor[dict[str, Any]], name: str, tsquery: str, wanted: int) -> int:
    """Choose, for this transaction, how the newest of ``articles`` or ``quotes`` with these words are found.

    Returns how many have them. Postgres cannot choose: it does not know what words cost to read, nor how rare a word is
    in any of its forms. To look one up in the index and sort takes some 4 µs each; to go back in time, reading the
    words of each on the way, some 16 µs, until there are as many as are wanted (100,000 articles of 300 words, two
    cores). So the first is quicker unless the square of their number is over four times all, times those wanted.
    """
    await cursor.execute(SQL["by_words"])
    await cursor.execute(SQL[f"count_words_of_{name}"], {"query": tsquery})
    (row,) = await cursor.fetchall()
    if row["total"] ** 2 > 4 * wanted * row["of"]:
        await cursor.execute(SQL["by_time"])
    return int(row["total"])


async def reindex(pool: AsyncConnectionPool, done: Callable[[int], None] = lambda _: None) -> int:
    """Index the articles that are not, or were by other rules, in batches; return how many.

    ``done`` is told how many are. It may be interrupted and run again, and crawls go on beside it.
    """
    after = total = 0
    while True:
        async with pool.connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=dict_row)
            wanted = {"after": after, "edition": EDITION, "limit": BATCH}
            rows = await (await cursor.execute(SQL["unindexed_articles"], wanted)).fetchall()
            if not rows:
                return total
            await cursor.executemany(SQL["keep_words"], [_words(row) for row in rows])
            if quotes := _quote_words(rows):
                await cursor.executemany(SQL["keep_quote_words"], quotes)
        after = rows[-1]["id"]
        total += len(rows)
        done(total)


def _named(name: str) -> dict[str, Any]:
    return {"words": key(name).split(), "names": list(name_words(name))}


def _words(row: dict[str, Any]) -> dict[str, Any]:
    labels = (*row["tags"], *row["keywords"], *row["authors"])
    return {
        "article_id": row["id"],
        "words": article_vector(row["title"], row["text"], labels),
        "edition": EDITION,
    }


def _quote_words(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"article_id": row["id"], "position": position, "words": search_vector([(text, "")])}
        for row in rows
        for position, text in enumerate(row["quotes"])
    ]
