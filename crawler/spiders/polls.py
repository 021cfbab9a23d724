"""What does an answer to a request for a feed mean? A feed, a sitemap, a listing: each kind is read in its own way.

A poll may need several documents: the sitemaps of an index, the further pages of a listing. :class:`Walk` is how far
it is; it is written down when it has ended, so that a poll that was interrupted begins again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from scrapy.http import Response

from crawler.feeds import parse_feed, usable_entries
from crawler.frontier import Poll
from crawler.listings import parse_listing
from crawler.scheduling import next_poll, parse_retry_after
from crawler.sitemaps import children_since, parse_sitemap, recent
from crawler.sources.model import Feed, FeedKind, Source
from crawler.spiders.verdicts import Failure, failure_of_status
from pipelines.errors import FeedRejected
from pipelines.model import FeedEntry

#: How far back a poll of a sitemap looks beyond the last one that succeeded, or at the first.
OVERLAP, FIRST_LOOK = timedelta(days=1), timedelta(days=3)
#: Documents of one poll: sitemaps of an index, pages of a listing. What is further back is for `rawi backfill`.
MAX_DOCUMENTS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document of a poll says.

    ``further`` are the documents that it leads to. ``telling`` says that they are as they were when it is as it was:
    not so for an index that does not say when its sitemaps changed.
    """

    poll: Poll
    dropped: Mapping[str, int] = field(default_factory=dict)
    further: tuple[str, ...] = ()
    telling: bool = True


@dataclass(frozen=True, slots=True)
class Walk:
    """A poll under way: what was read so far, and the documents that are left. ``began_at`` is the first one's time."""

    poll: Poll
    began_at: datetime
    further: tuple[str, ...] = ()
    documents: int = 1

    def next(self) -> tuple[str, Walk] | None:
        """Return the next document to read, and the walk from there; ``None`` when the poll has all it may have."""
        if not self.further or self.documents >= MAX_DOCUMENTS:
            return None
        url, *rest = self.further
        return url, replace(self, further=tuple(rest), documents=self.documents + 1)

    def with_document(self, reading: Reading) -> Walk:
        """Return the walk with what a further document says; one that cannot be read is noted and passed over."""
        if not reading.poll.good:
            # Without validators the next poll reads everything again, and then perhaps that document, too.
            detail = ", ".join(filter(None, (self.poll.detail, f"{reading.poll.verdict} in a further document")))
            return replace(self, poll=replace(self.poll, detail=detail, fresh=False))
        entries = (*self.poll.entries, *reading.poll.entries)
        verdict = "ok" if entries else self.poll.verdict
        poll = replace(self.poll, verdict=verdict, entries=entries, size=self.poll.size + reading.poll.size)
        return replace(self, poll=poll, further=(*reading.further, *self.further))


def read_poll(response: Response, source: Source, feed: Feed, *, now: datetime) -> Reading:
    """Return what the first document of a poll says."""
    due = next_poll(now, feed_url=feed.url, failures=0, interval=interval_of(source))
    if response.status == 304:
        return Reading(Poll("unchanged", due, good=True, http_status=304))
    body_hash = hashlib.sha256(response.body).digest()
    size = len(response.body)
    if failure_of_status(response) is None and body_hash == feed.body_hash:
        return Reading(Poll("unchanged", due, good=True, http_status=response.status, size=size))
    reading = read_document(response, source, feed, now=now)
    if not reading.poll.good:
        return reading
    poll = replace(
        reading.poll,
        fresh=True,
        etag=header(response, "ETag") if reading.telling else None,
        last_modified=header(response, "Last-Modified") if reading.telling else None,
        body_hash=body_hash if reading.telling else None,
    )
    return replace(reading, poll=poll)


def read_document(response: Response, source: Source, feed: Feed, *, now: datetime) -> Reading:
    """Return what one document says, by the kind of its feed."""
    if (failure := failure_of_status(response)) is not None:
        return Reading(failed_poll(failure, source, feed, now=now, response=response))
    try:
        said = _read(response, feed, now)
    except FeedRejected as rejected:
        failure = Failure(rejected.reason, rejected.detail, passing=True)
        return Reading(failed_poll(failure, source, feed, now=now, response=response))
    poll = Poll(
        "ok" if said.entries or said.further else "no-entries",
        next_poll(now, feed_url=feed.url, failures=0, interval=interval_of(source)),
        good=True,
        http_status=response.status,
        detail=", ".join(said.problems),
        entries=said.entries,
        size=len(response.body),
    )
    return Reading(poll, said.dropped, said.further, said.telling)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a document says, whatever its kind."""

    entries: tuple[FeedEntry, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    further: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    telling: bool = True


def _read(response: Response, feed: Feed, now: datetime) -> _Said:
    if feed.kind is FeedKind.SITEMAP:
        return _read_sitemap(response, (feed.succeeded_at - OVERLAP) if feed.succeeded_at else now - FIRST_LOOK)
    if feed.kind is FeedKind.LISTING:
        return _read_listing(response, feed)
    parsed = parse_feed(response.body, response.url, header(response, "Content-Type"))
    return _Said(parsed.entries, parsed.dropped, problems=parsed.problems)


def _read_sitemap(response: Response, since: datetime) -> _Said:
    parsed = parse_sitemap(response.body)
    kept, old = recent(parsed.entries, since)
    entries, dropped = usable_entries(kept, response.url)
    further = children_since(parsed.children, since, limit=MAX_DOCUMENTS - 1)
    telling = not parsed.children or any(child.changed_at for child in parsed.children)
    return _Said(tuple(entries), dropped + Counter(old), further, parsed.problems, telling)


def _read_listing(response: Response, feed: Feed) -> _Said:
    parsed = parse_listing(response.body, response.url, feed.pattern or "", declared_charset(response))
    # At the first poll there is nothing that the pages could overlap with: then one page is enough.
    return _Said(parsed.entries, further=(parsed.following,) if parsed.following and feed.succeeded_at else ())


def failed_poll(
    failure: Failure, source: Source, feed: Feed, *, now: datetime, response: Response | None = None
) -> Poll:
    """Return the poll of a feed that did not answer as it should."""
    due = next_poll(
        now,
        feed_url=feed.url,
        failures=feed.failures + 1,
        retry_after=retry_after(response, now),
        interval=interval_of(source),
    )
    return Poll(
        failure.reason,
        due,
        http_status=response.status if response else None,
        detail=failure.detail,
        size=len(response.body) if response else 0,
        body=response.body if response else None,
    )


def interval_of(source: Source) -> timedelta | None:
    """Return the time between two polls that an operator chose, if any."""
    return timedelta(seconds=source.interval) if source.interval is not None else None


def retry_after(response: Response | None, now: datetime) -> Any:
    """Return how long the server asks to be left alone, if it does."""
    return parse_retry_after(header(response, "Retry-After"), now) if response is not None else None


def declared_charset(response: Response) -> str | None:
    """Return the charset of the Content-Type header, unbelieved."""
    _, _, parameters = (header(response, "Content-Type") or "").partition("charset=")
    return parameters.split(";")[0].strip(" \"'") or None


def header(response: Response, name: str) -> str | None:
    """Return a header of a response as text."""
    value = response.headers.get(name)
    return value.decode("latin-1").replace("\0", "") if value else None
