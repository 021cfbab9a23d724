"""How long does a feed wait that did not answer as it should? Longer each time, a day at most; none is given up.

Failures weigh differently, as in Media Cloud's rss-fetcher: what is likely to pass counts half, a name that cannot be
resolved a quarter. Each whole one doubles the wait.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.scheduling.interval import LONGEST, SHORTEST

#: The verdict on a poll that our own network failed: it weighs nothing.
OUTAGE = "outage"
#: Weights of failures.
HARD, SOFT, DNS = 1.0, 0.5, 0.25
#: Verdicts that are likely to pass: a feed that cannot be read is one that is being mended.
_SOFT = re.compile(r"http-(?:404|408|425|429|5\d\d)|timeout|truncated|malformed|empty|not-a-feed|not-a-sitemap|html")
#: Doublings beyond which nothing changes: five minutes and nine doublings are longer than a day.
_MOST = 9.0


def weight(verdict: str) -> float:
    """Return what one failure weighs, by its verdict (the slugs of ``polls.verdict``)."""
    if verdict == OUTAGE:
        return 0.0
    if verdict == "dns":
        return DNS
    return SOFT if _SOFT.fullmatch(verdict) else HARD


def wait_after_failures(usual: timedelta, total: float) -> timedelta:
    """Return how long to wait after failures in a row that weigh ``total``, where ``usual`` is the wait without any.

    At most ``LONGEST``, or what is ``usual`` where that is longer.
    """
    return min(max(usual, SHORTEST) * 2 ** min(total, _MOST), max(LONGEST, usual))


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3); ``None`` when it says nothing.

    At most ``LONGEST``.
    """
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
