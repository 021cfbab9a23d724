"""Kept pages: read again by better rules, written to WARC, and loaded from it without crawling."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.storage.archive import Archive
from pipelines.storage.compression import compress
from tests.crawler.cli.test_commands import rawi
from tests.crawler.conftest import CrawlSite, fetch_all
from tests.site import LONG, Answer, Site, article_page, rss

SAID = "وقالت المديرة هدى الصافي: «لن نغلق الطريق قبل نهاية الشهر الجاري»."
SOLD = "عرض خاص: احجز مقعدك في رحلة النهر مع شركة القوارب الزرقاء."


def publish(site: Site, pages: int = 3) -> None:
    site.routes["/feed"] = Answer(rss(*(f"/{n}" for n in range(pages))))
    for n in range(pages):
        text = f"{LONG}\n{SAID}\n{SOLD}\nوهذا هو الخبر رقم {n} من الوادي."
        site.routes[f"/{n}"] = Answer(article_page(title=f"خبر من الوادي {n}", text=text), headers={"ETag": f'"{n}"'})


def as_json(*words: str, database: str) -> Any:
    done = rawi(*words, "--json", database=database)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def test_a_replay_says_what_would_change_and_then_changes_it(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site)
    site.routes["/feed"] = Answer(rss("/0", "/1", "/2", "/3"))
    site.routes["/3"] = Answer("<html><body><p>قريبا</p></body></html>".encode())
    await crawl_site()
    asked = len(site.requests)
    report = as_json("replay", "--dry-run", database=database_url)
    assert (report["read"], report["changed"], report["recovered"], report["written"]) == (4, 0, 0, False)

    rawi("sources", "rules", "site", "--remove-text", "^عرض خاص.*$", database=database_url)
    # Earlier rules knew nothing of this quotation.
    await fetch_all(pool, "DELETE FROM quotes WHERE article_id = 1 RETURNING 1 AS one")
    report = as_json("replay", "--dry-run", "--source", "site", database=database_url)
    assert (report["changed"], report["fields"], report["quotes_gained"]) == (3, {"text": 3}, 2)
    assert SOLD in report["samples"][0]["before"]
    assert SOLD not in report["samples"][0]["after"]
    assert await fetch_all(pool, "SELECT 1 FROM article_versions") == []
    assert "Nothing was written" in rawi("replay", "--dry-run", database=database_url).stdout

    assert as_json("replay", database=database_url)["written"]
    rows = await fetch_all(pool, "SELECT cause FROM article_versions")
    assert [row["cause"] for row in rows] == ["rules"] * 3
    assert as_json("replay", "--dry-run", database=database_url)["changed"] == 0
    assert json.loads(rawi("articles", "changes", "--json", database=database_url).stdout) == []
    assert len(site.requests) == asked


async def test_findings_are_corrected_where_the_words_stay(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site, 1)
    await crawl_site()
    before = await fetch_all(pool, "SELECT position, text FROM quotes ORDER BY position")
    await fetch_all(pool, "DELETE FROM quotes RETURNING 1 AS one")
    assert as_json("replay", database=database_url)["quotes_gained"] == len(before)
    assert await fetch_all(pool, "SELECT position, text FROM quotes ORDER BY position") == before
    assert await fetch_all(pool, "SELECT 1 FROM article_versions") == []


async def test_the_oldest_pages_go_when_there_is_no_room(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    publish(site)
    await crawl_site()
    await fetch_all(
        pool, "UPDATE pages SET fetched_at = fetched_at - interval '1 day' WHERE article_id = 2 RETURNING 1 AS x"
    )
    [stock] = as_json("pages", "list", database=database_url)
    assert stock["pages"] == 3
    await Archive(pool).keep_within(stock["bytes"] - 1)
    assert [row["article_id"] for row in await fetch_all(pool, "SELECT article_id FROM pages ORDER BY 1")] == [1, 3]


async def test_what_is_written_to_warc_is_loaded_from_it(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str, tmp_path: Path
) -> None:
    publish(site)
    await crawl_site()
    file = tmp_path / "pages.warc.gz"
    assert rawi("pages", "export", str(file), database=database_url).returncode == 0
    assert not file.with_name("pages.warc.gz.part").exists()
    columns = "SELECT url, title, text, published_at FROM articles ORDER BY url"
    before = await fetch_all(pool, columns)  # type: ignore[arg-type]
    [again] = as_json("ingest", str(file), database=database_url)
    assert (again["new"], again["unchanged"]) == (0, 3)

    await fetch_all(pool, "DELETE FROM articles RETURNING 1 AS one")
    asked = len(site.requests)
    [loaded] = as_json("ingest", str(file), "--source", "site", database=database_url)
    assert (loaded["new"], loaded["rejected"], loaded["skipped"]) == (3, {}, {"record-warcinfo": 1})
    assert await fetch_all(pool, columns) == before  # type: ignore[arg-type]
    [kept] = await fetch_all(pool, "SELECT headers FROM pages WHERE url LIKE '%/1'")
    assert ["etag", '"1"'] in kept["headers"]
    assert len(site.requests) == asked


def write_warc(file: Path, pages: list[tuple[str, int, str, bytes, datetime]]) -> None:
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, status, kind, body, moment in pages:
            headers = StatusAndHeaders(
                f"{status} X", [("Content-Type", kind), ("Content-Encoding", "gzip"), ("Set-Cookie", "a=1")],
                protocol="HTTP/1.1",
            )  # fmt: skip
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(gzip.compress(body)), http_headers=headers,
                warc_headers_dict={"WARC-Date": f"{moment:%Y-%m-%dT%H:%M:%SZ}"},
            )  # fmt: skip
            writer.write_record(record)


async def test_a_news_crawl_of_many_hosts_is_read_by_the_rules_of_ours(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str, tmp_path: Path
) -> None:
    publish(site, 1)
    await crawl_site()
    old = datetime.now(UTC) - timedelta(days=400)
    page = article_page(title="خبر قديم", text=f"{LONG}\n{SAID}", charset="windows-1256")
    file = tmp_path / "crawl.warc.gz"
    write_warc(file, [
        (site.url("/old"), 200, "text/html; charset=windows-1256", page, old),
        (site.url("/0"), 200, "text/html", article_page(title="كما كان", text=LONG), old),
        (site.url("/pixel"), 200, "image/png", b"png", old),
        (site.url("/missing"), 404, "text/html", page, old),
        (site.url("/section"), 200, "text/html", "<html><body><a href=/a>خبر</a></body></html>".encode(), old),
        ("https://elsewhere.example/1", 200, "text/html", page, old),
    ])  # fmt: skip
    [report] = as_json("ingest", str(file), database=database_url)
    assert (report["new"], report["updated"], report["unchanged"]) == (1, 0, 1)
    assert report["skipped"] == {"http-404": 1, "no-source": 1, "not-html": 1}
    assert sum(report["rejected"].values()) == 1
    rows = {row["title"]: row for row in await fetch_all(pool, "SELECT title, first_seen_at, version FROM articles")}
    assert abs(rows["خبر قديم"]["first_seen_at"] - old) < timedelta(seconds=2)
    assert "كما كان" not in rows
    kept = await fetch_all(pool, "SELECT headers FROM pages WHERE url LIKE '%/old'")
    assert "set-cookie" not in dict(kept[0]["headers"])


def test_a_file_that_is_no_archive_or_is_cut_is_told(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO sources (name, home) VALUES ('nahr', 'https://nahr.example/')")
    nothing = tmp_path / "nothing.warc"
    nothing.write_text("this is no archive\n")
    done = rawi("ingest", str(nothing), database=database_url)
    assert (done.returncode, "no WARC file" in " ".join(done.stderr.split())) == (2, True)
    whole = tmp_path / "whole.warc.gz"
    write_warc(whole, [
        (f"https://nahr.example/{n}", 200, "text/html", article_page(title=f"خبر {n}", text=f"{LONG}\n{n} {SAID}"),
         datetime(2026, 1, 1, tzinfo=UTC)) for n in range(3)
    ])  # fmt: skip
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole.read_bytes()[:-400])
    done = rawi("ingest", str(cut), "--json", database=database_url)
    [report] = json.loads(done.stdout)
    assert (report["new"], "broken" in report["broken"], done.returncode) == (2, True, 1)


async def test_a_page_of_another_site_is_not_replayed_into_the_source_that_led_there(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/feed"] = Answer(rss("/1"))
    site.routes["/1"] = Answer(status=302, headers={"Location": site.url("/other", "elsewhere")})
    site.routes["/other"] = Answer(article_page(title="خبر من موقع آخر", text=f"{LONG}\n{SAID}"))
    report = await crawl_site()
    assert dict(report.rejected) == {"off-site": 1}
    report = as_json("replay", database=database_url)
    assert (report["recovered"], await fetch_all(pool, "SELECT url FROM articles")) == (0, [])


def test_records_that_lie_are_left_out(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO sources (name, home) VALUES ('nahr', 'https://nahr.example/')")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    page = article_page(title="خبر", text=f"{LONG}\n{SAID}")
    file = tmp_path / "lies.warc.gz"
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)

        def write(url: str, date: str, **more: str) -> None:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            about = {"WARC-Date": date, **{name.replace("_", "-"): value for name, value in more.items()}}
            writer.write_record(writer.create_warc_record(
                url, "response", payload=BytesIO(page), http_headers=headers, warc_headers_dict=about
            ))  # fmt: skip

        good = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        write("https://nahr.example/ahead", "2999-01-01T00:00:00Z")
        write("https://nahr.example/before", "0001-01-01T00:00:00+14:00")
        write("https://[nahr.example/", good)
        write("https://nahr.example/\0", good)
        write("https://nahr.example/part", good, WARC_Rawi_Part="first")
        write("https://nahr.example/1", good)
        for part in range(1, 25):
            write("https://nahr.example/1", good, WARC_Rawi_Part=str(part))
    [report] = as_json("ingest", str(file), database=database_url)
    assert (report["new"], report["broken"]) == (1, None)
    assert report["skipped"] == {"no-address-or-date": 5, "too-many-parts": 5}


async def test_no_pages_are_kept_where_none_are_wanted(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str, tmp_path: Path
) -> None:
    publish(site)
    await crawl_site()
    file = tmp_path / "pages.warc.gz"
    rawi("pages", "export", str(file), database=database_url)
    await fetch_all(pool, "DELETE FROM articles RETURNING 1 AS one")
    done = rawi("ingest", str(file), "--json", database=database_url, RAWI_KEEP_PAGES="0")
    [loaded] = json.loads(done.stdout)
    assert (loaded["new"], await fetch_all(pool, "SELECT 1 FROM pages")) == (3, [])


async def test_half_an_article_is_not_recovered(
    site: Site, crawl_site: CrawlSite, pool: AsyncConnectionPool, database_url: str
) -> None:
    site.routes["/feed"] = Answer(rss("/story", "/other"))
    empty = "<html><body><p>قريبا</p></body></html>".encode()
    site.routes["/story"] = site.routes["/other"] = Answer(empty)
    await crawl_site()
    # Earlier rules refused them.
    whole = article_page(title="خبر", text=f"{LONG}\n{SAID}")
    first = whole.replace(b"</article>", b"</article><a rel=next href=/story/2>2</a>")
    async with pool.connection() as connection:
        for path, body in (("/story", first), ("/other", whole)):
            await connection.execute("UPDATE quarantine SET body = %s WHERE url = %s", (compress(body), site.url(path)))
    assert as_json("replay", database=database_url)["recovered"] == 1
    [row] = await fetch_all(pool, "SELECT url FROM articles")
    assert row["url"].endswith("/other")
