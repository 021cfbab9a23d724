"""Changing sources: every change is written down with who did it and how it was before, and can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.sources.document import document, source_of
from crawler.sources.history import differences
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.repository import Sources
from pipelines.errors import RuleError, SourceError
from pipelines.model import OperatorRules
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

NAHR = Source(
    id=0,
    name="nahr",
    title="صحيفة النهر",
    home="https://nahr.example/",
    feeds=(
        Feed(0, "https://nahr.example/feed"),
        Feed(0, "https://nahr.example/news", FeedKind.LISTING, r"^/news/\d+$"),
    ),
    country="IQ",
    timezone="Asia/Baghdad",
    tags=("عراق", "يومية"),
    delay=2.0,
    interval=1800.0,
    operator=OperatorRules(body="div.story", remove=("div.promo",), remove_text=("^تصوير: .*$",)),
)


def test_a_document_says_everything_an_operator_decides_and_nothing_else() -> None:
    found = document(NAHR)
    assert source_of("nahr", found) == NAHR
    assert document(Source(id=7, name="x", title="", home="https://x.example/")) == {
        "home": "https://x.example/",
        "feeds": [],
    }


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        ({"home": "https://x.example/", "feed": []}, "no key 'feed'"),
        ({"feeds": []}, "home"),
        ({"home": "https://x.example/", "delay": "2"}, "number of seconds"),
        ({"home": "https://x.example/", "enabled": 1}, "true or false"),
        ({"home": "https://x.example/", "delay": True}, "number of seconds"),
        ({"home": "https://x.example/", "feeds": ["https://x.example/f"]}, "table with a url"),
        ({"home": "https://x.example/", "feeds": [{"url": "https://x.example/f", "kind": "rss"}]}, "sitemap"),
        ({"home": "https://x.example/", "rules": {"boddy": "p"}}, "no rule 'boddy'"),
    ],
)
def test_a_document_that_is_wrong_is_told_in_a_sentence(found: dict[str, object], complaint: str) -> None:
    with pytest.raises(SourceError, match=complaint):
        source_of("x", found)


async def test_every_change_is_written_down_and_can_be_undone(pool: AsyncConnectionPool) -> None:
    sources = Sources(pool, "salma")
    first = await sources.add(NAHR)
    assert document(first) == document(NAHR)
    await Sources(pool, "yahya").change(replace(first, delay=5.0, tags=("يومية", "رياضة")))
    await sources.change(await sources.get("nahr"))
    changes = await sources.history("nahr")
    assert [(c.action, c.changed_by) for c in changes] == [("edit", "yahya"), ("add", "salma")]
    assert differences(changes[0].before, changes[0].after) == ["tags: - عراق", "tags: + رياضة", "delay: 2.0 -> 5.0"]
    reverted = await sources.revert("nahr")
    assert reverted is not None
    assert (reverted.delay, reverted.tags) == (2.0, ("عراق", "يومية"))
    redone = await sources.revert("nahr", to=changes[0].id)
    assert redone is not None
    assert redone.delay == 5.0
    assert [c.action for c in await sources.history("nahr")] == ["revert", "revert", "edit", "add"]


async def test_removing_and_adding_are_undone_too(pool: AsyncConnectionPool) -> None:
    sources = Sources(pool)
    await sources.add(NAHR)
    await sources.remove("nahr")
    assert await sources.select() == []
    back = await sources.revert("nahr")
    assert back is not None
    assert document(back) == document(NAHR)
    changes = await sources.history("nahr")
    assert await sources.revert("nahr", to=changes[1].id) is None
    with pytest.raises(SourceError, match="no change 999"):
        await sources.revert("nahr", to=999)
    with pytest.raises(SourceError, match="nothing was ever changed"):
        await sources.revert("nobody")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"feeds": ()}, "at least one feed"),
        ({"feeds": (Feed(0, "https://a.example/", FeedKind.LISTING),)}, "needs a pattern"),
        ({"feeds": (Feed(0, "https://a.example/", FeedKind.LISTING, "["),)}, "no regular expression"),
        ({"feeds": tuple(Feed(0, f"https://a.example/{n}") for n in range(300))}, "too many"),
        ({"feeds": (Feed(0, "https://a.example/"), Feed(0, "https://a.example/"))}, "twice"),
        ({"interval": 1.0}, "at least 60"),
        ({"timezone": "Mars/Base"}, "time zone"),
        ({"home": "http://[bad"}, "not the address"),
    ],
)
async def test_a_change_that_is_wrong_changes_nothing(
    pool: AsyncConnectionPool, change: dict[str, object], complaint: str
) -> None:
    sources = Sources(pool)
    await sources.add(NAHR)
    with pytest.raises(SourceError, match=complaint):
        await sources.change(replace(NAHR, **change))  # type: ignore[arg-type]
    with pytest.raises(RuleError):
        await sources.change(replace(NAHR, operator=OperatorRules(body="p[")))
    assert document(await sources.get("nahr")) == document(NAHR)
    assert len(await sources.history()) == 1


async def test_feeds_that_stay_keep_what_was_found_out_about_them(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    site.routes |= {"/feed": Answer(rss("/a"), headers={"ETag": '"1"'}), "/a": Answer(article_page())}
    await crawl_site()
    sources = Sources(pool)
    source = await sources.get("site")
    await sources.change(replace(source, feeds=(*source.feeds, Feed(0, site.url("/other"))), tags=("x",)))
    first, second = (await sources.get("site")).feeds
    assert (first.etag, second.etag) == ('"1"', None)


async def test_articles_may_outlive_their_source_and_come_back_with_it(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    site.routes |= {"/feed": Answer(rss("/a", "/b")), "/a": Answer(article_page()), "/b": Answer(b"", 503)}
    await crawl_site()
    sources = Sources(pool)
    with pytest.raises(SourceError, match="--keep-articles"):
        await sources.remove("site")
    assert await sources.remove("site", keep_articles=True) == 1
    assert await sources.select() == []
    assert len(await fetch_all(pool, "SELECT id FROM articles")) == 1
    with pytest.raises(SourceError, match="rawi sources revert site"):
        await sources.get("site")
    back = await sources.revert("site")
    assert back is not None
    assert (await sources.summary(back)).stored == 1
    assert back.enabled
    # What was pending is announced anew.
    site.routes["/b"] = Answer(article_page(text=f"{LONG} وهذا خبر ثان من الوادي."))
    assert (await crawl_site()).new == 1
    await sources.remove("site", with_articles=True)
    assert await fetch_all(pool, "SELECT id FROM articles") == []
