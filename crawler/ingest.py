"""Loading an archive or a news crawl without crawling: pages of WARC files, each read by the rules of its source."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Source
from crawler.warc import WarcPage, read_warc
from pipelines.errors import ArchiveError, PageRejected
from pipelines.extract.parts import MAX_PARTS
from pipelines.model import Page, SourceRules
from pipelines.storage.store import Outcome, Settled, Store
from pipelines.urls import same_site
from pipelines.workers import AnalysisPool

#: Pages read, analysed and saved together.
BATCH = 32


@dataclass
class IngestReport:
    """What became of the records of a file; ``skipped`` counts what is no page of a source, ``rejected`` no article.

    ``broken`` says what ended the file before its end.
    """

    records: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    broken: str | None = None


@dataclass(frozen=True)
class Ingest:
    """Reads WARC files into one database; pages of hosts that are no source's are left out.

    ``keep_pages``: the pages that articles were read from are kept, as a crawl keeps them.
    """

    pool: AsyncConnectionPool
    analysis: AnalysisPool
    sources: Sequence[Source]
    rules: Mapping[int, SourceRules]
    keep_pages: bool = True

    async def run(self, path: Path, *, done: Callable[[int], None] = lambda _: None) -> IngestReport:
        """Read a file; ``done`` is told how many bytes of it were read.

        May be repeated: what is stored is not stored again, and what is older than what is stored changes nothing.
        Raises :class:`~pipelines.errors.ArchiveError` for a file of which nothing could be read.
        """
        report = IngestReport()
        store = Store(self.pool, keep_pages=self.keep_pages)
        batches = self._batches(path, report)
        while True:
            try:
                batch = await asyncio.to_thread(next, batches, None)
            except ArchiveError as error:
                if not report.records:
                    raise
                report.broken = str(error)
                break
            if batch is None:
                break
            settled = [s for s in await asyncio.gather(*(self._read(*pair, report) for pair in batch)) if s is not None]
            for saved in await store.save(settled):
                report.new += saved.outcome is Outcome.INSERTED
                report.updated += saved.outcome is Outcome.UPDATED
                report.unchanged += saved.outcome is Outcome.UNCHANGED
                if saved.reason:
                    report.rejected[saved.reason] += 1
            done(batch[-1][1].offset)
        return report

    def _batches(self, path: Path, report: IngestReport) -> Iterator[list[tuple[Source, WarcPage, tuple[bytes, ...]]]]:
        batch: list[tuple[Source, WarcPage, tuple[bytes, ...]]] = []
        try:
            for found in read_warc(path):
                report.records += 1
                if isinstance(found, str):
                    report.skipped[found] += 1
                elif found.part and batch and batch[-1][1].url == found.url:
                    source, page, parts = batch[-1]
                    if len(parts) + 1 < MAX_PARTS:
                        batch[-1] = (source, page, (*parts, found.body))
                    else:
                        report.skipped["too-many-parts"] += 1
                elif (source_of := self._source(found.url)) is None:
                    report.skipped["no-source"] += 1
                else:
                    if len(batch) >= BATCH:
                        yield batch
                        batch = []
                    batch.append((source_of, found, ()))
        except ArchiveError:
            if batch:
                yield batch
            raise
        if batch:
            yield batch

    def _source(self, url: str) -> Source | None:
        if not urlsplit(url).hostname:
            return None
        return next((source for source in self.sources if same_site(url, source.home)), None)

    async def _read(
        self, source: Source, found: WarcPage, parts: tuple[bytes, ...], report: IngestReport
    ) -> Settled | None:
        page = Page(
            url=found.url,
            body=found.body,
            fetched_at=found.fetched_at,
            charset=found.charset,
            rules=self.rules[source.id],
            parts=parts,
            headers=found.headers,
        )
        try:
            article = await self.analysis.analyse(page)
        except PageRejected as verdict:
            # An archive is mostly front pages, sections and tags: they are counted, and not kept.
            report.rejected[verdict.reason] += 1
            return None
        return Settled(source_id=source.id, url=page.url, seen_at=found.fetched_at, article=article, page=page)
