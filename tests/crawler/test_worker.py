"""Workers as they run: real processes, a real Postgres, a real site; killed, frozen, cut off and started together."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import timedelta

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.clock import Clock
from crawler.jobs import BackOff, crawl_job
from crawler.spiders import feed
from pipelines.errors import RawiError
from tests.crawler.cli.test_commands import rawi
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.crawler.processes import (
    assert_nothing_lost_and_nothing_twice,
    count,
    publish,
    stored,
    until_idle,
    until_stored,
    worker,
)
from tests.site import Answer, Site, rss


async def test_a_worker_crawls_what_is_due_and_then_has_nothing_to_do(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=3, pages=4)
    with worker(database_url) as process:
        await until_idle(pool)
        log = await asyncio.to_thread(process.ended)
    assert process.returncode == 0, log
    await assert_nothing_lost_and_nothing_twice(pool, 3, 4)
    assert await count(pool, "SELECT count(*) FROM polls") == 3
    assert await count(pool, "SELECT count(*) FROM procrastinate_jobs") == 0
    assert {json.loads(line)["message"] for line in log.splitlines()} >= {"queued what is due", "crawled", "stopping"}


async def test_told_to_stop_it_finishes_the_pages_under_way_and_the_next_one_goes_on(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=2, pages=60, delay=1.0)
    with worker(database_url) as process:
        await until_stored(pool, 3)
        log = await asyncio.to_thread(process.ended)
    assert process.returncode == 0, log
    kept = await stored(pool)
    assert kept < 120
    assert await count(pool, "SELECT count(*) FROM entries WHERE state = 'stored'") == kept
    assert await count(pool, "SELECT count(*) FROM runs WHERE outcome = 'interrupted'") == 2
    asked = len(site.paths())
    # What was asked for was saved: the next worker asks for the rest only.
    assert asked == kept + 2
    with worker(database_url):
        await until_idle(pool)
    assert len(site.paths()) == 122
    await assert_nothing_lost_and_nothing_twice(pool, 2, 60)


async def test_what_a_person_enqueues_is_crawled_though_it_is_not_due(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=2, pages=1)
    async with pool.connection() as connection:
        await connection.execute("UPDATE feeds SET next_poll_at = now() + interval '1 day'")
    queued = rawi("crawl", "site-1", "--enqueue", "--json", database=database_url)
    assert json.loads(queued.stdout) == {"queued": 1}
    assert rawi("crawl", "site-1", "--enqueue", "--due", database=database_url).returncode == 2
    with worker(database_url):
        await until_stored(pool, 1)
        await until_idle(pool)
    assert await count(pool, "SELECT count(*) FROM polls") == 1
    nothing = rawi("crawl", "--due", database=database_url)
    assert (nothing.returncode, "Nothing to crawl" in nothing.stdout) == (0, True)


async def test_what_a_fault_of_ours_drops_is_told_and_the_worker_does_not_hammer_the_site(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    site.routes["/feed"] = Answer(rss("/0"))
    monkeypatch.setattr(feed, "read_poll", broken)
    with pytest.raises(RawiError, match=r"bug in Rawi: ZeroDivisionError"):
        await crawl_site()
    assert [run["outcome"] for run in await fetch_all(pool, "SELECT outcome FROM runs")] == ["failed"]
    # Then the job is tried again later and later; see test_dispatch.py.
    soon, now = 10.0, Clock(timedelta(0))
    job = crawl_job("nahr.example", [1])
    for attempts, minutes in ((0, 1), (1, 2), (5, 32), (6, 60), (50, 60)):
        decision = BackOff(now, soon=soon).get_retry_decision(exception=RawiError(), job=job.evolve(attempts=attempts))
        assert decision.retry_at is not None
        assert abs(decision.retry_at - now.now() - timedelta(minutes=minutes)) < timedelta(seconds=5)


async def test_pages_that_take_longer_than_the_grace_are_left_pending(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=1, pages=4, delay=0.1)
    site.routes["/0/3"] = Answer(delay=20)
    with worker(database_url, "--grace", "1") as process:
        await until_stored(pool, 3)
        log = await asyncio.to_thread(process.ended, signal.SIGINT)
    assert process.returncode == 0, log
    assert "ended before its pages were finished" in log
    assert await count(pool, "SELECT count(*) FROM entries WHERE state = 'pending'") == 1
