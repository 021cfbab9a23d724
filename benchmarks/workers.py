"""How much sooner are N sources done by three workers than by one, where hosts are slow and cores are not the limit?

    python -m benchmarks.workers [--sources 72] [--pages 3] [--delay 2.0] [--concurrency 4]

Every source is a host of its own on loopback (`name.localhost`), whose server sleeps before each answer. Workers are
processes, as on machines of their own; the database is one. Prints the seconds from the start of the workers, all of
which are up and idle by then, until everything is polled and stored, for one worker and for three, and their ratio.
`--pages 0 --delay 0` is what polling alone costs a worker.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool
from tests.site import LONG, Answer, Site, article_page, rss

RAWI = str(Path(sys.executable).with_name("rawi"))


async def publish(url: str, site: Site, sources: int, pages: int, delay: float) -> None:
    """Let there be sources, none of which is due."""
    async with open_pool(url) as pool:
        await add_sources(pool, site, sources, pages, delay)
        async with pool.connection() as connection:
            await connection.execute("UPDATE feeds SET next_poll_at = now() + interval '1 day'")


async def add_sources(pool: AsyncConnectionPool, site: Site, sources: int, pages: int, delay: float) -> None:
    for host in range(sources):
        paths = [f"/{host}/{number}" for number in range(pages)]
        site.routes[f"/{host}/feed"] = Answer(rss(*paths), delay=delay)
        for path in paths:
            site.routes[path] = Answer(article_page(title=f"خبر {path}", text=f"{LONG}\nالخبر {path}"), delay=delay)
        name = f"host-{host}"
        feeds = (Feed(id=0, url=site.url(f"/{host}/feed", name)),)
        source = Source(id=0, name=name, title="", home=site.url("/", name), feeds=feeds, delay=0.0)
        await Sources(pool).add(source)


def seconds(workers: int, arguments: argparse.Namespace) -> float:
    """Return how long so many workers take."""
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as folder, Site() as site:
        Path(folder).chmod(0o755)
        site.routes["/robots.txt"] = Answer(b"", 404)
        with EmbeddedServer(Path(folder)) as url:
            migrate(url)
            asyncio.run(publish(url, site, arguments.sources, arguments.pages, arguments.delay))
            environment = os.environ | {
                "RAWI_DATABASE_URL": url, "RAWI_ALLOW_HOSTS": "*.localhost", "RAWI_WORKERS": "1",
            }  # fmt: skip
            command = [RAWI, "worker", "--concurrency", str(arguments.concurrency)]
            running = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _ in range(workers)]
            try:
                return measured(url, workers, arguments)
            finally:
                for process in running:
                    process.kill()
                    process.wait()


def measured(url: str, workers: int, arguments: argparse.Namespace) -> float:
    """Let everything be due once the workers are up; return the seconds until it is stored."""
    with psycopg.connect(url, autocommit=True) as connection:

        def count(table: LiteralString) -> int:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            return int(row[0]) if row else 0

        while count("procrastinate_workers") < workers:
            time.sleep(0.1)
        time.sleep(3)
        connection.execute("UPDATE feeds SET next_poll_at = 'epoch'")
        began = time.monotonic()
        while count("polls") < arguments.sources or count("articles") < arguments.sources * arguments.pages:
            time.sleep(0.1)
        return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=int, default=72)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--delay", type=float, default=2.0)
    parser.add_argument("--concurrency", type=int, default=4)
    arguments = parser.parse_args()
    taken = {workers: seconds(workers, arguments) for workers in (1, 3)}
    for workers, each in taken.items():
        print(f"workers: {workers}, sources: {arguments.sources}, seconds: {each:.1f}")
    print(f"three against one: {taken[3] / taken[1]:.2f}")


if __name__ == "__main__":
    main()
