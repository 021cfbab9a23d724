"""The language of the pages: chosen rightly, complete in both, with the plural forms that readers expect."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.problems import problem_of
from crawler.web.language import LANGUAGES, language, negotiate

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ARABIC = language("ar")


def names(table: dict[str, Any], before: str = "") -> Iterator[str]:
    """Yield the names of all sentences; the forms of a plural are one."""
    for name, value in table.items():
        if isinstance(value, dict) and "other" not in value:
            yield from names(value, f"{before}{name}.")
        else:
            yield before + name


def test_both_languages_say_the_same_things() -> None:
    tables = [tomllib.loads((files("crawler.web") / f"strings.{code}.toml").read_text("utf-8")) for code in LANGUAGES]
    first, second = (set(names(table)) for table in tables)
    assert first == second


def test_every_problem_with_an_address_is_told_in_arabic() -> None:
    said = [tomllib.loads((files("crawler.sources") / name).read_text("utf-8")) for name in
            ("problems.toml", "problems.ar.toml")]  # fmt: skip
    assert list(said[0]) == list(said[1])
    assert problem_of("http-503", language="ar").sentence == said[1]["http-5xx"]["sentence"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "بلا اقتباس"),
        (1, "اقتباس واحد"),
        (2, "اقتباسان"),
        (3, "3 اقتباسات"),
        (10, "10 اقتباسات"),
        (11, "11 اقتباساً"),
        (99, "99 اقتباساً"),
        (100, "100 اقتباس"),
        (102, "102 اقتباس"),
        (103, "103 اقتباسات"),
        (1_211, "1,211 اقتباساً"),
    ],
)
def test_arabic_counts_as_arabic_does(number: int, said: str) -> None:
    assert ARABIC.count("quotes", number) == said


@given(st.integers(min_value=0, max_value=10**9))
def test_every_number_has_its_form_in_both_languages(number: int) -> None:
    assert all(language(code).count(noun, number) for code in LANGUAGES for noun in ("articles", "copies", "results"))


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=20), "الآن"),
        (timedelta(minutes=2), "قبل دقيقتين"),
        (timedelta(minutes=11), "قبل 11 دقيقة"),
        (timedelta(hours=1, minutes=50), "قبل ساعة واحدة"),
        (timedelta(days=3), "قبل 3 أيام"),
        (timedelta(days=40), "16 أكتوبر 2026"),
        (-timedelta(hours=2), "خلال ساعتين"),
    ],
)
def test_moments_are_told_as_people_tell_them(ago: timedelta, said: str) -> None:
    assert ARABIC.ago(NOW - ago, NOW) == said


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        (None, "", "ar"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "fr, ar-IQ;q=0.8, en;q=0.3", "ar"),
        (None, "en;q=0.2, ar;q=0.9", "ar"),
        (None, "en;q=nonsense, *", "ar"),
        ("en", "ar", "en"),
        ("xx", "en", "en"),
    ],
)
def test_the_language_is_what_was_asked_for_or_what_the_browser_reads(
    asked: str | None, accepted: str, chosen: str
) -> None:
    assert negotiate(asked, accepted) == chosen


@given(st.text(max_size=300))
def test_no_header_is_too_strange(accepted: str) -> None:
    assert negotiate(None, accepted) in LANGUAGES
