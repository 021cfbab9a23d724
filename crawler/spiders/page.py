"""The page spider: fetches one page, with the parts that continue it, and hands it to whoever asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response

from crawler.config import Config
from crawler.engine import crawl_settings, raise_if_cancelled, running_reactor
from crawler.middlewares.guard import GuardedResolver, install_resolver
from crawler.spiders.polls import declared_charset
from crawler.spiders.verdicts import failure_of_error, failure_of_status
from pipelines.errors import PageRejected
from pipelines.extract.parts import MAX_PARTS, next_part
from pipelines.model import Page

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure


class PageSpider(Spider):
    """Fetches one page; ``found`` holds it in the end, or the verdict on why there is none."""

    name = "page"
    custom_settings: ClassVar[dict[str, Any]] = {"ITEM_PIPELINES": {}}  # type: ignore[misc]

    def __init__(self, url: str, resolver: GuardedResolver, found: list[Page | PageRejected], **options: Any) -> None:
        super().__init__(**options)
        self.url = url
        self.resolver = resolver
        self.found = found

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the page."""
        yield Request(self.url, callback=self.parse, errback=self.failed, dont_filter=True)

    async def parse(self, response: Response, page: Page | None = None) -> AsyncIterator[Request]:
        """Keep the page, or the next part of it, and ask for the part after that."""
        failure = failure_of_status(response)
        if page is None:
            if failure is not None:
                self.found[:] = [PageRejected(failure.reason, failure.detail)]
                return
            charset = declared_charset(response)
            page = Page(url=response.url, body=response.body, charset=charset, fetched_at=datetime.now(UTC))
        elif failure is None:
            page = replace(page, parts=(*page.parts, response.body))
        self.found[:] = [page]
        number = len(page.parts) + 1
        following = next_part(response.body, response.url, charset=page.charset, number=number)
        if failure is None and following is not None and number < MAX_PARTS:
            yield Request(
                following, callback=self.parse, errback=self.failed, cb_kwargs={"page": page}, dont_filter=True
            )

    async def failed(self, failure: TwistedFailure) -> None:
        """Give the verdict, unless it is only a further part that did not come."""
        if not self.found:
            verdict = failure_of_error(failure.value, address_refused=bool(self.resolver.refused))
            self.found[:] = [PageRejected(verdict.reason, verdict.detail)]


async def fetch_page(config: Config, url: str) -> Page:
    """Fetch one page as a crawl would: politely, by robots.txt, from public addresses only.

    Raises :class:`~pipelines.errors.PageRejected` with the verdict when it does not come.
    """
    found: list[Page | PageRejected] = []
    resolver = install_resolver(running_reactor(), config.allow_hosts)
    runner = AsyncCrawlerRunner(crawl_settings(config, {}))
    await runner.crawl(PageSpider, url=url, resolver=resolver, found=found)
    raise_if_cancelled()
    [answer] = found or [PageRejected("connection", "nothing came")]
    if isinstance(answer, PageRejected):
        raise answer
    return answer
