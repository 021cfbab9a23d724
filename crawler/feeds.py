"""What does a feed say? Bytes in, entries out; nothing is fetched here.

RSS, RDF and Atom are read by feedparser, from bytes and never from a URL; JSON Feed 1.1 (jsonfeed.org/version/1.1) is
read here, and sitemaps by :mod:`crawler.sitemaps`. Feeds lie about their charset, forget links
and repeat themselves: what can be saved is saved, and what cannot is counted by reason.
"""

from __future__ import annotations

import calendar
import codecs
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from crawler.moments import iso_moment
from crawler.scheduling.hints import NO_HINTS, Hints, channel_hints
from crawler.sitemaps import parse_sitemap
from pipelines.errors import FeedRejected
from pipelines.model import FeedEntry
from pipelines.urls import canonical_url

#: Entries that are read of one feed; publishers announce tens, archives that pose as feeds tens of thousands.
MAX_ENTRIES = 5_000
#: Characters of a summary or content that are kept as a claim.
MAX_CLAIM = 100_000
#: Bytes of an address: what an index of Postgres can hold, which is 2,704 with the rest of the row.
MAX_ADDRESS = 2_600

_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([\w.-]+)["']""")
_ITEM, _ITEM_END = re.compile(r"<(?:item|entry)[\s>]"), re.compile(r"</(?:item|entry)\s*>")
_CHARSET = re.compile(r"charset=[\"']?([\w.-]+)", re.I)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed that could be read. ``dropped`` counts the entries that could not be used, by reason."""

    entries: tuple[FeedEntry, ...]
    title: str | None = None
    language: str | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    hints: Hints = NO_HINTS


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """Read the feed that ``url`` answered with.

    Links are made absolute against ``url``; an article that stands twice in the feed is one entry. Raises
    :class:`~pipelines.errors.FeedRejected`: ``empty`` (no bytes), ``html``, ``not-a-feed``, ``malformed``.
    A feed without entries is read, and has none.
    """
    if not body.strip():
        raise FeedRejected("empty", "the answer has no content")
    if _HTML.match(body[:4096]):
        raise FeedRejected("html", "the answer is a web page, not a feed")
    text, problems = _decoded(body, content_type)
    start = text.lstrip()[:1]
    if start in ("{", "["):
        found = _json_feed(text)
    elif start != "<":
        raise FeedRejected("not-a-feed", "the answer is neither XML nor JSON")
    elif "<urlset" in text[:4096]:
        # A news sitemap that was added as a feed.
        found = ParsedFeed(entries=parse_sitemap(text.encode("utf-8", "replace")).entries)
    else:
        found = _syndication(text, url)
    entries, dropped = usable_entries(found.entries, url)
    if "malformed" in found.problems and not entries:
        raise FeedRejected("malformed", "the document breaks off before its first usable entry")
    dropped.update(found.dropped)
    return replace(found, entries=tuple(entries), dropped=dict(dropped), problems=(*problems, *found.problems))


def _decoded(body: bytes, content_type: str | None) -> tuple[str, list[str]]:
    """Decode a feed by its bytes' own evidence first.

    Multi-byte UTF-8 is hardly ever valid by accident, while every byte string is valid windows-1256: so the bytes
    are asked before the labels.
    """
    declared = [match.group(1).decode("ascii") for match in [_DECLARED.match(body[:1024])] if match]
    declared += _CHARSET.findall(content_type or "")
    for encoding in ("utf-8-sig", *declared, "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "", "cp1256"):
        try:
            text = body.decode(encoding)
            name = codecs.lookup(encoding).name
        except (LookupError, UnicodeDecodeError):
            continue
        said = {_codec(label) for label in declared} - {None}
        lied = bool(said) and name.removesuffix("-sig") not in said and not body.isascii()
        return _XML_DECLARATION.sub("", text, count=1), ["charset"] if lied else []
    return _XML_DECLARATION.sub("", body.decode("utf-8", "replace"), count=1), ["charset"]


def _codec(label: str) -> str | None:
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def _syndication(text: str, url: str) -> ParsedFeed:
    """Read RSS, RDF or Atom."""
    if "<!ENTITY" in text[:100_000]:
        # No feed format needs entities of its own; what declares them wants to be expanded.
        raise FeedRejected("malformed", "the document declares entities")
    text, beyond = _shortened(text)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    parsed = feedparser.parse(text.encode("utf-8", "replace"), response_headers=headers, sanitize_html=False)
    if parsed.bozo and not parsed.entries:
        raise FeedRejected("malformed" if parsed.version else "not-a-feed", str(parsed.get("bozo_exception", ""))[:200])
    if not parsed.version and not parsed.entries:
        raise FeedRejected("not-a-feed", "XML, but neither RSS nor RDF nor Atom")
    return ParsedFeed(
        entries=tuple(_syndication_entries(parsed.entries)),
        title=_text(parsed.feed.get("title")),
        language=_text(parsed.feed.get("language")),
        dropped={"beyond-limit": beyond} if beyond else {},
        problems=("malformed",) if parsed.bozo else (),
        hints=channel_hints(parsed.feed, text),
    )


def _shortened(text: str) -> tuple[str, int]:
    """Cut what is beyond ``MAX_ENTRIES`` out of a feed before it is parsed, which takes seconds for tens of thousands.

    Returns the feed, and how many entries were cut out.
    """
    starts = [match.start() for match in _ITEM.finditer(text)]
    ends = list(_ITEM_END.finditer(text))
    if len(starts) <= MAX_ENTRIES or not ends or ends[-1].end() <= starts[MAX_ENTRIES]:
        return text, 0
    return text[: starts[MAX_ENTRIES]] + text[ends[-1].end() :], len(starts) - MAX_ENTRIES


def _syndication_entries(entries: Iterable[Any]) -> Iterator[FeedEntry]:
    for entry in entries:
        content = next((part.get("value") for part in entry.get("content", ())), None)
        authors = [author.get("name") for author in entry.get("authors", ())] or [entry.get("author")]
        yield FeedEntry(
            url=entry.get("feedburner_origlink") or entry.get("link") or "",
            guid=_text(entry.get("id")),
            title=_text(entry.get("title")),
            authors=_texts(authors),
            published_at=_moment(entry.get("published_parsed")),
            updated_at=_moment(entry["updated_parsed"]) if "updated_parsed" in entry.keys() else None,  # noqa: SIM118
            summary=_text(entry.get("summary")),
            content=_text(content),
            tags=_texts(tag.get("term") for tag in entry.get("tags", ())),
        )


def _json_feed(text: str) -> ParsedFeed:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedRejected("malformed", f"JSON that cannot be read: {error}") from error
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in str(feed.get("version")):
        raise FeedRejected("not-a-feed", "JSON, but no JSON Feed (jsonfeed.org)")
    items = feed.get("items")
    return ParsedFeed(
        entries=tuple(_json_entry(item) for item in items if isinstance(item, dict)) if isinstance(items, list) else (),
        title=_text(feed.get("title")),
        language=_text(feed.get("language")),
    )


def _json_entry(item: dict[str, Any]) -> FeedEntry:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    return FeedEntry(
        url=_text(item.get("url")) or "",
        guid=_text(item.get("id")),
        title=_text(item.get("title")),
        authors=_texts(author.get("name") for author in authors or () if isinstance(author, dict)),
        published_at=iso_moment(item.get("date_published")),
        updated_at=iso_moment(item.get("date_modified")),
        summary=_text(item.get("summary")),
        content=_text(item.get("content_html") or item.get("content_text")),
        tags=_texts(item["tags"] if isinstance(item.get("tags"), list) else ()),
    )


def usable_entries(found: Iterable[FeedEntry], base: str) -> tuple[list[FeedEntry], Counter[str]]:
    """Keep the entries that lead somewhere, once each and at most ``MAX_ENTRIES``; count the others by reason."""
    entries: dict[str, FeedEntry] = {}
    dropped: Counter[str] = Counter()
    for entry in found:
        if len(entries) >= MAX_ENTRIES:
            dropped["beyond-limit"] += 1
            continue
        link = entry.url.strip() or (entry.guid if entry.guid and entry.guid.startswith("http") else "")
        try:
            url = urljoin(base, link)
            good = bool(link) and urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
        except ValueError:
            good = False
        # An address in a text file may hold anything, and Postgres holds no NUL.
        if not good or "\0" in url or len(canonical_url(url).encode("utf-8", "replace")) > MAX_ADDRESS:
            dropped["bad-link" if link else "no-link"] += 1
        elif (key := canonical_url(url)) in entries:
            dropped["twice-in-feed"] += 1
        else:
            entries[key] = replace(entry, url=url, content_hash=_claims_hash(entry))
    return list(entries.values()), dropped


def _claims_hash(entry: FeedEntry) -> str:
    # Dates are left out: some feeds put the time of the request there, and nothing has changed.
    claims = (entry.title, entry.summary, entry.content, *entry.authors)
    return hashlib.sha256("\0".join(claim or "" for claim in claims).encode("utf-8", "replace")).hexdigest()


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    # Postgres holds no NUL, and no feed means one.
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()[:MAX_CLAIM] or None


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := _text(value))))


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
