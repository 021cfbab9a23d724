"""Is a source well? Judged by what it brings, each measure against the source's own past. Pure.

A feed that answers 200 may still bring nothing: what counts is articles, whole, dated and attributed. Discovered and
stored are different things, and are shown apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from crawler.sources.model import Source

#: The time that is judged, and the one before it that it is held against.
RECENT, PAST = timedelta(days=7), timedelta(days=28)
#: Articles that a time must have for its measures to mean something.
ENOUGH = 5
#: Hours without an answer of a feed, or without anything new, that are normal for any source.
PATIENCE = timedelta(hours=24)
#: Usual gaps between two articles after which a source is silent.
GAPS = 10
#: Share of entries that should become articles.
STORED = 0.5
#: Share of pages on which the learned container fails, from which on the layout has changed.
DRIFT = 0.3


class Level(StrEnum):
    """How bad a finding is; a source with a problem is not healthy."""

    PROBLEM = "problem"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Output:
    """What a source brought in some time. Shares are in [0, 1], ``length`` in code points; ``None``: no articles."""

    articles: int = 0
    length: float | None = None
    dated: float | None = None
    authored: float | None = None
    quotes: float | None = None
    boilerplate: float | None = None
    drift: float | None = None
    discovered: int = 0
    stored: int = 0
    rejected: int = 0
    pending: int = 0
    quarantined: int = 0
    newest: datetime | None = None
    reason: str | None = None

    @property
    def yield_(self) -> float | None:
        """The share of settled entries that became articles."""
        settled = self.stored + self.rejected
        return self.stored / settled if settled else None


@dataclass(frozen=True, slots=True)
class Reached:
    """What a feed answered just now. ``moved_to`` is where it redirects, ``delay`` the Crawl-delay of its host."""

    url: str
    verdict: str
    detail: str = ""
    moved_to: str | None = None
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class KnownGap:
    """A time in which a feed may have announced what no poll saw.

    ``found`` is how many articles were fetched from elsewhere to fill it; ``None``: it is open, because of ``problem``.
    """

    since: datetime
    until: datetime
    found: int | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what to do about it."""

    level: Level
    what: str
    sentence: str
    next: str


