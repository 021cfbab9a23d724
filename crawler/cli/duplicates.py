"""``rawi duplicates``: copies of one story, across sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import JsonOption, console, counting, print_json, print_table
from crawler.cli.runtime import load_config, with_database
from pipelines.errors import QueryError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.storage.duplicates import Cluster, Member

app = typer.Typer(
    help="Copies of one story: the same, or with another lead or paragraphs cut, across sources.", no_args_is_help=True
)

LIST_EXAMPLES = """
[bold]Examples[/bold]

  rawi duplicates list --source example

  rawi duplicates show 12 --json | jq -r '.[].url'

Crawls find duplicates by themselves; the earliest article of a cluster is its head.
"""


@app.command("list", epilog=LIST_EXAMPLES)
def list_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many clusters, those that grew last first.")] = 20,
    source: Annotated[str | None, typer.Option(help="Only those with an article of this source.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List clusters of duplicates, those that grew last first."""
    from crawler.sources.repository import Sources
    from pipelines.storage.duplicates import Duplicates

    async def read(pool: AsyncConnectionPool) -> list[Cluster]:
        if source is not None:
            await Sources(pool).check_named(source)
        return await Duplicates(pool).clusters(limit, source)

    clusters = with_database(load_config(), read)
    if as_json:
        print_json(clusters)
        return
    print_table(
        ["# CLUSTER", "# HEAD", "PUBLISHED", "SOURCE", "TITLE", "# ARTICLES", "# SOURCES"],
        [(c.id, c.head, c.at, c.source, c.title, c.articles, c.sources) for c in clusters],
        empty="No duplicates yet.",
    )


@app.command("show")
def show_command(
    article_id: Annotated[int, typer.Argument(help="Number of an article.", metavar="ID")],
    as_json: JsonOption = False,
) -> None:
    """Show the duplicates of an article, the earliest first, and how alike they are."""
    from pipelines.storage.duplicates import Duplicates
    from pipelines.storage.reports import Reports

    async def read(pool: AsyncConnectionPool) -> list[Member]:
        members = await Duplicates(pool).members(article_id)
        if not members and await Reports(pool).article(article_id) is None:
            raise QueryError(f"there is no article {article_id}; see: rawi articles list")
        return members

    members = with_database(load_config(), read)
    if as_json:
        print_json(members)
        return
    print_table(
        ["# ID", "PUBLISHED", "SOURCE", "TITLE", "LIKENESS"],
        [(m.article_id, m.at, m.source, m.title, _likeness(m)) for m in members],
        empty="This article has no duplicates.",
    )


@app.command("find")
def find_command() -> None:
    """Look for duplicates among articles that no crawl has looked up: those of before, or of an interrupted crawl."""
    from pipelines.storage.duplicates import Duplicates

    async def work(pool: AsyncConnectionPool) -> int:
        duplicates = Duplicates(pool)
        with counting("sketches") as count:
            await duplicates.sketch_older(count)
        with counting("articles") as count:
            return await duplicates.find(count)

    done = with_database(load_config(), work)
    console.print(f"{done} articles were looked up. Next: rawi duplicates list")


def _likeness(member: Member) -> str:
    if member.head:
        return "head"
    return "same words" if member.exact else f"{member.likeness:.2f}"
