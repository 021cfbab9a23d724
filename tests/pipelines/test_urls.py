"""One key for one article, however it is linked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.urls import canonical_url, registered_domain, same_site

KEY = "https://nahr.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/7?id=5&p=2"


@pytest.mark.parametrize(
    "url",
    [
        "https://nahr.example/أخبار/7?p=2&id=5",
        "https://nahr.example/%d8%a3%d8%ae%d8%a8%d8%a7%d8%b1/7?id=5&p=2",
        "https://nahr.example/\u0627\u0654خبار/7/?p=2&id=5",
        "HTTPS://NAHR.example:443//أخبار/7?utm_source=rss&p=2&id=5&fbclid=x#تعليقات",
        "https://m.nahr.example/أخبار/7/amp/?p=2&id=5",
        "https://nahr.example/amp/أخبار/7?p=2&id=5&amp=1",
        "https://nahr.example/أخبار/7;jsessionid=AB12?p=2&id=5",
        " https://nahr.example/أخ\u200fبار/7?p=2&id=5\n",
    ],
)
def test_every_way_to_link_an_article_is_one_key(url: str) -> None:
    assert canonical_url(url) == KEY


def test_relative_links_and_different_articles() -> None:
    assert canonical_url("../7?p=2&id=5", "https://nahr.example/أخبار/العراق/") == KEY
    assert canonical_url("https://nahr.example/?p=12") != canonical_url("https://nahr.example/?p=13")
    assert canonical_url("http://nahr.localhost:8080/a/") == "http://nahr.localhost:8080/a"


@given(st.text() | st.from_regex(r"https?://[a-z.\[\]:@%0-9]{0,12}/[\w%/?&=#;ء-ي]{0,20}", fullmatch=True))
def test_a_key_is_its_own_key_and_nothing_ends_the_run(url: str) -> None:
    once = canonical_url(url)
    if once.startswith("http"):
        assert canonical_url(once) == once


def test_sites_are_registered_domains() -> None:
    assert registered_domain("https://news.example.co.uk/x") == "example.co.uk"
    assert registered_domain("http://127.0.0.1:80/") == "127.0.0.1"
    assert same_site("https://m.nahr.com", "http://cdn.nahr.com/x")
    assert not same_site("http://a.localhost:1/", "http://b.localhost:1/")
    assert not same_site("https://nahr.com.eg", "https://dijla.com.eg")
