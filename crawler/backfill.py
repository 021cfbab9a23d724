"""What a source published before Rawi knew it: read from its sitemaps, or from the further pages of its listings.

First the documents are walked, the newest first, and what they announce of the wanted time becomes pending; then the
pages are fetched as in any crawl. After every document the state is written down, so that a backfill that was stopped
or killed goes on where it was. Walks are bounded: a calendar that never ends is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from psycopg_pool import AsyncConnectionPool

from crawler.config import Config
from crawler.crawl import Crawl
from crawler.engine import shared_hosts
from crawler.feeds import usable_entries
from crawler.frontier import Frontier
from crawler.listings import parse_listing
from crawler.report import Observer, SourceReport
from crawler.sitemaps import between, children_between, date_in, parse_sitemap
from crawler.sources.candidates import sitemaps
from crawler.sources.model import FeedKind, Source
from crawler.spiders.polls import declared_charset
from crawler.spiders.probe import Answer, Probe, probe
from pipelines.errors import FeedRejected, SourceError
from pipelines.model import FeedEntry
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "backfill.sql")

#: Documents of one backfill; two years of daily sitemaps are 730.
MAX_DOCUMENTS = 2_000


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``[since, until)`` in the time zone of UTC, or what is dated ``within`` two moments of them."""

    since: date
    until: date
    within: tuple[datetime, datetime] | None = None

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.since, time(), UTC)

    @property
    def end(self) -> datetime:
        """The moment after its last."""
        return datetime.combine(self.until, time(), UTC)

    def holds(self, entry: FeedEntry) -> bool:
        """Tell whether an entry of these days is wanted: one that says no time of day may be of any."""
        if self.within is None:
            return True
        moment = entry.published_at or entry.updated_at or date_in(entry.url)
        return moment is not None and (moment.time() == time() or self.within[0] <= moment < self.within[1])


@dataclass(frozen=True, slots=True)
class Document:
    """A sitemap or a page of a listing to read. ``feed`` is the number of the feed it belongs to, if any."""

    url: str
    kind: FeedKind
    feed: int | None = None
    pattern: str | None = None


@dataclass
class BackfillReport:
    """What a backfill did. ``found`` are entries of the period, ``new`` those that were not known before.

    ``failed`` are documents that could not be read, with the reason. ``pages`` is what became of the pages; ``left``
    are pending, and ``stopped`` says that it was stopped before its end.
    """

    documents: int = 0
    found: int = 0
    new: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    resumed: bool = False
    left: int = 0
    stopped: bool = False
    pages: dict[str, Any] = field(default_factory=dict)


