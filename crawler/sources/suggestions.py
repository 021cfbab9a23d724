"""What is probably right for a new source? Country, time zone and interval, each with what it was concluded from."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from crawler.sources.catalogue import outlet_of
from crawler.sources.ranking import RankedFeed

#: Zones of Arab capitals by the offset that pages write, for sites that say nothing else; the most populous of each.
_ZONES = {1: "Africa/Algiers", 2: "Africa/Cairo", 3: "Asia/Riyadh", 4: "Asia/Dubai"}


@dataclass(frozen=True, slots=True)
class Country:
    """An Arab country: its ISO code, the zone of its capital, and its top-level domains."""

    code: str
    name: str
    timezone: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that is probably right, and why; ``value`` is ``None`` where nothing speaks for any."""

    value: str | float | None
    why: str


def suggest_country(home: str, languages: Iterable[str | None]) -> Suggestion:
    """Suggest a country: by the catalogue, the top-level domain, or the region of a feed's language (ar-EG)."""
    if (outlet := outlet_of(home)) is not None and outlet.country:
        return Suggestion(outlet.country, "the catalogue says so")
    domain = (urlsplit(home).hostname or "").rpartition(".")[2]
    for country in countries().values():
        if domain in country.domains:
            return Suggestion(country.code, f"its address ends in .{domain}")
    for language in languages:
        region = (language or "").replace("_", "-").partition("-")[2].upper()
        if region in countries():
            return Suggestion(region, f"its feed's language is {language}")
    return Suggestion(None, "nothing says which")


def suggest_timezone(
    home: str, country: str | None, dates: Sequence[datetime] = (), ahead: Sequence[int | None] = ()
) -> Suggestion:
    """Suggest the zone of dates that name none.

    By the catalogue, the country, or the offset that its pages write; or by how many hours the dates of its pages, read
    as UTC, are ``ahead`` of those of its feed.
    """
    if (outlet := outlet_of(home)) is not None:
        return Suggestion(outlet.timezone, "the catalogue says so")
    if country in countries():
        return Suggestion(countries()[country or ""].timezone, f"the capital of {countries()[country or ''].name}")
    for date in dates:
        offset = date.utcoffset()
        if offset and (zone := _ZONES.get(round(offset / timedelta(hours=1)))):
            return Suggestion(zone, f"its pages write dates with {date:%z}")
    hours, votes = Counter(ahead).most_common(1)[0] if ahead else (None, 0)
    if votes > max(1, len(ahead) / 2) and (zone := _ZONES.get(hours or 0)):
        return Suggestion(zone, f"its pages are {hours} h ahead of its feed")
    return Suggestion("UTC", "nothing says which; dates without a zone are read as UTC")


def suggest_interval(feeds: Sequence[RankedFeed]) -> Suggestion:
    """Suggest no interval: the busiest feed's reach is told, and Rawi adapts to it (docs/polling.md)."""
    windows = [feed.window for feed in feeds if feed.window is not None and feed.entries > 1]
    reach = f": its feed reaches back {spoken(min(windows))}" if windows else ""
    return Suggestion(None, f"Rawi adapts it to what comes{reach}")


def spoken(time: timedelta) -> str:
    """Return a length of time in the largest unit that fits."""
    minutes = round(time / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{round(minutes / 60)} hours" if minutes < 48 * 60 else f"{round(minutes / 60 / 24)} days"


@cache
def countries() -> dict[str, Country]:
    """Return the Arab countries by their codes."""
    found = tomllib.loads((files("crawler.sources") / "countries.toml").read_text("utf-8"))
    return {
        code: Country(code, entry["name"], entry["timezone"], tuple(entry["domains"])) for code, entry in found.items()
    }
