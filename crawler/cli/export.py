"""``rawi export``: everything out again, for other tools."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import counting, errors
from crawler.cli.runtime import load_config, with_database
from crawler.moments import parse_moment
from pipelines.errors import QueryError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

EXAMPLES = """
[bold]Examples[/bold]

  rawi export > articles.jsonl

  rawi export --quotes --source example --since 30d --format csv -o quotes.csv

  rawi export --articles --format parquet -o articles.parquet      needs: pip install 'rawi[parquet]'

docs/export.md has every column. Rows are streamed: memory stays the same however many there are.
"""


class Format(StrEnum):
    """The form of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def export_command(
    articles: Annotated[bool, typer.Option("--articles", help="A row for each article; the default.")] = False,
    quotes: Annotated[bool, typer.Option("--quotes", help="A row for each quotation.")] = False,
    hashtags: Annotated[bool, typer.Option("--hashtags", help="A row for each hashtag of an article.")] = False,
    form: Annotated[Format, typer.Option("--format", help="jsonl, csv or parquet.")] = Format.JSONL,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    since: Annotated[str | None, typer.Option(help="Not older: 2026-11-24, or 36h, 7d.", metavar="WHEN")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File; standard output when left out.", dir_okay=False),
    ] = None,
) -> None:
    """Write articles, quotations or hashtags as JSON Lines, CSV or Parquet."""
    from crawler.sources.repository import Sources
    from pipelines.storage.export import Kind, Wanted

    if articles + quotes + hashtags > 1:
        raise QueryError("one kind of rows at a time: --articles, --quotes or --hashtags")
    if form is Format.PARQUET and output is None:
        raise QueryError("Parquet is written to a file: add -o FILE")
    kind = Kind.QUOTES if quotes else Kind.HASHTAGS if hashtags else Kind.ARTICLES
    wanted = Wanted(kind, source, parse_moment(since, datetime.now(UTC)))

    async def work(pool: AsyncConnectionPool) -> int:
        if source is not None:
            await Sources(pool).check_named(source)
        if output is None:
            return await _write(pool, wanted, form, sys.stdout.buffer)
        # Written aside and renamed: a file of that name is whole.
        aside = output.with_name(f"{output.name}.part")
        with aside.open("wb") as stream:
            rows = await _write(pool, wanted, form, stream)
        aside.replace(output)
        return rows

    rows = with_database(load_config(), work)
    if output is not None:
        errors.print(f"{rows} {kind} were written to {output}.")


async def _write(pool: AsyncConnectionPool, wanted: object, form: Format, stream: IO[bytes]) -> int:
    from crawler.export import WRITERS
    from pipelines.storage.export import COLUMNS, Wanted, export_rows

    assert isinstance(wanted, Wanted)  # noqa: S101 -- typed loosely so that --help stays instant
    writer = WRITERS[form](stream, COLUMNS[wanted.kind])
    written = 0
    with counting(wanted.kind) as count:
        async for rows in export_rows(pool, wanted):
            writer.write(rows)
            written += len(rows)
            count(written)
    writer.close()
    stream.flush()
    return written