class Backfill:
    """A backfill of one source that can be stopped; ``limit`` is the number of pages this time.

    Use :meth:`run` once.
    """

    def __init__(
        self,
        config: Config,
        pool: AsyncConnectionPool,
        url: str,
        *,
        limit: int | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._config = config
        self._pool = pool
        self._url = url
        self._limit = limit
        self._observer = observer
        self._frontier = Frontier(pool)
        self._crawl: Crawl | None = None
        self._stopped = False

    async def run(self, source: Source, period: Period) -> BackfillReport:
        """Announce and fetch what ``source`` published in ``period``.

        Raises :class:`~pipelines.errors.SourceError` when neither a sitemap nor a listing of it is known or found.
        """
        report = BackfillReport()
        async with shared_hosts(self._config, self._url, [source]) as hosts:
            await probe(self._config, lambda prober: self._walk(prober, source, period, report), [source], hosts)
        settled = 0
        while not self._stopped and (self._limit is None or settled < self._limit):
            left = None if self._limit is None else self._limit - settled
            self._crawl = Crawl(
                self._config, self._pool, self._url, limit=left, pages_only=True, observer=self._observer
            )
            found = (await self._crawl.run([source])).sources[source.name]
            _add_pages(report, found)
            done = found.new + found.updated + found.unchanged + sum(found.rejected.values())
            settled += done
            if not done:
                break
        report.left = len(await self._frontier.pending(source, now=datetime.now(UTC)))
        report.stopped = self._stopped
        return report

    async def stop(self) -> None:
        """Read no further document, ask for no further page, save those under way and return from :meth:`run`."""
        self._stopped = True
        if self._crawl is not None:
            await self._crawl.stop()

    async def _walk(self, prober: Probe, source: Source, period: Period, report: BackfillReport) -> None:
        """Read documents until none is left, writing down after each how far it is."""
        state = await _begin(self._pool, source, period)
        walked: list[str] = state["walked"]
        if state["finished_at"] is not None:
            report.resumed = True
            return
        left = [_document(line) for line in state["left_to_walk"]]
        report.resumed = bool(left)
        left = left or await _first(prober, source)
        seen = set(walked)
        while left and len(walked) < MAX_DOCUMENTS and not self._stopped:
            document, *left = left
            if document.url not in seen:
                left = [*await self._read(prober, source, document, period, report), *left]
                walked.append(document.url)
                seen.add(document.url)
                await _note(self._pool, state["id"], walked, left)
        if not self._stopped:
            await _note(self._pool, state["id"], walked, [], finished=True)

    async def _read(
        self, prober: Probe, source: Source, document: Document, period: Period, report: BackfillReport
    ) -> list[Document]:
        """Announce what a document says, and return the documents that it leads to."""
        answer = await prober.fetch(document.url, large=document.kind is FeedKind.SITEMAP)
        try:
            entries, further = _read(answer, document, period)
        except FeedRejected as rejected:
            report.failed[document.url] = rejected.reason
            return []
        usable, _ = usable_entries(filter(period.holds, entries), answer.url)
        announced = await self._frontier.announce(source, document.feed, usable, now=datetime.now(UTC))
        report.documents += 1
        report.found += len(usable)
        report.new += announced.new
        # A page of a listing that brings nothing new is its end, or a calendar that has none.
        ended = document.kind is FeedKind.LISTING and not announced.new and report.documents > 1
        return [] if ended else further


async def _first(prober: Probe, source: Source) -> list[Document]:
    """Return where to begin: the source's own sitemaps and listings, or the sitemaps that its robots.txt names."""
    own = [Document(f.url, f.kind, f.id, f.pattern) for f in source.feeds if f.kind is not FeedKind.FEED]
    if own:
        return own
    await prober.fetch(source.home)
    named = sitemaps(source.home, prober.robots(source.home).sitemaps)
    found = []
    for candidate in named:
        answer = await prober.fetch(candidate.url, large=True)
        if answer.good:
            found.append(Document(candidate.url, FeedKind.SITEMAP))
    if not found:
        raise SourceError(
            f"{source.name} has no sitemap or listing, and none was found on its site; if you know one: "
            f"rawi sources edit {source.name} --add-feed URL --kind sitemap"
        )
    return found


def _read(answer: Answer, document: Document, period: Period) -> tuple[list[FeedEntry], list[Document]]:
    """Return what a document announces of a period, and the documents that it leads to, the newest first."""
    if answer.response is None or answer.failure is not None:
        raise FeedRejected(answer.failure.reason if answer.failure else "connection")
    if document.kind is FeedKind.SITEMAP:
        parsed = parse_sitemap(answer.response.body)
        children = children_between(parsed.children, period.start, period.end)
        return between(parsed.entries, period.start, period.end), [replace(document, url=url) for url in children]
    listed = parse_listing(answer.response.body, answer.url, document.pattern or "", declared_charset(answer.response))
    dates = [moment for entry in listed.entries if (moment := date_in(entry.url))]
    # Listings are in order of time: when all of a page is older, so is what follows.
    past = bool(dates) and max(dates) < period.start
    further = [replace(document, url=listed.following)] if listed.following and not past else []
    return between(listed.entries, period.start, period.end), further


async def _begin(pool: AsyncConnectionPool, source: Source, period: Period) -> dict[str, Any]:
    parameters = {"source_id": source.id, "since": period.since, "until": period.until}
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["begin_backfill"], parameters)).fetchone()
    assert row is not None  # noqa: S101 -- the type checker's: it returns a row always
    return {"id": row[0], "walked": list(row[1]), "left_to_walk": row[2], "finished_at": row[3]}


async def _note(
    pool: AsyncConnectionPool, number: int, walked: Sequence[str], left: Sequence[Document], *, finished: bool = False
) -> None:
    parameters = {"id": number, "walked": list(walked), "left": [_line(d) for d in left], "finished": finished}
    async with pool.connection() as connection:
        await connection.execute(SQL["note_backfill"], parameters)


def _line(document: Document) -> str:
    return "\t".join((document.kind, str(document.feed or ""), document.pattern or "", document.url))


def _document(line: str) -> Document:
    kind, feed, pattern, url = line.split("\t", 3)
    return Document(url, FeedKind(kind), int(feed) if feed else None, pattern or None)


def _add_pages(report: BackfillReport, found: SourceReport) -> None:
    record = found.record()
    for name in ("new", "updated", "unchanged"):
        report.pages[name] = report.pages.get(name, 0) + record[name]
    for name in ("rejected", "postponed"):
        counts = report.pages.setdefault(name, {})
        for reason, count in record[name].items():
            counts[reason] = counts.get(reason, 0) + count
    report.pages["busy"] = found.busy
