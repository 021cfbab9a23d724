"""Taking everything out: rows streamed from the database, at constant memory however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "export.sql")

#: Rows fetched at once; articles are a few KB each.
BATCH = 200


class Kind(StrEnum):
    """What is exported: a row each."""

    ARTICLES = "articles"
    QUOTES = "quotes"
    HASHTAGS = "hashtags"


class Type(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TIME = "time"
    LIST = "list of text"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of one kind, of a source (all), of articles since a moment (ever)."""

    kind: Kind
    source: str | None = None
    since: datetime | None = None


_WHO = {"source": Type.TEXT, "at": Type.TIME}
_WHERE = {"start": Type.INTEGER, "end": Type.INTEGER}

#: The columns of each kind, in order: the documented schema (docs/export.md).
COLUMNS: dict[Kind, dict[str, Type]] = {
    Kind.ARTICLES: {
        "id": Type.INTEGER,
        "source": Type.TEXT,
        "url": Type.TEXT,
        "title": Type.TEXT,
        "authors": Type.LIST,
        "published_at": Type.TIME,
        "modified_at": Type.TIME,
        "first_seen_at": Type.TIME,
        "last_seen_at": Type.TIME,
        "section": Type.TEXT,
        "language": Type.TEXT,
        "image": Type.TEXT,
        "keywords": Type.LIST,
        "version": Type.INTEGER,
        "duplicate_of": Type.INTEGER,
        "text": Type.TEXT,
    },
    Kind.QUOTES: {
        "article_id": Type.INTEGER,
        "position": Type.INTEGER,
        **_WHO,
        "kind": Type.TEXT,
        "text": Type.TEXT,
        **_WHERE,
        "cue": Type.TEXT,
        "speaker_id": Type.INTEGER,
        "speaker": Type.TEXT,
        "speaker_type": Type.TEXT,
        "speaker_written": Type.TEXT,
        "role": Type.TEXT,
        "confidence": Type.NUMBER,
        "rule": Type.TEXT,
    },
    Kind.HASHTAGS: {
        "article_id": Type.INTEGER,
        **_WHO,
        "tag": Type.TEXT,
        "key": Type.TEXT,
        "origin": Type.TEXT,
        **_WHERE,
    },
}


async def export_rows(pool: AsyncConnectionPool, wanted: Wanted) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the rows that are wanted, some at a time, as they were when the first of them was read."""
    parameters = {"source": wanted.source, "since": wanted.since}
    async with pool.connection() as connection, connection.transaction():
        # Whoever reads may take their time: a pipe into a slow program is no frozen client.
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        async with connection.cursor("export", row_factory=dict_row) as cursor:
            await cursor.execute(SQL[wanted.kind], parameters)
            while rows := await cursor.fetchmany(BATCH):
                yield rows
