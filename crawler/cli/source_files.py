"""``rawi sources import|export|sync``: sources in files, and files as sources."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, errors, print_json, print_table
from crawler.cli.runtime import Exit, load_config, with_database
from pipelines.errors import RawiError, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from crawler.sources.model import Source
    from crawler.sources.sync import Plan
    from crawler.sources.urllist import Listed


class Format(StrEnum):
    """The forms in which sources are written."""

    TOML = "toml"
    OPML = "opml"
    CSV = "csv"


IMPORT_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources import subscriptions.opml --dry-run    what a feed reader exported

  rawi sources import sources.toml

  rawi sources import addresses.csv                   front pages: their feeds are found, as with add --yes

A CSV file has an address a line, or a header with some of: url, name, title, country, timezone, tags (parted by ';').
Sources that are there already are left as they are; to make them as a file says: rawi sources sync FILE.
"""

EXPORT_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources export > sources.toml                       everything, rules included

  rawi sources export --format opml -o subscriptions.opml  for a feed reader

  rawi sources export one two --format csv
"""

SYNC_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources sync sources/ --dry-run           the plan alone; exit status 1 when there is something to do

  rawi sources sync sources/ --prune --yes       in a deployment: the folder is the truth

With --prune, sources that stand in no file are removed; their articles are kept. rawi sources revert undoes it.
"""


