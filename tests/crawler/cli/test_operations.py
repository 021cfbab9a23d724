"""`rawi quarantine`, `rawi runs`, `rawi status`: what operators see of refused pages, and of crawls that were killed."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from tests.crawler.cli.test_commands import rawi
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.crawler.processes import LEASE, publish, until_stored, worker
from tests.site import LONG, Answer, Site, article_page, rss


async def refused(site: Site, crawl_site: CrawlSite) -> None:
    """Two pages are refused and one is stored."""
    site.routes["/feed"] = Answer(rss("/0", "/1", "/2"))
    site.routes["/0"] = Answer(article_page())
    site.routes["/1"] = Answer(article_page(text="The council met on Sunday and spoke at length. " * 9))
    site.routes["/2"] = Answer(b"gone", 404)
    await crawl_site()


async def test_what_was_refused_is_listed_shown_and_written_out(
    site: Site, crawl_site: CrawlSite, database_url: str, tmp_path: Path
) -> None:
    await refused(site, crawl_site)
    listed = json.loads(rawi("quarantine", "list", "--json", database=database_url).stdout)
    assert {(one["reason"], one["kind"], one["bytes"] > 0) for one in listed} == {
        ("not-arabic", "page", True),
        ("http-404", "page", False),
    }
    [number] = [one["id"] for one in listed if one["reason"] == "not-arabic"]
    shown = rawi("quarantine", "show", str(number), "--body", str(tmp_path / "page.html"), database=database_url)
    assert "not-arabic" in shown.stdout
    assert "content-type: text/html" in shown.stdout
    assert (tmp_path / "page.html").read_bytes() == site.routes["/1"].body  # type: ignore[union-attr]
    only = json.loads(rawi("quarantine", "list", "--reason", "http-404", "--json", database=database_url).stdout)
    assert [one["reason"] for one in only] == ["http-404"]
    assert rawi("quarantine", "show", "999", database=database_url).returncode == 2


async def test_replay_stores_what_is_good_now_and_keeps_the_rest_for_todays_reason(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    await refused(site, crawl_site)
    # As if the rules had refused an article for a reason that they have no more, and something else for another one.
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE quarantine SET reason = 'video' WHERE reason = 'not-arabic'; "
            "UPDATE entries SET reason = 'video' WHERE reason = 'not-arabic'"
        )
        await connection.execute(
            "INSERT INTO quarantine (source_id, entry_id, url, reason, body, charset) SELECT source_id, id, url, 'listing', "
            "(SELECT body FROM pages LIMIT 1), 'utf-8' FROM entries WHERE state = 'stored'"
        )
        await connection.execute(
            "UPDATE entries SET state = 'rejected', reason = 'listing', article_id = NULL WHERE state = 'stored'"
        )
        await connection.execute("DELETE FROM articles")
    tried = json.loads(rawi("quarantine", "replay", "--dry-run", "--json", database=database_url).stdout)
    assert (tried["read"], tried["recovered"], tried["refused"]) == (2, 1, {"not-arabic": 1})
    assert await fetch_all(pool, "SELECT 1 FROM articles") == []
    done = json.loads(rawi("quarantine", "replay", "--json", database=database_url).stdout)
    assert (done["recovered"], done["refused"], done["written"]) == (1, {"not-arabic": 1}, True)
    assert [row["text"] for row in await fetch_all(pool, "SELECT text FROM articles")] == [LONG]
    reasons = await fetch_all(pool, "SELECT reason FROM quarantine ORDER BY reason")
    assert [row["reason"] for row in reasons] == ["http-404", "not-arabic"]
    states = await fetch_all(pool, "SELECT state, reason FROM entries ORDER BY url")
    assert [(row["state"], row["reason"]) for row in states] == [
        ("stored", None), ("rejected", "not-arabic"), ("rejected", "http-404"),
    ]  # fmt: skip


async def test_drop_asks_or_is_told(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    await refused(site, crawl_site)
    assert rawi("quarantine", "drop", "--all", database=database_url).returncode == 2
    assert rawi("quarantine", "drop", "--yes", database=database_url).returncode == 2
    assert len(await fetch_all(pool, "SELECT 1 FROM quarantine")) == 2
    dropped = rawi("quarantine", "drop", "--reason", "http-404", "--yes", "--json", database=database_url)
    assert json.loads(dropped.stdout) == {"dropped": 1}
    assert len(await fetch_all(pool, "SELECT 1 FROM quarantine")) == 1


async def test_a_save_that_cannot_be_made_keeps_the_bytes_and_the_crawl_goes_on(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    async with pool.connection() as connection:
        await connection.execute("ALTER TABLE articles ADD CHECK (title <> 'خبر ممنوع')")
    site.routes["/feed"] = Answer(rss("/0", "/1"))
    site.routes["/0"] = Answer(article_page(title="خبر ممنوع"))
    site.routes["/1"] = Answer(article_page(text=f"{LONG}\nوهذا خبر آخر من الوادي في اليوم نفسه."))
    report = await crawl_site()
    assert (report.new, dict(report.rejected), report.quarantined) == (1, {"unsavable": 1}, 1)
    [kept] = json.loads(rawi("quarantine", "list", "--json", database=database_url).stdout)
    assert (kept["reason"], kept["bytes"] > 0) == ("unsavable", True)
    async with pool.connection() as connection:
        await connection.execute("ALTER TABLE articles DROP CONSTRAINT articles_title_check")
    replayed = json.loads(rawi("quarantine", "replay", str(kept["id"]), "--json", database=database_url).stdout)
    assert replayed["recovered"] == 1
    assert len(await fetch_all(pool, "SELECT 1 FROM articles")) == 2


async def test_runs_tell_what_was_done_and_a_killed_one_is_lost(
    site: Site, pool: AsyncConnectionPool, database_url: str
) -> None:
    await publish(pool, site, hosts=1, pages=30, delay=1.0)
    with worker(database_url) as process:
        await until_stored(pool, 1)
        status = json.loads(rawi("status", "--json", database=database_url, RAWI_LEASE=str(LEASE)).stdout)
        assert (status["alive"], status["queue"]["doing"]) == (1, 1)
        assert [run["sources"] for run in status["running"]] == [["site-0"]]
        [run] = json.loads(rawi("runs", "list", "--json", database=database_url).stdout)
        assert run["state"] == "running"
        process.kill()
    async with pool.connection() as connection:
        await connection.execute("UPDATE runs SET seen_at = seen_at - interval '15 seconds'")
    assert json.loads(rawi("runs", "list", "--json", database=database_url).stdout)[0]["state"] == "lost"
    shown = rawi("runs", "show", str(run["id"]), database=database_url)
    assert "lost" in shown.stdout
    assert "site-0" in shown.stdout
    assert rawi("runs", "show", "999", database=database_url).returncode == 2
    assert "No worker" not in rawi("status", database=database_url).stdout
    await asyncio.sleep(LEASE + 1)
    late = json.loads(rawi("status", "--json", database=database_url, RAWI_LEASE=str(LEASE)).stdout)
    assert (late["alive"], late["running"]) == (0, [])


SECRET = "s3cr3t-of-ours"


async def test_no_secret_is_in_logs_metrics_or_runs(site: Site, pool: AsyncConnectionPool, database_url: str) -> None:
    await publish(pool, site, hosts=2, pages=1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site.routes["/0/feed"] = Answer(
        b"", 301, headers={"Location": site.url(f"/x?token={SECRET}", f"user:{SECRET}@site-0")}
    )
    site.routes["/1/1"] = site.routes["/1/0"]
    with worker(f"{database_url} password={SECRET}", "--metrics", f"127.0.0.1:{port}") as process:
        await until_stored(pool, 1)
        metrics = (await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/metrics")).text
        log = await asyncio.to_thread(process.ended)
    assert "rawi_database_up 1.0" in metrics
    assert 'rawi_polls_total{verdict="ok"} 1.0' in metrics
    assert 'rawi_stage_seconds_count{stage="analyse"} 1.0' in metrics
    assert all(json.loads(line) for line in log.splitlines())
    runs = rawi("runs", "list", "--json", database=database_url).stdout
    shown = [rawi("runs", "show", str(run["id"]), "--json", database=database_url).stdout for run in json.loads(runs)]
    for text in (metrics, log, runs, *shown):
        assert SECRET not in text


def test_a_worker_without_a_database_says_so_without_the_password() -> None:
    done = rawi("worker", database=f"postgresql://rawi:{SECRET}@127.0.0.1:1/rawi")
    assert done.returncode == 3
    assert SECRET not in done.stderr


@pytest.mark.parametrize("address", ["9100", "127.0.0.1:", "127.0.0.1:99999", "192.0.2.1:9100"])
def test_metrics_that_cannot_be_served_are_a_wrong_configuration(database_url: str, address: str) -> None:
    assert rawi("worker", "--metrics", address, database=database_url).returncode == 4
