"""Dates as Arabic pages write them.

Eastern digits; Levantine, Egyptian, Maghrebi and untranslated month names, also two at once («آذار/مارس»); day first,
except in ISO 8601; twelve hours with «ص» and «م»; «منذ ساعتين»; Hijri dates, by the arithmetic calendar (Reingold and
Dershowitz, "Calendrical Calculations"; within a day or two of what was announced) where there is no Gregorian one
beside them. No clock: ``now`` is when the page was fetched.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from datetime import timezone as fixed_offset
from functools import cache
from zoneinfo import ZoneInfo

from pipelines.arabic import fold_text
from pipelines.lexicons import load_ordered

#: Articles are dated a little ahead by clocks that are wrong, not by more.
AHEAD = timedelta(days=1)
#: No news page is older than the web.
EARLIEST = datetime(1991, 1, 1, tzinfo=UTC)

_DIGIT = re.compile(r"\d")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(z|[+-]\d{2}:?\d{2})?)?"
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{1,4})(?!\d)")
_HALF = r"(ص|م|صباحا|مساء|ظهرا|am|pm)"
#: 14:30, 8:15 م; 14h30, as in the Maghreb; «الساعة 14.30», «الساعة 8 مساءً».
_CLOCK = re.compile(
    rf"(?<![\d.])(?:الساعه\s+)?(\d{{1,2}})\s?[:h]\s?(\d{{2}})(?::(\d{{2}}))?\s*{_HALF}?(?!\w)", re.IGNORECASE
)
_SPOKEN_CLOCK = re.compile(rf"الساعه\s+(\d{{1,2}})(?:[.,](\d{{2}})())?\s*{_HALF}?(?!\w)", re.IGNORECASE)
#: 14/5/1447 and 1447/5/14, by the year or with «هـ».
_HIJRI_NUMBERS = re.compile(r"(?<!\d)(1[34]\d\d|\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(1[34]\d\d|\d{1,2})(?!\d)")
#: RFC 5322's zone after the clock; -1447 and -2026 are years.
_EAST = re.compile(r"\d{2}(?::\d{2}){1,2}\s*([+-](?:0\d|1[0-4]):?(?:00|30|45))(?!\d)")
_ZONE = re.compile(r"(gmt|utc|غرينتش|جرينتش)\s*([+-]\d{1,2})?", re.IGNORECASE)
_RELATIVE = re.compile(r"(?:منذ|قبل)\s+(?:(\d+|نصف)\s+)?(\w+)")
_JUST_NOW = re.compile(r"^\W*(?:الان|(?:منذ|قبل) (?:لحظات|لحظه|قليل|ثوان))\W*$")
#: Units as templates shorten them: «منذ 12 د», «منذ 3 س».
_SHORT_UNITS = {"ث": timedelta(seconds=1), "د": timedelta(minutes=1), "س": timedelta(hours=1), "ي": timedelta(days=1)}
_UNITS = {
    "ثاني": timedelta(seconds=1), "ثوان": timedelta(seconds=1), "دقيق": timedelta(minutes=1),
    "دقائق": timedelta(minutes=1), "ساع": timedelta(hours=1), "يوم": timedelta(days=1), "ايام": timedelta(days=1),
    "اسبوع": timedelta(weeks=1), "اسابيع": timedelta(weeks=1), "شهر": timedelta(days=30), "اشهر": timedelta(days=30),
    "شهور": timedelta(days=30),
}  # fmt: skip
#: Day one of the Hijri calendar, as a proleptic Gregorian ordinal (16 July 622, Julian).
_HIJRA = 227_015


def parse_date(text: str, timezone: str = "UTC", now: datetime | None = None) -> datetime | None:
    """Return the moment that ``text`` names, with the offset it was written in; ``None`` when it names none, or one
    that cannot be.

    A time without a zone is in ``timezone`` (IANA); a day without a time begins at its midnight there. Relative dates
    need ``now``; dates after it, and before the web, are ``None``.
    """
    folded = fold_text(text[:400]).strip().lower()
    local = zone(timezone)
    moment = _absolute(folded, local) or (_relative(folded, local, now) if now else None)
    if moment is None or moment < EARLIEST or (now is not None and moment > now + AHEAD):
        return None
    return moment


def is_relative(text: str) -> bool:
    """Tell whether ``text`` dates something by how long ago it was."""
    folded = fold_text(text[:400])
    return bool(_RELATIVE.search(folded)) and not _ISO.search(folded)


def _absolute(text: str, zone: ZoneInfo) -> datetime | None:
    if not _DIGIT.search(text):
        return None
    if match := _ISO.search(text):
        year, month, day, hour, minute, second, offset = match.groups()
        if hour is None:
            return _moment(int(year), int(month), int(day), text[match.end() :], zone)
        try:
            moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
            return _offset(moment, offset, zone)
        except (ValueError, OverflowError):
            return None
    return _named(text, zone) or _numbers(text, zone) or _hijri(text, zone)


def _named(text: str, zone: ZoneInfo) -> datetime | None:
    month_first, day_first = _month_patterns()
    if found := month_first.search(text):
        name, day, year = found.groups()
        return _moment(int(year), _month_numbers()[name], int(day), text, zone)
    match = day_first.search(text)
    if match is None:
        return None
    day, name, year = match.groups()
    return _moment(int(year), _month_numbers()[name], int(day), text, zone)


def _numbers(text: str, zone: ZoneInfo) -> datetime | None:
    for match in _NUMBERS.finditer(text):
        first, month, last = (int(part) for part in match.groups())
        rest = text[: match.start()] + " " + text[match.end() :]
        if first > 1900:
            year, day = first, last
        elif last > 1900:
            year, day = last, first
        else:
            continue
        if month > 12 >= day:  # month first, as some American themes write
            day, month = month, day
        return _moment(year, month, day, rest, zone)
    return None


def _hijri(text: str, zone: ZoneInfo) -> datetime | None:
    named = _hijri_pattern().search(text)
    if named is not None:
        day, month, year = int(named[1]), _hijri_numbers()[named[2]], int(named[3])
    elif (numbers := _HIJRI_NUMBERS.search(text)) is not None:
        first, middle, last = int(numbers[1]), int(numbers[2]), int(numbers[3])
        day, month, year = (first, middle, last) if last > 1300 else (last, middle, first)
    else:
        return None
    if not (1 <= day <= 30 and 1 <= month <= 12 and 1300 < year < 1500):
        return None
    ordinal = _HIJRA + 354 * (year - 1) + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day - 1
    gregorian = date.fromordinal(ordinal)
    return _moment(gregorian.year, gregorian.month, gregorian.day, text, zone)


def _moment(year: int, month: int, day: int, text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment of a day, with the clock time that stands in ``text``."""
    hour = minute = second = 0
    clock = _CLOCK.search(text) or _SPOKEN_CLOCK.search(text)
    if clock:
        hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
        half = (clock[4] or "").lower()
        if half in ("م", "مساء", "ظهرا", "pm") and hour < 12:
            hour += 12
        elif half in ("ص", "صباحا", "am") and hour == 12:
            hour = 0
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    if east := _EAST.search(text):
        return _offset(moment, east[1], zone)
    named = _ZONE.search(text)
    if named and clock:
        return (moment - timedelta(hours=int(named[2] or 0))).replace(tzinfo=UTC)
    return _offset(moment, None, zone)


