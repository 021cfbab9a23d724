"""What is counted over many articles, kept for a minute: it takes long and hardly changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")

#: Seconds after which it is counted again.
LIFETIME = 60.0
#: Things that are kept; beyond that the oldest goes.
MOST = 500


class Remembered:
    """Values by key. Who asks while a value is being counted waits for it instead of counting it as well."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Hashable, tuple[float, asyncio.Future[Any]]] = {}

    async def get(self, key: Hashable, count: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value of ``key``, counted less than a minute ago. What ``count`` raises is raised and not kept."""
        since, kept = self._kept.get(key, (0.0, None))
        if kept is None or self._clock() - since >= LIFETIME or (kept.done() and kept.exception() is not None):
            kept = asyncio.ensure_future(count())
            self._kept.pop(key, None)
            self._kept[key] = (self._clock(), kept)
            if len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
        # A reader who leaves does not take the value along from those who still wait for it.
        value: Value = await asyncio.shield(kept)
        return value
