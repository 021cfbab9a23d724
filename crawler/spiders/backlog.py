"""The pages that are pending, taken piece by piece: what a crawl holds does not grow with what was announced."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from crawler.clock import Clock
from crawler.frontier import Frontier, PendingEntry
from crawler.sources.model import Source

#: Pages of a source that are asked for at once: enough that its hosts always have a next one.
PIECE = 20

Patiently = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


@dataclass
class _Taken:
    """What was taken of one source: entries, how many of them were not answered, and whether more may be pending."""

    entries: set[int] = field(default_factory=set)
    under_way: int = 0
    more: bool = False
    announced: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Backlog:
    """What one crawl fetches of its sources, at most ``limit`` pages of each.

    An entry is taken once: what is postponed is for the next crawl. ``patiently`` carries out database work;
    ``announced`` is told of a source how many pages more there are to fetch.
    """

    def __init__(
        self,
        frontier: Frontier,
        clock: Clock,
        *,
        limit: int,
        patiently: Patiently,
        announced: Callable[[Source, int], None],
    ) -> None:
        self._frontier = frontier
        self._clock = clock
        self._limit = limit
        self._patiently = patiently
        self._announced = announced
        self._taken: dict[int, _Taken] = {}

    async def grew(self, source: Source) -> None:
        """Note that something of a source may be pending that was not before."""
        taken = self._of(source)
        async with taken.lock:
            pending = await self._patiently(
                lambda: self._frontier.count_pending(source, now=self._clock.now(), without=taken.entries)
            )
            taken.more = pending > 0
            pages = min(len(taken.entries) + pending, self._limit)
            if pages > taken.announced:
                self._announced(source, pages - taken.announced)
                taken.announced = pages

    async def take(self, source: Source) -> list[PendingEntry]:
        """Return what is to be asked for next, the newest first; nothing until half of what was taken has come."""
        taken = self._of(source)
        async with taken.lock:
            room = min(PIECE - taken.under_way, self._limit - len(taken.entries))
            if not taken.more or room <= 0 or 2 * taken.under_way > PIECE:
                return []
            # Whoever waits meanwhile is not to ask once more what could not be answered.
            taken.more = False
            found: list[PendingEntry] = await self._patiently(
                lambda: self._frontier.pending(source, now=self._clock.now(), limit=room, without=taken.entries)
            )
            taken.entries.update(entry.id for entry in found)
            taken.under_way += len(found)
            taken.more = len(found) == room
            return found

    def came(self, source: Source) -> None:
        """Note that a page which was taken was answered, or will not be."""
        self._of(source).under_way -= 1

    def _of(self, source: Source) -> _Taken:
        return self._taken.setdefault(source.id, _Taken())
