"""Duplicates: are the right ones found, and how long does it take to look one up?

    python -m benchmarks.duplicates --sites BUILT            precision and recall on labelled copies
    python -m benchmarks.duplicates --lookup 1000000         milliseconds a lookup among so many generated articles

BUILT is a built folder of news sites (`sites.json`, a folder a site, `gold/` with `copy_of`). Each runs on an embedded
Postgres of its own, in a temporary folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from benchmarks.corpus import SITES_NOW, feed_claims, site_page
from pipelines.analyse import analyse
from pipelines.storage.duplicates import Duplicates, candidates
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool
from pipelines.storage.store import Settled, Store

#: Of generated articles: every one shares hashes of a phrase that so many others have, as agencies' phrases are.
COMMON_EVERY, COMMON_PHRASES = 10, 200
LOOKUPS = 500


def main() -> None:
    """Run what was asked for and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--sites", type=Path)
    wanted.add_argument("--lookup", type=int, metavar="ARTICLES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder))
        with server as url:
            migrate(url)
            if options.sites:
                asyncio.run(_quality(url, options.sites))
            if options.lookup:
                asyncio.run(_lookups(url, options.lookup))
        server.wait_until_stopped()


async def _quality(url: str, built: Path) -> None:
    golds = [json.loads(path.read_text("utf-8")) for path in sorted((built / "gold").glob("*.json"))]
    golds = [gold for gold in golds if gold["kind"] == "article" and not gold.get("robots_disallowed")]
    claims = {row["site"]: feed_claims(built, row) for row in json.loads((built / "sites.json").read_text("utf-8"))}
    async with open_pool(url) as pool:
        source = await _source(pool)
        batch, names = [], {}
        for gold in golds:
            article = analyse(site_page(built, gold, claims[gold["site"]]))
            names[article.url] = gold["id"]
            batch.append(Settled(source_id=source, url=article.url, seen_at=SITES_NOW, article=article))
        await Store(pool).save(batch)
        await Duplicates(pool).find()
        rows = await _all(
            pool, "SELECT a.url, m.cluster_id FROM cluster_members m JOIN articles a ON a.id = m.article_id"
        )
    found = _pairs({names[row["url"]]: row["cluster_id"] for row in rows})
    originals = {gold["id"]: gold.get("copy_of") for gold in golds}
    labelled = _pairs({name: _original(name, originals) for name in originals})
    right = len(found & labelled)
    print(f"{len(golds)} articles, {len(labelled)} pairs of copies, {len(found)} found")
    print(f"precision {right / max(len(found), 1):.3f}  recall {right / max(len(labelled), 1):.3f}")
    for kind, pairs in (("wrong", found - labelled), ("missed", labelled - found)):
        for pair in sorted(pairs):
            print(kind, *pair)


def _original(name: str, originals: dict[str, str | None]) -> str:
    while (above := originals.get(name)) is not None:
        name = above
    return name


def _pairs(group_of: dict[str, Any]) -> set[tuple[str, str]]:
    return {(a, b) for a, b in combinations(sorted(group_of), 2) if group_of[a] == group_of[b]}


async def _lookups(url: str, articles: int) -> None:
    began = time.monotonic()
    async with open_pool(url, size=1) as pool:
        source = await _source(pool)
        for first in range(0, articles, 50_000):
            await _generate(pool, source, first, min(first + 50_000, articles))
            sys.stderr.write(f"\r{first + 50_000} articles, {time.monotonic() - began:.0f} s ")
        await _run(pool, "ANALYZE sketches")
        random.seed(7)
        chosen = [random.randrange(1, articles + 1) for _ in range(LOOKUPS)]
        times, found = [], 0
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            for number in chosen:
                await cursor.execute("SELECT hashes FROM sketches WHERE article_id = %s", (number,))
                row = await cursor.fetchone()
                assert row is not None
                # A copy: a third of its shingles are others.
                kept = random.sample(row["hashes"], len(row["hashes"]) * 2 // 3)
                copy = kept + [random.randrange(-(2**63), 2**63) for _ in range(len(row["hashes"]) - len(kept))]
                started = time.perf_counter()
                found += number in (await candidates(cursor, {0: copy}))[0]
                times.append((time.perf_counter() - started) * 1000)
    times.sort()
    print(f"\n{articles} articles: median {statistics.median(times):.2f} ms, 95 % {times[int(LOOKUPS * 0.95)]:.2f} ms, "
          f"slowest {times[-1]:.2f} ms; {found} of {LOOKUPS} copies found")  # fmt: skip


async def _generate(pool: AsyncConnectionPool, source: int, first: int, last: int) -> None:
    """Store short articles with sketches of random hashes, of which some are those of common phrases."""
    await _run(
        pool,
        """INSERT INTO articles (
               source_id, url, text, fingerprint, content_hash, first_seen_at, last_seen_at, updated_at
           ) SELECT %(source)s, 'https://x.example/' || n, 'x', 0, '', now(), now(), now()
           FROM generate_series(%(first)s::int + 1, %(last)s) n""",
        source=source, first=first, last=last,
    )  # fmt: skip
    await _run(
        pool,
        """INSERT INTO sketches (article_id, hashes)
           SELECT a.id, array_agg(CASE WHEN k = 1 AND a.id %% %(every)s = 0 THEN (random() * %(phrases)s)::bigint
                                  ELSE ('x' || substr(md5(a.id || '/' || k), 1, 16))::bit(64)::bigint END)
           FROM articles a, generate_series(1, 24) k
           WHERE a.id > %(first)s AND a.id <= %(last)s GROUP BY a.id""",
        every=COMMON_EVERY, phrases=COMMON_PHRASES, first=first, last=last,
    )  # fmt: skip


async def _source(pool: AsyncConnectionPool) -> int:
    rows = await _all(pool, "INSERT INTO sources (name, home) VALUES (md5(random()::text), 'x') RETURNING id")
    return int(rows[0]["id"])


async def _all(pool: AsyncConnectionPool, query: Any) -> list[dict[str, Any]]:
    async with pool.connection() as connection:
        return await (await connection.cursor(row_factory=dict_row).execute(query)).fetchall()


async def _run(pool: AsyncConnectionPool, query: Any, **parameters: Any) -> None:
    async with pool.connection() as connection:
        await connection.execute(query, parameters or None)


if __name__ == "__main__":
    main()
