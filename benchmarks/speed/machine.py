"""What it was measured on, so that results of other machines can be laid beside."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("rawi", "scrapy", "trafilatura", "lxml", "feedparser", "psycopg", "pebble",
            "newspaper4k", "news-please", "readability-lxml", "resiliparse")  # fmt: skip


def machine(postgres: str) -> dict[str, object]:
    """Return cores, processor, memory, system, Python, Postgres, packages and the moment."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgres": postgres,
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "command": " ".join(["python", "-m", "benchmarks.speed", *sys.argv[1:]]),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
