"""What tests of the store share: a source, and articles made of a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import pytest
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.analyse import analyse_text
from pipelines.storage.store import Settled

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)

Made = Callable[..., Settled]


async def add_source(pool: AsyncConnectionPool, name: str) -> int:
    """Add a source and return its number."""
    query: LiteralString = "INSERT INTO sources (name, home) VALUES (%(name)s, 'https://x.example/') RETURNING id"
    async with pool.connection() as connection:
        row = await (await connection.execute(query, {"name": name})).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
async def nahr(pool: AsyncConnectionPool) -> int:
    """The number of a source."""
    return await add_source(pool, "nahr")


def made(source: int, number: int, text: str, *, title: str = "خبر", hours: float = 0, **changes: Any) -> Settled:
    """Return an article of ``source`` as a crawl would save it, published so many hours after ``NOW``."""
    at = NOW + timedelta(hours=hours)
    article = replace(
        analyse_text(text), title=title, url=f"https://x.example/{source}/{number}", published_at=at, **changes
    )
    return Settled(source_id=source, url=article.url, seen_at=at, article=article)


async def fetch(pool: AsyncConnectionPool, query: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    async with pool.connection() as connection:
        return await (await connection.cursor(row_factory=dict_row).execute(query, parameters)).fetchall()
