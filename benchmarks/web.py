"""Readers of the pages and the API at once: how long do they wait?

    python -m benchmarks.web 100000
    python -m benchmarks.web 100000 --readers 200 --think 5 --seconds 30

A store of so many invented articles is generated on an embedded Postgres of its own and served by `rawi serve` in a
process of its own. Each reader asks for one of the routes by lot, waits for the answer, looks at it for five seconds
on average, and asks for the next one. The client has the same cores as what it measures, so times are upper bounds.
`--think 0` shows how many answers a second there are at most, and how long one then waits.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

from pipelines.arabic import key
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate

#: What is asked for, how often, and what stands for what: {id} an article, {speaker}, {hashtag}, {source}, {word}.
#: A page to measure is one line more.
ROUTES = {
    "/api/v1/articles": 6,
    "/api/v1/articles?source={source}": 3,
    "/api/v1/articles?hashtag={hashtag}": 2,
    "/api/v1/articles?speaker={speaker}": 2,
    "/api/v1/articles/{id}": 8,
    "/api/v1/quotes": 3,
    "/api/v1/quotes?speaker={speaker}": 3,
    "/api/v1/quotes?min_confidence=0.9&kind=direct": 1,
    "/api/v1/speakers": 1,
    "/api/v1/speakers/top": 1,
    "/api/v1/speakers/{speaker}": 2,
    "/api/v1/hashtags": 1,
    "/api/v1/hashtags/top": 1,
    "/api/v1/hashtags/{hashtag}": 2,
    "/api/v1/sources": 1,
    "/api/v1/sources/{source}": 1,
    "/api/v1/clusters": 1,
    "/api/v1/search?q={word}": 3,
    "/api/v1/search/quotes?q={word}": 1,
    "/api/v1/feed.rss?source={source}": 2,
    "/api/v1/feed.json?q={word}": 1,
    "/": 6,
    "/?days=30": 1,
    "/articles/{id}": 6,
    "/search?q={word}": 2,
    "/search?q={word}&look=quotes": 1,
    "/speakers": 1,
    "/speakers/{speaker}": 3,
    "/hashtags": 1,
    "/hashtags/{hashtag}": 2,
    "/sources": 2,
    "/sources/{source}": 1,
    "/runs": 1,
    "/quarantine": 1,
}

SEED, SOURCES, SPEAKERS, HASHTAGS, WORDS, PARAGRAPHS = 7, 40, 20_000, 3_000, 20_000, 3_000


def main() -> None:
    """Generate, serve, read, and print how long readers waited."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument(
        "--think", type=float, default=5.0, help="seconds on average between an answer and the next request"
    )
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--keep", type=Path, help="generate the store in this folder, or use the one that is there")
    options = parser.parse_args()
    with store(options.articles, options.keep) as url, served(url) as address:
        taken = asyncio.run(read(address, url, options.readers, options.think, options.seconds))
    report(taken, options.seconds)


@contextmanager
def store(articles: int, keep: Path | None = None) -> Iterator[str]:
    """Yield the address of a database with so many articles."""
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as folder:
        home = keep or Path(folder)
        home.mkdir(exist_ok=True)
        home.chmod(0o755)
        server = EmbeddedServer(home)
        with server as url:
            migrate(url)
            with psycopg.connect(url, autocommit=True) as connection:
                if not connection.execute("SELECT FROM articles LIMIT 1").fetchall():
                    generate(connection, articles)
            yield url
        server.wait_until_stopped()


def generate(connection: psycopg.Connection, articles: int) -> None:
    """Fill an empty store: few of the words, people and hashtags are in much of the news, and many are rare."""
    chance = random.Random(SEED)
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 7))) for _ in range(WORDS)]
    weights = [1 / rank for rank in range(1, WORDS + 1)]
    paragraphs = [" ".join(chance.choices(words, weights, k=100)) for _ in range(min(PARAGRAPHS, articles))]
    connection.execute("CREATE TEMP TABLE paragraphs (id integer PRIMARY KEY, text text, words tsvector)")
    with connection.cursor().copy("COPY paragraphs (id, text) FROM STDIN") as copy:
        for number, text in enumerate(paragraphs):
            copy.write_row((number, text))
    with connection.cursor().copy("COPY hashtags (key) FROM STDIN") as copy:
        for tag in dict.fromkeys(key(f"{word}_{number}") for number, word in enumerate(words[:HASHTAGS])):
            copy.write_row((tag,))
    fill = (files("benchmarks") / "web.sql").read_text("utf-8")
    sizes = {
        "articles": articles,
        "sources": SOURCES,
        "speakers": SPEAKERS,
        "hashtags": HASHTAGS,
        "paragraphs": len(paragraphs),
    }
    for statement in re.sub(r"\{(\w+)\}", lambda found: str(sizes[found[1]]), fill).split(";\n"):
        connection.execute(statement.encode())


