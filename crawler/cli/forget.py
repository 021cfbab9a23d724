"""``rawi forget``: deletion on request, complete and for good."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import JsonOption, console, print_json, print_table
from crawler.cli.runtime import load_config, with_database
from pipelines.errors import QueryError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.storage.forget import Forgotten

EXAMPLES = """
[bold]Examples[/bold]

  rawi forget --url https://news.example/story/12 --dry-run     what would go

  rawi forget --speaker 41 --yes                                a person's quotations and names, everywhere

  rawi forget --source example --yes

Gone are articles, versions, raw pages, quarantine, quotations and what search knew of them; feeds, archives and replays
do not bring them back. Backups still have them: docs/backup.md.
"""


def forget_command(
    url: Annotated[list[str] | None, typer.Option(help="An article by its address; may be repeated.")] = None,
    source: Annotated[str | None, typer.Option(help="A source with everything it ever brought.")] = None,
    speaker: Annotated[int | None, typer.Option(help="A person by number, under every spelling.")] = None,
    with_articles: Annotated[
        bool, typer.Option("--with-articles", help="With --speaker: delete all articles that quote them.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete articles, a source or a person for good: complete down to raw pages and versions."""
    if sum(wanted is not None for wanted in (url or None, source, speaker)) != 1:
        raise QueryError("say what is to be forgotten: --url, --source or --speaker")
    if not (yes or dry_run):
        if as_json:
            raise QueryError("nobody can be asked with --json: add --yes or --dry-run")
        if not sys.stdin.isatty():
            raise QueryError("there is nobody to ask: say --yes to delete, or --dry-run to count only")
        _print(_carry_out(url, source, speaker, with_articles=with_articles, dry_run=True))
        typer.confirm("Delete this for good?", abort=True)
    gone = _carry_out(url, source, speaker, with_articles=with_articles, dry_run=dry_run)
    if as_json:
        print_json({**asdict(gone), "deleted": not dry_run})
        return
    _print(gone)
    console.print("Nothing was deleted." if dry_run else "Deleted.")


def _carry_out(
    urls: list[str] | None, source: str | None, speaker: int | None, *, with_articles: bool, dry_run: bool
) -> Forgotten:
    from pipelines.storage.forget import Oblivion

    async def work(pool: AsyncConnectionPool) -> Forgotten:
        oblivion = Oblivion(pool, dry_run=dry_run)
        if speaker is not None:
            return await oblivion.speaker(speaker, with_articles=with_articles)
        if source is not None:
            return await oblivion.source(source)
        return await oblivion.urls(urls or [])

    return with_database(load_config(), work)


def _print(gone: Forgotten) -> None:
    print_table(["WHAT", "# COUNT"], [(name, count) for name, count in asdict(gone).items()], empty="")
