"""What a crawl did: counted by source, in the terms that operators ask in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

from pipelines.storage.store import Outcome, Saved


@dataclass
class SourceReport:
    """What became of one source in one crawl.

    ``feeds`` counts the verdicts of its polls (``ok``, ``unchanged``, ``http-404`` ...). ``entries`` is how many its
    feeds announced, ``dropped`` those that could not be used and why. Of the pages, ``new`` were stored for the first
    time, ``updated`` as a further version, ``unchanged`` were stored already; ``rejected`` counts verdicts by reason,
    ``quarantined`` those that are kept for replay, and ``postponed`` what is tried again later. ``reread`` is how many
    articles new rules changed, from pages that were kept, ``revisited`` how many were looked at again. ``busy`` says
    that another crawl held the source.
    """

    name: str
    feeds: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    postponed: Counter[str] = field(default_factory=Counter)
    reread: int = 0
    revisited: int = 0
    busy: bool = False

    @property
    def failed(self) -> bool:
        """Whether something went wrong that an operator should look at: a feed that did not answer as a feed."""
        return bool(self.feeds.keys() - {"ok", "unchanged", "no-entries", "host-closed"})

    def saved(self, saved: Saved) -> None:
        """Count what saving one page did."""
        if saved.outcome is Outcome.INSERTED:
            self.new += 1
        elif saved.outcome is Outcome.UPDATED:
            self.updated += 1
        elif saved.outcome is Outcome.UNCHANGED:
            self.unchanged += 1
        else:
            self.rejected[saved.reason or "unknown"] += 1
            self.quarantined += saved.quarantined

    def record(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return {
            "source": self.name,
            "feeds": dict(self.feeds),
            "entries": self.entries,
            "dropped": dict(self.dropped),
            "new": self.new,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": dict(self.rejected),
            "quarantined": self.quarantined,
            "postponed": dict(self.postponed),
            "reread": self.reread,
            "revisited": self.revisited,
            "busy": self.busy,
        }


@dataclass
class CrawlReport:
    """What one crawl did. ``outcome`` is ``finished`` or ``interrupted``; ``gaps`` is what was done about gaps."""

    run_id: int
    sources: dict[str, SourceReport]
    outcome: str = "finished"
    seconds: float = 0.0
    gaps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether any source needs looking at."""
        return any(source.failed for source in self.sources.values())

    def reread(self, source: str, articles: int) -> None:
        """Count articles that new rules changed."""
        self.sources[source].reread += articles

    def record(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        return {
            "run": self.run_id,
            "outcome": self.outcome,
            "seconds": round(self.seconds, 3),
            "sources": [source.record() for source in self.sources.values()],
            "gaps": self.gaps,
        }


class Observer(Protocol):
    """Who watches a crawl."""

    def announced(self, source: str, pages: int) -> None:
        """So many more pages of a source are to be fetched."""

    def settled(self, source: str) -> None:
        """One of them is done, stored or not."""

    def waiting(self, seconds: float) -> None:
        """The database has been away for so long; the crawl waits."""

    def timed(self, stage: str, seconds: float) -> None:
        """A page was so long in a stage: ``fetch``, ``analyse`` or ``save``, waiting for its turn included."""


class Unwatched:
    """An observer that does not look."""

    def announced(self, source: str, pages: int) -> None:
        """Do nothing."""

    def settled(self, source: str) -> None:
        """Do nothing."""

    def waiting(self, seconds: float) -> None:
        """Do nothing."""

    def timed(self, stage: str, seconds: float) -> None:
        """Do nothing."""
