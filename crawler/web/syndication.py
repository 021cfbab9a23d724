"""Clean articles as a feed, so that Rawi can be read in any feed reader: RSS 2.0 and JSON Feed 1.1. Pure.

What comes from the web may hold anything. XML has no place for most control characters, and what turns the direction of
writing around can make a name or an address read as another one: neither reaches a feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

#: What XML 1.0 (section 2.2) cannot hold, and the controls of direction that override or embed (UAX 9).
_HOSTILE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
#: Characters of a title; readers' lists show less. Of a text without a title, so many stand for one.
TITLE, OPENING = 300, 80

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: its title, its own address, that of the pages it belongs to, and of the feed that goes on after it."""

    title: str
    url: str
    home: str
    next_url: str | None = None


def rss(channel: Channel, articles: Sequence[Mapping[str, Any]]) -> bytes:
    """Return articles as RSS 2.0, each whole in ``content:encoded``. The canonical address is the guid."""
    root = etree.Element("rss", nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _DC}, version="2.0")
    head = etree.SubElement(root, "channel")
    _add(head, "title", clean(channel.title))
    _add(head, "link", channel.home)
    _add(head, "description", clean(channel.title))
    _add(head, "generator", "Rawi")
    if articles:
        _add(head, "lastBuildDate", format_datetime(max(article["updated_at"] for article in articles), usegmt=True))
    etree.SubElement(head, f"{{{_ATOM}}}link", rel="self", href=channel.url, type="application/rss+xml")
    if channel.next_url:
        etree.SubElement(head, f"{{{_ATOM}}}link", rel="next", href=channel.next_url)
    for article in articles:
        _item(etree.SubElement(head, "item"), article)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _item(item: etree._Element, article: Mapping[str, Any]) -> None:
    _add(item, "title", title_of(article))
    _add(item, "link", clean(article["url"]))
    _add(item, "guid", clean(article["url"])).set("isPermaLink", "false")
    _add(item, "pubDate", format_datetime(article["at"], usegmt=True))
    for author in article["authors"]:
        _add(item, f"{{{_DC}}}creator", clean(author)[:TITLE])
    for tag in article["hashtags"]:
        _add(item, "category", clean(tag)[:TITLE])
    _add(item, "description", clean(article["text"]).partition("\n\n")[0])
    _add(item, f"{{{_CONTENT}}}encoded", body(article["text"]))


def _add(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element


def json_feed(channel: Channel, articles: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return articles as a JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(channel.title),
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "language": "ar",
        "items": [dict(_entry(article)) for article in articles],
    }
    return {**feed, "next_url": channel.next_url} if channel.next_url else feed


def _entry(article: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "id", clean(article["url"])
    yield "url", clean(article["url"])
    yield "title", title_of(article)
    yield "content_html", body(article["text"])
    yield "content_text", clean(article["text"])
    yield "date_published", _moment(article["at"])
    if article["version"] > 1:
        yield "date_modified", _moment(article["updated_at"])
    if article["image"] and article["image"].startswith(("https://", "http://")):
        yield "image", clean(article["image"])
    if article["authors"]:
        yield "authors", [{"name": clean(author)[:TITLE]} for author in article["authors"]]
    if article["hashtags"]:
        yield "tags", [clean(tag)[:TITLE] for tag in article["hashtags"]]
    if article["language"]:
        yield "language", article["language"]


def title_of(article: Mapping[str, Any]) -> str:
    """Return the title of an article, or how its text begins, in one line that a list can show."""
    title = " ".join(clean(article["title"] or "").split())
    if not title:
        return f"{' '.join(clean(article['text'][:OPENING]).split())}…"
    return title if len(title) <= TITLE else f"{title[:TITLE]}…"


def body(text: str) -> str:
    """Return a text as HTML: paragraphs, each in the direction of its own words, and nothing else."""
    return "".join(f'<p dir="auto">{escape(part)}</p>' for part in clean(text).split("\n\n"))


def clean(text: str) -> str:
    """Return ``text`` without the characters that may not be in a feed."""
    return _HOSTILE.sub("", text)


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
