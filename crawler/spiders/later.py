"""Requests that were never made: the host is closed, or the crawl ends. They are nobody's failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.hosts import HostClosed, TurnsEnded
from pipelines.errors import RawiError

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.crawl import CrawlJob

#: What a report says of what a closed host keeps us from.
REASON = "host-closed"


async def left_for_later(job: CrawlJob, failure: TwistedFailure) -> bool:
    """Tell whether a request was never made, and postpone what it was for until its host is open again.

    What the end of a crawl or the loss of the database prevented stays due as it is.
    """
    if isinstance(failure.value, (TurnsEnded, RawiError)):
        return True
    if not isinstance(failure.value, HostClosed):
        return False
    asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
    if "pending" in asked:
        await job.postpone(asked["source"], asked["pending"], REASON, failure.value.until, tried=False)
    elif "feed" in asked:
        await job.postpone_feed(asked["source"], asked["feed"], REASON, failure.value.until)
    return True
