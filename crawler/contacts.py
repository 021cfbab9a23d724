"""Who has answered lately, and who could not be reached? One crawl's memory, by which it tells its own outages.

The downloader writes every contact down; :func:`crawler.scheduling.outage.is_outage` judges them. Hosts whose feeds
were failing before this crawl prove nothing and are not remembered. Failures that were already written down when the
outage was recognised are remembered too, so that they can be taken back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from crawler.scheduling.outage import Contact, is_outage
from crawler.sources.model import Feed, Source
from pipelines.urls import registered_domain

#: Contacts that are remembered: an outage shows in far fewer.
MOST = 1_000


class Contacts:
    """The latest contacts of one crawl of ``sources``."""

    def __init__(self, sources: Sequence[Source]) -> None:
        feeds = [feed for source in sources for feed in source.feeds]
        well = {registered_domain(feed.url) for feed in feeds if not feed.failures}
        self._failing = {registered_domain(feed.url) for feed in feeds} - well
        self._latest: deque[Contact] = deque(maxlen=MOST)
        self._blamed: list[Feed] = []

    def note(self, domain: str, *, began_at: datetime, now: datetime, reached: bool) -> None:
        """Remember how a request ended."""
        if reached or domain not in self._failing:
            self._latest.append(Contact(domain, began_at, now, reached))
        if reached:
            self._blamed.clear()

    def blame(self, feed: Feed) -> None:
        """Remember that a feed's failure to be reached was counted against it; until somebody answers."""
        self._blamed.append(feed)

    def take_blamed(self) -> list[Feed]:
        """Return the feeds, as they were before, that were wronged in the outage; once."""
        wronged, self._blamed = self._blamed, []
        return wronged

    def is_outage(self, now: datetime) -> bool:
        """Tell whether it is our own network that fails."""
        return is_outage(self._latest, now)
