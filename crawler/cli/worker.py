"""``rawi worker``: stay up, and crawl what is due."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.runtime import Exit, database_url, load_config, opened_pool

if TYPE_CHECKING:
    from crawler.worker import CrawlWorker

EXAMPLES = """
[bold]Examples[/bold]

  rawi worker                              until Ctrl-C or SIGTERM

  rawi worker --concurrency 32 --log-json  more domains at once; one JSON object a line on standard error

  rawi worker --metrics 127.0.0.1:9100     with counters for Prometheus

Any number may run, on any number of machines, beside rawi crawl: nothing is done twice. SIGTERM lets the pages under
way be finished and saved; a second one ends everything at once, and loses nothing either.
"""


def worker_command(
    concurrency: Annotated[int, typer.Option(min=1, max=256, help="Domains crawled at once by this worker.")] = 8,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that SIGTERM leaves for pages under way.", metavar="SECONDS")
    ] = 25.0,
    metrics: Annotated[
        str | None, typer.Option(help="Serve Prometheus metrics here, as in 127.0.0.1:9100.", metavar="HOST:PORT")
    ] = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log one JSON object a line.")] = False,
) -> None:
    """Crawl what is due until told to stop: polls feeds when their time comes, and fetches what they announce."""
    from crawler.logs import log_to_stderr

    log_to_stderr(as_json=log_json)
    config = load_config()

    async def work(url: str) -> None:
        from crawler.metrics import counted
        from crawler.worker import CrawlWorker

        async with opened_pool(url, size=4 + concurrency // 2) as pool:
            with counted(metrics, url, lease=config.lease) as counters:
                worker = CrawlWorker(
                    config, pool, url, concurrency=concurrency, observer=counters, crawled=counters.crawled
                )
                await _until_stopped(worker, grace)

    with database_url(config) as url:
        asyncio.run(work(url))


async def _until_stopped(worker: CrawlWorker, grace: float) -> None:
    """Run a worker; the first signal lets it finish what is under way, the second ends this process as it stands."""
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Task[None]] = []

    def told() -> None:
        if stopping:
            # As safe as kill -9, which is safe.
            os._exit(Exit.INTERRUPTED)
        stopping.append(loop.create_task(worker.stop(grace)))

    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, told)
    await worker.run()
    await asyncio.gather(*stopping)
