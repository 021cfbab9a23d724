"""How many feeds a second, when none of them has anything new? A second poll, beside Scrapy that only downloads.

    python -m benchmarks.repoll [--feeds 1000] [--hosts 1000] [--rounds 5] [--json]

Every feed is a source of its own, spread over so many hosts of loopback (`name.localhost`, delay 0), and answers 304.
*Rawi* is `rawi crawl` as it is started from a shell, on a Postgres that has had a first poll of ten entries a feed and
knows each robots.txt for a day. *download only* is Scrapy that asks for the same addresses with the same validators and
throws the answers away; it asks for no robots.txt. The two take turns; what is printed are medians.

*feeds/s* is from the first request that the server saw to the last, *whole* counts from the start of the process to its
end. CPU seconds are those of the client, its children included, and of Postgres.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from psycopg_pool import AsyncConnectionPool
from rich.console import Console
from rich.table import Table

from benchmarks.feedserver import ETAG, FeedServer
from crawler.frontier import Frontier
from crawler.recording import Poll, Polled, record_polls
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.model import FeedEntry
from pipelines.storage.cluster import running_postmaster
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool

RAWI = str(Path(sys.executable).with_name("rawi"))
#: Requests under way at once, of both.
CONCURRENCY = 16
#: Entries that each feed had at its first poll.
ENTRIES = 10


@dataclass(frozen=True)
class Figures:
    """One way to poll: feeds a second by the server's log and by the whole of the process, and seconds of CPU."""

    feeds_per_second: float
    whole_per_second: float
    client_cpu: float
    postgres_cpu: float
    robots: float


@dataclass(frozen=True)
class PolledStore:
    """A store in which every feed was polled once, and the server of the feeds."""

    url: str
    postmaster: int
    server: FeedServer
    feeds: Sequence[str]

    def rawi(self) -> Figures:
        """Poll them again with ``rawi crawl``, and measure that."""
        return self._measure(self.crawl)

    def download_only(self) -> Figures:
        """Ask for them again with nothing but Scrapy."""
        command = [sys.executable, "-m", "benchmarks.repoll", "--download-only"]
        return self._measure(lambda: subprocess.run(command, input="\n".join(self.feeds), text=True, check=True))

    def crawl(self) -> None:
        """Run ``rawi crawl`` to its end."""
        environment = os.environ | {
            "RAWI_DATABASE_URL": self.url, "RAWI_ALLOW_HOSTS": "*.localhost", "RAWI_CONCURRENCY": str(CONCURRENCY)
        }  # fmt: skip
        subprocess.run([RAWI, "crawl", "--json"], env=environment, stdout=subprocess.DEVNULL, check=True)

    def _measure(self, work: Callable[[], object]) -> Figures:
        self.server.take()
        spent, of_postgres, began = os.times(), cpu_of_tree(self.postmaster), time.monotonic()
        work()
        whole, now, seen = time.monotonic() - began, os.times(), self.server.take()
        if seen["feeds"] != len(self.feeds):
            raise RuntimeError(f"{seen['feeds']} feeds were asked for, not {len(self.feeds)}")
        return Figures(
            feeds_per_second=len(self.feeds) / (seen["last"] - seen["first"]),
            whole_per_second=len(self.feeds) / whole,
            client_cpu=now.children_user + now.children_system - spent.children_user - spent.children_system,
            postgres_cpu=cpu_of_tree(self.postmaster) - of_postgres,
            robots=seen["robots"],
        )


