"""What does a sitemap announce? Bytes in, entries and further sitemaps out; nothing is fetched here.

Sitemaps by sitemaps.org (0.9) with Google's news extension, indexes of them, plain lists of addresses, all of them
perhaps in gzip. Sites write the namespaces wrongly or not at all, so only local names are looked at. A sitemap may hold
50,000 addresses: :func:`recent` and :func:`between` choose before anything costly is done with them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from lxml import etree
from scrapy.utils.gz import gunzip

from crawler.moments import iso_moment
from pipelines.errors import FeedRejected
from pipelines.model import FeedEntry

#: Bytes of one sitemap after decompression (sitemaps.org: 50 MB).
MAX_SIZE = 50 * 1024**2
#: Elements that are read of one document: sitemaps.org allows 50,000, and some sites more.
MAX_ELEMENTS = 100_000
#: Google reads news sitemaps of at most 1,000 addresses; a larger sitemap without dates is an archive.
SMALL = 1_000

#: The date in an address of an article or of a sitemap: /2026/03/05/, sitemap-2026-03.xml, ?yyyy=2026&mm=03.
_DATE = re.compile(
    r"(?<!\d)(20[0-3]\d)(?:[-/_.]|&(?:amp;)?m+=)(0[1-9]|1[0-2])(?:(?:[-/_.]|&(?:amp;)?d+=)(0[1-9]|[12]\d|3[01]))?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index leads to. ``changed_at`` is its ``lastmod``."""

    url: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedSitemap:
    """A sitemap that could be read: what it announces, or, of an index, the sitemaps that it leads to."""

    entries: tuple[FeedEntry, ...] = ()
    children: tuple[Child, ...] = ()
    problems: tuple[str, ...] = ()


