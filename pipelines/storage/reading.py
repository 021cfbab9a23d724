"""Reading lists a page at a time, for people and programs: articles, quotations, speakers, hashtags, clusters.

A page says after which row the next one begins, not how many rows to leave out: what is stored meanwhile neither
repeats a row nor hides one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.arabic import key
from pipelines.people import name_words
from pipelines.storage.pool import ALIVE, CONNECT_TIMEOUT, SESSION
from pipelines.storage.search import find_newest
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "reading.sql")

#: Rows that a stream takes from the database at once, and for how long its transaction may wait for its reader.
BATCH, IDLE = 200, "-c idle_in_transaction_session_timeout=150s"
#: Rows of a page, about.
PAGE = 50

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; ``None`` narrows nothing.

    ``speaker`` is the number of a speaker, or words of a name; every spelling of the person counts. ``hashtag`` may be
    written in any way. ``words`` is a ``tsquery`` (:mod:`pipelines.search.query`). Moments are aware, ``until`` is
    excluded. ``kind`` and ``min_confidence`` are for quotations, ``type`` is for speakers.
    """

    source: str | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    speaker: int | str | None = None
    hashtag: str | None = None
    words: str | None = None
    kind: str | None = None
    min_confidence: float | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Conditions by the names of their fragments, with what they are about."""

    conditions: tuple[str, ...]
    parameters: Mapping[str, Any]

    def query(self, name: str, **parts: sql.SQL) -> sql.Composed:
        where = sql.SQL(" AND ").join([SQL[condition] for condition in self.conditions or ("anything",)])
        return SQL[name].format(conditions=where, **parts)


class Reading:
    """Reads lists from one database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def articles(
        self, wanted: Wanted, limit: int, after: tuple[datetime, int] | None = None, *, text: bool = False
    ) -> list[Row]:
        """Return articles, the newest first; after the one of ``after``, its ``at`` and ``id``."""
        keys = {"after_at": after[0], "after_id": after[1]} if after else {}
        text_or_not = sql.SQL("a.text" if text else "NULL")
        return await self._list("articles", _ARTICLES, wanted, limit, keys, text=text_or_not)

    async def quotes(self, wanted: Wanted, limit: int, after: tuple[datetime, int, int] | None = None) -> list[Row]:
        """Return quotations, those of the newest article first; after that of ``at``, ``article_id``, ``position``."""
        names = ("after_at", "after_id", "after_position")
        return await self._list("quotes", _QUOTES, wanted, limit, dict(zip(names, after or (), strict=False)))

    async def article(self, article_id: int) -> Row | None:
        """Return an article with ``text``, ``tags`` (hashtags and where they stand), ``quotations``, ``removed``.

        ``None`` when there is none of that number.
        """
        narrowed = _Narrowed(("this_article",), {"id": article_id, "limit": None})
        queries: dict[str, sql.SQL | sql.Composed] = {
            "article": narrowed.query("articles", text=sql.SQL("a.text")),
            "besides": SQL["article_besides"],
            "quotations": narrowed.query("quotes"),
            "tags": SQL["hashtags_of"],
        }
        async with self._pool.connection() as connection, connection.pipeline():
            cursors = {name: connection.cursor(row_factory=dict_row) for name in queries}
            for name, query in queries.items():
                await cursors[name].execute(query, narrowed.parameters)
            found = {name: await cursor.fetchall() for name, cursor in cursors.items()}
        if not found["article"] or not found["besides"]:
            return None
        return {
            **found["article"][0],
            **found["besides"][0],
            "quotations": found["quotations"],
            "tags": found["tags"],
        }

    async def speakers(self, wanted: Wanted, limit: int, after: int | None = None) -> list[Row]:
        """Return people and other speakers with what was said by them, those first quoted last first."""
        return await self._list("speakers", _SPEAKERS, wanted, limit, _after(after))

    async def hashtags(self, wanted: Wanted, limit: int, after: int | None = None) -> list[Row]:
        """Return hashtags with the number of their articles, the newest hashtag first."""
        return await self._list("hashtags", _HASHTAGS, wanted, limit, _after(after))

    async def clusters(self, wanted: Wanted, limit: int, after: int | None = None) -> list[Row]:
        """Return clusters of copies, the newest cluster first."""
        return await self._list("clusters", _CLUSTERS, wanted, limit, _after(after))

    async def cluster(self, cluster_id: int) -> Row | None:
        """Return one cluster; ``None`` when there is none of that number."""
        narrowed = _Narrowed(("this_cluster",), {"cluster_id": cluster_id, "limit": 1})
        async with self._pool.connection() as connection:
            rows = await _fetch(connection, narrowed.query("clusters"), narrowed.parameters)
        return rows[0] if rows else None

    async def top_speakers(self, wanted: Wanted, limit: int) -> list[Row]:
        """Return who is quoted most in articles of a time; unnamed sources are left out."""
        return await self._list("top_speakers", _TIME, wanted, limit, {})

    async def top_hashtags(self, wanted: Wanted, limit: int) -> list[Row]:
        """Return the hashtags that most articles of a time have."""
        return await self._list("top_hashtags", _TIME, wanted, limit, {})

    async def hashtag(self, tag: str, since: datetime, *, company: int = 10) -> Row | None:
        """Return a hashtag with its ``days`` since a moment and the hashtags in its ``company``; ``None`` for none."""
        found = await self.hashtags(Wanted(hashtag=tag), 1)
        if not found:
            return None
        parameters = {"hashtag_id": found[0]["id"], "since": since, "limit": company}
        async with self._pool.connection() as connection:
            days = await _fetch(connection, SQL["hashtag_days"], parameters)
            others = await _fetch(connection, SQL["hashtag_company"], parameters)
        return {**found[0], "days": days, "company": others}

    async def _list(
        self, name: str, known: Mapping[str, str], wanted: Wanted, limit: int, after: Row, **parts: sql.SQL
    ) -> list[Row]:
        async with self._pool.connection() as connection:
            narrowed = await _narrow(connection, known, wanted, after)
            if narrowed is None:
                return []
            return await _fetch(connection, narrowed.query(name, **parts), {**narrowed.parameters, "limit": limit})


