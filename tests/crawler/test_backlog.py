"""What is pending is taken piece by piece: nothing is left behind, and never more is held than a piece."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from psycopg_pool import AsyncConnectionPool

from crawler.clock import Clock
from crawler.frontier import Frontier
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from crawler.spiders.backlog import PIECE, Backlog
from pipelines.errors import DatabaseError
from pipelines.model import FeedEntry
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def test_every_page_gets_its_verdict_whatever_became_of_those_before(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    """The newest pages lead elsewhere, the next are gone, and the articles come after all of these."""
    elsewhere = [f"http://elsewhere.example/{number}" for number in range(2 * PIECE)]
    gone = [f"/gone/{number}" for number in range(2 * PIECE)]
    stories = [f"/story/{number}" for number in range(2 * PIECE + 3)]
    site.routes["/feed"] = Answer(rss(*stories, *gone, *elsewhere))
    for number, path in enumerate(stories):
        site.routes[path] = Answer(article_page(title=f"خبر {number}", text=f"{LONG}\nوهذا هو الخبر رقم {number}."))
    report = await crawl_site()
    assert report.new == len(stories)
    assert report.rejected["off-site"] == len(elsewhere)
    assert await fetch_all(pool, "SELECT 1 FROM entries WHERE state = 'pending'") == []
    assert len([path for path in site.paths() if path.startswith("/gone")]) == len(gone)


async def test_the_newest_pages_are_asked_for_first(site: Site, crawl_site: CrawlSite) -> None:
    stories = [f"/story/{number}" for number in range(4 * PIECE)]
    site.routes["/feed"] = Answer(rss(*stories))
    await crawl_site()
    asked = [path for path in site.paths() if path.startswith("/story")]
    # Without dates, what was written down last; eight at once may overtake each other.
    newest_first = sorted(stories, reverse=True)
    assert all(abs(newest_first.index(path) - place) < PIECE // 2 for place, path in enumerate(asked))


async def test_an_address_that_is_none_costs_no_other_page(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    stories = [f"/story/{number}" for number in range(PIECE)]
    for number, path in enumerate(stories):
        site.routes[path] = Answer(article_page(title=f"خبر {number}", text=f"{LONG}\nوهذا هو الخبر رقم {number}."))
    site.routes["/feed"] = Answer(rss(*stories, *(f"{site.url('/')[:-1]}9999999/{number}" for number in range(PIECE))))
    report = await crawl_site()
    assert (report.new, report.rejected["bad-link"]) == (len(stories), PIECE)
    assert await fetch_all(pool, "SELECT 1 FROM entries WHERE state = 'pending'") == []


async def test_a_take_that_fails_is_not_tried_again_by_whoever_waited(pool: AsyncConnectionPool) -> None:
    feeds = (Feed(id=0, url="https://marfa.example/feed"),)
    source = await Sources(pool).add(Source(id=0, name="marfa", title="", home="https://marfa.example/", feeds=feeds))
    frontier = Frontier(pool)
    entries = [FeedEntry(url=f"https://marfa.example/{number}") for number in range(PIECE)]
    await frontier.announce(source, None, entries, now=NOW)
    asked: list[str] = []

    async def away(work):  # type: ignore[no-untyped-def]
        asked.append("taken")
        raise DatabaseError("the database is away")

    async def at_once(work):  # type: ignore[no-untyped-def]
        return await work()

    backlog = Backlog(frontier, Clock(timedelta(0)), limit=99, patiently=at_once, announced=lambda *_: None)
    await backlog.grew(source)
    backlog._patiently = away
    answers = await asyncio.gather(*(backlog.take(source) for _ in range(5)), return_exceptions=True)
    assert len(asked) == 1
    assert [answer for answer in answers if answer == []] == [[]] * 4


async def test_a_limit_counts_pages_and_not_pieces(site: Site, crawl_site: CrawlSite) -> None:
    stories = [f"/story/{number}" for number in range(3 * PIECE)]
    site.routes["/feed"] = Answer(rss(*stories))
    await crawl_site(limit=PIECE + 7)
    assert len([path for path in site.paths() if path.startswith("/story")]) == PIECE + 7


async def test_no_more_is_under_way_than_a_piece_and_all_is_announced_once(pool: AsyncConnectionPool) -> None:
    feeds = (Feed(id=0, url="https://marfa.example/feed"),)
    source = await Sources(pool).add(Source(id=0, name="marfa", title="", home="https://marfa.example/", feeds=feeds))
    entries = [FeedEntry(url=f"https://marfa.example/{number}") for number in range(2 * PIECE + 5)]
    frontier = Frontier(pool)
    await frontier.announce(source, None, entries, now=NOW)
    told: list[int] = []

    async def at_once(work):  # type: ignore[no-untyped-def]
        return await work()

    backlog = Backlog(
        frontier, Clock(timedelta(0)), limit=5_000, patiently=at_once, announced=lambda _, pages: told.append(pages)
    )
    assert await backlog.take(source) == [], "nobody said that something is pending"
    await backlog.grew(source)
    await backlog.grew(source)
    assert told == [len(entries)]
    taken = [entry.id for entry in await backlog.take(source)]
    assert len(taken) == PIECE
    assert await backlog.take(source) == []
    while len(taken) < len(entries):
        for _ in range(PIECE // 2):
            backlog.came(source)
        piece = [entry.id for entry in await backlog.take(source)]
        assert 0 < len(piece) <= PIECE
        taken += piece
    assert len(set(taken)) == len(entries)
