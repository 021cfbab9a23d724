"""Reading kept pages again by today's rules: what would change is counted first, and written only when wanted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Source
from pipelines.errors import PageRejected
from pipelines.extract.parts import next_part
from pipelines.model import Article, SourceRules
from pipelines.replay import Difference, ReplayReport, StoredArticle, difference
from pipelines.storage.archive import Archive, Chosen
from pipelines.storage.learning import RuleBook
from pipelines.storage.quarantine import Quarantine, Refused, RefusedPage
from pipelines.storage.store import Outcome, Settled, Store
from pipelines.workers import AnalysisPool

#: Differences that are shown whole.
SAMPLES = 5


@dataclass
class RefusedReport:
    """What reading refused pages again found: ``recovered`` are articles now, ``refused`` are not, by reason.

    ``incomplete`` are first parts of articles whose others were not kept: they are left as they are.
    """

    read: int = 0
    recovered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    incomplete: int = 0

    def count(self, reason: str | None) -> None:
        """Count a page that is refused for ``reason``, or is an article."""
        if reason is None:
            self.recovered += 1
        else:
            self.refused[reason] += 1


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
        refused = Refused(source_ids=chosen.source_ids, since=chosen.since)
        again = await self.run_refused(refused, write=write, done=lambda read: done(report.read + read))
        report.read += again.read
        report.recovered = again.recovered
        return report

    async def run_refused(
        self, chosen: Refused, *, write: bool, done: Callable[[int], None] = lambda _: None
    ) -> RefusedReport:
        """Read what was refused again; with ``write`` store what is good now, and keep the rest for today's reason."""
        store = Store(self.pool, keep_pages=self.keep_pages)
        report = RefusedReport()
        async for pages in Quarantine(self.pool).pages(chosen):
            read = [settled for settled in await asyncio.gather(*map(self._read_refused, pages)) if settled is not None]
            report.read += len(pages)
            report.incomplete += len(pages) - len(read)
            if write:
                for saved in await store.save(read):
                    report.count(saved.reason if saved.outcome is Outcome.REJECTED else None)
            else:
                for settled in read:
                    report.count(settled.rejection.reason if settled.rejection else None)
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

    async def _read_refused(self, kept: RefusedPage) -> Settled | None:
        page = replace(kept.page, rules=self.rules[kept.source_id])
        # Of an article in parts the first was kept: half of it must not pass for the whole.
        if next_part(page.body, page.url, charset=page.charset) is not None:
            return None
        article = rejection = None
        try:
            article = await self.analysis.analyse(page)
        except PageRejected as verdict:
            rejection = verdict
        return Settled(
            source_id=kept.source_id,
            url=page.url,
            seen_at=page.fetched_at,
            article=article,
            rejection=rejection,
            page=page,
            entry_id=kept.entry_id,
            entry_hash=kept.entry_hash,
        )


async def rules_by_source(pool: AsyncConnectionPool, sources: list[Source]) -> dict[int, SourceRules]:
    """Return what the pages of each source are read by now: its operator's rules and what was learned."""
    learned = await RuleBook(pool).effective([source.id for source in sources])
    return {source.id: replace(source.rules, learned=learned[source.id]) for source in sources}
