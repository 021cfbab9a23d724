"""Every kind of source, crawled: feeds, sitemaps and listings, alone and together."""

from __future__ import annotations

import gzip
import random
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from psycopg_pool import AsyncConnectionPool

from crawler.crawl import Crawl
from crawler.report import SourceReport
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.repository import Sources
from tests.crawler.conftest import CONFIG, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

TODAY = datetime.now(UTC)
PATTERN = r"^/news/\d+$"


def day(back: int) -> str:
    return f"{TODAY - timedelta(days=back):%Y-%m-%d}"


def urlset(site: Site, *pages: tuple[str, int]) -> bytes:
    urls = "".join(f"<url><loc>{site.url(path)}</loc><lastmod>{day(back)}</lastmod></url>" for path, back in pages)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(site: Site, *maps: tuple[str, int | None]) -> bytes:
    parts = "".join(
        f"<sitemap><loc>{site.url(path)}</loc>{'' if back is None else f'<lastmod>{day(back)}</lastmod>'}</sitemap>"
        for path, back in maps
    )
    return f"<sitemapindex>{parts}</sitemapindex>".encode()


def listing(*numbers: int, following: str | None = None) -> bytes:
    links = "".join(f'<a href="/news/{n}">خبر طويل من أخبار وادي الزيتون رقم {n}</a>' for n in numbers)
    more = f'<a rel="next" href="{following}">التالي</a>' if following else ""
    return f"<html><body><a href='/about'>من نحن</a>{links}{more}</body></html>".encode()


def publish(site: Site, *paths: str) -> None:
    for path in paths:
        site.routes[path] = Answer(article_page(title=f"خبر {path}", text=f"{LONG}\nوهذا ما جاء في الخبر {path}."))


async def crawl(pool: AsyncConnectionPool, url: str, *feeds: Feed, site: Site) -> SourceReport:
    sources = Sources(pool)
    known = await sources.select()
    if not known:
        source = Source(id=0, name="site", title="", home=site.url("/"), feeds=feeds, delay=0.0)
        known = [await sources.add(source)]
    return (await Crawl(CONFIG, pool, url).run(known)).sources["site"]