@dataclass(frozen=True, slots=True)
class Health:
    """A report on one source. ``reached`` is empty where nothing was asked."""

    source: str
    checked_at: datetime
    last_success: datetime | None
    recent: Output
    past: Output
    reached: tuple[Reached, ...]
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing is a problem; warnings do not count."""
        return all(finding.level is not Level.PROBLEM for finding in self.findings)


def judge(
    source: Source,
    recent: Output,
    past: Output,
    reached: Sequence[Reached],
    before: Mapping[str, Any] | None,
    *,
    now: datetime,
    gaps: Sequence[KnownGap] = (),
) -> Health:
    """Judge a source by what it brought, what its feeds answered, its ``gaps``, and the report ``before`` this one."""
    succeeded = [feed.succeeded_at for feed in source.feeds if feed.succeeded_at]
    last = max(succeeded, default=None)
    findings = [*_reaching(source, last, reached, before, now=now), *_output(source, recent, past, now=now)]
    findings += [_missing(source, gap) for gap in gaps if gap.found is None]
    return Health(source.name, now, last, recent, past, tuple(reached), tuple(findings))


def _reaching(
    source: Source,
    last: datetime | None,
    reached: Sequence[Reached],
    before: Mapping[str, Any] | None,
    *,
    now: datetime,
) -> Iterator[Finding]:
    """What concerns the network: answers, redirects, certificates, robots.txt."""
    show = f"rawi sources show {source.name}"
    failed = [feed for feed in source.feeds if feed.failures]
    if not reached and last is None:
        yield Finding(Level.WARNING, "never polled", "None of its feeds has answered yet.", f"rawi crawl {source.name}")
    elif last is not None and now - last > PATIENCE + timedelta(seconds=source.interval or 0):
        level = Level.PROBLEM if failed else Level.WARNING
        why = f"the last verdict is {failed[0].verdict}" if failed else "it was not polled since"
        yield Finding(level, "no success", f"No feed of it has answered since {last:%Y-%m-%d %H:%M}; {why}.", show)
    old = {one["url"]: one for one in (before or {}).get("reached", ())}
    for one in reached:
        was = old.get(one.url, {})
        if one.verdict == "robots" and was.get("verdict", "ok") != "robots":
            yield Finding(Level.PROBLEM, "robots", f"robots.txt does not allow {one.url} any more.",
                          "Ask the site, or remove the feed.")  # fmt: skip
        elif one.verdict == "host-closed":
            said = f"{one.url} was not asked: {one.detail}."
            yield Finding(Level.WARNING, one.verdict, said, "Crawls wait for it, too; nothing to do.")
        elif one.verdict not in ("ok", "unchanged"):
            yield Finding(Level.PROBLEM, one.verdict, f"{one.url}: {one.detail or one.verdict}.", show)
        if one.moved_to:
            edit = f"rawi sources edit {source.name} --add-feed {one.moved_to} --remove-feed {one.url}"
            said = f"{one.url} leads to {one.moved_to}; where that is for good, crawls adopt it after a week."
            yield Finding(Level.WARNING, "redirect", said, edit)
        if was and was.get("delay") != one.delay:
            yield Finding(Level.WARNING, "robots", f"robots.txt asks for another Crawl-delay: {was['delay']} before, "
                          f"{one.delay} now.", "It is obeyed already; nothing to do.")  # fmt: skip


def _output(source: Source, recent: Output, past: Output, *, now: datetime) -> Iterator[Finding]:
    """What concerns the articles."""
    if recent.newest is not None and past.discovered + recent.discovered >= ENOUGH:
        usual = (RECENT + PAST) / (past.discovered + recent.discovered)
        if now - recent.newest > max(PATIENCE, GAPS * usual):
            said = f"Nothing new was announced since {recent.newest:%Y-%m-%d %H:%M}; usual is {_spoken(usual)}."
            yield Finding(Level.PROBLEM, "silence", said, f"Look at the site; perhaps it has a new feed: {source.home}")
    if recent.yield_ is not None and recent.stored + recent.rejected >= ENOUGH and recent.yield_ < STORED:
        said = f"Only {recent.yield_:.0%} of its entries became articles; most were refused as {recent.reason}."
        yield Finding(Level.PROBLEM, "yield", said, f"rawi sources show {source.name}")
    if recent.drift is not None and recent.articles >= ENOUGH and recent.drift >= DRIFT:
        said = f"On {recent.drift:.0%} of its pages the article is not where it used to be."
        yield Finding(Level.PROBLEM, "layout", said, f"rawi boilerplate list {source.name}; rawi extract URL --diff")
    if recent.articles < ENOUGH or past.articles < ENOUGH:
        return
    for what, now_, then, least, level in (
        ("length", recent.length, past.length, 0.6, Level.PROBLEM),
        ("dates", recent.dated, past.dated, 0.8, Level.PROBLEM),
        ("authors", recent.authored, past.authored, 0.6, Level.WARNING),
        ("quotes", recent.quotes, past.quotes, 0.4, Level.WARNING),
    ):
        if now_ is not None and then and now_ < least * then:
            said = f"{_MEASURES[what]}: {_value(what, now_)} now, {_value(what, then)} before."
            yield Finding(
                level, what, said, f"rawi articles list --source {source.name}; a rule may help: rawi extract"
            )
    if recent.boilerplate is not None and past.boilerplate is not None and recent.boilerplate > past.boilerplate + 0.15:
        said = f"More is taken out of its pages: {recent.boilerplate:.0%} now, {past.boilerplate:.0%} before."
        yield Finding(Level.WARNING, "boilerplate", said, f"rawi boilerplate list {source.name}")


def _missing(source: Source, gap: KnownGap) -> Finding:
    """What a gap that is open means."""
    between = f"between {gap.since:%Y-%m-%d %H:%M} and {gap.until:%Y-%m-%d %H:%M}"
    said = f"A feed may have announced more {between} than it holds: {gap.problem or 'it was not filled yet'}."
    fill = f"rawi backfill {source.name} --since {gap.since:%Y-%m-%d}, or give it a shorter interval"
    return Finding(Level.WARNING, "gap", said, fill)


_MEASURES = {
    "length": "Its articles are shorter",
    "dates": "Fewer articles have a date",
    "authors": "Fewer articles have an author",
    "quotes": "Fewer quotations are found in an article",
}


def _value(what: str, value: float) -> str:
    if what == "length":
        return f"{value:.0f} characters"
    return f"{value:.1f}" if what == "quotes" else f"{value:.0%}"


def _spoken(gap: timedelta) -> str:
    hours = gap / timedelta(hours=1)
    return f"one every {hours * 60:.0f} minutes" if hours < 2 else f"one every {hours:.0f} hours"
