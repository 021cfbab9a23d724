"""A robots.txt is asked for once a day, and obeyed by every crawl."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.robots import LARGEST, LONGEST, kept_for, origin_of
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.site import Answer, Site, article_page, rss

CLOSED = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 0.4\n"


def asked(site: Site) -> int:
    """How often robots.txt was asked for."""
    return sum(path == "/robots.txt" for _, path, _ in site.requests)


def publish(site: Site, robots: Answer, *paths: str) -> None:
    site.routes |= {"/robots.txt": robots, "/feed": Answer(rss(*paths))}
    site.routes |= {path: Answer(article_page()) for path in paths}


async def test_what_it_says_is_obeyed_by_crawls_that_did_not_ask(site: Site, crawl_site: CrawlSite) -> None:
    publish(site, Answer(CLOSED), "/a")
    await crawl_site()
    site.requests.clear()
    publish(site, Answer(b""), "/private/b", "/c", "/d")
    report = await crawl_site()
    assert dict(report.rejected) == {"robots": 1}
    assert sorted(site.paths()) == ["/c", "/d", "/feed"]
    assert asked(site) == 0
    times = [at for at, _, _ in site.requests]
    assert all(later - earlier >= 0.35 for earlier, later in itertools.pairwise(times))


async def test_it_is_asked_for_again_when_it_has_become_old(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, Answer(CLOSED), "/a")
    await crawl_site()
    async with pool.connection() as connection:
        await connection.execute("UPDATE robots SET good_until = now() - interval '1 second'")
    publish(site, Answer(b""), "/private/b")
    assert (await crawl_site()).new + (await crawl_site()).unchanged == 1
    assert asked(site) == 2


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (Answer(b"gone", 404), 1),
        (Answer(b"no", 403), 1),
        (Answer(b"later", 503), 2),
        (Answer(CLOSED, headers={"Cache-Control": "no-cache"}), 2),
        (Answer(CLOSED, headers={"Cache-Control": "max-age=0"}), 2),
        (Answer(b"#" * (LARGEST + 1)), 2),
    ],
)
async def test_what_is_remembered(site: Site, crawl_site: CrawlSite, answer: Answer, times: int) -> None:
    publish(site, answer)
    await crawl_site()
    await crawl_site()
    assert asked(site) == times


async def test_one_behind_a_redirect_is_that_of_the_host_that_was_asked(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, Answer(b"", 302, {"Location": "/elsewhere"}))
    site.routes["/elsewhere"] = Answer(CLOSED)
    await crawl_site()
    rows = await fetch_all(pool, "SELECT origin, body FROM robots")
    assert [(row["origin"], bytes(row["body"])) for row in rows] == [(origin_of(site.url("/feed")), CLOSED)]


@pytest.mark.parametrize(
    ("cache_control", "expected"),
    [
        ("", LONGEST),
        ("public, Max-Age=3600", timedelta(hours=1)),
        ("max-age=999999999", LONGEST),
        ("private, no-store, max-age=60", timedelta(0)),
        ("NO-CACHE", timedelta(0)),
    ],
)
def test_it_is_kept_as_its_cache_control_allows_and_for_a_day_at_most(cache_control: str, expected: timedelta) -> None:
    assert kept_for(cache_control) == expected
