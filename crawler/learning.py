"""Learning while crawling: after some articles of a source its rules are revised, and what they concern is read again.

It runs beside the crawl, in the analysis processes; the pages that are read again come from the store and are not
fetched a second time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from crawler.sources.model import Source
from crawler.tasks import all_done
from pipelines.errors import PageRejected
from pipelines.extract.learning import ENOUGH, Sample
from pipelines.extract.revision import TRIED, KnownRule, Revision, revise
from pipelines.model import LearnedRules, SourceRules
from pipelines.storage.learning import RuleBook
from pipelines.storage.store import Outcome, Saved, Settled, Store
from pipelines.workers import AnalysisPool

#: New articles of a source after which it is learned from again; more where a container is known and holds: what
#: drifts meanwhile is read in full.
EVERY, STEADILY = 10, 30
#: Sources of which articles are read again at once, when a crawl ends.
AT_ONCE = 2
#: Seconds that learning from one source may take.
TIMEOUT = 60.0
#: Pages that are read again before they are saved.
BATCH = 32

Patiently = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


class Learning:
    """The rules of the sources of one crawl, as they grow.

    ``patiently`` carries out database work, waiting for a database that is away; ``reread`` is told the name of a
    source and how many of its articles the new rules changed.
    """

    def __init__(
        self,
        book: RuleBook,
        store: Store,
        analysis: AnalysisPool,
        *,
        patiently: Patiently,
        reread: Callable[[str, int], None],
    ) -> None:
        self._book = book
        self._store = store
        self._analysis = analysis
        self._patiently = patiently
        self._reread = reread
        self._rules: dict[int, LearnedRules] = {}
        self._changes: dict[int, list[tuple[LearnedRules, LearnedRules]]] = {}
        self._stored: Counter[int] = Counter()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def load(self, sources: Sequence[Source]) -> None:
        """Read the rules that are in force."""
        self._rules = await self._patiently(lambda: self._book.effective([source.id for source in sources]))

    def learned(self, source_id: int) -> LearnedRules:
        """Return what was learned of a source by now."""
        return self._rules.get(source_id, LearnedRules())

    def stored(self, source_id: int) -> None:
        """Note a stored article; every so many of them, learn beside the crawl."""
        self._stored[source_id] += 1
        running = self._tasks.get(source_id)
        if self._stored[source_id] >= self._enough(source_id) and (running is None or running.done()):
            self._stored[source_id] = 0
            self._tasks[source_id] = asyncio.create_task(self._learn(source_id))

    async def finish(self, sources: Sequence[Source]) -> None:
        """Wait for what is being learned, learn from what came since, and read again what the new rules concern.

        Raises what made learning fail, such as :class:`~pipelines.errors.DatabaseError`.
        """
        await asyncio.gather(*self._tasks.values())
        # Each holds a batch of pages: a few at once keep the processes busy while others are loaded and saved.
        few = asyncio.Semaphore(AT_ONCE)

        failed = asyncio.Event()

        async def finish(source: Source) -> None:
            async with few:
                if failed.is_set():
                    return  # a database that is away is waited for once, and not for every source
                try:
                    await self._finish(source)
                except BaseException:
                    failed.set()
                    raise

        await all_done(map(finish, sources))

    async def _finish(self, source: Source) -> None:
        if source.id in self._stored:
            untaught, taught = await self._patiently(partial(self._book.untaught, source.id))
            if untaught >= self._enough(source.id, taught=taught):
                await self._learn(source.id)
        if changes := self._changes.pop(source.id, ()):
            await self._read_again(source, changes)

    def cancel(self) -> None:
        """Stop learning; the next crawl takes it up."""
        for task in self._tasks.values():
            task.cancel()

    def _enough(self, source_id: int, *, taught: bool = False) -> int:
        """Return after how many new articles a source is learned from, for the first time or once more."""
        rules = self.learned(source_id)
        if not rules.containers:
            return EVERY if taught or rules.version or source_id in self._tasks else ENOUGH
        return TRIED if rules.trial else STEADILY  # on trial: then it is known whether they hold

    async def _learn(self, source_id: int) -> None:
        known = [row.known for row in await self._patiently(lambda: self._book.rules(source_id))]
        samples = await self._patiently(lambda: self._book.samples(source_id))
        try:
            revision = await self._analysis.run(_revise, (known, samples), timeout=TIMEOUT)
        except PageRejected:
            return  # a process died or took too long: the next crawl learns from more articles
        await self._patiently(lambda: self._book.record(source_id, revision))
        if revision.changed:
            before = self.learned(source_id)
            after = (await self._patiently(lambda: self._book.effective([source_id])))[source_id]
            self._rules[source_id] = after
            self._changes.setdefault(source_id, []).append((before, after))

    async def _read_again(self, source: Source, changes: Sequence[tuple[LearnedRules, LearnedRules]]) -> None:
        """Read once more, by the rules as they are now, what any of the changes concerns."""
        concerned: set[int] = set()
        for before, after in changes:
            differing = difference(after, before), difference(before, after), after.version
            concerned.update(await self._patiently(partial(self._book.concerned, source.id, *differing)))
        rereader = Rereader(self._book, self._store, self._analysis, self._patiently)
        rules = replace(source.rules, learned=self.learned(source.id))
        count = await rereader.read(source.id, rules, sorted(concerned))
        if count:
            self._reread(source.name, count)


def difference(rules: LearnedRules, others: LearnedRules) -> LearnedRules:
    """Return the passages and elements of ``rules`` that ``others`` have not."""
    return LearnedRules(passages=rules.passages - others.passages, elements=rules.elements - others.elements)


@dataclass(frozen=True)
class Rereader:
    """Analyses pages that were kept again, by other rules, and saves what that changes."""

    book: RuleBook
    store: Store
    analysis: AnalysisPool
    patiently: Patiently

    async def read(self, source_id: int, rules: SourceRules, articles: Sequence[int]) -> int:
        """Read the kept pages of ``articles`` by ``rules``; return how many articles that changed.

        A page that these rules would leave without an article keeps the one it has.
        """
        changed = 0
        for start in range(0, len(articles), BATCH):
            numbers = articles[start : start + BATCH]
            read = await asyncio.gather(*(self._settle(source_id, rules, number) for number in numbers))
            batch = [settled for settled in read if settled is not None]
            saved: list[Saved] = await self.patiently(partial(self.store.save, batch))
            changed += sum(done.outcome is Outcome.UPDATED for done in saved)
        return changed

    async def _settle(self, source_id: int, rules: SourceRules, article: int) -> Settled | None:
        page = await self.patiently(partial(self.book.kept_page, article, rules))
        address = await self.patiently(partial(self.book.address, article))
        if page is None or address is None:
            return None
        try:
            found = await self.analysis.analyse(page)
        except PageRejected:
            return None
        # The page may have moved since the article was stored: it stays one article.
        found = replace(found, url=address)
        return Settled(
            source_id=source_id, url=address, seen_at=page.fetched_at, article=found, page=page, cause="rules"
        )


def _revise(lesson: tuple[list[KnownRule], list[Sample]]) -> Revision:
    """Revise in an analysis process."""
    return revise(*lesson)
