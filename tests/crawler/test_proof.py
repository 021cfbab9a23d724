"""The proof that nothing is lost and nothing done twice, whatever happens to workers, machines and the database.

The ordinary suite does each thing a few times; `make proof` does them as often as RAWI_PROOF says.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.cluster import Cluster
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool
from tests.crawler.processes import (
    LEASE,
    RAWI,
    assert_nothing_lost_and_nothing_twice,
    count,
    cut_connections,
    environment,
    publish,
    until,
    until_idle,
    until_stored,
    worker,
)
from tests.site import Answer, Site, article_page

#: How often a worker is killed.
KILLS = int(os.environ.get("RAWI_PROOF", "4"))


async def test_workers_killed_at_random_moments(site: Site, pool: AsyncConnectionPool, database_url: str) -> None:
    moments = random.Random(7)
    hosts, pages = KILLS + 2, 8
    await publish(pool, site, hosts=hosts, pages=pages, delay=0.15)
    await held_back(pool)
    for round_ in range(KILLS):
        await let_go(pool, round_, hosts=2)
        with worker(database_url, "--concurrency", "3") as process:
            # From before it has read its first row to after it has saved its last page.
            await asyncio.sleep(moments.uniform(0.5, 3.5))
            process.kill()
    await let_go(pool, 0, hosts=hosts)
    with worker(database_url):
        await until_idle(pool, seconds=60 + 10 * hosts)
    await assert_nothing_lost_and_nothing_twice(pool, hosts, pages)
    assert await count(pool, "SELECT count(*) FROM procrastinate_jobs") == 0


async def held_back(pool: AsyncConnectionPool) -> None:
    """Let no feed be due."""
    async with pool.connection() as connection:
        await connection.execute("UPDATE feeds SET next_poll_at = now() + interval '1 day'")


async def let_go(pool: AsyncConnectionPool, first: int, *, hosts: int) -> None:
    """Let the feeds of some hosts that were never polled be due."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE feeds SET next_poll_at = 'epoch' WHERE polled_at IS NULL AND source_id IN "
            "(SELECT id FROM sources ORDER BY id OFFSET %s LIMIT %s)",
            (first, hosts),
        )


async def test_connections_cut_again_and_again(site: Site, pool: AsyncConnectionPool, database_url: str) -> None:
    await publish(pool, site, hosts=4, pages=10, delay=0.1)
    with worker(database_url):
        await until_stored(pool, 1)
        for _ in range(15):
            await cut_connections(pool)
            await asyncio.sleep(0.1)
        await until_idle(pool)
    await assert_nothing_lost_and_nothing_twice(pool, 4, 10)


async def test_workers_started_at_the_same_instant(site: Site, pool: AsyncConnectionPool, database_url: str) -> None:
    await publish(pool, site, hosts=6, pages=4, delay=0.05)
    # Nobody is to be thought dead here, however long a busy machine takes to start four processes.
    patient = {"RAWI_LEASE": "60"}
    with (
        worker(database_url, **patient),
        worker(database_url, **patient),
        crawl_due(database_url, **patient),
        crawl_due(database_url, **patient),
    ):
        await until_idle(pool)
    await assert_nothing_lost_and_nothing_twice(pool, 6, 4)
    # Nobody was asked twice for anything.
    assert len(site.paths()) == len(set(site.paths())) == 6 * 5
    assert await count(pool, "SELECT count(*) FROM polls") == 6


