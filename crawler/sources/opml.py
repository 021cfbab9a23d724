"""Sources as OPML 2.0 (opml.org/spec2.opml), the form in which feed readers exchange subscriptions. Pure.

Folders are tags, both ways. OPML knows feeds only: sitemaps and listings, rules and zones need TOML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.validity import name_from_url
from pipelines.errors import SourceError
from pipelines.urls import canonical_url


@dataclass(frozen=True, slots=True)
class _Subscription:
    """One feed as a reader knows it."""

    url: str
    home: str | None
    title: str
    language: str | None
    tags: tuple[str, ...]


def read_opml(body: bytes) -> list[Source]:
    """Return the subscriptions of an OPML file as sources; feeds of one front page are feeds of one source.

    Raises :class:`~pipelines.errors.SourceError` for what is no OPML.
    """
    if b"<!ENTITY" in body[:100_000]:
        # No reader writes entities of its own; what declares them wants to be expanded.
        raise SourceError("that is no OPML: it declares entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"that is no OPML: {error}") from error
    if any(error.level == etree.ErrorLevels.FATAL and "end of" in error.message for error in parser.error_log):
        # Readers' small mistakes are read over; of what was cut off nobody knows what is missing.
        raise SourceError("that is no OPML: it is cut off; export it again")
    if root is None or _name(root) != "opml":
        raise SourceError("that is no OPML: its first element is not <opml>")
    body_element = next((part for part in root if _name(part) == "body"), None)
    if body_element is None:
        raise SourceError("that is no OPML: it has no <body>")
    return _grouped(_subscriptions(body_element, ()))


def write_opml(sources: Iterable[Source]) -> bytes:
    """Return the feeds of sources as OPML, in folders by their first tag, in a stable order."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Rawi"
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for source in sorted(sources, key=lambda one: (one.tags[:1], one.name)):
        folder = source.tags[0] if source.tags else ""
        if folder and folder not in folders:
            folders[folder] = etree.SubElement(body, "outline", text=folder, title=folder)
        for feed in source.feeds:
            if feed.kind is FeedKind.FEED:
                etree.SubElement(folders[folder] if folder else body, "outline", _attributes(source, feed))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def left_out(sources: Iterable[Source]) -> int:
    """Return how many feeds OPML has no form for."""
    return sum(feed.kind is not FeedKind.FEED for source in sources for feed in source.feeds)


def _attributes(source: Source, feed: Feed) -> dict[str, str]:
    found = {
        "type": "rss",
        "text": source.title or source.name,
        "title": source.title or source.name,
        "xmlUrl": feed.url,
        "htmlUrl": source.home,
        "language": source.language,
    }
    if len(source.tags) > 1:
        found["category"] = ",".join(f"/{tag}" for tag in source.tags)
    return found


def _subscriptions(parent: etree._Element, folders: tuple[str, ...]) -> Iterator[_Subscription]:
    for outline in parent:
        if _name(outline) != "outline":
            continue
        # Readers do not agree on how the attributes are written.
        given = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        label = given.get("title") or given.get("text") or ""
        if url := given.get("xmlurl"):
            categories = [part.strip("/ ") for part in given.get("category", "").split(",")]
            tags = dict.fromkeys(tag for tag in (*folders, *categories) if tag)
            yield _Subscription(url, given.get("htmlurl") or None, label, given.get("language") or None, tuple(tags))
        yield from _subscriptions(outline, (*folders, label) if label and not url else folders)


def _grouped(subscriptions: Iterable[_Subscription]) -> list[Source]:
    sources: dict[str, Source] = {}
    for one in subscriptions:
        key = canonical_url(one.home) if one.home else one.url
        known = sources.get(key)
        if known is None:
            sources[key] = _source(one, [source.name for source in sources.values()])
        elif one.url not in {feed.url for feed in known.feeds}:
            tags = tuple(dict.fromkeys((*known.tags, *one.tags)))
            sources[key] = replace(known, feeds=(*known.feeds, Feed(0, one.url)), tags=tags)
    return list(sources.values())


def _source(one: _Subscription, taken: Sequence[str]) -> Source:
    home = one.home or one.url
    return Source(
        id=0,
        name=free_name(name_from_url(home), taken),
        title=one.title,
        home=home,
        feeds=(Feed(0, one.url),),
        language=one.language.partition("-")[0] if one.language else "ar",
        tags=one.tags,
    )


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return ``name``, or with the first number that makes it free."""
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
