"""The worker: stays up, and crawls what is due, many domains at once, in one loop.

Jobs are procrastinate's; each is a :class:`~crawler.crawl.Crawl` with a lease and a run of its own, and all share one
pool of analysis processes. Beside them the worker ticks (:mod:`crawler.dispatch`) and keeps the store up. A database
that goes away is waited for: then procrastinate's worker begins anew, under a new number, and what the old one had
taken is reaped like the jobs of a dead one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Protocol, TypeVar

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from crawler.claims import SIGNS
from crawler.clock import Clock, database_clock
from crawler.config import Config
from crawler.contacts import Silence
from crawler.crawl import Crawl, Shared
from crawler.dispatch import Dispatch
from crawler.engine import running_reactor
from crawler.gaps import GapFilling
from crawler.jobs import QUEUE, BackOff, QueueConnector, SourcesBusy, queue_app
from crawler.report import CrawlReport, Observer, Unwatched
from crawler.sources.repository import Sources
from crawler.upkeep import keep_up
from pipelines.errors import AnalysisBroken, RawiError
from pipelines.storage.pool import FIRST_WAIT, LONGEST_WAIT, LOST, check_reachable, patiently
from pipelines.workers import AnalysisPool

log = logging.getLogger("rawi.worker")

#: Seconds between two ticks, and between two looks for a job.
TICK, LOOK = 2.0, 1.0
#: Seconds between two rounds of upkeep, where something was stored meanwhile.
UPKEEP = 60.0


Result = TypeVar("Result")


class Stoppable(Protocol):
    """A crawl, or something like it."""

    async def stop(self) -> None:
        """Begin nothing more, and finish what is under way."""


class CrawlWorker:
    """A worker of one database that can be stopped.

    ``concurrency`` is how many domains are crawled at once, ``crawled`` is told of every crawl. Use :meth:`run` once.
    """

    def __init__(
        self,
        config: Config,
        pool: AsyncConnectionPool,
        url: str,
        *,
        concurrency: int,
        observer: Observer | None = None,
        crawled: Callable[[CrawlReport], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._pool = pool
        self._url = url
        self._concurrency = concurrency
        self._observer = observer or Unwatched()
        self._crawled = crawled
        self._under_way: dict[Stoppable, asyncio.Task[Any]] = {}
        self._worker: Worker | None = None
        self._stopping = asyncio.Event()
        self._stored = False
        self._broken: AnalysisBroken | None = None

    async def run(self) -> None:
        """Work until stopped.

        Raises :class:`psycopg.Error` when there is no database to begin with, and
        :class:`~pipelines.errors.AnalysisBroken` when this process cannot go on and another one should.
        """
        running_reactor()
        clock = await database_clock(self._pool)
        async with AnalysisPool(self._config.workers, page_timeout=self._config.page_timeout) as analysis:
            shared = Shared(analysis, Silence())
            app = queue_app(
                QueueConnector(self._begin_anew),
                BackOff(clock, soon=self._config.lease / SIGNS),
                lambda source_ids, only_due: self._crawl(shared, source_ids, only_due),
            )
            await app.open_async(self._pool)
            dispatch = Dispatch(self._pool, app.job_manager, lease=self._config.lease)
            beside = [
                asyncio.create_task(self._repeat(TICK, lambda: self._tick(dispatch))),
                asyncio.create_task(self._repeat(UPKEEP, lambda: self._keep_up(clock))),
            ]
            tasks = [asyncio.create_task(self._serve(app)), *beside]
            try:
                # A tick that ended would be a worker that looks alive and does nothing: then all of it ends.
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            if self._broken is not None:
                raise self._broken

    async def stop(self, grace: float) -> None:
        """Begin nothing more; give the crawls ``grace`` seconds to finish and save the pages under way, then end them.

        What was not fetched or not saved by then is pending, and the next worker takes it.
        """
        self._stopping.set()
        log.info("stopping", extra={"grace": grace, "crawls": len(self._under_way)})
        self._begin_anew()
        bodies = list(self._under_way.values())
        stopping = [asyncio.create_task(what.stop()) for what in self._under_way]
        if bodies:
            _, late = await asyncio.wait(bodies, timeout=grace)
            for body in late:
                log.warning("a crawl was ended before its pages were finished; they are pending")
                body.cancel()
        for task in stopping:
            task.cancel()

    def _begin_anew(self) -> None:
        """Let procrastinate's worker end when its jobs have; unless we are stopping, another one follows."""
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    async def _serve(self, app: App) -> None:
        pause = FIRST_WAIT
        while not self._stopping.is_set():
            self._worker = Worker(
                app,
                queues=[QUEUE],
                name="rawi",
                concurrency=self._concurrency,
                fetch_job_polling_interval=LOOK,
                listen_notify=False,  # one session less for each worker, and any pooler before Postgres will do
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=self._config.lease / SIGNS,
                stalled_worker_timeout=self._config.lease,
            )
            began = asyncio.get_running_loop().time()
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]
            except (ConnectorException, *LOST) as error:
                log.warning("the database is away; waiting, nothing is lost", extra={"error": str(error)})
            if self._stopping.is_set():
                return
            pause = FIRST_WAIT if asyncio.get_running_loop().time() - began > LONGEST_WAIT else pause * 2
            await self._wait(min(pause, LONGEST_WAIT))
            while not self._stopping.is_set() and not await self._reachable():
                await self._wait(min(pause := pause * 2, LONGEST_WAIT))

    async def _crawl(self, shared: Shared, source_ids: list[int], only_due: bool) -> None:
        """Carry out one job. What is interrupted is no failure: what is left of it is due again."""
        sources = [source for source in await Sources(self._pool).of_ids(source_ids) if source.enabled or not only_due]
        if self._stopping.is_set() or not sources:
            return
        crawl = Crawl(self._config, self._pool, self._url, only_due=only_due, shared=shared, observer=self._observer)
        report = await self._carry_out(crawl, crawl.run(sources))
        if report is None:
            return
        if all(source.busy for source in report.sources.values()):
            raise SourcesBusy("another process crawls these sources")
        self._stored = self._stored or any(source.new or source.updated for source in report.sources.values())
        log.info("crawled", extra=report.record())
        self._crawled(report)
        if report.outcome == "finished" and not self._stopping.is_set():
            filling = GapFilling(self._config, self._pool, self._url, observer=self._observer)
            for gap in await self._carry_out(filling, filling.run(sources)) or ():
                log.info("gap", extra=asdict(gap))

    async def _carry_out(self, what: Stoppable, work: Coroutine[Any, Any, Result]) -> Result | None:
        """Return what ``work`` does, which ``what`` can stop; ``None`` when it was ended because we are stopping."""
        # A task of its own, so that ending it does not end the job that has to say so.
        body = self._under_way[what] = asyncio.create_task(work)
        try:
            return await asyncio.shield(body)
        except asyncio.CancelledError:
            body.cancel()
            if not self._stopping.is_set():
                raise
            return None
        except RawiError as error:
            log.warning("a crawl failed and is tried again later", extra={"error": str(error)})
            if isinstance(error, AnalysisBroken):
                self._broken = error
                self._stopping.set()
                self._begin_anew()
            raise
        finally:
            del self._under_way[what]

    async def _tick(self, dispatch: Dispatch) -> None:
        tick = await dispatch.tick()
        if tick.reaped:
            log.warning("jobs of a worker that died are taken up again", extra={"jobs": tick.reaped})
        if tick.deferred:
            log.info("queued what is due", extra={"jobs": tick.deferred})

    async def _keep_up(self, clock: Clock) -> None:
        stored, self._stored = self._stored, False
        if stored:
            try:
                await keep_up(self._config, self._pool, clock, lambda work: patiently(work, patience=0))
            except BaseException:
                self._stored = True
                raise

    async def _repeat(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do ``work`` again and again; a database that is away only means: later."""
        while True:
            try:
                await work()
            except (RawiError, ConnectorException, *LOST) as error:
                log.warning("put off", extra={"error": str(error)})
            await asyncio.sleep(seconds)

    async def _reachable(self) -> bool:
        try:
            await check_reachable(self._url)
        except RawiError:
            return False
        return True

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
