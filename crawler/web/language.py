"""In which language is a page, and how does that language count and tell the time?

Sentences are kept in ``strings.ar.toml`` and ``strings.en.toml``; plural forms, dates, numbers and names of countries
come from the Unicode CLDR, by way of Babel. Numbers in Arabic are written 123, as CLDR has it for ``ar`` and as most
outlets do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

#: The languages that pages are written in, the default first.
LANGUAGES = ("ar", "en")
#: Moments further away than this are told by their date.
RECENT = timedelta(days=6)
_UNITS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))


@dataclass(frozen=True)
class Language:
    """One language of the pages: its sentences, and how it writes numbers and moments."""

    code: str
    strings: Mapping[str, Any]
    locale: Locale

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    def text(self, name: str, /, **values: object) -> str:
        """Return a sentence, with ``{names}`` filled in. Raises :class:`KeyError` for one that is not written."""
        found = self._find(name)
        if not isinstance(found, str):
            raise KeyError(name)
        return found.format(**values) if values else found

    def known(self, group: str, name: str) -> str:
        """Return the word of a group for ``name``, or ``name`` itself where the group has none for it."""
        words = self._find(group)
        return str(words.get(name, name)) if isinstance(words, Mapping) else name

    def count(self, name: str, number: int) -> str:
        """Return ``number`` with its noun in the form that the language asks for (CLDR plural categories)."""
        forms = self._find(name)
        form = forms.get(self.locale.plural_form(number), forms["other"])
        return str(form).format(n=self.number(number))

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with its separators, rounded to ``digits`` places."""
        return format_decimal(round(value, digits), locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share of 1 in percent."""
        return format_percent(share, locale=self.locale)

    def ago(self, moment: datetime, now: datetime) -> str:
        """Return how long ago a moment was, or will be; the date where that is more than some days."""
        apart = moment - now
        if abs(apart) > RECENT:
            return format_date(moment, "d MMMM y", locale=self.locale)
        if abs(apart) < timedelta(minutes=1):
            return self.text("time.now")
        # Babel rounds to the nearest unit; a reader takes "two hours ago" for two hours that have passed.
        unit = next(unit for unit in _UNITS if abs(apart) >= unit)
        whole = unit * int(apart / unit)
        return format_timedelta(whole, add_direction=True, threshold=1, locale=self.locale)

    def span(self, apart: timedelta) -> str:
        """Return how long something took."""
        return format_timedelta(apart, threshold=1, granularity="second", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """Return a moment whole, with its weekday and the offset it is told in."""
        spoken = format_datetime(moment, self.text("time.pattern"), locale=self.locale)
        return f"{spoken} ({_offset(moment)})"

    def day(self, moment: datetime) -> str:
        """Return a date with its weekday."""
        return format_date(moment, "full", locale=self.locale)

    def short_day(self, moment: datetime) -> str:
        """Return a date as short as can be: day and month."""
        return format_date(moment, "d MMM", locale=self.locale)

    def country(self, code: str) -> str:
        """Return the name of a country (ISO 3166-1); the code itself where there is none."""
        return str(self.locale.territories.get(code, code))

    def _find(self, name: str) -> Any:
        found: Any = self.strings
        for part in name.split("."):
            found = found[part]
        return found


@cache
def language(code: str) -> Language:
    """Return one of :data:`LANGUAGES`."""
    text = (files("crawler.web") / f"strings.{code}.toml").read_text("utf-8")
    return Language(code, tomllib.loads(text), Locale(code))


def negotiate(wanted: str | None, accept: str) -> str:
    """Return the language of a page: the one that was asked for, or the browser's first that is ours, or Arabic.

    ``accept`` is the ``Accept-Language`` header (RFC 9110, section 12.5.4).
    """
    if wanted in LANGUAGES:
        return wanted
    ranked = []
    for place, part in enumerate(accept.split(",")[:20]):
        tag, _, weight = part.partition(";")
        code = tag.strip().partition("-")[0].lower()
        if code in LANGUAGES and (quality := _quality(weight)) > 0:
            ranked.append((-quality, place, code))
    return min(ranked)[2] if ranked else LANGUAGES[0]


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def _offset(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return "UTC" if offset in ("", "+0000") else f"UTC{offset[:3]}:{offset[3:5]}"
