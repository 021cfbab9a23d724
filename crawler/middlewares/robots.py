"""Must a host be asked for its robots.txt? Not where it is known: then the answer comes from memory, without a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import Response

from pipelines.storage.pool import patiently

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request

    from crawler.spiders.job import CrawlJob

#: What marks an answer that was not asked for.
REMEMBERED = "remembered"


class RememberedRobots:
    """Scrapy downloader middleware: answers Scrapy's own requests for a robots.txt that the crawl knows."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RememberedRobots:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer from memory, or let the request pass: also where a redirect leads to, which is another's document."""
        job = self._job()
        if job is None or not _is_for_robots(request) or "redirect_urls" in request.meta:
            return None
        body = await patiently(lambda: job.robots.get(request.url), patience=job.patience)
        return None if body is None else Response(request.url, body=body, flags=[REMEMBERED])

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember what came."""
        job = self._job()
        if job is not None and _is_for_robots(request) and REMEMBERED not in response.flags:
            asked: str = request.meta.get("redirect_urls", [request.url])[0]
            cache_control = (response.headers.get("Cache-Control") or b"").decode("latin-1")
            job.robots.learn(asked, response.status, response.body, cache_control)
        return response

    def _job(self) -> CrawlJob | None:
        return getattr(self._crawler.spider, "job", None)


def _is_for_robots(request: Request) -> bool:
    """Tell whether Scrapy asks for a robots.txt: of all requests only these need not obey one."""
    return bool(request.meta.get("dont_obey_robotstxt"))
