"""Deletion on request: a source, an address or a person, complete down to raw pages and versions, and for good.

What was forgotten does not come back with the next poll of a feed, an archive or a replay: hashes of the addresses and
names are kept, and nothing else of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import SourceError, SpeakerError
from pipelines.storage.sql import load_queries
from pipelines.urls import canonical_url

SQL = load_queries("pipelines.storage", "forget.sql")

#: What is vacuumed afterwards: until then the rows are not seen any more, but still on the disk.
VACUUMED = (
    "articles",
    "article_versions",
    "article_words",
    "entries",
    "pages",
    "quarantine",
    "quotes",
    "quote_changes",
)

Cursor = psycopg.AsyncCursor[dict[str, Any]]


class _Undo(Exception):  # noqa: N818 -- no error: it ends a transaction that only counted
    pass


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went, or would go."""

    articles: int = 0
    pages: int = 0
    versions: int = 0
    entries: int = 0
    quarantined: int = 0
    quotes: int = 0
    speakers: int = 0


def url_hash(url: str) -> bytes:
    """Return what is kept of a forgotten address."""
    return hashlib.sha256(b"url:" + url.encode("utf-8", "replace")).digest()


def speaker_hash(key: str) -> bytes:
    """Return what is kept of a forgotten name; ``key`` is the folded name."""
    return hashlib.sha256(b"speaker:" + key.encode("utf-8", "replace")).digest()


async def forgotten_among(cursor: Cursor, hashes: Iterable[bytes]) -> set[bytes]:
    """Return those of these hashes whose address or name was forgotten."""
    await cursor.execute(SQL["forgotten_among"], {"hashes": list(hashes)})
    return {bytes(row["hash"]) for row in await cursor.fetchall()}


class Oblivion:
    """Forgets in one database. With ``dry_run`` everything is counted and nothing deleted."""

    def __init__(self, pool: AsyncConnectionPool, *, dry_run: bool = False) -> None:
        self._pool = pool
        self._dry_run = dry_run

    async def urls(self, urls: Sequence[str]) -> Forgotten:
        """Forget articles by their addresses, as written or canonical."""
        known = sorted({*urls, *map(canonical_url, urls)})

        async def work(cursor: Cursor) -> Forgotten:
            ids = await _ids(cursor, "articles_at", {"urls": known})
            return await _delete_articles(cursor, ids, known)

        return await self._carry_out(work)

    async def source(self, name: str) -> Forgotten:
        """Forget a source with everything it ever brought, and how it was ever set up.

        Its addresses may be added again as another source. One that was removed already, with or without its
        articles, can be forgotten too; raises :class:`~pipelines.errors.SourceError` when nothing is known of it.
        """

        async def work(cursor: Cursor) -> Forgotten:
            named = {"source": name}
            if not await _ids(cursor, "traces_of_source", named):
                raise SourceError(f"no source named {name}; see: rawi sources list")
            ids = await _ids(cursor, "articles_of_source", named)
            # Also what was announced or refused, and never became an article.
            quarantined = await _count(cursor, "delete_quarantine_of_source", named)
            entries = await _count(cursor, "delete_entries_of_source", named)
            done = await _delete_articles(cursor, ids, [], remember=False)
            await cursor.execute(SQL["delete_source"], named)
            # Its history could bring it back, and names it.
            await cursor.execute(SQL["delete_source_changes"], named)
            return replace(done, quarantined=done.quarantined + quarantined, entries=done.entries + entries)

        return await self._carry_out(work)

    async def speaker(self, speaker_id: int, *, with_articles: bool) -> Forgotten:
        """Forget a person, under every spelling: quotations, names, and the pages and versions that have them.

        What articles say about the person stays, unless they go, too: ``with_articles`` deletes all that quote them.
        Raises :class:`~pipelines.errors.SpeakerError` for a number that is nobody's.
        """

        async def work(cursor: Cursor) -> Forgotten:
            await cursor.execute(SQL["spellings"], {"id": speaker_id})
            spellings = await cursor.fetchall()
            if not spellings:
                raise SpeakerError(f"there is no speaker {speaker_id}; see: rawi speakers list")
            speakers = {"speakers": [row["id"] for row in spellings]}
            ids = await _ids(cursor, "articles_quoting", speakers)
            ids |= await _ids(cursor, "articles_naming_before", {"names": [row["name"] for row in spellings]})
            hashes = [speaker_hash(row["key"]) for row in spellings]
            await cursor.execute(SQL["remember_forgotten"], {"hashes": hashes})
            gone = {"ids": list(ids)}
            quotes = await _count(cursor, "delete_quotes", speakers)
            if with_articles:
                whole = await _delete_articles(cursor, ids, [])
            else:
                await cursor.execute(SQL["delete_quote_changes"], gone)
                whole = Forgotten(
                    pages=await _count(cursor, "delete_pages", gone),
                    versions=await _count(cursor, "delete_versions", gone),
                )
            await cursor.execute(SQL["delete_speakers"], speakers)
            return Forgotten(
                articles=whole.articles,
                pages=whole.pages,
                versions=whole.versions,
                entries=whole.entries,
                quarantined=whole.quarantined,
                quotes=quotes + whole.quotes,
                speakers=len(spellings),
            )

        return await self._carry_out(work)

    async def _carry_out(self, work: Callable[[Cursor], Awaitable[Forgotten]]) -> Forgotten:
        done = Forgotten()
        try:
            async with self._pool.connection() as connection, connection.transaction():
                done = await work(connection.cursor(row_factory=dict_row))
                if self._dry_run:
                    raise _Undo
        except _Undo:
            return done
        async with self._pool.connection() as connection:
            await connection.set_autocommit(True)
            try:
                await connection.execute("SET statement_timeout = 0")
                for table in VACUUMED:
                    await connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
            finally:
                await connection.execute("RESET statement_timeout")
                await connection.set_autocommit(False)
        return done


async def _delete_articles(cursor: Cursor, ids: set[int], urls: Sequence[str], *, remember: bool = True) -> Forgotten:
    gone = {"ids": list(ids)}
    await cursor.execute(SQL["urls_of"], gone)
    all_urls = sorted({*urls, *(row["url"] for row in await cursor.fetchall())})
    if remember:
        await cursor.execute(SQL["remember_forgotten"], {"hashes": [url_hash(url) for url in all_urls]})
    where = {**gone, "urls": all_urls}
    pages = await _count(cursor, "delete_pages", gone)
    versions = await _count(cursor, "delete_versions", gone)
    quarantined = await _count(cursor, "delete_quarantine", where)
    entries = await _count(cursor, "delete_entries", where)
    quotes = await _count(cursor, "delete_quotes_of", gone)
    articles = await _count(cursor, "delete_articles", gone)
    speakers = await _count(cursor, "delete_unquoted_speakers", {})
    await cursor.execute(SQL["delete_unused_hashtags"])
    return Forgotten(articles, pages, versions, entries, quarantined, quotes, speakers)


async def _ids(cursor: Cursor, query: str, parameters: dict[str, Any]) -> set[int]:
    await cursor.execute(SQL[query], parameters)
    return {int(row["id"]) for row in await cursor.fetchall()}


async def _count(cursor: Cursor, query: str, parameters: dict[str, Any]) -> int:
    await cursor.execute(SQL[query], parameters)
    return cursor.rowcount
