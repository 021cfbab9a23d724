"""``rawi sources``: the outlets that Rawi reads."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import source_add
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
from crawler.cli.runtime import with_database
from crawler.cli.source_add import source_record
from crawler.config import load_config

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.sources.model import Source
    from crawler.sources.repository import SourceSummary

app = typer.Typer(help="Add, list, pause and remove the outlets that Rawi reads.", no_args_is_help=True)

NamesArgument = Annotated[list[str], typer.Argument(help="Names of sources.", metavar="SOURCE...")]
NameArgument = Annotated[str, typer.Argument(help="Name of the source.", metavar="SOURCE")]

RULES_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources rules example

  rawi sources rules example --body 'div.story-text' --remove 'div.promo' --remove-text '^تصوير: .*$'

Try a rule first: rawi extract URL --source example --remove 'div.promo' --diff
"""


app.command("add", epilog=source_add.EXAMPLES)(source_add.add_command)


@app.command("list")
def list_command(as_json: JsonOption = False) -> None:
    """List the sources and how their last polls went."""
    from crawler.sources.repository import Sources

    async def read(pool: AsyncConnectionPool) -> list[Source]:
        return await Sources(pool).select()

    sources = with_database(load_config(), read)
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
    rejected = ", ".join(f"{n} {reason}" for reason, n in summary.rejected.items()) or "0"
    console.print(
        f"discovered {summary.discovered} · stored {summary.stored} · pending {summary.pending} · rejected {rejected}"
    )
    print_table(
        ["FEED", "LAST POLL", "LAST SUCCESS", "VERDICT", "# FAILURES", "NEXT POLL"],
        [
            (feed.url, feed.polled_at, feed.succeeded_at, feed.verdict, feed.failures, feed.next_poll_at)
            for feed in source.feeds
        ],
        empty="It has no feeds.",
    )


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

    async def change(pool: AsyncConnectionPool) -> OperatorRules:
        sources = Sources(pool)
        known = (await sources.get(name)).operator
        rules = merge_rules(OperatorRules() if clear else known, more)
        return known if rules == known else (await sources.set_operator_rules(name, rules)).operator

    rules = rules_record(with_database(load_config(), change))
    if as_json:
        print_json(rules)
    else:
        rows = [
            (rule, said) for rule, value in rules.items() for said in ([value] if isinstance(value, str) else value)
        ]
        print_table(["RULE", "SAYS"], rows, empty="No rules of yours; what Rawi learned: rawi boilerplate list")


@app.command("enable")
def enable_command(names: NamesArgument) -> None:
    """Let crawls take these sources again."""
    _set_enabled(names, True)


@app.command("disable")
def disable_command(names: NamesArgument) -> None:
    """Leave these sources out of crawls. What they brought stays."""
    _set_enabled(names, False)


@app.command("remove")
def remove_command(
    name: NameArgument,
    with_articles: Annotated[bool, typer.Option("--with-articles", help="Delete its articles too.")] = False,
) -> None:
    """Remove a source. One that has articles is only removed together with them."""
    from crawler.sources.repository import Sources

    async def remove(pool: AsyncConnectionPool) -> int:
        return await Sources(pool).remove(name, with_articles=with_articles)

    articles = with_database(load_config(), remove)
    console.print(f"Removed {name} and {articles} articles.")


def _set_enabled(names: list[str], enabled: bool) -> None:
    from crawler.sources.repository import Sources

    async def change(pool: AsyncConnectionPool) -> None:
        await Sources(pool).set_enabled(names, enabled)

    with_database(load_config(), change)
    console.print(f"{'Enabled' if enabled else 'Disabled'} {', '.join(names)}.")
