"""What does one poll mean for the next? The rhythm learned, the gap found, the wait chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.scheduling.failures import OUTAGE, wait_after_failures, weight
from crawler.scheduling.hints import Hints
from crawler.scheduling.interval import JITTER, Seen, interval, jittered, spread
from crawler.scheduling.outage import SOON
from crawler.scheduling.rhythm import Rhythm
from crawler.sources.model import Feed, FeedKind, Source

if TYPE_CHECKING:
    from crawler.recording import Poll
    from pipelines.model import FeedEntry

#: How far back the dates of a first poll tell how often a feed brings something.
FIRST_LOOK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a feed may have announced what no poll saw."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What is remembered of a feed after a poll. ``overlap`` is the share of its entries that were seen before."""

    next_poll_at: datetime
    rhythm: Rhythm
    window: int
    hints: Hints
    failure_weight: float = 0.0
    overlap: float | None = None
    gap: Gap | None = None


def plan_after_answer(source: Source, feed: Feed, poll: Poll, fresh: Sequence[FeedEntry], *, now: datetime) -> Plan:
    """Plan the next poll of a feed that answered; ``fresh`` are the entries that this feed did not have before."""
    rhythm, hints = Rhythm.of_numbers(feed.rhythm), poll.hints or feed.hints
    elapsed = max(now - feed.succeeded_at, timedelta(0)) if feed.succeeded_at else None
    # What a sitemap announces it keeps: nothing can leave it before it was seen.
    seen = Seen(0 if feed.kind is FeedKind.SITEMAP else len(poll.entries) or feed.window, len(fresh), elapsed)
    rhythm = _learned(rhythm, source, fresh, seen, now)
    if source.interval is not None:
        wait = timedelta(seconds=source.interval)
    else:
        wait = interval(now, rhythm, seen, zone=source.timezone, hints=hints)
    # A feed that was empty before has no gap: whatever it brings now is new.
    missed = feed.succeeded_at and feed.window and poll.entries and seen.overlap == 0
    return Plan(
        next_poll_at=now + jittered(wait, feed.url),
        rhythm=rhythm,
        window=feed.window if poll.verdict == "unchanged" else len(poll.entries),
        hints=hints,
        overlap=seen.overlap if poll.entries else None,
        gap=Gap(feed.succeeded_at, now) if missed and feed.succeeded_at else None,
    )


def plan_after_failure(
    source: Source, feed: Feed, verdict: str, *, now: datetime, retry_after: timedelta | None
) -> Plan:
    """Plan the next poll of a feed that did not answer as it should."""
    rhythm = Rhythm.of_numbers(feed.rhythm)
    if verdict == OUTAGE:
        soon = now + jittered(SOON, feed.url)
        return Plan(soon, rhythm, feed.window, feed.hints, failure_weight=feed.failure_weight)
    if source.interval is not None:
        usual = timedelta(seconds=source.interval)
    else:
        usual = interval(now, rhythm, Seen(feed.window, 0, None), zone=source.timezone)
    total = feed.failure_weight + weight(verdict)
    wait = jittered(wait_after_failures(usual, total), feed.url)
    if retry_after is not None:
        wait = max(wait, retry_after * (1 + JITTER * spread(feed.url)))
    return Plan(now + wait, rhythm, feed.window, feed.hints, failure_weight=total)


def _learned(rhythm: Rhythm, source: Source, fresh: Sequence[FeedEntry], seen: Seen, now: datetime) -> Rhythm:
    """Return the rhythm with the entries that came since the last poll; at the first, with those that say when.

    A date from outside of that time says when a page was dated and not when it came: then the middle stands for it.
    """
    if seen.elapsed is not None:
        since = now - seen.elapsed
        moments = [_within(entry.published_at, since, now) or since + seen.elapsed / 2 for entry in fresh]
        return rhythm.learned(moments, seen.elapsed, source.timezone)
    dated = [moment for entry in fresh if (moment := _within(entry.published_at, now - FIRST_LOOK, now))]
    if len(dated) < 2:
        return rhythm
    oldest = min(dated)
    return rhythm.learned((moment for moment in dated if moment > oldest), now - oldest, source.timezone)


def _within(moment: datetime | None, since: datetime, until: datetime) -> datetime | None:
    return moment if moment is not None and since < moment <= until else None
