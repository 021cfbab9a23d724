"""A source as a document: what TOML files hold, what the history remembers, and what `--json` prints.

Everything that an operator decides and nothing that a crawl finds out. Keys stand in a fixed order and defaults are
left out, so that two exports of one source are the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from crawler.sources.model import Feed, FeedKind, Source
from pipelines.errors import SourceError
from pipelines.model import OperatorRules

#: Keys of a document, in order, with the types they may have and what is said of another one.
_KEYS: dict[str, tuple[tuple[type, ...], str]] = {
    "title": ((str,), "a text"),
    "home": ((str,), "an address"),
    "country": ((str,), "two letters"),
    "language": ((str,), "a language tag"),
    "timezone": ((str,), "a time zone"),
    "tags": ((list, tuple), "a list of texts"),
    "delay": ((int, float), "a number of seconds"),
    "interval": ((int, float), "a number of seconds"),
    "enabled": ((bool,), "true or false"),
    "feeds": ((list, tuple), "a list of tables with a url"),
    "rules": ((dict,), "a table"),
}
_DEFAULTS = Source(id=0, name="", title="", home="")


def document(source: Source) -> dict[str, Any]:
    """Return a source as a document; its name is not part of it."""
    found: dict[str, Any] = {}
    for key in _KEYS:
        if key == "feeds":
            found[key] = [_feed_document(feed) for feed in source.feeds]
        elif key == "rules":
            if rules := rules_record(source.operator):
                found[key] = rules
        else:
            value = getattr(source, key)
            if value is not None and (value != getattr(_DEFAULTS, key) or key == "home"):
                found[key] = list(value) if isinstance(value, tuple) else value
    return found


def source_of(name: str, found: Mapping[str, Any]) -> Source:
    """Return the source that a document describes.

    Raises :class:`~pipelines.errors.SourceError` with a sentence for the first key that is unknown, missing or wrong.
    What the values mean is checked by :func:`crawler.sources.validity.check_source`.
    """
    for key, value in found.items():
        if key not in _KEYS:
            raise SourceError(f"{name}: there is no key {key!r}; known are {', '.join(_KEYS)}")
        types, wanted = _KEYS[key]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise SourceError(f"{name}: {key} must be {wanted}, not {value!r}")
    if not found.get("home"):
        raise SourceError(f"{name}: home, the address of its front page, is missing")
    simple = {key: value for key, value in found.items() if key not in ("tags", "feeds", "rules")}
    return Source(
        id=0,
        name=name,
        **{"title": "", **simple},
        tags=tuple(str(tag) for tag in found.get("tags", ())),
        feeds=tuple(_feed_of(name, feed) for feed in found.get("feeds", ())),
        operator=rules_of_record(found.get("rules", {}), name),
    )


def rules_record(rules: OperatorRules) -> dict[str, Any]:
    """Return an operator's rules as JSON and TOML hold them: what is not set is left out."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rules).items() if value}


def rules_of_record(record: Mapping[str, Any], name: str = "") -> OperatorRules:
    """Return what :func:`rules_record` was given. Raises :class:`~pipelines.errors.SourceError` for other keys."""
    known = {field.name for field in fields(OperatorRules)}
    if unknown := set(record) - known:
        raise SourceError(f"{name}: there is no rule {sorted(unknown)[0]!r}; known are {', '.join(sorted(known))}")
    given: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in record.items()}
    return OperatorRules(**given)


def _feed_document(feed: Feed) -> dict[str, Any]:
    found: dict[str, Any] = {"url": feed.url}
    if feed.kind is not FeedKind.FEED:
        found["kind"] = feed.kind.value
    if feed.pattern:
        found["pattern"] = feed.pattern
    return found


def _feed_of(name: str, found: Any) -> Feed:
    if not isinstance(found, Mapping) or not isinstance(found.get("url"), str):
        raise SourceError(f"{name}: each of its feeds is a table with a url, not {found!r}")
    if unknown := set(found) - {"url", "kind", "pattern"}:
        raise SourceError(f"{name}: a feed has no key {sorted(unknown)[0]!r}; known are url, kind, pattern")
    try:
        kind = FeedKind(found.get("kind", FeedKind.FEED))
    except ValueError as error:
        raise SourceError(f"{name}: a feed is a feed, a sitemap or a listing, not {found['kind']!r}") from error
    return Feed(id=0, url=found["url"], kind=kind, pattern=found.get("pattern"))
