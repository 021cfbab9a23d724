"""Who could not be reached, and has anybody answered since? By this memory a process tells its own outages.

A :class:`Silence` is what all the crawls of one process see of the network: a worker crawls one domain in each of them,
and one domain alone says nothing. :class:`Contacts` are one crawl's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.recording import Poll
from crawler.scheduling.outage import Unreached, is_outage, ours
from crawler.sources.model import Feed, Source
from pipelines.urls import registered_domain

#: A poll that got no answer: the feed, and what is written down if that was the host's own doing.
Silent = tuple[Source, Feed, Poll]
#: Seconds that a crawl which is one of several waits for an answer to any of them, and between two looks.
PATIENCE, LOOK = 10.0, 0.2


@dataclass(eq=False)
class Verdict:
    """A poll that got no answer, and whether that was our own network's doing; ``None``: not known yet."""

    failure: Unreached[Silent]
    ours: bool | None = None


class Silence:
    """The polls that got no answer since anybody answered last."""

    def __init__(self) -> None:
        self.answered_at: datetime | None = None
        self._failed: list[Verdict] = []

    @property
    def in_doubt(self) -> bool:
        """Whether it looks like an outage of our own just now."""
        return is_outage([each.failure for each in self._failed])

    def add(self, verdict: Verdict) -> None:
        """Remember a poll that got no answer."""
        self._failed.append(verdict)

    def end(self, began_at: datetime, now: datetime) -> None:
        """Judge all that failed, by an answer to a request that began then."""
        self.judge(self._failed, began_at)
        self._failed.clear()
        self.answered_at = now

    def judge(self, verdicts: Sequence[Verdict], until: datetime) -> None:
        """Judge these by all that failed."""
        excused = ours([each.failure for each in self._failed], since=self.answered_at, until=until)
        for each in verdicts:
            if each.ours is None:
                each.ours = each.failure in excused


class Contacts:
    """The feeds of one crawl that could not be reached; ``silence`` is shared with the other crawls of the process."""

    def __init__(self, silence: Silence | None = None) -> None:
        self._silence = silence or Silence()
        self._shared = silence is not None
        self._asked: dict[str, datetime] = {}
        self._verdicts: list[Verdict] = []

    @property
    def in_doubt(self) -> bool:
        """Whether it looks like an outage of our own just now."""
        return self._silence.in_doubt

    def asked(self, url: str, now: datetime) -> None:
        """Remember when an address was first asked for."""
        self._asked.setdefault(url, now)

    def hold(self, source: Source, feed: Feed, poll: Poll, *, now: datetime) -> None:
        """Keep a poll that got no answer until it is known why."""
        verdict = Verdict(Unreached(registered_domain(feed.url), now, feed.failures == 0, (source, feed, poll)))
        answered_at = self._silence.answered_at
        if answered_at is not None and answered_at >= self._asked.get(feed.url, now):
            verdict.ours = False
        else:
            self._silence.add(verdict)
        self._verdicts.append(verdict)

    def answered(self, url: str, began_at: datetime, now: datetime) -> None:
        """Judge what is held by an answer to a request that began then."""
        self._asked.pop(url, None)
        self._silence.end(began_at, now)

    async def end(self, now: datetime) -> None:
        """Judge what is held: this crawl asks nobody any more. Others may be answered yet: that is waited for."""
        for _ in range(int(PATIENCE / LOOK) if self._shared else 0):
            if all(each.ours is not None for each in self._verdicts):
                return
            await asyncio.sleep(LOOK)
        self._silence.judge(self._verdicts, now)

    def take_judged(self) -> Sequence[tuple[Silent, bool]]:
        """Return, once, the polls that were judged, and whether it was our own network."""
        judged = [(each.failure.what, each.ours) for each in self._verdicts if each.ours is not None]
        self._verdicts = [each for each in self._verdicts if each.ours is None]
        return judged
