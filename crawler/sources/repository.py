"""Where sources are kept: the ``sources`` and ``feeds`` tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Feed, Source
from pipelines.errors import SourceError
from pipelines.extract.selectors import check_rules
from pipelines.model import OperatorRules
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler.sources", "sources.sql")


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What a source has brought so far. Discovered and stored are different things, and both are shown."""

    discovered: int = 0
    pending: int = 0
    stored: int = 0
    rejected: dict[str, int] = field(default_factory=dict)


class Sources:
    """The sources of one database. Every method is one transaction."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def add(self, source: Source) -> Source:
        """Add ``source`` with its feeds (ids are ignored) and return it as stored.

        Raises :class:`~pipelines.errors.SourceError` when its name is taken, a feed of it belongs to another source,
        or a field is wrong.
        """
        check_source(source)
        urls = [feed.url for feed in source.feeds]
        async with self._pool.connection() as connection, connection.transaction():
            owner = await (await connection.execute(SQL["feed_owner"], {"urls": urls})).fetchone()
            if owner:
                raise SourceError(f"the source {owner[0]} has that feed already: rawi sources show {owner[0]}")
            row = await (await connection.execute(SQL["insert_source"], _columns(source))).fetchone()
            if row is None:
                raise SourceError(f"there is a source {source.name} already; give this one a name with --name")
            for url in urls:
                await connection.execute(SQL["insert_feed"], {"source_id": row[0], "url": url})
        return await self.get(source.name)

    async def get(self, name: str) -> Source:
        """Return one source. Raises :class:`~pipelines.errors.SourceError` when there is none of that name."""
        return (await self.select([name]))[0]

    async def select(self, names: Sequence[str] | None = None) -> list[Source]:
        """Return the sources of these names, or all, in order of name.

        Raises :class:`~pipelines.errors.SourceError` that lists the names that are unknown.
        """
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["select_sources"], {"names": list(names) if names else None})
            rows = await cursor.fetchall()
            if unknown := set(names or ()) - {row["name"] for row in rows}:
                raise SourceError(f"no source named {', '.join(sorted(unknown))}; see: rawi sources list")
            await cursor.execute(SQL["select_feeds"], {"source_ids": [row["id"] for row in rows]})
            feeds: dict[int, list[Feed]] = {}
            for feed in await cursor.fetchall():
                feeds.setdefault(feed.pop("source_id"), []).append(Feed(**feed))
        return [_source(row, feeds.get(row["id"], [])) for row in rows]

    async def set_enabled(self, names: Sequence[str], enabled: bool) -> list[Source]:
        """Let the crawls take these sources, or leave them out; return them as they are now."""
        await self.select(names)
        async with self._pool.connection() as connection:
            await connection.execute(SQL["set_enabled"], {"names": list(names), "enabled": enabled})
        return await self.select(names)

    async def set_operator_rules(self, name: str, rules: OperatorRules) -> Source:
        """Set the selectors and patterns for a source's pages; return the source.

        Raises :class:`~pipelines.errors.RuleError` with a sentence for the first one that is wrong.
        """
        check_rules(rules)
        source = await self.get(name)
        parameters = {"source_id": source.id, "rules": Jsonb(rules_record(rules))}
        async with self._pool.connection() as connection:
            await connection.execute(SQL["set_operator_rules"], parameters)
        return await self.get(name)

    async def remove(self, name: str, *, with_articles: bool = False) -> int:
        """Remove a source and everything its feeds announced; return how many articles went with it.

        Raises :class:`~pipelines.errors.SourceError` when it has articles and ``with_articles`` was not said.
        """
        source = await self.get(name)
        key = {"source_id": source.id}
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(SQL["count_articles"], key)).fetchone()
            articles: int = row[0] if row else 0
            if articles and not with_articles:
                raise SourceError(
                    f"{name} has {articles} articles; to delete them with it: --with-articles; "
                    f"to keep them and stop crawling: rawi sources disable {name}"
                )
            await connection.execute(SQL["delete_articles"], key)
            await connection.execute(SQL["delete_source"], key)
        return articles

    async def summary(self, source: Source) -> SourceSummary:
        """Return what ``source`` has brought so far."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(SourceSummary))
            await cursor.execute(SQL["source_summary"], {"source_id": source.id})
            return await cursor.fetchone() or SourceSummary()


def check_source(source: Source) -> None:
    """Raise :class:`~pipelines.errors.SourceError` with a sentence for the first field that is wrong."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", source.name):
        raise SourceError(f"a source's name is made of a-z, 0-9, '.', '_' and '-': not {source.name!r}")
    for url in (source.home, *(feed.url for feed in source.feeds)):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SourceError(f"not the address of a web page or feed: {url!r} (it starts with http:// or https://)")
    if not source.feeds:
        raise SourceError("a source needs at least one feed")
    if source.country is not None and not re.fullmatch(r"[A-Z]{2}", source.country):
        raise SourceError(f"a country is two capital letters (ISO 3166-1), such as IQ: not {source.country!r}")
    check_timezone(source.timezone)


def check_timezone(name: str) -> None:
    """Raise :class:`~pipelines.errors.SourceError` for what is no IANA zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SourceError(f"no such time zone: {name!r}; one such as Asia/Baghdad is needed") from error


def name_from_url(url: str) -> str:
    """Return the name a source gets when none is given: its host, without ``www.`` and the last label.

    >>> name_from_url("https://www.example-news.com/feed/")
    'example-news'
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return re.sub(r"[^a-z0-9._-]+", "-", host.rpartition(".")[0] or host).strip("-.") or "source"


def _columns(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "home": source.home,
        "country": source.country,
        "language": source.language,
        "timezone": source.timezone,
        "tags": list(source.tags),
        "delay": source.delay,
    }


def _source(row: dict[str, Any], feeds: Sequence[Feed]) -> Source:
    source = Source(**row)
    return replace(source, tags=tuple(source.tags), feeds=tuple(feeds), operator=rules_of_record(row["operator"]))


def rules_record(rules: OperatorRules) -> dict[str, Any]:
    """Return an operator's rules as JSON holds them: what is not set is left out."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(rules).items() if value}


def rules_of_record(record: dict[str, Any]) -> OperatorRules:
    """Return what :func:`rules_record` was given."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    return OperatorRules(**fields)
