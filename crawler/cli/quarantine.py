"""``rawi quarantine list|show|replay|drop``: what was refused, and what of it is good by today's rules."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, progress_bar
from crawler.cli.runtime import load_config, with_database
from crawler.moments import parse_moment
from pipelines.errors import QueryError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.replay import RefusedReport
    from pipelines.storage.quarantine import Refused, RefusedLine, RefusedWhole

app = typer.Typer(
    help="What was refused: why, the bytes that came, and another reading by today's rules.", no_args_is_help=True
)

NumbersArgument = Annotated[
    list[int] | None, typer.Argument(help="Numbers, as the list shows them.", metavar="NUMBER...")
]
SourceOption = Annotated[str | None, typer.Option(help="Only of this source.")]
ReasonOption = Annotated[str | None, typer.Option(help="Only refused for this reason, such as not-arabic.")]
SinceOption = Annotated[str | None, typer.Option(help="Fetched since: 2026-11-24, or 36h, 7d.", metavar="WHEN")]


@app.command("list")
def list_command(
    source: SourceOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The latest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List refused pages and feeds, the latest first, with the reason."""

    async def work(pool: AsyncConnectionPool) -> tuple[list[RefusedLine], int]:
        from pipelines.storage.quarantine import Quarantine

        chosen = await _chosen(pool, None, source, reason, since)
        return await Quarantine(pool).lines(chosen, limit), (await Quarantine(pool).count(chosen))[0]

    lines, total = with_database(load_config(), work)
    if as_json:
        print_json(lines)
        return
    print_table(
        ["NUMBER", "SOURCE", "KIND", "REASON", "# BYTES", "FETCHED", "ADDRESS"],
        [(one.id, one.source, one.kind, one.reason, one.bytes, one.fetched_at, one.url) for one in lines],
        empty="Nothing is in quarantine.",
    )
    if total > len(lines):
        console.print(f"[dim]{total - len(lines)} more; see them with --limit[/dim]")


@app.command("show")
def show_command(
    number: Annotated[int, typer.Argument(help="Its number, as the list shows it.", metavar="NUMBER")],
    body: Annotated[
        Path | None, typer.Option(help="Write the bytes that came to this file; - is standard output.", metavar="FILE")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the verdict on one page or feed, what came with it, and with --body the bytes themselves."""

    async def work(pool: AsyncConnectionPool) -> RefusedWhole:
        from pipelines.storage.quarantine import Quarantine

        return await Quarantine(pool).show(number)

    whole = with_database(load_config(), work)
    if body is not None:
        _write(whole, body)
        if str(body) == "-":
            return
    if as_json:
        print_json({**asdict(whole.line), "headers": whole.headers, "size": len(whole.body or b"")})
        return
    line = whole.line
    console.print(f"[bold]{escape(line.reason)}[/bold] {escape(line.detail)}", soft_wrap=True)
    console.print(f"{line.kind} of {line.source}: {escape(line.url)}", soft_wrap=True)
    size = f"{len(whole.body)} bytes came" if whole.body is not None else "nothing came"
    console.print(f"{size}, {line.fetched_at:%F %T} UTC, charset {line.charset or 'not declared'}")
    for name, value in whole.headers:
        console.print(f"  [dim]{escape(name)}:[/dim] {escape(value)}", soft_wrap=True)


@app.command("replay")
def replay_command(
    numbers: NumbersArgument = None,
    source: SourceOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read refused pages again by today's rules: what is good now is stored, the rest stays, with today's reason."""
    config = load_config()

    async def work(pool: AsyncConnectionPool) -> RefusedReport:
        from crawler.replay import Replay, rules_by_source
        from crawler.sources.repository import Sources
        from pipelines.storage.quarantine import Quarantine
        from pipelines.workers import AnalysisPool

        chosen = await _chosen(pool, numbers, source, reason, since)
        rules = await rules_by_source(pool, await Sources(pool).select())
        async with AnalysisPool(config.workers, page_timeout=config.page_timeout) as analysis:
            with progress_bar() as bar:
                task = bar.add_task("pages", total=(await Quarantine(pool).count(chosen))[1])
                return await Replay(pool, analysis, rules, config.keep_pages > 0).run_refused(
                    chosen, write=not dry_run, done=lambda done: bar.update(task, completed=done)
                )

    report = with_database(config, work)
    if as_json:
        print_json({**vars(report), "written": not dry_run})
        return
    counts = [
        ("pages read", report.read),
        ("articles now", report.recovered),
        *((f"still refused: {reason}", count) for reason, count in sorted(report.refused.items())),
        *([("only the first part was kept", report.incomplete)] if report.incomplete else []),
    ]
    print_table(["WHAT", "# COUNT"], counts, empty="")
    if dry_run:
        console.print("Nothing was written. Next: the same without --dry-run")


@app.command("drop")
def drop_command(
    numbers: NumbersArgument = None,
    source: SourceOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is in quarantine.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete refused pages and feeds with their bytes. They stay refused, and cannot be read again."""
    if not (numbers or source or reason or since or everything):
        raise QueryError("say what is to be dropped: numbers, --source, --reason, --since, or --all")

    async def count(pool: AsyncConnectionPool) -> int:
        from pipelines.storage.quarantine import Quarantine

        return (await Quarantine(pool).count(await _chosen(pool, numbers, source, reason, since)))[0]

    async def drop(pool: AsyncConnectionPool) -> int:
        from pipelines.storage.quarantine import Quarantine

        return await Quarantine(pool).drop(await _chosen(pool, numbers, source, reason, since))

    if not yes:
        if as_json or not sys.stdin.isatty():
            raise QueryError("there is nobody to ask: say --yes to delete")
        typer.confirm(f"Delete {with_database(load_config(), count)} for good?", abort=True)
    dropped = with_database(load_config(), drop)
    if as_json:
        print_json({"dropped": dropped})
    else:
        console.print(f"Dropped {dropped}.")


async def _chosen(
    pool: AsyncConnectionPool, numbers: list[int] | None, source: str | None, reason: str | None, since: str | None
) -> Refused:
    from crawler.sources.repository import Sources
    from pipelines.storage.quarantine import Refused

    sources = [(await Sources(pool).get(source)).id] if source else None
    return Refused(numbers or None, sources, reason, parse_moment(since, datetime.now(UTC)))


def _write(whole: RefusedWhole, file: Path) -> None:
    if whole.body is None:
        raise QueryError(f"nothing was received of {whole.line.url}: there are no bytes to write")
    if str(file) == "-":
        sys.stdout.buffer.write(whole.body)
    else:
        file.write_bytes(whole.body)
