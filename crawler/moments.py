"""Moments as feeds and sitemaps write them (W3C date and time formats, a profile of ISO 8601)."""

from __future__ import annotations

from datetime import UTC, datetime


def iso_moment(value: object) -> datetime | None:
    """Return the moment that ``value`` names, in UTC; ``None`` when it names none. Without an offset it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
