"""``rawi sources edit|enable|disable|remove|history|revert``: changing sources, and undoing it."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, print_json, print_table
from crawler.cli.runtime import load_config, with_database
from pipelines.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg_pool import AsyncConnectionPool

    from crawler.sources.history import Change
    from crawler.sources.model import Source

NamesArgument = Annotated[list[str], typer.Argument(help="Names of sources.", metavar="SOURCE...")]
NameArgument = Annotated[str, typer.Argument(help="Name of the source.", metavar="SOURCE")]

EDIT_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources edit example --timezone Africa/Tunis --interval 1800

  rawi sources edit one two three --add-tag sport --remove-tag new

  rawi sources edit example --add-feed https://news.example/sitemap.xml --kind sitemap

  rawi sources edit example --reset interval --reset delay

Rules for its pages: rawi sources rules. Every change is written down and can be undone: rawi sources history.
"""

REMOVE_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources remove example                    asks what happens to its articles

  rawi sources remove example --keep-articles    the articles stay, and come back with it

To leave it out of crawls for a while: rawi sources disable example
"""

REVERT_EXAMPLES = """
[bold]Examples[/bold]

  rawi sources revert example            undoes the latest change; again, and it is redone

  rawi sources revert example --to 12    as it was after change 12 (see: rawi sources history example)

Articles that were deleted with a source do not come back; the source does, and its feeds announce what is new.
"""


class Resettable(StrEnum):
    """What can be given back to Rawi to decide, or be unknown again."""

    INTERVAL = "interval"
    DELAY = "delay"
    COUNTRY = "country"


def edit_command(
    names: NamesArgument,
    title: Annotated[str | None, typer.Option(help="What its readers call it.")] = None,
    home: Annotated[str | None, typer.Option(help="Its front page.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1, such as IQ.")] = None,
    language: Annotated[str | None, typer.Option(help="Pages in another language are rejected.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA zone of dates that name none.")] = None,
    interval: Annotated[float | None, typer.Option(min=60, help="Seconds between two polls of a feed.")] = None,
    delay: Annotated[float | None, typer.Option(min=0, help="Seconds between two requests to it.")] = None,
    reset: Annotated[list[Resettable] | None, typer.Option(help="Leave it to Rawi again; may be repeated.")] = None,
    add_tag: Annotated[list[str] | None, typer.Option(help="A label more; may be repeated.")] = None,
    remove_tag: Annotated[list[str] | None, typer.Option(help="A label less; may be repeated.")] = None,
    add_feed: Annotated[list[str] | None, typer.Option(help="Address of a further feed; may be repeated.")] = None,
    kind: Annotated[str, typer.Option(help="Kind of the added feeds: feed, sitemap or listing.")] = "feed",
    pattern: Annotated[str | None, typer.Option(help="Of added listings: what articles' addresses match.")] = None,
    remove_feed: Annotated[list[str] | None, typer.Option(help="Address of a feed that goes; may be repeated.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Change sources; what is not said stays as it is. What they brought stays, too."""
    given = {
        "title": title, "home": home, "country": country, "language": language, "timezone": timezone,
        "interval": interval, "delay": delay,
    }  # fmt: skip
    values: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    values |= {what.value: None for what in reset or ()}
    if not (values or add_tag or remove_tag or add_feed or remove_feed):
        raise SourceError("say what is to be changed; see: rawi sources edit --help")
    if len(names) > 1 and (title or home or add_feed or remove_feed):
        raise SourceError("a title, a front page and feeds belong to one source: name one")

    def edited(source: Source) -> Source:
        tags = [tag for tag in source.tags if tag not in (remove_tag or ())] + list(add_tag or ())
        feeds = _feeds(source, add_feed or (), remove_feed or (), kind, pattern)
        return replace(source, **values, tags=tuple(dict.fromkeys(tags)), feeds=feeds)

    _report(_change(names, edited), as_json=as_json)


def enable_command(names: NamesArgument) -> None:
    """Let crawls take these sources again."""
    _change(names, lambda source: replace(source, enabled=True))
    console.print(f"Enabled {', '.join(names)}.")


def disable_command(names: NamesArgument) -> None:
    """Pause these sources: leave them out of crawls. What they brought stays."""
    _change(names, lambda source: replace(source, enabled=False))
    console.print(f"Disabled {', '.join(names)}.")


