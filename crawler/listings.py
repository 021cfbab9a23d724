"""What does a page that lists articles announce? Bytes in, entries out; nothing is fetched here.

Front pages and section pages link to articles and to much else. What tells the articles is the shape of their
addresses: a *pattern*, a regular expression over the path and query. :func:`learn_pattern` finds it from one page, for
an operator to confirm; :func:`parse_listing` reads pages by it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

from crawler.feeds import usable_entries
from pipelines.errors import FeedRejected, PageRejected
from pipelines.extract.decode import decode
from pipelines.model import FeedEntry
from pipelines.urls import canonical_url, same_site

#: Links of one page that are looked at.
MAX_LINKS = 3_000
#: Links of one shape that make a pattern, and characters of a headline on the average.
ENOUGH, HEADLINE = 4, 20
#: Characters of an operator's pattern; what is longer is no pattern of addresses.
MAX_PATTERN = 500

_NEXT_CLASS = re.compile(r"(?:^|[\s_-])(?:next|older)(?:$|[\s_-])", re.IGNORECASE)
_PAGE = re.compile(r"(?P<before>[?&](?:page|paged|p|pg)=|/page/)(?P<number>\d{1,4})(?=/?$|[&#])", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|xml|rss|css|js|zip)$", re.IGNORECASE)
_DIGITS, _HEX = re.compile(r"\d+"), re.compile(r"[0-9a-f]{8,}(?:-[0-9a-f]{4,})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: where it leads, and its words (of several links to one address, the longest)."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedListing:
    """A listing that could be read: the articles it links to, and the page that goes on, if any."""

    entries: tuple[FeedEntry, ...]
    following: str | None = None


@dataclass(frozen=True, slots=True)
class LearnedPattern:
    """A pattern with the links that speak for it."""

    pattern: str
    links: tuple[Link, ...]


def parse_page(body: bytes, charset: str | None) -> html.HtmlElement:
    """Return the tree of a page. Raises :class:`~pipelines.errors.FeedRejected` for what is none."""
    try:
        return html.document_fromstring(decode(body, charset).text.replace("\0", ""))
    except PageRejected as rejected:
        raise FeedRejected(rejected.reason, rejected.detail) from rejected
    except (ValueError, html.etree.ParserError) as error:
        raise FeedRejected("not-html", f"a page that cannot be read: {error}"[:200]) from error


def parse_listing(body: bytes, url: str, pattern: str, charset: str | None = None) -> ParsedListing:
    """Read the listing that ``url`` answered with.

    Raises :class:`~pipelines.errors.FeedRejected`: ``not-html``, ``empty`` ..., and ``no-links`` when nothing on the
    page matches ``pattern``: then the layout of the site has changed.
    """
    page = parse_page(body, charset)
    matches = re.compile(pattern)
    found = [link for link in links_of(page, url) if matches.search(_path(link.url))]
    if not found:
        raise FeedRejected("no-links", f"no link on the page matches {pattern}")
    # A headline may stand in one link and a picture in another: it is the address that must not change.
    entries = [
        FeedEntry(url=link.url, title=link.text or None, content_hash=hashlib.sha256(link.url.encode()).hexdigest())
        for link in found
    ]
    usable, _ = usable_entries(entries, url)
    return ParsedListing(tuple(usable), following_page(page, url))


def links_of(page: html.HtmlElement, url: str) -> list[Link]:
    """Return the links of a page to its own site, in order, each address once; the page itself is not among them."""
    base = next((b.get("href") for b in page.iter("base") if b.get("href")), None)
    base = urljoin(url, base) if base else url
    own = canonical_url(url)
    texts: dict[str, str] = {}
    found: dict[str, str] = {}
    for anchor in page.iter("a"):
        href = (anchor.get("href") or "").strip()
        if not href or len(found) >= MAX_LINKS:
            continue
        try:
            target = urljoin(base, href).partition("#")[0]
            if urlsplit(target).scheme not in ("http", "https") or not same_site(target, url):
                continue
        except ValueError:
            continue
        key = canonical_url(target)
        if key == own or _FILE.search(urlsplit(target).path):
            continue
        text = " ".join((anchor.text_content() or anchor.get("title") or "").split())
        found.setdefault(key, target)
        texts[key] = max(texts.get(key, ""), text, key=len)
    return [Link(target, texts[key]) for key, target in found.items()]


def following_page(page: html.HtmlElement, url: str) -> str | None:
    """Return the page that goes on with a listing: ``rel=next``, a class such as ``next``, or the next number."""
    candidates = [
        (element.get("href") or "", element.get("rel") or "", element.get("class") or "")
        for element in page.iter("a", "link")
    ]
    current = _PAGE.search(url)
    wanted = int(current["number"]) + 1 if current else 2
    by_number = None
    for href, rel, label in candidates:
        target = _resolved(url, href)
        if target is None or canonical_url(target) == canonical_url(url):
            continue
        if "next" in rel.lower().split() or _NEXT_CLASS.search(label):
            return target
        number = _PAGE.search(target)
        if by_number is None and number and int(number["number"]) == wanted:
            by_number = target
    return by_number


def learn_pattern(links: Sequence[Link]) -> LearnedPattern | None:
    """Return the pattern of the addresses that look like articles; ``None`` when no shape stands out.

    Links are grouped by the shape of their addresses; articles are the group with the most words of headlines in it.
    """
    groups: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in links:
        if shape := _shape(link.url):
            groups[shape].append(link)
    good = [
        (shape, members)
        for shape, members in groups.items()
        if len(members) >= ENOUGH and sum(len(link.text) for link in members) >= HEADLINE * len(members)
    ]
    if not good:
        return None
    shape, members = max(good, key=lambda group: sum(len(link.text) for link in group[1]))
    return LearnedPattern("^" + "".join(f"/{segment}" for segment in shape) + "/?$", tuple(members))


def check_pattern(pattern: str) -> str | None:
    """Return what is wrong with a pattern of an operator; ``None`` when it can be used."""
    if len(pattern) > MAX_PATTERN:
        return f"it is longer than {MAX_PATTERN} characters"
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None


def _shape(url: str) -> tuple[str, ...] | None:
    """Return the segments of an address as patterns: numbers and slugs stand for all of their kind."""
    path = _path(url)
    address, _, query = path.partition("?")
    segments = [segment for segment in address.split("/") if segment]
    if not segments:
        return None
    *folders, last = segments
    names = [_segment(folder, last=False) for folder in folders]
    return (*names, _segment(last, last=True) + (_query(query) if query else ""))


def _segment(segment: str, *, last: bool) -> str:
    if segment.isdigit():
        return r"\d+"
    if _HEX.fullmatch(segment) and any(character.isdigit() for character in segment):
        return r"[0-9a-fA-F-]+"
    stem, dot, ending = segment.rpartition(".")
    if last and dot and ending.isalpha() and len(ending) <= 5:
        return _segment(stem, last=True) + re.escape(f".{ending}")
    if last and len(re.findall(r"[-_ ]", segment)) >= 2:
        return r"[^/]+[-_ ][^/]+"  # a slug
    if last and len(segment) > 25:
        return r"[^/]{20,}"
    # A number with a word before it names its kind: story-123, n45.
    return _DIGITS.sub(lambda _: r"\d+", re.escape(segment)) if last else _folder(segment)


def _folder(segment: str) -> str:
    """Sections differ from article to article: words of letters stand for each other, but for the shortest."""
    return r"[^/]+" if not segment.isascii() or len(segment) > 3 else re.escape(segment)


def _query(query: str) -> str:
    pairs = (part.partition("=") for part in query.split("&"))
    return r"\?" + "&".join(
        re.escape(name) + "=" + (r"\d+" if value.isdigit() else "[^&]+") for name, _, value in pairs
    )


def _path(url: str) -> str:
    """Return what a pattern is held against: path and query, with Arabic as letters."""
    parts = urlsplit(url)
    return unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")


def _resolved(url: str, href: str) -> str | None:
    try:
        target = urljoin(url, href.strip()).partition("#")[0]
        return target if href.strip() and same_site(target, url) else None
    except ValueError:
        return None


def matching(links: Iterable[Link], pattern: str) -> list[Link]:
    """Return the links whose addresses match ``pattern``."""
    matches = re.compile(pattern)
    return [link for link in links if matches.search(_path(link.url))]
