"""Whole crawls: what a second one does, and that no interruption loses an article or stores one twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.crawl import Crawl
from crawler.demo import DemoServer
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from tests.crawler.conftest import CONFIG, CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

RAWI = [str(Path(sys.executable).with_name("rawi"))]
PAGES = 40


def publish(site: Site, pages: int = PAGES, delay: float = 0.0) -> None:
    paths = [f"/{number}" for number in range(pages)]
    site.routes["/feed"] = Answer(rss(*paths), headers={"ETag": '"1"'})
    for number, path in enumerate(paths):
        page = article_page(
            title=f"خبر من وادي الزيتون {number}", text=f"{LONG}\nوهذا هو الخبر رقم {number} من الوادي."
        )
        site.routes[path] = Answer(page, delay=delay)


async def add_source(pool: AsyncConnectionPool, site: Site) -> Source:
    feeds = (Feed(id=0, url=site.url("/feed")),)
    return await Sources(pool).add(Source(id=0, name="site", title="", home=site.url("/"), feeds=feeds, delay=0.0))


def start_crawl(database_url: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "RAWI_DATABASE_URL": database_url, "RAWI_ALLOW_HOSTS": "*.localhost", "RAWI_WORKERS": "1",
    }  # fmt: skip
    return subprocess.Popen([*RAWI, "crawl", "--json"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def stored(pool: AsyncConnectionPool) -> int:
    return len(await fetch_all(pool, "SELECT id FROM articles"))


async def wait_until_stored(pool: AsyncConnectionPool, articles: int) -> None:
    deadline = time.monotonic() + 30
    while await stored(pool) < articles:
        assert time.monotonic() < deadline, "the crawl stores nothing"
        await asyncio.sleep(0.02)


async def assert_each_once(pool: AsyncConnectionPool, pages: int = PAGES) -> None:
    assert len(await fetch_all(pool, "SELECT DISTINCT text FROM articles")) == pages
    assert await stored(pool) == pages
    assert {row["state"] for row in await fetch_all(pool, "SELECT state FROM entries")} == {"stored"}
    assert await fetch_all(pool, "SELECT 1 FROM article_versions") == []


async def test_a_second_crawl_is_answered_304_and_stores_nothing(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, 5)
    feed = site.routes["/feed"]
    assert isinstance(feed, Answer)
    site.routes["/feed"] = lambda handler: Answer(status=304) if handler.headers.get("If-None-Match") == '"1"' else feed
    assert (await crawl_site()).new == 5
    site.requests.clear()
    again = await crawl_site()
    assert dict(again.feeds) == {"unchanged": 1}
    assert site.paths() == ["/feed"]
    await assert_each_once(pool, 5)


async def test_a_server_that_ignores_validators_is_not_believed_to_have_news(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, 3)
    await crawl_site()
    assert dict((await crawl_site()).feeds) == {"unchanged": 1}
    await assert_each_once(pool, 3)


async def test_an_edited_entry_is_fetched_again_and_its_old_text_kept(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, 2)
    await crawl_site()
    site.routes["/feed"] = Answer(rss("/0", "/1", titles=("خبر رقم 0 (محدث)", "خبر رقم 1")))
    site.routes["/0"] = Answer(article_page(text=f"{LONG}\nأضيفت هذه الفقرة بعد النشر الأول بساعة كاملة."))
    report = await crawl_site()
    assert (report.new, report.updated, report.unchanged) == (0, 1, 1)
    assert len(await fetch_all(pool, "SELECT 1 FROM article_versions")) == 1


async def test_limit_leaves_the_rest_pending(site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool) -> None:
    publish(site, 10)
    assert (await crawl_site(limit=3)).new == 3
    assert (await crawl_site()).new == 7
    await assert_each_once(pool, 10)


async def test_only_due_feeds_are_polled(site: Site, crawl_site: CrawlSite) -> None:
    publish(site, 1)
    assert (await crawl_site(only_due=True)).new == 1
    site.requests.clear()
    assert dict((await crawl_site(only_due=True)).feeds) == {}
    assert site.requests == []


@pytest.mark.parametrize("moment", [1, 12, 25])
async def test_a_killed_crawl_loses_nothing_and_the_next_stores_nothing_twice(
    site: Site, pool: AsyncConnectionPool, database_url: str, moment: int
) -> None:
    publish(site, delay=0.02)
    await add_source(pool, site)
    crawl = start_crawl(database_url)
    await wait_until_stored(pool, moment)
    crawl.kill()
    await asyncio.to_thread(crawl.communicate)
    # Whatever the feed answers now, what it announced is remembered.
    site.routes["/feed"] = Answer(status=304)
    again = start_crawl(database_url)
    output, _ = await asyncio.to_thread(again.communicate)
    assert again.returncode == 0
    assert json.loads(output)["outcome"] == "finished"
    await assert_each_once(pool)


async def test_ctrl_c_finishes_what_is_under_way_and_says_what_is_kept(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, delay=1.0)  # on a busy machine, analysis begins seconds after downloading
    await add_source(pool, site)
    crawl = start_crawl(database_url)
    await wait_until_stored(pool, 3)
    crawl.send_signal(signal.SIGINT)
    output, errors = await asyncio.to_thread(crawl.communicate)
    report = json.loads(output)
    kept = await stored(pool)
    assert crawl.returncode == 130, errors
    assert report["outcome"] == "interrupted"
    assert report["sources"][0]["new"] == kept < PAGES
    assert b"Stopping" in errors
    assert len(await fetch_all(pool, "SELECT 1 FROM entries WHERE state = 'pending'")) == PAGES - kept


async def test_a_database_that_is_lost_in_the_middle_is_waited_for(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, delay=0.02)
    crawl = asyncio.ensure_future(crawl_site())
    await wait_until_stored(pool, 3)
    for _ in range(6):
        await asyncio.sleep(0.05)
        try:
            async with pool.connection() as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        except OSError:
            continue
    await crawl
    await assert_each_once(pool)


async def test_two_crawls_at_once_do_not_do_everything_twice(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, delay=0.02)
    await add_source(pool, site)
    crawls = [start_crawl(database_url) for _ in range(2)]
    outputs = [json.loads((await asyncio.to_thread(crawl.communicate))[0]) for crawl in crawls]
    assert sorted(output["sources"][0]["busy"] for output in outputs) == [False, True]
    assert len(site.paths()) == PAGES + 1
    await assert_each_once(pool)


async def test_the_invented_web_is_read_as_its_writers_wrote_it(pool: AsyncConnectionPool, database_url: str) -> None:
    with DemoServer(port=0) as web:
        sources = [
            await Sources(pool).add(
                Source(
                    id=0, name=o.name, title=o.title, home=o.base_url, feeds=(Feed(id=0, url=o.feed_url),), delay=0.0
                )
            )
            for o in web.outlets
        ]
        report = (await Crawl(CONFIG, pool, database_url).run(sources)).sources
        assert {name: source.new for name, source in report.items()} == {"rafid": 12, "marsa": 12}
        assert dict(report["rafid"].rejected) == {"video": 1, "http-404": 1, "not-arabic": 1}
        texts = {row["title"]: row["text"] for row in await fetch_all(pool, "SELECT title, text FROM articles")}
        for outlet in web.outlets:
            for article in outlet.articles:
                assert texts[article.title] == article.text
        web.publish_update()
        again = (await Crawl(CONFIG, pool, database_url).run(sources)).sources
        assert {name: (source.new, source.updated) for name, source in again.items()} == {
            "rafid": (0, 1),
            "marsa": (0, 1),
        }
