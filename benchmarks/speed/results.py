"""From rounds to figures: medians, ratios to plain, and whether the targets are met."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio or a figure that is wanted: ``at_least`` it or, else, at most."""

    name: str
    wanted: float
    found: Callable[[Results], float]
    at_least: bool = False


def _rate(name: str) -> Callable[[Results], float]:
    return lambda results: _per_second(results, name) / _per_second(results, "plain")


def _per_second(results: Results, name: str) -> float:
    return float(results["contenders"][name]["per_second"])


def _memory(results: Results) -> float:
    peaks = (results["contenders"][name]["peak_memory"] for name in ("Rawi cold", "Rawi warm"))
    return float(max(max(peak["main"], peak["analysis"]) for peak in peaks)) / 1024**2


def _saving(results: Results) -> float:
    saved = sum(results["saving"].values())
    return float(saved / results["contenders"]["Rawi warm"]["cpu_ms_all"])


TARGETS = (
    Target("warm, articles/s against plain", 4.0, _rate("Rawi warm"), at_least=True),
    Target("cold, articles/s against plain", 2.5, _rate("Rawi cold"), at_least=True),
    Target(
        "the whole analysis of a warm page against trafilatura with metadata, CPU", 0.35,
        lambda results: results["readers"]["Rawi, warm, whole analysis"]["ratio"],
    ),
    Target("saving, share of a warm crawl's CPU", 0.08, _saving),
    Target("peak memory of a process of Rawi's, MB", 250.0, _memory),
)  # fmt: skip


def median_of(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians of the rounds, figure by figure; of memory the largest."""
    found: dict[str, Any] = {}
    for name, first in rounds[0].items():
        values = [row[name] for row in rounds]
        if name == "peak_memory":
            found[name] = {role: max(value[role] for value in values) for role in first}
        elif isinstance(first, dict):
            found[name] = median_of(values)
        else:
            found[name] = None if first is None else statistics.median(values)
    return found


def judge(results: Results) -> list[dict[str, Any]]:
    """Return each target with what was found, and whether that is enough."""
    rows = []
    for target in TARGETS:
        found = target.found(results)
        met = found >= target.wanted if target.at_least else found <= target.wanted
        rows.append({"name": target.name, "wanted": target.wanted, "found": found, "met": met})
    return rows
