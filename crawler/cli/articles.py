"""``rawi articles``: what is in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, shown
from crawler.cli.runtime import load_config, with_database
from pipelines.errors import RawiError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.storage.reports import ArticleLine

app = typer.Typer(help="List and read the stored articles.", no_args_is_help=True)

LIST_EXAMPLES = """
[bold]Examples[/bold]

  rawi articles list --limit 50

  rawi articles list --source example --json | jq -r '.[].url'
"""


@app.command("list", epilog=LIST_EXAMPLES)
def list_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 20,
    source: Annotated[str | None, typer.Option(help="Only those of this source.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List articles, newest first."""
    from crawler.sources.repository import Sources
    from pipelines.storage.reports import Reports

    async def read(pool: AsyncConnectionPool) -> list[ArticleLine]:
        if source is not None:
            await Sources(pool).check_named(source)
        return await Reports(pool).articles(limit, source)

    articles = with_database(load_config(), read)
    if as_json:
        print_json(articles)
    else:
        print_articles(articles)


@app.command("show")
def show_command(
    article_id: Annotated[int, typer.Argument(help="Number of the article, as the list shows it.", metavar="ID")],
    removed: Annotated[bool, typer.Option("--removed", help="Show what was taken out of the page, and why.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole: its text, its hashtags, and who said what in it."""
    from pipelines.storage.reports import Reports

    async def read(pool: AsyncConnectionPool) -> dict[str, Any] | None:
        return await Reports(pool).article(article_id)

    article = with_database(load_config(), read)
    if article is None:
        raise RawiError(f"there is no article {article_id}; see: rawi articles list")
    if as_json:
        print_json(article)
    else:
        _print_article(article, removed=removed)


def print_articles(articles: list[ArticleLine]) -> None:
    """Print a list of articles as a table."""
    print_table(
        ["# ID", "PUBLISHED", "SOURCE", "TITLE", "# QUOTES", "# HASHTAGS"],
        [(a.id, a.published_at or a.first_seen_at, a.source, a.title, a.quotes, a.hashtags) for a in articles],
        empty="No articles yet. Next: rawi crawl",
    )


def _print_article(article: dict[str, Any], *, removed: bool) -> None:
    console.print(f"[bold]{escape(article['title'] or '(no title)')}[/bold]")
    facts = [article["source"], "، ".join(article["authors"]), shown(article["published_at"]), article["section"]]
    console.print(
        f"[dim]{escape(' · '.join(fact for fact in facts if fact))}\n{escape(article['url'])}[/dim]\n", soft_wrap=True
    )
    console.print(escape(article["text"]), soft_wrap=True)
    if article["hashtags"]:
        console.print(f"\n[bold]Hashtags[/bold]  {escape(' '.join(tag['tag'] for tag in article['hashtags']))}")
    console.print()
    print_table(
        ["SPEAKER", "ROLE", "KIND", "CUE", "QUOTATION", "# SURE"],
        [
            (q["speaker"], q["speaker_role"], q["kind"], q["cue"], q["text"], f"{q['confidence']:.2f}")
            for q in article["quotes"]
        ],
        empty="Nobody is quoted.",
    )
    if removed:
        console.print()
        print_table(
            ["REMOVED BY", "TEXT"],
            [(block["reason"], block["text"]) for block in article["removed"]],
            empty="Nothing was removed.",
        )
