"""What a page says of itself: title, authors, dates, section, image, addresses.

In the order of trust: JSON-LD, OpenGraph and the ``article:`` properties, microdata and other ``<meta>``, the feed's
claims, and what a reader sees. A claim that cannot be is passed over for the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.extract import jsonld
from pipelines.extract.bylines import clean_authors, visible_authors
from pipelines.extract.landmarks import Landmarks
from pipelines.extract.outlet import SEPARATOR, name_beside
from pipelines.extract.published import find_published, first_date
from pipelines.extract.selectors import select
from pipelines.extract.text import element_text, folded_letters
from pipelines.model import FeedEntry, SourceRules
from pipelines.urls import canonical_url, same_site

#: Characters of a title; what is longer is not one.
MAX_TITLE = 500


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself. ``kinds`` are its schema.org and OpenGraph types."""

    canonical_url: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    image: str | None = None
    site_name: str | None = None
    keywords: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


def extract_metadata(
    page: Landmarks, url: str, entry: FeedEntry | None, rules: SourceRules, fetched_at: datetime
) -> Metadata:
    """Read the metadata of a page. Pure; nothing is raised for what a page says."""
    nodes = jsonld.nodes(page)
    articles = [node for node in nodes if jsonld.is_article(node)]
    node = articles[0] if articles else {}
    meta = _metas(page)
    site_name = meta.get("og:site_name") or jsonld.text(node.get("publisher")) or meta.get("application-name")
    title = _title(page, node, meta, entry, site_name)
    if title and not site_name:
        site_name = name_beside(title, _window_title(page))
    chosen = _chosen(page.tree, rules, fetched_at)
    published = chosen.published_at or find_published(page, title, node, meta, entry, rules, fetched_at)
    modified = first_date(
        (jsonld.text(node.get("dateModified")), meta.get("article:modified_time"), meta.get("og:updated_time")),
        rules, fetched_at,
    )  # fmt: skip
    return Metadata(
        canonical_url=_canonical(page, node, meta, url),
        title=chosen.title or title,
        authors=chosen.authors or _authors(page, node, meta, entry, site_name),
        published_at=published,
        modified_at=modified if modified and (published is None or modified >= published) else None,
        section=jsonld.text(node.get("articleSection")) or meta.get("article:section"),
        image=_absolute(url, meta.get("og:image") or _image(node)),
        site_name=site_name,
        keywords=_keywords(page, node, meta, entry),
        kinds=frozenset({kind for found in nodes for kind in jsonld.types(found)} | {meta.get("og:type", "")}),
    )


def _chosen(tree: HtmlElement, rules: SourceRules, now: datetime) -> Metadata:
    """Return what the operator's selectors find; what they do not find is read as on any other page."""

    def texts(selector: str | None) -> list[str]:
        found = select(tree, selector)[:1] if selector else []
        return [text for e in found for text in (e.get("datetime"), e.get("content"), element_text(e)) if text]

    operator = rules.operator
    title = next(iter(texts(operator.title)), None)
    return Metadata(
        canonical_url="",
        title=title[:MAX_TITLE] if title else None,
        authors=clean_authors(texts(operator.author)[:1]),
        published_at=first_date(texts(operator.date), rules, now),
    )


def _metas(page: Landmarks) -> dict[str, str]:
    """Return ``<meta>`` by property, name or itemprop; the first of a name wins."""
    found: dict[str, str] = {}
    for element in page.tagged("meta"):
        content = " ".join((element.get("content") or "").split())
        for name in (element.get("property"), element.get("name"), element.get("itemprop")):
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _title(
    page: Landmarks, node: dict[str, object], meta: dict[str, str], entry: FeedEntry | None, site_name: str | None
) -> str | None:
    claims = [jsonld.text(node.get("headline")), meta.get("og:title"), meta.get("twitter:title")]
    claims += [entry.title if entry else None, _window_title(page)]
    known = [claim for claim in claims if claim and len(claim) <= MAX_TITLE]
    # The heading that readers see is the title when some claim agrees with it; logos are headings too.
    for heading in _headings(page):
        if 3 < len(heading) <= MAX_TITLE and any(_agree(heading, claim) for claim in known):
            return heading
    for claim in known:
        return _without_site(claim, site_name, known)
    return next((heading for heading in _headings(page) if len(heading.split()) > 2), None)


