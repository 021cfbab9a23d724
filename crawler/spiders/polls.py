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

from scrapy.http import Response

from crawler.feeds import parse_feed, usable_entries
from crawler.listings import parse_listing
from crawler.recording import Poll
from crawler.scheduling.failures import parse_retry_after
from crawler.scheduling.hints import NO_HINTS, Hints, header_hint
from crawler.sitemaps import children_since, parse_sitemap, recent
from crawler.sources.model import Feed, FeedKind
from crawler.spiders.moves import moved_to
from crawler.spiders.verdicts import Failure, failure_of_status
from pipelines.errors import FeedRejected
from pipelines.model import FeedEntry

#: How far back a poll of a sitemap looks beyond the last one that succeeded, or at the first.
OVERLAP, FIRST_LOOK = timedelta(days=1), timedelta(days=3)
#: Documents of one poll: sitemaps of an index, pages of a listing. What is further back is for `rawi backfill`.
MAX_DOCUMENTS = 5
#: Time without a body after which a feed is asked unconditionally.
FULL_READ = timedelta(days=1)


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
    """A poll under way: what was read so far, and the documents that are left. ``began_at`` is the first one's time.

    ``from_moved`` says that it is of the place that the feed has moved to, since it is gone from its own.
    """

    poll: Poll
    began_at: datetime
    further: tuple[str, ...] = ()
    from_moved: bool = False
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


def validators(feed: Feed, now: datetime) -> dict[str, str]:
    """Return the headers that make a request conditional; none once a day, for servers that repeat validators."""
    if feed.read_at is None or now - feed.read_at >= FULL_READ:
        return {}
    asked = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    return {name: value for name, value in asked.items() if value}


def read_poll(response: Response, feed: Feed, *, now: datetime) -> Reading:
    """Return what the first document of a poll says."""
    reading = _read_first(response, feed, now=now)
    # Where a feed that is gone was found again it still is, should it not be adopted.
    again = feed.moved_to if response.url == feed.moved_to else None
    return replace(reading, poll=replace(reading.poll, moved_to=moved_to(response) or again))


def _read_first(response: Response, feed: Feed, *, now: datetime) -> Reading:
    if response.status == 304:
        return Reading(Poll("unchanged", good=True, http_status=304))
    body_hash = hashlib.sha256(response.body).digest()
    if failure_of_status(response) is None and (body_hash == feed.body_hash or _is_validated(response, feed)):
        size = len(response.body)
        return Reading(Poll("unchanged", good=True, http_status=response.status, size=size))
    reading = read_document(response, feed, now=now)
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


def read_document(response: Response, feed: Feed, *, now: datetime) -> Reading:
    """Return what one document says, by the kind of its feed."""
    if (failure := failure_of_status(response)) is not None:
        return Reading(failed_poll(failure, now=now, response=response))
    try:
        said = _read(response, feed, now)
    except FeedRejected as rejected:
        failure = Failure(rejected.reason, rejected.detail, passing=True)
        return Reading(failed_poll(failure, now=now, response=response))
    poll = Poll(
        "ok" if said.entries or said.further else "no-entries",
        good=True,
        http_status=response.status,
        detail=", ".join(said.problems),
        entries=said.entries,
        size=len(response.body),
        hints=replace(said.hints, interval=max(said.hints.interval, header_hint(_headers(response), now))),
    )
    return Reading(poll, said.dropped, said.further, said.telling)


def _is_validated(response: Response, feed: Feed) -> bool:
    """Tell whether a server that was asked conditionally answered 200 with the validator that it was asked with."""
    request = response.request
    asked = request.headers.get("If-None-Match") if request is not None else None
    return asked is not None and asked == response.headers.get("ETag") and feed.etag is not None


def _headers(response: Response) -> dict[str, str]:
    return {name: header(response, name) or "" for name in ("cache-control", "expires")}


@dataclass(frozen=True, slots=True)
class _Said:
    """What a document says, whatever its kind."""

    entries: tuple[FeedEntry, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    further: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    telling: bool = True
    hints: Hints = NO_HINTS


def _read(response: Response, feed: Feed, now: datetime) -> _Said:
    if feed.kind is FeedKind.SITEMAP:
        return _read_sitemap(response, (feed.succeeded_at - OVERLAP) if feed.succeeded_at else now - FIRST_LOOK)
    if feed.kind is FeedKind.LISTING:
        return _read_listing(response, feed)
    parsed = parse_feed(response.body, response.url, header(response, "Content-Type"))
    return _Said(parsed.entries, parsed.dropped, problems=parsed.problems, hints=parsed.hints)


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


def failed_poll(failure: Failure, *, now: datetime, response: Response | None = None) -> Poll:
    """Return the poll of a feed that did not answer as it should."""
    return Poll(
        failure.reason,
        http_status=response.status if response else None,
        detail=failure.detail,
        size=len(response.body) if response else 0,
        body=response.body if response else None,
        retry_after=retry_after(response, now),
    )


def retry_after(response: Response | None, now: datetime) -> timedelta | None:
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
