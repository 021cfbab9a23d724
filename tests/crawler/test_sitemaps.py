"""Sitemaps of every make are read, and what is chosen of them is what is new, or what a backfill asks for."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from crawler.sitemaps import MAX_SIZE, Child, between, children_between, children_since, date_in, parse_sitemap, recent
from pipelines.errors import FeedRejected
from pipelines.model import FeedEntry

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://nahr.example/a</loc><lastmod>2026-03-06</lastmod>
  <image:image><image:loc>https://nahr.example/a.jpg</image:loc><image:title>صورة</image:title></image:image>
  <n:news><n:publication_date>2026-03-05T08:00:00+03:00</n:publication_date><n:title>جسر الوادي</n:title></n:news>
</url>
<url><loc>https://nahr.example/b</loc></url>
</urlset>""".encode()


def moment(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


@pytest.mark.parametrize("body", [NEWS, gzip.compress(NEWS), b"\xef\xbb\xbf\n" + NEWS], ids=["xml", "gzip", "mark"])
def test_a_news_sitemap_is_read_and_its_images_are_not_taken_for_it(body: bytes) -> None:
    first, second = parse_sitemap(body).entries
    assert (first.url, first.title) == ("https://nahr.example/a", "جسر الوادي")
    assert first.published_at == datetime(2026, 3, 5, 5, tzinfo=UTC)
    assert first.updated_at == moment(6)
    assert (second.url, second.published_at) == ("https://nahr.example/b", None)


def test_an_index_without_a_namespace_and_a_list_of_addresses_are_read() -> None:
    index = b"<sitemapindex><sitemap><loc>https://nahr.example/1.xml</loc><lastmod>2026-03-01</lastmod></sitemap>"
    assert parse_sitemap(index + b"</sitemapindex>").children == (Child("https://nahr.example/1.xml", moment(1)),)
    assert [e.url for e in parse_sitemap(b"https://nahr.example/a\nhttps://nahr.example/b\n").entries] == [
        "https://nahr.example/a",
        "https://nahr.example/b",
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" ", "empty"),
        (b"<rss><channel/></rss>", "not-a-sitemap"),
        (b"just words", "not-a-sitemap"),
        (b"<urlset><url><lo", "malformed"),
        (gzip.compress(b" " * (MAX_SIZE + 1)), "too-large"),
        (b"\x1f\x8b\x08 not gzip at all", "malformed"),
    ],
)
def test_what_is_no_sitemap_has_its_verdict(body: bytes, reason: str) -> None:
    with pytest.raises(FeedRejected) as rejected:
        parse_sitemap(body)
    assert rejected.value.reason == reason


def test_a_sitemap_of_fifty_thousand_is_chosen_from_by_date() -> None:
    old = [FeedEntry(url=f"https://nahr.example/2024/01/{n % 28 + 1:02}/{n}") for n in range(50_000)]
    fresh = FeedEntry(url="https://nahr.example/2026/03/05/new")
    bare = FeedEntry(url="https://nahr.example/bare")
    kept, dropped = recent([*old, bare, fresh], moment(4))
    assert kept == [fresh]
    assert dropped == {"old": 50_000, "undated": 1}
    assert between([*old[:3], bare, fresh], moment(1), moment(1, 4)) == [fresh, bare]


def test_the_sitemaps_of_an_index_are_chosen_by_when_they_changed_or_by_their_names() -> None:
    months = [Child(f"https://nahr.example/sitemap-2026-{month:02}.xml") for month in range(1, 7)]
    assert children_between(months, moment(10, 2), moment(2, 4)) == tuple(
        f"https://nahr.example/sitemap-2026-{month:02}.xml" for month in (4, 3, 2)
    )
    assert children_since(months, moment(10, 6), limit=4) == ("https://nahr.example/sitemap-2026-06.xml",)
    numbered = [Child(f"https://nahr.example/post-sitemap{n}.xml") for n in range(1, 9)]
    assert children_since(numbered, moment(1), limit=4) == (numbered[0].url, numbered[-1].url)
    changed = [Child("https://nahr.example/a.xml", moment(1)), Child("https://nahr.example/b.xml", moment(9))]
    assert children_since(changed, moment(5), limit=4) == ("https://nahr.example/b.xml",)


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://n.example/2026/03/05/a", moment(5)),
        ("https://n.example/a-2026-03-05.html", moment(5)),
        ("https://n.example/sitemap-posttype-post.2026.03.xml", moment(1)),
        ("https://n.example/sitemap.xml?yyyy=2026&mm=03&dd=05", moment(5)),
        ("https://n.example/story/20260305123", None),
        ("https://n.example/2026/31/12/a", None),
    ],
)
def test_dates_in_addresses(url: str, date: datetime | None) -> None:
    assert date_in(url) == date
