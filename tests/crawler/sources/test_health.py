"""The health of a source: what it brings is held against its own past, and each finding says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.sources.checks import check, passed
from crawler.sources.health import Health, Output, Reached, judge
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from tests.crawler.conftest import CONFIG, CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEED = Feed(1, "https://nahr.example/feed", succeeded_at=NOW - timedelta(hours=1), verdict="ok")
NAHR = Source(id=1, name="nahr", title="النهر", home="https://nahr.example/", feeds=(FEED,))
GOOD = Output(
    articles=70, length=1800, dated=1.0, authored=0.8, quotes=3.0, boilerplate=0.1, drift=0.0, discovered=80, stored=70,
    rejected=5, newest=NOW - timedelta(hours=2), reason="video",
)  # fmt: skip
PAST = replace(GOOD, articles=280, discovered=300, stored=280, rejected=20)
ANSWERS = (Reached(FEED.url, "ok"),)


def judged(recent: Output = GOOD, past: Output = PAST, source: Source = NAHR, **given: Any) -> Health:
    return judge(source, recent, past, given.get("reached", ANSWERS), given.get("before"), now=NOW)


def test_a_source_that_brings_what_it_always_did_is_well() -> None:
    health = judged()
    assert (health.healthy, health.findings) == (True, ())
    assert judged(Output(), Output(), replace(NAHR, feeds=(Feed(1, FEED.url),)), reached=()).healthy


@pytest.mark.parametrize(
    ("recent", "what", "healthy"),
    [
        ({"length": 700}, "length", False),
        ({"dated": 0.5}, "dates", False),
        ({"authored": 0.1}, "authors", True),
        ({"quotes": 0.5}, "quotes", True),
        ({"boilerplate": 0.4}, "boilerplate", True),
        ({"drift": 0.6}, "layout", False),
        ({"stored": 10, "rejected": 60}, "yield", False),
        ({"newest": NOW - timedelta(days=4)}, "silence", False),
    ],
)
def test_what_differs_from_the_past_is_found_with_its_next_step(
    recent: dict[str, Any], what: str, healthy: bool
) -> None:
    health = judged(replace(GOOD, **recent))
    [finding] = health.findings
    assert (finding.what, health.healthy) == (what, healthy)
    assert finding.sentence.endswith(".")
    assert finding.next


def test_a_weekly_is_not_silent_after_three_days_and_a_young_source_has_no_past() -> None:
    weekly = replace(GOOD, discovered=1, newest=NOW - timedelta(days=3))
    assert judged(weekly, replace(PAST, discovered=4)).healthy
    assert judged(replace(GOOD, length=300), replace(PAST, articles=2, length=3000)).findings == ()


@pytest.mark.parametrize(
    ("reached", "before", "what"),
    [
        (Reached(FEED.url, "http-404", "the server answered 404"), None, "http-404"),
        (Reached(FEED.url, "certificate", "the host's certificate is not valid"), None, "certificate"),
        (Reached(FEED.url, "robots", "robots.txt does not allow it"), {"verdict": "ok"}, "robots"),
        (Reached(FEED.url, "html", "the answer is a web page"), None, "html"),
        (Reached(FEED.url, "ok", moved_to="https://nahr.example/rss"), None, "redirect"),
        (Reached(FEED.url, "ok", delay=30.0), {"verdict": "ok", "delay": None}, "robots"),
    ],
)
def test_what_its_feeds_answer_is_judged_too(reached: Reached, before: dict[str, Any] | None, what: str) -> None:
    report = {"reached": [{"url": FEED.url, **before}]} if before else None
    assert [finding.what for finding in judged(reached=(reached,), before=report).findings] == [what]


def test_a_feed_that_has_not_answered_for_days_is_a_problem() -> None:
    failing = replace(FEED, succeeded_at=NOW - timedelta(days=3), failures=9, verdict="http-500")
    health = judged(source=replace(NAHR, feeds=(failing,)), reached=())
    assert [(finding.what, finding.level) for finding in health.findings] == [("no success", "problem")]
    assert "http-500" in health.findings[0].sentence


async def test_a_check_measures_what_is_stored_and_remembers_its_report(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    paths = [f"/{n}" for n in range(6)]
    site.routes["/feed"] = Answer(rss(*paths, "/gone"))
    for n, path in enumerate(paths):
        site.routes[path] = Answer(article_page(text=f"{LONG}\nقال الوزير سالم الحمداني إن العمل رقم {n} بدأ."))
    await crawl_site()
    [source] = await Sources(pool).select()
    [health] = await check(CONFIG, pool, [source])
    assert (health.recent.discovered, health.recent.stored, health.recent.rejected) == (7, 6, 1)
    assert health.recent.quotes is not None
    assert health.recent.quotes >= 1
    assert health.recent.length is not None
    assert health.recent.dated == 0
    assert [one.verdict for one in health.reached] == ["ok"]
    assert health.healthy
    assert set(await passed(pool)) == {"site"}
    site.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /feed\n")
    [worse] = await check(CONFIG, pool, [source])
    assert [finding.what for finding in worse.findings] == ["robots"]
    assert len(await fetch_all(pool, "SELECT 1 FROM checks")) == 2
    site.requests.clear()
    await check(CONFIG, pool, [source], offline=True)
    assert site.requests == []
