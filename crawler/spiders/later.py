"""What is nobody's failure: the host is closed, the crawl ends, or it was our own network that failed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.hosts import HostClosed, TurnsEnded
from crawler.scheduling.failures import OUTAGE
from crawler.scheduling.outage import SOON, UNREACHED
from crawler.spiders.verdicts import failure_of_error
from pipelines.errors import RawiError

if TYPE_CHECKING:
    from twisted.python.failure import Failure as TwistedFailure

    from crawler.spiders.job import CrawlJob

#: What a report says of what a closed host keeps us from.
CLOSED = "host-closed"


async def left_for_later(job: CrawlJob, failure: TwistedFailure) -> bool:
    """Tell whether a failed request is nobody's failure, and postpone what it was for.

    What the end of a crawl or the loss of the database prevented stays due as it is.
    """
    error, now = failure.value, job.clock.now()
    asked = failure.request.cb_kwargs  # type: ignore[attr-defined]
    if isinstance(error, RawiError):
        job.stage_context.failed(error)
    if isinstance(error, (TurnsEnded, RawiError)):
        return True
    if isinstance(error, HostClosed):
        reason, until = CLOSED, now + timedelta(seconds=error.seconds)
    elif "feed" not in asked and job.hosts.contacts.in_doubt and failure_of_error(error).reason in UNREACHED:
        reason, until = OUTAGE, now + SOON
    else:
        return False
    if "pending" in asked:
        await job.postpone(asked["source"], asked["pending"], reason, until, tried=False)
    elif "feed" in asked:
        await job.postpone_feed(asked["source"], asked["feed"], reason, until)
    return True