@contextmanager
def served(url: str) -> Iterator[str]:
    """Serve a database; yield the address."""
    command = [sys.executable, "-c", "from crawler.cli.app import main; main()", "serve", "--port", "0"]
    # Readers share an address here, and with it their share of searches.
    environment = {**os.environ, "RAWI_DATABASE_URL": url, "RAWI_WEB_SEARCHES": "1000000"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[^ /]+", process.stdout.readline())
        assert found
        try:
            yield found[0]
        finally:
            process.terminate()


async def read(address: str, url: str, readers: int, think: float, seconds: float) -> dict[str, list[float]]:
    """Let readers read; return the seconds that each request to each route took."""
    known = values(url)
    taken: dict[str, list[float]] = defaultdict(list)
    end = time.monotonic() + seconds
    await asyncio.gather(*(reader(number, address, known, think, end, taken) for number in range(readers)))
    return taken


def values(url: str) -> dict[str, list[str]]:
    """Return what may stand for the names in routes, as often as it occurs in the store."""
    queries = {
        "id": "SELECT id FROM articles ORDER BY random() LIMIT 1000",
        "speaker": "SELECT speaker_id FROM quotes WHERE speaker_id IS NOT NULL ORDER BY random() LIMIT 1000",
        "hashtag": "SELECT tag FROM article_hashtags ORDER BY random() LIMIT 1000",
        "source": "SELECT name FROM sources",
        # As they occur, but for the commonest hundred: nobody searches for «في».
        "word": """
            SELECT word FROM (SELECT text FROM articles ORDER BY random() LIMIT 200) a,
                string_to_table(left(text, 500), ' ') word
            WHERE word <> '' AND word NOT IN (
                SELECT word FROM ts_stat('SELECT words FROM article_words LIMIT 500') ORDER BY ndoc DESC LIMIT 100)""",
    }
    with psycopg.connect(url) as connection:
        return {
            name: [quote(str(row[0]), safe="") for row in connection.execute(query.encode())]
            for name, query in queries.items()
        }


async def reader(
    number: int, address: str, known: dict[str, list[str]], think: float, end: float, taken: dict[str, list[float]]
) -> None:
    """Ask, look, and ask again over one connection until the end."""
    chance = random.Random(number)
    parts = urlsplit(address)
    stream, writer = await asyncio.open_connection(parts.hostname, parts.port)
    await asyncio.sleep(chance.random() * think)
    while time.monotonic() < end:
        (route,) = chance.choices(list(ROUTES), list(ROUTES.values()))
        path = re.sub(r"\{(\w+)\}", lambda found: chance.choice(known[found[1]]), route)
        begun = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        head = await stream.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        await stream.readexactly(int(length[1]) if length else 0)
        taken[route if head.startswith(b"HTTP/1.1 200") else f"{head[9:12].decode()} {path}"].append(
            time.perf_counter() - begun
        )
        await asyncio.sleep(chance.expovariate(1 / think) if think else 0)
    writer.close()


def report(taken: dict[str, list[float]], seconds: float) -> None:
    """Print milliseconds for each route, and for all."""
    print(f"{'route':50} {'requests':>9} {'p50 ms':>8} {'p95 ms':>8} {'slowest':>8}")
    everything = [one for times in taken.values() for one in times]
    for route, times in [*sorted(taken.items(), key=lambda item: -at(item[1], 0.95)), ("all", everything)]:
        print(f"{route:50} {len(times):9} {at(times, 0.5):8.1f} {at(times, 0.95):8.1f} {max(times) * 1000:8.1f}")
    print(f"{len(everything) / seconds:.0f} answers a second")


def at(times: Sequence[float], share: float) -> float:
    """Return the milliseconds within which this share of the answers came."""
    return sorted(times)[int(share * (len(times) - 1))] * 1000


if __name__ == "__main__":
    main()
