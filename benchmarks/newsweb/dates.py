"""The forms in which Arabic news sites print dates."""

from __future__ import annotations

from datetime import datetime

_DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_LEVANTINE = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
    "كانون الأول",
)  # fmt: skip
_EGYPTIAN = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def long_date(when: datetime) -> str:
    """Return «الثلاثاء 24 نوفمبر 2026 - 14:30»."""
    return f"{_DAYS[when.weekday()]} {when.day} {_EGYPTIAN[when.month - 1]} {when:%Y - %H:%M}"


def levantine_date(when: datetime) -> str:
    """Return «24 تشرين الثاني 2026، 14:30»."""
    return f"{when.day} {_LEVANTINE[when.month - 1]} {when:%Y، %H:%M}"


def eastern_date(when: datetime) -> str:
    """Return «٢٤/١١/٢٠٢٦ ١٤:٣٠»."""
    return f"{when:%d/%m/%Y %H:%M}".translate(_EASTERN)


def half_day_date(when: datetime) -> str:
    """Return «24/11/2026 02:30 م»."""
    return f"{when:%d/%m/%Y %I:%M} {'ص' if when.hour < 12 else 'م'}"
