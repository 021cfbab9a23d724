"""How often one reader may ask for what costs much."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

#: Readers that are remembered; beyond that the one that was quiet for longest is forgotten.
READERS = 10_000


class Limit:
    """A token bucket for each reader: ``per_minute`` requests a minute, as many at once when it was quiet before."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, reader: str) -> int:
        """Count one request. Return 0 when it may go on, and otherwise in how many seconds the next one may."""
        now = self._clock()
        left, then = self._buckets.pop(reader, (float(self._size), now))
        left = min(left + (now - then) * self._size / 60, self._size)
        allowed = left >= 1
        self._buckets[reader] = (left - 1 if allowed else left, now)
        if len(self._buckets) > READERS:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) * 60 / self._size)
