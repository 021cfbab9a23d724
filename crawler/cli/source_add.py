"""``rawi sources add``: from an address to a source, seen before it is saved."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from crawler.cli.output import JsonOption, console, errors, looking, print_json
from crawler.cli.runtime import Exit, load_config, with_database
from pipelines.errors import SourceError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from crawler.sources.model import Source
    from crawler.sources.onboarding import Proposal, Wishes

EXAMPLES = """
[bold]Examples[/bold]

  rawi sources add https://news.example/

  rawi sources add https://news.example/feed/ --name example --timezone Asia/Baghdad --yes

  rawi sources add https://news.example/politics/ --pattern '^/story/[0-9]+'    a site without a feed

  rawi sources add --catalogue aljazeera

  rawi sources add https://news.example/ --dry-run --json | jq '.articles[].doubts'

The address may be a front page, a section, an article, a feed or a sitemap. Each address is fetched once; what was
fetched is saved with the source. Exit status 1 when nothing was found that can be added: the problems say why.
"""


def add_command(
    urls: Annotated[
        list[str] | None,
        typer.Argument(help="A page of the site, or its feeds; several are feeds of one source.", metavar="URL..."),
    ] = None,
    catalogue: Annotated[str | None, typer.Option(help="Add this outlet of the catalogue.")] = None,
    name: Annotated[str | None, typer.Option(help="Its name here; by default from the host.")] = None,
    title: Annotated[str | None, typer.Option(help="What its readers call it.")] = None,
    home: Annotated[str | None, typer.Option(help="Its front page; by default the host's.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1, such as IQ.")] = None,
    language: Annotated[str, typer.Option(help="Pages in another language are rejected.")] = "ar",
    timezone: Annotated[
        str | None, typer.Option(help="IANA zone of dates that name none, such as Asia/Baghdad.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A label of yours; may be repeated.")] = None,
    delay: Annotated[float | None, typer.Option(min=0, help="Seconds between two requests to it.")] = None,
    interval: Annotated[float | None, typer.Option(min=60, help="Seconds between two polls of a feed.")] = None,
    pattern: Annotated[
        str | None, typer.Option(help="Read the page as a listing; articles' addresses match this regular expression.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look only; nothing is saved.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Fetch nothing: the addresses are its feeds, and all else is as said.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a source: find its feeds, show three of its articles and what looks wrong, then ask once."""
    from crawler.sources.onboarding import Wishes

    config = load_config()
    wishes = Wishes(name, title, home, country, language, timezone, interval, delay, tuple(tag or ()), pattern)
    addresses, wishes = _addresses(urls or [], catalogue, wishes)
    if offline:
        _added(_add_offline(config, addresses, wishes), as_json=as_json)
        return
    _check_wishes(wishes)
    if not (yes or dry_run or as_json or sys.stdin.isatty()):
        raise SourceError("there is nobody to ask: say --yes to add it, or --dry-run to look only")
    from crawler.sources.onboarding import propose

    if dry_run:
        with looking(addresses[0]):
            proposal = asyncio.run(propose(config, addresses, wishes))
        _show(proposal, None, as_json=as_json)
        raise typer.Exit(Exit.DONE if proposal.good else Exit.SOME_FAILED)

    async def work(pool: AsyncConnectionPool) -> tuple[Proposal, Source | None]:
        return await _propose_and_save(config, pool, addresses, wishes, ask=not (yes or as_json), quiet=as_json)

    proposal, added = with_database(config, work)
    if as_json:
        _show(proposal, added, as_json=True)
    elif added is not None:
        _added(added, as_json=False)
    if added is None:
        raise typer.Exit(Exit.SOME_FAILED)


