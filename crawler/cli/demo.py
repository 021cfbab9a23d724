"""``rawi demo``: the main job, on an invented news web."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.articles import print_articles
from crawler.cli.crawl import crawl_watched, print_report
from crawler.cli.output import console, print_table
from crawler.cli.runtime import database_url, load_config, opened_pool
from pipelines.errors import SourceError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from crawler.demo import DemoServer
    from crawler.sources.model import Source

EXAMPLES = """
[bold]Examples[/bold]

  rawi demo

  RAWI_DATA_DIR=/tmp/rawi rawi demo

  rawi demo --serve                             and then the pages on it, until Ctrl-C

The outlets, the people and the events are invented; they are served on loopback, and nothing else is fetched.
"""


def demo_command(
    picture: Annotated[
        Path | None, typer.Option(help="Save what is printed as an SVG picture.", dir_okay=False)
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Then serve the pages on it until Ctrl-C.")] = False,
) -> None:
    """Crawl an invented Arabic news web into an embedded Postgres, twice, and show what is stored."""
    import asyncio

    from crawler.demo import DemoServer

    console.record = picture is not None
    given = load_config()
    config = given.model_copy(
        update={"database_url": None, "allow_hosts": (*given.allow_hosts, "*.localhost"), "delay": 0.0}
    )
    with DemoServer() as web, database_url(config) as url:
        newest = asyncio.run(_demo(config, url, web))
        _farewell(newest, None if serve else config)
        if picture is not None:
            console.save_svg(str(picture), title="make demo")
        try:
            if serve:
                _serve(config)
        finally:
            asyncio.run(_retire(url, web))


def _serve(config: Config) -> None:
    """Serve the pages, in a process of their own, while the invented web is still there to be looked at."""
    environment = os.environ | {"RAWI_ALLOW_HOSTS": ",".join(config.allow_hosts), "RAWI_DELAY": "0"}
    environment.pop("RAWI_DATABASE_URL", None)
    console.print()
    serving = subprocess.Popen([sys.executable, "-m", "crawler.cli", "serve"], env=environment)
    signal.signal(signal.SIGTERM, lambda *_: serving.terminate())
    # Ctrl-C reaches both; the one that serves says goodbye.
    with contextlib.suppress(KeyboardInterrupt):
        serving.wait()
    status = serving.wait()
    if status:
        raise typer.Exit(status)


async def _demo(config: Config, url: str, web: DemoServer) -> int:
    """Do it all; return the number of the newest article."""
    async with opened_pool(url) as pool:
        sources = await _fresh_sources(pool, web)
        console.print(f"Postgres: embedded, in {escape(str(config.data_dir))}")
        console.print(f"News web: {len(sources)} invented outlets on loopback\n")
        console.print("[bold]First crawl[/bold]")
        print_report(await crawl_watched(config, pool, sources))
        newest = await _show(pool, sources)
        console.print("\n[bold]Second crawl[/bold]: the feeds have not changed, and nothing is stored twice")
        before = await _count(pool)
        print_report(await crawl_watched(config, pool, await _named(pool, sources)))
        console.print(f"[dim]articles in the store: {before} before, {await _count(pool)} after[/dim]")
    return newest


async def _fresh_sources(pool: AsyncConnectionPool, web: DemoServer) -> list[Source]:
    """Add the outlets as sources; what an earlier demo left of them goes."""
    from crawler.sources.model import Feed, Source
    from crawler.sources.repository import Sources

    repository = Sources(pool)
    added = []
    for outlet in web.outlets:
        with contextlib.suppress(SourceError):  # this is the first demo here
            await repository.remove(f"demo-{outlet.name}", with_articles=True)
        source = Source(
            id=0,
            name=f"demo-{outlet.name}",
            title=outlet.title,
            home=outlet.base_url,
            feeds=(Feed(id=0, url=outlet.feed_url),),
            country=outlet.country,
            timezone=outlet.timezone,
            tags=("demo",),
            delay=0.0,
        )
        added.append(await repository.add(source))
    return added


async def _show(pool: AsyncConnectionPool, sources: list[Source]) -> int:
    from pipelines.storage.reports import Reports

    reports = Reports(pool)
    ids = [source.id for source in sources]
    console.print("\n[bold]The newest articles[/bold]")
    articles = await reports.articles(6)
    print_articles(articles)
    console.print("\n[bold]Top hashtags[/bold]")
    tags = await reports.top_hashtags(8, ids)
    console.print("  ".join(f"{escape(tag.tag)} [dim]{tag.articles}[/dim]" for tag in tags))
    console.print("\n[bold]Most quoted[/bold]")
    print_table(
        ["SPEAKER", "ROLE", "# QUOTES", "SAID, FOR EXAMPLE"],
        [(s.name, s.role, s.quotes, s.example) for s in await reports.top_speakers(6, ids)],
        empty="Nobody is quoted.",
    )
    return articles[0].id if articles else 1


async def _named(pool: AsyncConnectionPool, sources: list[Source]) -> list[Source]:
    from crawler.sources.repository import Sources

    return await Sources(pool).select([source.name for source in sources])


async def _count(pool: AsyncConnectionPool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT count(*) FROM articles")).fetchone()
    return int(row[0]) if row else 0


async def _retire(url: str, web: DemoServer) -> None:
    """Disable the outlets: their web ends with the demo, their articles stay to look at."""
    from crawler.sources.repository import Sources

    async with opened_pool(url) as pool:
        await Sources(pool).set_enabled([f"demo-{outlet.name}" for outlet in web.outlets], False)


def _farewell(newest: int, to_serve: Config | None) -> None:
    rawi = escape(str(Path(sys.argv[0]))) if sys.argv[0].endswith("rawi") else "rawi"
    console.print("\nThe articles stay in the store. What to type next:\n")
    for command in ("articles list", f"articles show {newest}", "sources add https://your-outlet.example/feed/"):
        console.print(f"  {rawi} {command}")
    if to_serve is not None:
        address = f"http://{to_serve.web_host}:{to_serve.web_port}/"
        console.print(f"\nTo read them in a browser: {rawi} serve, then open {address}", soft_wrap=True)
