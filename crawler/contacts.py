"""Who could not be reached, and has anybody answered since? One crawl's memory, by which it tells its own outages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.frontier import Poll
from crawler.scheduling.outage import Unreached, is_outage, ours
from crawler.sources.model import Feed, Source
from pipelines.urls import registered_domain

#: A poll that got no answer: the feed, and what is written down if that was the host's own doing.
Silent = tuple[Source, Feed, Poll]


class Contacts:
    """The feeds of one crawl that could not be reached, until it is known whose doing that was."""

    def __init__(self) -> None:
        self._held: list[Unreached[Silent]] = []
        self._judged: list[tuple[Silent, bool]] = []

    @property
    def in_doubt(self) -> bool:
        """Whether it looks like an outage of our own just now."""
        return is_outage(self._held)

    def hold(self, source: Source, feed: Feed, poll: Poll, *, now: datetime) -> None:
        """Keep a poll that got no answer until it is known why."""
        domain = registered_domain(feed.url)
        self._held.append(Unreached(domain, now, feed.failures == 0, (source, feed, poll)))

    def answered(self, began_at: datetime | None) -> None:
        """Judge what is held: a request that began then was answered, or (``None``) none will be any more."""
        if self._held:
            excused = ours(self._held, began_at)
            self._judged += [(failure.what, failure in excused) for failure in self._held]
            self._held.clear()

    def take_judged(self) -> Sequence[tuple[Silent, bool]]:
        """Return, once, the polls that were judged, and whether it was our own network."""
        judged, self._judged = self._judged, []
        return judged
