"""Polls that announced nothing are written down together, and what happens to one of them costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import LiteralString

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.crawl import Crawl
from crawler.report import CrawlReport
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.errors import ClaimLost, RawiError
from tests.crawler.conftest import CONFIG, fetch_all
from tests.site import Answer, Site, rss

FEEDS = 10
UNLUCKY = "source-3"


@pytest.fixture
async def crawl(pool: AsyncConnectionPool, database_url: str, site: Site) -> Callable[[], object]:
    """Crawl ten sources with a feed each that has no entries, and does not change."""
    for number in range(FEEDS):
        site.routes[f"/{number}"] = unchanged
        feeds = (Feed(id=0, url=site.url(f"/{number}", f"host-{number}")),)
        name = f"source-{number}"
        await Sources(pool).add(Source(id=0, name=name, title="", home=feeds[0].url, feeds=feeds, delay=0.0))

    async def run() -> CrawlReport:
        return await Crawl(CONFIG, pool, database_url).run(await Sources(pool).select())

    await run()
    return run


def unchanged(handler: BaseHTTPRequestHandler) -> Answer:
    if handler.headers.get("If-None-Match"):
        return Answer(status=304)
    return Answer(rss(), headers={"ETag": '"1"'})


async def last_polls(pool: AsyncConnectionPool) -> dict[str, str]:
    """The verdicts of the last run by source, and no others."""
    rows = await fetch_all(
        pool,
        "SELECT s.name, p.verdict FROM polls p JOIN feeds f ON f.id = p.feed_id JOIN sources s ON s.id = f.source_id"
        " WHERE p.run_id = (SELECT max(id) FROM runs)",
    )
    return {row["name"]: row["verdict"] for row in rows}


async def test_they_share_transactions(crawl: Callable, pool: AsyncConnectionPool) -> None:  # type: ignore[type-arg]
    await crawl()
    assert set((await last_polls(pool)).values()) == {"unchanged"}
    assert len(await last_polls(pool)) == FEEDS
    together = "SELECT DISTINCT xmin::text FROM polls WHERE run_id = (SELECT max(id) FROM runs)"
    assert len(await fetch_all(pool, together)) < FEEDS


@pytest.mark.parametrize(
    ("misfortune", "error"),
    [
        ("DELETE FROM feeds WHERE source_id = (SELECT id FROM sources WHERE name = %(name)s)", RawiError),
        (
            "UPDATE claims SET run_id = (SELECT min(id) FROM runs)"
            " WHERE source_id = (SELECT id FROM sources WHERE name = %(name)s)",
            ClaimLost,
        ),
    ],
    ids=["a feed that was deleted", "a source that another run has taken over"],
)
async def test_one_that_cannot_be_written_down_costs_the_others_nothing(
    crawl: Callable,  # type: ignore[type-arg]
    pool: AsyncConnectionPool,
    database_url: str,
    site: Site,
    misfortune: LiteralString,
    error: type[RawiError],
) -> None:
    def befallen(handler: BaseHTTPRequestHandler) -> Answer:
        with psycopg.connect(database_url) as connection:
            connection.execute(misfortune, {"name": UNLUCKY})
        return unchanged(handler)

    # The first that is asked for: all are in one batch with it, or come after it.
    site.routes["/0"] = befallen
    with pytest.raises(error):
        await crawl()
    assert (await last_polls(pool)).keys() == {f"source-{number}" for number in range(FEEDS)} - {UNLUCKY}
