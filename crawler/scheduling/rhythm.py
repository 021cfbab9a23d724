"""How often does a feed bring something new, at which hours and on which weekdays?

Learned from what it brought, in the time zone of its source, and slowly forgotten. Hours and weekdays are counted
apart: 31 numbers that a month can fill say more than 168 that it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

#: Days after which what was learned counts half: long enough for weekdays, short enough for a new season.
HALF_LIFE = timedelta(days=14)
#: What is believed of a feed of which nothing is known: half an entry in four hours.
PRIOR_ENTRIES, PRIOR_HOURS = 0.5, 4.0
#: Entries that each hour and each weekday is believed to have brought before any was seen.
HOUR_PRIOR, WEEKDAY_PRIOR = 1.0, 3.0
#: Hours of observation after which the counts of hours and of weekdays can be trusted in full.
HOURS_KNOWN, WEEKDAYS_KNOWN = 48.0, 336.0

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Counts of new entries by hour of day and by weekday (Monday first), and the hours in which they came.

    All of them decay together, so that their quotients are averages over the last weeks.
    """

    hours: tuple[float, ...] = (0.0,) * 24
    weekdays: tuple[float, ...] = (0.0,) * 7
    exposure: float = 0.0

    @classmethod
    def of_numbers(cls, numbers: Sequence[float] | None) -> Rhythm:
        """Return what :meth:`numbers` was made from; nothing learned where there are none."""
        if numbers is None:
            return cls()
        return cls(tuple(numbers[:24]), tuple(numbers[24:31]), numbers[31])

    @property
    def numbers(self) -> list[float]:
        """The rhythm as the database holds it."""
        return [*self.hours, *self.weekdays, self.exposure]

    @property
    def average(self) -> float:
        """Entries an hour, over all hours of the week."""
        return (sum(self.hours) + PRIOR_ENTRIES) / (self.exposure + PRIOR_HOURS)

    def rates(self, hour: int, weekday: int) -> Iterator[float]:
        """Yield the entries an hour that are expected: in an hour of day (0-23) of a weekday (0: Monday), and on."""
        total, average = sum(self.hours), self.average
        hours_known, weekdays_known = min(self.exposure / HOURS_KNOWN, 1.0), min(self.exposure / WEEKDAYS_KNOWN, 1.0)
        while True:
            of_hour = (self.hours[hour] + HOUR_PRIOR) * 24 / (total + 24 * HOUR_PRIOR)
            of_day = (self.weekdays[weekday] + WEEKDAY_PRIOR) * 7 / (total + 7 * WEEKDAY_PRIOR)
            yield average * (1 + (of_hour - 1) * hours_known) * (1 + (of_day - 1) * weekdays_known)
            hour += 1
            if hour == 24:
                hour, weekday = 0, (weekday + 1) % 7

    def learned(self, moments: Iterable[datetime], elapsed: timedelta, zone: str) -> Rhythm:
        """Return the rhythm after a time ``elapsed`` in which entries came at these ``moments``.

        The clock of ``zone`` (IANA) decides what hour they came in; a zone that is not known is UTC.
        """
        kept = 0.5 ** (elapsed / HALF_LIFE)
        hours, weekdays = [count * kept for count in self.hours], [count * kept for count in self.weekdays]
        clock = zone_of(zone)
        for moment in moments:
            local = moment.astimezone(clock)
            hours[local.hour] += 1
            weekdays[local.weekday()] += 1
        return Rhythm(tuple(hours), tuple(weekdays), self.exposure * kept + elapsed / _HOUR)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
