"""Failures: each makes the wait longer, a day is the longest, and what passes weighs less than what does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.failures import DNS, HARD, SOFT, parse_retry_after, wait_after_failures, weight
from crawler.scheduling.interval import LONGEST, SHORTEST

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
usual = st.timedeltas(timedelta(0), timedelta(days=10))


@given(usual, st.floats(0, 1000), st.floats(0, 1000))
def test_more_failures_never_shorten_a_wait(wait: timedelta, first: float, second: float) -> None:
    fewer, more = sorted((first, second))
    assert wait_after_failures(wait, fewer) <= wait_after_failures(wait, more)


@given(usual, st.floats(0, 1e9))
def test_no_feed_is_ever_given_up(wait: timedelta, total: float) -> None:
    assert max(wait, SHORTEST) <= wait_after_failures(wait, total) <= max(LONGEST, wait)


def test_a_hard_failure_doubles_a_wait_as_two_soft_ones_and_four_of_names_do() -> None:
    hour = timedelta(hours=1)
    assert wait_after_failures(hour, HARD) == wait_after_failures(hour, 2 * SOFT) == timedelta(hours=2)
    assert wait_after_failures(hour, 4 * DNS) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("verdict", "weighs"),
    [("http-404", SOFT), ("http-429", SOFT), ("http-500", SOFT), ("http-503", SOFT), ("malformed", SOFT), ("html", SOFT),
     ("timeout", SOFT), ("dns", DNS), ("http-410", HARD), ("http-403", HARD), ("robots", HARD), ("connection", HARD),
     ("address-refused", HARD), ("outage", 0.0)],
)  # fmt: skip
def test_what_is_likely_to_pass_weighs_less(verdict: str, weighs: float) -> None:
    assert weight(verdict) == weighs


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 5 ", 5), ("Wed, 04 Mar 2026 12:10:00 GMT", 600), ("Wed, 04 Mar 2026 11:00:00 GMT", 0),
     ("99999999999", 86400), ("soon", None), ("-5", None), ("", None), (None, None)],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(value: str | None, seconds: int | None) -> None:
    found = parse_retry_after(value, NOW)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


@given(st.text())
def test_no_header_can_hurt(value: str) -> None:
    found = parse_retry_after(value, NOW)
    assert found is None or timedelta(0) <= found <= LONGEST
