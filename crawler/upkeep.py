"""What is done for the whole store after crawls: copies and people are looked up, and old pages are forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from psycopg_pool import AsyncConnectionPool

from crawler.clock import Clock
from crawler.config import Config
from crawler.tasks import all_done
from pipelines.storage.archive import Archive
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.learning import RuleBook
from pipelines.storage.people import People

Patiently = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


async def keep_up(config: Config, pool: AsyncConnectionPool, clock: Clock, patiently: Patiently) -> None:
    """Look up what is new since the last time; it costs as much as there is. May be done by several at once.

    ``patiently`` carries out database work, waiting for a database that is away.
    """
    await all_done((patiently(Duplicates(pool).find), patiently(People(pool).merge_new)))
    kept_since = clock.now() - timedelta(days=config.keep_pages)
    await patiently(lambda: RuleBook(pool).forget_pages(kept_since))
    if (megabytes := config.keep_pages_mb) is not None:
        await patiently(lambda: Archive(pool).keep_within(megabytes * 1024**2))
