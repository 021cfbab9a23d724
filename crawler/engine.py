"""What every use of Scrapy here shares: the reactor on our loop, and the settings that the environment decides."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor, is_reactor_installed

from crawler import settings as scrapy_settings
from crawler.config import Config
from crawler.contacts import Contacts, Silence
from crawler.hosts import Hosts
from crawler.sources.model import Source
from pipelines.urls import registered_domain


def crawl_settings(config: Config, slots: Mapping[str, Mapping[str, float]]) -> Settings:
    """Return Scrapy's settings for one crawl; ``slots`` is the pace of hosts that have their own."""
    made = Settings()
    made.setmodule(scrapy_settings)
    made.setdict(
        {
            "USER_AGENT": config.user_agent,
            "CONCURRENT_REQUESTS": config.concurrency,
            "DOWNLOAD_DELAY": config.delay,  # seconds
            "DOWNLOAD_SLOTS": dict(slots),
            "ALLOW_HOSTS": list(config.allow_hosts),
        }
    )
    return made


def paces(sources: Sequence[Source]) -> dict[str, dict[str, float]]:
    """Return the pace of the hosts whose operators chose one; a delay of zero is for hosts of one's own."""
    return {
        host: {"delay": source.delay, "jitter": 0.5} | ({"concurrency": 8} if source.delay == 0 else {})
        for source in sources
        if source.delay is not None
        for host in {urlsplit(url).hostname for url in (source.home, *(feed.url for feed in source.feeds))}
        if host
    }


def shared_hosts(
    config: Config,
    url: str,
    sources: Sequence[Source],
    silence: Silence | None = None,
    lapsed: Callable[[], bool] = lambda: False,
) -> Hosts:
    """Return the turns at hosts that are shared with every process on the database at ``url``.

    ``silence`` is shared with the other crawls of this process, where there are any; ``lapsed`` is
    :meth:`crawler.claims.Claims.lapsed` where sources are claimed.
    """
    delays = {
        registered_domain(address): source.delay
        for source in sources
        if source.delay is not None
        for address in (source.home, *(feed.url for feed in source.feeds))
    }
    return Hosts(
        url,
        delay=config.delay,
        delays=delays,
        patience=config.database_patience,
        contacts=Contacts(silence),
        lapsed=lapsed,
    )


def running_reactor() -> Any:
    """Return Twisted's reactor on the running loop; installed and started, without signal handlers, the first time."""
    # What goes wrong reaches the caller as a verdict; Scrapy's own messages would only repeat it.
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    if not is_reactor_installed():
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
        gc.freeze()  # what was imported up to here is no garbage, and need not be looked through for it again and again
        # Its threads look names up. A look-up that hangs must not keep the process from ending.
        reactor.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
    return reactor


def raise_if_cancelled() -> None:
    """Raise :class:`asyncio.CancelledError` where this task was cancelled while Scrapy ran, which ends quietly then."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