@contextmanager
def crawl_due(database_url: str, **variables: str) -> Iterator[None]:
    crawl = subprocess.Popen(
        [RAWI, "crawl", "--due", "--json"],
        env=environment(database_url, **variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield
    finally:
        crawl.communicate(timeout=60)


async def test_a_worker_that_froze_and_wakes_after_another_took_its_job(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=2, pages=20, delay=1.0)
    with worker(database_url) as frozen:
        await until_stored(pool, 3)
        await until_nobody_asks(site)
        frozen.send_signal(signal.SIGSTOP)
        # What the site says later is what must be kept: the frozen worker has seen older pages.
        for path, route in list(site.routes.items()):
            if isinstance(route, Answer) and not path.endswith(("feed", ".txt")):
                site.routes[path] = Answer(route.body, headers={"X-Later": "1"})
        with worker(database_url):
            # One that froze while it saved holds what it saves until its session ends, half a minute later.
            await until_idle(pool, seconds=120)
            await assert_nothing_lost_and_nothing_twice(pool, 2, 20)
            site.requests.clear()
            before = await snapshot(pool)
            frozen.send_signal(signal.SIGCONT)
            await asyncio.sleep(LEASE)
            assert await snapshot(pool) == before
        log = await asyncio.to_thread(frozen.ended)
    assert frozen.returncode == 0, log
    assert "took over" in log
    assert site.paths() == []
    await assert_nothing_lost_and_nothing_twice(pool, 2, 20)


async def until_nobody_asks(site: Site) -> None:
    """Wait for a moment in which all that was asked for waits for its answer."""
    asked = -1
    while asked != len(site.requests):
        asked = len(site.requests)
        await asyncio.sleep(0.3)


async def snapshot(pool: AsyncConnectionPool) -> list[tuple[object, ...]]:
    """All that crawls write but for signs of life."""
    async with pool.connection() as connection:
        query = """
            SELECT 'article', url, last_seen_at::text FROM articles
            UNION ALL SELECT 'entry', url, state || settled_at FROM entries
            UNION ALL SELECT 'feed', url, polled_at::text || next_poll_at FROM feeds
            UNION ALL SELECT 'poll', verdict, polled_at::text FROM polls ORDER BY 1, 2, 3
        """
        return await (await connection.execute(query)).fetchall()


@pytest.mark.parametrize("skew", [3600, -3600])
async def test_machines_whose_clocks_are_an_hour_apart(
    site: Site, pool: AsyncConnectionPool, database_url: str, skew: int
) -> None:
    await publish(pool, site, hosts=3, pages=4)
    with skewed_worker(database_url, skew) as wrong:
        await until_idle(pool)
        assert await count(pool, "SELECT count(*) FROM polls") == 3
        # Its time is the database's: what it wrote is neither of the past nor of the future, for anybody.
        assert (
            await count(pool, "SELECT count(*) FROM articles WHERE abs(extract(epoch FROM now() - last_seen_at)) < 60")
            == 12
        )
        assert (
            await count(
                pool,
                """
                SELECT count(*) FROM feeds WHERE abs(extract(epoch FROM now() - polled_at)) < 60
                    AND next_poll_at BETWEEN polled_at + interval '5 min' AND polled_at + interval '24 h'
                """,
            )
            == 3
        )
        with worker(database_url):
            await until_workers(pool, 2)
            await asyncio.sleep(2 * LEASE)
            # Neither thinks the other dead, nor anything due that is not.
            assert await count(pool, "SELECT count(*) FROM procrastinate_workers") == 2
            assert await count(pool, "SELECT count(*) FROM polls") == 3
            wrong.kill()
            # An edit that is seen by the machine with the right clock is newer, whatever the other's clock said.
            site.routes["/0/0"] = Answer(
                article_page(title="خبر 0 من الدار 0", text="تغير النص كله بعد ساعة من نشره. " * 9)
            )
            async with pool.connection() as connection:
                await connection.execute("UPDATE entries SET state = 'pending' WHERE url LIKE '%/0/0'")
            await until_idle(pool)
        assert await count(pool, "SELECT count(*) FROM article_versions") == 1


@contextmanager
def skewed_worker(database_url: str, skew: int) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on a machine whose clock is ahead by ``skew`` seconds."""
    command = [sys.executable, "-m", "tests.crawler.skewed", str(skew), "worker", "--log-json"]
    process = subprocess.Popen(
        command, env=environment(database_url), cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def until_workers(pool: AsyncConnectionPool, workers: int) -> None:
    async def enough() -> bool:
        return await count(pool, "SELECT count(*) FROM procrastinate_workers") == workers

    await until(enough)


class Server:
    """A Postgres of the test's own, that can be stopped and started."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = Cluster(home)
        self.cluster.ensure()
        self.start()
        with psycopg.connect(EmbeddedServer(home).url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE news")
        self.url = EmbeddedServer(home).url("news")
        migrate(self.url)

    def start(self) -> None:
        self.cluster.start()
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(EmbeddedServer(self.home).url("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "Postgres does not start"
                time.sleep(0.05)
            else:
                return


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rawi-proof-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def test_postgres_stopped_and_started(site: Site, home: Path) -> None:
    server = await asyncio.to_thread(Server, home)
    try:
        async with open_pool(server.url) as pool:
            await publish(pool, site, hosts=3, pages=12, delay=0.3)
            with worker(server.url) as process:
                for articles in (2, 8):
                    await until_stored(pool, articles)
                    await asyncio.to_thread(server.cluster.stop)
                    await asyncio.sleep(1)
                    assert process.poll() is None
                    await asyncio.to_thread(server.start)
                await until_idle(pool)
            await assert_nothing_lost_and_nothing_twice(pool, 3, 12)
    finally:
        await asyncio.to_thread(server.cluster.stop)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
async def test_a_full_disk_that_is_given_room_again(site: Site, home: Path) -> None:
    with small_disk(home):
        await crawled_on_a_full_disk(site, home)


async def crawled_on_a_full_disk(site: Site, home: Path) -> None:
    server = await asyncio.to_thread(Server, home)
    filler = home / "filler"
    try:
        async with open_pool(server.url) as pool:
            await publish(pool, site, hosts=2, pages=20, delay=0.2)
            with worker(server.url) as process:
                await until_stored(pool, 2)
                await asyncio.to_thread(fill, filler)
                await until_full(server)
                assert process.poll() is None
                filler.unlink()
                await asyncio.to_thread(server.start)
                await until_idle(pool, seconds=90)
            await assert_nothing_lost_and_nothing_twice(pool, 2, 20)
    finally:
        await asyncio.to_thread(server.cluster.stop)


@contextmanager
def small_disk(home: Path) -> Iterator[None]:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=0755", "none", str(home)], check=False)
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def fill(filler: Path) -> None:
    """Leave no byte."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1024 * 64))
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(256))


async def until_full(server: Server) -> None:
    """Wait until Postgres itself says that its disk is full."""

    async def said() -> bool:
        return "No space left on device" in server.cluster.log.read_text("utf-8", "replace")

    # Its log is on the same disk: what cannot be written there is seen by what cannot be stored.
    with suppress(AssertionError):
        await until(said, seconds=5)