def cpu_of_tree(root: int) -> float:
    """Return the seconds of CPU that a process, its children and those of them that have ended took so far."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            numbers = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(entry.name) == root:
            ticks += sum(map(int, numbers[11:15]))  # utime, stime, and those of children that were waited for
        elif int(numbers[1]) == root:
            ticks += sum(map(int, numbers[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def polled_once(feeds: int, hosts: int) -> Iterator[PolledStore]:
    """Yield a store of so many feeds, each polled once, on an embedded Postgres of its own."""
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as folder, FeedServer() as server:
        home = Path(folder)
        home.chmod(0o755)
        urls = [server.url(f"/{number}.xml", f"host-{number % hosts}") for number in range(feeds)]
        with EmbeddedServer(home) as url:
            migrate(url)
            asyncio.run(_poll_first(url, urls))
            postmaster = running_postmaster(home / "postgres")
            assert postmaster is not None
            yield PolledStore(url, postmaster, server, urls)


async def _poll_first(url: str, feeds: Sequence[str]) -> None:
    async with open_pool(url) as pool:
        run_id = await Frontier(pool).start_run()
        for number, feed in enumerate(feeds):
            await _add(pool, f"source-{number:05}", feed, run_id)
        async with pool.connection() as connection:
            # What was announced is done with, and the time of the first poll is past.
            await connection.execute("UPDATE entries SET state = 'rejected', reason = 'benchmark', settled_at = now()")
            await connection.execute("UPDATE feeds SET next_poll_at = 'epoch'")


async def _add(pool: AsyncConnectionPool, name: str, url: str, run_id: int) -> None:
    feed = Feed(id=0, url=url)
    source = await Sources(pool).add(Source(id=0, name=name, title="", home=url, feeds=(feed,), delay=0.0))
    entries = tuple(FeedEntry(url=f"{url}/{number}", title=f"خبر {number}") for number in range(ENTRIES))
    poll = Poll("ok", good=True, fresh=True, http_status=200, etag=ETAG, entries=entries)
    await record_polls(pool, [Polled(source, source.feeds[0], poll, datetime.now(UTC))], run_id=run_id)


def download_only(urls: Sequence[str]) -> None:
    """Ask for ``urls`` with their validators, and do nothing with what comes."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler.engine import running_reactor
    from crawler.middlewares.guard import install_resolver

    class Downloads(Spider):
        name = "downloads"
        custom_settings = {  # noqa: RUF012 -- Scrapy's name
            "CONCURRENT_REQUESTS": CONCURRENCY, "DOWNLOAD_DELAY": 0, "HTTPERROR_ALLOW_ALL": True,
            "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False,
            "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        }  # fmt: skip

        async def start(self):  # type: ignore[no-untyped-def]
            for url in urls:
                yield Request(url, headers={"If-None-Match": ETAG}, dont_filter=True)

        def parse(self, response):  # type: ignore[no-untyped-def]
            return None

    async def crawl() -> None:
        install_resolver(running_reactor(), ("*.localhost",))  # not every system knows these names
        await AsyncCrawlerRunner().crawl(Downloads)

    asyncio.run(crawl())


def compare(store: PolledStore, rounds: int) -> dict[str, Figures]:
    """Return the medians of so many rounds of each way, which take turns."""
    ways: dict[str, Callable[[], Figures]] = {"Rawi": store.rawi, "download only": store.download_only}
    store.rawi()  # warms the caches of both machines, and of robots.txt
    measured: dict[str, list[Figures]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            measured[name].append(way())
    return {
        name: Figures(*(median(getattr(one, field.name) for one in each) for field in fields(Figures)))
        for name, each in measured.items()
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--hosts", type=int, help="one for each feed, unless said")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--download-only", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.download_only:
        download_only(sys.stdin.read().split())
        return
    with polled_once(arguments.feeds, arguments.hosts or arguments.feeds) as store:
        found = compare(store, arguments.rounds)
    if arguments.json:
        print(json.dumps({"feeds": arguments.feeds, "ways": {name: asdict(each) for name, each in found.items()}}))
        return
    table = Table("", "feeds/s", "whole, feeds/s", "client, CPU s", "Postgres, CPU s", "robots.txt")
    for name, each in found.items():
        table.add_row(
            name, f"{each.feeds_per_second:.0f}", f"{each.whole_per_second:.0f}", f"{each.client_cpu:.2f}",
            f"{each.postgres_cpu:.2f}", f"{each.robots:.0f}",
        )  # fmt: skip
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
