"""Where is a page analysed? In a worker process, under a time limit that really ends it.

Parsers are C code and regular expressions over hostile input: one that never returns cannot be interrupted from
within its own process. So analysis runs in a pool of processes (Pebble) that kills and replaces the worker when the
limit passes or when it dies. That costs the one page it held, and nothing else.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as TaskTimeout
from dataclasses import replace
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from pipelines.errors import AnalysisBroken, PageRejected, RawiError
from pipelines.model import Article, LearnedRules, Page

In = TypeVar("In")
Out = TypeVar("Out")

#: Address space of one worker, bytes. A page that needs more is hostile; it ends its worker, not the machine.
WORKER_MEMORY = 2 * 1024**3
#: Objects after which circles of garbage are looked for; Python's own number of 700 took some 3 % of the time.
GARBAGE = 10_000
#: Tasks under way for each worker: one that runs and one that waits, so that no worker idles and nothing piles up.
QUEUED_PER_WORKER = 2
#: A worker is replaced after this many tasks: what C libraries leak is given back.
TASKS_PER_WORKER = 5_000


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _analyse(page: Page) -> Article:
    # Only the workers analyse: they have this imported already, and nobody else takes the time and the memory.
    from pipelines.analyse import analyse

    return analyse(page)


def _prepare_worker() -> None:
    # Ctrl-C reaches the whole process group; only the parent decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, WORKER_MEMORY))
    # What is imported is no garbage, and a page leaves hardly any in circles.
    gc.freeze()
    gc.set_threshold(GARBAGE)


class AnalysisPool:
    """A bounded pool of analysis processes; an async context manager.

    ``workers`` defaults to the cores this process may use. ``page_timeout`` is in seconds for one page. Calls wait
    while ``QUEUED_PER_WORKER * workers`` pages are under way: that is the bound on memory. The processes start with the
    first call, or with :meth:`start`: who has nothing to analyse has none. What is not a page (:meth:`run`) does not
    wait behind the pages that do.
    """

    def __init__(self, workers: int | None = None, *, page_timeout: float = 20.0) -> None:
        self._starting: asyncio.Task[object] | None = None
        self.workers = workers or default_workers()
        self.page_timeout = page_timeout
        self._free = asyncio.Semaphore(QUEUED_PER_WORKER * self.workers)
        self._free_beside = asyncio.Semaphore(self.workers)  # what learning hands over is as large as some pages
        self._pages = 0
        # Workers are forked from a small server that has the analysis imported: safe beside threads, quick to replace.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipelines.analyse"])
        self._pool = ProcessPool(self.workers, max_tasks=TASKS_PER_WORKER, initializer=_prepare_worker, context=context)

    @property
    def busy(self) -> bool:
        """Whether a page is analysed, or waits for it."""
        return self._pages > 0

    def start(self) -> asyncio.Task[object]:
        """Let the processes start meanwhile, if they did not: for whoever knows that there will be work."""
        if self._starting is None:
            # The first task starts the processes, and waits until the analysis is imported: not in our loop.
            self._starting = asyncio.create_task(asyncio.to_thread(self._pool.schedule, abs, args=(0,)))
        return self._starting

    async def analyse(self, page: Page, *, learned: Callable[[], LearnedRules] | None = None) -> Article:
        """Analyse one page. ``learned`` is asked when its turn comes: what was learned while it waited counts.

        Raises :class:`~pipelines.errors.PageRejected`: with the verdict of :func:`pipelines.analyse.analyse`, or
        ``analysis-timeout``, ``analysis-crashed`` or, for a fault of Rawi's own, ``analysis-failed``.
        """
        self._pages += 1
        try:
            async with self._free:
                if learned is not None:
                    page = replace(page, rules=replace(page.rules, learned=learned()))
                return await self._run(_analyse, page, self.page_timeout)
        except RawiError:
            raise
        except Exception as error:
            # The page is kept and replayed when the fault is mended; the crawl is not to end for it.
            raise PageRejected("analysis-failed", f"a bug in Rawi: {error!r}") from error
        finally:
            self._pages -= 1

    async def run(self, function: Callable[[In], Out], argument: In, *, timeout: float) -> Out:
        """Run a module-level ``function`` in a worker, for at most ``timeout`` seconds once it has begun.

        Raises what it raises, :class:`~pipelines.errors.PageRejected` when it took too long or died, and
        :class:`~pipelines.errors.AnalysisBroken` when there are no workers any more.
        """
        async with self._free_beside:
            return await self._run(function, argument, timeout)

    async def _run(self, function: Callable[[In], Out], argument: In, timeout: float) -> Out:
        try:
            await asyncio.shield(self.start())
            task = self._pool.schedule(function, args=(argument,), timeout=timeout)
        except RuntimeError as error:
            raise AnalysisBroken(f"the analysis processes are broken: {error}") from error
        try:
            return await asyncio.wrap_future(task)
        except TaskTimeout as error:
            raise PageRejected("analysis-timeout", f"ended after {timeout:g} s") from error
        except (ProcessExpired, MemoryError) as error:
            raise PageRejected("analysis-crashed", f"the worker died: {error}") from error

    async def __aenter__(self) -> AnalysisPool:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._starting is not None:
            await asyncio.gather(self._starting, return_exceptions=True)
        # What is still queued belongs to callers that are gone: nobody waits for it.
        self._pool.stop()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(self._pool.join)
