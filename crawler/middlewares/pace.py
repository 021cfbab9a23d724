"""How fast may a host be asked? As fast as its robots.txt, its source's settings and our own default allow.

Every request of a crawl takes a turn at its host's registered domain (:class:`~crawler.hosts.Hosts`) before it is
made, and gives it back when it has ended; a turn is shared with every other process on the database. Where there is no
database yet, as when a source is being looked at, Scrapy's own slots keep the pace for the process alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.hosts import Hosts, Refusal, Turn
from crawler.scheduling.failures import parse_retry_after
from pipelines.storage.pool import patiently
from pipelines.urls import registered_domain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response
    from scrapy.robotstxt import ProtegoRobotParser

#: A Crawl-delay beyond this is a mistake or a wish not to be crawled by anybody, seconds; it is capped, not ignored.
LONGEST_DELAY = 60.0
#: What a slot of Scrapy's does for a host whose turns are the database's: nothing.
_UNPACED = {"delay": 0.0, "concurrency": 256, "jitter": 0.0}


class HostTurns:
    """Scrapy downloader middleware, the nearest to the network: a turn for each request.

    It waits without holding anything up but its own request. :class:`~crawler.hosts.HostClosed` and
    :class:`~crawler.hosts.TurnsEnded` reach the request's errback.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._turns: dict[Request, tuple[Turn, datetime]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostTurns:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the request's turn."""
        hosts = hosts_of(self._crawler)
        if hosts is None:
            return
        domain = registered_domain(request.url)
        turn = await patiently(lambda: hosts.take(domain), patience=hosts.patience)
        now = datetime.now(UTC)
        self._turns[request] = turn, now
        hosts.contacts.asked(request.url, now)
        if turn.began is not None:
            set_pace(self._crawler, request, _UNPACED)

    async def process_response(self, request: Request, response: Response) -> Response:
        """End the turn, and close the host to everybody where the answer asks for it."""
        await self._give_back(request, refusal_of(response), answered=True)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 -- Scrapy's names
        """End the turn of a request that got no answer."""
        await self._give_back(request, None, answered=False)

    async def _give_back(self, request: Request, refusal: Refusal | None, *, answered: bool) -> None:
        hosts, taken = hosts_of(self._crawler), self._turns.pop(request, None)
        if hosts is None or taken is None:
            return
        turn, began_at = taken
        if answered:
            hosts.contacts.answered(request.url, began_at, datetime.now(UTC))
        await patiently(lambda: hosts.give_back(turn, refusal), patience=hosts.patience)


class LivingHandler(HTTP11DownloadHandler):
    """Scrapy download handler: nothing leaves a process that may not ask any more, however long it had waited to.

    Requests that took their turn wait in slots of Scrapy's: one that woke up would ask them all at once.
    """

    async def download_request(self, request: Request) -> Response:
        """Send a request."""
        if (hosts := hosts_of(self._crawler)) is not None:
            await hosts.may_ask()
        return await super().download_request(request)


class CrawlDelay:
    """Scrapy extension: obeys Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        """Called by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: ProtegoRobotParser, request: Request) -> None:
        """Slow the host of ``request`` down to what its robots.txt asks for."""
        asked = robotparser.rp.crawl_delay(self._crawler.settings["ROBOTSTXT_USER_AGENT"])
        delay = min(float(asked or 0), LONGEST_DELAY)
        if (hosts := hosts_of(self._crawler)) is not None:
            hosts.ask_for_delay(registered_domain(request.url), delay)
        elif asked is not None:
            chosen = self._crawler.engine.downloader.per_slot_settings.get(
                self._crawler.engine.downloader.get_slot_key(request), {}
            )
            delay = max(delay, chosen.get("delay", self._crawler.settings["DOWNLOAD_DELAY"]))
            # Crawl-delay is meant between two requests, one at a time.
            set_pace(self._crawler, request, {"delay": delay, "concurrency": 1, "jitter": 0.0})


def hosts_of(crawler: Crawler) -> Hosts | None:
    """Return the turns that a crawl's spider takes part in, if any."""
    return getattr(crawler.spider, "hosts", None)


def refusal_of(response: Response) -> Refusal | None:
    """Return what an answer says about being asked again (RFC 6585, 4; RFC 9110, 15.6.4); ``None``: nothing."""
    if response.status not in (429, 503):
        return None
    value = response.headers.get("Retry-After")
    pause = parse_retry_after(value.decode("latin-1") if value else None, datetime.now(UTC))
    # A 503 alone is a host in trouble, and the affair of the feed or page that met it.
    return Refusal(f"http-{response.status}", pause) if response.status == 429 or pause is not None else None


def set_pace(crawler: Crawler, request: Request, pace: dict[str, float]) -> None:
    """Set the pace of the slot that a request goes through, which may exist already: robots.txt went through it."""
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    downloader.per_slot_settings[key] = pace
    if (slot := downloader.slots.get(key)) is not None:
        slot.delay, slot.concurrency, slot.jitter = pace["delay"], int(pace["concurrency"]), pace["jitter"]
