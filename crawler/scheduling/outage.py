"""Was it them, or us? When hosts that have nothing to do with each other cannot be reached at once, it was us.

Hosts that were failing already prove nothing. Nor does a failure during which somebody else answered: then our network
was there. What is left are hosts that were well at their last poll, asked when nobody answers any more; three of
different owners do not break down together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Time that is looked at together.
WINDOW = timedelta(minutes=10)
#: Registered domains that have to fail.
FEWEST = 3
#: Time after which feeds are polled again that our own outage kept from being read.
SOON = timedelta(minutes=5)
#: Verdicts that say that nothing came back at all; what a server answered, however wrong, came through our network.
UNREACHED = frozenset({"dns", "connection", "refused", "timeout"})


@dataclass(frozen=True, slots=True)
class Contact:
    """A request to a registered domain that ended ``at`` a time, and whether anything came back."""

    domain: str
    began_at: datetime
    at: datetime
    reached: bool


def is_outage(contacts: Iterable[Contact], now: datetime) -> bool:
    """Tell whether ``contacts`` look like an outage of our own; failures of hosts that failed before are left out."""
    recent = [contact for contact in contacts if now - contact.at <= WINDOW]
    answered = max((contact.at for contact in recent if contact.reached), default=now - WINDOW)
    return len({c.domain for c in recent if not c.reached and c.began_at >= answered}) >= FEWEST
