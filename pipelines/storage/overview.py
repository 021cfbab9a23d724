"""What is going on? The newest articles, what rises, who is quoted, how every source does: read for people who look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "overview.sql")

Row = TypeVar("Row")

#: What "rising" is held against: so many times the length of the time that is looked at.
PAST = 7
#: Days of a source's sparkline, and of a hashtag's trend.
SPARK_DAYS, TREND_DAYS = 14, 30


@dataclass(frozen=True, slots=True)
class Headline:
    """An article in a list, its title and opening cut; ``copies`` is how many other articles tell it in its words."""

    id: int
    source: str
    outlet: str
    title: str | None
    opening: str
    at: datetime
    section: str | None
    version: int
    language: str | None
    quotes: int
    speakers: list[str]
    copies: int


@dataclass(frozen=True, slots=True)
class RisingHashtag:
    """A hashtag, in how many articles of late, and of the :data:`PAST` times as long before."""

    key: str
    tag: str
    articles: int
    before: int


@dataclass(frozen=True, slots=True)
class QuotedSpeaker:
    """A speaker, and how often and widely quoted."""

    id: int
    name: str
    type: str
    quotes: int
    articles: int
    sources: int
    role: str | None


@dataclass(frozen=True, slots=True)
class SourceGlance:
    """A source at a glance. ``daily`` are its articles on each of the last days (UTC), today's last.

    ``verdict`` is that of the feed that failed most often; ``healthy`` is what the latest check said.
    """

    id: int
    name: str
    title: str
    home: str
    country: str | None
    enabled: bool
    feeds: int
    failing: int
    polled_at: datetime | None
    succeeded_at: datetime | None
    verdict: str | None
    healthy: bool | None
    checked_at: datetime | None
    quarantined: int
    pending: int
    newest: datetime | None
    daily: list[int]

    @property
    def state(self) -> str:
        """One word: paused, new, failing (no feed answers), ill (by its check), shaky (some feed fails) or good."""
        if not self.enabled:
            return "paused"
        if self.polled_at is None:
            return "new"
        if self.feeds and self.failing == self.feeds:
            return "failing"
        if self.healthy is False:
            return "ill"
        return "shaky" if self.failing else "good"


@dataclass(frozen=True, slots=True)
class HashtagTrend:
    """A hashtag through time; ``daily`` are days (UTC) and the articles on them, ``company`` what stands beside it."""

    key: str
    tag: str
    articles: int
    sources: int
    spellings: list[str]
    first_at: datetime
    daily: list[tuple[date, int]]
    company: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article whose page was kept as it came."""

    id: int
    title: str | None


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: feeds polled and those that failed, new entries, pages stored, refused and still waiting."""

    polls: int
    failed: int
    fresh: int
    stored: int
    rejected: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list the next page begins: after the article of this moment and number."""

    at: datetime
    id: int


class Overview:
    """Reads from one database; ``now`` is when the reader looks."""

    def __init__(self, pool: AsyncConnectionPool, *, now: datetime) -> None:
        self._pool = pool
        self._now = now

    async def headlines(
        self, limit: int, *, source: str | None = None, hashtag: str | None = None, after: Place | None = None
    ) -> list[Headline]:
        """Return the newest articles, or those that follow ``after``; of one source or hashtag (its key)."""
        parameters = {
            "limit": limit,
            "source": source,
            "hashtag": hashtag,
            "before": after.at if after else None,
            "before_id": after.id if after else None,
        }
        return await self._rows(Headline, "latest_articles", parameters)

    async def rising(self, limit: int, window: timedelta) -> list[RisingHashtag]:
        """Return the hashtags that more articles have of late than the time before would lead one to expect."""
        since = self._now - window
        parameters = {
            "limit": limit,
            "since": since,
            "past": since - PAST * window,
            "now": self._now,
            "share": 1 / PAST,
        }
        return await self._rows(RisingHashtag, "rising_hashtags", parameters)

    async def most_quoted(self, limit: int, window: timedelta) -> list[QuotedSpeaker]:
        """Return who was quoted most of late; unnamed sources are left out."""
        parameters = {"limit": limit, "since": self._now - window, "now": self._now}
        return await self._rows(QuotedSpeaker, "most_quoted", parameters)

    async def sources(self, name: str | None = None) -> list[SourceGlance]:
        """Return every source at a glance, in order of name; or the one of this name."""
        parameters = {"name": name, "since": self._now - timedelta(days=SPARK_DAYS - 1), "now": self._now}
        return await self._rows(SourceGlance, "sources_at_a_glance", parameters)

    async def hashtag(self, key: str, *, company: int = 12) -> HashtagTrend | None:
        """Return a hashtag by its key; ``None`` when no article has it."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            found = await (await cursor.execute(SQL["hashtag"], {"key": key})).fetchone()
            if found is None:
                return None
            wanted = {
                "hashtag_id": found.pop("id"),
                "since": self._now - timedelta(days=TREND_DAYS - 1),
                "now": self._now,
                "limit": company,
            }
            plain = connection.cursor()
            daily = await (await plain.execute(SQL["hashtag_daily"], wanted)).fetchall()
            others = await (await plain.execute(SQL["hashtag_company"], wanted)).fetchall()
        return HashtagTrend(**found, daily=daily, company=others)

    async def progress(self, run_id: int) -> RunProgress:
        """Return how far a run is that is under way."""
        return (await self._rows(RunProgress, "run_progress", {"id": run_id, "now": self._now}))[0]

    async def quarantine_reasons(self) -> dict[str, int]:
        """Return why things are in quarantine, and how many for each reason, the most frequent first."""
        async with self._pool.connection() as connection:
            return dict(await (await connection.execute(SQL["quarantine_reasons"])).fetchall())

    async def kept_articles(self, source_id: int, limit: int) -> list[KeptArticle]:
        """Return the newest articles of a source whose pages were kept."""
        return await self._rows(KeptArticle, "kept_articles", {"source_id": source_id, "limit": limit})

    async def _rows(self, kind: type[Row], query: str, parameters: Mapping[str, Any]) -> list[Row]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(kind))
            return await (await cursor.execute(SQL[query], parameters)).fetchall()
