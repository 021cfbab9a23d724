"""Reading kept pages again by today's rules: what would change is counted first, and written only when wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Source
from pipelines.errors import PageRejected
from pipelines.extract.parts import next_part
from pipelines.model import Article, SourceRules
from pipelines.replay import Difference, ReplayReport, StoredArticle, difference
from pipelines.storage.archive import Archive, Chosen, QuarantinedPage
from pipelines.storage.learning import RuleBook
from pipelines.storage.store import Settled, Store
from pipelines.workers import AnalysisPool

#: Differences that are shown whole.
SAMPLES = 5


@dataclass(frozen=True)
class Replay:
    """Reads kept pages again; ``rules`` are those of each source, by its number.

    ``keep_pages``: the page of an article that was refused before is kept, as that of any other.
    """

    pool: AsyncConnectionPool
    analysis: AnalysisPool
    rules: Mapping[int, SourceRules]
    keep_pages: bool = True

    async def run(
        self, chosen: Chosen, *, write: bool, samples: int = SAMPLES, done: Callable[[int], None] = lambda _: None
    ) -> ReplayReport:
        """Read what was chosen again, also what was refused, and with ``write`` save what that changes.

        ``done`` is told how many pages were read. An article that today's rules would not find keeps what it has.
        """
        archive, store = Archive(self.pool), Store(self.pool, keep_pages=self.keep_pages)
        report = ReplayReport()
        async for articles in archive.batches(chosen):
            read = await asyncio.gather(*map(self._read, articles))
            for found, _ in read:
                report.add(found, samples=samples)
            if write:
                await store.save([settled for found, settled in read if settled is not None and found.writes])
            done(report.read)
        async for pages in archive.quarantined(chosen):
            recovered = [s for s in await asyncio.gather(*map(self._recover, pages)) if s is not None]
            report.recovered += len(recovered)
            report.read += len(pages)
            if write:
                await store.save(recovered)
            done(report.read)
        return report

    async def _read(self, stored: StoredArticle) -> tuple[Difference, Settled | None]:
        page = await RuleBook(self.pool).kept_page(stored.id, self.rules[stored.source_id])
        if page is None:  # forgotten meanwhile
            return Difference(stored.id, stored.source, stored.url), None
        try:
            article: Article = await self.analysis.analyse(page)
        except PageRejected as verdict:
            return Difference(stored.id, stored.source, stored.url, rejected=verdict.reason), None
        article = replace(article, url=stored.url)
        settled = Settled(
            source_id=stored.source_id,
            url=stored.url,
            seen_at=page.fetched_at,
            article=article,
            page=page,
            cause="rules",
        )
        return difference(stored, article), settled

    async def _recover(self, kept: QuarantinedPage) -> Settled | None:
        page = replace(kept.page, rules=self.rules[kept.source_id])
        # Of an article in parts the first was kept: half of it must not pass for the whole.
        if next_part(page.body, page.url, charset=page.charset) is not None:
            return None
        try:
            article = await self.analysis.analyse(page)
        except PageRejected:
            return None
        return Settled(
            source_id=kept.source_id,
            url=page.url,
            seen_at=page.fetched_at,
            article=article,
            page=page,
            entry_id=kept.entry_id,
            entry_hash=kept.entry_hash,
        )


async def rules_by_source(pool: AsyncConnectionPool, sources: list[Source]) -> dict[int, SourceRules]:
    """Return what the pages of each source are read by now: its operator's rules and what was learned."""
    learned = await RuleBook(pool).effective([source.id for source in sources])
    return {source.id: replace(source.rules, learned=learned[source.id]) for source in sources}
