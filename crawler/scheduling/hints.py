"""What does a publisher say about how often its feed is worth asking for?

HTTP's Cache-Control and Expires (RFC 9111), ``ttl``, ``skipHours`` and ``skipDays`` of RSS 2.0, and the syndication
module's ``updatePeriod`` and ``updateFrequency`` (web.resource.org/rss/1.0/modules/syndication).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: The longest wait that a publisher can ask for: generators write these numbers far more often than newsrooms do.
LONGEST_HINT = timedelta(hours=1)

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.I)
_SKIPPED = re.compile(r"<skip(?:Hours|Days)\b.*?</skip(?:Hours|Days)\s*>", re.I | re.S)
_HOUR, _DAY = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.I), re.compile(r"<day>\s*([a-z]+)\s*</day>", re.I)
#: Characters of a feed in which its channel speaks, before its entries do.
_CHANNEL = 20_000


@dataclass(frozen=True, slots=True)
class Hints:
    """A publisher's wishes: the shortest ``interval`` between polls, and hours of the week not to poll in.

    ``skipped`` counts hours from Monday 00:00 UTC, 0-167.
    """

    interval: timedelta = timedelta(0)
    skipped: frozenset[int] = frozenset()


#: What a publisher says that says nothing.
NO_HINTS = Hints()


def header_hint(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long an answer says that it stays fresh; zero when it does not say.

    ``headers`` have small names. ``max-age`` beats ``Expires`` (RFC 9111, 4.2.1); ``no-cache`` and ``no-store`` say
    zero.
    """
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    if (match := MAX_AGE.search(control)) is not None:
        return min(timedelta(seconds=int(match[1])), LONGEST_HINT)
    try:
        expires = parsedate_to_datetime(headers.get("expires", ""))
    except (ValueError, TypeError):
        return timedelta(0)
    expires = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
    return min(max(expires - now, timedelta(0)), LONGEST_HINT)


def channel_hints(channel: Mapping[str, object], text: str) -> Hints:
    """Return what a feed says of itself: ``channel`` as feedparser reads it, ``text`` as it came.

    feedparser knows nothing of hours and days to skip. A feed that would skip every hour skips none.
    """
    minutes = _number(channel.get("ttl"))
    period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0)
    hours = period / (_number(channel.get("sy_updatefrequency")) or 1)
    interval = min(max(timedelta(minutes=minutes), timedelta(hours=hours)), LONGEST_HINT)
    skipped = _skipped("".join(_SKIPPED.findall(text[:_CHANNEL])))
    return Hints(interval, skipped if len(skipped) < 168 else frozenset())


def _skipped(text: str) -> frozenset[int]:
    hours = {int(hour) % 24 for hour in _HOUR.findall(text)}
    days = {_DAYS.index(day.lower()) for day in _DAY.findall(text) if day.lower() in _DAYS}
    return frozenset(hour for hour in range(168) if hour % 24 in hours or hour // 24 in days)


def _number(value: object) -> int:
    """Return a number of at most five digits; zero for anything else."""
    found = str(value).strip()
    return int(found) if found.isascii() and found.isdecimal() and len(found) <= 5 else 0
