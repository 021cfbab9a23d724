"""Addresses as a list: one a line, or CSV with a header that names its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.sources.model import Source
from pipelines.errors import SourceError

COLUMNS = ("url", "name", "title", "country", "timezone", "tags")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line: an address, and what else its columns say; ``line`` is its number in the file."""

    line: int
    url: str
    name: str | None = None
    title: str | None = None
    country: str | None = None
    timezone: str | None = None
    tags: tuple[str, ...] = ()


def read_list(text: str) -> list[Listed]:
    """Return the addresses of a list; blank lines and those that begin with ``#`` say nothing.

    Raises :class:`~pipelines.errors.SourceError` for a column that is not known.
    """
    lines = [(number, line) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if _says(line)]
    rows = list(csv.reader(line for _, line in lines))
    if not rows:
        return []
    header = [cell.strip().lower() for cell in rows[0]]
    columns: list[str] = list(COLUMNS)
    if "url" in header:
        if unknown := [name for name in header if name not in COLUMNS]:
            raise SourceError(f"there is no column {unknown[0]!r}; known are {', '.join(COLUMNS)}")
        columns, rows, lines = header, rows[1:], lines[1:]
    found = []
    for (number, _), row in zip(lines, rows, strict=True):
        cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if cell.strip()}
        if "url" not in cells:
            raise SourceError(f"line {number} has no address")
        tags = tuple(tag.strip() for tag in cells.pop("tags", "").replace("؛", ";").split(";") if tag.strip())
        found.append(Listed(line=number, tags=tags, **cells))
    return found


def write_list(sources: Iterable[Source]) -> str:
    """Return the feeds of sources as CSV, a line for each, with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for source in sorted(sources, key=lambda one: one.name):
        for feed in source.feeds:
            writer.writerow(
                [feed.url, source.name, source.title, source.country or "", source.timezone, ";".join(source.tags)]
            )
    return out.getvalue()


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
