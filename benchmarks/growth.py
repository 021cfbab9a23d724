"""Does the cost of an article grow with what is stored? Does memory grow with what is crawled?

    python -m benchmarks.growth [--stored 1000 10000 100000] [--articles 300] [--rounds 3] [--json FILE]
    python -m benchmarks.growth --memory 50000 [--json FILE]

The first crawls the same new articles, of sources that are known, into stores of different sizes: copies of what a
crawl stored, in all tables that grow. The second crawls so many articles in one run, of sources never seen, and tells
the peak memory of each process when a thousand were stored, and ever after. The news web is that of
benchmarks/newsweb.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.speed.contenders import COLD, WARM, Contender, Course
from benchmarks.speed.databases import Databases, server_in
from benchmarks.speed.processes import become_reaper
from benchmarks.speed.results import median_of
from benchmarks.speed.web import ServedWeb
from pipelines.storage.sql import load_queries

SQL = load_queries("benchmarks", "growth.sql")
#: Articles of an outlet at one poll, as real feeds have.
WINDOW = 100
MB = 1024**2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--articles", type=int, default=300, help="New articles that each crawl brings.")
    parser.add_argument("--feeds", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, metavar="ARTICLES")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    become_reaper()
    if options.memory:
        found = _with_course(_remember, options.memory, max(options.memory // WINDOW, 1), 0, options)
    else:
        learned = -(-min(options.stored) // options.feeds)
        found = _with_course(_grow, options.articles, options.feeds, learned, options)
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _with_course(work: Any, articles: int, feeds: int, learned: int, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as name:
        folder = Path(name)
        server = server_in(folder)
        with server, ServedWeb(folder, articles=articles, feeds=feeds, learned=learned, seed=1) as web:
            databases = Databases(server)
            found: dict[str, Any] = work(Course(web, databases, folder), options)
            databases.close()
        server.wait_until_stopped()
    return found


def _grow(course: Course, options: argparse.Namespace) -> dict[str, Any]:
    """Crawl the same articles into stores of each size, in turns."""
    course.prepare()
    levels = {
        stored: Contender(f"Rawi, {stored} stored", "grown", "rawi", f"level-{stored}") for stored in options.stored
    }
    sizes = {stored: _multiply(course.databases, level.template, stored) for stored, level in levels.items()}
    rounds: dict[int, list[dict[str, Any]]] = {stored: [] for stored in levels}
    for number in range(options.rounds):
        for stored, level in levels.items():
            rounds[stored].append(course.run(level))
            sys.stderr.write(f"round {number + 1}: {level.name}: {rounds[stored][-1]['seconds']:.1f} s\n")
    rows = {stored: median_of(each) for stored, each in rounds.items()}
    table = Table("stored", "s", "to the first", "CPU ms an article", "to the first", "main", "analysis", "Postgres",
                  "log kB", title=f"{options.articles} new articles into stores of different sizes")  # fmt: skip
    first = rows[options.stored[0]]
    for stored, row in rows.items():
        cpu = row["cpu_ms"]
        table.add_row(
            f"{stored:,}", f"{row['seconds']:.1f}", f"{row['seconds'] / first['seconds']:.2f}",
            f"{row['cpu_ms_all']:.1f}", f"{row['cpu_ms_all'] / first['cpu_ms_all']:.2f}",
            *(f"{cpu[part]:.1f}" for part in ("main", "analysis", "postgres")),
            f"{row['wal_bytes'] / row['units'] / 1000:.0f}",
        )  # fmt: skip
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return {"levels": rows, "table_bytes": sizes}


def _multiply(databases: Databases, name: str, stored: int) -> dict[str, int]:
    """Make a database with about so many articles; return the sizes of its largest tables, bytes."""
    with psycopg.connect(databases.create(name, WARM), autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute(SQL["multiply"].format(articles=stored))
        connection.execute("VACUUM ANALYZE")
        rows = connection.execute(SQL["sizes"]).fetchall()
        count = connection.execute("SELECT count(*) FROM articles").fetchone()
    sys.stderr.write(f"{name}: {count[0] if count else 0} articles\n")
    return {table: int(size) for table, size in rows}


def _remember(course: Course, options: argparse.Namespace) -> dict[str, Any]:
    """Crawl many articles at once, and see what each process needed by then."""
    course.databases.create_schema(COLD, course.web.outlets)
    seen: list[tuple[int, dict[str, int]]] = []

    def note(stored: int, memory: dict[str, int]) -> None:
        if stored >= 1_000 * (len(seen) + 1) or (not seen and stored >= min(1_000, options.memory // 2)):
            seen.append((stored, dict(memory)))

    row = course.run(Contender("Rawi, many", "measured", "rawi", COLD), note)
    seen.append((row["stored"], {role: row["peak_memory"][role] for role in ("main", "analysis")}))
    table = Table("stored", "main MB", "largest of analysis MB", title="Peak memory of a process while a crawl goes on")
    for stored, memory in (seen[0], *seen[9::10], seen[-1]):
        table.add_row(f"{stored:,}", *(f"{memory.get(role, 0) / MB:.0f}" for role in ("main", "analysis")))
    Console().print(table)
    return {"peaks": seen, "run": row}


if __name__ == "__main__":
    main()
