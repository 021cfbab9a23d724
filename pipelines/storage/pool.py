"""Connections to Postgres, and what to do when they are lost.

A pool opens sessions that all look alike: UTC, named ``rawi``, with a limit on how long a statement or a lock may
take. Around work that may be repeated, :func:`patiently` waits for a database that went away and goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DiskFull
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from pipelines.errors import DatabaseFull, DatabaseUnavailable

Result = TypeVar("Result")

#: What makes a session Rawi's: times in UTC; no statement over a minute, no wait for a lock over half of that; a
#: session whose client froze in mid-transaction gives its locks back.
SESSION = "-c timezone=UTC -c statement_timeout=60s -c lock_timeout=30s -c idle_in_transaction_session_timeout=30s"
#: What makes it a reader's, one of many at once: nobody waits for an answer that long, a query has one core, is not
#: worth compiling, and finds what it reads in memory or on a disk that does not turn.
READER = f"{SESSION} -c statement_timeout=10s -c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1"
#: Seconds for one attempt to connect.
CONNECT_TIMEOUT = 5
#: A network that swallows packets is noticed within a minute, not within hours: seconds, but for the last (ms).
ALIVE: dict[str, Any] = {
    "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000,
}  # fmt: skip
#: Seconds between two attempts when the database was lost: doubling from the first to the second.
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0

#: A lost connection, a server that shuts down or starts up (class 57P, "operator intervention"), no free connection.
LOST = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)


@asynccontextmanager
async def open_pool(url: str, *, size: int = 4, session: str = SESSION) -> AsyncIterator[AsyncConnectionPool]:
    """Yield a pool of up to ``size`` connections to ``url``, each with the settings of ``session``.

    Raises :class:`~pipelines.errors.DatabaseUnavailable` when the database does not answer at once.
    """
    # psycopg_pool reports every failed attempt; what matters of them reaches the user through `patiently`.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    pool = AsyncConnectionPool(
        url,
        kwargs={"options": session, "application_name": "rawi", "connect_timeout": CONNECT_TIMEOUT, **ALIVE},
        min_size=1,
        max_size=size,
        timeout=CONNECT_TIMEOUT * 2,
        reconnect_timeout=float("inf"),
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    await check_reachable(url)
    try:
        await pool.open(wait=True, timeout=CONNECT_TIMEOUT * 2)
        yield pool
    finally:
        await pool.close()


def pool_url(pool: AsyncConnectionPool) -> str:
    """Return the address that a pool connects to."""
    if not isinstance(pool.conninfo, str):
        raise TypeError("the pool was not opened with an address")
    return pool.conninfo


async def check_reachable(url: str) -> None:
    """Connect once. Raises :class:`~pipelines.errors.DatabaseUnavailable` in one line, without the password."""
    try:
        connection = await psycopg.AsyncConnection.connect(url, connect_timeout=CONNECT_TIMEOUT)
    except psycopg.Error as error:
        raise unavailable(url, error) from error
    await connection.close()


def unavailable(url: str, error: Exception) -> DatabaseUnavailable:
    """Return the one line that says which database did not answer and why; never a password."""
    try:
        known = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return DatabaseUnavailable("RAWI_DATABASE_URL is not the address of a Postgres (postgresql://user@host/name)")
    where = f"{known.get('dbname', '')} at {known.get('host', 'the local socket')}:{known.get('port', 5432)}"
    reason = " ".join(str(error).split())
    return DatabaseUnavailable(f"the database {where} does not answer: {reason}")


async def patiently(
    work: Callable[[], Awaitable[Result]],
    *,
    patience: float,
    waiting: Callable[[float], None] = lambda _: None,
) -> Result:
    """Run ``work``; when the database is lost, wait and run it again, for up to ``patience`` seconds in all.

    ``work`` must be a whole transaction that may be repeated. ``waiting`` is told, before each wait, for how many
    seconds the database has been away. Errors that waiting does not mend are raised as they are; raises
    :class:`~pipelines.errors.DatabaseFull` for a full disk, and
    :class:`~pipelines.errors.DatabaseUnavailable` when patience ends.
    """
    loop = asyncio.get_running_loop()
    lost_at: float | None = None
    pause = FIRST_WAIT
    while True:
        try:
            return await work()
        except DiskFull as error:
            raise DatabaseFull(f"the disk under Postgres is full; what was saved before is kept: {error}") from error
        except LOST as error:
            if isinstance(error, psycopg.errors.QueryCanceled):
                raise
            lost_at = lost_at if lost_at is not None else loop.time()
            away = loop.time() - lost_at
            if away >= patience:
                raise DatabaseUnavailable(f"the database was lost and did not come back in {away:.0f} s") from error
            waiting(away)
            await asyncio.sleep(min(pause, max(patience - away, 0)))
            pause = min(pause * 2, LONGEST_WAIT)