def parse_sitemap(body: bytes) -> ParsedSitemap:
    """Read a sitemap or an index of them.

    Raises :class:`~pipelines.errors.FeedRejected`: ``empty``, ``too-large``, ``not-a-sitemap``, ``malformed``.
    """
    body = _unpacked(body)
    if not body.strip():
        raise FeedRejected("empty", "the answer has no content")
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _plain_list(body)
    entries: list[FeedEntry] = []
    children: list[Child] = []
    root = ""
    problems: set[str] = set()
    context = etree.iterparse(
        BytesIO(body.lstrip()), events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, element in context:
            name = _name(element)
            if name not in ("url", "sitemap"):
                continue
            root = root or name
            fields = _fields(element)
            if name == "url":
                entries.append(_entry(fields))
            elif fields.get("loc"):
                children.append(Child(fields["loc"], iso_moment(fields.get("lastmod"))))
            element.clear()
            if len(entries) + len(children) >= MAX_ELEMENTS:
                problems.add("beyond-limit")
                break
    except etree.XMLSyntaxError:
        problems.add("malformed")
    if context.error_log:
        problems.add("malformed")
    if "malformed" in problems and not children and not any(entry.url for entry in entries):
        raise FeedRejected("malformed", "the document breaks off before its first address")
    if not root and _name(context.root) not in ("urlset", "sitemapindex"):
        raise FeedRejected("not-a-sitemap", "XML, but neither a sitemap nor an index of sitemaps")
    return ParsedSitemap(tuple(entries), tuple(children), tuple(sorted(problems)))


def recent(entries: Sequence[FeedEntry], since: datetime) -> tuple[list[FeedEntry], dict[str, int]]:
    """Keep what is new since a moment, the newest first, and count the rest by reason.

    What has no date is kept where the sitemap is small: archives are for a backfill.
    """
    dated = [(moment, entry) for entry in entries if (moment := entry_date(entry))]
    undated = [entry for entry in entries if entry_date(entry) is None]
    fresh = sorted(((m, e) for m, e in dated if m >= since), key=lambda pair: pair[0], reverse=True)
    dropped = {"old": len(dated) - len(fresh)}
    kept = [entry for _, entry in fresh]
    if len(entries) <= SMALL:
        kept += undated
    else:
        dropped["undated"] = len(undated)
    return kept, {reason: count for reason, count in dropped.items() if count}


def between(entries: Iterable[FeedEntry], since: datetime, until: datetime) -> list[FeedEntry]:
    """Keep what was published in ``[since, until)``, the newest first; what has no date is kept, at the end."""
    dated = [(entry_date(entry), entry) for entry in entries]
    oldest = datetime.min.replace(tzinfo=UTC)
    chosen = [(moment or oldest, entry) for moment, entry in dated if moment is None or since <= moment < until]
    return [entry for _, entry in sorted(chosen, key=lambda pair: pair[0], reverse=True)]


def children_since(children: Sequence[Child], since: datetime, *, limit: int) -> tuple[str, ...]:
    """Return the sitemaps of an index that may hold something new since a moment, the newest first.

    Where nothing says when they changed, those that stand first and last: indexes grow at one end or the other.
    """
    dated = [(child.changed_at or _month_end(child.url), child.url) for child in children]
    if any(moment for moment, _ in dated):
        fresh = [(moment, url) for moment, url in dated if moment is not None and moment >= since]
        return tuple(url for _, url in sorted(fresh, reverse=True)[:limit])
    ends = (*children[:1], *children[-1:])
    return tuple(dict.fromkeys(child.url for child in ends))


def children_between(children: Sequence[Child], since: datetime, until: datetime) -> tuple[str, ...]:
    """Return the sitemaps of an index that may hold something of ``[since, until)``, the newest first.

    A sitemap that changed since may hold older articles too; only a date in its address says where it ends.
    """
    chosen = []
    for place, child in enumerate(children):
        named = date_in(child.url)
        if named is not None and named >= until:
            continue
        newest = _month_end(child.url) or child.changed_at
        if newest is None or newest >= since:
            chosen.append((newest is None, -(newest.timestamp() if newest else 0), place, child.url))
    return tuple(url for *_, url in sorted(chosen))


def entry_date(entry: FeedEntry) -> datetime | None:
    """Return when an entry was published, as far as its sitemap or its address says."""
    return entry.published_at or date_in(entry.url) or entry.updated_at


def date_in(url: str) -> datetime | None:
    """Return the first moment of the day or month that an address names.

    >>> date_in("https://news.example/2026/03/05/story").isoformat()
    '2026-03-05T00:00:00+00:00'
    """
    match = _DATE.search(url)
    if match is None:
        return None
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        return None


def _month_end(url: str) -> datetime | None:
    """Return the last second of the day or month that the address of a sitemap names."""
    start, match = date_in(url), _DATE.search(url)
    if start is None or match is None:
        return None
    end = start + timedelta(days=1) if match[3] else (start + timedelta(days=32)).replace(day=1)
    return end - timedelta(seconds=1)


def _fields(element: etree._Element) -> dict[str, str]:
    """Return what a ``url`` or ``sitemap`` says of itself and its news; images have a ``loc`` and a ``title``, too."""
    parts = [element, *(part for part in element if _name(part) == "news")]
    return {_name(field): (field.text or "").strip() for part in parts for field in part}


def _entry(fields: dict[str, str]) -> FeedEntry:
    return FeedEntry(
        url=fields.get("loc", ""),
        title=fields.get("title") or None,
        published_at=iso_moment(fields.get("publication_date")),
        updated_at=iso_moment(fields.get("lastmod")),
    )


def _plain_list(body: bytes) -> ParsedSitemap:
    """Read a sitemap that is a text file: one address a line."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines[:20]):
        raise FeedRejected("not-a-sitemap", "neither XML nor a list of addresses")
    return ParsedSitemap(tuple(FeedEntry(url=line) for line in lines[:MAX_ELEMENTS]))


def _unpacked(body: bytes) -> bytes:
    if body[:3] != b"\x1f\x8b\x08":
        return body
    try:
        return gunzip(body, max_size=MAX_SIZE)
    except ValueError as error:
        raise FeedRejected("too-large", f"more than {MAX_SIZE // 1024**2} MB when unpacked") from error
    except (OSError, EOFError, zlib.error) as error:
        raise FeedRejected("malformed", f"gzip that cannot be read: {error}") from error


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
