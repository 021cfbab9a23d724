"""What time is it? The database's time, wherever it is told: machines whose clocks differ agree on what is due.

An article that was seen by a machine with a fast clock would otherwise look newer than what others see after it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from psycopg_pool import AsyncConnectionPool


class Clock:
    """Tells the database's time by this machine's clock, whose ``error`` was measured."""

    def __init__(self, error: timedelta) -> None:
        self.error = error

    def now(self) -> datetime:
        """Return the moment, aware, UTC."""
        return datetime.now(UTC) - self.error


async def database_clock(pool: AsyncConnectionPool) -> Clock:
    """Measure by how much this machine's clock is ahead of the database's; good to the time that a query takes."""
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT clock_timestamp()")).fetchone()
        return Clock(datetime.now(UTC) - row[0]) if row else Clock(timedelta(0))
