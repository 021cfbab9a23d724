"""Backfills: the wanted time and no other, the newest first, and on from where they were stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.backfill import Backfill, BackfillReport, Period
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.repository import Sources
from pipelines.errors import SourceError
from tests.crawler.conftest import CONFIG, fetch_all
from tests.crawler.test_crawl import RAWI, assert_each_once, stored, wait_until_stored
from tests.site import LONG, Answer, Site, article_page

SPRING = Period(date(2026, 3, 1), date(2026, 5, 1))


def publish_months(site: Site, *months: int, articles: int = 3) -> None:
    maps = "".join(f"<sitemap><loc>{site.url(f'/map-2026-{month:02}.xml')}</loc></sitemap>" for month in months)
    site.routes["/map.xml"] = Answer(f"<sitemapindex>{maps}</sitemapindex>".encode())
    for month in months:
        urls = ""
        for n in range(1, articles + 1):
            path = f"/2026/{month:02}/{n:02}/story"
            urls += f"<url><loc>{site.url(path)}</loc><lastmod>2026-{month:02}-{n:02}T08:00:00Z</lastmod></url>"
            site.routes[path] = Answer(article_page(text=f"{LONG}\nوهذا خبر اليوم {n} من الشهر {month} في الوادي."))
        site.routes[f"/map-2026-{month:02}.xml"] = Answer(f"<urlset>{urls}</urlset>".encode())


async def add(pool: AsyncConnectionPool, site: Site, *feeds: Feed) -> Source:
    source = Source(id=0, name="site", title="", home=site.url("/"), feeds=feeds, delay=0.0)
    return await Sources(pool).add(source)


async def run(
    pool: AsyncConnectionPool, url: str, source: Source, period: Period = SPRING, limit: int | None = None
) -> BackfillReport:
    return await Backfill(CONFIG, pool, url, limit=limit).run(source, period)


async def test_the_wanted_months_are_fetched_and_no_others(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish_months(site, 1, 2, 3, 4, 5)
    source = await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    report = await run(pool, database_url, source)
    assert (report.documents, report.found, report.new, report.pages["new"], report.left) == (3, 6, 6, 6, 0)
    asked = site.paths()
    assert asked[:3] == ["/map.xml", "/map-2026-04.xml", "/map-2026-03.xml"]
    stories = [path for path in asked if path.endswith("story")]
    assert len(stories) == len(set(stories)) == 6
    links = await fetch_all(pool, "SELECT count(*) AS n FROM entry_feeds")
    assert links[0]["n"] == 6


async def test_it_goes_on_in_portions_the_newest_first_and_fetches_nothing_twice(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish_months(site, 3, 4)
    source = await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    first = await run(pool, database_url, source, limit=2)
    assert (first.pages["new"], first.left, first.resumed) == (2, 4, False)
    assert {path for path in site.paths() if path.endswith("story")} == {"/2026/04/03/story", "/2026/04/02/story"}
    second = await run(pool, database_url, source)
    assert (second.pages["new"], second.left, second.resumed, second.documents) == (4, 0, True, 0)
    paths = site.paths()
    assert len(paths) == len(set(paths))


async def test_one_that_was_killed_while_walking_goes_on_where_it_was(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish_months(site, 3, 4)
    source = await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO backfills (source_id, since, until, walked, left_to_walk) VALUES (%s, %s, %s, %s, %s)",
            (source.id, SPRING.since, SPRING.until, [site.url("/map.xml"), site.url("/map-2026-04.xml")],
             [f"sitemap\t{source.feeds[0].id}\t\t{site.url('/map-2026-03.xml')}"]),
        )  # fmt: skip
    report = await run(pool, database_url, source)
    assert (report.resumed, report.documents, report.found) == (True, 1, 3)
    assert "/map.xml" not in site.paths()


async def test_a_source_with_a_feed_alone_is_filled_from_the_sitemap_of_its_site(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish_months(site, 4)
    site.routes["/robots.txt"] = Answer(f"Sitemap: {site.url('/map.xml')}\n".encode())
    site.routes["/"] = Answer(b"<html></html>")
    source = await add(pool, site, Feed(0, site.url("/feed")))
    assert (await run(pool, database_url, source)).pages["new"] == 3
    assert "/feed" not in site.paths()


async def test_a_source_without_any_sitemap_says_what_to_do(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    source = await add(pool, site, Feed(0, site.url("/feed")))
    with pytest.raises(SourceError, match="--kind sitemap"):
        await run(pool, database_url, source)


async def test_a_listing_is_followed_back_until_it_is_older_than_what_is_wanted(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    for page, (month, day) in enumerate([(5, 9), (4, 20), (3, 2), (2, 10), (1, 1)], start=1):
        links = "".join(f'<a href="/2026/{month:02}/{day + n:02}/story">خبر من وادي الزيتون {n}</a>' for n in range(2))
        path = "/news" if page == 1 else f"/news?page={page}"
        site.routes[path] = Answer(f'{links}<a rel="next" href="/news?page={page + 1}">التالي</a>'.encode())
        for n in range(2):
            text = f"{LONG}\nوهذا خبر اليوم {day + n} من الشهر {month} في الوادي."
            site.routes[f"/2026/{month:02}/{day + n:02}/story"] = Answer(article_page(text=text))
    source = await add(pool, site, Feed(0, site.url("/news"), FeedKind.LISTING, r"/story$"))
    report = await run(pool, database_url, source)
    assert (report.found, report.pages["new"]) == (4, 4)
    assert "/news?page=4" in site.paths()
    assert "/news?page=5" not in site.paths()


async def test_a_listing_that_never_ends_ends_when_it_brings_nothing_new(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/2026/04/01/story"] = Answer(article_page())
    for page in range(1, 60):
        path = "/news" if page == 1 else f"/news?page={page}"
        link = '<a href="/2026/04/01/story">خبر من وادي الزيتون</a>'
        site.routes[path] = Answer(f'{link}<a rel="next" href="/news?page={page + 1}">التالي</a>'.encode())
    source = await add(pool, site, Feed(0, site.url("/news"), FeedKind.LISTING, r"/story$"))
    report = await run(pool, database_url, source)
    assert report.pages["new"] == 1
    assert report.documents == 2


@pytest.mark.parametrize(("how", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
async def test_one_that_was_ended_in_the_middle_loses_nothing_and_stores_nothing_twice(
    site: Site, pool: AsyncConnectionPool, database_url: str, how: signal.Signals, status: int
) -> None:
    publish_months(site, 3, 4, articles=27)
    for route in list(site.routes):
        if route.endswith("story") and isinstance(answer := site.routes[route], Answer):
            # The older month is asked for last and slowly, so the end comes in its middle on any machine.
            site.routes[route] = replace(answer, delay=3.0 if "/03/" in route[:9] else 0.1)
    await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    environment = os.environ | {
        "RAWI_DATABASE_URL": database_url, "RAWI_ALLOW_HOSTS": "*.localhost", "RAWI_WORKERS": "1",
    }  # fmt: skip
    words = [*RAWI, "backfill", "site", "--since", "2026-03-01", "--until", "2026-05-01", "--json"]
    process = subprocess.Popen(  # noqa: ASYNC220 -- it only starts
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    await wait_until_stored(pool, 4)
    process.send_signal(how)
    await asyncio.to_thread(process.communicate)
    assert process.returncode == status
    assert await stored(pool) < 54
    publish_months(site, 3, 4, articles=27)
    again = await asyncio.to_thread(subprocess.run, words, env=environment, capture_output=True, text=True)
    report = json.loads(again.stdout)
    assert (again.returncode, report["resumed"], report["documents"], report["left"]) == (0, True, 0, 0)
    await assert_each_once(pool, 54)


def test_a_period_is_of_whole_days() -> None:
    assert Period(date(2026, 3, 1), date(2026, 3, 2)).end == datetime(2026, 3, 2, tzinfo=UTC)


async def test_a_backfill_looks_at_nothing_again(site: Site, pool: AsyncConnectionPool, database_url: str) -> None:
    publish_months(site, 4)
    source = await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    await run(pool, database_url, source)
    await fetch_all(
        pool,
        "UPDATE articles SET published_at = now() - interval '3 hours', first_seen_at = now() - interval '3 hours', "
        "last_seen_at = now() - interval '2 hours' RETURNING id",
    )
    site.requests.clear()
    await run(pool, database_url, source)
    assert [path for path in site.paths() if path.endswith("story")] == []


async def test_a_source_that_comes_back_is_backfilled_anew(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish_months(site, 4)
    source = await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    assert (await run(pool, database_url, source, limit=1)).left == 2
    await Sources(pool).remove("site", keep_articles=True)
    back = await Sources(pool).revert("site")
    assert back is not None
    report = await run(pool, database_url, back)
    assert (report.pages["new"], report.left) == (2, 0)


async def test_a_backfill_walks_at_the_pace_that_the_operator_chose(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish_months(site, 3, 4, articles=0)
    source = await add(pool, site, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP))
    slow = await Sources(pool).change(replace(source, delay=1.0))
    began = time.monotonic()
    report = await run(pool, database_url, slow)
    # Half of each delay is left to chance.
    assert (report.documents, time.monotonic() - began > 1.0) == (3, True)