@asynccontextmanager
async def stream(url: str, name: str, wanted: Wanted) -> AsyncIterator[AsyncIterator[Row]]:
    """Yield all rows of the list ``articles`` (with their texts) or ``quotes``, at constant memory.

    They come over a connection of their own, which is lost to a reader who takes nothing for :data:`IDLE`.
    """
    known = _ARTICLES if name == "articles" else _QUOTES
    parts = {"text": sql.SQL("a.text")} if name == "articles" else {}
    opening = psycopg.AsyncConnection.connect(
        url, options=f"{SESSION} {IDLE}", application_name="rawi", connect_timeout=CONNECT_TIMEOUT, **ALIVE
    )
    async with await opening as connection:
        narrowed = await _narrow(connection, known, wanted, {})
        if narrowed is None:
            yield _rows_of(None)
            return
        async with connection.cursor("stream", row_factory=dict_row) as cursor:
            cursor.itersize = BATCH
            await cursor.execute(narrowed.query(name, **parts), {**narrowed.parameters, "limit": None})
            yield _rows_of(cursor)


async def _rows_of(cursor: psycopg.AsyncServerCursor[Row] | None) -> AsyncIterator[Row]:
    if cursor is not None:
        async for row in cursor:
            yield row


#: For each list, the conditions that it knows: field of Wanted, or of the row to begin after, and fragment.
_TIME = {"source": "of_source", "language": "in_language", "since": "since", "until": "until"}
_ARTICLES = {
    **_TIME,
    "hashtag": "with_hashtag",
    "speaker": "quoting",
    "words": "with_words",
    "after_id": "articles_after",
}
_QUOTES = {
    **_TIME,
    "hashtag": "with_hashtag",
    "speaker": "said_by",
    "words": "said_with_words",
    "kind": "of_kind",
    "min_confidence": "as_sure",
    "after_id": "quotes_after",
}
_SPEAKERS = {"type": "of_type", "speaker": "named", "after_id": "speakers_after"}
_HASHTAGS = {"hashtag": "this_hashtag", "after_id": "hashtags_after"}
_CLUSTERS = {"source": "with_source", "after_id": "clusters_after"}


def _after(number: int | None) -> Row:
    return {} if number is None else {"after_id": number}


async def _narrow(
    connection: psycopg.AsyncConnection[Any], known: Mapping[str, str], wanted: Wanted, after: Row
) -> _Narrowed | None:
    """Return the conditions; ``None`` when nothing can meet them, since the store does not know what is asked for."""
    fields = {name: getattr(wanted, name) for name in Wanted.__slots__}
    asked = {name: value for name, value in {**fields, **after}.items() if value is not None}
    conditions = tuple(fragment for name, fragment in known.items() if name in asked)
    parameters: Row = {**asked, "query": wanted.words}
    if wanted.words is not None:
        name = "quotes" if known is _QUOTES else "articles"
        await find_newest(connection.cursor(row_factory=dict_row), name, wanted.words, PAGE)
    if "of_source" in conditions or "with_source" in conditions:
        ids = await _ids(connection, "source_id", {"source": wanted.source})
        parameters["source_id"] = ids[0] if ids else None
        if not ids:
            return None
    if wanted.hashtag is not None:
        parameters["key"] = key(wanted.hashtag.lstrip("#"))
        ids = await _ids(connection, "hashtag_id", parameters)
        parameters["hashtag_id"] = ids[0] if ids else None
        if not ids:
            return None
    if wanted.speaker is not None:
        parameters |= _named(wanted.speaker)
        if parameters.get("words") == []:
            return None
        by = "speaker_ids" if isinstance(wanted.speaker, int) else "speaker_ids_named"
        parameters["speaker_ids"] = await _ids(connection, by, parameters)
        if not parameters["speaker_ids"]:
            return None
    return _Narrowed(conditions, parameters)


def _named(speaker: int | str) -> Row:
    if isinstance(speaker, int):
        return {"speaker_id": speaker}
    return {"words": key(speaker).split(), "names": list(name_words(speaker))}


async def _ids(connection: psycopg.AsyncConnection[Any], query: str, parameters: Row) -> list[int]:
    return [row["id"] for row in await _fetch(connection, SQL[query], parameters)]


async def _fetch(
    connection: psycopg.AsyncConnection[Any], query: sql.SQL | sql.Composed, parameters: Mapping[str, Any]
) -> list[Row]:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query, parameters)).fetchall()
