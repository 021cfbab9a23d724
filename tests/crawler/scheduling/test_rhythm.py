"""The rhythm of a feed: learned from what it brings, forgotten slowly, and in its own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.rhythm import HALF_LIFE, Rhythm

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


def rate(rhythm: Rhythm, hour: int, weekday: int) -> float:
    return next(rhythm.rates(hour, weekday))


@given(st.lists(st.integers(0, 167), max_size=30), st.floats(0, 1000))
def test_what_is_kept_is_what_was_learned(hours: list[int], elapsed: float) -> None:
    learned = Rhythm().learned((START + HOUR * hour for hour in hours), HOUR * elapsed, "Asia/Baghdad")
    assert Rhythm.of_numbers(learned.numbers) == learned
    assert sum(learned.hours) == sum(learned.weekdays) == len(hours)
    assert learned.exposure == pytest.approx(elapsed, abs=1e-6)
    assert Rhythm.of_numbers(None) == Rhythm()


@given(st.floats(0.05, 20))
def test_the_average_approaches_the_rate(rate: float) -> None:
    rhythm, told = Rhythm(), 0
    for day in range(60):
        due = int(rate * 24 * (day + 1)) - told
        told += due
        rhythm = rhythm.learned((START + HOUR * (24 * day + n * 24 / due) for n in range(due)), HOUR * 24, "UTC")
    assert rhythm.average == pytest.approx(rate, rel=0.25)


def test_half_is_forgotten_in_a_half_life() -> None:
    once = Rhythm().learned([START] * 8, HOUR, "UTC")
    later = once.learned([], HALF_LIFE, "UTC")
    assert later.hours[0] == later.weekdays[0] == 4.0
    assert later.exposure == pytest.approx(0.5 + HALF_LIFE / HOUR)


def test_hours_are_those_of_the_clock_on_the_newsroom_s_wall() -> None:
    rhythm = Rhythm()
    for day in range(28):
        rhythm = rhythm.learned([START + HOUR * (24 * day + 6)] * 10, HOUR * 24, "Asia/Baghdad")
    nine = [rate(rhythm, hour, 0) for hour in range(24)]
    assert max(range(24), key=nine.__getitem__) == 9
    assert nine[9] > 5 * nine[6]


def test_a_day_of_rest_shows_after_some_weeks_and_not_after_some_days() -> None:
    rhythm = Rhythm()
    for day in range(42):
        rhythm = rhythm.learned([START + HOUR * 24 * day] * (1 if day % 7 == 4 else 12), HOUR * 24, "UTC")
        if day == 4:
            assert rate(rhythm, 12, 4) > 0.5 * rate(rhythm, 12, 0)
    assert rate(rhythm, 12, 4) < 0.4 * rate(rhythm, 12, 0)


def test_the_hours_of_a_week_follow_each_other() -> None:
    rhythm = Rhythm(tuple(map(float, range(24))), tuple(map(float, range(7))), 500.0)
    week = list(islice(rhythm.rates(0, 0), 168))
    assert week == [rate(rhythm, hour, day) for day in range(7) for hour in range(24)]
    assert list(islice(rhythm.rates(23, 6), 2)) == [week[-1], week[0]]


def test_an_unknown_zone_is_utc() -> None:
    assert Rhythm().learned([START], HOUR, "Nowhere/Atall").hours[0] == 1.0
