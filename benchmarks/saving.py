"""What does saving cost, against analysis? And how long does a search take in a large store?

    python -m benchmarks.saving --sites BUILT          processor time of analysing and of saving, client and server
    python -m benchmarks.saving --search 100000        milliseconds a query among so many generated articles

BUILT is a built folder of news sites (`sites.json`, a folder a site, `gold/`). Each runs on an embedded Postgres of its
own, in a temporary folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from benchmarks.corpus import SITES_NOW, feed_claims, site_page
from pipelines.analyse import analyse
from pipelines.model import Article
from pipelines.search.query import parse_query
from pipelines.search.words import EDITION, article_vector
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool
from pipelines.storage.search import Filters, Search
from pipelines.storage.store import Settled, Store

#: How often the labelled articles are saved again, each time under other addresses; and in batches of a crawl's size.
ROUNDS, BATCH = 10, 32
#: Words of generated articles: so many different ones, of which the first ones are in nearly every article.
VOCABULARY, LENGTH = 40_000, 300
QUERIES = {
    "a rare word": "كلمة39000", "a word of one article in ten": "كلمة900", "a word that all have": "كلمة1",
    "two words": "كلمة200 كلمة900", "a phrase": '"كلمة5 كلمة9"', "without a word": "كلمة900 -كلمة2",
    "a beginning": "كلمة3900*",
}  # fmt: skip


def main() -> None:
    """Run what was asked for and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--sites", type=Path)
    wanted.add_argument("--search", type=int, metavar="ARTICLES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder))
        with server as url:
            migrate(url)
            if options.sites:
                asyncio.run(_saving(url, options.sites))
            else:
                asyncio.run(_searching(url, options.search))
        server.wait_until_stopped()


async def _saving(url: str, built: Path) -> None:
    golds = [json.loads(path.read_text("utf-8")) for path in sorted((built / "gold").glob("*.json"))]
    claims = {row["site"]: feed_claims(built, row) for row in json.loads((built / "sites.json").read_text("utf-8"))}
    pages = [site_page(built, gold, claims[gold["site"]]) for gold in golds if gold["kind"] == "article"]
    began = time.process_time()
    articles = [analyse(page) for page in pages]
    analysing = (time.process_time() - began) / len(pages) * 1000
    async with open_pool(url, size=1) as pool:
        source, store = await _source(pool), Store(pool)
        backend = await _backend(pool)
        server, client = _cpu(backend), time.process_time()
        for number in range(ROUNDS):
            settled = [
                Settled(source, page.url, SITES_NOW, replace(_moved(article, number)), page=page)
                for page, article in zip(pages, articles, strict=True)
            ]
            for first in range(0, len(settled), BATCH):
                await store.save(settled[first : first + BATCH])
        saved = ROUNDS * len(pages)
        client, server = (time.process_time() - client) / saved * 1000, (_cpu(backend) - server) / saved * 1000
    whole = analysing + client + server
    print(f"an article: analysing {analysing:.1f} ms, saving {client:.2f} ms here and {server:.2f} ms in Postgres")
    print(f"saving is {100 * (client + server) / whole:.1f} % of both")


def _moved(article: Article, number: int) -> Article:
    return replace(article, url=f"{article.url}?round={number}")


async def _backend(pool: AsyncConnectionPool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    return int(row[0]) if row else 0


def _cpu(pid: int) -> float:
    """Return the seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _searching(url: str, articles: int) -> None:
    random.seed(7)
    now = datetime.now(UTC)
    words = [f"كلمة{n}" for n in range(1, VOCABULARY + 1)]
    weights = [1 / n for n in range(1, VOCABULARY + 1)]
    async with open_pool(url, size=1) as pool:
        source = await _source(pool)
        async with pool.connection() as connection:
            for first in range(0, articles, 1000):
                rows = []
                for number in range(first, min(first + 1000, articles)):
                    text = " ".join(random.choices(words, weights, k=LENGTH))
                    rows.append((source, f"https://x.example/{number}", text, now - timedelta(minutes=number),
                                 article_vector(None, text, ())))  # fmt: skip
                await connection.cursor().executemany(
                    "WITH a AS (INSERT INTO articles (source_id, url, text, fingerprint, content_hash, first_seen_at, "
                    "last_seen_at, updated_at) VALUES (%s, %s, %s, 0, '', %s, now(), now()) RETURNING id) "
                    f"INSERT INTO article_words SELECT id, %s::tsvector, {EDITION} FROM a",
                    rows,
                )
                await connection.commit()
            await connection.set_autocommit(True)
            await connection.execute("VACUUM ANALYZE")
            await connection.set_autocommit(False)
        search = Search(pool, now=now)
        print(f"{articles} articles of {LENGTH} words")
        for name, text in QUERIES.items():
            times = []
            for _ in range(7):
                began = time.perf_counter()
                found = await search.articles(parse_query(text), Filters(), limit=10)
                times.append((time.perf_counter() - began) * 1000)
            print(f"{name:<30} {found.total:>7} hits  {statistics.median(times):7.1f} ms")


async def _source(pool: AsyncConnectionPool) -> int:
    query = "INSERT INTO sources (name, home) VALUES ('nahr', 'https://nahr.example/') RETURNING id"
    async with pool.connection() as connection:
        row = await (await connection.execute(query)).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
