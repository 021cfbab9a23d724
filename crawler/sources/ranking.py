"""Which of a site's feeds are worth polling? Each is measured by what it says; the best come first. Pure."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.sources.model import FeedKind
from pipelines.language import identify
from pipelines.model import FeedEntry
from pipelines.urls import canonical_url

#: A feed whose newest entry is older than this is not what readers call news.
FRESH, STALE = timedelta(days=2), timedelta(days=14)
#: Characters of an entry's content from which on it is the whole text, and below which it is a headline alone.
FULL_TEXT, SUMMARY = 1_200, 60
#: Share of a feed's entries that better ones must not have, for it to be worth polling as well.
WORTHWHILE = 0.5
#: Feeds of one source that are proposed.
MOST_CHOSEN = 5
#: Entries that are looked at for the language.
SAMPLE = 30

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class RankedFeed:
    """A feed, sitemap or listing that could be read, with what speaks for it and against it.

    ``language`` is that of its headlines. ``text`` is ``full``, ``summary`` or ``titles``. ``per_day`` is how many
    articles it announces a day; ``window`` the time its entries span; ``None`` where they have no dates. ``overlap`` is
    the share of its entries that better ones announce as well. ``verdict`` is ``ok`` or the reason why it is not used.
    """

    url: str
    kind: FeedKind
    origin: str
    entries: int = 0
    language: str | None = None
    title: str | None = None
    newest: datetime | None = None
    per_day: float | None = None
    window: timedelta | None = None
    text: str = "titles"
    overlap: float = 0.0
    pattern: str | None = None
    verdict: str = "ok"
    detail: str = ""
    chosen: bool = False


def measure(url: str, kind: FeedKind, origin: str, entries: Sequence[FeedEntry], *, now: datetime) -> RankedFeed:
    """Measure a feed by its entries."""
    dates = sorted(date for entry in entries if (date := entry.published_at or entry.updated_at) and date <= now)
    window = dates[-1] - dates[0] if len(dates) > 1 else None
    lengths = [len(_TAG.sub("", entry.content or entry.summary or "")) for entry in entries]
    typical = statistics.median(lengths) if lengths else 0
    said = "\n".join(f"{e.title or ''} {_TAG.sub(' ', e.summary or '')}" for e in entries[:SAMPLE])
    return RankedFeed(
        url=url,
        kind=kind,
        origin=origin,
        entries=len(entries),
        language=identify(said) if said.strip() else None,
        newest=dates[-1] if dates else None,
        per_day=_per_day(len(dates), window),
        window=window,
        text="full" if typical >= FULL_TEXT else "summary" if typical >= SUMMARY else "titles",
        verdict="ok" if entries else "no-entries",
    )


def rank(feeds: Iterable[tuple[RankedFeed, Sequence[FeedEntry]]], language: str, *, now: datetime) -> list[RankedFeed]:
    """Return feeds, the best first, those worth polling chosen; one that repeats a better one whole is a duplicate."""
    ordered = sorted(feeds, key=lambda pair: -score(pair[0], language, now=now))
    told: set[str] = set()
    ranked: list[RankedFeed] = []
    for feed, entries in ordered:
        keys = {canonical_url(entry.url) for entry in entries}
        overlap = len(keys & told) / len(keys) if keys else 0.0
        feed = replace(feed, overlap=overlap)
        if feed.verdict == "ok" and keys and keys <= told and feed.origin != "given":
            feed = replace(feed, verdict="duplicate", detail="better ones announce all of it")
        elif feed.verdict == "ok" and feed.language not in (language, None, "und"):
            feed = replace(feed, verdict="other-language", detail=f"its headlines are {feed.language}")
        elif feed.verdict == "ok" and feed.newest is not None and now - feed.newest > STALE and feed.origin != "given":
            feed = replace(feed, verdict="stale", detail=f"its newest entry is of {feed.newest:%Y-%m-%d}")
        if feed.verdict == "ok" and sum(f.chosen for f in ranked) < MOST_CHOSEN:
            chosen = feed.origin == "given" or overlap < WORTHWHILE
            # A sitemap or a listing beside a feed that works would mostly repeat it, a little later.
            chosen &= feed.kind is FeedKind.FEED or feed.origin == "given" or not any(f.chosen for f in ranked)
            feed = replace(feed, chosen=chosen)
            if chosen:
                told |= keys
        ranked.append(feed)
    return sorted(ranked, key=lambda feed: not feed.chosen)


def score(feed: RankedFeed, language: str, *, now: datetime) -> float:
    """Return how good a feed is: usable, in the language, fresh, a feed rather than a sitemap, telling, busy."""
    points = 0.0 if feed.verdict == "ok" else -500.0
    points += 100.0 if feed.language == language else 40.0 if feed.language in (None, "und") else 0.0
    age = now - feed.newest if feed.newest else None
    points += 10.0 if age is None else 30.0 if age <= FRESH else 15.0 if age <= STALE else 0.0
    points += {FeedKind.FEED: 20.0, FeedKind.SITEMAP: 10.0, FeedKind.LISTING: 0.0}[feed.kind]
    points += {"given": 60.0, "declared": 6.0, "robots": 3.0, "linked": 2.0}.get(feed.origin, 0.0)
    points += {"full": 5.0, "summary": 3.0}.get(feed.text, 0.0)
    points += min(10.0, 2.0 * math.log2(1 + (feed.per_day or 0.0)))
    # Of two feeds that are alike, the one with the shorter address is the one for everything.
    return points - min(len(feed.url), 200) / 100


def _per_day(count: int, window: timedelta | None) -> float | None:
    if window is None:
        return None
    return (count - 1) / max(window / timedelta(days=1), 1 / 24)