async def _propose_and_save(
    config: Config, pool: AsyncConnectionPool, addresses: list[str], wishes: Wishes, *, ask: bool, quiet: bool
) -> tuple[Proposal, Source | None]:
    from crawler.sources.onboarding import propose, save
    from crawler.sources.repository import Sources

    sources = Sources(pool, config.operator)
    # Before anything is fetched: a site is not asked in vain.
    await sources.check_free(wishes.name, addresses)
    with looking(addresses[0]):
        proposal = await propose(config, addresses, wishes)
    if not quiet:
        _show(proposal, None, as_json=False)
    source = proposal.source
    if source is None:
        return proposal, None
    if ask:
        console.print()
        if not typer.confirm(f"Add {source.name}?", default=proposal.good):
            return proposal, None
    elif not proposal.good:
        errors.print("Not added: it should not be added unseen. To add it all the same: --offline")
        return proposal, None
    return proposal, await save(pool, proposal, source, by=config.operator, keep_pages=config.keep_pages > 0)


def _addresses(urls: list[str], catalogue: str | None, wishes: Wishes) -> tuple[list[str], Wishes]:
    """Return the addresses to begin with, and the wishes with what the catalogue knows."""
    from crawler.sources.catalogue import outlet
    from crawler.sources.validity import tidied

    if catalogue is not None:
        known = outlet(catalogue)
        wishes = replace(
            wishes,
            name=wishes.name or known.name,
            title=wishes.title or known.title,
            home=wishes.home or known.home,
            country=wishes.country or known.country,
            language=known.language if wishes.language == "ar" else wishes.language,
            timezone=wishes.timezone or known.timezone,
            tags=wishes.tags or known.topics,
        )
        urls = urls or list(known.feeds) or [known.home]
    if not urls:
        raise SourceError("which site? Give an address, or --catalogue NAME (see: rawi sources catalogue)")
    return [tidied(url) for url in dict.fromkeys(urls)], wishes


def _check_wishes(wishes: Wishes) -> None:
    """See that what was said beforehand can be used, before anything is fetched."""
    from crawler.sources.model import Feed, FeedKind, Source
    from crawler.sources.validity import check_source

    kind = FeedKind.LISTING if wishes.pattern else FeedKind.FEED
    check_source(
        Source(
            id=0,
            name=wishes.name or "name",
            title="",
            home=wishes.home or "https://example.com/",
            feeds=(Feed(0, "https://example.com/", kind, wishes.pattern),),
            country=wishes.country,
            timezone=wishes.timezone or "UTC",
            delay=wishes.delay,
            interval=wishes.interval,
        )
    )


def _add_offline(config: Config, addresses: list[str], wishes: Wishes) -> Source:
    from crawler.sources.model import Feed, FeedKind, Source
    from crawler.sources.repository import Sources
    from crawler.sources.validity import name_from_url

    parts = urlsplit(addresses[0])
    kind = FeedKind.LISTING if wishes.pattern else FeedKind.FEED
    source = Source(
        id=0,
        name=wishes.name or name_from_url(addresses[0]),
        title=wishes.title or "",
        home=wishes.home or f"{parts.scheme}://{parts.netloc}/",
        feeds=tuple(Feed(0, url, kind, wishes.pattern) for url in addresses),
        country=wishes.country,
        language=wishes.language,
        timezone=wishes.timezone or "UTC",
        tags=wishes.tags,
        delay=wishes.delay,
        interval=wishes.interval,
    )

    async def add(pool: AsyncConnectionPool) -> Source:
        return await Sources(pool, config.operator).add(source)

    return with_database(config, add)


def _show(proposal: Proposal, added: Source | None, *, as_json: bool) -> None:
    from crawler.cli.proposal import print_proposal, proposal_record

    if as_json:
        print_json({**proposal_record(proposal), "added": added is not None})
    else:
        print_proposal(proposal)


def _added(source: Source, *, as_json: bool) -> None:
    if as_json:
        print_json(source_record(source))
    else:
        console.print(
            f"Added [bold]{source.name}[/bold] with {len(source.feeds)} feed(s). Next: rawi crawl {source.name}"
        )


def source_record(source: Source) -> dict[str, Any]:
    """Return a source with all that is known of its feeds, as JSON can hold it."""
    record = asdict(source)
    for feed in record["feeds"]:
        feed["body_hash"] = feed["body_hash"].hex() if feed["body_hash"] else None
    return record
