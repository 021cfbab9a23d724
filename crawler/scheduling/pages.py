"""When is a page tried again that did not come, and an article looked at again that did?"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.scheduling.interval import LONGEST

#: A page that could not be fetched is tried again after 5, 10, 20 ... minutes, this often in all.
PAGE_PAUSE, PAGE_ATTEMPTS = timedelta(minutes=5), 6

#: An article is looked at again after an hour, then whenever it has become half as old again, at least every four days,
#: and no more once it is two weeks old: nearly all edits come within a day.
FIRST_REVISIT, LONGEST_REVISIT, REVISITED_FOR = timedelta(hours=1), timedelta(days=4), timedelta(days=14)


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
