"""What publishers say about how often to ask: read from headers and channels, and capped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.feeds import parse_feed
from crawler.scheduling.hints import LONGEST_HINT, channel_hints, header_hint

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def channel(inner: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>ت</title>{inner}<item><title>خبر</title><link>https://nahr.example/1</link></item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"cache-control": "public, max-age=600"}, 10),
        ({"cache-control": "max-age=999999999"}, 60),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "max-age=600", "expires": "Wed, 04 Mar 2026 12:30:00 GMT"}, 10),
        ({"expires": "Wed, 04 Mar 2026 12:30:00 GMT"}, 30),
        ({"expires": "0"}, 0),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], minutes: int) -> None:
    assert header_hint(headers, NOW) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("inner", "minutes"),
    [
        ("<ttl>15</ttl>", 15),
        ("<ttl>1440</ttl>", 60),
        ("<ttl>often</ttl>", 0),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 15),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 60),
        ("<sy:updatePeriod>never</sy:updatePeriod>", 0),
        ("", 0),
    ],
)
def test_what_a_channel_says_of_itself(inner: str, minutes: int) -> None:
    assert parse_feed(channel(inner), "https://nahr.example/feed").hints.interval == timedelta(minutes=minutes)


def test_hours_and_days_to_skip() -> None:
    skip = "<skipHours><hour>1</hour><hour>24</hour></skipHours><skipDays><day>Friday</day></skipDays>"
    found = parse_feed(channel(skip), "https://nahr.example/feed").hints.skipped
    assert found == {day * 24 + hour for day in range(7) for hour in range(24) if hour in (0, 1) or day == 4}


def test_a_feed_that_would_skip_every_hour_skips_none() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    assert not parse_feed(channel(f"<skipHours>{hours}</skipHours>"), "https://nahr.example/feed").hints.skipped


@given(st.dictionaries(st.sampled_from(["ttl", "sy_updateperiod", "sy_updatefrequency"]), st.text()), st.text())
def test_no_channel_can_hurt(said: dict[str, str], text: str) -> None:
    assert timedelta(0) <= channel_hints(said, text).interval <= LONGEST_HINT


@given(st.dictionaries(st.sampled_from(["cache-control", "expires"]), st.text()))
def test_no_header_can_hurt(headers: dict[str, str]) -> None:
    assert timedelta(0) <= header_hint(headers, NOW) <= LONGEST_HINT
