"""The feeds of the web: RSS 2.0 and Atom with summaries, in the outlet's own encoding."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from benchmarks.newsweb.makes import MAKES
from benchmarks.newsweb.outlets import Article, Outlet

#: Characters of a summary.
SUMMARY = 220
PATH = "/feed.xml"


def feed(outlet: Outlet, articles: Sequence[Article]) -> bytes:
    """Return the feed that announces ``articles``."""
    encoding = MAKES[outlet.make].ENCODING
    named = {"cp1256": "windows-1256"}.get(encoding, encoding)
    write = _rss if outlet.feed == "rss" else _atom
    return f'<?xml version="1.0" encoding="{named}"?>\n{write(outlet, articles)}'.encode(encoding, "xmlcharrefreplace")


def _rss(outlet: Outlet, articles: Sequence[Article]) -> str:
    items = "".join(
        f"<item><title>{escape(article.story.title)}</title><link>{escape(article.url)}</link>"
        f'<guid isPermaLink="false">{outlet.number}-{article.number}</guid><category>{article.section}</category>'
        f"<pubDate>{format_datetime(article.published_at)}</pubDate><description>{_summary(article)}</description></item>"
        for article in articles
    )
    return f'<rss version="2.0"><channel><title>{outlet.title}</title><link>{outlet.home}</link>{items}</channel></rss>'


def _atom(outlet: Outlet, articles: Sequence[Article]) -> str:
    entries = "".join(
        f"<entry><id>tag:{outlet.host},2026:{article.number}</id><title>{escape(article.story.title)}</title>"
        f'<link href="{escape(article.url)}"/><published>{article.published_at.isoformat()}</published>'
        f"<updated>{article.published_at.isoformat()}</updated><summary>{_summary(article)}</summary></entry>"
        for article in articles
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{outlet.home}</id><title>{outlet.title}</title>{entries}</feed>'
    )


def _summary(article: Article) -> str:
    text = article.story.paragraphs[0].text
    return escape(text if len(text) <= SUMMARY else f"{text[:SUMMARY].rpartition(' ')[0]} ...", quote=False)
