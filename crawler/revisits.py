"""Recent articles are looked at again: newsrooms edit, and what they said yesterday should be seen beside today's.

A page is asked for with the validators that it came with, so that one that did not change costs a 304. The times
between two looks grow with the age of the article (:func:`crawler.scheduling.pages.next_revisit`). An article that is
gone, or is no article any more, stays as it was; that it is gone is written down.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from scrapy import Request
from scrapy.http import Response

from crawler.frontier import PendingEntry
from crawler.scheduling.pages import FIRST_REVISIT, REVISITED_FOR, next_revisit
from crawler.sources.model import Source
from crawler.spiders.later import left_for_later
from crawler.spiders.verdicts import failure_of_status
from pipelines.stages import Visit
from pipelines.storage.sql import load_queries

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.spiders.feed import FeedSpider

SQL = load_queries("crawler", "revisits.sql")

#: Articles of one source that a crawl looks at again, the longest overdue first: news comes before what is known.
MOST = 100


@dataclass(frozen=True, slots=True)
class DueRevisit:
    """An article that is to be looked at again, with what its feed said of it and the headers it came with."""

    article_id: int
    article_url: str
    published_at: datetime
    entry_id: int
    url: str
    claims: dict[str, Any]
    content_hash: str
    headers: list[list[str]]
    visits: int

    @property
    def pending(self) -> PendingEntry:
        """The entry as the spider asks for it; what comes is saved under the address that the article has."""
        return PendingEntry(self.entry_id, self.url, self.claims, self.content_hash, 0, self.article_url)

    @property
    def validators(self) -> dict[str, str]:
        """The headers that make the request conditional."""
        known = dict(reversed([(name, value) for name, value in self.headers]))
        asked = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last-modified")}
        return {name: value for name, value in asked.items() if value}


class Revisits:
    """The revisits of one database. Every method is one transaction and may be repeated."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def with_due(self, sources: Sequence[Source], *, now: datetime) -> set[int]:
        """Return the numbers of those ``sources`` that have articles to be looked at again."""
        parameters = {"source_ids": [source.id for source in sources], **_limits(now)}
        async with self._pool.connection() as connection:
            return {row[0] for row in await (await connection.execute(SQL["with_revisits"], parameters)).fetchall()}

    async def due(self, source_id: int, *, now: datetime, limit: int = MOST) -> list[DueRevisit]:
        """Return the articles of a source that are to be looked at again, the longest overdue first."""
        parameters = {"source_id": source_id, "limit": limit, **_limits(now)}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(DueRevisit))
            return await (await cursor.execute(SQL["due_revisits"], parameters)).fetchall()

    async def note(self, due: DueRevisit, *, now: datetime, http_status: int | None) -> None:
        """Write down that an article was looked at, and when it is again; 404 and 410 mean that it is gone."""
        gone = http_status in (404, 410)
        parameters = {
            "article_id": due.article_id,
            "now": now,
            "due_at": next_revisit(now, published=due.published_at),
            "http_status": http_status,
            "gone": gone,
        }
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["note_revisit"], parameters)
            if http_status is not None and not gone:
                await connection.execute(SQL["see_again"], {"article_id": due.article_id, "now": now})


def _limits(now: datetime) -> dict[str, datetime]:
    return {"now": now, "first": now - FIRST_REVISIT, "oldest": now - REVISITED_FOR}


async def revisit_requests(spider: FeedSpider, source: Source) -> AsyncIterator[Request]:
    """Yield conditional requests for the articles of a source that are due."""
    for due in await spider.job.due_revisits(source):
        yield Request(
            due.pending.entry.url,
            headers=due.validators,
            callback=partial(_looked, spider),
            errback=partial(_failed, spider),
            cb_kwargs={"source": source, "due": due},
            dont_filter=True,
            priority=-10,  # after everything that is new
        )


async def _looked(spider: FeedSpider, response: Response, source: Source, due: DueRevisit) -> AsyncIterator[Any]:
    """Write down the answer; a page that came is read and saved like any other."""
    await spider.job.note_revisit(source, due, now=spider.job.clock.now(), http_status=response.status)
    if response.status != 304 and failure_of_status(response) is None:
        async for item in spider.read_page(response, source, due.pending):
            if not (isinstance(item, Visit) and item.rejection):
                yield item


async def _failed(spider: FeedSpider, failure: TwistedFailure) -> None:
    if await left_for_later(spider.job, failure):
        return
    arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
    await spider.job.note_revisit(arguments["source"], arguments["due"], now=spider.job.clock.now(), http_status=None)
