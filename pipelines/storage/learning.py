"""Where a source's rules are kept, and what they are learned from: traces of articles, and pages as they came.

Every change to the rules makes a version of them, with its reason, so that it can be seen and undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import RuleError
from pipelines.extract.learning import LearnedRule, RuleKind, Sample, rules_of
from pipelines.extract.passages import passage_key
from pipelines.extract.revision import WINDOW, KnownRule, Revision, RuleState
from pipelines.model import FeedEntry, LearnedRules, Page, SourceRules, Trace
from pipelines.storage.compression import decompress
from pipelines.storage.rows import entry_of_claims
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "learning.sql")

#: Traces that are kept of a source; the older ones teach nothing any more.
KEPT_TRACES = 4 * WINDOW


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as an operator sees it. ``articles`` are its evidence, among ``of``; ``version`` is when it came in."""

    id: int
    kind: str
    value: str
    text: str
    state: str
    articles: list[int]
    of: int
    version: int
    learned_at: datetime

    @property
    def known(self) -> KnownRule:
        """What learning compares with."""
        return KnownRule(self.id, RuleKind(self.kind), self.value, RuleState(self.state))


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One change to a source's rules."""

    version: int
    reason: str
    changed_at: datetime


class RuleBook:
    """The learned rules of one database. Every method is one transaction and may be repeated."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def effective(self, source_ids: Sequence[int]) -> dict[int, LearnedRules]:
        """Return the rules in force of each source."""
        of_sources = {"source_ids": list(source_ids)}
        async with self._pool.connection() as connection:
            # The versions first: what changes meanwhile makes the rules newer than they say, never older.
            versions: dict[int, int] = dict(
                await (await connection.execute(SQL["latest_versions"], of_sources)).fetchall()
            )
            rows = await (await connection.execute(SQL["effective_rules"], of_sources)).fetchall()
        rules: dict[int, list[LearnedRule]] = {source_id: [] for source_id in source_ids}
        trial: dict[int, set[str]] = {source_id: set() for source_id in source_ids}
        for source_id, kind, value, state in rows:
            rules[source_id].append(LearnedRule(RuleKind(kind), value, (), 0))
            trial[source_id] |= {value} if state == RuleState.TRIAL else set()
        return {
            source_id: replace(rules_of(found), trial=frozenset(trial[source_id]), version=versions.get(source_id, 0))
            for source_id, found in rules.items()
        }

    async def rules(self, source_id: int) -> list[RuleRow]:
        """Return every rule of a source, also those that an operator forgot."""
        return await self._rows(RuleRow, "rules_of_source", source_id)

    async def versions(self, source_id: int) -> list[VersionRow]:
        """Return the changes to a source's rules, the latest first."""
        return await self._rows(VersionRow, "versions_of_source", source_id)

    async def untaught(self, source_id: int) -> tuple[int, bool]:
        """Return how many articles came since a source was last learned from, and whether it ever was."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["untaught"], {"source_id": source_id})).fetchone()
        return (row[0], row[1]) if row else (0, False)

    async def samples(self, source_id: int) -> list[Sample]:
        """Return the latest articles of a source to learn from, the newest first."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["latest_traces"], {"source_id": source_id, "limit": WINDOW})
            return [_sample(row) for row in await cursor.fetchall()]

    async def record(self, source_id: int, revision: Revision) -> None:
        """Write down what was learned; a change makes a new version of the rules. Nothing, when the source is gone."""
        async with self._pool.connection() as connection, connection.transaction():
            if not (await connection.execute(SQL["lock_source"], {"source_id": source_id})).rowcount:
                return
            version = await _next_version(connection, source_id)
            dropped = {"source_id": source_id, "ids": [rule.id for rule in revision.dropped]}
            await connection.execute(SQL["drop_rules"], dropped)
            rows = [
                _rule_row(source_id, rule, _first_state(rule), rank, version)
                for rank, rule in enumerate((*revision.evidence, *revision.added))
            ]
            if rows:
                await connection.cursor().executemany(SQL["upsert_rule"], rows)
            if revision.distrusted:
                await _set_states(
                    connection, source_id, [rule.id for rule in revision.distrusted], RuleState.FORGOTTEN, version
                )
            if revision.held:
                held = [rule.id for rule in revision.held]
                await _set_states(connection, source_id, held, RuleState.LEARNED, version)
            if revision.changed:
                await _write_version(connection, source_id, version, revision.reason)
            await connection.execute(SQL["note_learning"], {"source_id": source_id})
            await connection.execute(SQL["forget_old_traces"], {"source_id": source_id, "limit": KEPT_TRACES})

    async def set_state(self, source_id: int, ids: Sequence[int], state: RuleState, reason: str) -> LearnedRules:
        """Pin or forget rules by their numbers; return those that changed.

        Raises :class:`~pipelines.errors.RuleError` for a number that is no rule of the source.
        """
        known = {rule.id for rule in await self.rules(source_id)}
        if unknown := [str(number) for number in ids if number not in known]:
            raise RuleError(f"no rule of this source: {', '.join(unknown)}; see: rawi boilerplate list")
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["lock_source"], {"source_id": source_id})
            version = await _next_version(connection, source_id)
            changed = await _set_states(connection, source_id, ids, state, version)
            if changed:
                await _write_version(connection, source_id, version, reason)
        return rules_of(LearnedRule(RuleKind(kind), value, (), 0) for kind, value in changed)

    async def pin_passage(self, source_id: int, text: str) -> LearnedRules:
        """Pin a passage that an operator wrote down; return it as a rule.

        Raises :class:`~pipelines.errors.RuleError` for one that is too short to tell.
        """
        key = passage_key(text)
        if not key:
            raise RuleError(f"too short to be told from other passages: {text!r}")
        rule = LearnedRule(RuleKind.PASSAGE, str(key), (), 0, text)
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["lock_source"], {"source_id": source_id})
            version = await _next_version(connection, source_id)
            await connection.execute(SQL["upsert_rule"], _rule_row(source_id, rule, RuleState.PINNED, 0, version))
            await _write_version(connection, source_id, version, f"pinned: {text[:80]}")
        return rules_of([rule])

    async def concerned(self, source_id: int, added: LearnedRules, gone: LearnedRules, version: int) -> list[int]:
        """Return the articles that rules ``added`` or ``gone`` in a ``version`` may change, if their pages were kept.

        Another container changes no text that was read in full, so containers concern none.
        """
        parameters = {
            "source_id": source_id,
            "passages": list(added.passages | gone.passages),
            "added": list(added.elements),
            "gone": list(gone.elements),
            "version": version,
        }
        return await self._ids("concerned_articles", parameters)

    async def kept_articles(self, source_id: int) -> list[int]:
        """Return the articles of a source whose pages were kept."""
        return await self._ids("kept_articles", {"source_id": source_id})

    async def kept_page(self, article_id: int, rules: SourceRules) -> Page | None:
        """Return the page of an article as it came, to be read by ``rules``; ``None`` when it was not kept."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["kept_page"], {"article_id": article_id})
            row = await cursor.fetchone()
        if row is None:
            return None
        body, *parts = map(decompress, row["bodies"])
        entry: FeedEntry | None = entry_of_claims(row["claims"]) if row["claims"] else None
        return Page(
            url=row["url"],
            body=body,
            parts=tuple(parts),
            fetched_at=row["fetched_at"],
            charset=row["charset"],
            entry=entry,
            rules=rules,
        )

    async def address(self, article_id: int) -> str | None:
        """Return the natural key of an article; that of its page is another one when it moved since."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["address_of"], {"article_id": article_id})).fetchone()
        return row[0] if row else None

    async def forget_pages(self, before: datetime) -> None:
        """Delete pages that were fetched before a moment."""
        async with self._pool.connection() as connection:
            await connection.execute(SQL["forget_old_pages"], {"before": before})

    async def _ids(self, query: str, parameters: dict[str, Any]) -> list[int]:
        async with self._pool.connection() as connection:
            return [row[0] for row in await (await connection.execute(SQL[query], parameters)).fetchall()]

    async def _rows(self, kind: type[Any], query: str, source_id: int) -> list[Any]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(kind))
            return await (await cursor.execute(SQL[query], {"source_id": source_id})).fetchall()


