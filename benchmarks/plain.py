"""The rival: what a competent user writes with the same packages, in one file.

    python -m benchmarks.plain WEB.JSON DATABASE_URL [--download-only]

One Scrapy process, feedparser for the feeds, ``trafilatura.extract`` in the item pipeline, an autocommitted INSERT an
article. No delay: the web is its own. With ``--download-only`` pages are fetched and dropped: the ceiling of one
Scrapy process.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import psycopg
import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.resolver import dnscache

TABLE = """CREATE TABLE IF NOT EXISTS articles (
    id bigserial PRIMARY KEY, url text UNIQUE, title text, author text, published text, body text
)"""
INSERT = """INSERT INTO articles (url, title, author, published, body) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (url) DO UPDATE SET title = excluded.title, body = excluded.body"""


class NewsSpider(scrapy.Spider):
    """Fetches feeds, and what they announce."""

    name = "news"
    feeds: list[str]
    database: str

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.feeds:
            yield scrapy.Request(url, priority=1)

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        for entry in feedparser.parse(response.body).entries:
            yield scrapy.Request(entry.link, callback=self.parse_page)

    def parse_page(self, response: Response) -> Iterator[dict[str, Any]]:
        yield {"url": response.url, "page": response.body}


class ArticlePipeline:
    """Extracts and inserts."""

    def open_spider(self, spider: NewsSpider) -> None:
        self.database = psycopg.connect(spider.database, autocommit=True)
        self.database.execute(TABLE)

    def process_item(self, item: dict[str, Any], spider: scrapy.Spider) -> dict[str, Any]:
        found = trafilatura.extract(item["page"], url=item["url"], output_format="json", with_metadata=True)
        if found:
            article = json.loads(found)
            fields = (article["title"], article["author"], article["date"], article["text"])
            self.database.execute(INSERT, (item["url"], *fields))
        return item

    def close_spider(self, spider: scrapy.Spider) -> None:
        self.database.close()


def main() -> None:
    """Crawl once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("web", type=Path)
    parser.add_argument("database")
    parser.add_argument("--download-only", action="store_true")
    options = parser.parse_args()
    feeds = [outlet["feed"] for outlet in json.loads(options.web.read_text("utf-8"))["outlets"]]
    settings = {
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "LOG_ENABLED": False,
        "ITEM_PIPELINES": {} if options.download_only else {ArticlePipeline: 100},
    }
    process = CrawlerProcess(settings)
    process.crawl(NewsSpider, feeds=feeds, database=options.database)
    # Names under .localhost are loopback's (RFC 6761), which not every system knows.
    dnscache.limit = None
    for feed in feeds:
        dnscache[urlsplit(feed).hostname] = "127.0.0.1"
    process.start()


if __name__ == "__main__":
    main()
