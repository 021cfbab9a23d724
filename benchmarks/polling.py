"""What does a polling policy cost, and what does it miss? Ten thousand feeds for thirty days, simulated.

    python -m benchmarks.polling [--feeds 10000] [--days 30] [--seed 1] [--json]

The feeds are generated: rates with a heavy tail (log-normal, a median of six articles a day), days and weeks of the
Arab world, bursts, windows of 10 to 50 entries; some are flaky, slow, dead or move; and twice our own network is down
for an hour. Rawi's rows use the scheduling functions that a crawl uses. The others are written from what is known of
them: a fixed hour without back-off; miniflux with its scheduler by entry frequency (7 days / entries of a week, from 5
minutes to 24 hours; given up after 3 failures); Media Cloud's rss-fetcher (6 hours at first; longer from 67 % of
entries seen already, shorter below 33 %, from 10 minutes to 24 hours; linear back-off), whose steps, 60 minutes down
and 10 up, are assumed.

*Missed* are articles that left the window of a feed before a poll, *lost* those of feeds that were given up or that
moved and were not followed, as far as they were published in the time. Delays are from publication to the poll that
brings the article, and count stored articles only.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from rich.console import Console
from rich.table import Table

from crawler.scheduling.failures import HARD, SOFT, wait_after_failures
from crawler.scheduling.interval import EFFORT, Seen, interval, jittered
from crawler.scheduling.outage import SOON
from crawler.scheduling.rhythm import Rhythm
from crawler.spiders.moves import STABLE

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
ZONE = "Asia/Baghdad"
#: Hours before the start whose articles fill the windows.
BEFORE = 28 * 24.0
#: An hour's share of a day's articles, by the hour in Baghdad, for a feed with a strong rhythm.
DAY = (2, 1, 1, 1, 1, 2, 4, 6, 8, 10, 11, 11, 10, 9, 9, 8, 8, 8, 7, 7, 6, 5, 4, 3)
#: Monday first; Friday is the day of rest.
WEEK = (1.1, 1.1, 1.1, 1.1, 0.5, 0.8, 1.1)
#: Hours at which our own network is down for one.
OUTAGES = (5.5 * 24, 17.4 * 24)
#: Hours for which a feed that moved redirects before its old address is gone.
REDIRECTS = 10 * 24.0
#: Minutes a bin of the histogram of delays.
BIN = 0.25


@dataclass
class FeedModel:
    """A generated feed: when it publishes, hours from the start; how it misbehaves."""

    name: str
    published: list[float]
    window: int
    down: list[tuple[float, float]] = field(default_factory=list)
    dead: bool = False
    slow: float = 0.0
    moved: float = math.inf

    def failure(self, now: float, chance: random.Random, followed: bool) -> str | None:
        """Return how a poll fails: ``us``, ``hard`` or ``soft``; ``None`` when it answers."""
        if any(start <= now < start + 1 for start in OUTAGES):
            return "us"
        if self.dead:
            return "hard"
        if now >= self.moved + REDIRECTS and not followed:
            return "soft"
        if any(start <= now < end for start, end in self.down) or chance.random() < max(self.slow, 0.002):
            return "soft"
        return None


class Policy(Protocol):
    """When a feed is polled next. Times and waits are hours; ``None`` gives the feed up."""

    follows: bool

    def answered(self, now: float, entries: int, new: Sequence[float], elapsed: float | None) -> float:
        """Return the wait after an answer with ``entries``, of which those published at ``new`` were not seen."""

    def failed(self, now: float, kind: str) -> float | None:
        """Return the wait after a failure."""


class Fixed:
    """Every hour, whatever happens."""

    follows = False

    def __init__(self, _: FeedModel) -> None:
        pass

    def answered(self, now: float, entries: int, new: Sequence[float], elapsed: float | None) -> float:
        return 1.0

    def failed(self, now: float, kind: str) -> float | None:
        return 1.0


class Miniflux:
    """7 days / entries of the last week, between 5 minutes and 24 hours; given up after three failures in a row."""

    follows = False

    def __init__(self, _: FeedModel) -> None:
        self.week: deque[float] = deque()
        self.failures = 0
        self.wait = 1.0

    def answered(self, now: float, entries: int, new: Sequence[float], elapsed: float | None) -> float:
        self.failures = 0
        self.week.extend(new)
        while self.week and self.week[0] < now - 168:
            self.week.popleft()
        self.wait = min(max(168 / len(self.week) if self.week else 24.0, 1 / 12), 24.0)
        return self.wait

    def failed(self, now: float, kind: str) -> float | None:
        self.failures += 1
        return self.wait if self.failures < 3 else None


class PatientMiniflux(Miniflux):
    """The same, if it gave nothing up."""

    def failed(self, now: float, kind: str) -> float | None:
        return self.wait


class RssFetcher:
    """Six hours at first, by steps longer or shorter with the share of entries seen already; linear back-off."""

    follows = False

    def __init__(self, _: FeedModel) -> None:
        self.wait = 6.0
        self.failures = 0.0

    def answered(self, now: float, entries: int, new: Sequence[float], elapsed: float | None) -> float:
        on_time = elapsed is not None and self.failures == 0
        self.failures = 0.0
        if on_time and entries:
            seen = 1 - len(new) / entries
            if seen >= 0.67:
                self.wait = min(self.wait + 1 / 6, 24.0)
            elif seen < 0.33:
                self.wait = max(min(self.wait, 7.0) - 1, 1 / 6)
        return self.wait

    def failed(self, now: float, kind: str) -> float | None:
        self.failures += 1.0 if kind == "hard" else 0.5
        return min(self.wait * max(self.failures, 1.0), 24.0)


class Rawi:
    """The functions that a crawl uses; ``effort`` as there."""

    follows = True

    def __init__(self, feed: FeedModel, effort: float = EFFORT) -> None:
        self.name = feed.name
        self.effort = effort
        self.rhythm = Rhythm()
        self.failures = 0.0
        self.entries = feed.window

    def answered(self, now: float, entries: int, new: Sequence[float], elapsed: float | None) -> float:
        self.failures, self.entries = 0.0, entries
        if elapsed is not None:
            self.rhythm = self.rhythm.learned(map(moment, new), HOUR * elapsed, ZONE)
        elif len(dated := [at for at in new if at > now - 14 * 24]) > 1:
            self.rhythm = self.rhythm.learned(map(moment, dated[1:]), HOUR * (now - dated[0]), ZONE)
        return self.wait(now, Seen(entries, len(new), None if elapsed is None else HOUR * elapsed))

    def failed(self, now: float, kind: str) -> float | None:
        if kind == "us":
            return SOON / HOUR
        self.failures += HARD if kind == "hard" else SOFT
        return wait_after_failures(HOUR * self.wait(now, Seen(self.entries, 0, None)), self.failures) / HOUR

    def wait(self, now: float, seen: Seen) -> float:
        waited = interval(moment(now), self.rhythm, seen, zone=ZONE, effort=self.effort)
        return jittered(waited, self.name) / HOUR


@dataclass
class Result:
    """What one policy did."""

    requests: int = 0
    stored: int = 0
    missed: int = 0
    lost: int = 0
    delays: list[int] = field(default_factory=lambda: [0] * int(40 * 24 * 60 / BIN))
    seconds: float = 0.0

    def quantile(self, share: float) -> float:
        """Return a quantile of the delays, minutes."""
        left = share * self.stored
        for place, count in enumerate(self.delays):
            left -= count
            if left <= 0:
                return place * BIN
        return 0.0


def moment(hours: float) -> datetime:
    """Return a time of the simulation as a datetime."""
    return START + timedelta(hours=hours)


def generate(number: int, days: float, seed: int) -> FeedModel:
    """Return feed ``number``: always the same for the same seed."""
    chance = random.Random(f"{seed}/{number}")
    rate = min(max(chance.lognormvariate(math.log(6), 1.5), 0.03), 400) / 24
    strength = chance.random()
    hours = [1 - strength + strength * 24 * share / sum(DAY) for share in DAY]
    week = [1 - strength + strength * share for share in WEEK]
    end = days * 24.0
    bursts = [chance.uniform(-BEFORE, end) for _ in range(chance.choice((0, 1, 2, 4, 8)))]
    published = []
    for hour in range(int(-BEFORE), int(end)):
        day, local = divmod(hour + 3, 24)
        expected = rate * hours[local] * week[day % 7]
        # A burst: two hours in which a newsroom writes as much as it does in a working day.
        if any(start <= hour < start + 2 for start in bursts):
            expected += rate * 6
        published += [hour + chance.random() for _ in range(_poisson(expected, chance))]
    published.sort()
    feed = FeedModel(f"feed {number}", published, chance.choice((10, 10, 15, 20, 20, 25, 30, 50)))
    fate = chance.random()
    if fate < 0.02:
        feed.dead = True
    elif fate < 0.05:
        feed.moved = chance.uniform(0, end)
    elif fate < 0.15:
        starts = [chance.uniform(0, end) for _ in range(1 + int(days / 6))]
        feed.down = [(start, start + chance.uniform(0.2, 8)) for start in starts]
    elif fate < 0.20:
        feed.slow = chance.uniform(0.05, 0.3)
    return feed


def follow(feed: FeedModel, policy: Policy, days: float, result: Result) -> None:
    """Poll one feed to the end and count."""
    end = days * 24.0
    chance = random.Random(feed.name)
    published, window, delays = feed.published, feed.window, result.delays
    first = bisect_right(published, 0.0)
    seen = 0
    now: float | None = chance.random()
    answered: float | None = None
    redirected: float | None = None
    while now is not None and now < end:
        result.requests += 1
        followed = policy.follows and redirected is not None and now >= redirected + STABLE / HOUR
        if (kind := feed.failure(now, chance, followed)) is not None:
            wait = policy.failed(now, kind)
        else:
            if now >= feed.moved and redirected is None:
                redirected = now
            upto = bisect_right(published, now)
            oldest = max(upto - window, 0)
            new = published[max(seen, oldest) : upto]
            result.missed += max(oldest - max(seen, first), 0) if answered is not None else 0
            for at in new:
                if at > 0:
                    delays[int((now - at) * 60 / BIN)] += 1
                    result.stored += 1
            elapsed = None if answered is None else now - answered
            seen, answered = upto, now
            wait = policy.answered(now, upto - oldest, new, elapsed)
        now = None if wait is None else now + wait
    # What stands unseen at the end would have been seen by the next poll, if there is to be one that sees anything.
    if not feed.dead and (now is None or answered is None or answered < end - 72):
        result.lost += len(published) - max(seen, first)


def _poisson(mean: float, chance: random.Random) -> int:
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def simulate(feeds: int, days: float, seed: int) -> dict[str, Result]:
    """Return what each policy did with the same feeds."""
    policies = {
        "every 60 minutes": Fixed,
        "miniflux": Miniflux,
        "miniflux, nothing given up": PatientMiniflux,
        "Media Cloud rss-fetcher": RssFetcher,
        "Rawi": Rawi,
        "Rawi, half the requests": lambda feed: Rawi(feed, EFFORT * 2),
        "Rawi, a sixth of them": lambda feed: Rawi(feed, EFFORT * 6),
    }
    results = {name: Result() for name in policies}
    for number in range(feeds):
        feed = generate(number, days, seed)
        for name, policy in policies.items():
            began = time.process_time()
            follow(feed, policy(feed), days, results[name])
            results[name].seconds += time.process_time() - began
    return results


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    began = time.monotonic()
    results = simulate(arguments.feeds, arguments.days, arguments.seed)
    rows = {
        name: {
            "requests": r.requests,
            "requests_per_feed_and_day": round(r.requests / arguments.feeds / arguments.days, 2),
            "stored": r.stored,
            "missed": r.missed,
            "lost": r.lost,
            "median_minutes": r.quantile(0.5),
            "p95_minutes": r.quantile(0.95),
            "microseconds_per_poll": round(r.seconds / max(r.requests, 1) * 1e6, 1),
        }
        for name, r in results.items()
    }
    if arguments.json:
        print(json.dumps({"feeds": arguments.feeds, "days": arguments.days, "policies": rows}, indent=2))
        return
    table = Table("policy", "requests", "a feed and day", "stored", "missed", "lost", "median", "p95", "µs a poll")
    for name, row in rows.items():
        table.add_row(name, *(f"{value:,}" for value in row.values()))
    Console(width=140).print(table)
    print(f"{arguments.feeds} feeds, {arguments.days:g} days, in {time.monotonic() - began:.0f} s; delays in minutes")


if __name__ == "__main__":
    main()
