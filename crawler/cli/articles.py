"""``rawi articles``: what is in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import JsonOption

if TYPE_CHECKING:
    pass

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
    print("todo")
