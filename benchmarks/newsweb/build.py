"""Everything the server answers with, rendered before anything is timed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from benchmarks.newsweb import feeds
from benchmarks.newsweb.chrome import Around
from benchmarks.newsweb.makes import MAKES
from benchmarks.newsweb.outlets import PHASES, Web

ROBOTS = b"User-agent: *\nDisallow: /private/\n"


def with_paths(web: Web) -> Web:
    """Return the web with the addresses that its makes give articles."""
    return replace(
        web,
        articles={
            outlet: [replace(article, path=MAKES[outlet.make].path(article)) for article in articles]
            for outlet, articles in web.articles.items()
        },
    )


def answers(web: Web, seed: int) -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """Yield host, path, body and headers of everything there is but feeds."""
    for outlet, articles in web.articles.items():
        make = MAKES[outlet.make]
        # Most servers name the encoding; old ones leave that to the page.
        kind = "text/html" if make.ENCODING == "cp1256" else "text/html; charset=utf-8"
        around = Around(articles, seed)
        for article in articles:
            body = make.page(article, around).encode(make.ENCODING, "xmlcharrefreplace")
            yield outlet.host, article.path, body, {"Content-Type": kind}
        yield outlet.host, "/robots.txt", ROBOTS, {"Content-Type": "text/plain"}


def feed_answers(web: Web) -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """Yield host, phase, body and headers of every feed in every phase, with validators."""
    for outlet in web.articles:
        for phase in PHASES:
            announced = web.phase(outlet, phase)
            body = feeds.feed(outlet, announced)
            newest = max((article.published_at for article in announced), default=datetime(2026, 1, 1, tzinfo=UTC))
            validators = {
                "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
                "Last-Modified": format_datetime(newest.astimezone(UTC), usegmt=True),
            }
            kind = "application/rss+xml" if outlet.feed == "rss" else "application/atom+xml"
            yield outlet.host, phase, body, {"Content-Type": kind, **validators}


def truth(web: Web) -> Iterator[dict[str, Any]]:
    """Yield what is known of every article: address, title, text, moment, authors, and whether it is measured."""
    for articles in web.articles.values():
        for article in articles:
            yield {
                "url": article.url,
                "make": article.outlet.make,
                "title": article.story.title,
                "text": article.story.text,
                "published_at": article.published_at.isoformat(),
                "measured": article.number >= web.learned,
            }


def write_truth(web: Web) -> str:
    """Return :func:`truth` as JSON, one object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in truth(web))
