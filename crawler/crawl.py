"""One crawl: sources in, a report out. Scrapy, the analysis pool and the database work in one asyncio loop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from psycopg_pool import AsyncConnectionPool
from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner

from crawler.claims import Claims
from crawler.clock import database_clock
from crawler.config import Config
from crawler.contacts import Silence
from crawler.engine import crawl_settings, paces, raise_if_cancelled, running_reactor, shared_hosts
from crawler.frontier import Frontier
from crawler.hosts import Hosts
from crawler.learning import Learning
from crawler.middlewares.guard import install_resolver
from crawler.report import CrawlReport, Observer, SourceReport, Unwatched
from crawler.revisits import Revisits
from crawler.robots import KnownRobots
from crawler.sources.model import Source
from crawler.sources.repository import Sources
from crawler.spiders.feed import FeedSpider
from crawler.spiders.job import CrawlJob
from crawler.upkeep import keep_up
from pipelines.errors import DatabaseError, RawiError
from pipelines.stages import StageContext, Visit
from pipelines.storage.learning import RuleBook
from pipelines.storage.pool import patiently
from pipelines.storage.store import Outcome, Saved, Store
from pipelines.workers import AnalysisPool

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure

log = logging.getLogger("rawi.crawl")


@dataclass(frozen=True, slots=True)
class Shared:
    """What the crawls of one process have together: the analysis processes, and what they see of the network."""

    analysis: AnalysisPool
    silence: Silence


class Crawl:
    """A crawl that can be stopped.

    ``limit`` is the number of pages of each source; ``only_due`` leaves out feeds whose time has not come, and
    ``pages_only`` all of them: then only what is pending is fetched. ``shared`` is what the crawls of one process have
    together; whoever shares it keeps the store up as well. Use :meth:`run` once.
    """

    def __init__(
        self,
        config: Config,
        pool: AsyncConnectionPool,
        url: str,
        *,
        limit: int | None = None,
        only_due: bool = False,
        pages_only: bool = False,
        shared: Shared | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._config = config
        self._pool = pool
        self._url = url
        self._limit = limit
        self._only_due = only_due
        self._pages_only = pages_only
        self._shared = shared
        self._observer = observer or Unwatched()
        self._runner: AsyncCrawlerRunner | None = None
        self._hosts: Hosts | None = None
        self._stopped = False
        self._ran = False
        self._failure: RawiError | None = None
        self._bug: RawiError | None = None

    async def run(self, sources: Sequence[Source]) -> CrawlReport:
        """Crawl ``sources`` and return what was done; sources that another crawl holds are left to it.

        Raises :class:`~pipelines.errors.DatabaseError` when the database was lost for longer than patience; what
        was fetched and not saved is then still pending.
        """
        began = time.monotonic()
        frontier = Frontier(self._pool)
        report = CrawlReport(await frontier.start_run(), {source.name: SourceReport(source.name) for source in sources})
        # A crawl that fails says so if it can; that it is lost is seen all the same.
        outcome, patience = "failed", 0.0
        try:
            async with Claims(self._url, report.run_id, lease=self._config.lease, lost=self._fail) as claims:
                held = {source.id for source in await claims.take(sources)}
                for source in sources:
                    report.sources[source.name].busy = source.id not in held
                # As they are now: another run may have polled them since they were read.
                await self._crawl(await Sources(self._pool).of_ids(held), frontier, report, claims)
            outcome = report.outcome = "interrupted" if self._stopped else "finished"
            patience = self._config.database_patience
        finally:
            report.seconds = time.monotonic() - began
            with nullcontext() if patience else suppress(DatabaseError):
                await patiently(lambda: frontier.finish_run(report.run_id, outcome, report.record()), patience=patience)
        return report

    async def stop(self) -> None:
        """Ask for nothing more, finish the pages under way, save them and return from :meth:`run`."""
        self._stopped = True
        if self._hosts is not None:
            self._hosts.end()
        if self._runner is not None:
            await self._runner.stop()

    async def _crawl(self, sources: list[Source], frontier: Frontier, report: CrawlReport, claims: Claims) -> None:
        if not sources or self._stopped:
            return
        resolver = install_resolver(running_reactor(), self._config.allow_hosts)
        clock = await database_clock(self._pool)
        async with AsyncExitStack() as stack:
            if self._shared:
                analysis, silence = self._shared.analysis, self._shared.silence
            else:
                pool = AnalysisPool(self._config.workers, page_timeout=self._config.page_timeout)
                analysis, silence = await stack.enter_async_context(pool), None
            hosts = shared_hosts(self._config, self._url, sources, silence, claims.lapsed)
            self._hosts = await stack.enter_async_context(hosts)
            store = Store(self._pool, keep_pages=self._config.keep_pages > 0, run_id=report.run_id)
            learning = Learning(RuleBook(self._pool), store, analysis, patiently=self._patiently, reread=report.reread)
            await learning.load(sources)
            context = StageContext(
                analysis=analysis,
                store=store,
                learned=learning.learned,
                patience=self._config.database_patience,
                saved=lambda visit, saved: self._saved(report, learning, visit, saved),
                waiting=self._observer.waiting,
                failed=self._fail,
                timed=self._observer.timed,
            )
            job = CrawlJob(
                sources=sources,
                frontier=frontier,
                resolver=resolver,
                stage_context=context,
                crawl_report=report,
                observer=self._observer,
                patience=self._config.database_patience,
                limit=self._limit,
                only_due=self._only_due,
                pages_only=self._pages_only,
                clock=clock,
                started_at=clock.now(),
                learning=learning,
                revisits=Revisits(self._pool),
                hosts=self._hosts,
                robots=KnownRobots(self._pool),
            )
            await self._patiently(lambda: job.robots.load(url for source in sources for url in source.addresses))
            self._runner = AsyncCrawlerRunner(crawl_settings(self._config, paces(sources)))
            crawler = self._runner.create_crawler(FeedSpider)
            for signal in (signals.spider_error, signals.item_error):
                crawler.signals.connect(self._bug_found, signal=signal)
            crawler.signals.connect(self._spider_closed, signal=signals.spider_closed)
            await self._runner.crawl(crawler, job=job)
            raise_if_cancelled()
            if self._failure is None:
                await self._hosts.contacts.end(datetime.now(UTC))
                await job.settle()
                await self._patiently(job.robots.save)
            if self._failure is not None or self._stopped:
                learning.cancel()
            else:
                await learning.finish(sources)
                if self._shared is None:
                    await keep_up(self._config, self._pool, clock, self._patiently)
        if (failure := self._failure or self._bug) is not None:
            raise failure
        # Scrapy swallows what happens while it opens.
        if not self._ran:
            raise RawiError("the crawl did not start; this is a bug in Rawi")

    async def _patiently(self, work: Callable[[], Awaitable[Any]]) -> Any:
        return await patiently(work, patience=self._config.database_patience, waiting=self._observer.waiting)

    def _saved(self, report: CrawlReport, learning: Learning, visit: Visit, saved: Saved) -> None:
        report.sources[visit.source].saved(saved)
        about = {"run": report.run_id, "source": visit.source, "url": visit.url, "outcome": saved.outcome}
        log.info("saved", extra={**about, "reason": saved.reason} if saved.reason else about)
        if saved.outcome in (Outcome.INSERTED, Outcome.UPDATED):
            learning.stored(visit.source_id)
        self._observer.settled(visit.source)

    def _spider_closed(self) -> None:
        self._ran = True

    def _bug_found(self, failure: TwistedFailure) -> None:
        """Note what Scrapy would only log: a page or a feed was dropped without a verdict. The crawl goes on."""
        if self._bug is None:
            self._bug = RawiError(f"a page or feed was left as it was; this is a bug in Rawi: {failure.value!r}")

    def _fail(self, error: RawiError) -> None:
        if self._failure is None:
            self._failure = error
            if self._hosts is not None:
                self._hosts.end()
            if self._runner is not None:
                self._stopping = asyncio.ensure_future(self._runner.stop())
