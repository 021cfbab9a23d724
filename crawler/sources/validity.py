"""Is a source one that Rawi can crawl? Each field that is wrong has its sentence."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.listings import check_pattern
from crawler.sources.model import FeedKind, Source
from crawler.sources.problems import problem_of
from pipelines.errors import SourceError
from pipelines.extract.selectors import check_rules

#: The shortest time between two polls of a feed, seconds: nobody publishes faster, and sites block who asks faster.
SHORTEST_INTERVAL = 60.0
#: Feeds of one source: sites that offer hundreds (one a tag) announce each article in many of them.
MAX_FEEDS = 40


def check_source(source: Source) -> None:
    """Raise :class:`~pipelines.errors.SourceError` with a sentence for the first field that is wrong.

    Rules that cannot be used raise :class:`~pipelines.errors.RuleError`.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", source.name):
        raise SourceError(f"a source's name is made of a-z, 0-9, '.', '_' and '-': not {source.name!r}")
    for url in (source.home, *(feed.url for feed in source.feeds)):
        check_address(url)
    if not source.feeds:
        raise SourceError(f"{source.name} needs at least one feed, sitemap or listing")
    if len(source.feeds) > MAX_FEEDS:
        raise SourceError(
            f"{len(source.feeds)} feeds are too many for one source; the {MAX_FEEDS} that bring the most are enough, "
            "since such feeds announce the same articles"
        )
    if source.country is not None and not re.fullmatch(r"[A-Z]{2}", source.country):
        raise SourceError(f"a country is two capital letters (ISO 3166-1), such as IQ: not {source.country!r}")
    check_timezone(source.timezone)
    if source.delay is not None and not 0 <= source.delay <= 3600:
        raise SourceError(f"a delay is between 0 and 3600 seconds: not {source.delay:g}")
    if source.interval is not None and source.interval < SHORTEST_INTERVAL:
        raise SourceError(f"an interval is at least {SHORTEST_INTERVAL:g} seconds: not {source.interval:g}")
    _check_feeds(source)
    check_rules(source.operator)


def check_address(url: str) -> None:
    """Raise :class:`~pipelines.errors.SourceError` for what is not the address of something on the web."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise SourceError(f"not the address of a web page or feed: {url!r} (it starts with http:// or https://)")


def tidied(text: str) -> str:
    """Return an address as it was meant: without blanks, and with the scheme that people leave out.

    Raises :class:`~pipelines.errors.SourceError` for what is none.
    """
    url = text.strip().strip("<>\"'")
    host = url.partition("/")[0]
    if "://" not in url and "." in host and " " not in url and ":" not in host.partition(":")[0]:
        url = f"https://{url}"
    try:
        check_address(url)
    except SourceError as error:
        raise SourceError(f"{text!r}: {problem_of('not-an-address')}") from error
    return url


def check_timezone(name: str) -> None:
    """Raise :class:`~pipelines.errors.SourceError` for what is no IANA zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SourceError(f"no such time zone: {name!r}; one such as Asia/Baghdad is needed") from error


def name_from_url(url: str) -> str:
    """Return the name a source gets when none is given: its host, without ``www.`` and the last label.

    >>> name_from_url("https://www.example-news.com/feed/")
    'example-news'
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return re.sub(r"[^a-z0-9._-]+", "-", host.rpartition(".")[0] or host).strip("-.") or "source"


def _check_feeds(source: Source) -> None:
    urls = [feed.url for feed in source.feeds]
    if twice := next((url for url in urls if urls.count(url) > 1), None):
        raise SourceError(f"{source.name} has {twice} twice")
    for feed in source.feeds:
        if feed.kind is FeedKind.LISTING and not feed.pattern:
            raise SourceError(f"a listing needs a pattern that the addresses of its articles match: {feed.url}")
        if feed.pattern and (problem := check_pattern(feed.pattern)):
            raise SourceError(f"the pattern {feed.pattern!r} is no regular expression: {problem}")
