"""What crawl tests share: a site that misbehaves, and a crawl of it into a real Postgres."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, LiteralString

import pytest
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from crawler import settings
from crawler.config import Config
from crawler.crawl import Crawl
from crawler.report import SourceReport
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.errors import SourceError
from tests.site import Answer, Site

CONFIG = Config(allow_hosts=("*.localhost",), delay=0.0, workers=1, page_timeout=10)

CrawlSite = Callable[..., Awaitable[SourceReport]]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as served:
        served.routes["/robots.txt"] = Answer(b"", 404)
        yield served


@pytest.fixture
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """One second for an answer instead of thirty."""
    monkeypatch.setattr(settings, "DOWNLOAD_TIMEOUT", 1)
    monkeypatch.setattr(settings, "RETRY_TIMES", 0)


@pytest.fixture
async def crawl_site(pool: AsyncConnectionPool, database_url: str, site: Site) -> CrawlSite:
    """Crawl a source whose feed is at `/feed`; returns what the report says of it."""

    async def crawl(feed: str = "/feed", **options: Any) -> SourceReport:
        sources = Sources(pool)
        try:
            source = await sources.get("site")
        except SourceError:
            feeds = (Feed(id=0, url=feed if "://" in feed else site.url(feed)),)
            source = await sources.add(Source(id=0, name="site", title="", home=site.url("/"), feeds=feeds, delay=0.0))
        report = await Crawl(CONFIG, pool, database_url, **options).run([source])
        return report.sources["site"]

    return crawl


async def fetch_all(pool: AsyncConnectionPool, query: LiteralString) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    async with pool.connection() as connection:
        return await (await connection.cursor(row_factory=dict_row).execute(query)).fetchall()
