"""Waits between polls: always within bounds, never shorter for more overlap, and longer only by what a publisher may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.hints import Hints
from crawler.scheduling.interval import JITTER, LONGEST, NEW_SHARE, SHORTEST, Seen, interval, jittered
from crawler.scheduling.rhythm import Rhythm

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)  # a Wednesday
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["UTC", "Asia/Baghdad", "Africa/Cairo", "America/New_York", "Nowhere/Atall"])
counts = st.floats(0, 5000)
rhythms = st.builds(
    Rhythm, st.tuples(*[counts] * 24), st.tuples(*[counts] * 7), st.floats(0, 1000)
)  # fmt: skip
hints = st.builds(
    Hints, st.timedeltas(timedelta(0), timedelta(days=3)), st.frozensets(st.integers(0, 167), max_size=160)
)


@st.composite
def seen(draw: st.DrawFn) -> Seen:
    entries = draw(st.integers(0, 100))
    elapsed = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=60)))
    return Seen(entries, draw(st.integers(0, entries)), elapsed)


def steady(per_hour: float, hours: float = 672.0) -> Rhythm:
    """A feed that has long brought so many entries an hour, at every hour of the week alike."""
    return Rhythm((per_hour * hours / 24,) * 24, (per_hour * hours / 7,) * 7, hours)


@given(moments, rhythms, seen(), zones, hints)
def test_a_wait_is_always_within_bounds(now: datetime, rhythm: Rhythm, saw: Seen, zone: str, wishes: Hints) -> None:
    wait = interval(now, rhythm, saw, zone=zone, hints=wishes)
    assert SHORTEST <= wait <= LONGEST
    assert SHORTEST <= jittered(wait, f"{now}") <= LONGEST


@given(moments, rhythms, zones, st.integers(1, 60), st.data())
def test_more_overlap_never_shortens_a_wait(
    now: datetime, rhythm: Rhythm, zone: str, entries: int, data: st.DataObject
) -> None:
    fewer, more = sorted((data.draw(st.integers(0, entries)), data.draw(st.integers(0, entries))))
    elapsed = data.draw(st.timedeltas(timedelta(0), timedelta(days=3)))
    waits = [interval(now, rhythm, Seen(entries, new, elapsed), zone=zone) for new in (fewer, more)]
    assert waits[0] >= waits[1]


@given(moments, rhythms, seen(), zones, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_hint_never_shortens_a_wait_and_lengthens_it_by_an_hour_at_most(
    now: datetime, rhythm: Rhythm, saw: Seen, zone: str, asked: timedelta
) -> None:
    plain, hinted = (interval(now, rhythm, saw, zone=zone, hints=Hints(wish)) for wish in (timedelta(0), asked))
    assert plain <= hinted <= max(plain, LONGEST)


@given(st.timedeltas(timedelta(0), timedelta(days=40)), st.text())
def test_jitter_is_bounded_and_always_the_same(wait: timedelta, key: str) -> None:
    slack = timedelta(microseconds=1)
    assert abs(jittered(wait, key) - wait) <= wait * JITTER + slack
    assert jittered(wait, key) == jittered(wait, key)
    assert jittered(wait, key) <= max(LONGEST, wait * (1 + JITTER) + slack if wait > LONGEST else LONGEST)


@given(st.floats(0.01, 100), st.floats(1.01, 10))
def test_a_feed_that_brings_more_is_polled_sooner(rate: float, factor: float) -> None:
    waits = [interval(NOW, steady(one), Seen(0, 0, timedelta(hours=1))) for one in (rate, rate * factor)]
    assert waits[0] >= waits[1]


@given(st.floats(1, 100), st.integers(5, 100))
def test_no_more_than_a_third_of_a_window_is_expected_at_a_poll(rate: float, window: int) -> None:
    wait = interval(NOW, steady(rate), Seen(window, 0, timedelta(hours=1)))
    assert wait == SHORTEST or rate * (wait / timedelta(hours=1)) <= window * NEW_SHARE * 1.01


def test_what_is_not_safe_beats_what_a_publisher_asks_for() -> None:
    hour = Hints(timedelta(hours=1))
    assert interval(NOW, steady(1), Seen(50, 0, timedelta(hours=1)), hints=hour) == timedelta(hours=1)
    assert interval(NOW, steady(30), Seen(10, 2, timedelta(minutes=10)), hints=hour) <= timedelta(minutes=11)


def test_a_feed_that_was_replaced_in_an_hour_is_polled_within_a_third_of_one() -> None:
    quiet = steady(0.2)
    assert interval(NOW, quiet, Seen(20, 20, timedelta(hours=1))) == timedelta(minutes=20)
    assert interval(NOW, quiet, Seen(20, 1, timedelta(hours=1))) > timedelta(minutes=45)


def test_a_newsroom_that_sleeps_is_left_alone() -> None:
    # Everything comes between 8 and 20 o'clock in Baghdad.
    hours = tuple(100.0 if 8 <= hour < 20 else 0.0 for hour in range(24))
    rhythm = Rhythm(hours, (1200 / 7,) * 7, 672.0)
    by_day, by_night = (
        interval(datetime(2026, 3, 4, hour, tzinfo=UTC), rhythm, Seen(20, 0, timedelta(hours=1)), zone="Asia/Baghdad")
        for hour in (9, 21)
    )
    assert by_night > 2 * by_day


@pytest.mark.parametrize(("skipped", "due"), [({2 * 24 + 13}, 14), ({2 * 24 + 13, 2 * 24 + 14}, 15), ({3 * 24}, 13)])
def test_hours_that_a_publisher_wants_left_out_are(skipped: set[int], due: int) -> None:
    wait = interval(NOW, steady(1), Seen(20, 0, timedelta(hours=1)), hints=Hints(skipped=frozenset(skipped)))
    assert (NOW + wait).hour == due


def test_a_feed_of_which_nothing_is_known_is_polled_within_two_hours() -> None:
    assert timedelta(minutes=30) < interval(NOW, Rhythm(), Seen(20, 20, None)) < timedelta(hours=2)
