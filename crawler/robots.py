"""What does the robots.txt of a host say? It is asked for once a day, and every crawl on the database knows it then.

A crawler may keep a robots.txt as its Cache-Control allows, and for a day at most (RFC 9309, 2.4). A poll that brings
nothing new then costs a host one request and not two, and at the host's pace half the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from psycopg_pool import AsyncConnectionPool

from crawler.scheduling.hints import MAX_AGE
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "robots.sql")

#: How long a robots.txt is kept, and how long a kept one may be, bytes (RFC 9309, 2.4 and 2.5).
LONGEST, LARGEST = timedelta(days=1), 500 * 1024


class KnownRobots:
    """The robots.txt of the hosts of one crawl, as far as they are known."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._known: dict[str, bytes | None] = {}
        self._new: dict[str, tuple[bytes, timedelta]] = {}

    async def load(self, urls: Iterable[str]) -> None:
        """Read what is known of the hosts of ``urls``; one question for all of them."""
        origins = {origin_of(url) for url in urls}
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(SQL["known_robots"], {"origins": list(origins)})).fetchall()
        self._known |= dict.fromkeys(origins) | {origin: bytes(body) for origin, body in rows}

    async def get(self, url: str) -> bytes | None:
        """Return the robots.txt of the host of ``url``, which is empty where it has none; ``None``: not known."""
        if origin_of(url) not in self._known:
            await self.load([url])
        return self._known[origin_of(url)]

    def learn(self, url: str, status: int, body: bytes, cache_control: str) -> None:
        """Remember what a host answered, unless it is to be asked again: trouble, and what is not to be kept."""
        good_for = kept_for(cache_control)
        refused = 400 <= status < 500 and status != 429
        if good_for and (refused or status == 200) and len(body) <= LARGEST:
            # Who has none, or does not show it, allows everything (RFC 9309, 2.3.1.3).
            self._new[origin_of(url)] = (b"" if refused else body, good_for)

    async def save(self) -> None:
        """Let the next crawls know what this one learned; one transaction, which may be repeated."""
        if not self._new:
            return
        rows = [
            {"origin": origin, "body": body, "good_for": good_for}
            for origin, (body, good_for) in sorted(self._new.items())
        ]
        async with self._pool.connection() as connection, connection.transaction():
            await connection.cursor().executemany(SQL["remember_robots"], rows)
            await connection.execute(SQL["forget_robots"])


def origin_of(url: str) -> str:
    """Return what a robots.txt is valid for: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def kept_for(cache_control: str) -> timedelta:
    """Return how long an answer with this Cache-Control may be kept (RFC 9111, 5.2.2)."""
    control = cache_control.lower()
    if "no-store" in control or "no-cache" in control:
        return timedelta(0)
    match = MAX_AGE.search(control)
    return min(timedelta(seconds=int(match[1])), LONGEST) if match else LONGEST
