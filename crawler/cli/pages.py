"""``rawi pages`` and ``rawi ingest``: pages as they came, kept, written to WARC and read from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import JsonOption, console, print_json, print_table, progress_bar
from crawler.cli.runtime import Exit, load_config, with_database
from crawler.moments import parse_moment

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.ingest import IngestReport
    from pipelines.storage.archive import PageStock

app = typer.Typer(help="Pages as they came: what is kept of them, and WARC.", no_args_is_help=True)

EXPORT_EXAMPLES = """
[bold]Examples[/bold]

  rawi pages export november.warc.gz --since 2026-11-01

  rawi pages export example.warc.gz --source example
"""

INGEST_EXAMPLES = """
[bold]Examples[/bold]

  rawi ingest archive.warc.gz                     pages of all sources; other hosts are left out

  rawi ingest crawl-*.warc.gz --source example --json

Every page is read by the rules of its source, as in a crawl; nothing is fetched. What is older than what is stored
changes nothing, and a file may be read again. Compressed and plain WARC files will do, and ARC files.
"""


@app.command("list")
def list_command(as_json: JsonOption = False) -> None:
    """List how many pages are kept of each source, how large they are, and since when."""
    from pipelines.storage.archive import Archive

    async def read(pool: AsyncConnectionPool) -> list[PageStock]:
        return await Archive(pool).stock()

    stock = with_database(load_config(), read)
    if as_json:
        print_json(stock)
        return
    print_table(
        ["SOURCE", "# PAGES", "# MB", "OLDEST", "NEWEST"],
        [(s.source, s.pages, f"{s.bytes / 1024**2:.1f}", s.oldest, s.newest) for s in stock],
        empty="No pages are kept. RAWI_KEEP_PAGES says for how many days they are.",
    )


@app.command("export", epilog=EXPORT_EXAMPLES)
def export_command(
    file: Annotated[Path, typer.Argument(help="The WARC file to write.", metavar="FILE.warc.gz", dir_okay=False)],
    source: Annotated[str | None, typer.Option(help="Only pages of this source.")] = None,
    since: Annotated[str | None, typer.Option(help="Fetched since: 2026-11-24, or 36h, 7d.", metavar="WHEN")] = None,
) -> None:
    """Write kept pages to a WARC file, with their headers, for other tools and for rawi ingest."""
    from importlib.metadata import version

    from crawler.sources.repository import Sources
    from crawler.warc import WarcFile
    from pipelines.storage.archive import Archive, Chosen

    moment = parse_moment(since, datetime.now(UTC))

    async def write(pool: AsyncConnectionPool) -> int:
        sources = await Sources(pool).select([source] if source else None)
        chosen = Chosen([one.id for one in sources], moment)
        archive, written = Archive(pool), 0
        # Written aside and renamed: a file of that name is whole.
        aside = file.with_name(f"{file.name}.part")
        with progress_bar() as bar, aside.open("wb") as stream:
            task = bar.add_task("pages", total=await archive.count(chosen))
            warc = WarcFile(stream, software=f"Rawi {version('rawi')}")
            async for part in archive.parts(chosen):
                warc.write(part)
                written += 1
                if part.part == 0:
                    bar.advance(task)
        aside.replace(file)
        return written

    console.print(f"{with_database(load_config(), write)} pages were written to {file}.")


def ingest_command(
    files: Annotated[list[Path], typer.Argument(help="WARC files.", metavar="FILE...", exists=True, dir_okay=False)],
    source: Annotated[str | None, typer.Option(help="Only pages of this source.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Load the pages of WARC files, an archive's or a news crawl's, without crawling."""
    from crawler.ingest import Ingest
    from crawler.replay import rules_by_source
    from crawler.sources.repository import Sources
    from pipelines.storage.duplicates import Duplicates
    from pipelines.storage.people import People
    from pipelines.workers import AnalysisPool

    config = load_config()

    async def work(pool: AsyncConnectionPool) -> dict[str, IngestReport]:
        sources = await Sources(pool).select([source] if source else None)
        rules = await rules_by_source(pool, sources)
        reports = {}
        async with AnalysisPool(config.workers, page_timeout=config.page_timeout) as analysis:
            ingest = Ingest(pool, analysis, sources, rules, config.keep_pages > 0)
            with progress_bar() as bar:
                for file in files:
                    task = bar.add_task(file.name, total=file.stat().st_size)
                    reports[str(file)] = await ingest.run(file, done=lambda n, task=task: bar.update(task, completed=n))  # type: ignore[misc]
        await Duplicates(pool).find()
        await People(pool).merge_new()
        return reports

    reports = with_database(config, work)
    if as_json:
        print_json([{"file": file, **vars(report)} for file, report in reports.items()])
    else:
        _print(reports)
    if any(report.broken for report in reports.values()):
        raise typer.Exit(Exit.SOME_FAILED)


def _print(reports: dict[str, IngestReport]) -> None:
    print_table(
        ["FILE", "# RECORDS", "# NEW", "# UPDATED", "# UNCHANGED", "NO ARTICLES", "LEFT OUT"],
        [
            (file, r.records, r.new, r.updated, r.unchanged, _counts(r.rejected), _counts(r.skipped))
            for file, r in reports.items()
        ],
        empty="No files.",
    )
    for report in reports.values():
        if report.broken:
            console.print(f"{report.broken}. What came before that is stored.", markup=False)


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in sorted(counted.items())) or "–"
