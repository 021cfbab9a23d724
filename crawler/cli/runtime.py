"""What every command that needs the database does first: find it, see that its schema is right, and let go of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config

Result = TypeVar("Result")


class Exit(IntEnum):
    """What the exit status of ``rawi`` means; documented in docs/cli.md."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    DATABASE = 3
    CONFIGURATION = 4
    INTERRUPTED = 130


def load_config() -> Config:
    """Read the environment, as :func:`crawler.config.load_config` does.

    What reads it (pydantic) takes as long to import as everything that ``--help`` needs, and ``--help`` reads nothing.
    """
    from crawler.config import load_config as load

    return load()


@contextmanager
def database_url(config: Config, *, migrated: bool = True) -> Iterator[str]:
    """Yield the address of the database: ``RAWI_DATABASE_URL``, or the embedded server, started when need be.

    The embedded server belongs to Rawi alone, so its schema is kept up to date here; any other database is only
    migrated by ``rawi db migrate``. With ``migrated=False`` it is left as it is.
    """
    if config.database_url:
        yield config.database_url
        return
    from pipelines.storage.embedded import EmbeddedServer
    from pipelines.storage.migrate import migrate

    with EmbeddedServer(config.data_dir) as url:
        if migrated:
            migrate(url)
        yield url


@asynccontextmanager
async def opened_pool(url: str, *, size: int = 4) -> AsyncIterator[AsyncConnectionPool]:
    """Yield a pool of up to ``size`` connections to a database whose schema is this version's.

    Raises :class:`~pipelines.errors.DatabaseUnavailable` or :class:`~pipelines.errors.SchemaOutdated`.
    """
    from pipelines.storage.migrate import check
    from pipelines.storage.pool import open_pool

    check(url)
    async with open_pool(url, size=size) as pool:
        yield pool


def with_database(config: Config, work: Callable[[AsyncConnectionPool], Awaitable[Result]]) -> Result:
    """Run ``work`` with a pool on the configured database, and return what it returns."""

    async def session(url: str) -> Result:
        async with opened_pool(url) as pool:
            return await work(pool)

    with database_url(config) as url:
        return asyncio.run(session(url))
