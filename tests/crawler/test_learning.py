"""Learning while crawling: real pages on loopback, real Postgres, and what an operator then does about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.crawl import Crawl
from crawler.demo import load_outlets
from crawler.sources.repository import Sources
from pipelines.extract.learning import LearnedRule, RuleKind
from pipelines.extract.revision import Revision
from pipelines.model import LearnedRules
from pipelines.storage.learning import RuleBook
from tests.crawler.conftest import CONFIG, CrawlSite, fetch_all
from tests.site import Answer, Site, article_page, rss

STORIES = [article.text for outlet in load_outlets(datetime(2026, 11, 24, tzinfo=UTC)) for article in outlet.articles]
HOUSE = "تأسست «مرفأ الأخبار» على رصيف الصيادين القديم، وهي اليوم بيت لأقلام الساحل كلها."
RAWI = str(Path(sys.executable).with_name("rawi"))


def publish(site: Site, stories: list[str]) -> None:
    """Publish stories, most of which end with a line of the house in words that no rule knows."""
    paths = [f"/n/{number}-story" for number in range(len(stories))]
    site.routes["/feed"] = Answer(rss(*paths))
    for number, (path, story) in enumerate(zip(paths, stories, strict=True)):
        text = story.replace("\n\n", "\n") + (f"\n{HOUSE}" if number % 5 else "")
        site.routes[path] = Answer(article_page(title=f"خبر رقم {number} من الساحل", text=text))


def rawi(database_url: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"RAWI_DATABASE_URL": database_url, "RAWI_ALLOW_HOSTS": "*.localhost"}
    return subprocess.run([RAWI, *words], env=environment, capture_output=True, text=True, check=False)


async def texts_with_house(pool: AsyncConnectionPool) -> int:
    [row] = await fetch_all(pool, "SELECT count(*) FILTER (WHERE text LIKE '%رصيف الصيادين%') AS n FROM articles")
    return int(row["n"])


async def test_a_line_that_recurs_is_learned_and_the_first_articles_are_read_again(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, STORIES[:14])
    report = await crawl_site()
    assert report.new == 14
    assert report.reread > 0
    assert await texts_with_house(pool) == 0
    asked = [path for path in site.paths() if path != "/feed"]
    assert len(asked) == len(set(asked)) == 14, "nothing is fetched twice"
    [cause] = {row["cause"] for row in await fetch_all(pool, "SELECT cause FROM article_versions")}
    assert cause == "rules"
    listed = json.loads(rawi(database_url, "boilerplate", "list", "site", "--json").stdout)
    [rule] = [rule for rule in listed if rule["text"] == HOUSE]
    assert (rule["kind"], rule["state"], len(rule["articles"]) >= 4) == ("passage", "learned", True)
    assert any(rule["kind"] == "container" for rule in listed)


async def test_what_was_read_by_a_rule_is_not_read_again_for_it(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    publish(site, STORIES[:6])
    assert (await crawl_site()).reread > 0
    publish(site, STORIES[:14])
    await crawl_site()
    rows = await fetch_all(pool, "SELECT rules_version, article_id FROM traces ORDER BY article_id")
    learned = max(row["rules_version"] for row in rows)
    book = RuleBook(pool)
    [rules] = (await book.effective([1])).values()
    assert rules.passages
    assert rules.version >= learned >= 1
    concerned = await book.concerned(1, rules, LearnedRules(), learned)
    assert set(concerned) == {row["article_id"] for row in rows if row["rules_version"] < learned} & set(
        await book.concerned(1, rules, LearnedRules(), learned + 1)
    )
    assert len(concerned) < 14


async def test_what_was_learned_of_a_source_that_was_removed_meanwhile_is_dropped(pool: AsyncConnectionPool) -> None:
    rule = LearnedRule(RuleKind.CONTAINER, "div.story", (1, 2, 3, 4), 4)
    await RuleBook(pool).record(404, Revision(added=(rule,), reason="learned 1 container"))
    assert await fetch_all(pool, "SELECT 1 FROM rules") == []


async def test_what_an_operator_forgets_comes_back_and_what_is_pinned_goes(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, STORIES[:12])
    await crawl_site()
    listed = json.loads(rawi(database_url, "boilerplate", "list", "site", "--json").stdout)
    [number] = [str(rule["id"]) for rule in listed if rule["text"] == HOUSE]
    forgotten = rawi(database_url, "boilerplate", "forget", "site", number)
    assert (forgotten.returncode, await texts_with_house(pool)) == (0, 9)
    publish(site, STORIES[:23])
    await crawl_site()
    assert await texts_with_house(pool) == 18, "it is not learned again"
    pinned = rawi(database_url, "boilerplate", "pin", "site", "--text", HOUSE)
    assert (pinned.returncode, await texts_with_house(pool)) == (0, 0)
    shown = rawi(database_url, "boilerplate", "show", "site").stdout
    assert "pinned" in shown
    unknown = rawi(database_url, "boilerplate", "forget", "site", "999999")
    assert (unknown.returncode, "no rule" in unknown.stderr) == (2, True)


async def test_without_kept_pages_nothing_is_read_again_and_nothing_breaks(
    site: Site, pool: AsyncConnectionPool, database_url: str, crawl_site: CrawlSite
) -> None:
    publish(site, STORIES[:3])
    await crawl_site()
    publish(site, STORIES[:14])
    config = CONFIG.model_copy(update={"keep_pages": 0.0})
    report = await Crawl(config, pool, database_url).run(await Sources(pool).select(["site"]))
    assert report.sources["site"].new == 11
    assert await fetch_all(pool, "SELECT article_id FROM pages") == []


async def test_the_parts_of_an_article_are_fetched_and_joined(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    first, second, third, *_ = (story.split("\n\n")[0] for story in STORIES)
    link = '<link rel="next" href="/n/long/{}"></head>'

    def part(text: str, following: int | None) -> Answer:
        page = article_page(title="ملف طويل من الساحل", text=f"{text}\n{text[::-1]}").decode()
        return Answer(page.replace("</head>", link.format(following) if following else "</head>").encode())

    site.routes["/feed"] = Answer(rss("/n/long"))
    site.routes |= {"/n/long": part(first, 2), "/n/long/2": part(second, 3), "/n/long/3": part(third, None)}
    assert (await crawl_site()).new == 1
    [article] = await fetch_all(pool, "SELECT text, (SELECT count(*) FROM pages) AS pages FROM articles")
    assert article["text"].split("\n\n")[::2] == [first, second, third]
    assert article["pages"] == 3


async def test_a_part_that_is_late_is_waited_for_and_one_that_is_gone_is_not(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool
) -> None:
    page = article_page(text=STORIES[0].replace("\n\n", "\n")).decode()
    site.routes["/feed"] = Answer(rss("/n/gone", "/n/late"))
    for name in ("gone", "late"):
        linked = page.replace("</head>", f'<link rel="next" href="/n/{name}/2"></head>')
        site.routes[f"/n/{name}"] = Answer(linked.encode())
    site.routes["/n/late/2"] = Answer(b"", 503)
    report = await crawl_site()
    assert (report.new, dict(report.postponed)) == (1, {"http-503": 1})
    [row] = await fetch_all(pool, "SELECT url FROM articles")
    assert row["url"].endswith("/n/gone")


def test_a_page_is_shown_as_rawi_reads_it(site: Site, database_url: str, tmp_path: Path) -> None:
    site.routes["/n/1"] = Answer(article_page(text=f"{STORIES[0]}\n{HOUSE}".replace("\n\n", "\n")))
    rule = ("--remove-text", "تأسست «مرفأ.*")
    found = json.loads(rawi(database_url, "extract", site.url("/n/1"), *rule, "--diff", "--json").stdout)
    assert HOUSE in found["before"]["text"]
    assert HOUSE not in found["text"]
    assert f"rule:{rule[1]}" in {removed["reason"] for removed in found["removed"]}
    file = tmp_path / "page.html"
    file.write_bytes(article_page(text=STORIES[0].replace("\n\n", "\n")))
    assert json.loads(rawi(database_url, "extract", str(file), "--json").stdout)["text"] == STORIES[0]
    missing = rawi(database_url, "extract", site.url("/n/2"))
    assert (missing.returncode, "http-404" in missing.stdout + missing.stderr) == (1, True)


@pytest.mark.parametrize("rule", [("--body", "div["), ("--remove-text", "(")])
def test_a_wrong_rule_is_not_stored(database_url: str, rule: tuple[str, str]) -> None:
    added = rawi(database_url, "sources", "add", "https://nahr.example/feed", "--name", "nahr", "--offline")
    assert added.returncode == 0, added.stderr
    refused = rawi(database_url, "sources", "rules", "nahr", *rule)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    kept = rawi(database_url, "sources", "rules", "nahr", "--body", "div.story", "--remove", "p.x", "--json")
    assert json.loads(kept.stdout) == {"body": "div.story", "remove": ["p.x"]}
    assert json.loads(rawi(database_url, "sources", "rules", "nahr", "--clear", "--json").stdout) == {}
