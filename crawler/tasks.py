"""Several things at once, where it matters when a failure is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any


async def all_done(work: Iterable[Awaitable[Any]]) -> None:
    """Wait for all of ``work``; then raise the first failure, if any failed.

    Whoever hears of a failure ends what the others still need, such as the pool of connections.
    """
    for done in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(done, BaseException):
            raise done
