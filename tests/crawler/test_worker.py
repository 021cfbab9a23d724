"""Workers as they run: real processes, a real Postgres, a real site; killed, frozen, cut off and started together."""

from __future__ import annotations

import asyncio
import json
import signal

from psycopg_pool import AsyncConnectionPool

from tests.crawler.processes import (
    assert_nothing_lost_and_nothing_twice,
    count,
    ended,
    publish,
    stored,
    until_idle,
    until_stored,
    worker,
)
from tests.site import Site


async def test_a_worker_crawls_what_is_due_and_then_has_nothing_to_do(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=3, pages=4)
    with worker(database_url) as process:
        await until_idle(pool)
        log = await asyncio.to_thread(ended, process)
    assert process.returncode == 0, log
    await assert_nothing_lost_and_nothing_twice(pool, 3, 4)
    assert await count(pool, "SELECT count(*) FROM polls") == 3
    assert await count(pool, "SELECT count(*) FROM procrastinate_jobs") == 0
    assert {json.loads(line)["message"] for line in log.splitlines()} >= {"queued what is due", "crawled", "stopping"}


async def test_told_to_stop_it_finishes_the_pages_under_way_and_the_next_one_goes_on(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=2, pages=30, delay=1.0)
    with worker(database_url) as process:
        await until_stored(pool, 3)
        log = await asyncio.to_thread(ended, process)
    assert process.returncode == 0, log
    kept = await stored(pool)
    assert kept < 60
    assert await count(pool, "SELECT count(*) FROM entries WHERE state = 'stored'") == kept
    assert await count(pool, "SELECT count(*) FROM runs WHERE outcome = 'interrupted'") == 2
    asked = len(site.paths())
    # What was asked for was saved: the next worker asks for the rest only.
    assert asked == kept + 2
    with worker(database_url):
        await until_idle(pool)
    assert len(site.paths()) == 62
    await assert_nothing_lost_and_nothing_twice(pool, 2, 30)


async def test_pages_that_take_longer_than_the_grace_are_left_pending(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=1, pages=4, delay=0.1)
    site.routes["/0/3"] = type(site.routes["/0/3"])(delay=20, body=b"")  # type: ignore[call-arg]
    with worker(database_url, "--grace", "1") as process:
        await until_stored(pool, 3)
        log = await asyncio.to_thread(ended, process, signal.SIGINT)
    assert process.returncode == 0, log
    assert "ended before its pages were finished" in log
    assert await count(pool, "SELECT count(*) FROM entries WHERE state = 'pending'") == 1
