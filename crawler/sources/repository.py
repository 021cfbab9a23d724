"""Where sources are kept: the ``sources`` and ``feeds`` tables, and what was changed in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from crawler.sources.document import document, rules_of_record, rules_record, source_of
from crawler.sources.history import Change
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.validity import check_source
from pipelines.errors import SourceError
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
    """The sources of one database. Every method is one transaction; what it changes is written down as ``by``'s."""

    def __init__(self, pool: AsyncConnectionPool, by: str = "rawi") -> None:
        self._pool = pool
        self._by = by

    async def add(self, source: Source, *, action: str = "add") -> Source:
        """Add ``source`` with its feeds (ids are ignored) and return it as stored.

        One that was deleted but for its articles comes back with them. Raises
        :class:`~pipelines.errors.SourceError` when its name is taken, a feed of it belongs to another source, or a
        field is wrong.
        """
        check_source(source)
        async with self._pool.connection() as connection, connection.transaction():
            await _check_owner(connection, source)
            row = await (await connection.execute(SQL["insert_source"], _columns(source))).fetchone()
            if row is None:
                raise SourceError(f"there is a source {source.name} already; give this one a name with --name")
            await _set_feeds(connection, row[0], source)
            await self._note(connection, action, source.name, None, document(source))
        return await self.get(source.name)

    async def change(self, source: Source, *, action: str = "edit") -> Source:
        """Make the source of this name be as ``source`` says (but for ids and the state of feeds); return it.

        A change that changes nothing is not written down. Raises as :meth:`add` does.
        """
        check_source(source)
        before = await self.get(source.name)
        if document(before) == document(source):
            return before
        async with self._pool.connection() as connection, connection.transaction():
            await _check_owner(connection, source)
            await connection.execute(SQL["update_source"], _columns(source))
            await _set_feeds(connection, before.id, source)
            await self._note(connection, action, source.name, document(before), document(source))
        return await self.get(source.name)

    async def move_feed(self, source: Source, feed: Feed, to: str) -> bool:
        """Let a feed of ``source`` be at another address, with all that is known of it; return whether it is now.

        It is not where that is some feed's address already, where it is no address that a feed can have, where an
        operator has undone the same move before, or where the source is gone.
        """
        try:
            # Another feed of it may have moved, or an operator may have changed it, since the crawl began.
            source = await self.get(source.name)
            feeds = tuple(replace(one, url=to) if one.id == feed.id else one for one in source.feeds)
            moved = replace(source, feeds=feeds)
            check_source(moved)
        except SourceError:
            return False
        parameters = {
            "feed_id": feed.id, "to": to, "source": source.name,
            "after": Jsonb([{"url": feed.url}]), "before": Jsonb([{"url": to}]),
        }  # fmt: skip
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(SQL["move_feed"], parameters)).fetchone()
            if row is not None:
                await self._note(connection, "edit", source.name, document(source), document(moved))
        return row is not None

    async def get(self, name: str) -> Source:
        """Return one source. Raises :class:`~pipelines.errors.SourceError` when there is none of that name."""
        return (await self.select([name]))[0]

    async def select(self, names: Sequence[str] | None = None) -> list[Source]:
        """Return the sources of these names, or all, in order of name.

        Raises :class:`~pipelines.errors.SourceError` that lists the names that are unknown.
        """
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["select_sources"], {"names": list(names) if names else None, "ids": None})
            rows = await cursor.fetchall()
            if unknown := sorted(set(names or ()) - {row["name"] for row in rows}):
                await cursor.execute(SQL["retired_sources"], {"names": unknown})
                if retired := await cursor.fetchone():
                    name = retired["name"]
                    raise SourceError(
                        f"{name} was removed, but for its articles; to undo it: rawi sources revert {name}"
                    )
                raise SourceError(f"no source named {', '.join(unknown)}; see: rawi sources list")
            return await _with_feeds(cursor, rows)

    async def of_ids(self, ids: Collection[int]) -> list[Source]:
        """Return the sources of these numbers that are still there, in order of name."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["select_sources"], {"names": None, "ids": list(ids)})
            return await _with_feeds(cursor, await cursor.fetchall())

    async def check_named(self, name: str) -> None:
        """Raise :class:`~pipelines.errors.SourceError` unless articles may be this source's.

        Also a source that was removed but for its articles has some.
        """
        async with self._pool.connection() as connection:
            retired = await (await connection.execute(SQL["retired_sources"], {"names": [name]})).fetchone()
        if retired is None:
            await self.get(name)

    async def set_enabled(self, names: Sequence[str], enabled: bool) -> list[Source]:
        """Let the crawls take these sources, or leave them out; return them as they are now."""
        return [await self.change(replace(source, enabled=enabled)) for source in await self.select(names)]

    async def set_operator_rules(self, name: str, rules: OperatorRules) -> Source:
        """Set the selectors and patterns for a source's pages; return the source.

        Raises :class:`~pipelines.errors.RuleError` with a sentence for the first one that is wrong.
        """
        return await self.change(replace(await self.get(name), operator=rules))

    async def remove(
        self, name: str, *, with_articles: bool = False, keep_articles: bool = False, action: str = "delete"
    ) -> int:
        """Remove a source and what its feeds announced; return how many articles it had.

        Its articles are deleted with it, or kept; raises :class:`~pipelines.errors.SourceError` when it has some and
        neither was said.
        """
        source = await self.get(name)
        key = {"source_id": source.id}
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(SQL["count_articles"], key)).fetchone()
            articles: int = row[0] if row else 0
            if articles and not with_articles and not keep_articles:
                raise SourceError(
                    f"{name} has {articles} articles; to delete them with it: --with-articles; to keep them: "
                    f"--keep-articles; to stop crawling only: rawi sources disable {name}"
                )
            if articles and keep_articles:
                await connection.execute(SQL["retire_source"], key)
            else:
                await connection.execute(SQL["delete_articles"], key)
                await connection.execute(SQL["delete_source"], key)
            await self._note(connection, action, name, document(source), None)
        return articles

    async def check_free(self, name: str | None, urls: Sequence[str]) -> None:
        """Raise :class:`~pipelines.errors.SourceError` when a name is taken, or one of ``urls`` is a source's feed."""
        async with self._pool.connection() as connection:
            owner = await (await connection.execute(SQL["feed_owner"], {"urls": list(urls), "name": ""})).fetchone()
        if owner:
            raise SourceError(f"the source {owner[0]} has that feed already: rawi sources show {owner[0]}")
        known = await self.select()
        if name is not None and any(source.name == name for source in known):
            raise SourceError(f"there is a source {name} already; give this one a name with --name")
        if name is None and (same := next((source.name for source in known if source.home in urls), None)):
            raise SourceError(f"the source {same} has that front page; to add another one of its site: --name NAME")

    async def of_address(self, url: str) -> Source | None:
        """Return the source that has ``url`` as its front page or as a feed."""
        known = await self.select()
        return next((one for one in known if url == one.home or any(feed.url == url for feed in one.feeds)), None)

    async def history(self, name: str | None = None, *, limit: int = 1000) -> list[Change]:
        """Return what was changed in the source of this name, or in all, the latest first."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Change))
            await cursor.execute(SQL["changes_of_source"], {"source": name, "limit": limit})
            return await cursor.fetchall()

    async def revert(self, name: str, to: int | None = None) -> Source | None:
        """Undo the latest change to a source, or go back to how it was after change ``to``.

        Returns the source, or ``None`` when it is not there any more. Raises
        :class:`~pipelines.errors.SourceError` when there is no such change, and when it would delete articles.
        """
        changes = await self.history(name)
        if not changes:
            raise SourceError(f"nothing was ever changed in a source {name}; see: rawi sources list")
        chosen = next((change.after for change in changes if change.id == to), None)
        if to is not None and to not in {change.id for change in changes}:
            raise SourceError(f"{name} has no change {to}; see: rawi sources history {name}")
        wanted = changes[0].before if to is None else chosen
        exists = changes[0].after is not None
        if wanted is None:
            if exists:
                await self.remove(name, action="revert")
            return None
        source = source_of(name, wanted)
        return await (self.change if exists else self.add)(source, action="revert")

    async def summary(self, source: Source) -> SourceSummary:
        """Return what ``source`` has brought so far."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(SourceSummary))
            await cursor.execute(SQL["source_summary"], {"source_id": source.id})
            return await cursor.fetchone() or SourceSummary()

    async def _note(
        self,
        connection: psycopg.AsyncConnection,
        action: str,
        name: str,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        parameters = {
            "source": name,
            "action": action,
            "changed_by": self._by,
            "before": Jsonb(before) if before is not None else None,
            "after": Jsonb(after) if after is not None else None,
        }
        await connection.execute(SQL["insert_change"], parameters)


async def _with_feeds(cursor: psycopg.AsyncCursor[dict[str, Any]], rows: list[dict[str, Any]]) -> list[Source]:
    await cursor.execute(SQL["select_feeds"], {"source_ids": [row["id"] for row in rows]})
    feeds: dict[int, list[Feed]] = {}
    for feed in await cursor.fetchall():
        feeds.setdefault(feed.pop("source_id"), []).append(_feed(feed))
    return [_source(row, feeds.get(row["id"], [])) for row in rows]


async def _check_owner(connection: psycopg.AsyncConnection, source: Source) -> None:
    parameters = {"urls": [feed.url for feed in source.feeds], "name": source.name}
    owner = await (await connection.execute(SQL["feed_owner"], parameters)).fetchone()
    if owner:
        raise SourceError(f"the source {owner[0]} has that feed already: rawi sources show {owner[0]}")


async def _set_feeds(connection: psycopg.AsyncConnection, source_id: int, source: Source) -> None:
    """Give a source these feeds and no others; those it had keep what was found out about them."""
    urls = [feed.url for feed in source.feeds]
    await connection.execute(SQL["delete_other_feeds"], {"source_id": source_id, "urls": urls})
    rows = [{"source_id": source_id, "url": f.url, "kind": f.kind, "pattern": f.pattern} for f in source.feeds]
    await connection.cursor().executemany(SQL["upsert_feed"], rows)


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
        "interval": source.interval,
        "enabled": source.enabled,
        "rules": Jsonb(rules_record(source.operator)),
    }


def _feed(row: dict[str, Any]) -> Feed:
    row["kind"] = FeedKind(row["kind"])
    row["rhythm"] = tuple(row["rhythm"]) if row["rhythm"] else None
    row["skipped_hours"] = tuple(row["skipped_hours"])
    return Feed(**row)


def _source(row: dict[str, Any], feeds: Sequence[Feed]) -> Source:
    source = Source(**row)
    return replace(source, tags=tuple(source.tags), feeds=tuple(feeds), operator=rules_of_record(row["operator"]))
