"""Who is measured: each a process of its own, on a database of its own, and nothing else meanwhile.

*plain* is what a competent user would write; *download only* is the same without reading or storing anything, the
ceiling of one Scrapy process. Rawi is measured on sources it has never seen (*cold*), on sources whose pages it has
learned (*warm*), and when nothing is new (*second poll*). A run in which anybody stored too little is no run.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.speed.databases import Databases
from benchmarks.speed.processes import Used, own_cpu, peak_memory, run
from benchmarks.speed.web import ServedWeb
from pipelines.urls import canonical_url

EMPTY, COLD, WARM = "empty", "cold-template", "warm-template"
TEXTS = {"plain": "SELECT url, body FROM articles", "rawi": "SELECT url, text FROM articles"}


#: Told the number of the last article and the peak memory by role.
Note = Callable[[int, dict[str, int]], None]


class RunFailedError(Exception):
    """Somebody did not do what was to be measured."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One who is measured. ``stores`` is whose articles are counted afterwards: ``plain``, ``rawi`` or nobody's.

    ``template`` is the database that is copied for each round; ``after`` the contender whose database is used on.
    """

    name: str
    phase: str
    stores: str | None
    template: str = EMPTY
    after: str | None = None


CONTENDERS = (
    Contender("plain", "measured", "plain"),
    Contender("download only", "measured", None),
    Contender("Rawi cold", "measured", "rawi", COLD),
    Contender("Rawi warm", "grown", "rawi", WARM),
    Contender("Rawi second poll", "grown", None, after="Rawi warm"),
)


@dataclass(frozen=True)
class Course:
    """Where contenders run: a served web, an embedded Postgres, and a folder for what they print."""

    web: ServedWeb
    databases: Databases
    folder: Path

    def prepare(self) -> None:
        """Make the templates: sources never seen, and the same after their first articles were crawled."""
        self.databases.create(EMPTY)
        self.databases.create_schema(COLD, self.web.outlets)
        self.databases.create(WARM, COLD)
        self.web.enter_phase("learn")
        log = self.folder / "prepare.log"
        # What the first half taught is on trial while the second is read.
        for limit in (["--limit", str(-(-self.web.learned // 2))], []):
            if run([*_rawi(), *limit], self._environment(WARM), log).status:
                raise RunFailedError(f"learning ended with {log.read_text('utf-8', 'replace')[-2000:]}")
        if trials := self._trials():
            raise RunFailedError(f"{trials} containers are on trial after {self.web.learned} articles of each outlet")

    def run(self, contender: Contender, note: Note = lambda _, __: None) -> dict[str, Any]:
        """Let one run, and return its figures; an unfinished one raises :class:`RunFailedError`.

        ``note`` is told, now and then, the number of the last article and the peak memory so far by role, bytes.
        """
        database = _database(contender.after or contender.name)
        if contender.after is None:
            self.databases.create(database, contender.template)
        stored_before = self._stored(contender, database)
        self.web.enter_phase(contender.phase)
        before, cpu, server = self.databases.written(database), self.databases.cpu(), own_cpu(self.web.pid)
        watch = _LastSave(self.databases.url(database), self.databases, note)
        log = self.folder / f"{database}.log"
        command = _rawi() if contender.name.startswith("Rawi") else self._plain(contender, database)
        used = run(command, self._environment(database), log, watch.look)
        postgres, server = self.databases.cpu() - cpu, own_cpu(self.web.pid) - server
        watch.close()
        after, counts = self.databases.written(database), self.web.counts()
        articles = self.web.measured if contender.after is None else 0
        stored = self._stored(contender, database) - stored_before
        wrong = used.status or counts["not_found"] or (contender.stores and stored != articles)
        if wrong or (contender.after and counts["not_modified"] != len(self.web.outlets)):
            raise RunFailedError(
                f"{contender.name} ended with {used.status} and stored {stored} of {articles} articles; the web was "
                f"asked {counts}. Its last words: {log.read_text('utf-8', 'replace')[-2000:]}"
            )
        units = articles or len(self.web.outlets)
        return {
            **_figures(used, units, postgres, watch, counts),
            "server_cpu_ms": 1000 * server / units,
            "stored": stored,
            "exact_texts": self._exact(contender, database),
            "rows_inserted": after.inserted - before.inserted,
            "rows_updated": after.updated - before.updated,
            "wal_bytes": after.wal - before.wal,
            "database_bytes": after.size - before.size,
            "requests": counts["requests"],
        }

    def _plain(self, contender: Contender, database: str) -> list[str]:
        command = [sys.executable, "-m", "benchmarks.plain", str(self.web.file), self.databases.url(database)]
        return command if contender.stores else [*command, "--download-only"]

    def _environment(self, database: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAWI_")}
        return kept | {
            "RAWI_DATABASE_URL": self.databases.url(database),
            "RAWI_DATA_DIR": str(self.folder / "unused"),
            "RAWI_ALLOW_HOSTS": "*.localhost",
            "RAWI_DELAY": "0",
        }

    def _stored(self, contender: Contender, database: str) -> int:
        if contender.stores is None:
            return 0
        with psycopg.connect(self.databases.url(database)) as connection:
            exists = connection.execute("SELECT to_regclass('articles') IS NOT NULL").fetchone()
            row = connection.execute("SELECT count(*) FROM articles").fetchone() if exists and exists[0] else None
        return int(row[0]) if row else 0

    def _exact(self, contender: Contender, database: str) -> float | None:
        """Return the share of measured articles whose text is what their outlet wrote, word for word."""
        if contender.stores is None:
            return None
        with psycopg.connect(self.databases.url(database)) as connection:
            rows = connection.execute(TEXTS[contender.stores]).fetchall()
        said = {canonical_url(url): (text or "").split() for url, text in rows}
        right = sum(said.get(url) == row["text"].split() for url, row in self.web.truth.items() if row["measured"])
        return float(right / self.web.measured)

    def _trials(self) -> int:
        with psycopg.connect(self.databases.url(WARM)) as connection:
            query = "SELECT count(*) FROM rules WHERE state = 'trial' AND kind = 'container'"
            row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0


class _LastSave:
    """Looks, now and then, when the number of the last article was last another one; and how large Postgres is."""

    def __init__(self, url: str, databases: Databases, note: Note) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._databases = databases
        self._note = note
        self._last: int | None = None
        self.at: float | None = None
        self.memory = 0

    def look(self, memory: dict[str, int]) -> None:
        try:
            row = self._connection.execute("SELECT max(id) FROM articles").fetchone()
        except psycopg.errors.UndefinedTable:
            row = None
        if row and row[0] != self._last:
            self._last, self.at = row[0], time.time()
            self._note(row[0], memory)
        self.memory = max([self.memory, *map(peak_memory, self._databases.processes())])

    def close(self) -> None:
        self._connection.close()


def _figures(used: Used, units: int, postgres: float, watch: _LastSave, counts: dict[str, Any]) -> dict[str, Any]:
    """Return times and memory; ``units`` are articles, or feeds where nothing is new."""
    last = max(watch.at or 0.0, counts["last"])
    cpu = {"main": used.cpu["main"], "analysis": used.cpu["analysis"], "postgres": postgres}
    return {
        "units": units,
        "seconds": used.seconds,
        "per_second": units / used.seconds,
        "first_request_s": counts["first"] - used.began,
        "per_second_at_work": units / max(last - counts["first"], 0.001),
        "cpu_ms": {name: 1000 * seconds / units for name, seconds in cpu.items()},
        "cpu_ms_all": 1000 * sum(cpu.values()) / units,
        "peak_memory": {
            "main": used.memory.get("main", 0),
            "analysis": used.memory.get("analysis", 0),
            "postgres": watch.memory,
        },
    }


def _rawi() -> list[str]:
    return [sys.executable, "-m", "crawler.cli", "crawl", "--json"]


def _database(name: str) -> str:
    return name.lower().replace(" ", "-")
