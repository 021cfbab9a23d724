"""How long does a feed that answered wait for its next poll?

Two rules, and the shorter wait counts. *Nothing is missed*: before the next poll no more than a third of the feed's
window may be replaced, by its rhythm and by how much was replaced since the last poll. The overlap that is left proves
that nothing was lost, and leaves room for a poll that fails. *What is new is found soon*: polls are dealt out by the
rate of news to the power of ``SHARPNESS``. (To the power of one half is what makes the mean delay least for a number
of polls: Sia, Cho and Cho, "Efficient Monitoring Algorithm for Fast News Alerts", IEEE TKDE 19(7), 2007. A little less
than that makes the longest delays shorter and costs the mean hardly anything.) Publishers' hints lengthen a wait, but
never beyond what is safe. Figures: benchmarks/polling.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.scheduling.hints import NO_HINTS, Hints
from crawler.scheduling.rhythm import Rhythm, zone_of

#: A feed is left alone at least and at most so long, whatever happened: rss-fetcher and miniflux have the same ceiling.
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
#: Share of a wait by which polls are spread, so that feeds added together are not polled together.
JITTER = 0.1
#: Share of a feed's window that may be new at a poll.
NEW_SHARE = 1 / 3
#: Hours between the polls of a feed that brings one entry an hour, and how much a rate shortens them.
EFFORT, SHARPNESS = 0.58, 0.4

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a poll that answered saw: so many ``entries``, ``new`` of them not seen in the feed at the poll before.

    ``elapsed`` is the time since that poll; ``None`` at the first, of which nothing can be said.
    """

    entries: int
    new: int
    elapsed: timedelta | None

    @property
    def overlap(self) -> float | None:
        """The share of entries that were seen before; ``None`` where there is nothing to compare."""
        if self.elapsed is None or self.entries <= 0:
            return None
        return 1 - self.new / self.entries


def interval(
    now: datetime, rhythm: Rhythm, seen: Seen, *, zone: str = "UTC", hints: Hints = NO_HINTS, effort: float = EFFORT
) -> timedelta:
    """Return how long to wait after a poll that answered, between ``SHORTEST`` and ``LONGEST``.

    ``zone`` is that of the rhythm. ``effort`` weighs delay against requests: half of it, twice the requests.
    """
    least = min(hints.interval, LONGEST)
    fresh, safe = _waits(now, rhythm, seen.entries * NEW_SHARE, effort, zone, least)
    if seen.new > 0 and seen.elapsed is not None and seen.entries > 0:
        # As fast as since the last poll it may go on.
        safe = min(safe, seen.elapsed * (seen.entries * NEW_SHARE / seen.new))
    wait = min(max(fresh, least), safe)
    return _past_skipped(now, min(max(wait, SHORTEST), LONGEST), hints)


def jittered(wait: timedelta, key: str) -> timedelta:
    """Return ``wait``, longer by up to ``JITTER`` of it, always as much for the same ``key``.

    What would be beyond ``LONGEST`` then is shorter by as much instead; but not what was beyond it already.
    """
    change = wait * (JITTER * spread(key))
    return wait - change if wait <= LONGEST < wait + change else wait + change


def spread(key: str) -> float:
    """Return a number in [0, 1) that is always the same for ``key``."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:4]) / 2**32


def _waits(
    now: datetime, rhythm: Rhythm, room: float, effort: float, zone: str, least: timedelta
) -> tuple[timedelta, timedelta]:
    """Return the waits of both rules, at most ``LONGEST``, going through the coming hours one by one.

    ``room`` is how many entries may come; zero for a feed whose window is not known. What is safe is not looked for
    beyond the first wait and ``least``: there it would not count.
    """
    local = now.astimezone(zone_of(zone))
    length = 1 - (local.minute * 60 + local.second) / 3600
    fresh, safe = None, None if room > 0 else LONGEST
    waited, work, expected = 0.0, 0.0, 0.0
    for rate in rhythm.rates(local.hour, local.weekday()):
        if waited >= 24 or (fresh is not None and (safe is not None or _HOUR * waited >= max(fresh, least))):
            break
        pull = rate**SHARPNESS
        if fresh is None and work + pull * length >= effort:
            fresh = _HOUR * (waited + (effort - work) / pull)
        if safe is None and expected + rate * length >= room:
            safe = _HOUR * (waited + (room - expected) / rate)
        work, expected, waited = work + pull * length, expected + rate * length, waited + length
        length = 1.0
    return fresh or LONGEST, safe or LONGEST


def _past_skipped(now: datetime, wait: timedelta, hints: Hints) -> timedelta:
    """Lengthen a wait that ends in an hour that the publisher wants left out."""
    if not hints.skipped:
        return wait
    due = now + wait
    while due - now < LONGEST and (due.weekday() * 24 + due.hour) in hints.skipped:
        due = due.replace(minute=0, second=0, microsecond=0) + _HOUR
    return min(due - now, LONGEST)