def remove_command(
    name: NameArgument,
    with_articles: Annotated[bool, typer.Option("--with-articles", help="Delete its articles too.")] = False,
    keep_articles: Annotated[bool, typer.Option("--keep-articles", help="Keep its articles.")] = False,
) -> None:
    """Remove a source; what happens to its articles is asked, or said."""
    from crawler.sources.repository import Sources

    config = load_config()
    if with_articles and keep_articles:
        raise SourceError("--with-articles deletes the articles, --keep-articles keeps them: say one of the two")

    async def remove(pool: AsyncConnectionPool) -> tuple[int, bool]:
        sources = Sources(pool, config.operator)
        keep = keep_articles
        stored = (await sources.summary(await sources.get(name))).stored
        if stored and not with_articles and not keep and sys.stdin.isatty():
            answer = typer.prompt(f"{name} has {stored} articles: keep, delete, or stop?", default="stop")
            if answer not in ("keep", "delete"):
                raise SourceError(f"nothing was done; to pause it: rawi sources disable {name}")
            keep = answer == "keep"
            return await sources.remove(name, with_articles=not keep, keep_articles=keep), keep
        return await sources.remove(name, with_articles=with_articles, keep_articles=keep), keep

    articles, kept = with_database(config, remove)
    fate = f"{articles} articles are kept" if kept else f"{articles} articles are deleted"
    without = "" if kept or not articles else " (the articles do not come back)"
    console.print(f"Removed {name}; {fate}. To undo it: rawi sources revert {name}{without}", soft_wrap=True)


def history_command(
    name: Annotated[str | None, typer.Argument(help="Name of a source; all when left out.", metavar="SOURCE")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many changes, the latest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show who changed a source, when, and what; also of sources that are removed."""
    from crawler.sources.history import differences
    from crawler.sources.repository import Sources

    async def read(pool: AsyncConnectionPool) -> list[Change]:
        sources = Sources(pool)
        changes = await sources.history(name, limit=limit)
        if name is not None and not changes:
            await sources.get(name)  # raises when there is no such source, and never was one
        return changes

    changes = with_database(load_config(), read)
    if as_json:
        print_json(changes)
        return
    print_table(
        ["# CHANGE", "WHEN", "WHO", "SOURCE", "WHAT", "DIFFERENCE"],
        [
            (c.id, c.changed_at, c.changed_by, c.source, c.action, "\n".join(differences(c.before, c.after)))
            for c in changes
        ],
        empty="Nothing was changed yet." if name is None else f"Nothing was ever changed in a source {name}.",
    )


def revert_command(
    name: NameArgument,
    to: Annotated[int | None, typer.Option(help="Number of a change: as it was after it.")] = None,
) -> None:
    """Undo the latest change to a source, also its removal; or go back to an earlier state."""
    from crawler.sources.history import differences
    from crawler.sources.repository import Sources

    config = load_config()

    async def revert(pool: AsyncConnectionPool) -> Change:
        sources = Sources(pool, config.operator)
        await sources.revert(name, to)
        return (await sources.history(name, limit=1))[0]

    change = with_database(config, revert)
    if change.before is None:
        console.print(f"[bold]{name}[/bold] is there again; articles that were deleted with it are not.")
        return
    console.print(f"[bold]{name}[/bold] is as it was {'before' if to is None else f'after change {to}'}:")
    for line in differences(change.before, change.after) or ["nothing had to be changed"]:
        console.print(f"  {escape(line)}", soft_wrap=True)


def _change(names: Sequence[str], edited: Callable[[Source], Source]) -> list[Source]:
    from crawler.sources.repository import Sources

    config = load_config()

    async def change(pool: AsyncConnectionPool) -> list[Source]:
        sources = Sources(pool, config.operator)
        # All of them exist, or none is changed.
        return [await sources.change(edited(source)) for source in await sources.select(names)]

    return with_database(config, change)


def _feeds(source: Source, added: Sequence[str], removed: Sequence[str], kind: str, pattern: str | None) -> Any:
    from crawler.sources.model import Feed, FeedKind

    if kind not in list(FeedKind):
        raise SourceError(f"a feed is a feed, a sitemap or a listing, not {kind!r}")
    known = {feed.url for feed in source.feeds}
    if missing := [url for url in removed if url not in known]:
        raise SourceError(f"{source.name} has no feed {missing[0]}; see: rawi sources show {source.name}")
    kept = [feed for feed in source.feeds if feed.url not in removed]
    return (*kept, *(Feed(0, url, FeedKind(kind), pattern) for url in added if url not in known))


def _report(sources: Sequence[Source], *, as_json: bool) -> None:
    from crawler.sources.document import document

    if as_json:
        print_json([{"name": source.name, **document(source)} for source in sources])
        return
    for source in sources:
        console.print(f"[bold]{source.name}[/bold] is changed. What it was: rawi sources history {source.name}")
