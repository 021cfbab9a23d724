"""How long until something happens? `rawi --help`, and `rawi crawl` up to the first request that a server sees.

    python -m benchmarks.startup [--runs 11] [--json]

The store has one source and runs already; the server is on loopback. Beside them stands what nobody can do without:
Python alone, and Python that has imported Scrapy and psycopg. The four take turns; printed are medians, seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.repoll import RAWI, PolledStore, polled_once


def whole(*command: str) -> float:
    """Return how long a command takes, seconds."""
    began = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def to_first_request(store: PolledStore) -> float:
    """Return the seconds from the start of ``rawi crawl`` to its first request."""
    store.server.take()
    began = time.monotonic()
    store.crawl()
    return store.server.take()["first"] - began


def measure(runs: int) -> dict[str, float]:
    """Return the medians of so many runs."""
    with polled_once(feeds=1, hosts=1) as store:
        ways: dict[str, Callable[[], float]] = {
            "python": lambda: whole(sys.executable, "-c", "pass"),
            "import scrapy.crawler, psycopg": lambda: whole(sys.executable, "-c", "import scrapy.crawler, psycopg"),
            "rawi --help": lambda: whole(RAWI, "--help"),
            "rawi crawl, to its first request": lambda: to_first_request(store),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(runs + 1):
            for name, way in ways.items():
                taken[name].append(way())
    # The first of each reads files that are in memory from then on.
    return {name: median(each[1:]) for name, each in taken.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.runs)
    if arguments.json:
        print(json.dumps({name: round(seconds, 3) for name, seconds in found.items()}))
        return
    table = Table("", "seconds")
    for name, seconds in found.items():
        table.add_row(name, f"{seconds:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
