"""``rawi boilerplate``: what Rawi has learned of a source's pages, to be seen, undone and pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table
from crawler.cli.runtime import load_config, with_database
from pipelines.errors import RuleError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.sources.model import Source
    from pipelines.model import LearnedRules
    from pipelines.storage.learning import RuleRow, VersionRow

app = typer.Typer(
    help="See what Rawi has learned of a source's pages, undo it, or pin it.",
    no_args_is_help=True,
)

SourceArgument = Annotated[str, typer.Argument(help="Name of the source.", metavar="SOURCE")]
RulesArgument = Annotated[
    list[int], typer.Argument(help="Numbers of rules, as the list shows them.", metavar="RULE...")
]

PIN_EXAMPLES = """
[bold]Examples[/bold]

  rawi boilerplate pin example 12 13

  rawi boilerplate pin example --text "تابعوا صفحتنا لمزيد من الأخبار"

Articles whose pages were kept (RAWI_KEEP_PAGES) are read again at once.
"""


@app.command("list")
def list_command(source: SourceArgument, as_json: JsonOption = False) -> None:
    """List the rules of a source: where its articles stand, and what is on its pages but not in its articles."""
    _, rules, _ = _read(source)
    if as_json:
        print_json(rules)
        return
    print_table(
        ["# RULE", "KIND", "SAYS", "EVIDENCE", "STATE", "# SINCE"],
        [
            (rule.id, rule.kind, _shown(rule), f"{len(rule.articles)} of {rule.of} articles", rule.state, rule.version)
            for rule in rules
        ],
        empty="Nothing is learned of this source yet; five articles are the least.",
    )


@app.command("show")
def show_command(source: SourceArgument, as_json: JsonOption = False) -> None:
    """Show how the rules of a source came to be: its versions, and each rule with the articles that speak for it."""
    _, rules, versions = _read(source)
    if as_json:
        print_json({"source": source, "rules": rules, "versions": versions})
        return
    print_table(
        ["# VERSION", "WHEN", "WHY"],
        [(version.version, version.changed_at, version.reason) for version in versions],
        empty="Nothing is learned of this source yet; five articles are the least.",
    )
    for rule in rules:
        console.print(f"\n[bold]{rule.id}[/bold] {rule.kind}, {rule.state}: {escape(_shown(rule))}")
        console.print(f"[dim]articles {', '.join(map(str, rule.articles[:20])) or '–'}[/dim]")


@app.command("forget")
def forget_command(source: SourceArgument, rules: RulesArgument) -> None:
    """Undo rules: they are not used and not learned again, and what they took out comes back."""
    from pipelines.extract.revision import RuleState

    _change(source, rules, RuleState.FORGOTTEN, None)


@app.command("pin", epilog=PIN_EXAMPLES)
def pin_command(
    source: SourceArgument,
    rules: Annotated[
        list[int] | None, typer.Argument(help="Numbers of rules, as the list shows them.", metavar="RULE...")
    ] = None,
    text: Annotated[str | None, typer.Option(help="A passage that is never part of an article.")] = None,
) -> None:
    """Keep rules for good, also forgotten ones; or say yourself which passage is never part of an article."""
    from pipelines.extract.revision import RuleState

    if not rules and not text:
        raise RuleError("name rules by their numbers, or a passage with --text")
    _change(source, rules or [], RuleState.PINNED, text)


def _change(name: str, numbers: list[int], state: str, text: str | None) -> None:
    """Change rules and read again the articles that this concerns."""
    from dataclasses import replace
    from functools import partial

    from crawler.learning import Rereader
    from crawler.sources.repository import Sources
    from pipelines.extract.revision import RuleState
    from pipelines.storage.learning import RuleBook
    from pipelines.storage.pool import patiently
    from pipelines.storage.store import Store
    from pipelines.workers import AnalysisPool

    config = load_config()

    async def change(pool: AsyncConnectionPool) -> tuple[int, int]:
        source = await Sources(pool).get(name)
        book = RuleBook(pool)
        verb = "pinned" if state == RuleState.PINNED else "forgot"
        changes: list[LearnedRules] = []
        if numbers:
            reason = f"operator {verb} {', '.join(map(str, numbers))}"
            changes.append(await book.set_state(source.id, numbers, RuleState(state), reason))
        if text:
            changes.append(await book.pin_passage(source.id, text))
        rules = replace(source.rules, learned=(await book.effective([source.id]))[source.id])
        version = rules.learned.version
        concerned = {
            number for changed in changes for number in await book.concerned(source.id, changed, changed, version)
        }
        async with AnalysisPool(config.workers, page_timeout=config.page_timeout) as analysis:
            rereader = Rereader(book, Store(pool), analysis, partial(patiently, patience=0, waiting=lambda _: None))
            return len(concerned), await rereader.read(source.id, rules, sorted(concerned))

    concerned, changed = with_database(config, change)
    console.print(f"Done. {concerned} articles were read again, {changed} of them changed.")


def _read(name: str) -> tuple[Source, list[RuleRow], list[VersionRow]]:
    from crawler.sources.repository import Sources
    from pipelines.storage.learning import RuleBook

    async def read(pool: AsyncConnectionPool) -> tuple[Source, list[RuleRow], list[VersionRow]]:
        source = await Sources(pool).get(name)
        book = RuleBook(pool)
        return source, await book.rules(source.id), await book.versions(source.id)

    return with_database(load_config(), read)


def _shown(rule: RuleRow) -> str:
    return rule.text or rule.value
