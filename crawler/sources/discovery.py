"""What does a site offer? From one address to its feeds, ranked: each address is fetched once, and politely.

The address may be a front page, a section, an article, a feed or a sitemap. What it declares is looked at first, then
what it links to; where feeds often are is tried only when nothing was declared. A site without any feed is offered as a
listing, with the pattern that its front page teaches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.feeds import parse_feed, usable_entries
from crawler.listings import Link, learn_pattern, links_of, matching, parse_listing, parse_page
from crawler.sitemaps import children_since, parse_sitemap, recent
from crawler.sources.candidates import Candidate, candidates_of, site_root, sitemaps, well_known
from crawler.sources.model import FeedKind
from crawler.sources.problems import Problem, problem_of
from crawler.sources.ranking import RankedFeed, measure, rank
from crawler.spiders.polls import FIRST_LOOK, declared_charset, header
from crawler.spiders.probe import Answer, Probe, Robots
from pipelines.errors import FeedRejected, PageRejected
from pipelines.model import FeedEntry, Page, SourceRules
from pipelines.workers import AnalysisPool

#: Feeds that a site may offer before that is worth a word.
MANY = 20
#: What stands in the way of everything else, whatever the status of the answer.
_BARRIERS = ("challenge", "login", "paywall")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found. ``requests`` is how many addresses were fetched for it, robots.txt not counted.

    ``entries`` are those of each feed, by its address; ``links`` those that speak for a learned pattern. A discovery
    without a chosen feed has problems that say why.
    """

    asked: tuple[str, ...]
    home: str
    title: str | None = None
    feeds: tuple[RankedFeed, ...] = ()
    problems: tuple[Problem, ...] = ()
    robots: Robots = field(default_factory=Robots)
    requests: int = 0
    languages: tuple[str, ...] = ()
    entries: dict[str, tuple[FeedEntry, ...]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    @property
    def chosen(self) -> list[RankedFeed]:
        """The feeds that are proposed."""
        return [feed for feed in self.feeds if feed.chosen]


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that announces articles."""

    kind: FeedKind
    entries: tuple[FeedEntry, ...]
    title: str | None = None
    language: str | None = None
    crowded: bool = False


class Explorer:
    """Explores one site. ``now`` is the time by which feeds are fresh; ``pattern`` an operator's, for a listing."""

    def __init__(
        self, probe: Probe, analysis: AnalysisPool, *, language: str, now: datetime, pattern: str | None = None
    ) -> None:
        self._probe = probe
        self._analysis = analysis
        self._language = language
        self._now = now
        self._pattern = pattern
        self._feeds: dict[str, tuple[RankedFeed, tuple[FeedEntry, ...]]] = {}
        self._problems: list[Problem] = []
        self._titles: list[str] = []
        self._languages: list[str] = []
        self._home: str | None = None
        self._links: tuple[Link, ...] = ()

    async def explore(self, urls: Sequence[str]) -> Discovery:
        """Explore the site that ``urls`` belong to; what they are is found out. Never raises for what a site does."""
        pages = [response for url in urls if (response := await self._given(url)) is not None]
        if pages:
            await self._from_page(pages[0])
        ranked = rank(self._feeds.values(), self._language, now=self._now)
        if pages and not any(feed.chosen for feed in ranked):
            self._listing(await self._front_page(pages[0]))
            ranked = rank(self._feeds.values(), self._language, now=self._now)
        if not any(feed.chosen for feed in ranked) and not self._problems:
            best = next((feed for feed in ranked if feed.verdict in ("other-language", "stale", "no-entries")), None)
            self._problems.append(problem_of(best.verdict, best.detail) if best else problem_of("nothing-found"))
        home = self._home or site_root(urls[0])
        return Discovery(
            asked=tuple(urls),
            home=home,
            title=self._titles[0] if self._titles else None,
            feeds=tuple(ranked),
            problems=tuple(self._problems),
            robots=self._probe.robots(home),
            requests=len({answer.asked for answer in self._probe.fetched}),
            languages=tuple(self._languages),
            entries={url: entries for url, (_, entries) in self._feeds.items()},
            links=self._links,
        )

    async def _given(self, url: str) -> Response | None:
        """Read an address that an operator gave; return the response when it is a page."""
        answer = await self._probe.fetch(url)
        if answer.response is None or not answer.good:
            self._problems.append(await self._trouble(answer))
            return None
        try:
            read = await self._read(answer.response)
        except FeedRejected as rejected:
            if rejected.reason == "html" or _is_page(answer.response):
                return answer.response
            self._problems.append(problem_of(rejected.reason, rejected.detail))
            return None
        self._add(answer.url, "given", read)
        hosts = Counter(site_root(entry.url) for entry in read.entries)
        self._home = self._home or (hosts.most_common(1)[0][0] if hosts else site_root(answer.url))
        return None

    async def _from_page(self, page: Response) -> None:
        """Look for feeds from a page: what it declares, what its front page does, and where feeds often are."""
        self._home = site_root(page.url)
        if self._pattern:
            self._add_listing(page, self._pattern)
            return
        if (barrier := await self._barrier(page)) is not None:
            self._problems.append(barrier)
            return
        found = self._candidates(page)
        front = page
        if not found and page.url != self._home:
            front = await self._front_page(page)
            found = self._candidates(front)
        self._titles.append(_title(front))
        await self._ask(found)
        if not self._usable():
            await self._ask(well_known(page.url), enough=1)
        named = sitemaps(page.url, self._probe.robots(page.url).sitemaps)
        # Beside a feed that works, only a sitemap that robots.txt names may add something.
        await self._ask([c for c in named if c.origin == "robots" or not self._usable()][: 1 if self._usable() else 3])

    async def _ask(self, found: Sequence[Candidate], *, enough: int | None = None) -> None:
        for candidate in found:
            if candidate.url in self._feeds or (enough is not None and self._usable() >= enough):
                continue
            answer = await self._probe.fetch(candidate.url, large=candidate.kind is FeedKind.SITEMAP)
            if answer.response is None or answer.failure is not None:
                if candidate.origin != "well-known":
                    reason = answer.failure.reason if answer.failure else "connection"
                    self._refuse(candidate, reason, answer.failure.detail if answer.failure else "")
                continue
            try:
                self._add(answer.url, candidate.origin, await self._read(answer.response))
            except FeedRejected as rejected:
                if candidate.origin != "well-known":
                    self._refuse(candidate, rejected.reason, rejected.detail)

    async def _read(self, response: Response) -> _Read:
        """Read a document that announces articles; an index of sitemaps leads to the newest one."""
        try:
            parsed = parse_feed(response.body, response.url, header(response, "Content-Type"))
            kind = FeedKind.SITEMAP if b"<urlset" in response.body[:4096] else FeedKind.FEED
            return _Read(kind, parsed.entries, parsed.title, parsed.language, "beyond-limit" in parsed.dropped)
        except FeedRejected as rejected:
            if rejected.reason == "html":
                raise
        parsed_map = parse_sitemap(response.body)
        for child in children_since(parsed_map.children, self._now - FIRST_LOOK, limit=1):
            answer = await self._probe.fetch(child, large=True)
            if answer.response is not None and answer.good:
                parsed_map = parse_sitemap(answer.response.body)
        kept, _ = recent(parsed_map.entries, self._now - FIRST_LOOK)
        entries, _ = usable_entries(kept, response.url)
        return _Read(FeedKind.SITEMAP, tuple(entries))

    def _add(self, url: str, origin: str, read: _Read) -> None:
        feed = measure(url, read.kind, origin, read.entries, now=self._now)
        if read.kind is FeedKind.SITEMAP and feed.verdict == "no-entries":
            feed = replace(feed, detail="it announces nothing of the last days")
        self._feeds[url] = (replace(feed, title=read.title), read.entries)
        if read.title:
            self._titles.append(read.title)
        if read.language:
            self._languages.append(read.language)
        if read.crowded:
            self._problems.append(problem_of("beyond-limit", url))

    def _refuse(self, candidate: Candidate, reason: str, detail: str) -> None:
        feed = RankedFeed(candidate.url, candidate.kind, candidate.origin, verdict=reason, detail=detail)
        self._feeds.setdefault(candidate.url, (feed, ()))

    def _usable(self) -> int:
        return sum(feed.verdict == "ok" and feed.language == self._language for feed, _ in self._feeds.values())

    def _candidates(self, page: Response) -> list[Candidate]:
        try:
            candidates = candidates_of(parse_page(page.body, declared_charset(page)), page.url)
        except FeedRejected:
            return []
        if candidates.offered > MANY:
            self._problems.append(problem_of("many-feeds", f"{candidates.offered} feeds are offered"))
        return list(candidates.found)

    async def _front_page(self, page: Response) -> Response:
        if page.url == site_root(page.url):
            return page
        # A section page lists articles itself; only an article does not.
        if not await self._is_article(page):
            return page
        answer = await self._probe.fetch(site_root(page.url))
        return answer.response if answer.response is not None and answer.good else page

    def _listing(self, page: Response) -> None:
        """Offer a page as a listing, by the pattern that its own links teach."""
        try:
            links = links_of(parse_page(page.body, declared_charset(page)), page.url)
        except FeedRejected:
            return
        if (learned := learn_pattern(links)) is not None:
            self._links = learned.links
            self._add_listing(page, learned.pattern)

    def _add_listing(self, page: Response, pattern: str) -> None:
        try:
            listed = parse_listing(page.body, page.url, pattern, declared_charset(page))
        except FeedRejected as rejected:
            self._problems.append(problem_of(rejected.reason, rejected.detail))
            return
        self._links = self._links or tuple(
            matching(links_of(parse_page(page.body, declared_charset(page)), page.url), pattern)
        )
        feed = measure(page.url, FeedKind.LISTING, "given", listed.entries, now=self._now)
        self._feeds[page.url] = (replace(feed, pattern=pattern), listed.entries)
        self._titles.append(_title(page))

    async def _trouble(self, answer: Answer) -> Problem:
        """Say why an address gave nothing; a challenge hides behind many a status."""
        if answer.response is not None and (barrier := await self._barrier(answer.response)) is not None:
            return barrier
        failure = answer.failure
        return problem_of(failure.reason, failure.detail) if failure else problem_of("connection")

    async def _barrier(self, page: Response) -> Problem | None:
        try:
            await self._analysis.analyse(self._page(page))
        except PageRejected as rejected:
            if rejected.reason in _BARRIERS:
                return problem_of(rejected.reason, rejected.detail)
        return None

    async def _is_article(self, page: Response) -> bool:
        try:
            await self._analysis.analyse(self._page(page))
        except PageRejected:
            return False
        return True

    def _page(self, response: Response) -> Page:
        rules = SourceRules(language=self._language)
        return Page(response.url, response.body, self._now, declared_charset(response), rules=rules)


def _is_page(response: Response) -> bool:
    return "html" in (header(response, "Content-Type") or "").lower()


def _title(page: Response) -> str:
    """Return what a page calls its site: ``og:site_name``, else its title up to the first separator."""
    try:
        tree = parse_page(page.body, declared_charset(page))
    except FeedRejected:
        return urlsplit(page.url).hostname or ""
    named = tree.xpath("//meta[@property='og:site_name']/@content")
    title = str(named[0]) if named else (tree.findtext(".//title") or "")
    for separator in (" | ", " - ", " – ", " :: "):
        title = title.partition(separator)[0]
    return " ".join(title.split())[:120]
