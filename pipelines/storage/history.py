"""What an article was before, and what became of what people said in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "history.sql")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article. ``replaced_by`` says what replaced it: ``page``, or ``rules`` of our own."""

    version: int
    title: str | None
    text: str
    authors: list[str]
    seen_at: datetime
    replaced_at: datetime | None
    replaced_by: str | None
    quotes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class QuoteChangeRow:
    """A quotation that the article has in other words, of another speaker, or not at all since ``version``."""

    version: int
    change: str
    cause: str
    before: str
    after: str | None
    speaker: str | None
    new_speaker: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LastLook:
    """When an article was last looked at; ``due_at`` is ``None`` when it is not again, or was not so far."""

    last_seen_at: datetime
    visits: int | None
    looked_at: datetime | None
    due_at: datetime | None
    http_status: int | None
    gone_since: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """An article through time."""

    versions: list[Version]
    quote_changes: list[QuoteChangeRow]
    last_look: LastLook


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article that its newsroom changed."""

    id: int
    source: str
    url: str
    title: str | None
    version: int
    changed_at: datetime
    changes: int
    retitled: bool
    quotes_edited: int
    quotes_vanished: int


class Histories:
    """Reads the versions of one database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def of(self, article_id: int) -> History | None:
        """Return the history of an article; ``None`` when there is none of that number."""
        key = {"id": article_id}
        async with self._pool.connection() as connection:
            looks = connection.cursor(row_factory=class_row(LastLook))
            last_look = await (await looks.execute(SQL["last_look"], key)).fetchone()
            if last_look is None:
                return None
            versions = connection.cursor(row_factory=class_row(Version))
            changes = connection.cursor(row_factory=class_row(QuoteChangeRow))
            return History(
                await (await versions.execute(SQL["versions"], key)).fetchall(),
                await (await changes.execute(SQL["quote_changes_of"], key)).fetchall(),
                last_look,
            )

    async def changed(
        self, limit: int, *, source: str | None = None, since: datetime | None = None
    ) -> list[ChangedArticle]:
        """Return the articles that newsrooms changed, the latest change first."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(ChangedArticle))
            parameters = {"limit": limit, "source": source, "since": since}
            return await (await cursor.execute(SQL["changed_articles"], parameters)).fetchall()