def _relative(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    if match := _RELATIVE.search(text):
        number, word = match.groups()
        unit = _SHORT_UNITS.get(word) or next((value for stem, value in _UNITS.items() if word.startswith(stem)), None)
        if unit is not None and number == "نصف":
            return now - unit / 2
        if unit is not None:
            # The dual has its number in its ending: ساعتين, يومين.
            count = int(number[:6]) if number else 2 if word.endswith(("ين", "ان")) and word not in ("ثوان",) else 1
            try:
                return now - count * unit
            except OverflowError:
                return None
    if _JUST_NOW.search(text):
        return now
    local = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = 0 if re.search(r"\bاليوم\b", text) else 1 if re.search(r"\b(?:امس|البارحه)\b", text) else None
    if days is None:
        return None
    day = local - timedelta(days=days)
    return _moment(day.year, day.month, day.day, text, zone)


def _offset(moment: datetime, offset: str | None, zone: ZoneInfo) -> datetime:
    if offset is None:
        return moment.replace(tzinfo=zone)
    if offset == "z":
        return moment.replace(tzinfo=UTC)
    sign = -1 if offset[0] == "-" else 1
    digits = offset[1:].replace(":", "")
    east = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment.replace(tzinfo=fixed_offset(east))


def zone(name: str) -> ZoneInfo:
    """Return an IANA time zone; UTC for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@cache
def _month_numbers() -> dict[str, int]:
    return _numbered("months")


@cache
def _hijri_numbers() -> dict[str, int]:
    return _numbered("months_hijri")


def _numbered(name: str) -> dict[str, int]:
    return {fold_text(form): int(number) for number, _, form in (line.partition(" ") for line in load_ordered(name))}


@cache
def _month_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of days with the month before them, and after."""
    months = _alternatives(_month_numbers())
    months = rf"({months})(?:\s*/\s*(?:{months}))?"
    return (
        re.compile(rf"{months}\s+(\d{{1,2}})\s*[،,]\s*(\d{{4}})"),
        re.compile(rf"(?<!\d)(\d{{1,2}})\s*(?:[-/]|من\s)?\s*{months}\s*[-/،,.]?\s*(\d{{4}})"),
    )


@cache
def _hijri_pattern() -> re.Pattern[str]:
    return re.compile(rf"(\d{{1,2}})\s*({_alternatives(_hijri_numbers())})\s*[،,]?\s*(1[34]\d\d)")


def _alternatives(forms: dict[str, int]) -> str:
    # The longest first: «كانون الثاني» before «كانون», «يوليوز» before «يوليو».
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
