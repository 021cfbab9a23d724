"""What polls do with redirects, refusals, gaps and our own outages, on real servers and a real database."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.crawl import Crawl
from crawler.gaps import GapFilling
from crawler.recording import Poll
from crawler.report import SourceReport
from crawler.sources.checks import check
from crawler.sources.history import differences
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from crawler.spiders.moves import adopted
from tests.crawler.conftest import CONFIG, CrawlSite, fetch_all
from tests.crawler.test_crawl import RAWI
from tests.site import LONG, Answer, Site, article_page, rss

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
XML = {"Content-Type": "application/rss+xml"}
MAINTENANCE = Answer(b"<!DOCTYPE html><html><body>maintenance</body></html>")


def publish(site: Site, *paths: str, feed: str = "/feed", host: str = "site", **headers: str) -> None:
    site.routes[feed] = Answer(rss(*(site.url(path, host) for path in paths)), headers=headers)
    for path in paths:
        site.routes[path] = Answer(article_page(f"خبر {path}", f"{LONG}\nوهذا هو الخبر {path} من الوادي."))


def redirect(site: Site, to: str, status: int = 301) -> Answer:
    return Answer(status=status, headers={"Location": site.url(to)})


async def feed_row(pool: AsyncConnectionPool) -> dict[str, Any]:
    [row] = await fetch_all(pool, "SELECT * FROM feeds")
    return row


async def days_pass(pool: AsyncConnectionPool, days: int) -> None:
    async with pool.connection() as connection:
        await connection.execute("UPDATE feeds SET moved_since = moved_since - make_interval(days => %s)", (days,))


class TestRedirects:
    async def test_one_for_good_is_adopted_after_a_week_with_all_that_is_known_and_can_be_undone(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        publish(site, "/1", "/2", feed="/new")
        site.routes["/feed"] = redirect(site, "/new")
        await crawl_site()
        await days_pass(pool, 6)
        await crawl_site()
        before = await feed_row(pool)
        assert (before["url"], before["moved_to"]) == (site.url("/feed"), site.url("/new"))
        await days_pass(pool, 2)
        await crawl_site()
        after = await feed_row(pool)
        assert (after["id"], after["url"], after["moved_to"]) == (before["id"], site.url("/new"), None)
        site.requests.clear()
        assert (await crawl_site()).failed is False
        assert site.paths() == ["/new"]
        [change, *_] = await Sources(pool).history("site")
        assert change.action == "edit"
        await Sources(pool).revert("site")
        # What an operator has undone stays undone.
        await crawl_site()
        await days_pass(pool, 30)
        await crawl_site()
        assert (await feed_row(pool))["url"] == site.url("/feed")

    async def test_feeds_that_move_together_are_changes_of_their_own(
        self, site: Site, pool: AsyncConnectionPool, database_url: str
    ) -> None:
        feeds = []
        for name in ("a", "b"):
            publish(site, f"/{name}/1", feed=f"/new/{name}")
            site.routes[f"/{name}"] = redirect(site, f"/new/{name}")
            feeds.append(Feed(0, site.url(f"/{name}")))
        await Sources(pool).add(Source(0, "site", "", site.url("/"), tuple(feeds), delay=0.0))
        for _ in range(2):
            await Crawl(CONFIG, pool, database_url).run([await Sources(pool).get("site")])
            await days_pass(pool, 8)
        changes = [change for change in await Sources(pool).history("site") if change.action == "edit"]
        assert [len(differences(change.before, change.after)) for change in changes] == [2, 2]
        await Sources(pool).revert("site")
        left = {feed.url for feed in (await Sources(pool).get("site")).feeds}
        assert len(left & {site.url("/new/a"), site.url("/new/b")}) == 1

    @pytest.mark.parametrize("status", [302, 303, 307])
    async def test_one_for_now_is_followed_and_never_adopted(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, status: int
    ) -> None:
        publish(site, "/1", feed="/new")
        site.routes["/feed"] = redirect(site, "/new", status)
        assert (await crawl_site()).new == 1
        row = await feed_row(pool)
        assert (row["url"], row["moved_to"]) == (site.url("/feed"), None)

    async def test_one_to_a_maintenance_page_is_never_adopted_and_does_not_disturb_what_is_known(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        publish(site, "/1", feed="/new")
        site.routes["/feed"] = redirect(site, "/new", 308)
        await crawl_site()
        await days_pass(pool, 8)
        site.routes |= {"/feed": redirect(site, "/maintenance"), "/maintenance": MAINTENANCE}
        assert dict((await crawl_site()).feeds) == {"html": 1}
        row = await feed_row(pool)
        assert (row["url"], row["moved_to"]) == (site.url("/feed"), site.url("/new"))

    @pytest.mark.parametrize("status", [404, 410])
    async def test_a_feed_that_is_gone_is_found_where_it_had_moved_to(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, status: int
    ) -> None:
        publish(site, "/1", feed="/new")
        site.routes["/feed"] = redirect(site, "/new")
        await crawl_site()
        publish(site, "/1", "/2", feed="/new")
        site.routes["/feed"] = Answer(b"gone", status)
        report = await crawl_site()
        assert (report.new, dict(report.feeds)) == (1, {"ok": 1})
        assert (await feed_row(pool))["url"] == site.url("/new")

    async def test_a_feed_that_is_gone_and_moved_to_nothing_is_gone(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        publish(site, "/1", feed="/new")
        site.routes["/feed"] = redirect(site, "/new")
        await crawl_site()
        site.routes |= {"/feed": Answer(b"gone", 410), "/new": MAINTENANCE}
        assert dict((await crawl_site()).feeds) == {"http-410": 1}
        row = await feed_row(pool)
        assert (row["url"], row["failures"], row["failure_weight"]) == (site.url("/feed"), 1, 1.0)

    async def test_articles_of_the_new_place_are_the_source_s_own_from_the_first_poll(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        publish(site, "/1", feed="/new", host="moved")
        site.routes["/feed"] = Answer(status=301, headers={"Location": site.url("/new", "moved")})
        report = await crawl_site()
        assert (report.new, dict(report.rejected)) == (1, {})

    def test_from_http_to_https_it_is_adopted_at_once(self) -> None:
        feed = Feed(1, "http://nahr.example/feed?x=1", window=5)
        secured = Poll("unchanged", good=True, moved_to="https://nahr.example/feed?x=1")
        assert adopted(feed, secured, now=NOW, gone=False) == secured.moved_to
        for other in ("https://nahr.example/feed", "https://www.nahr.example/feed?x=1"):
            assert adopted(feed, replace(secured, moved_to=other), now=NOW, gone=False) is None
        assert adopted(replace(feed, window=0), secured, now=NOW, gone=False) is None


class TestRefusals:
    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("form", ["seconds", "date"])
    async def test_retry_after_closes_the_host_for_all_its_feeds_and_pages(
        self, site: Site, pool: AsyncConnectionPool, database_url: str, status: int, form: str
    ) -> None:
        publish(site, "/1", feed="/b/feed", host="www.nahr")
        pause = "1800" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)
        site.routes["/a/feed"] = Answer(b"later", status, {"Retry-After": pause})
        sources = [
            await Sources(pool).add(
                Source(0, name, "", site.url("/", host), (Feed(0, site.url(f"/{name}/feed", host)),), delay=0.0)
            )
            for name, host in (("a", "nahr"), ("b", "www.nahr"))
        ]
        refused = (await Crawl(CONFIG, pool, database_url).run([sources[0]])).sources["a"]
        assert dict(refused.feeds) == {f"http-{status}": 1}
        asked = len(site.requests)
        left = await Crawl(CONFIG, pool, database_url).run(sources)
        assert len(site.requests) == asked
        assert [dict(report.feeds) for report in left.sources.values()] == [{"host-closed": 1}] * 2
        assert not left.failed
        rows = await fetch_all(
            pool, "SELECT failures, failure_weight, next_poll_at - now() AS wait FROM feeds ORDER BY id"
        )
        assert [(row["failures"], row["failure_weight"]) for row in rows] == [(1, 0.5), (0, 0.0)]
        assert all(timedelta(minutes=29) < row["wait"] < timedelta(minutes=34) for row in rows)

    async def test_pages_of_a_closed_host_wait_and_lose_none_of_their_attempts(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        publish(site, *(f"/{number}" for number in range(30)))
        site.routes["/29"] = Answer(b"later", 429, {"Retry-After": "600"})
        for number in range(29):
            site.routes[f"/{number}"] = Answer(b"later", 429, {"Retry-After": "600"})
        report = await crawl_site()
        assert report.new == 0
        assert set(report.postponed) == {"http-429", "host-closed"}
        rows = await fetch_all(pool, "SELECT attempts, not_before - now() AS wait FROM entries")
        tried = sum(row["attempts"] for row in rows)
        assert tried == report.postponed["http-429"] < 30
        assert all(row["wait"] > timedelta(minutes=4) for row in rows)


class TestOutages:
    @pytest.fixture
    def dead_port(self) -> int:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            return int(taken.getsockname()[1])

    async def crawl(
        self, pool: AsyncConnectionPool, url: str, *feeds: str
    ) -> tuple[dict[str, SourceReport], list[dict[str, Any]]]:
        sources = [
            await Sources(pool).add(Source(0, f"s{number}", "", feed, (Feed(0, feed),), delay=0.0))
            for number, feed in enumerate(feeds)
        ]
        report = await Crawl(CONFIG, pool, url).run(sources)
        rows = await fetch_all(
            pool,
            "SELECT verdict, failures, failure_weight AS weight, next_poll_at - now() < '7 minutes' AS soon "
            "FROM feeds ORDER BY id",
        )
        return report.sources, rows

    async def test_when_nobody_answers_nobody_is_blamed(
        self, pool: AsyncConnectionPool, database_url: str, dead_port: int
    ) -> None:
        feeds = [f"http://{name}.localhost:{dead_port}/feed" for name in ("a", "b", "c", "d")]
        reports, rows = await self.crawl(pool, database_url, *feeds)
        assert rows == [{"verdict": "outage", "failures": 0, "weight": 0.0, "soon": True}] * 4
        assert all(report.failed for report in reports.values())
        polls = await fetch_all(pool, "SELECT DISTINCT verdict, detail FROM polls")
        assert polls == [{"verdict": "outage", "detail": "refused"}]

    async def test_when_somebody_answers_the_others_are_at_fault(
        self, site: Site, pool: AsyncConnectionPool, database_url: str, dead_port: int
    ) -> None:
        publish(site, "/1")
        site.routes["/feed"] = replace(site.routes["/feed"], delay=0.5)  # type: ignore[type-var]
        feeds = [f"http://{name}.localhost:{dead_port}/feed" for name in ("a", "b", "c", "d")]
        _, rows = await self.crawl(pool, database_url, *feeds, site.url("/feed"))
        assert [(row["verdict"], row["failures"]) for row in rows] == [("refused", 1)] * 4 + [("ok", 0)]

    async def test_feeds_of_one_owner_are_at_fault_together(
        self, pool: AsyncConnectionPool, database_url: str, dead_port: int
    ) -> None:
        feeds = [f"http://{name}.nahr.localhost:{dead_port}/feed" for name in ("a", "b", "c", "d")]
        _, rows = await self.crawl(pool, database_url, *feeds)
        assert [(row["verdict"], row["failures"]) for row in rows] == [("refused", 1)] * 4


def sitemap(site: Site, numbers: range, at: datetime) -> Answer:
    urls = "".join(
        f"<url><loc>{site.url(f'/{n}')}</loc><lastmod>{(at - timedelta(minutes=n)).isoformat()}</lastmod></url>"
        for n in numbers
    )
    return Answer(f"<urlset>{urls}</urlset>".encode())


class TestGaps:
    def publish_and_lose(self, site: Site) -> None:
        """Twenty articles; the feed first shows the oldest five, then the newest five."""
        publish(site, *(f"/{number}" for number in range(15, 20)))
        for number in range(15):
            site.routes[f"/{number}"] = Answer(article_page(f"خبر {number}", f"{LONG}\nوهذا هو الخبر {number}."))

    async def test_no_overlap_is_a_gap_that_a_crawl_fills_from_the_sitemap_by_itself(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
    ) -> None:
        self.publish_and_lose(site)
        site.routes["/robots.txt"] = Answer(f"Sitemap: {site.url('/map.xml')}\n".encode())
        site.routes["/"] = Answer(b"<html></html>")
        site.routes["/map.xml"] = sitemap(site, range(20), datetime.now(UTC))
        # An article of yesterday that no feed ever had: it is no part of the gap.
        old = f"<url><loc>{site.url('/old')}</loc><lastmod>{(datetime.now(UTC) - timedelta(days=1)).isoformat()}</lastmod></url>"
        site.routes["/map.xml"] = Answer(site.routes["/map.xml"].body.replace(b"</urlset>", f"{old}</urlset>".encode()))  # type: ignore[union-attr]
        assert (await crawl_site()).new == 5
        publish(site, *(f"/{number}" for number in range(5)))
        environment = os.environ | {"RAWI_DATABASE_URL": database_url, "RAWI_ALLOW_HOSTS": "*.localhost"}
        command = [*RAWI, "crawl", "--json"]
        run = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, check=True)
        found = json.loads(run.stdout)
        assert found["sources"][0]["new"] == 5
        [gap] = found["gaps"]
        assert (gap["source"], gap["found"], gap["problem"]) == ("site", 10, None)
        assert len(await fetch_all(pool, "SELECT 1 FROM articles")) == 20
        assert "/old" not in site.paths()
        [row] = await fetch_all(pool, "SELECT found, closed_at IS NOT NULL AS closed FROM gaps")
        assert row == {"found": 10, "closed": True}
        overlaps = await fetch_all(pool, "SELECT overlap FROM polls ORDER BY id")
        assert [poll["overlap"] for poll in overlaps] == [None, 0.0]

    async def test_a_second_gap_of_the_same_day_is_filled_too(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
    ) -> None:
        self.publish_and_lose(site)
        site.routes["/robots.txt"] = Answer(f"Sitemap: {site.url('/map.xml')}\n".encode())
        site.routes["/"] = Answer(b"<html></html>")
        await crawl_site()
        for first in (10, 0):
            publish(site, *(f"/{number}" for number in range(first, first + 3)))
            site.routes["/map.xml"] = sitemap(site, range(first, 20), datetime.now(UTC))
            await crawl_site()
            filled = await GapFilling(CONFIG, pool, database_url).run([await Sources(pool).get("site")])
            assert [gap.problem for gap in filled] == [None]
        assert len(await fetch_all(pool, "SELECT 1 FROM articles")) == 20

    async def test_a_gap_that_cannot_be_filled_is_shown_and_stays_open(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
    ) -> None:
        self.publish_and_lose(site)
        await crawl_site()
        publish(site, *(f"/{number}" for number in range(5)))
        await crawl_site()
        source = await Sources(pool).get("site")
        [filled] = await GapFilling(CONFIG, pool, database_url).run([source])
        assert filled.problem == "no sitemap or listing of the source is known"
        assert await GapFilling(CONFIG, pool, database_url).run([source]) == []  # not before tomorrow
        [health] = await check(CONFIG, pool, [source], offline=True)
        [finding] = [finding for finding in health.findings if finding.what == "gap"]
        assert "no sitemap" in finding.sentence
        assert health.healthy

    async def test_overlap_an_empty_feed_and_an_unchanged_one_are_no_gaps(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        publish(site)
        await crawl_site()
        publish(site, "/1", "/2")
        await crawl_site()
        await crawl_site()
        publish(site, "/2", "/3")
        await crawl_site()
        publish(site)
        await crawl_site()
        assert await fetch_all(pool, "SELECT 1 FROM gaps") == []


class TestValidators:
    async def test_a_server_that_repeats_its_validators_is_asked_without_them_once_a_day(
        self, site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
    ) -> None:
        def lazy(handler: BaseHTTPRequestHandler) -> Answer:
            return Answer(status=304) if handler.headers.get("If-None-Match") else feed

        publish(site, "/1", ETag='"1"')
        feed = site.routes["/feed"]
        assert isinstance(feed, Answer)
        site.routes["/feed"] = lazy
        await crawl_site()
        publish(site, "/1", "/2", ETag='"1"')
        feed = site.routes["/feed"]
        assert isinstance(feed, Answer)
        site.routes["/feed"] = lazy
        assert dict((await crawl_site()).feeds) == {"unchanged": 1}
        async with pool.connection() as connection:
            await connection.execute("UPDATE feeds SET read_at = read_at - interval '1 day'")
        assert (await crawl_site()).new == 1

    async def test_a_200_with_the_validator_that_was_asked_with_is_unchanged(
        self, site: Site, crawl_site: CrawlSite
    ) -> None:
        publish(site, "/1", ETag='W/"1"')
        await crawl_site()
        publish(site, "/1", ETag='W/"1"')
        site.routes["/feed"] = replace(site.routes["/feed"], body=rss(site.url("/1")) + b"<!-- 0.02 s -->")  # type: ignore[type-var]
        assert dict((await crawl_site()).feeds) == {"unchanged": 1}


async def test_what_a_feed_brings_and_asks_for_is_learned(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, "/1", "/2", "/3", **{"Cache-Control": "max-age=3000"})
    await crawl_site()
    publish(site, "/2", "/3", "/4", **{"Cache-Control": "max-age=3000"})
    await crawl_site()
    row = await feed_row(pool)
    assert (row["window_size"], row["hint"]) == (3, 3000.0)
    assert sum(row["rhythm"][:24]) == 1.0
    [_, poll] = await fetch_all(pool, "SELECT overlap FROM polls ORDER BY id")
    assert poll["overlap"] == pytest.approx(2 / 3)
