"""Migrations on a large store: how long does each take, and how long does a crawl that writes beside it wait?

    python -m benchmarks.migrations 100000

Articles with quotations, hashtags and versions are generated into a database as the first release made it, on an
embedded Postgres of its own. Then the further migrations run one by one, while another session saves an article again
and again.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psycopg

from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import known_migrations, migrate

#: The schema that is filled: that of the first release.
FIRST = 1

FILL = """
INSERT INTO sources (name, home) VALUES ('nahr', 'https://nahr.example/');
INSERT INTO speakers (key, type, name)
SELECT 'سعاد النجار ' || n, 'person', 'سعاد النجار ' || n FROM generate_series(1, 50000) n;
INSERT INTO hashtags (key) SELECT 'وسم ' || n FROM generate_series(1, 5000) n;
INSERT INTO articles (source_id, url, title, text, fingerprint, content_hash, first_seen_at, last_seen_at, updated_at)
SELECT 1, 'https://nahr.example/' || n, 'خبر ' || n, repeat('قالت سعاد النجار إن السد اكتمل ' || n || ' ', 60), n, '',
       now(), now(), now()
FROM generate_series(1, {articles}) n;
INSERT INTO quotes (article_id, position, kind, span, text, speaker_id, confidence, rule)
SELECT a.id, k, 'indirect', int4range(k, k + 20), substr(a.text, k + 1, 20), 1 + (a.id * k) % 50000, 0.9, 'x'
FROM articles a, generate_series(0, 2) k;
INSERT INTO article_hashtags (article_id, hashtag_id, tag, origin)
SELECT id, 1 + id % 5000, '#وسم_' || id, 'keywords' FROM articles;
INSERT INTO article_versions (article_id, version, title, text, authors, seen_at, replaced_at)
SELECT id, 1, title, text, '{{}}', now(), now() FROM articles WHERE id % 5 = 0;
ANALYZE;
"""
#: What a save writes, in its order.
WRITES = (
    "UPDATE articles SET last_seen_at = now() WHERE id = 1",
    "UPDATE quotes SET confidence = 0.8 WHERE article_id = 1",
    "UPDATE speakers SET name = name WHERE id = 1",
)


def main() -> None:
    """Fill a store, migrate it, and print how long everybody waited."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder))
        with server as url:
            migrate(url, to=FIRST)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(FILL.format(articles=options.articles))  # type: ignore[call-overload]
            for migration in known_migrations():
                if migration.version > FIRST:
                    _measure(url, migration.version, migration.name)
        server.wait_until_stopped()


def _measure(url: str, version: int, name: str) -> None:
    waits: list[float] = []
    done = threading.Event()
    writer = threading.Thread(target=_write, args=(url, waits, done))
    writer.start()
    time.sleep(0.2)
    began = time.perf_counter()
    migrate(url, to=version)
    took = time.perf_counter() - began
    done.set()
    writer.join()
    print(f"{version:04} {name:<12} {took:6.2f} s, longest wait of a writer {max(waits):5.2f} s", flush=True)


def _write(url: str, waits: list[float], done: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while not done.is_set():
            began = time.perf_counter()
            with connection.transaction():
                for statement in WRITES:
                    connection.execute(statement)
            waits.append(time.perf_counter() - began)
            time.sleep(0.005)


if __name__ == "__main__":
    main()