def _headings(page: Landmarks) -> Iterator[str]:
    """Yield the headings of the first level; those that only state that they are one are looked for last."""
    yield from map(element_text, page.tagged("h1"))
    yield from map(element_text, page.stated("aria-level", "1"))


def _window_title(page: Landmarks) -> str:
    return element_text(next(iter(page.tagged("title")), None))


def _agree(heading: str, claim: str) -> bool:
    seen, said = folded_letters(heading), folded_letters(claim)
    # The larger must not be much larger: the name of the site stands in its titles, too.
    shorter, longer = sorted((len(seen), len(said)))
    return len(heading.split()) > 1 and (seen in said or said in seen) and shorter * 5 >= longer * 2


def _without_site(title: str, site_name: str | None, others: Sequence[str]) -> str:
    """Drop the name of the site from the end or the beginning of a title."""
    parts = [part for part in SEPARATOR.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    site = folded_letters(site_name or "")
    kept = [part for part in parts if not site or folded_letters(part) != site]
    if len(kept) < len(parts):
        return title[title.find(kept[0]) : title.rfind(kept[-1]) + len(kept[-1])].strip() if kept else title
    said = folded_letters(title)
    shared = [other for other in others if folded_letters(other) != said and folded_letters(other) in said]
    if shared:
        return max(shared, key=len)
    return max(parts, key=len).strip() if len(max(parts, key=len)) * 2 > len(title) else title


def _authors(
    page: Landmarks, node: dict[str, object], meta: dict[str, str], entry: FeedEntry | None, site_name: str | None
) -> tuple[str, ...]:
    names = ("article:author", "author", "dc.creator", "dc:creator", "twitter:data1", "sailthru.author")
    claims: tuple[Callable[[], list[str]], ...] = (
        lambda: jsonld.names(node.get("author")) + jsonld.names(node.get("creator")),
        lambda: visible_authors(page),
        *((lambda name=name: [meta[name]]) for name in names if name in meta),
        lambda: list(entry.authors) if entry else [],
    )
    return next((authors for claim in claims if (authors := clean_authors(claim(), site_name))), ())


def _keywords(
    page: Landmarks, node: dict[str, object], meta: dict[str, str], entry: FeedEntry | None
) -> tuple[str, ...]:
    listed = node.get("keywords") or meta.get("news_keywords") or meta.get("keywords") or ""
    words = jsonld.names(listed) if isinstance(listed, list) else re.split(r"[,،؛;]", str(listed))
    words += [element.get("content", "") for element in page.tagged("meta") if element.get("property") == "article:tag"]
    words += list(entry.tags) if entry else []
    return tuple(dict.fromkeys(word.strip() for word in words if 1 < len(word.strip()) <= 80))[:50]


def _canonical(page: Landmarks, node: dict[str, object], meta: dict[str, str], url: str) -> str:
    """Return the address the page wants to be known by; never one of another site, which is not its to claim."""
    links = [link.get("href") for link in page.tagged("link") if link.get("rel") == "canonical"]
    for claim in (*links, meta.get("og:url"), jsonld.text(node.get("url"))):
        if not claim:
            continue
        claimed = canonical_url(claim, url)
        # A home page as canonical address of everything is a mistake of templates.
        if not url or (same_site(claimed, url) and claimed.count("/") > 2 and not claimed.endswith("/")):
            return claimed
    return canonical_url(url)


def _image(node: dict[str, object]) -> str | None:
    value = node.get("image")
    value = value[0] if isinstance(value, list) and value else value
    value = value.get("url") if isinstance(value, dict) else value
    return value if isinstance(value, str) else None


def _absolute(base: str, link: str | None) -> str | None:
    try:
        return urljoin(base, link) if link and not link.startswith("data:") else None
    except ValueError:
        return None
