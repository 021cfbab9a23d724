"""Has a feed moved for good? What its redirects say, and when they are believed.

A permanent redirect (301, 308; RFC 9110, 15.4) is adopted when it has led to the same place for a week; at once when
it only leads from http to https, and when the old address is gone (404, 410) while the new one was known already. The
place it leads to must be a feed with entries: no maintenance page is ever adopted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.recording import Poll
from crawler.sources.model import Feed

#: Time for which a redirect must have led to the same place.
STABLE = timedelta(days=7)
#: Statuses of a redirect that is meant to stay, and of an address that is gone.
PERMANENT, GONE = frozenset({301, 308}), frozenset({404, 410})


def moved_to(response: Response) -> str | None:
    """Return where a request was sent on to for good; ``None`` when it was not, or not all the way."""
    reasons = response.meta.get("redirect_reasons", ())
    return response.url if reasons and all(reason in PERMANENT for reason in reasons) else None


def adopted(feed: Feed, poll: Poll, *, now: datetime, gone: bool) -> str | None:
    """Return the address that ``feed`` is to have from now on, after a poll of it; ``None``: the one that it has.

    ``gone`` says that the poll is of ``feed.moved_to``, because nothing is any more where the feed was.
    """
    is_feed = poll.good and bool(poll.entries or (poll.verdict == "unchanged" and feed.window))
    if not is_feed:
        return None
    if gone:
        return feed.moved_to
    target = poll.moved_to
    if target is None:
        return None
    stable = target == feed.moved_to and feed.moved_since is not None and now - feed.moved_since >= STABLE
    return target if stable or _only_secured(feed.url, target) else None


def _only_secured(old: str, new: str) -> bool:
    """Tell whether two addresses differ in nothing but http and https."""
    before, after = urlsplit(old), urlsplit(new)
    return (before.scheme, after.scheme) == ("http", "https") and (
        (before.hostname, before.path, before.query) == (after.hostname, after.path, after.query)
    )
