"""``rawi extract``: one page, as Rawi reads it: what is kept, what is taken out, and by which rule."""

from __future__ import annotations

import asyncio
import difflib
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, shown
from crawler.cli.runtime import Exit, load_config, with_database
from pipelines.errors import PageRejected, SourceError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from pipelines.model import Article, OperatorRules, Page, SourceRules

EXAMPLES = """
[bold]Examples[/bold]

  rawi extract https://news.example/story/12

  rawi extract saved.html --url https://news.example/story/12 --json | jq -r .text

  rawi extract https://news.example/story/12 --source example --remove 'div.promo' --diff

The last one tries a rule before it is saved with: rawi sources rules example --remove 'div.promo'
"""

BodyOption = Annotated[str | None, typer.Option(help="CSS selector of the article's body.")]
TitleOption = Annotated[str | None, typer.Option(help="CSS selector of its title.")]
AuthorOption = Annotated[str | None, typer.Option(help="CSS selector of its author.")]
DateOption = Annotated[str | None, typer.Option(help="CSS selector of its date.")]
RemoveOption = Annotated[list[str] | None, typer.Option(help="CSS selector of what goes; may be repeated.")]
RemoveTextOption = Annotated[
    list[str] | None, typer.Option(help="Regular expression of text that goes; may be repeated.")
]


def extract_command(
    page: Annotated[str, typer.Argument(help="Address of a page, or a file with its HTML.", metavar="URL|FILE")],
    source: Annotated[str | None, typer.Option(help="Read it by the rules of this source.")] = None,
    url: Annotated[str | None, typer.Option(help="The address that a file came from.")] = None,
    timezone: Annotated[str, typer.Option(help="IANA zone of dates that name none; a source has its own.")] = "UTC",
    diff: Annotated[bool, typer.Option("--diff", help="Show what the rules change.")] = False,
    body: BodyOption = None,
    title: TitleOption = None,
    author: AuthorOption = None,
    date: DateOption = None,
    remove: RemoveOption = None,
    remove_text: RemoveTextOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one page as Rawi reads it: the article, what was taken out and by which rule. Nothing is stored."""
    from pipelines.analyse import analyse
    from pipelines.extract.selectors import check_rules
    from pipelines.model import LearnedRules, OperatorRules

    config = load_config()
    tried = OperatorRules(body, title, author, date, tuple(remove or ()), tuple(remove_text or ()))
    check_rules(tried)
    known = _rules_of(config, source, timezone)
    rules = replace(known, operator=merge_rules(known.operator, tried))
    # Rules that are tried are compared with what the source has; without any, what it has is compared with nothing.
    fewer = known if tried != OperatorRules() else replace(known, operator=OperatorRules(), learned=LearnedRules())
    try:
        fetched = _page(config, page, url)
        article = analyse(replace(fetched, rules=rules))
        before = analyse(replace(fetched, rules=fewer)) if diff else None
    except PageRejected as verdict:
        if as_json:
            print_json({"url": url or page, "error": verdict.detail or verdict.reason, "reason": verdict.reason})
        else:
            console.print(f"[bold]Rejected[/bold] {escape(str(verdict))}")
        raise typer.Exit(Exit.SOME_FAILED) from None
    if as_json:
        print_json(_record(article, before))
    else:
        _print(article, before)


def merge_rules(known: OperatorRules, more: OperatorRules) -> OperatorRules:
    """Return rules with those of ``more`` put in their place, and what they remove added."""
    return replace(
        known,
        body=more.body or known.body,
        title=more.title or known.title,
        author=more.author or known.author,
        date=more.date or known.date,
        remove=tuple(dict.fromkeys(known.remove + more.remove)),
        remove_text=tuple(dict.fromkeys(known.remove_text + more.remove_text)),
    )


def _rules_of(config: Config, source: str | None, timezone: str) -> SourceRules:
    from crawler.sources.repository import Sources
    from crawler.sources.validity import check_timezone
    from pipelines.model import SourceRules
    from pipelines.storage.learning import RuleBook

    if source is None:
        check_timezone(timezone)
        return SourceRules(timezone=timezone)

    async def read(pool: AsyncConnectionPool) -> SourceRules:
        found = await Sources(pool).get(source)
        learned = await RuleBook(pool).effective([found.id])
        return replace(found.rules, learned=learned[found.id])

    return with_database(config, read)


def _page(config: Config, page: str, url: str | None) -> Page:
    from crawler.spiders.page import fetch_page
    from pipelines.model import Page

    if page.startswith(("http://", "https://")):
        return asyncio.run(fetch_page(config, page))
    file = Path(page)
    if not file.is_file():
        raise SourceError(f"neither an address that starts with http:// or https://, nor a file: {page}")
    return Page(url=url or file.resolve().as_uri(), body=file.read_bytes(), fetched_at=datetime.now(UTC))


def _record(article: Article, before: Article | None) -> dict[str, object]:
    from pipelines.records import article_record

    record: dict[str, object] = {**article_record(article), "trace": asdict(article.trace)}
    return record if before is None else {**record, "before": article_record(before)}


def _print(article: Article, before: Article | None) -> None:
    console.print(f"[bold]{escape(article.title or '(no title)')}[/bold]")
    facts = ["، ".join(article.authors), shown(article.published_at), article.section, article.language]
    console.print(
        f"[dim]{escape(' · '.join(fact for fact in facts if fact))}\n{escape(article.url)}[/dim]\n", soft_wrap=True
    )
    if before is None:
        console.print(escape(article.text), soft_wrap=True)
    else:
        _print_diff(before, article)
    console.print()
    print_table(
        ["REMOVED BY", "TEXT"],
        [(block.reason, block.text) for block in article.removed],
        empty="Nothing was removed.",
    )
    trace = article.trace
    container = trace.used if trace.used and not trace.drift else next(iter(trace.containers), None)
    console.print(f"\n[dim]container {escape(container or 'chosen by the operator, or without a name')}[/dim]")


def _print_diff(before: Article, after: Article) -> None:
    """Print the text with what the rules took out and brought in, block by block."""
    styles = {"-": "red", "+": "green", " ": ""}
    lines = difflib.ndiff(_lines(before), _lines(after))
    for line in lines:
        if line[0] in styles:
            console.print(f"{line[0]} {line[2:]}", style=styles[line[0]], markup=False, soft_wrap=True)


def _lines(article: Article) -> list[str]:
    facts = [f"title: {article.title}", f"authors: {', '.join(article.authors)}", f"date: {article.published_at}"]
    return [*facts, *article.text.split("\n\n")]
