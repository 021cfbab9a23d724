"""Where may a site announce its articles? Addresses worth asking, from one page of it; nothing is fetched here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html

from crawler.sources.model import FeedKind
from pipelines.urls import canonical_url, same_site

#: Candidates of each origin that are looked at: sites may offer hundreds of feeds, one a tag.
MOST = {"declared": 6, "linked": 4, "robots": 3, "well-known": 6}
#: Where feeds are when nothing says so: WordPress, then the names that others have.
WELL_KNOWN = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/ar/rss")
#: Where sitemaps are when robots.txt names none.
WELL_KNOWN_SITEMAPS = ("/sitemap.xml",)

#: Media types of feeds in ``link rel=alternate`` (RSS Advisory Board, "RSS Autodiscovery"; RFC 4287; jsonfeed.org).
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_PATH = re.compile(r"(?:^|[/._?=-])(?:rss\d*|feeds?|atom|rdf)(?:$|[/._?&=-])", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?/feed|feed=comments|comments-rss", re.IGNORECASE)
_NEWS_SITEMAP = re.compile(r"news|latest|today|recent", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may announce articles, and where it was found: given, declared, linked, robots or well-known."""

    url: str
    origin: str
    kind: FeedKind = FeedKind.FEED


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one page leads to. ``offered`` is how many feeds it names, also those that are not looked at."""

    found: tuple[Candidate, ...]
    offered: int


def candidates_of(page: html.HtmlElement, url: str) -> Candidates:
    """Return the feeds that a page declares and those it links to, the declared ones first."""
    declared = [
        link.get("href", "")
        for link in page.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").lower().split(";")[0].strip() in _FEED_TYPES
    ]
    linked = [
        anchor.get("href", "")
        for anchor in page.iter("a")
        if _FEED_PATH.search(urlsplit_path(anchor.get("href", ""))) and same_site(urljoin_safe(url, anchor), url)
    ]
    first = _resolved(declared, url, "declared")
    known = {canonical_url(candidate.url) for candidate in first}
    second = [c for c in _resolved(linked, url, "linked") if canonical_url(c.url) not in known]
    return Candidates((*first[: MOST["declared"]], *second[: MOST["linked"]]), len(first) + len(second))


def well_known(url: str) -> list[Candidate]:
    """Return where feeds often are on the site of ``url``."""
    root = site_root(url)
    return [Candidate(urljoin(root, path), "well-known") for path in WELL_KNOWN][: MOST["well-known"]]


def sitemaps(url: str, named: Iterable[str]) -> list[Candidate]:
    """Return the sitemaps that robots.txt names, those of news first; or where one often is."""
    own = [address for address in named if same_site(address, url)]
    own.sort(key=lambda address: not _NEWS_SITEMAP.search(address))
    found = [Candidate(address, "robots", FeedKind.SITEMAP) for address in own[: MOST["robots"]]]
    root = site_root(url)
    return found or [Candidate(urljoin(root, path), "well-known", FeedKind.SITEMAP) for path in WELL_KNOWN_SITEMAPS]


def site_root(url: str) -> str:
    """Return the address of the front page of the host of ``url``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def urlsplit_path(href: str) -> str:
    """Return path and query of a link as it is written; empty for what is no address."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def urljoin_safe(url: str, anchor: html.HtmlElement) -> str:
    """Return where a link leads; empty for what is no address."""
    try:
        return str(urljoin(url, anchor.get("href", "").strip()))
    except ValueError:
        return ""


def _resolved(hrefs: Iterable[str], url: str, origin: str) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for href in hrefs:
        try:
            target = urljoin(url, href.strip())
            good = bool(href.strip()) and urlsplit(target).scheme in ("http", "https")
        except ValueError:
            continue
        if good and not _COMMENTS.search(target):
            found.setdefault(canonical_url(target), Candidate(target, origin))
    return list(found.values())
