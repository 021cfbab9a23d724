"""The catalogue is data that can be used as it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from crawler.sources.catalogue import outlet, outlet_of, outlets
from crawler.sources.model import Feed
from crawler.sources.suggestions import countries, suggest_country, suggest_timezone
from crawler.sources.validity import check_source
from pipelines.errors import SourceError


def test_every_arab_country_and_the_whole_arab_world_are_in_it() -> None:
    assert len(outlets()) >= 60
    assert set(countries()) <= {one.country for one in outlets().values()}
    assert sum("pan-arab" in one.topics for one in outlets().values()) >= 10
    assert all(one.topics and one.title for one in outlets().values())


@pytest.mark.parametrize("name", list(outlets()))
def test_each_outlet_makes_a_source_that_is_right(name: str) -> None:
    source = outlets()[name].source
    check_source(replace(source, feeds=source.feeds or (Feed(0, source.home),)))


def test_no_feed_belongs_to_two_outlets() -> None:
    feeds = Counter(feed for one in outlets().values() for feed in one.feeds)
    assert [feed for feed, count in feeds.items() if count > 1] == []


def test_an_outlet_is_found_by_name_and_by_address() -> None:
    assert outlet("shafaq").country == "IQ"
    found = outlet_of("https://feeds.shafaq.com/ar/x")
    assert found is not None
    assert found.name == "shafaq"
    assert outlet_of("https://nobody.example/") is None
    with pytest.raises(SourceError, match="perhaps shafaq"):
        outlet("shafaqq")


def test_country_and_zone_are_concluded_from_an_address() -> None:
    assert suggest_country("https://nahr.iq/", ()).value == "IQ"
    assert suggest_country("https://nahr.example/", ("ar-EG",)).value == "EG"
    assert suggest_country("https://nahr.example/", ("ar",)).value is None
    assert suggest_timezone("https://nahr.example/", "TN", ()).value == "Africa/Tunis"
    assert suggest_timezone("https://aljazeera.net/", None, ()).value == "Asia/Qatar"
