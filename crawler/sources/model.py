"""A source and its feeds, as operators know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.scheduling.hints import Hints
from pipelines.model import OperatorRules, SourceRules


class FeedKind(StrEnum):
    """How a source announces its articles: a feed (RSS, RDF, Atom, JSON Feed), a sitemap, or a page that lists them."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of a source, with what the next poll needs to know of the last one.

    ``pattern`` is for listings: a regular expression that the addresses of articles match, and others do not.
    ``etag`` and ``last_modified`` are the validators exactly as the server sent them; ``body_hash`` is the SHA-256
    of the last good body, because some servers repeat validators although the feed changed; ``read_at`` is when a body
    last came. ``failures`` counts polls that failed in a row, ``failure_weight`` what they weigh together. ``window``
    is how many entries it had, ``rhythm`` when they come (:class:`~crawler.scheduling.rhythm.Rhythm`, as numbers).
    ``hint`` is what its publisher asks for, seconds between polls, ``skipped_hours`` are hours not to poll in
    (:class:`~crawler.scheduling.hints.Hints`).
    ``moved_to`` is where it has redirected for good since ``moved_since``.
    """

    id: int
    url: str
    kind: FeedKind = FeedKind.FEED
    pattern: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    read_at: datetime | None = None
    failures: int = 0
    failure_weight: float = 0.0
    window: int = 0
    rhythm: tuple[float, ...] | None = None
    hint: float = 0.0
    skipped_hours: tuple[int, ...] = ()
    moved_to: str | None = None
    moved_since: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    verdict: str | None = None
    next_poll_at: datetime | None = None

    @property
    def hints(self) -> Hints:
        """What the publisher asked for when the feed was last read."""
        return Hints(timedelta(seconds=self.hint), frozenset(self.skipped_hours))


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet that Rawi reads: where it is, how its pages are to be read and how gently it is to be asked.

    ``delay`` is in seconds between two requests to it; ``None`` means the default of the settings. ``interval`` is in
    seconds between two polls of a feed; ``None`` leaves that to Rawi. ``timezone`` is an IANA name, ``country`` ISO
    3166-1 alpha-2, ``language`` BCP 47. ``operator`` are selectors and patterns for its pages, where what Rawi learns
    is not enough.
    """

    id: int
    name: str
    title: str
    home: str
    feeds: tuple[Feed, ...] = ()
    country: str | None = None
    language: str = "ar"
    timezone: str = "UTC"
    tags: tuple[str, ...] = ()
    delay: float | None = None
    interval: float | None = None
    enabled: bool = True
    operator: OperatorRules = field(default_factory=OperatorRules)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its front page and its feeds, and where these have moved to: what its articles may share a site with."""
        moved = (feed.moved_to for feed in self.feeds if feed.moved_to)
        return (self.home, *(feed.url for feed in self.feeds), *moved)

    @property
    def rules(self) -> SourceRules:
        """What reading this source's pages needs, and nothing else."""
        return SourceRules(source=self.name, timezone=self.timezone, language=self.language, operator=self.operator)
