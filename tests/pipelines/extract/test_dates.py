"""Dates in every form that Arabic pages use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.dates import parse_date

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:30:05.123+01:00", "2026-11-20T10:30:05+01:00"),
        ("2026-11-20T10:30:05Z", "2026-11-20T10:30:05+00:00"),
        ("2026-11-20", "2026-11-20T00:00:00+03:00"),
        ("٢٠ نوفمبر ٢٠٢٦", "2026-11-20T00:00:00+03:00"),
        ("الجمعة 20 تشرين الثاني/نوفمبر 2026 - 14:05", "2026-11-20T14:05:00+03:00"),
        ("20 تشرين الثاني 2026", "2026-11-20T00:00:00+03:00"),
        ("12 كانون الأول 2025", "2025-12-12T00:00:00+03:00"),
        ("7 جانفي 2019", "2019-01-07T00:00:00+03:00"),
        ("الثلاثاء 4 غشت 2026 على الساعة 09:15", "2026-08-04T09:15:00+03:00"),
        ("15 يوليوز 2026", "2026-07-15T00:00:00+03:00"),
        ("نُشر في: 15 يونيه 2026 الساعة 03:30 م", "2026-06-15T15:30:00+03:00"),
        ("07/03/2022 02:30 م", "2022-03-07T14:30:00+03:00"),
        ("12:05 ص 07-03-2022", "2022-03-07T00:05:00+03:00"),
        ("نوفمبر 20, 2026", "2026-11-20T00:00:00+03:00"),
        ("20 نوفمبر 2026 10:15 بتوقيت غرينتش", "2026-11-20T10:15:00+00:00"),
        ("منذ ساعتين", "2026-11-24T07:00:00+00:00"),
        ("منذ ٣ أيام", "2026-11-21T09:00:00+00:00"),
        ("قبل 45 دقيقة", "2026-11-24T08:15:00+00:00"),
        ("أمس 10:30", "2026-11-23T10:30:00+03:00"),
        ("10 رجب 1447 هـ", "2025-12-30T00:00:00+03:00"),
        ("10 رجب 1447 هـ الموافق 30 ديسمبر 2025", "2025-12-30T00:00:00+03:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    found = parse_date(text, "Asia/Baghdad", NOW)
    assert found is not None
    assert found.replace(microsecond=0).isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "خبر بلا تاريخ", "32 نوفمبر 2026", "5/2026", "20 نوفمبر 2030", "12:30", "القرار 236"]
)
def test_what_is_no_date_or_cannot_be_is_none(text: str) -> None:
    assert parse_date(text, "Asia/Baghdad", NOW) is None


@given(st.text(alphabet="0123456789٠١٢٣/-:. ماينوفبرذثدقةص,T+Z"))
def test_no_text_ends_the_run_or_lies_in_the_future(text: str) -> None:
    found = parse_date(text, "Africa/Cairo", NOW)
    assert found is None or found <= NOW + timedelta(days=1)
