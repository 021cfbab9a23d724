"""Whose turn is it to ask a host? One answer for all feeds, spiders, workers and machines: the database's.

A host is a registered domain. Its row in ``hosts`` says when its next turn is, which requests are under way, what its
robots.txt asks for, and until when it wants to be left alone. A turn is taken with one statement and given back with
another; between the two the row is not locked, and a process that dies keeps its place only as long as a request can
last. Turns are given out in order and by the clock of the database. Within a process one request at a time waits for a
host, so that a process that dies takes few turns with it.

Hosts of one's own, which have a delay of zero, cost nothing: of those only is known, once a second, which are closed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from scrapy.exceptions import IgnoreRequest

from crawler.contacts import Contacts
from pipelines.errors import DatabaseError
from pipelines.storage.pool import SESSION
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "hosts.sql")

#: Requests to one host at once, over all processes; to one whose robots.txt asks for a delay, one.
PLACES = 2
#: Seconds after which a request that has not ended is believed to have died with its process: the time limit of an
#: answer, twice.
LOST_AFTER = 60.0
#: Seconds for which a host is closed that refuses without saying for how long: doubling up to an hour. story-indexer
#: waits 30 s after a 429, which is what hosts forget soonest; twice that is gentler.
PAUSE, LONGEST_PAUSE = 60.0, 3600.0
#: Seconds between two looks for a free place, and between two looks which hosts of one's own are closed.
LOOK, LOOK_CLOSED = 0.1, 1.0


class HostClosed(IgnoreRequest):
    """The host asked to be left alone for so many ``seconds``."""

    def __init__(self, domain: str, seconds: float) -> None:
        super().__init__(f"{domain} asked to be left alone for another {seconds:.0f} s")
        self.seconds = seconds


class TurnsEnded(IgnoreRequest):
    """Nobody takes turns any more: the crawl is being stopped."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A request that may start. ``began`` is when, by the clock of the database; ``None`` where it was not asked."""

    domain: str
    began: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that asks for a pause: 429, or 503 with the time it asks for."""

    verdict: str
    retry_after: timedelta | None


class Hosts:
    """The hosts of one database, as one process asks them; use it as a context.

    ``delays`` are seconds between two requests, by domain, where an operator chose them; ``delay`` is that of others.
    ``patience`` is how many seconds a database that was lost is waited for; ``contacts`` is who has answered lately.
    ``lapsed`` tells whether it is not known that what is asked for is still this process' to ask for.
    """

    def __init__(
        self,
        url: str,
        *,
        delay: float,
        delays: Mapping[str, float],
        patience: float,
        contacts: Contacts,
        lapsed: Callable[[], bool] = lambda: False,
    ) -> None:
        self.patience = patience
        self._lapsed = lapsed
        self.contacts = contacts
        self._url = url
        self._delay = delay
        self._delays = delays
        self._crawl_delays: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Lock] = {}
        self._met: set[str] = set()
        self._closed: dict[str, float] = {}
        self._left: dict[str, float] = {}
        self._looked_at = -LOOK_CLOSED
        self._looking = asyncio.Lock()
        self._ended = asyncio.Event()
        self._connection: psycopg.AsyncConnection | None = None
        self._connecting = asyncio.Lock()

    async def __aenter__(self) -> Hosts:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            await self._connection.close()

    def is_paced(self, domain: str) -> bool:
        """Tell whether requests to a domain wait for turns."""
        return self._delays.get(domain, self._delay) > 0 or self._crawl_delays.get(domain, 0) > 0

    def ask_for_delay(self, domain: str, seconds: float) -> None:
        """Remember the Crawl-delay of a host of ``domain``; the longest of its hosts counts."""
        self._crawl_delays[domain] = max(seconds, self._crawl_delays.get(domain, 0.0))

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._ended.set()

    async def may_ask(self) -> None:
        """Return when a request may leave: at once, unless that has to become known first.

        Raises :class:`TurnsEnded` after :meth:`end`, if it did not, and
        :class:`~pipelines.errors.DatabaseError` when patience is over.
        """
        began = time.monotonic()
        while self._lapsed():
            if self._ended.is_set():
                raise TurnsEnded
            if time.monotonic() - began > self.patience:
                raise DatabaseError("the database was lost, and with it whose the sources are")
            await self._pause(LOOK)

    async def take(self, domain: str) -> Turn:
        """Wait for a turn at ``domain``, and take it.

        Raises :class:`HostClosed` where it is no use waiting, :class:`TurnsEnded` after :meth:`end`, and
        :class:`psycopg.OperationalError` when the database is lost: then nothing was taken that is not forgotten soon.
        """
        if not self.is_paced(domain):
            self._check_open(domain, await self._closed_for(domain))
            return Turn(domain, None)
        async with self._waiting.setdefault(domain, asyncio.Lock()):
            self._check_open(domain, None)
            has_turn = False
            while not self._ended.is_set():
                row = await self._take(domain, has_turn)
                self._check_open(domain, row["closed_for"])
                if row["starts"]:
                    return Turn(domain, row["began"])
                has_turn = True
                await self._pause(row["wait"] if row["wait"] > 0 else LOOK)
        raise TurnsEnded

    async def give_back(self, turn: Turn, refusal: Refusal | None) -> None:
        """End a request; ``refusal`` closes the host for everybody. Raises as :meth:`take` does."""
        if turn.began is None and refusal is None:
            return
        await self._meet(turn.domain)
        pause = refusal.retry_after if refusal else None
        await self._execute(
            "give_turn_back",
            {
                "domain": turn.domain,
                "began": turn.began,
                "refusal": refusal.verdict if refusal else None,
                "retry_after": pause.total_seconds() if pause is not None else None,
                "pause": PAUSE,
                "longest_pause": LONGEST_PAUSE,
            },
        )
        if refusal is not None:
            self._looked_at = -LOOK_CLOSED

    async def _take(self, domain: str, has_turn: bool) -> dict[str, Any]:
        await self._meet(domain)
        rows = await self._execute(
            "take_turn",
            {
                "domain": domain,
                "has_turn": has_turn,
                "delay": self._delays.get(domain, self._delay),
                "crawl_delay": self._crawl_delays.get(domain),
                "places": PLACES,
                "lost_after": LOST_AFTER,
            },
        )
        return rows[0]

    async def _meet(self, domain: str) -> None:
        if domain not in self._met:
            await self._execute("meet_host", {"domain": domain})
            self._met.add(domain)

    def _check_open(self, domain: str, closed_for: float | None) -> None:
        """Raise :class:`HostClosed` when a host is closed, or was when this process last asked it.

        What a closed host has not told, its robots.txt above all, is not known later either: until the process asks
        with new knowledge, which is its next crawl, it leaves the host alone.
        """
        now = time.monotonic()
        if closed_for is not None:
            self._left[domain] = now + closed_for
        if domain in self._left:
            raise HostClosed(domain, max(self._left[domain] - now, PAUSE))

    async def _closed_for(self, domain: str) -> float | None:
        if time.monotonic() - self._looked_at >= LOOK_CLOSED:
            async with self._looking:
                await self._look()
        now = time.monotonic()
        left = self._closed.get(domain, now) - now
        return left if left > 0 else None

    async def _look(self) -> None:
        """Read which hosts are closed, unless another request has done so while this one waited to."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_CLOSED:
            self._closed = {row["domain"]: now + row["closed_for"] for row in await self._execute("closed_hosts", {})}
            self._looked_at = now

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return

    async def _execute(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        async with self._connecting:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, options=SESSION)
        cursor = self._connection.cursor(row_factory=dict_row)
        await cursor.execute(SQL[query], parameters)
        return await cursor.fetchall() if cursor.description else []
