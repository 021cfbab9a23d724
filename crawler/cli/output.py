"""How the command line speaks: tables and JSON on standard output; progress and errors on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

#: For people: tables and sentences.
console = Console(highlight=False)
#: For people who watch: progress, warnings, errors. A pipe on standard output never sees them.
errors = Console(stderr=True, highlight=False)

#: The option that every list has.
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def print_json(value: object) -> None:
    """Print ``value`` (dataclasses, datetimes and paths included) as JSON on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=_jsonable)
    sys.stdout.write("\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print rows under ``columns``; or, when there are none, the sentence ``empty``."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column.startswith("#") else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(shown(cell)) for cell in row))
    console.print(table if table.row_count else f"[dim]{escape(empty)}[/dim]")


def shown(value: object) -> str:
    """Return ``value`` as people read it in a table; times are UTC, whatever zone the page or the server has."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "–"
    return str(value)


@contextmanager
def counting(noun: str) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many of ``noun`` are done; yields the function to call with the total so far."""
    with progress_bar() as bar:
        task = bar.add_task(noun, total=None)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def looking(url: str) -> Iterator[None]:
    """Show on a terminal that a site is being looked at, which takes as long as its pace allows."""
    if not errors.is_terminal:
        yield
        return
    with errors.status(f"Looking at {escape(url)}, at the pace that it allows"):
        yield


def progress_bar(*, hidden: bool = False) -> Progress:
    """Return a progress display on standard error; it stays silent where that is not a terminal, or when hidden."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=hidden or not errors.is_terminal,
    )


def _jsonable(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
