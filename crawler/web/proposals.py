"""What was found of sites that may become sources, kept between looking and saving: nothing is fetched twice."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from crawler.sources.onboarding import Proposal

#: Seconds that a proposal is kept, and how many: each holds the pages that were read for it.
LIFETIME, KEPT = 1800, 20


class Proposals:
    """The proposals of one process; the oldest go first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Proposal]] = OrderedDict()

    def keep(self, proposal: Proposal) -> str:
        """Keep a proposal; return the key that leads to it."""
        self._forget_old()
        key = secrets.token_urlsafe(12)
        self._kept[key] = (self._clock(), proposal)
        return key

    def get(self, key: str) -> Proposal | None:
        """Return a proposal; ``None`` for one that is too old, or never was."""
        self._forget_old()
        kept = self._kept.get(key)
        return kept[1] if kept else None

    def drop(self, key: str) -> None:
        """Forget a proposal that has become a source."""
        self._kept.pop(key, None)

    def _forget_old(self) -> None:
        now = self._clock()
        while self._kept:
            began, _ = next(iter(self._kept.values()))
            if now - began < LIFETIME and len(self._kept) < KEPT:
                return
            self._kept.popitem(last=False)
