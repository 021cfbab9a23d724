"""Three crawls in processes of their own, forty feeds on four hosts: together they are as polite as one."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.hosts import PLACES
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from tests.crawler.conftest import fetch_all
from tests.crawler.test_crawl import RAWI
from tests.site import LONG, Answer, Site, article_page, rss

HOSTS = PLAIN, PATIENT, TIRED, SLOW = ("plain", "patient", "tired", "slow")
FEEDS, PROCESSES = 40, 3
#: Seconds: between two requests to a host, as `patient` asks in its robots.txt, and for an answer of `slow`.
DELAY, CRAWL_DELAY, ANSWER = 0.2, 0.5, 0.8
#: Requests that `tired` answers before it asks to be left alone.
ENOUGH = 6
#: Seconds by which a busy machine may be late with a request that it was allowed to make.
SLACK = 1.0


class Town(Site):
    """Four hosts on one port, each with ten feeds of one article; what arrives, and what is under way, is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: dict[str, list[float]] = defaultdict(list)
        self.under_way: dict[str, int] = defaultdict(int)
        self.most_under_way: dict[str, int] = defaultdict(int)
        self.refused_at: float | None = None
        self._lock = threading.Lock()
        self.routes["/robots.txt"] = self.serve
        for number in range(FEEDS):
            self.routes |= {f"/{number}/feed": self.serve, f"/{number}/story": self.serve}

    def serve(self, handler: BaseHTTPRequestHandler) -> Answer:
        host = handler.headers["Host"].split(".")[0]
        with self._lock:
            self.arrivals[host].append(time.monotonic())
            self.under_way[host] += 1
            self.most_under_way[host] = max(self.most_under_way[host], self.under_way[host])
            refuses = host == TIRED and len(self.arrivals[host]) > ENOUGH
            if refuses and self.refused_at is None:
                self.refused_at = time.monotonic()
        time.sleep(ANSWER if host == SLOW else 0.02)
        with self._lock:
            self.under_way[host] -= 1
        if refuses:
            return Answer(b"enough", 429, {"Retry-After": "900"})
        return self.page(handler.path, host)

    def page(self, path: str, host: str) -> Answer:
        if path == "/robots.txt":
            return Answer(f"User-agent: *\nCrawl-delay: {CRAWL_DELAY}\n".encode() if host == PATIENT else b"")
        number = path.split("/")[1]
        if path.endswith("/feed"):
            return Answer(rss(self.url(f"/{number}/story", host), titles=(f"خبر {number}",)))
        return Answer(article_page(f"خبر {number}", f"{LONG}\nوهذا هو الخبر رقم {number} من {host}."))


@pytest.fixture
def town() -> Iterator[Town]:
    with Town() as served:
        assert isinstance(served, Town)
        yield served


async def add_sources(pool: AsyncConnectionPool, town: Town) -> None:
    for number in range(FEEDS):
        host = HOSTS[number % len(HOSTS)]
        feed = Feed(0, town.url(f"/{number}/feed", host))
        await Sources(pool).add(Source(0, f"s{number}", "", town.url(f"/{number}/", host), (feed,)))


def start_crawl(database_url: str, process: int) -> subprocess.Popen[bytes]:
    """Start one of the crawls: its sources are others than those of the other two, its hosts are the same."""
    environment = os.environ | {
        "RAWI_DATABASE_URL": database_url, "RAWI_ALLOW_HOSTS": "*.localhost", "RAWI_WORKERS": "1",
        "RAWI_DELAY": str(DELAY),
    }  # fmt: skip
    names = [f"s{number}" for number in range(FEEDS) if number // len(HOSTS) % PROCESSES == process]
    command = [*RAWI, "crawl", "--json", *names]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def assert_spaced(times: list[float], delay: float) -> None:
    """Between any two requests lie as many delays as requests, but for what a busy machine is late."""
    times = sorted(times)
    for first in range(len(times)):
        for last in range(first + 1, len(times)):
            assert times[last] - times[first] >= (last - first) * delay - SLACK


async def test_three_processes_together_keep_delay_places_crawl_delay_and_retry_after(
    town: Town, pool: AsyncConnectionPool, database_url: str
) -> None:
    await add_sources(pool, town)
    crawls = [start_crawl(database_url, process) for process in range(PROCESSES)]
    reports = [json.loads((await asyncio.to_thread(crawl.communicate))[0]) for crawl in crawls]
    assert [report["outcome"] for report in reports] == ["finished"] * PROCESSES
    # Every process asked every host.
    assert all(len(town.arrivals[host]) >= PROCESSES for host in HOSTS)
    assert_spaced(town.arrivals[PLAIN], DELAY)
    assert_spaced(town.arrivals[PATIENT][PROCESSES:], CRAWL_DELAY)
    assert_spaced(town.arrivals[SLOW], DELAY)
    assert town.most_under_way[PATIENT] <= PLACES  # until its robots.txt was read
    assert town.most_under_way[SLOW] == PLACES
    # A request that had begun when the refusal came may still arrive, and no other.
    assert town.refused_at is not None
    late = [at for at in town.arrivals[TIRED] if at > town.refused_at + DELAY + SLACK]
    assert late == []
    assert len(town.arrivals[TIRED]) <= ENOUGH + PLACES
    stored = await fetch_all(
        pool, "SELECT s.home LIKE '%tired%' AS tired, count(*) AS n FROM articles a JOIN sources s ON s.id = a.source_id "
        "GROUP BY 1 ORDER BY 1",
    )  # fmt: skip
    assert stored[0] == {"tired": False, "n": 30}
    waiting = await fetch_all(
        pool, "SELECT next_poll_at - now() > '10 minutes' AS later, failures FROM feeds f "
        "WHERE url LIKE '%tired%' AND succeeded_at IS NULL",
    )  # fmt: skip
    assert waiting
    assert all(row["later"] for row in waiting)
    assert sum(row["failures"] for row in waiting) <= PLACES
