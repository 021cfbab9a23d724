"""Who crawls a source now? One run at a time, for as long as it gives a sign of life.

A run keeps a database session of its own, which holds the advisory lock of the run's number and speaks every few
seconds. Whoever is killed loses the session at once; whoever freezes, or is cut off, loses it when Postgres has heard
nothing for the length of a lease (``idle_session_timeout``). Postgres itself is the clock and the judge: no machine's
time is asked, and nothing must be running for a dead run's sources to become free.

A claim in the database says which run a source belongs to. Whoever writes for a source holds its claim meanwhile, so
that a run that wakes up after another took its place writes nothing any more
(:class:`~pipelines.errors.ClaimLost`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg

from crawler.sources.model import Source
from pipelines.errors import ClaimLost, RawiError
from pipelines.storage.pool import ALIVE, CONNECT_TIMEOUT, FIRST_WAIT, LONGEST_WAIT, LOST, SESSION
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "claims.sql")

#: First key of the advisory locks on runs: "runs" in ASCII, as in ``live_runs()``; the second is the run.
RUNS_LOCK = 0x72756E73
#: Key of the lock under which claims are made, one claimant at a time: "claim" in ASCII.
CLAIMING_LOCK = 0x636C61696D
#: Signs of life in the length of a lease.
SIGNS = 6


class Claims:
    """The sources that a run has to itself; an async context manager.

    ``lease`` is in seconds. ``lost`` is told, at most once, that another run has taken a source of this one.
    """

    def __init__(self, url: str, run_id: int, *, lease: float, lost: Callable[[RawiError], None]) -> None:
        self._url = url
        self._run_id = run_id
        self._lease = lease
        self._lost = lost
        self._session: psycopg.AsyncConnection | None = None
        self._living: asyncio.Task[None] | None = None
        self._source_ids: list[int] = []
        self._signed_at = time.monotonic()

    async def __aenter__(self) -> Claims:
        self._session = await self._connect()
        self._signed_at = time.monotonic()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._living is not None:
            self._living.cancel()
            with suppress(asyncio.CancelledError):
                await self._living
        if self._session is not None:
            # A session that is cut lets go as well. The claims stay as they are: they still tell who came last.
            with suppress(*LOST):
                await self._session.execute(SQL["unlock_runs"])
            await self._session.close()

    def lapsed(self) -> bool:
        """Tell, without asking anybody, whether no sign of life was given for a lease: another run may have taken over.

        Whoever wakes up after having been frozen knows it at once.
        """
        return time.monotonic() - self._signed_at > self._lease

    async def take(self, sources: Sequence[Source]) -> list[Source]:
        """Claim those of ``sources`` that no other live run has, and return them. Use it once."""
        assert self._session is not None, "used outside its context"  # noqa: S101
        parameters = {"source_ids": [source.id for source in sources], "run_id": self._run_id}
        async with self._session.transaction():
            await self._session.execute(SQL["lock_claiming"], {"lock": CLAIMING_LOCK})
            rows = await (await self._session.execute(SQL["claim_free"], parameters)).fetchall()
            rows += await (await self._session.execute(SQL["claim_abandoned"], parameters)).fetchall()
        held = {row[0] for row in rows}
        self._source_ids = sorted(held)
        self._living = asyncio.create_task(self._live())
        return [source for source in sources if source.id in held]

    async def _live(self) -> None:
        """Give signs of life until cancelled; come back when the session was cut."""
        assert self._session is not None  # noqa: S101 -- the type checker's: called by take only
        while True:
            try:
                # Waits for nothing but the end of the session, which it notices at once.
                async for _ in self._session.notifies(timeout=self._lease / SIGNS):
                    pass
                signed_at = time.monotonic()
                await self._session.execute(SQL["sign_of_life"], {"run_id": self._run_id})
                self._signed_at = signed_at
            except LOST:
                signed_at = time.monotonic()
                self._session = await self._reconnect()
                parameters = {"source_ids": self._source_ids, "run_id": self._run_id}
                row = await (await self._session.execute(SQL["claims_lost"], parameters)).fetchone()
                if row:
                    self._lost(ClaimLost.of(row[0]))
                    return
                self._signed_at = signed_at

    async def _reconnect(self) -> psycopg.AsyncConnection:
        pause = FIRST_WAIT
        while True:
            try:
                return await self._connect()
            except LOST:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_WAIT)

    async def _connect(self) -> psycopg.AsyncConnection:
        options = f"{SESSION} -c idle_session_timeout={int(self._lease * 1000)}"
        session = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            options=options,
            connect_timeout=CONNECT_TIMEOUT,
            application_name="rawi claims",
            **ALIVE,
        )
        try:
            # Waits, at most for a lease, where the session that was cut is not known to be dead yet.
            await session.execute(SQL["lock_run"], {"lock": RUNS_LOCK, "run_id": self._run_id % 2**31})
            await session.execute(SQL["sign_of_life"], {"run_id": self._run_id})
        except BaseException:
            await session.close()
            raise
        return session
