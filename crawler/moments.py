"""Moments: as feeds and sitemaps write them (W3C date and time formats, a profile of ISO 8601), and as people do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from pipelines.errors import QueryError

_AGO = re.compile(r"(\d{1,6})([hdwmy])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}


def iso_moment(value: object) -> datetime | None:
    """Return the moment that ``value`` names, in UTC; ``None`` when it names none. Without an offset it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_moment(text: str | None, now: datetime) -> datetime | None:
    """Read ``2026-11-24``, ``2026-11-24T09:00+03:00`` (UTC where no offset is said), or ``36h``, ``7d``, ``2w`` ago.

    Raises :class:`~pipelines.errors.QueryError` for anything else.
    """
    if text is None:
        return None
    if ago := _AGO.fullmatch(text.strip()):
        try:
            return now - timedelta(hours=int(ago[1]) * _HOURS[ago[2]])
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise QueryError(f"not a date such as 2026-11-24, nor a time such as 36h, 7d, 2w or 6m: {text!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
