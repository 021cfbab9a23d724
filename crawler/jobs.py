"""What is a job? A crawl of the sources of one registered domain; never an article. The queue is procrastinate's.

A domain has at most one job that waits and one that runs (procrastinate's ``queueing_lock`` and ``lock``), so its hosts
are asked by one worker at a time, and a source is never queued twice. A job that fails is tried again, later and
later, and never given up: what it was to do is still due.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, LiteralString

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from crawler.clock import Clock
from pipelines.errors import ClaimLost, DatabaseError, RawiError

QUEUE = "crawls"
TASK = "crawl"
#: Of what a person asked for, and of what is due: the higher goes first.
BY_HAND, BACKGROUND = 10, 0
#: Before a job that failed is tried again: a minute, two, four ... but not longer than the second.
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)

#: Crawls sources by their numbers; the second argument says whether only what is due.
CrawlSources = Callable[[list[int], bool], Awaitable[None]]


class SourcesBusy(RawiError):  # noqa: N818
    """All the sources of a job are crawled by somebody else."""


class BackOff(BaseRetryStrategy):
    """Tries again for ever, ever more rarely, by the database's time.

    What failed through no fault of the crawl, because others crawl these sources or the database was away, is tried
    again after ``soon`` seconds.
    """

    def __init__(self, clock: Clock, *, soon: float) -> None:
        self._clock = clock
        self._soon = timedelta(seconds=soon)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """Called by procrastinate."""
        if isinstance(exception, (SourcesBusy, ClaimLost, DatabaseError)):
            return RetryDecision(retry_at=self._clock.now() + self._soon)
        wait = min(FIRST_RETRY * (1 << min(job.attempts, 10)), LONGEST_RETRY)
        return RetryDecision(retry_at=self._clock.now() + wait)


class QueueConnector(PsycopgConnector):
    """Tells ``failed`` of a change to the queue that could not be made, such as that a job is done.

    The database then believes that this worker still does the job, and would for as long as it lives: it has to begin
    anew, under another number.
    """

    def __init__(self, failed: Callable[[], None]) -> None:
        super().__init__()
        self._failed = failed

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Called by procrastinate."""
        try:
            await super().execute_query_async(query, **arguments)
        except ConnectorException:
            self._failed()
            raise


def queue_app(connector: PsycopgConnector, back_off: BackOff, crawl_sources: CrawlSources) -> App:
    """Return the procrastinate app whose one task is carried out by ``crawl_sources``."""
    app = App(connector=connector)

    @app.task(name=TASK, queue=QUEUE, retry=back_off)
    async def crawl(source_ids: list[int], only_due: bool) -> None:
        await crawl_sources(source_ids, only_due)

    return app


def crawl_job(domain: str, source_ids: list[int], *, by_hand: bool = False) -> Job:
    """Return the job of crawling sources of ``domain``: what is due of them or, by hand, everything and first."""
    return Job(
        id=None,
        queue=QUEUE,
        task_name=TASK,
        task_kwargs={"source_ids": [*source_ids], "only_due": not by_hand},
        priority=BY_HAND if by_hand else BACKGROUND,
        lock=domain,
        queueing_lock=f"{domain} by hand" if by_hand else domain,
    )
