"""From an address to a source: discovery, preview and suggestions in one go, and saving what was already fetched.

What onboarding fetched is not fetched again: the polls of the chosen feeds are written down, and the articles that were
shown are saved with the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from psycopg_pool import AsyncConnectionPool
from scrapy.http import Response

from crawler.config import Config
from crawler.frontier import Frontier
from crawler.recording import Polled, record_polls
from crawler.sources.discovery import Discovery, Explorer
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.preview import Preview, preview, read_again, whole_hours
from crawler.sources.problems import Problem, problem_of
from crawler.sources.repository import Sources
from crawler.sources.suggestions import Suggestion, suggest_country, suggest_interval, suggest_timezone
from crawler.sources.validity import name_from_url
from crawler.spiders.polls import read_poll
from crawler.spiders.probe import Probe, probe
from pipelines.model import SourceRules
from pipelines.storage.store import Settled, Store
from pipelines.urls import canonical_url
from pipelines.workers import AnalysisPool


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an operator says beforehand; ``None`` leaves it to Rawi."""

    name: str | None = None
    title: str | None = None
    home: str | None = None
    country: str | None = None
    language: str = "ar"
    timezone: str | None = None
    interval: float | None = None
    delay: float | None = None
    tags: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source that could be added, with everything that speaks for and against it.

    ``source`` is ``None`` where nothing was found that could be polled. ``answers`` are the responses of the chosen
    feeds, so that they need not be asked again.
    """

    discovery: Discovery
    source: Source | None
    previews: tuple[Preview, ...]
    suggestions: dict[str, Suggestion]
    problems: tuple[Problem, ...]
    answers: dict[str, Response]

    @property
    def robots_allow(self) -> bool | None:
        """Whether robots.txt allows everything that was asked for; ``None`` where nothing came to be read."""
        if not self.discovery.feeds:
            return None
        reasons = [problem.reason for problem in self.problems] + [one.verdict or "" for one in self.previews]
        return "robots" not in reasons

    @property
    def good(self) -> bool:
        """Whether the source can be added without a second thought: it is there, and an article was read."""
        return self.source is not None and any(one.article for one in self.previews)


async def propose(config: Config, urls: Sequence[str], wishes: Wishes) -> Proposal:
    """Explore the site that ``urls`` belong to, and read some of its articles. Nothing is saved."""

    async def work(prober: Probe) -> Proposal:
        async with AnalysisPool(1, page_timeout=config.page_timeout) as analysis:
            analysis.start()
            now = datetime.now(UTC)
            explorer = Explorer(prober, analysis, language=wishes.language, now=now, pattern=wishes.pattern)
            found = await explorer.explore(urls)
            if not found.chosen and wishes.home and wishes.home not in urls:
                # The feeds that the catalogue names may have moved since.
                found = await explorer.explore([wishes.home])
            if not found.chosen:
                return Proposal(found, None, (), {}, found.problems, {})
            return await _propose(prober, analysis, found, wishes)

    return await probe(config, work)


async def _propose(prober: Probe, analysis: AnalysisPool, found: Discovery, wishes: Wishes) -> Proposal:
    home = wishes.home or found.home
    country = suggest_country(home, found.languages)
    zone = suggest_timezone(home, wishes.country or _text(country))
    name = wishes.name or name_from_url(home)
    rules = SourceRules(source=name, timezone=wishes.timezone or _text(zone) or "UTC", language=wishes.language)
    shown = await preview(prober, analysis, found, rules)
    if wishes.timezone is None and zone.value == "UTC":
        dates = [one.article.published_at for one in shown if one.article and one.article.published_at]
        ahead = [whole_hours(one.article, one.entry) for one in shown if one.article]
        zone = suggest_timezone(home, None, dates, ahead)
        if zone.value != "UTC":
            shown = await read_again(analysis, shown, replace(rules, timezone=_text(zone) or "UTC"))
    interval = suggest_interval(found.chosen)
    source = Source(
        id=0,
        name=name,
        title=wishes.title if wishes.title is not None else (found.title or ""),
        home=home,
        feeds=tuple(Feed(id=0, url=feed.url, kind=feed.kind, pattern=feed.pattern) for feed in found.chosen),
        country=wishes.country or _text(country),
        language=wishes.language,
        timezone=wishes.timezone or _text(zone) or "UTC",
        tags=wishes.tags,
        delay=wishes.delay,
        interval=wishes.interval if wishes.interval is not None else _number(interval),
    )
    problems = list(found.problems)
    if not any(one.article for one in shown):
        reasons = {one.verdict for one in shown if one.verdict}
        barrier = next((reason for reason in reasons if reason in ("paywall", "login", "challenge", "robots")), None)
        problems.append(problem_of(barrier or "no-articles", ", ".join(sorted(reasons))))
    answers = {f.url: a.response for f in found.chosen if (a := prober.known(f.url)) and a.response is not None}
    suggestions = {"country": country, "timezone": zone, "interval": interval}
    return Proposal(found, source, tuple(shown), suggestions, tuple(problems), answers)


async def save(pool: AsyncConnectionPool, proposal: Proposal, source: Source, *, by: str, keep_pages: bool) -> Source:
    """Add the source of a proposal with what was fetched for it; return it.

    Raises :class:`~pipelines.errors.SourceError` as :meth:`~crawler.sources.repository.Sources.add` does.
    """
    added = await Sources(pool, by).add(source)
    frontier = Frontier(pool)
    run_id = await frontier.start_run()
    for feed in added.feeds:
        response = proposal.answers.get(feed.url)
        if response is None:
            continue
        now = datetime.now(UTC)
        reading = read_poll(response, feed, now=now)
        # An index of sitemaps is only the beginning of a poll: the first crawl begins it anew.
        if reading.poll.good and not (reading.further and feed.kind is FeedKind.SITEMAP):
            await record_polls(pool, [Polled(added, feed, reading.poll, now)], run_id=run_id)
    saved = await _save_previews(pool, frontier, added, proposal.previews, keep_pages=keep_pages)
    counts: dict[str, Any] = {"added": added.name, "stored": saved}
    await frontier.finish_run(run_id, "finished", counts)
    return await Sources(pool).get(added.name)


async def _save_previews(
    pool: AsyncConnectionPool, frontier: Frontier, source: Source, shown: Sequence[Preview], *, keep_pages: bool
) -> int:
    pending = {canonical_url(entry.url): entry for entry in await frontier.pending(source, now=datetime.now(UTC))}
    settled = []
    for one in shown:
        entry = pending.get(canonical_url(one.url))
        if one.article is None or one.page is None or entry is None or not one.whole:
            continue
        settled.append(
            Settled(
                source_id=source.id,
                url=one.page.url,
                seen_at=one.page.fetched_at,
                article=one.article,
                page=replace(one.page, entry=entry.entry),
                entry_id=entry.id,
                entry_hash=entry.content_hash,
            )
        )
    await Store(pool, keep_pages=keep_pages).save(settled)
    return len(settled)


def _text(suggestion: Suggestion) -> str | None:
    return suggestion.value if isinstance(suggestion.value, str) else None


def _number(suggestion: Suggestion) -> float | None:
    return suggestion.value if isinstance(suggestion.value, float) else None
