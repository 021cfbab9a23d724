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
        self._asked: dict[str, datetime] = {}
        self._answered: datetime | None = None
        self._held: list[Unreached[Silent]] = []
        self._judged: list[tuple[Silent, bool]] = []

    @property
    def in_doubt(self) -> bool:
        """Whether it looks like an outage of our own just now."""
        return is_outage(self._held)

    def asked(self, url: str, now: datetime) -> None:
        """Remember when an address was first asked for."""
        self._asked.setdefault(url, now)

    def hold(self, source: Source, feed: Feed, poll: Poll, *, now: datetime) -> None:
        """Keep a poll that got no answer until it is known why."""
        silent = (source, feed, poll)
        if self._answered is not None and self._answered >= self._asked.get(feed.url, now):
            self._judged.append((silent, False))
        else:
            self._held.append(Unreached(registered_domain(feed.url), now, feed.failures == 0, silent))

    def answered(self, url: str, began_at: datetime, now: datetime) -> None:
        """Judge what is held by an answer to a request that began then."""
        self._asked.pop(url, None)
        self._judge(began_at)
        self._answered = now

    def end(self, now: datetime) -> None:
        """Judge what is held: nobody is asked any more."""
        self._judge(now)

    def take_judged(self) -> Sequence[tuple[Silent, bool]]:
        """Return, once, the polls that were judged, and whether it was our own network."""
        judged, self._judged = self._judged, []
        return judged

    def _judge(self, until: datetime) -> None:
        if self._held:
            excused = ours(self._held, since=self._answered, until=until)
            self._judged += [(failure.what, failure in excused) for failure in self._held]
            self._held.clear()
