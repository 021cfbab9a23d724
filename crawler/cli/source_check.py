"""``rawi sources check|catalogue``: which sources are well, and which outlets are known."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, shown
from crawler.cli.runtime import Exit, load_config, with_database

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from crawler.sources.health import Health, Output

CHECK_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources check                        every enabled source

  rawi sources check example --json | jq '.[].findings'

  rawi sources check --offline || mail -s 'rawi' desk@news.example    for a scheduler: by what is stored alone

The last seven days are held against the four weeks before them. Exit status 1 when a source has a problem; warnings
do not count. Each feed is asked once; --offline asks nobody.
"""

CATALOGUE_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources catalogue --country IQ

  rawi sources catalogue --topic agency --json | jq -r '.[].name'

  rawi sources add --catalogue shafaq

An outlet is unverified until a check of a source made from it has passed: the catalogue was written without reaching
any of them.
"""


def check_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources; all enabled ones by default.", metavar="SOURCE...")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no feed; judge by what is stored.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Report on the health of sources, judged by what they bring and against their own past."""
    from crawler.sources.repository import Sources

    config = load_config()

    async def work(pool: AsyncConnectionPool) -> list[Health]:
        from crawler.sources.checks import check

        sources = await Sources(pool).select(names)
        chosen = sources if names else [source for source in sources if source.enabled]
        return await check(config, pool, chosen, offline=offline)

    reports = with_database(config, work)
    if as_json:
        print_json([{**asdict(report), "healthy": report.healthy} for report in reports])
    else:
        _print(reports)
    if not all(report.healthy for report in reports):
        raise typer.Exit(Exit.SOME_FAILED)


def catalogue_command(
    country: Annotated[str | None, typer.Option(help="Only outlets of this country (ISO 3166-1), such as IQ.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only those of this topic, such as agency or pan-arab.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the Arabic outlets that are known by name, to be added with: rawi sources add --catalogue NAME."""
    from crawler.sources.catalogue import outlets

    passed = _passed(load_config())
    chosen = [
        outlet
        for outlet in outlets().values()
        if (country is None or outlet.country == country.upper()) and (topic is None or topic in outlet.topics)
    ]
    if as_json:
        print_json([{**asdict(outlet), "verified_at": passed.get(outlet.name)} for outlet in chosen])
        return
    print_table(
        ["NAME", "TITLE", "COUNTRY", "TOPICS", "# FEEDS", "HOME", "VERIFIED"],
        [
            (o.name, o.title, o.country, o.topics, len(o.feeds), o.home, passed.get(o.name, "unverified"))
            for o in chosen
        ],
        empty="The catalogue has none of that kind; see all with: rawi sources catalogue",
    )


def _passed(config: Config) -> dict[str, datetime]:
    """Return when checks have passed; of nothing where Rawi has never had a database."""
    if config.database_url is None and not config.data_dir.exists():
        return {}

    async def read(pool: AsyncConnectionPool) -> dict[str, datetime]:
        from crawler.sources.checks import passed

        return await passed(pool)

    return with_database(config, read)


def _print(reports: list[Health]) -> None:
    print_table(
        ["SOURCE", "HEALTH", "LAST SUCCESS", "NEWEST", "# DISCOVERED", "# STORED", "# LENGTH", "# DATED", "# AUTHORS",
         "# QUOTES", "# REMOVED", "# QUARANTINED"],
        [_line(report) for report in reports],
        empty="No enabled source to check. rawi sources list shows all there are; rawi sources add URL adds one.",
    )  # fmt: skip
    for report in reports:
        for finding in report.findings:
            style = "red" if finding.level == "problem" else "yellow"
            said = f"{report.source}: {finding.sentence}"
            console.print(f"\n[{style}]{finding.level}[/{style}] {escape(said)}", soft_wrap=True)
            console.print(f"  {escape(finding.next)}", soft_wrap=True)


def _line(report: Health) -> tuple[Any, ...]:
    now, past = report.recent, report.past
    words = [level for level in ("problem", "warning") if any(f.level == level for f in report.findings)]
    return (
        report.source,
        words[0] if words else "good",
        report.last_success,
        now.newest,
        now.discovered,
        now.stored,
        _against(now, past, "length", "{:.0f}"),
        _against(now, past, "dated", "{:.0%}"),
        _against(now, past, "authored", "{:.0%}"),
        _against(now, past, "quotes", "{:.1f}"),
        _against(now, past, "boilerplate", "{:.0%}"),
        now.quarantined,
    )


def _against(now: Output, past: Output, measure: str, form: str) -> str:
    """Return a measure with the one before it, where there is one: 1210 (1198)."""
    value, before = getattr(now, measure), getattr(past, measure)
    if value is None:
        return shown(None)
    return form.format(value) + (f" ({form.format(before)})" if before is not None else "")