def import_command(
    file: Annotated[Path, typer.Argument(help="OPML, TOML or CSV.", exists=True, dir_okay=False)],
    form: Annotated[Format | None, typer.Option("--format", help="By default by its ending, or its content.")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Of a CSV file: the addresses are feeds, and nothing is fetched.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add the sources of a file: a feed reader's OPML, our TOML, or a list of addresses."""
    config = load_config()
    body = file.read_bytes()
    form = form or _format_of(file, body)
    if form is Format.CSV and not offline:
        results = _import_list(config, body.decode("utf-8", "replace"), dry_run=dry_run)
    else:
        results = _import_sources(config, _read(form, body, str(file)), dry_run=dry_run)
    if as_json:
        print_json(results)
    else:
        print_table(
            ["SOURCE", "FEEDS", "RESULT", "WHY"],
            [(one["source"], one["feeds"], one["result"], one["why"]) for one in results],
            empty="The file names no source.",
        )
    if any(one["result"] == "failed" for one in results):
        raise typer.Exit(Exit.SOME_FAILED)


def export_command(
    names: Annotated[list[str] | None, typer.Argument(help="Sources; all when left out.", metavar="SOURCE...")] = None,
    form: Annotated[Format, typer.Option("--format", help="TOML says everything, OPML what feed readers know.")] = (
        Format.TOML
    ),
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write into this file.", dir_okay=False)] = None,
) -> None:
    """Write sources as TOML, OPML or CSV, always in the same order."""
    from crawler.sources.opml import left_out, write_opml
    from crawler.sources.repository import Sources
    from crawler.sources.tomlfile import write_toml
    from crawler.sources.urllist import write_list

    async def read(pool: AsyncConnectionPool) -> list[Source]:
        return await Sources(pool).select(names)

    sources = with_database(load_config(), read)
    if form is Format.OPML:
        body = write_opml(sources)
        if count := left_out(sources):
            errors.print(f"{count} sitemaps and listings are left out: OPML has no form for them, TOML does.")
    else:
        body = (write_toml(sources) if form is Format.TOML else write_list(sources)).encode()
    if output is not None:
        output.write_bytes(body)
        console.print(f"Wrote {len(sources)} sources to {output}.")
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


def sync_command(
    path: Annotated[Path, typer.Argument(help="A TOML file, or a folder of them.", exists=True, metavar="FILE|DIR")],
    prune: Annotated[bool, typer.Option("--prune", help="Remove sources that stand in no file.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Apply the plan without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the sources be those of TOML files: show the plan, ask once, apply it."""
    from crawler.sources.repository import Sources
    from crawler.sources.sync import apply, make_plan
    from crawler.sources.tomlfile import read_folder

    config = load_config()
    wanted = read_folder(path)
    if not (yes or dry_run or sys.stdin.isatty()):
        raise SourceError("there is nobody to ask: say --yes to apply the plan, or --dry-run to see it only")

    async def work(pool: AsyncConnectionPool) -> tuple[Plan, bool]:
        sources = Sources(pool, config.operator)
        plan = make_plan(await sources.select(), wanted, prune=prune)
        if not as_json:
            _print_plan(plan)
        if dry_run or not plan.steps or not (yes or typer.confirm("Apply it?", default=True)):
            return plan, False
        await apply(plan, sources)
        return plan, True

    plan, applied = with_database(config, work)
    if as_json:
        print_json({**_plan_record(plan), "applied": applied})
    elif applied:
        console.print("Done.")
    if plan.steps and not applied:
        raise typer.Exit(Exit.SOME_FAILED)


def _print_plan(plan: Plan) -> None:
    marks = {"add": "[green]+[/green]", "edit": "[yellow]~[/yellow]", "delete": "[red]-[/red]"}
    for step in plan.steps:
        console.print(f"{marks[step.action]} {step.source.name}")
        for line in step.lines:
            console.print(f"    {escape(line)}", soft_wrap=True)
    console.print(f"{len(plan.steps)} to change, {plan.unchanged} are as they should be.")
    if plan.kept:
        console.print(f"In no file, and left alone without --prune: {', '.join(plan.kept)}")


def _plan_record(plan: Plan) -> dict[str, Any]:
    steps = [{"action": s.action, "source": s.source.name, "differences": list(s.lines)} for s in plan.steps]
    return {"steps": steps, "unchanged": plan.unchanged, "kept": list(plan.kept)}


def _format_of(file: Path, body: bytes) -> Format:
    ending = file.suffix.lower()
    if ending in (".opml", ".xml") or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Format.OPML
    return Format.TOML if ending == ".toml" else Format.CSV


def _read(form: Format, body: bytes, where: str) -> list[Source]:
    from crawler.sources.model import Feed, Source
    from crawler.sources.opml import free_name, read_opml
    from crawler.sources.tomlfile import read_toml
    from crawler.sources.urllist import read_list
    from crawler.sources.validity import name_from_url

    if form is Format.OPML:
        return read_opml(body)
    if form is Format.TOML:
        return read_toml(body.decode("utf-8", "replace"), where)
    sources: dict[str, Source] = {}
    for one in read_list(body.decode("utf-8", "replace")):
        if one.name in sources:
            known = sources[one.name]
            sources[one.name] = replace(known, feeds=(*known.feeds, Feed(0, one.url)))
            continue
        name = one.name or free_name(name_from_url(one.url), list(sources))
        sources[name] = Source(
            id=0, name=name, title=one.title or "", home=one.url, feeds=(Feed(0, one.url),), country=one.country,
            timezone=one.timezone or "UTC", tags=one.tags,
        )  # fmt: skip
    return list(sources.values())


def _import_sources(config: Config, wanted: Sequence[Source], *, dry_run: bool) -> list[dict[str, Any]]:
    """Add what is not there; one that is wrong costs itself alone."""
    from crawler.sources.repository import Sources
    from crawler.sources.validity import check_source

    async def work(pool: AsyncConnectionPool) -> list[dict[str, Any]]:
        sources = Sources(pool, config.operator)
        known = await sources.select()
        names, feeds = {one.name for one in known}, {feed.url for one in known for feed in one.feeds}
        results = []
        for source in wanted:
            there = source.name in names or any(feed.url in feeds for feed in source.feeds)
            result, why = "there already" if there else "would be added" if dry_run else "added", ""
            try:
                check_source(source)
                if not there and not dry_run:
                    await sources.add(source)
            except RawiError as error:
                result, why = "failed", str(error)
            results.append({"source": source.name, "feeds": len(source.feeds), "result": result, "why": why})
        return results

    return with_database(config, work)


def _import_list(config: Config, text: str, *, dry_run: bool) -> list[dict[str, Any]]:
    """Explore each address of a list, one site after the other, and add what can be added unseen."""
    from crawler.sources.urllist import read_list

    listed = read_list(text)

    async def work(pool: AsyncConnectionPool) -> list[dict[str, Any]]:
        return [await _import_one(config, pool, one, dry_run=dry_run) for one in listed]

    return with_database(config, work)


async def _import_one(config: Config, pool: AsyncConnectionPool, one: Listed, *, dry_run: bool) -> dict[str, Any]:
    from crawler.sources.onboarding import Wishes, propose, save
    from crawler.sources.repository import Sources
    from crawler.sources.validity import tidied

    wishes = Wishes(**{key: value for key, value in asdict(one).items() if key not in ("line", "url")})
    result: dict[str, Any] = {"source": one.url, "feeds": 0, "result": "failed", "why": ""}
    try:
        url = tidied(one.url)
        if (there := await Sources(pool).of_address(url)) is not None:
            return {"source": there.name, "feeds": len(there.feeds), "result": "there already", "why": ""}
        await Sources(pool).check_free(one.name, [url])
        proposal = await propose(config, [url], wishes)
        source = proposal.source
        if source is None or not proposal.good:
            return {**result, "why": " ".join(str(problem) for problem in proposal.problems)}
        if not dry_run:
            source = await save(pool, proposal, source, by=config.operator, keep_pages=config.keep_pages > 0)
        added = "would be added" if dry_run else "added"
        return {"source": source.name, "feeds": len(source.feeds), "result": added, "why": ""}
    except RawiError as error:
        return {**result, "why": str(error)}
