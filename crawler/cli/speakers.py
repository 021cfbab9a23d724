"""``rawi speakers``: who speaks, across articles and under every spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, shown
from crawler.cli.runtime import load_config, with_database

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.storage.people import Person

app = typer.Typer(help="Who speaks, across articles and under every spelling.", no_args_is_help=True)

LIST_EXAMPLES = """
[bold]Examples[/bold]

  rawi speakers list --named 'الصافي'

  rawi speakers show 12

Crawls merge spellings of one person by evidence: name, role, time and source; never by a surname alone.
"""

MERGE_EXAMPLES = """
[bold]Examples[/bold]

  rawi speakers merge 12 40 41      40 and 41 are the person 12

  rawi speakers split 41            no, 41 is somebody else
"""

IdArgument = Annotated[int, typer.Argument(help="Number of a speaker, as the list shows it.", metavar="ID")]


@app.command("list", epilog=LIST_EXAMPLES)
def list_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the most quoted first.")] = 20,
    named: Annotated[str | None, typer.Option(help="Only those with these words in a name.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List who is quoted most; unnamed sources are nobody in particular and left out."""
    from pipelines.storage.people import People

    async def read(pool: AsyncConnectionPool) -> list[Person]:
        return await People(pool).list(limit, named=named)

    people = with_database(load_config(), read)
    if as_json:
        print_json(people)
        return
    print_table(
        ["# ID", "NAME", "TYPE", "ROLE", "# QUOTES", "# SOURCES", "# SPELLINGS", "LAST QUOTED"],
        [(p.id, p.name, p.type, p.role, p.quotes, p.sources, p.spellings, p.last_quoted_at) for p in people],
        empty="Nobody is quoted." if named is None else f"Nobody of this name is quoted: {named}",
    )


@app.command("show")
def show_command(
    speaker_id: IdArgument,
    quotes: Annotated[int, typer.Option(min=0, max=10_000, help="How many quotations, the latest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show a speaker's page: roles over time, spellings, who quotes them, quotations, and the merges behind it."""
    from pipelines.storage.people import People

    async def read(pool: AsyncConnectionPool) -> dict[str, Any]:
        return await People(pool).show(speaker_id, quotes=quotes)

    person = with_database(load_config(), read)
    if as_json:
        print_json(person)
    else:
        _print(person)


@app.command("merge", epilog=MERGE_EXAMPLES)
def merge_command(
    into: Annotated[int, typer.Argument(help="Number of the speaker who stays.", metavar="ID")],
    others: Annotated[list[int], typer.Argument(help="Numbers of speakers who are the same.", metavar="OTHER...")],
) -> None:
    """Say that speakers are one person. It is written down, and rawi speakers split undoes it."""
    from pipelines.storage.people import People

    async def work(pool: AsyncConnectionPool) -> int:
        return await People(pool).merge(into, others)

    moved = with_database(load_config(), work)
    console.print(f"Done: {moved} spellings were merged. Next: rawi speakers show {into}")


@app.command("compare")
def compare_command() -> None:
    """Compare all people again: roles and times that became known since may show that two are one."""
    from pipelines.storage.people import People

    async def work(pool: AsyncConnectionPool) -> int:
        return await People(pool).merge_all()

    console.print(f"{with_database(load_config(), work)} spellings were merged. Next: rawi speakers list")


@app.command("split")
def split_command(speaker_id: IdArgument) -> None:
    """Take one spelling out of its person: it is somebody else, and rules do not merge the two again."""
    from pipelines.storage.people import People

    async def work(pool: AsyncConnectionPool) -> int:
        return await People(pool).split(speaker_id)

    person = with_database(load_config(), work)
    console.print(f"Done: {speaker_id} is a person of its own again, apart from {person}.")


def _print(person: dict[str, Any]) -> None:
    console.print(f"[bold]{escape(person['name'])}[/bold] [dim]· {person['type']} · {person['id']}[/dim]\n")
    print_table(
        ["ROLE", "# QUOTES", "FIRST", "LAST"],
        [(r["role"], r["quotes"], r["first"], r["last"]) for r in person["roles"]],
        empty="No role is known.",
    )
    console.print()
    print_table(
        ["# ID", "WRITTEN", "# QUOTES"], [(s["id"], s["name"], s["quotes"]) for s in person["spellings"]], empty="–"
    )
    console.print()
    print_table(
        ["QUOTED BY", "# QUOTES", "# ARTICLES"],
        [(q["source"], q["quotes"], q["articles"]) for q in person["quoted_by"]],
        empty="Nobody quotes this speaker now.",
    )
    for said in person["latest_quotes"]:
        facts = " · ".join(part for part in (shown(said["at"]), said["source"], said["role"]) if part)
        console.print(f"\n{escape(said['text'])}", soft_wrap=True)
        console.print(f"[dim]{escape(facts)} · article {said['article_id']}[/dim]")
    if person["merges"]:
        console.print()
        print_table(
            ["MERGED", "# ID", "BY", "EVIDENCE", "WHEN", "UNDONE"],
            [
                (m["name"], m["speaker_id"], m["made_by"], m["evidence"], m["merged_at"], m["undone_at"])
                for m in person["merges"]
            ],
            empty="",
        )
