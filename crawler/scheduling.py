"""When is a feed polled again, and a page tried again? Pure: the time is an argument.

The intervals are the first, plain ones: an hour, or what the server asks for; failures back off, and no feed dies.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Between two polls of a feed that answers.
INTERVAL = timedelta(minutes=60)
#: The longest time a feed is left alone, whatever happened: Media Cloud's rss-fetcher and miniflux have the same.
LONGEST = timedelta(hours=24)
#: Share of an interval by which polls are spread, so that feeds added together are not polled together.
JITTER = 0.1
#: A page that could not be fetched is tried again after 5, 10, 20 ... minutes, this often in all.
PAGE_PAUSE, PAGE_ATTEMPTS = timedelta(minutes=5), 6

#: An article is looked at again after an hour, then whenever it has become half as old again, at least every four days,
#: and no more once it is two weeks old: nearly all edits come within a day.
FIRST_REVISIT, LONGEST_REVISIT, REVISITED_FOR = timedelta(hours=1), timedelta(days=4), timedelta(days=14)


def next_poll(
    now: datetime,
    *,
    feed_url: str,
    failures: int,
    retry_after: timedelta | None = None,
    interval: timedelta | None = None,
) -> datetime:
    """Return when a feed is due again, after ``failures`` polls in a row that failed (0: it answered).

    ``interval`` is the operator's own; it may be longer than any that Rawi chooses.
    """
    interval = interval or INTERVAL
    wait = min(interval * (1 << min(failures, 5)), max(LONGEST, interval))
    if retry_after is not None:
        wait = min(max(wait if failures else timedelta(0), retry_after), LONGEST)
    return now + wait * (1 + JITTER * _spread(feed_url))


def next_attempt(now: datetime, *, attempts: int, retry_after: timedelta | None = None) -> datetime | None:
    """Return when a page is tried again after ``attempts`` that failed; ``None`` when it has been enough."""
    if attempts >= PAGE_ATTEMPTS:
        return None
    wait = min(PAGE_PAUSE * (1 << (attempts - 1)), LONGEST)
    return now + min(max(wait, retry_after or wait), LONGEST)


def next_revisit(now: datetime, *, published: datetime) -> datetime | None:
    """Return when an article is looked at again; ``None`` when it is too old to be."""
    age = max(now - published, timedelta(0))
    due = now + min(max(age / 2, FIRST_REVISIT), LONGEST_REVISIT)
    return due if due - published <= REVISITED_FOR else None


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3); ``None`` when it says nothing."""
    if not value:
        return None
    if value.strip().isdecimal():
        return min(timedelta(seconds=min(int(value), 10**6)), LONGEST)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST)


def _spread(key: str) -> float:
    """Return a number in [0, 1) that is always the same for ``key``."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:4]) / 2**32
