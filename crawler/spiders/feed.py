"""The feed spider: polls feeds of every kind, and fetches the pages that they announced.

Feeds, sitemaps and listings differ in what their documents say (:mod:`crawler.spiders.polls`) and in nothing else, so
one spider polls them all: then a host has one queue, whatever leads to it. A feed is asked conditionally, with both
validators; the hash of its body stands behind them, for servers that answer 200 with what they sent before. What a
poll announced is stored before any page is asked for. Pages that earlier crawls left behind are fetched too, whatever
the feed answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.http import Response

from crawler.frontier import Announced, PendingEntry
from crawler.hosts import TurnsEnded
from crawler.recording import Poll
from crawler.revisits import revisit_requests
from crawler.scheduling.outage import UNREACHED
from crawler.scheduling.pages import next_attempt
from crawler.sitemaps import MAX_SIZE
from crawler.sources.model import Feed, FeedKind, Source
from crawler.spiders.headers import kept_headers
from crawler.spiders.later import left_for_later
from crawler.spiders.moves import GONE, adopted
from crawler.spiders.polls import (
    Reading,
    Walk,
    declared_charset,
    failed_poll,
    read_document,
    read_poll,
    retry_after,
    validators,
)
from crawler.spiders.verdicts import Failure, failure_of_error, failure_of_status
from pipelines.errors import PageRejected, RawiError
from pipelines.extract.parts import MAX_PARTS, next_part
from pipelines.model import Page
from pipelines.stages import StageContext, Visit
from pipelines.urls import same_site

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.spiders.job import CrawlJob

ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class FeedSpider(Spider):
    """Polls the feeds of a :class:`~crawler.spiders.job.CrawlJob`."""

    name = "feed"

    def __init__(self, job: CrawlJob, **options: Any) -> None:
        super().__init__(**options)
        self.job = job
        self.stage_context: StageContext = job.stage_context
        self.hosts = job.hosts
        self._moving = asyncio.Lock()  # each move is a change to the source as the one before has left it

    async def start(self) -> AsyncIterator[Request | Visit]:
        """Ask for every feed that is to be polled, and for the pages left behind by earlier crawls."""
        # Most sources have neither pages nor articles that wait: each of them would be a question for nothing.
        with_pending, with_revisits = await self.job.with_pending(), await self.job.with_revisits()
        for source in self.job.sources:
            for feed in self.job.feeds_to_poll(source):
                yield self._feed_request(source, feed)
            if source.id in with_pending:
                async for request in self._page_requests(source):
                    yield request
            if source.id in with_revisits:
                async for again in revisit_requests(self, source):
                    yield again

    async def parse_feed(
        self, response: Response, source: Source, feed: Feed, gone: Poll | None = None
    ) -> AsyncIterator[Request | Visit]:
        """Read a feed, and the documents it leads to; store what was announced, and ask for those pages.

        A feed that is gone is looked for where it used to redirect to; ``gone`` is the poll that did not find it.
        """
        now = self.job.clock.now()
        reading = read_poll(response, feed, now=now)
        if gone is None and response.status in GONE and feed.moved_to:
            yield self._feed_request(source, feed, gone=reading.poll)
            return
        if gone is not None and adopted(feed, reading.poll, now=now, gone=True) is None:
            reading, gone = Reading(gone), None
        self.job.report(source).dropped.update(reading.dropped)
        async for request in self._go_on(source, feed, Walk(reading.poll, now, reading.further, gone is not None)):
            yield request

    async def feed_failed(self, failure: TwistedFailure) -> None:
        """Write down that a feed did not answer."""
        source: Source = failure.request.cb_kwargs["source"]  # type: ignore[attr-defined]
        feed: Feed = failure.request.cb_kwargs["feed"]  # type: ignore[attr-defined]
        if await left_for_later(self.job, failure):
            return
        verdict = failure_of_error(failure.value, address_refused=self.job.is_refused(feed.url))
        poll = failure.request.cb_kwargs.get("gone") or failed_poll(  # type: ignore[attr-defined]
            verdict, now=self.job.clock.now()
        )
        if verdict.reason in UNREACHED:
            self.hosts.contacts.hold(source, feed, poll, now=datetime.now(UTC))
        else:
            await self._record(source, feed, poll)

    async def parse_document(
        self, response: Response, source: Source, feed: Feed, walk: Walk
    ) -> AsyncIterator[Request | Visit]:
        """Read a further document of a poll."""
        reading = read_document(response, feed, now=walk.began_at)
        self.job.report(source).dropped.update(reading.dropped)
        async for request in self._go_on(source, feed, walk.with_document(reading)):
            yield request

    async def document_failed(self, failure: TwistedFailure) -> AsyncIterator[Request | Visit]:
        """Go on without a document that did not come."""
        source, feed, walk = (failure.request.cb_kwargs[name] for name in ("source", "feed", "walk"))  # type: ignore[attr-defined]
        if await left_for_later(self.job, failure):
            return
        verdict = failure_of_error(failure.value)
        missing = failed_poll(verdict, now=walk.began_at)
        async for request in self._go_on(source, feed, walk.with_document(Reading(missing))):
            yield request

    async def _go_on(self, source: Source, feed: Feed, walk: Walk) -> AsyncIterator[Request | Visit]:
        """Ask for the next document of a poll, or write down what it brought and ask for the pages."""
        following = walk.next()
        # A listing goes on until it meets what was known before.
        if following and feed.kind is FeedKind.LISTING and await self.job.any_known(source, walk.poll.entries):
            following = None
        if following is not None:
            url, walk = following
            yield Request(
                url,
                callback=self.parse_document,
                errback=self.document_failed,
                cb_kwargs={"source": source, "feed": feed, "walk": walk},
                meta=_limits(feed),
                dont_filter=True,
                priority=10,
            )
            return
        announced = await self._record(source, feed, walk.poll)
        source = await self._moved(source, feed, walk)
        if announced.new or announced.changed:
            async for request in self._page_requests(source):
                yield request

    async def parse_page(
        self, response: Response, source: Source, pending: PendingEntry
    ) -> AsyncIterator[Request | Visit]:
        """Read a page, and ask for those that come after it."""
        self.job.backlog.came(source)
        async for item in self.read_page(response, source, pending):
            yield item
        async for request in self._next_pages(source):
            yield request

    async def read_page(
        self, response: Response, source: Source, pending: PendingEntry
    ) -> AsyncIterator[Request | Visit]:
        """Turn an answer into a visit: a page to analyse, or a verdict."""
        self.job.observer.timed("fetch", response.meta.get("download_latency", 0.0))
        if (failure := failure_of_status(response)) is not None:
            async for visit in self._failed_visit(source, pending, failure, response):
                yield visit
            return
        page = Page(
            url=response.url,
            body=response.body,
            charset=declared_charset(response),
            fetched_at=self.job.clock.now(),
            entry=pending.entry,
            rules=source.rules,
            headers=kept_headers(response),
        )
        left = not same_site(response.url, source.home) and not same_site(response.url, pending.entry.url)
        if left:
            rejection = PageRejected("off-site", f"the page redirects to {response.url}")
            yield self._visit(source, pending, page, rejection)
            return
        yield self._part_or_visit(source, pending, page, response)

    async def parse_part(
        self, response: Response, source: Source, pending: PendingEntry, page: Page
    ) -> AsyncIterator[Request | Visit]:
        """Add the next part of an article; a part that does not exist ends it."""
        failure = failure_of_status(response)
        if failure is not None and failure.passing:
            async for visit in self._failed_visit(source, pending, failure, response):
                yield visit
        elif failure is not None or not same_site(response.url, page.url):
            yield self._visit(source, pending, page, None)
        else:
            page = replace(page, parts=(*page.parts, response.body))
            yield self._part_or_visit(source, pending, page, response)

    async def part_failed(self, failure: TwistedFailure) -> AsyncIterator[Visit]:
        """Wait for a part that may come later; without one that never will, the article is what came."""
        request = failure.request  # type: ignore[attr-defined]
        arguments = request.cb_kwargs
        if await left_for_later(self.job, failure):
            return
        verdict = failure_of_error(failure.value, address_refused=self.job.is_refused(request.url))
        if not verdict.passing:
            yield self._visit(arguments["source"], arguments["pending"], arguments["page"], None)
            return
        async for visit in self._failed_visit(arguments["source"], arguments["pending"], verdict):
            yield visit

    def _part_or_visit(self, source: Source, pending: PendingEntry, page: Page, response: Response) -> Request | Visit:
        """Ask for the next part of an article, or hand it on when it has no more."""
        number = len(page.parts) + 1
        following = next_part(response.body, response.url, charset=declared_charset(response), number=number)
        if following is None or number >= MAX_PARTS:
            return self._visit(source, pending, page, None)
        return Request(
            following,
            callback=self.parse_part,
            errback=self.part_failed,
            cb_kwargs={"source": source, "pending": pending, "page": page},
            dont_filter=True,
            priority=5,  # an article that was begun is finished first
        )

    async def page_failed(self, failure: TwistedFailure) -> AsyncIterator[Request | Visit]:
        """Give the verdict on a page that did not come, and ask for those that come after it."""
        request = failure.request  # type: ignore[attr-defined]
        source: Source = request.cb_kwargs["source"]
        self.job.backlog.came(source)
        if not await left_for_later(self.job, failure):
            verdict = failure_of_error(failure.value, address_refused=self.job.is_refused(request.url))
            async for visit in self._failed_visit(source, request.cb_kwargs["pending"], verdict):
                yield visit
        if not isinstance(failure.value, (TurnsEnded, RawiError)):  # then the crawl is at its end
            async for following in self._next_pages(source):
                yield following

    def _feed_request(self, source: Source, feed: Feed, gone: Poll | None = None) -> Request:
        """Ask for a feed; where it was known to have moved to, when it is ``gone`` from where it was."""
        headers = {} if feed.kind is FeedKind.LISTING else {"Accept": ACCEPT_FEED}
        headers |= {} if gone else validators(feed, self.job.clock.now())
        return Request(
            feed.moved_to if gone and feed.moved_to else feed.url,
            headers=headers,
            callback=self.parse_feed,
            errback=self.feed_failed,
            cb_kwargs={"source": source, "feed": feed} | ({"gone": gone} if gone else {}),
            meta=_limits(feed),
            dont_filter=True,
            priority=10,  # what is new is asked for before what was left behind
        )

    async def _page_requests(self, source: Source) -> AsyncIterator[Request | Visit]:
        """Ask for what has become pending of a source."""
        await self.job.backlog.grew(source)
        async for request in self._next_pages(source):
            yield request

    async def _next_pages(self, source: Source) -> AsyncIterator[Request | Visit]:
        """Ask for some pages more; what cannot be one of the source's gets its verdict without being asked for."""
        while taken := await self.job.backlog.take(source):
            for pending in taken:
                asked = self._page_request(source, pending)
                if isinstance(asked, Visit):
                    self.job.backlog.came(source)
                yield asked

    def _page_request(self, source: Source, pending: PendingEntry) -> Request | Visit:
        url = pending.entry.url
        if not any(same_site(url, ours) for ours in source.addresses):
            return self._visit(source, pending, None, PageRejected("off-site", f"the entry leads to {url}"))
        try:
            return Request(
                url,
                callback=self.parse_page,
                errback=self.page_failed,
                cb_kwargs={"source": source, "pending": pending},
                dont_filter=True,
            )
        except ValueError as error:
            return self._visit(source, pending, None, PageRejected("bad-link", f"{url} is no address: {error}"))

    async def _moved(self, source: Source, feed: Feed, walk: Walk) -> Source:
        """Adopt where a feed has moved to, when it is time; return the source as it is now."""
        to = adopted(feed, walk.poll, now=walk.began_at, gone=walk.from_moved)
        async with self._moving:
            moved = to is not None and await self.job.move_feed(source, feed, to)
        if to is not None and moved:
            new = replace(feed, url=to, moved_to=None)
        else:
            new = replace(feed, moved_to=walk.poll.moved_to or feed.moved_to)
        return replace(source, feeds=tuple(new if one.id == feed.id else one for one in source.feeds))

    async def _record(self, source: Source, feed: Feed, poll: Poll) -> Announced:
        report = self.job.report(source)
        report.feeds[poll.verdict] += 1
        report.entries += len(poll.entries)
        announced = await self.job.record_poll(source, feed, poll)
        await self.job.settle()
        report.unchanged += len(poll.entries) - announced.new - announced.changed
        return announced

    async def _failed_visit(
        self, source: Source, pending: PendingEntry, failure: Failure, response: Response | None = None
    ) -> AsyncIterator[Visit]:
        """Postpone what may pass; what does not, or did not pass in time, is a rejection."""
        now = self.job.clock.now()
        if failure.passing:
            later = next_attempt(now, attempts=pending.attempts + 1, retry_after=retry_after(response, now))
            if later is not None:
                await self.job.postpone(source, pending, failure.reason, later)
                return
        yield self._visit(source, pending, None, PageRejected(failure.reason, failure.detail))

    def _visit(self, source: Source, pending: PendingEntry, page: Page | None, rejection: PageRejected | None) -> Visit:
        return Visit(
            source_id=source.id,
            source=source.name,
            url=page.url if page else pending.entry.url,
            seen_at=page.fetched_at if page else self.job.clock.now(),
            entry_id=pending.id,
            entry_hash=pending.content_hash,
            page=page,
            rejection=rejection,
            article_url=pending.article_url,
        )


def _limits(feed: Feed) -> dict[str, Any]:
    """Return how large an answer may be: sitemaps are larger than anything else."""
    return {"download_maxsize": MAX_SIZE} if feed.kind is FeedKind.SITEMAP else {}
