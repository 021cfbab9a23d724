"""Articles are looked at again: cheaply, ever more seldom, and what newsrooms change is seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from psycopg_pool import AsyncConnectionPool

from crawler.scheduling.pages import REVISITED_FOR, next_revisit
from pipelines.storage.history import Histories
from tests.crawler.cli.test_commands import rawi
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

SAID = "وقالت المديرة هدى الصافي: «لن نغلق الطريق قبل نهاية الشهر الجاري»."
EDITED = "وقالت المديرة هدى الصافي: «لن نغلق الطريق قبل نهاية العام الجاري»."
MORE = "وقال المهندس سعدون الكرخي: «العمل يسير وفق الخطة الموضوعة»."
PATH = "/story"


def publish(site: Site, text: str, title: str = "خبر من وادي الزيتون") -> None:
    site.routes["/feed"] = Answer(rss(PATH), headers={"ETag": '"feed"'})
    etag = f'"{abs(hash(title + text))}"'
    page = Answer(article_page(title=title, text=text), headers={"ETag": etag, "Set-Cookie": "visitor=1"})
    site.routes[PATH] = lambda handler: Answer(status=304) if handler.headers.get("If-None-Match") == etag else page


async def age(pool: AsyncConnectionPool, hours: float) -> None:
    """Make everything so many hours older."""
    async with pool.connection() as connection:
        for table, columns in {
            "articles": ("first_seen_at", "last_seen_at", "updated_at", "published_at"),
            "revisits": ("looked_at", "due_at"),
        }.items():
            moved = ", ".join(f"{column} = {column} - interval '{hours} hours'" for column in columns)
            await connection.execute(f"UPDATE {table} SET {moved}")  # type: ignore[call-overload]


def test_the_schedule_decays_and_ends() -> None:
    published = datetime(2026, 11, 1, tzinfo=UTC)
    now: datetime | None = published
    gaps = []
    while now is not None:
        due = next_revisit(now, published=published)
        if due is not None:
            gaps.append(due - now)
        now = due
    assert gaps == sorted(gaps)
    assert gaps[0] == timedelta(hours=1)
    assert 10 <= len(gaps) <= 20
    assert sum(gaps, timedelta(0)) <= REVISITED_FOR
    assert next_revisit(published + timedelta(days=15), published=published) is None


async def test_an_unchanged_article_costs_a_304_and_a_changed_one_becomes_a_version(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, f"{LONG}\n{SAID}\n{MORE}")
    assert (await crawl_site()).new == 1
    site.requests.clear()
    assert (await crawl_site()).revisited == 0
    assert site.paths() == ["/feed"]

    await age(pool, 2)
    site.requests.clear()
    report = await crawl_site()
    assert (report.revisited, report.updated, report.unchanged) == (1, 0, 0)
    assert sorted(site.paths()) == ["/feed", PATH]
    [kept] = await fetch_all(pool, "SELECT headers, sha256 FROM pages")
    assert not [name for name, _ in kept["headers"] if name == "set-cookie"]
    assert len(kept["sha256"]) == 32

    publish(site, f"{LONG}\n{EDITED}", title="عنوان جديد للخبر")
    assert (await crawl_site()).updated == 0  # not due yet
    await age(pool, 2)
    report = await crawl_site()
    assert (report.revisited, report.updated, report.new) == (1, 1, 0)
    history = await Histories(pool).of(1)
    assert history is not None
    assert [v.title for v in history.versions] == ["خبر من وادي الزيتون", "عنوان جديد للخبر"]
    assert sorted((c.change, c.speaker, c.cause) for c in history.quote_changes) == [
        ("edited", "هدى الصافي", "page"),
        ("vanished", "سعدون الكرخي", "page"),
    ]
    diff = rawi("articles", "diff", "1", database=database_url)
    assert "[-الشهر-] {+العام+} الجاري" in diff.stdout
    record = json.loads(rawi("articles", "history", "1", "--json", database=database_url).stdout)
    assert [len(v["quotes"]) for v in record["versions"]] == [len(v.quotes) for v in history.versions]
    [changed] = json.loads(rawi("articles", "changes", "--json", database=database_url).stdout)
    assert (changed["id"], changed["quotes_edited"], changed["quotes_vanished"]) == (1, 1, 1)
    assert rawi("articles", "diff", "1", "--to", "9", database=database_url).returncode == 2


async def test_an_article_that_moved_or_is_gone_stays_one_article(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, LONG)
    await crawl_site()
    site.routes["/retitled"] = Answer(article_page(title="عنوان آخر", text=f"{LONG}\n{SAID}"))
    site.routes[PATH] = Answer(status=301, headers={"Location": "/retitled"})
    await age(pool, 2)
    assert (await crawl_site()).updated == 1
    [row] = await fetch_all(pool, "SELECT url, title, version FROM articles")
    assert (row["title"], row["version"], row["url"].endswith(PATH)) == ("عنوان آخر", 2, True)

    site.routes[PATH] = Answer("غير موجود".encode(), status=404)
    for _ in range(2):
        await age(pool, 9)
        await crawl_site()
    [row] = await fetch_all(
        pool,
        "SELECT a.text, e.state, r.visits, r.http_status, r.gone_since FROM articles a "
        "JOIN entries e ON e.article_id = a.id JOIN revisits r ON r.article_id = a.id",
    )
    assert (row["state"], row["visits"], row["http_status"]) == ("stored", 3, 404)
    assert row["gone_since"] is not None
    assert SAID[5:30] in row["text"]
    assert await fetch_all(pool, "SELECT 1 FROM quarantine") == []


async def test_a_page_that_is_no_article_any_more_leaves_the_article_as_it_was(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, LONG)
    await crawl_site()
    site.routes[PATH] = Answer(b"<html><body><p>This story was removed.</p></body></html>")
    await age(pool, 2)
    assert (await crawl_site()).revisited == 1
    [row] = await fetch_all(pool, "SELECT a.version, e.state FROM articles a JOIN entries e ON e.article_id = a.id")
    assert row == {"version": 1, "state": "stored"}
    assert await fetch_all(pool, "SELECT 1 FROM quarantine") == []


async def test_an_article_that_moved_stays_one_when_other_rules_read_it_again(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, LONG)
    await crawl_site()
    site.routes["/retitled"] = Answer(article_page(title="عنوان آخر", text=f"{LONG}\n{SAID}"))
    site.routes[PATH] = Answer(status=301, headers={"Location": "/retitled"})
    await age(pool, 2)
    assert (await crawl_site()).updated == 1
    rawi("boilerplate", "pin", "site", "--text", SAID, database=database_url)
    [row] = await fetch_all(pool, "SELECT url, text FROM articles")
    assert row["url"].endswith(PATH)
    assert SAID[5:30] not in row["text"]
