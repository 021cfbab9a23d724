"""Was it them, or us? When hosts that have nothing to do with each other cannot be reached at once, it was us.

The verdict on a host that could not be reached waits for the next answer of anybody. If anybody answered while the
host was being asked, our network was there, and the failure is the host's. Failures in a time of silence were ours if
hosts of three different owners failed in it, all of them well at their last poll: such hosts do not break down
together. So it is, too, when nobody answers any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Held = TypeVar("Held")

#: Registered domains that have to fail.
FEWEST = 3
#: Time without an answer that means something.
SILENCE = timedelta(seconds=5)
#: Time after which feeds are polled again that our own outage kept from being read.
SOON = timedelta(minutes=5)
#: Verdicts that say that nothing came back at all; what a server answered, however wrong, came through our network.
UNREACHED = frozenset({"dns", "connection", "refused", "timeout"})


@dataclass(frozen=True, slots=True)
class Unreached(Generic[Held]):
    """A request to a registered domain that ended ``at`` a time with nothing; ``well`` is how the host was before."""

    domain: str
    at: datetime
    well: bool
    what: Held


def is_outage(failures: Collection[Unreached[Held]]) -> bool:
    """Tell whether these failures, without an answer among them, are an outage of our own."""
    return len({failure.domain for failure in failures if failure.well}) >= FEWEST


def ours(failures: Collection[Unreached[Held]], *, since: datetime | None, until: datetime) -> list[Unreached[Held]]:
    """Return which of ``failures`` were our own network's; the others are the hosts' own.

    Nobody answered between the two moments: ``since`` is when the last answer came, ``None`` when none ever did, and
    ``until`` when the request began that was answered next.
    """
    if since is not None and until - since < SILENCE:
        return []
    before = [failure for failure in failures if failure.at < until]
    return before if is_outage(before) else []
