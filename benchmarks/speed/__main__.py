"""Rawi against what a competent user would write, on an invented news web; everything in one go, in turns.

    python -m benchmarks.speed [--articles 3000] [--feeds 30] [--rounds 5] [--json FILE] [--compare OTHER.json]

The web is generated, seeded, and served from a process of its own; contenders run one after the other, each on a fresh
database of one embedded Postgres, round by round. See docs/performance.md for what the figures mean. With ``--json``
the figures are written to a file and a chart beside it (``.svg``); ``--compare`` lays those of another machine beside.
Linux only. The whole takes about twenty minutes on two cores; ``--articles 200 --rounds 1`` one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console

from benchmarks.speed.chart import chart
from benchmarks.speed.contenders import COLD, CONTENDERS, Course, RunFailedError
from benchmarks.speed.databases import Databases, server_in
from benchmarks.speed.machine import machine
from benchmarks.speed.pages import specimens
from benchmarks.speed.processes import become_reaper
from benchmarks.speed.readers import read_all
from benchmarks.speed.results import Results, judge, median_of
from benchmarks.speed.stages import saving, stages
from benchmarks.speed.tables import show
from benchmarks.speed.web import ServedWeb


def main() -> None:
    """Measure, print, and write what was asked for."""
    options = _options()
    other = json.loads(options.compare.read_text("utf-8")) if options.compare else None
    become_reaper()
    began = time.monotonic()
    try:
        results = measure(options)
    except RunFailedError as error:
        sys.exit(str(error))
    results["minutes"] = round((time.monotonic() - began) / 60, 1)
    show(results, Console(width=None if sys.stdout.isatty() else 150), other)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
        options.json.with_suffix(".svg").write_text(chart(results), "utf-8")


def measure(options: argparse.Namespace) -> Results:
    """Run everything and return the figures; raises :class:`RunFailedError` where somebody did not do the work."""
    with tempfile.TemporaryDirectory(prefix="rawi-benchmark-") as name:
        folder = Path(name)
        server = server_in(folder)
        with server as url:
            _say("generating the web")
            web = ServedWeb(
                folder, articles=options.articles, feeds=options.feeds, learned=options.learned, seed=options.seed
            )
            with web, psycopg.connect(url) as connection:
                version = connection.info.server_version
                results = _measure(Course(web, Databases(server), folder), options)
        server.wait_until_stopped()
    return {"machine": machine(f"{version // 10_000}.{version % 10_000}"), **results}


def _measure(course: Course, options: argparse.Namespace) -> Results:
    _say("learning from the first articles")
    course.prepare()
    rounds: dict[str, list[dict[str, Any]]] = {contender.name: [] for contender in CONTENDERS}
    for number in range(options.rounds):
        for contender in CONTENDERS:
            figures = course.run(contender)
            rounds[contender.name].append(figures)
            _say(f"round {number + 1}: {contender.name} {figures['per_second']:.1f}/s in {figures['seconds']:.1f} s")
    _say("stages and readers of a page")
    pages = specimens(course.web, options.sample)
    url = course.databases.create("saving", COLD)
    readers, absent = read_all(pages, options.rounds)
    results: Results = {
        "web": {
            "articles": course.web.measured,
            "outlets": len(course.web.outlets),
            "makes": sorted({outlet["make"] for outlet in course.web.outlets}),
            "learned": options.learned,
            "seed": options.seed,
            "page_bytes": statistics.fmean(len(page.cold.body) for page in pages),
            "words": statistics.fmean(len(page.text.split()) for page in pages),
        },
        "rounds": options.rounds,
        "contenders": {name: median_of(rows) for name, rows in rounds.items()},
        "each_round": rounds,
        "stages": stages(pages, options.rounds),
        "saving": asyncio.run(saving(url, pages)),
        "readers": readers,
        "absent": absent,
    }
    course.databases.close()
    return {**results, "targets": judge(results)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3_000, help="Articles that each contender stores.")
    parser.add_argument("--feeds", type=int, default=30, help="Outlets, each with one feed.")
    parser.add_argument("--learned", type=int, default=30, help="Articles of each outlet that warm has learned from.")
    parser.add_argument("--sample", type=int, default=80, help="Pages read one by one, for stages and peers.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--compare", type=Path, metavar="FILE")
    return parser.parse_args()


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


if __name__ == "__main__":
    main()
