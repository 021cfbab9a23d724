"""How fast may a host be asked? As fast as its robots.txt, its source's settings and our own default allow.

Scrapy keeps a slot for each host; this extension sets the slot's delay: the source's ``delay`` where an operator chose
one, else the default; and never less than the Crawl-delay that the host's robots.txt asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from scrapy.robotstxt import ProtegoRobotParser

#: A Crawl-delay beyond this is a mistake or a wish not to be crawled by anybody, seconds; it is capped, not ignored.
LONGEST_DELAY = 60.0


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
        agent = self._crawler.settings["ROBOTSTXT_USER_AGENT"]
        asked = robotparser.rp.crawl_delay(agent)
        if asked is None:
            return
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        pace = downloader.per_slot_settings.setdefault(key, {})
        delay = max(min(float(asked), LONGEST_DELAY), pace.get("delay", self._crawler.settings["DOWNLOAD_DELAY"]))
        # The slot may exist already: robots.txt itself was fetched through it. Crawl-delay is meant between two
        # requests, one at a time.
        pace |= {"delay": delay, "concurrency": 1, "jitter": 0.0}
        if (slot := downloader.slots.get(key)) is not None:
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0.0
