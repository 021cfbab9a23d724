"""The probe: lets plain asynchronous code fetch addresses one by one, as politely and as safely as a crawl does.

Discovery asks for what it needs as it goes. Each address is fetched once, however often it is asked for; robots.txt is
obeyed and remembered; the address guard, the limits and the pace are those of every crawl.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

from crawler.config import Config
from crawler.engine import crawl_settings, paces, raise_if_cancelled, running_reactor
from crawler.hosts import Hosts
from crawler.middlewares.guard import GuardedResolver, install_resolver
from crawler.sitemaps import MAX_SIZE
from crawler.sources.model import Source
from crawler.spiders.verdicts import Failure, failure_of_error, failure_of_status
from pipelines.errors import RawiError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request: a response, or a failure, or both (a status that brings no content)."""

    asked: str
    response: Response | None
    failure: Failure | None
    fetched_at: datetime
    seconds: float

    @property
    def url(self) -> str:
        """The address after redirects."""
        return self.response.url if self.response is not None else self.asked

    @property
    def good(self) -> bool:
        """Whether there is content to read."""
        return self.response is not None and self.failure is None


@dataclass(frozen=True, slots=True)
class Robots:
    """What the robots.txt of a host says to Rawi. ``delay`` is its Crawl-delay, seconds."""

    delay: float | None = None
    sitemaps: tuple[str, ...] = ()


class Probe:
    """Fetches addresses within one :func:`probe`; ``fetched`` is every answer, in order."""

    def __init__(self, crawler: Crawler, resolver: GuardedResolver) -> None:
        self._crawler = crawler
        self._resolver = resolver
        self._answers: dict[str, Answer] = {}
        self._robots: dict[str, Robots] = {}
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    @property
    def fetched(self) -> list[Answer]:
        """Every answer so far, in the order of the requests."""
        return list(self._answers.values())

    async def fetch(self, url: str, *, large: bool = False) -> Answer:
        """Fetch an address, or return what it answered before. Never raises. Sitemaps may be ``large``."""
        key = url.partition("#")[0]
        if key not in self._answers:
            answer = await self._fetch(key, large)
            self._answers[key] = answer
            # What a redirect led to need not be asked for again.
            self._answers.setdefault(answer.url, answer)
        return self._answers[key]

    def known(self, url: str) -> Answer | None:
        """Return what an address answered, if it was asked."""
        return self._answers.get(url.partition("#")[0])

    def robots(self, url: str) -> Robots:
        """Return what the robots.txt of a host says, as far as it was asked."""
        return self._robots.get(urlsplit(url).netloc, Robots())

    async def _fetch(self, url: str, large: bool) -> Answer:
        began = time.monotonic()
        response, failure = None, None
        engine = self._crawler.engine
        try:
            request = Request(url, meta={"download_maxsize": MAX_SIZE} if large else {})
            assert engine is not None, "used outside its crawl"  # noqa: S101
            response = await engine.download_async(request)
            failure = failure_of_status(response)
        except Exception as error:  # noqa: BLE001 -- whatever a host does is its verdict, and no accident of ours
            refused = (urlsplit(url).hostname or "") in self._resolver.refused
            failure = failure_of_error(error, address_refused=refused)
        return Answer(url, response, failure, datetime.now(UTC), time.monotonic() - began)

    def _robots_parsed(self, robotparser: ProtegoRobotParser, request: Request) -> None:
        agent = self._crawler.settings["ROBOTSTXT_USER_AGENT"]
        delay = robotparser.rp.crawl_delay(agent)
        self._robots[urlsplit(request.url).netloc] = Robots(
            float(delay) if delay is not None else None, tuple(robotparser.rp.sitemaps)
        )


class ProbeSpider(Spider, Generic[Result]):
    """Runs ``work`` with a :class:`Probe`; ``outcome`` holds what it returned, or raised."""

    name = "probe"
    custom_settings: ClassVar[dict[str, Any]] = {"ITEM_PIPELINES": {}}  # type: ignore[misc]

    def __init__(
        self,
        work: Callable[[Probe], Awaitable[Result]],
        resolver: GuardedResolver,
        outcome: list[Result | BaseException],
        hosts: Hosts | None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.hosts = hosts
        self._work = work
        self._resolver = resolver
        self._outcome = outcome

    async def start(self) -> AsyncIterator[Request]:
        """Do the work; nothing is left for Scrapy's queue."""
        try:
            self._outcome.append(await self._work(Probe(self.crawler, self._resolver)))
        except Exception as error:  # noqa: BLE001 -- Scrapy would swallow it: it is raised again by `probe`
            self._outcome.append(error)
        for _ in ():
            yield _


async def probe(
    config: Config,
    work: Callable[[Probe], Awaitable[Result]],
    sources: Sequence[Source] = (),
    hosts: Hosts | None = None,
) -> Result:
    """Run ``work`` with a probe and return what it returns; raises what it raises.

    The hosts of ``sources`` are asked at the pace that their operators chose; with ``hosts``, all take turns with
    everybody else on the database.
    """
    outcome: list[Result | BaseException] = []
    resolver = install_resolver(running_reactor(), config.allow_hosts)
    runner = AsyncCrawlerRunner(crawl_settings(config, paces(sources)))
    await runner.crawl(ProbeSpider, work=work, resolver=resolver, outcome=outcome, hosts=hosts)
    raise_if_cancelled()
    if not outcome:
        raise RawiError("the probe did not start; this is a bug in Rawi")
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]
