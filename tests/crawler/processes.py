"""Workers and crawls as processes of their own, and what must be true of the store whatever was done to them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import LiteralString

from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.storage.pool import LOST, patiently
from tests.crawler.conftest import fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

RAWI = str(Path(sys.executable).with_name("rawi"))
#: What lets jobs and pages that are to be tried again in some minutes be tried now.
HURRY: tuple[LiteralString, ...] = (
    "UPDATE procrastinate_jobs SET scheduled_at = now() "
    "WHERE status = 'todo' AND scheduled_at > now() + interval '5 seconds' RETURNING 1",
    "UPDATE entries SET not_before = now() "
    "WHERE state = 'pending' AND not_before > now() + interval '5 seconds' RETURNING 1",
)
#: Seconds after which silence means death, in tests.
LEASE = 4


def environment(database_url: str, **variables: str) -> dict[str, str]:
    return os.environ | {
        "RAWI_DATABASE_URL": database_url, "RAWI_ALLOW_HOSTS": "*.localhost", "RAWI_WORKERS": "1", "RAWI_DELAY": "0",
        "RAWI_LEASE": str(LEASE), **variables,
    }  # fmt: skip


class Worker(subprocess.Popen[bytes]):
    """``rawi worker``. Its log goes to a file: a pipe that nobody reads stops who writes to it once it is full."""

    def __init__(self, database_url: str, *words: str, **variables: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the worker
        command = [RAWI, "worker", "--log-json", *words]
        super().__init__(command, env=environment(database_url, **variables), stderr=self._log)

    def ended(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Tell it to stop, and return what it has logged."""
        self.send_signal(how)
        self.wait(timeout=60)
        self._log.seek(0)
        return self._log.read().decode()

    def close(self) -> None:
        # One that is stopped can be killed as well.
        self.kill()
        self.wait()
        self._log.close()


@contextmanager
def worker(database_url: str, *words: str, **variables: str) -> Iterator[Worker]:
    """A worker that is killed when the test has ended."""
    with closing(Worker(database_url, *words, **variables)) as process:
        yield process


async def publish(pool: AsyncConnectionPool, site: Site, hosts: int, pages: int, delay: float = 0.0) -> None:
    """Let ``hosts`` sources of ``pages`` articles each be due now."""
    for host in range(hosts):
        paths = [f"/{host}/{number}" for number in range(pages)]
        site.routes[f"/{host}/feed"] = Answer(rss(*paths), delay=delay)
        for number, path in enumerate(paths):
            title = f"خبر {number} من الدار {host}"
            text = f"{LONG}\nوهذا هو الخبر رقم {number} من الدار رقم {host} في الوادي."
            site.routes[path] = Answer(article_page(title=title, text=text), delay=delay)
        name = f"site-{host}"
        feeds = (Feed(id=0, url=site.url(f"/{host}/feed", name)),)
        await Sources(pool).add(
            Source(id=0, name=name, title="", home=site.url("/", name), feeds=feeds, delay=0.0), action="add"
        )


async def count(pool: AsyncConnectionPool, query: LiteralString) -> int:
    return int((await patiently(lambda: fetch_all(pool, query), patience=60))[0]["count"])


async def stored(pool: AsyncConnectionPool) -> int:
    return await count(pool, "SELECT count(*) FROM articles")


async def until(what: Callable[[], Awaitable[bool]], *, seconds: float = 60, hint: str = "it does not come") -> None:
    deadline = time.monotonic() + seconds
    while not await what():
        assert time.monotonic() < deadline, hint
        await asyncio.sleep(0.05)


async def until_stored(pool: AsyncConnectionPool, articles: int, *, seconds: float = 60) -> None:
    async def enough() -> bool:
        return await stored(pool) >= articles

    await until(enough, seconds=seconds, hint=f"{articles} articles are not stored")


async def until_idle(pool: AsyncConnectionPool, *, seconds: float = 60) -> None:
    """Wait until nothing is due, pending or being done; what is to be tried again in some minutes is tried now."""

    async def idle() -> bool:
        for hurry in HURRY:
            await patiently(lambda hurry=hurry: fetch_all(pool, hurry), patience=60)  # type: ignore[misc]
        return not await count(
            pool,
            "SELECT (SELECT count(*) FROM entries WHERE state = 'pending')"
            " + (SELECT count(*) FROM feeds WHERE next_poll_at <= now())"
            " + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) AS count",
        )

    await until(idle, seconds=seconds, hint="there is still something to do")


async def assert_nothing_lost_and_nothing_twice(pool: AsyncConnectionPool, hosts: int, pages: int) -> None:
    """Articles, versions, entries and polls: each once."""
    articles = hosts * pages
    assert await stored(pool) == articles
    assert await count(pool, "SELECT count(DISTINCT text) FROM articles") == articles
    assert await count(pool, "SELECT count(*) FROM article_versions") == 0
    assert await count(pool, "SELECT count(*) FROM entries") == articles
    assert await count(pool, "SELECT count(*) FROM entries WHERE state <> 'stored' OR article_id IS NULL") == 0
    assert await count(pool, "SELECT count(*) FROM quarantine") == 0
    # A feed is new once: what was announced was announced in one poll, however often it was asked for.
    assert await count(pool, "SELECT coalesce(sum(new), 0) AS count FROM polls") == articles
    assert await count(pool, "SELECT coalesce(sum(changed), 0) AS count FROM polls") == 0


async def cut_connections(pool: AsyncConnectionPool) -> None:
    """End every session of the database but the one that does."""
    try:
        async with pool.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    except LOST:
        return
