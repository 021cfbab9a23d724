"""Every way in which a feed or a page can be wrong has its verdict, and costs nothing else."""

from __future__ import annotations

import asyncio
import gzip
import itertools

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from tests.crawler.conftest import CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

XML = {"Content-Type": "application/rss+xml"}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer(b"no", 404), "http-404"),
        (Answer(b"no", 410), "http-410"),
        (Answer(b"no", 500), "http-500"),
        (Answer(b"<!DOCTYPE html><html><body>maintenance</body></html>"), "html"),
        (Answer(b""), "empty"),
        (Answer(b"<?xml version='1.0'?><rss><channel><item><title>x</rss", headers=XML), "malformed"),
        (Answer(b"<?xml version='1.0'?><note>x</note>", headers=XML), "not-a-feed"),
        (Answer(b"just words"), "not-a-feed"),
        (Answer(rss(), headers=XML), "no-entries"),
        (Answer(b" " * 20_000_000, headers=XML), "too-large"),
        (Answer(gzip.compress(b" " * 60_000_000), headers={**XML, "Content-Encoding": "gzip"}), "too-large"),
        (Answer(b"", drip=5), "timeout"),
        (Answer(b"<rss", cut=True), "truncated"),
        (Answer(b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>'), "malformed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_feed_that_is_wrong_has_its_verdict(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, short_timeout: None, answer: Answer, verdict: str
) -> None:
    site.routes["/feed"] = answer
    report = await crawl_site()
    assert dict(report.feeds) == {verdict: 1}
    assert report.failed == (verdict != "no-entries")
    [feed] = await fetch_all(pool, "SELECT verdict, failures, next_poll_at > now() AS later FROM feeds")
    assert feed == {"verdict": verdict, "failures": int(report.failed), "later": True}
    [poll] = await fetch_all(pool, "SELECT verdict FROM polls")
    assert poll["verdict"] == verdict


async def test_a_feed_in_the_wrong_charset_is_read(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    feed = rss(site.url("/a"), titles=("جسر وادي الزيتون",)).decode().replace("?>", ' encoding="utf-8"?>', 1)
    site.routes["/feed"] = Answer(feed.encode("cp1256"), headers={"Content-Type": "application/xml; charset=utf-8"})
    site.routes["/a"] = Answer(article_page())
    report = await crawl_site()
    assert report.new == 1
    [entry] = await fetch_all(pool, "SELECT claims ->> 'title' AS title FROM entries")
    assert entry["title"] == "جسر وادي الزيتون"


async def test_entries_without_link_relative_off_site_and_twice(site: Site, crawl_site: CrawlSite) -> None:
    site.routes["/feed"] = Answer(rss("", "/a", "/a?utm_source=rss", site.url("/x", "elsewhere"), "mailto:x@y.example"))
    site.routes["/a"] = Answer(article_page())
    report = await crawl_site()
    assert report.new == 1
    assert dict(report.dropped) == {"no-link": 1, "twice-in-feed": 1, "bad-link": 1}
    assert dict(report.rejected) == {"off-site": 1}
    assert "/x" not in site.paths()


ENGLISH = "The municipality said on Tuesday that the bridge would open to cars before the end of the month. " * 3
PERSIAN = "شهردار گفت که پل جدید پس از پایان آزمایش‌ها برای خودروها باز می‌شود و این طرح ادامه دارد. " * 3
URDU = "میئر نے کہا ہے کہ نیا پل اتوار کی صبح گاڑیوں کے لیے کھول دیا جائے گا۔ " * 4
SORANI = "سەرۆکی شارەوانی ڕایگەیاند کە پردە نوێیەکە بەیانی یەکشەممە دەکرێتەوە و کارەکان تەواو بوون. " * 3
LISTING = "".join(f'<h2><a href="/{n}">عنوان طويل لخبر من أخبار الوادي رقم {n}</a></h2>' for n in range(30))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"no", 404), "http-404"),
        (Answer(b"no", 403), "http-403"),
        (Answer('<h1>بالفيديو</h1><video src="/v.mp4"></video>'.encode()), "video"),
        (Answer(f"<html><body>{LISTING}</body></html>".encode()), "listing"),
        (Answer(article_page(text=ENGLISH)), "not-arabic"),
        (Answer(article_page(text=PERSIAN)), "not-arabic"),
        (Answer(article_page(text=URDU)), "not-arabic"),
        (Answer(article_page(text=SORANI)), "not-arabic"),
        (Answer(b" " * 50_000_000), "too-large"),
        (Answer(b"%PDF-1.7 ..."), "not-html"),
        (Answer(b"   "), "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_page_that_is_no_article_has_its_verdict_and_is_kept(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, answer: Answer, reason: str
) -> None:
    site.routes |= {"/feed": Answer(rss("/bad", "/good")), "/bad": answer, "/good": Answer(article_page())}
    report = await crawl_site()
    assert (report.new, dict(report.rejected)) == (1, {reason: 1})
    [kept] = await fetch_all(pool, "SELECT q.reason, e.state FROM quarantine q JOIN entries e ON e.id = q.entry_id")
    assert kept == {"reason": reason, "state": "rejected"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"<html>", drip=30), "timeout"),
        (Answer(b"later", 503, {"Retry-After": "120"}), "http-503"),
        (Answer(b"<html>", cut=True), "truncated"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_page_that_may_come_later_stays_pending(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, short_timeout: None, answer: Answer, reason: str
) -> None:
    site.routes |= {"/feed": Answer(rss("/slow", "/good")), "/slow": answer, "/good": Answer(article_page())}
    report = await crawl_site()
    assert (report.new, dict(report.postponed)) == (1, {reason: 1})
    [entry] = await fetch_all(pool, "SELECT attempts, not_before > now() AS later FROM entries WHERE state = 'pending'")
    assert entry == {"attempts": 1, "later": True}


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
async def test_a_page_that_declares_the_wrong_charset_is_read(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, declared: str
) -> None:
    page = article_page(charset="windows-1256").replace(b"windows-1256", declared.encode())
    site.routes |= {
        "/feed": Answer(rss("/a")),
        "/a": Answer(page, headers={"Content-Type": f"text/html; charset={declared}"}),
    }
    assert (await crawl_site()).new == 1
    [article] = await fetch_all(pool, "SELECT text FROM articles")
    assert article["text"] == LONG


async def test_robots_txt_is_obeyed(site: Site, crawl_site: CrawlSite) -> None:
    robots = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 0.4\n"
    site.routes |= {"/robots.txt": Answer(robots), "/feed": Answer(rss("/private/a", "/b", "/c"))}
    site.routes |= {path: Answer(article_page()) for path in ("/private/a", "/b", "/c")}
    report = await crawl_site()
    assert dict(report.rejected) == {"robots": 1}
    assert "/private/a" not in site.paths()
    times = [at for at, path, _ in site.requests if path != "/robots.txt"]
    assert all(later - earlier >= 0.35 for earlier, later in itertools.pairwise(times))


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/secret", "http://169.254.169.254/latest", "http://2130706433:{port}/secret",
     "http://[::ffff:127.0.0.1]:{port}/secret", "http://localhost.localdomain:{port}/secret", "ftp://site.localhost/x"],
)  # fmt: skip
async def test_a_redirect_into_the_private_network_is_refused(site: Site, crawl_site: CrawlSite, target: str) -> None:
    location = target.format(port=site.port)
    site.routes |= {
        "/feed": Answer(rss("/a")),
        "/a": Answer(status=302, headers={"Location": location}),
        "/secret": Answer(article_page()),
    }
    report = await crawl_site()
    assert report.new == 0
    assert "/secret" not in site.paths()


async def test_a_private_feed_is_refused_unless_allowed(site: Site, crawl_site: CrawlSite) -> None:
    report = await crawl_site(feed=f"http://127.0.0.1:{site.port}/feed")
    assert dict(report.feeds) == {"address-refused": 1}
    assert site.requests == []


async def test_what_an_operator_deletes_while_it_is_fetched_is_let_go_and_the_crawl_ends(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    removed = False

    def answer(path: str) -> Answer:
        nonlocal removed
        if not removed:
            removed = True
            with psycopg.connect(database_url, autocommit=True) as connection:
                connection.execute("DELETE FROM sources")
        text = LONG if path == "/1" else "قريبا"
        return Answer(article_page(text=text))

    site.routes["/feed"] = Answer(rss("/1", "/2"))
    site.routes["/1"] = lambda _: answer("/1")
    site.routes["/2"] = lambda _: answer("/2")
    report = await asyncio.wait_for(crawl_site(), 60)
    assert report.new == 0
    for table in ("articles", "entries", "quarantine", "sources"):
        assert await fetch_all(pool, f"SELECT 1 FROM {table}") == []  # type: ignore[arg-type]
