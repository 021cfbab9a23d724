"""The tables of a run, for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from benchmarks.speed.results import Results

MB = 1024**2


def show(results: Results, console: Console, other: Results | None = None) -> None:
    """Print the tables; with ``other``, results of another machine beside."""
    web, machine = results["web"], results["machine"]
    console.print(
        f"{web['articles']} articles of {web['outlets']} outlets, {web['page_bytes']:,.0f} bytes a page, "
        f"medians of {results['rounds']} rounds; {machine['cores']} cores of {machine['processor']}, "
        f"Python {machine['python']}, Postgres {machine['postgres']}"
    )
    console.print(_contenders(results))
    console.print(_stages(results))
    console.print(_readers(results))
    console.print(_targets(results))
    if other is not None:
        console.print(_beside(results, other))


def _contenders(results: Results) -> Table:
    table = Table("", "articles/s", "to plain", "at work", "CPU ms", "main", "analysis", "Postgres", "peak MB",
                  "rows", "log kB", "texts right", title="Crawls: an article, or a feed of the second poll",
                  )  # fmt: skip
    plain = results["contenders"]["plain"]["per_second"]
    for name, row in results["contenders"].items():
        cpu, peak, units = row["cpu_ms"], row["peak_memory"], row["units"]
        table.add_row(
            name, f"{row['per_second']:.1f}", f"{row['per_second'] / plain:.2f}", f"{row['per_second_at_work']:.1f}",
            f"{row['cpu_ms_all']:.1f}", *(f"{cpu[part]:.1f}" for part in ("main", "analysis", "postgres")),
            " / ".join(f"{peak[role] / MB:.0f}" for role in ("main", "analysis", "postgres")),
            f"{(row['rows_inserted'] + row['rows_updated']) / units:.0f}", f"{row['wal_bytes'] / units / 1000:.1f}",
            "" if row["exact_texts"] is None else f"{row['exact_texts']:.1%}",
        )  # fmt: skip
    return table


def _stages(results: Results) -> Table:
    table = Table("", *results["stages"]["warm"], *results["saving"], title="Stages of an article, CPU ms (a sample)")
    for kind, row in results["stages"].items():
        table.add_row(kind, *(f"{ms:.2f}" for ms in (*row.values(), *results["saving"].values())))
    return table


def _readers(results: Results) -> Table:
    table = Table("", "CPU ms", "to trafilatura", "4-gram F1", title="Reading a page")
    for name, row in results["readers"].items():
        table.add_row(name, f"{row['ms']:.2f}", f"{row['ratio']:.2f}", f"{row['f1']:.3f}")
    for name in results["absent"]:
        table.add_row(name, "not installed", "", "")
    return table


def _targets(results: Results) -> Table:
    table = Table("", "wanted", "found", "", title="Targets")
    for row in results["targets"]:
        table.add_row(row["name"], f"{row['wanted']:g}", f"{row['found']:.3g}", "met" if row["met"] else "missed")
    return table


def _beside(results: Results, other: Results) -> Table:
    here, there = results["machine"], other["machine"]
    columns = [f"{machine['cores']} × {machine['processor']}, {machine['at']}" for machine in (here, there)]
    table = Table("", columns[0], "to plain", columns[1], "to plain", title="Articles/s, here and there")
    for name, row in results["contenders"].items():
        cells = []
        for one, found in ((row, results), (other["contenders"].get(name), other)):
            ratio = one["per_second"] / found["contenders"]["plain"]["per_second"] if one else 0.0
            cells += [f"{one['per_second']:.1f}", f"{ratio:.2f}"] if one else ["", ""]
        table.add_row(name, *cells)
    return table
