"""What one crawl has to do, and how far it is: the spider asks for work here, and tells what became of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg

from crawler.clock import Clock
from crawler.feeds import MAX_ENTRIES
from crawler.frontier import Announced, Frontier, PendingEntry
from crawler.hosts import Hosts
from crawler.learning import Learning
from crawler.middlewares.guard import GuardedResolver
from crawler.recording import Poll, Polled, record_polls
from crawler.report import CrawlReport, Observer, SourceReport
from crawler.revisits import DueRevisit, Revisits
from crawler.robots import KnownRobots
from crawler.scheduling.failures import OUTAGE
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from crawler.spiders.backlog import Backlog
from pipelines.errors import ClaimLost, RawiError
from pipelines.model import FeedEntry
from pipelines.stages import StageContext
from pipelines.storage.batches import Batches
from pipelines.storage.pool import patiently

log = logging.getLogger("rawi.crawl")

Result = TypeVar("Result")

#: Polls that are written down in one transaction, and the seconds that the first of them waits for others.
BATCH, LINGER = 64, 0.1


@dataclass(eq=False)
class CrawlJob:
    """What one crawl has to do, and how far it is. The spider asks it for work and tells it what became of it."""

    sources: list[Source]
    frontier: Frontier
    resolver: GuardedResolver
    stage_context: StageContext
    crawl_report: CrawlReport
    observer: Observer
    patience: float
    limit: int | None
    only_due: bool
    pages_only: bool
    clock: Clock
    started_at: datetime
    learning: Learning
    revisits: Revisits
    hosts: Hosts
    robots: KnownRobots
    backlog: Backlog = field(init=False)

    def __post_init__(self) -> None:
        self.backlog = Backlog(
            self.frontier,
            self.clock,
            # More of one source would keep a worker from its other work for hours.
            limit=min(self.limit or MAX_ENTRIES, MAX_ENTRIES),
            patiently=self._patiently,
            announced=self._announced,
        )
        # A worker's crawls are of one domain, mostly of one source: its poll has nobody to wait for.
        linger = LINGER if len(self.sources) > 1 else 0.0
        self._together = Batches(self._record, most=BATCH, linger=linger)

    def report(self, source: Source) -> SourceReport:
        """Return the report on a source."""
        return self.crawl_report.sources[source.name]

    def feeds_to_poll(self, source: Source) -> list[Feed]:
        """Return the feeds of a source that this crawl polls."""
        if self.pages_only:
            return []
        if not self.only_due:
            return list(source.feeds)
        return [feed for feed in source.feeds if feed.next_poll_at is None or feed.next_poll_at <= self.started_at]

    def is_refused(self, url: str) -> bool:
        """Tell whether the host of ``url`` led to addresses that are not public."""
        return (urlsplit(url).hostname or "") in self.resolver.refused

    async def record_poll(self, source: Source, feed: Feed, poll: Poll) -> Announced:
        """Store what a poll brought."""
        polled = Polled(source, feed, poll, self.clock.now())
        announced = await self._recorded(polled)
        about = {"run": self.crawl_report.run_id, "source": source.name, "feed": feed.url, "verdict": poll.verdict}
        log.info("polled", extra={**about, "entries": len(poll.entries), "new": announced.new})
        return announced

    async def _recorded(self, polled: Polled) -> Announced:
        """Write a poll down: together with others where it announced nothing, of which there are many."""
        if not polled.poll.entries:
            # What one of a batch is to blame for costs the others nothing: each is then written down alone.
            with suppress(ClaimLost, psycopg.Error):
                return await self._together.do(polled)
        return (await self._record([polled]))[0]

    async def _record(self, polls: list[Polled]) -> list[Announced]:
        run_id = self.crawl_report.run_id
        return await self._patiently(lambda: record_polls(self.frontier.pool, polls, run_id=run_id))

    async def any_known(self, source: Source, entries: Sequence[FeedEntry]) -> bool:
        """Tell whether any of ``entries`` was announced before."""
        return await self._patiently(lambda: self.frontier.any_known(source, entries))

    async def with_pending(self) -> set[int]:
        """Return the numbers of the sources of which something is to be fetched."""
        return await self._patiently(lambda: self.frontier.with_pending(self.sources, now=self.clock.now()))

    async def postpone(
        self, source: Source, pending: PendingEntry, reason: str, until: datetime, *, tried: bool = True
    ) -> None:
        """Leave a page for later; ``tried`` says that this was one of the attempts that it has."""
        await self._patiently(lambda: self.frontier.postpone(pending.id, until, tried=tried))
        self.report(source).postponed[reason] += 1
        self.observer.settled(source.name)

    async def postpone_feed(self, source: Source, feed: Feed, reason: str, until: datetime) -> None:
        """Leave a feed for later that could not be asked."""
        await self._patiently(lambda: self.frontier.postpone_feed(feed.id, until))
        self.report(source).feeds[reason] += 1

    async def settle(self) -> None:
        """Write down the polls that got no answer and of which it is known by now whose doing that was."""
        polls = []
        for (source, feed, poll), was_us in self.hosts.contacts.take_judged():
            poll = Poll(OUTAGE, detail=poll.verdict) if was_us else poll
            self.report(source).feeds[poll.verdict] += 1
            polls.append(self.record_poll(source, feed, poll))
        await asyncio.gather(*polls)

    async def move_feed(self, source: Source, feed: Feed, to: str) -> bool:
        """Let a feed be at another address from now on; return whether it is."""
        return await self._patiently(lambda: Sources(self.frontier.pool).move_feed(source, feed, to))

    async def with_revisits(self) -> set[int]:
        """Return the numbers of the sources with articles to look at again; none in a crawl of a few pages.

        Nor in one that only fetches what is pending: a backfill is many of those, and each would look again.
        """
        if self.limit is not None or self.pages_only:
            return set()
        return await self._patiently(lambda: self.revisits.with_due(self.sources, now=self.started_at))

    async def due_revisits(self, source: Source) -> list[DueRevisit]:
        """Return the articles of a source that are to be looked at again."""
        due = await self._patiently(lambda: self.revisits.due(source.id, now=self.started_at))
        if due:
            self._announced(source, len(due))
        return due

    async def note_revisit(self, source: Source, due: DueRevisit, *, now: datetime, http_status: int | None) -> None:
        """Write down that an article was looked at again."""
        await self._patiently(lambda: self.revisits.note(due, now=now, http_status=http_status))
        self.report(source).revisited += 1
        if http_status != 200:
            self.observer.settled(source.name)

    def _announced(self, source: Source, pages: int) -> None:
        self.observer.announced(source.name, pages)
        self.stage_context.analysis.start()

    async def _patiently(self, work: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await patiently(work, patience=self.patience, waiting=self.observer.waiting)
        except RawiError as error:
            self.stage_context.failed(error)
            raise