async def _next_version(connection: psycopg.AsyncConnection, source_id: int) -> int:
    row = await (await connection.execute(SQL["next_version"], {"source_id": source_id})).fetchone()
    return int(row[0]) if row else 1


async def _write_version(connection: psycopg.AsyncConnection, source_id: int, version: int, reason: str) -> None:
    parameters = {"source_id": source_id, "version": version, "reason": reason}
    await connection.execute(SQL["insert_version"], parameters)


async def _set_states(
    connection: psycopg.AsyncConnection, source_id: int, ids: Sequence[int], state: RuleState, version: int
) -> list[tuple[str, str]]:
    parameters = {"source_id": source_id, "ids": list(ids), "state": state, "version": version}
    return await (await connection.execute(SQL["set_rule_states"], parameters)).fetchall()


def _first_state(rule: LearnedRule) -> RuleState:
    return RuleState.TRIAL if rule.kind is RuleKind.CONTAINER else RuleState.LEARNED


def _rule_row(source_id: int, rule: LearnedRule, state: RuleState, rank: int, version: int) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "kind": rule.kind,
        "value": rule.value,
        "text": rule.text.replace("\0", ""),
        "state": state,
        "articles": list(rule.articles),
        "of": rule.of,
        "rank": rank,
        "version": version,
    }


def _sample(row: dict[str, Any]) -> Sample:
    trace = Trace(
        containers=tuple(row["containers"]),
        used=row["used"],
        drift=row["drift"],
        passages=tuple(row["passages"]),
        taken=tuple(row["taken"]),
        kept=tuple(row["kept"]),
    )
    blocks = (row["title"] or "", *row["text"].split("\n\n"), *row["recurring"])
    return Sample(row["article_id"], blocks, trace)
