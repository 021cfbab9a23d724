"""``rawi articles history|diff|changes``: what articles were before, and what became of what people said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table, shown
from crawler.cli.runtime import load_config, with_database
from crawler.moments import parse_moment
from pipelines.errors import RawiError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.storage.history import ChangedArticle, History, QuoteChangeRow, Version
    from pipelines.versions import Piece

DIFF_EXAMPLES = """
[bold]Examples[/bold]

  rawi articles diff 12                    the last change, word by word

  rawi articles diff 12 --from 1 --to 3

Where there are no colours, what went stands in [-...-] and what came in {+...+}.
"""

IdArgument = Annotated[int, typer.Argument(help="Number of the article, as the list shows it.", metavar="ID")]


def history_command(article_id: IdArgument, as_json: JsonOption = False) -> None:
    """Show every version of an article, when it was seen, and the quotations that were edited or have vanished."""
    history = _read(article_id)
    if as_json:
        print_json(history)
        return
    print_table(
        ["# VERSION", "FIRST SEEN", "REPLACED", "BY", "TITLE", "# LENGTH", "# QUOTES"],
        [
            (v.version, v.seen_at, v.replaced_at, v.replaced_by, v.title, len(v.text), len(v.quotes))
            for v in history.versions
        ],
        empty="No versions.",
    )
    _print_quote_changes(history.quote_changes)
    look = history.last_look
    if look.gone_since:
        console.print(f"\nGone since {shown(look.gone_since)} (HTTP {look.http_status}).")
    again = f", again {shown(look.due_at)}" if look.due_at else ""
    console.print(f"\n[dim]last seen {shown(look.last_seen_at)}, looked at {look.visits or 0} times{again}[/dim]")


def diff_command(
    article_id: IdArgument,
    first: Annotated[int | None, typer.Option("--from", help="An earlier version; by default the one before.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="A later version; by default the current one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show word by word what changed between two versions of an article, its title and authors included."""
    from pipelines.versions import word_diff

    history = _read(article_id)
    known = {version.version: version for version in history.versions}
    newer = last if last is not None else max(known)
    older = first if first is not None else newer - 1
    if len(known) == 1 and first is None and last is None:
        if as_json:
            print_json({"article": article_id, "from": 1, "to": 1, "title": [], "text": [], "quotes": []})
        else:
            console.print("There is one version only: nothing has changed.")
        return
    for wanted in (older, newer):
        if wanted not in known:
            numbers = ", ".join(map(str, sorted(known)))
            raise RawiError(f"article {article_id} has no version {wanted}; it has {numbers}")
    before, after = known[older], known[newer]
    title = word_diff(before.title or "", after.title or "")
    text = word_diff(before.text, after.text)
    changes = [change for change in history.quote_changes if older < change.version <= newer]
    if as_json:
        record = {"article": article_id, "from": older, "to": newer, "title": title, "text": text, "quotes": changes}
        print_json({**record, "authors": [before.authors, after.authors]})
        return
    _print_diff(before, after, title, text)
    _print_quote_changes(changes)


def changes_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the latest change first.")] = 20,
    source: Annotated[str | None, typer.Option(help="Only those of this source.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Changed since: 2026-11-24, or 36h, 7d ago.", metavar="WHEN")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles that their newsrooms changed, with how many quotations were edited or have vanished."""
    from crawler.sources.repository import Sources
    from pipelines.storage.history import Histories

    moment = parse_moment(since, datetime.now(UTC))

    async def read(pool: AsyncConnectionPool) -> list[ChangedArticle]:
        if source is not None:
            await Sources(pool).check_named(source)
        return await Histories(pool).changed(limit, source=source, since=moment)

    changed = with_database(load_config(), read)
    if as_json:
        print_json(changed)
        return
    print_table(
        ["# ID", "CHANGED", "SOURCE", "TITLE", "# CHANGES", "# QUOTES EDITED", "# VANISHED"],
        [(c.id, c.changed_at, c.source, c.title, c.changes, c.quotes_edited, c.quotes_vanished) for c in changed],
        empty="No article has changed.",
    )


def _read(article_id: int) -> History:
    from pipelines.storage.history import Histories

    async def read(pool: AsyncConnectionPool) -> History | None:
        return await Histories(pool).of(article_id)

    history = with_database(load_config(), read)
    if history is None:
        raise RawiError(f"there is no article {article_id}; see: rawi articles list")
    return history


def _print_diff(before: Version, after: Version, title: list[Piece], text: list[Piece]) -> None:
    console.print(f"[bold]{_marked(title)}[/bold]", soft_wrap=True)
    if before.authors != after.authors:
        console.print(f"[dim]authors: {escape(shown(before.authors))} → {escape(shown(after.authors))}[/dim]")
    console.print(f"[dim]{before.version} → {after.version}, seen {shown(after.seen_at)}[/dim]\n")
    console.print(_marked(text), soft_wrap=True)


def _marked(pieces: list[Piece]) -> str:
    styles = {"removed": ("[red strike]", "[/]"), "added": ("[green]", "[/]")}
    if not console.is_terminal:
        styles = {"removed": ("\\[-", "-]"), "added": ("{+", "+}")}
    parts = []
    for piece in pieces:
        words = piece.text.rstrip()
        opening, closing = styles.get(piece.change, ("", ""))
        parts.append(f"{opening}{escape(words)}{closing}{piece.text[len(words) :]}")
    return "".join(parts)


def _print_quote_changes(changes: list[QuoteChangeRow]) -> None:
    if not changes:
        return
    console.print()
    print_table(
        ["# VERSION", "QUOTATION", "BY", "SPEAKER", "BEFORE", "AFTER"],
        [(c.version, c.change, c.cause, c.speaker, c.before, c.after) for c in changes],
        empty="",
    )
