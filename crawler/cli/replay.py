"""``rawi replay``: better rules, applied to old pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, progress_bar
from crawler.cli.runtime import load_config, with_database
from crawler.moments import parse_moment

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.replay import Difference, ReplayReport

EXAMPLES = """
[bold]Examples[/bold]

  rawi replay --dry-run                           what today's rules would change, with samples

  rawi replay --source example --since 7d

Pages are kept for RAWI_KEEP_PAGES days, up to RAWI_KEEP_PAGES_MB. What a replay replaces is kept as a version, marked
as changed by rules; pages that were refused are read again too. An article whose page no rule accepts any more stays.
"""


def replay_command(
    source: Annotated[str | None, typer.Option(help="Only pages of this source.")] = None,
    since: Annotated[str | None, typer.Option(help="Fetched since: 2026-11-24, or 36h, 7d.", metavar="WHEN")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change; write nothing.")] = False,
    samples: Annotated[int, typer.Option(min=0, max=1_000, help="How many differences to show whole.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Read kept pages again by today's rules and say what changes: texts, dates, quotations gained and lost."""
    from crawler.replay import Replay, rules_by_source
    from crawler.sources.repository import Sources
    from pipelines.storage.archive import Archive, Chosen
    from pipelines.storage.duplicates import Duplicates
    from pipelines.storage.people import People
    from pipelines.workers import AnalysisPool

    config = load_config()
    moment = parse_moment(since, datetime.now(UTC))

    async def work(pool: AsyncConnectionPool) -> ReplayReport:
        sources = await Sources(pool).select([source] if source else None)
        chosen = Chosen([one.id for one in sources], moment)
        rules = await rules_by_source(pool, sources)
        async with AnalysisPool(config.workers, page_timeout=config.page_timeout) as analysis:
            with progress_bar() as bar:
                task = bar.add_task("pages", total=await Archive(pool).count(chosen))
                report = await Replay(pool, analysis, rules, config.keep_pages > 0).run(
                    chosen, write=not dry_run, samples=samples, done=lambda done: bar.update(task, completed=done)
                )
        if not dry_run:
            await Duplicates(pool).find()
            await People(pool).merge_new()
        return report

    report = with_database(config, work)
    if as_json:
        print_json(_record(report, written=not dry_run))
    else:
        _print(report, written=not dry_run)


def _record(report: ReplayReport, *, written: bool) -> dict[str, Any]:
    return {**vars(report), "written": written}


def _print(report: ReplayReport, *, written: bool) -> None:
    for number, sample in enumerate(report.samples):
        if number == 0:
            console.print("[bold]Samples[/bold]\n")
        _print_sample(sample)
    fields = [(f"{name} changed", count) for name, count in sorted(report.fields.items())]
    counts = [
        ("pages read", report.read),
        ("articles changed", report.changed),
        *fields,
        ("quotations gained", report.quotes_gained),
        ("quotations lost", report.quotes_lost),
        ("hashtags gained", report.hashtags_gained),
        ("hashtags lost", report.hashtags_lost),
        ("refused pages that are articles now", report.recovered),
        *((f"no article any more, left as it is: {reason}", count) for reason, count in report.rejected.items()),
    ]
    print_table(["WHAT", "# COUNT"], counts, empty="")
    if not report.read:
        console.print("No pages are kept of these. RAWI_KEEP_PAGES says for how many days they are.")
    elif not written:
        console.print("Nothing was written. Next: the same without --dry-run")


def _print_sample(sample: Difference) -> None:
    from pipelines.versions import word_diff

    console.print(
        f"[bold]{sample.article_id}[/bold] [dim]{escape(sample.url)}[/dim] {', '.join(sample.fields)}", soft_wrap=True
    )
    if "text" in sample.fields:
        pieces = [piece for piece in word_diff(sample.before, sample.after) if piece.change != "same"]
        for piece in pieces[:6]:
            sign, style = ("-", "red") if piece.change == "removed" else ("+", "green")
            console.print(f"  {sign} {piece.text.strip()[:300]}", style=style, markup=False)
    for sign, style, found in (
        ("-", "red", (*sample.quotes_lost, *sample.hashtags_lost)),
        ("+", "green", (*sample.quotes_gained, *sample.hashtags_gained)),
    ):
        for line in found:
            console.print(f"  {sign} {line[:300]}", style=style, markup=False)
    console.print()