async def test_a_sitemap_brings_what_is_new_and_leaves_the_archive(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/map.xml"] = Answer(urlset(site, ("/1", 0), ("/2", 1), ("/3", 200)))
    publish(site, "/1", "/2", "/3")
    report = await crawl(pool, database_url, Feed(0, site.url("/map.xml"), FeedKind.SITEMAP), site=site)
    assert (report.new, dict(report.dropped), dict(report.feeds)) == (2, {"old": 1}, {"ok": 1})


async def test_an_index_is_followed_to_the_sitemaps_that_changed_also_in_gzip(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/index.xml"] = Answer(index(site, ("/old.xml", 300), ("/new.xml.gz", 0)))
    site.routes["/new.xml.gz"] = Answer(
        gzip.compress(urlset(site, ("/1", 0))), headers={"Content-Type": "application/gzip"}
    )
    publish(site, "/1", "/2")
    feed = Feed(0, site.url("/index.xml"), FeedKind.SITEMAP)
    assert (await crawl(pool, database_url, feed, site=site)).new == 1
    assert "/old.xml" not in site.paths()
    [poll] = await fetch_all(pool, "SELECT entries, verdict FROM polls")
    assert poll == {"entries": 1, "verdict": "ok"}
    assert dict((await crawl(pool, database_url, feed, site=site)).feeds) == {"unchanged": 1}


async def test_an_index_that_gives_no_dates_or_lost_a_sitemap_is_read_again(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/index.xml"] = Answer(index(site, ("/a.xml", None), ("/b.xml", None)), headers={"ETag": '"1"'})
    site.routes["/b.xml"] = Answer(urlset(site, ("/1", 0)))
    publish(site, "/1", "/2")
    feed = Feed(0, site.url("/index.xml"), FeedKind.SITEMAP)
    assert (await crawl(pool, database_url, feed, site=site)).new == 1
    [poll] = await fetch_all(pool, "SELECT detail FROM polls")
    assert "http-404 in a further document" in poll["detail"]
    site.routes["/a.xml"] = Answer(urlset(site, ("/2", 0)))
    assert (await crawl(pool, database_url, feed, site=site)).new == 1


async def test_a_listing_goes_back_only_as_far_as_what_is_known(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, *(f"/news/{n}" for n in range(1, 12)))
    site.routes["/news"] = Answer(listing(1, 2, following="/news?page=2"))
    site.routes["/news?page=2"] = Answer(listing(90, 91, following="/news?page=3"))
    feed = Feed(0, site.url("/news"), FeedKind.LISTING, PATTERN)
    assert (await crawl(pool, database_url, feed, site=site)).new == 2
    assert "/news?page=2" not in site.paths()
    site.routes["/news"] = Answer(listing(10, 11, following="/news?page=2"))
    site.routes["/news?page=2"] = Answer(listing(8, 9, following="/news?page=3"))
    site.routes["/news?page=3"] = Answer(listing(7, 2, following="/news?page=4"))
    report = await crawl(pool, database_url, feed, site=site)
    assert (report.new, report.unchanged) == (5, 1)
    assert "/news?page=4" not in site.paths()


async def test_a_listing_that_never_ends_is_left_after_some_pages(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, "/news/1")
    site.routes["/news"] = Answer(listing(1))
    feed = Feed(0, site.url("/news"), FeedKind.LISTING, PATTERN)
    await crawl(pool, database_url, feed, site=site)
    for page in range(1, 30):
        path = "/news" if page == 1 else f"/news?page={page}"
        site.routes[path] = Answer(listing(1000 + page, following=f"/news?page={page + 1}"))
    site.requests.clear()
    await crawl(pool, database_url, feed, site=site)
    assert [path for path in site.paths() if path.startswith("/news?") or path == "/news"] == [
        "/news", *(f"/news?page={page}" for page in range(2, 6)),
    ]  # fmt: skip


async def test_a_listing_that_changed_its_layout_is_told(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/news"] = Answer(b"<html><body><a href='/stories/1'>x</a></body></html>")
    report = await crawl(pool, database_url, Feed(0, site.url("/news"), FeedKind.LISTING, PATTERN), site=site)
    assert (dict(report.feeds), report.failed) == ({"no-links": 1}, True)


async def test_one_article_through_three_feeds_is_one_article_that_knows_them_all(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes |= {
        "/feed": Answer(rss("/news/1", titles=("عنوان في الخلاصة",))),
        "/map.xml": Answer(urlset(site, ("/news/1", 0))),
        "/news": Answer(listing(1)),
    }
    publish(site, "/news/1")
    feeds = (
        Feed(0, site.url("/feed")),
        Feed(0, site.url("/map.xml"), FeedKind.SITEMAP),
        Feed(0, site.url("/news"), FeedKind.LISTING, PATTERN),
    )
    first = await crawl(pool, database_url, *feeds, site=site)
    assert (first.new, first.updated, site.paths().count("/news/1")) == (1, 0, 1)
    links = await fetch_all(pool, "SELECT count(*) AS feeds FROM entry_feeds GROUP BY entry_id")
    assert [link["feeds"] for link in links] == [3]
    # Each feed says it in its own words, again and again: that is no news.
    site.routes["/feed"] = Answer(rss("/news/1", "/news/2", titles=("عنوان في الخلاصة", "خبر آخر")))
    site.routes["/map.xml"] = Answer(urlset(site, ("/news/1", 0), ("/news/2", 0)))
    site.routes["/news"] = Answer(listing(2, 1))
    publish(site, "/news/2")
    second = await crawl(pool, database_url, *feeds, site=site)
    assert (second.new, second.updated) == (1, 0)
    assert site.paths().count("/news/1") == 1
    # One of them changes its own mind: that is.
    site.routes["/feed"] = Answer(rss("/news/1", titles=("عنوان مصحح",)))
    await crawl(pool, database_url, *feeds, site=site)
    assert site.paths().count("/news/1") == 2


async def test_the_operators_interval_decides_when_a_feed_is_due(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/feed"] = Answer(rss("/1"))
    publish(site, "/1")
    sources = Sources(pool)
    feeds = (Feed(0, site.url("/feed")),)
    source = await sources.add(Source(id=0, name="site", title="", home=site.url("/"), feeds=feeds, delay=0.0))
    await sources.change(replace(source, interval=6 * 3600))
    await crawl(pool, database_url, site=site)
    [feed] = (await sources.get("site")).feeds
    assert feed.next_poll_at is not None
    assert timedelta(hours=5.9) < feed.next_poll_at - datetime.now(UTC) < timedelta(hours=6.7)


async def test_addresses_that_cannot_be_stored_cost_only_themselves(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    endless = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=7000))
    lines = [site.url("/good"), site.url("/a\0b"), site.url(f"/{endless}")]
    site.routes["/map.txt"] = Answer("\n".join(lines).encode())
    site.routes["/good"] = Answer(article_page())
    source = Source(0, "site", "", site.url("/"), (Feed(0, site.url("/map.txt"), FeedKind.SITEMAP),), delay=0.0)
    source = await Sources(pool).add(source)
    impatient = CONFIG.model_copy(update={"database_patience": 1.0})
    report = (await Crawl(impatient, pool, database_url).run([source])).sources["site"]
    assert (report.new, report.dropped["bad-link"]) == (1, 2)
