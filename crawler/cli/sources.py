"""``rawi sources``: the outlets that Rawi reads."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import source_add, source_check, source_edit, source_files
from crawler.cli.extract import (
    AuthorOption,
    BodyOption,
    DateOption,
    RemoveOption,
    RemoveTextOption,
    TitleOption,
    merge_rules,
)
from crawler.cli.output import JsonOption, console, print_json, print_table
from crawler.cli.runtime import load_config, with_database
from crawler.cli.source_add import source_record
from crawler.cli.source_edit import NameArgument

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.sources.model import Source
    from crawler.sources.repository import SourceSummary

app = typer.Typer(help="The outlets that Rawi reads: add, check, change, import and export them.", no_args_is_help=True)

RULES_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources rules example

  rawi sources rules example --body 'div.story-text' --remove 'div.promo' --remove-text '^تصوير: .*$'

Try a rule first: rawi extract URL --source example --remove 'div.promo' --diff
"""


app.command("add", epilog=source_add.EXAMPLES)(source_add.add_command)


@app.command("list")
def list_command(
    tag: Annotated[str | None, typer.Option(help="Only those with this label.")] = None,
    country: Annotated[str | None, typer.Option(help="Only those of this country.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the sources and how their last polls went."""
    from crawler.sources.repository import Sources

    async def read(pool: AsyncConnectionPool) -> list[Source]:
        return await Sources(pool).select()

    sources = [
        source
        for source in with_database(load_config(), read)
        if (tag is None or tag in source.tags) and (country is None or source.country == country.upper())
    ]
    if as_json:
        print_json([source_record(source) for source in sources])
        return
    print_table(
        ["NAME", "TITLE", "COUNTRY", "# FEEDS", "ENABLED", "LAST POLL", "VERDICT"],
        [
            (
                source.name,
                source.title,
                source.country,
                len(source.feeds),
                source.enabled,
                max((feed.polled_at for feed in source.feeds if feed.polled_at), default=None),
                sorted({feed.verdict for feed in source.feeds if feed.verdict}),
            )
            for source in sources
        ],
        empty="No sources yet. Add one with: rawi sources add URL",
    )


@app.command("show")
def show_command(name: NameArgument, as_json: JsonOption = False) -> None:
    """Show one source: its feeds, what they announced, what was stored and what was refused."""
    from crawler.sources.repository import Sources

    async def read(pool: AsyncConnectionPool) -> tuple[Source, SourceSummary]:
        sources = Sources(pool)
        source = await sources.get(name)
        return source, await sources.summary(source)

    source, summary = with_database(load_config(), read)
    if as_json:
        print_json({**source_record(source), **asdict(summary)})
        return
    console.print(f"[bold]{source.name}[/bold]  {source.title}  {source.home}")
    console.print(
        f"language {source.language} · country {source.country or '–'} · timezone {source.timezone} · "
        f"tags {', '.join(source.tags) or '–'} · {'enabled' if source.enabled else 'disabled'}"
    )
    console.print(
        f"delay {_seconds(source.delay)} · interval {_seconds(source.interval)} · "
        f"rules {sum(bool(rule) for rule in asdict(source.operator).values())}"
    )
    rejected = ", ".join(f"{n} {reason}" for reason, n in summary.rejected.items()) or "0"
    console.print(
        f"discovered {summary.discovered} · stored {summary.stored} · pending {summary.pending} · rejected {rejected}"
    )
    print_table(
        ["FEED", "KIND", "LAST POLL", "LAST SUCCESS", "VERDICT", "# FAILURES", "NEXT POLL"],
        [
            (feed.url, feed.kind, feed.polled_at, feed.succeeded_at, feed.verdict, feed.failures, feed.next_poll_at)
            for feed in source.feeds
        ],
        empty="It has no feeds.",
    )


def _seconds(value: float | None) -> str:
    return "Rawi's own" if value is None else f"{value:g} s"


@app.command("rules", epilog=RULES_EXAMPLES)
def rules_command(
    name: NameArgument,
    body: BodyOption = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    date: DateOption = None,
    remove: RemoveOption = None,
    remove_text: RemoveTextOption = None,
    clear: Annotated[bool, typer.Option("--clear", help="Drop the rules that there were.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show your own rules for a source's pages, or add to them. Articles that are stored already are not read again."""
    from crawler.sources.document import rules_record
    from crawler.sources.repository import Sources
    from pipelines.model import OperatorRules

    more = OperatorRules(body, title, author, date, tuple(remove or ()), tuple(remove_text or ()))

    config = load_config()

    async def change(pool: AsyncConnectionPool) -> OperatorRules:
        sources = Sources(pool, config.operator)
        known = (await sources.get(name)).operator
        rules = merge_rules(OperatorRules() if clear else known, more)
        return (await sources.set_operator_rules(name, rules)).operator

    rules = rules_record(with_database(config, change))
    if as_json:
        print_json(rules)
    else:
        rows = [
            (rule, said) for rule, value in rules.items() for said in ([value] if isinstance(value, str) else value)
        ]
        print_table(["RULE", "SAYS"], rows, empty="No rules of yours; what Rawi learned: rawi boilerplate list")


app.command("edit", epilog=source_edit.EDIT_EXAMPLES)(source_edit.edit_command)
app.command("enable")(source_edit.enable_command)
app.command("disable")(source_edit.disable_command)
app.command("remove", epilog=source_edit.REMOVE_EXAMPLES)(source_edit.remove_command)
app.command("history")(source_edit.history_command)
app.command("revert", epilog=source_edit.REVERT_EXAMPLES)(source_edit.revert_command)
app.command("import", epilog=source_files.IMPORT_EXAMPLES)(source_files.import_command)
app.command("export", epilog=source_files.EXPORT_EXAMPLES)(source_files.export_command)
app.command("sync", epilog=source_files.SYNC_EXAMPLES)(source_files.sync_command)
app.command("check", epilog=source_check.CHECK_EXAMPLES)(source_check.check_command)
app.command("catalogue", epilog=source_check.CATALOGUE_EXAMPLES)(source_check.catalogue_command)
