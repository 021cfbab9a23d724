"""The two Scrapy item pipelines: analyse what was fetched, and save what became of it. Thin; nothing is decided here.

An item is done when it is saved: Scrapy counts it as active until then, and stops downloading when too much is active.
That is how a slow or absent database slows the crawl down instead of losing pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from pipelines.errors import PageRejected, RawiError
from pipelines.model import LearnedRules, Page
from pipelines.storage.batches import Batches
from pipelines.storage.pool import patiently
from pipelines.storage.store import Saved, Settled, Store
from pipelines.workers import AnalysisPool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

#: Articles saved in one transaction, and the seconds that the first of them waits for others while pages are analysed.
BATCH, LINGER = 32, 0.3


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that was asked for: what came, or the verdict on why nothing did.

    ``article_url`` is the natural key of the article when it is one that was looked at again.
    """

    source_id: int
    source: str
    url: str
    seen_at: datetime
    entry_id: int
    entry_hash: str
    page: Page | None = None
    rejection: PageRejected | None = None
    article_url: str | None = None


@dataclass(frozen=True)
class StageContext:
    """What the stages work with; the spider carries it as ``stage_context``.

    ``learned`` returns the rules of the source with a number as they are now. ``saved`` is told what became of
    every visit, ``waiting`` for how many seconds the database has been away, ``failed`` the error that no waiting
    mends, and ``timed`` for how many seconds a page was in a stage.
    """

    analysis: AnalysisPool
    store: Store
    learned: Callable[[int], LearnedRules]
    patience: float
    saved: Callable[[Visit, Saved], None]
    waiting: Callable[[float], None]
    failed: Callable[[RawiError], None]
    timed: Callable[[str, float], None]


@dataclass
class AnalyseStage:
    """Turns a visit into an article or a verdict, in a worker process."""

    context: StageContext

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AnalyseStage:
        """Called by Scrapy."""
        return cls(_context(crawler))

    async def process_item(self, visit: Visit) -> tuple[Visit, Settled]:
        """Analyse the page of a visit."""
        article = None
        rejection = visit.rejection
        began = time.monotonic()
        if visit.page is not None and rejection is None:
            try:
                learned = partial(self.context.learned, visit.source_id)
                article = await self.context.analysis.analyse(visit.page, learned=learned)
            except PageRejected as verdict:
                rejection = verdict
            except RawiError as error:
                self.context.failed(error)
                raise
            self.context.timed("analyse", time.monotonic() - began)
        if article is not None and visit.article_url is not None:
            # It may have moved or been retitled meanwhile: it stays one article.
            article = replace(article, url=visit.article_url)
        return visit, Settled(
            source_id=visit.source_id,
            url=visit.url,
            seen_at=visit.seen_at,
            article=article,
            rejection=rejection,
            page=visit.page,
            entry_id=visit.entry_id,
            entry_hash=visit.entry_hash,
            again=visit.article_url is not None,
        )


class SaveStage:
    """Saves what came out of analysis, in batches."""

    def __init__(self, context: StageContext) -> None:
        self.context = context
        self._batches = Batches(self._save, most=BATCH, linger=LINGER, expecting=lambda: context.analysis.busy)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SaveStage:
        """Called by Scrapy."""
        return cls(_context(crawler))

    async def process_item(self, item: tuple[Visit, Settled]) -> Visit:
        """Return when the visit is saved."""
        visit, settled = item
        began = time.monotonic()
        saved = await self._batches.do(settled)
        self.context.timed("save", time.monotonic() - began)
        self.context.saved(visit, saved)
        return visit

    async def _save(self, batch: list[Settled]) -> list[Saved]:
        """Save a batch. When that fails the crawl is told, and nothing is lost: the entries are still pending."""
        try:
            return await patiently(
                lambda: self.context.store.save(batch), patience=self.context.patience, waiting=self.context.waiting
            )
        except RawiError as error:
            self.context.failed(error)
            raise
        except Exception as error:
            self.context.failed(RawiError(f"saving failed; this is a bug in Rawi: {error!r}"))
            raise


def _context(crawler: Crawler) -> StageContext:
    context: StageContext = crawler.spider.stage_context  # type: ignore[union-attr]
    return context
