"""The one writer of articles.

``save`` takes what became of a batch of pages, articles and verdicts alike, and makes it true in one transaction:
the article, its hashtags and quotations, the version it replaced, and the entry that announced it, or else the
quarantine. It may be repeated: saving the same thing twice stores it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from pipelines.arabic import fold_text
from pipelines.errors import PageRejected
from pipelines.model import Article, Page
from pipelines.storage.fence import hold_claims
from pipelines.storage.forget import forgotten_among, speaker_hash, url_hash
from pipelines.storage.rows import (
    article_columns,
    article_row,
    columns,
    entry_row,
    hashtag_row,
    page_rows,
    quarantine_row,
    quote_change_rows,
    quote_row,
    sketch_row,
    trace_row,
    words_row,
)
from pipelines.storage.sql import load_queries
from pipelines.versions import Said

SQL = load_queries("pipelines.storage", "store.sql")

#: What Postgres refuses because of *what* it is given, not because of how Postgres is: it concerns one article.
#: What is too long for an index or for search is among its "operational" errors.
UNSAVABLE = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded, UnicodeEncodeError)


class Outcome(StrEnum):
    """What saving did."""

    INSERTED = "inserted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one page: an article, or a rejection.

    ``page`` keeps the bytes for the quarantine; there is none when nothing was received. ``entry_id`` is the entry
    that announced it, ``entry_hash`` the claims of the entry as they were then. ``seen_at`` is when it was fetched.
    ``cause`` is ``page``, or ``rules`` when a kept page was read again by other rules. ``again`` says that the article
    is stored already: a rejection then leaves it as it is.
    """

    source_id: int
    url: str
    seen_at: datetime
    article: Article | None = None
    rejection: PageRejected | None = None
    page: Page | None = None
    entry_id: int | None = None
    entry_hash: str | None = None
    cause: str = "page"
    again: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving one page did, and for a rejection why, and whether it is kept in quarantine."""

    outcome: Outcome
    reason: str | None = None
    quarantined: bool = False


class Store:
    """Writes to the store of one database. ``keep_pages``: the bytes that articles were read from are kept, too.

    ``run_id`` is the run that writes: it may only as long as no other has taken its sources over.
    """

    def __init__(self, pool: AsyncConnectionPool, *, keep_pages: bool = True, run_id: int | None = None) -> None:
        self._pool = pool
        self._keep_pages = keep_pages
        self._run_id = run_id

    async def save(self, batch: Sequence[Settled]) -> list[Saved]:
        """Make a batch true, in one transaction; return what was done with each, in the same order.

        An article that Postgres refuses costs only itself: the batch is then saved one by one, and that article goes
        to quarantine as ``unsavable``. Raises :class:`psycopg.OperationalError` when the database is lost; it may be
        repeated then; and :class:`~pipelines.errors.ClaimLost` when another run has taken over.
        """
        try:
            return await self._save_together(batch)
        except UNSAVABLE:
            return [await self._save_alone(settled) for settled in batch]

    async def _save_alone(self, settled: Settled) -> Saved:
        try:
            return (await self._save_together([settled]))[0]
        except UNSAVABLE as error:
            detail = " ".join(str(error).split())
            refused = Settled(
                source_id=settled.source_id,
                url=settled.url,
                seen_at=settled.seen_at,
                rejection=PageRejected("unsavable", detail),
                page=settled.page,
                entry_id=settled.entry_id,
                entry_hash=settled.entry_hash,
                again=settled.again,
            )
            return (await self._save_together([refused]))[0]

    async def _save_together(self, batch: Sequence[Settled]) -> list[Saved]:
        done: dict[int, Saved] = {}
        async with self._pool.connection() as connection, connection.transaction():
            if self._run_id is not None:
                await hold_claims(connection, sorted({settled.source_id for settled in batch}), self._run_id)
            for wave in _waves(batch):
                saving = _Saving(connection)
                done |= await saving.articles([(i, batch[i]) for i in wave], keep_pages=self._keep_pages)
            rejected = [(i, settled) for i, settled in enumerate(batch) if settled.rejection]
            done |= await _Saving(connection).rejections(rejected)
        return [done[i] for i in range(len(batch))]


class _Saving:
    """One transaction's worth of statements."""

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        self._cursor = connection.cursor(row_factory=dict_row)

    async def articles(self, batch: Sequence[tuple[int, Settled]], *, keep_pages: bool) -> dict[int, Saved]:
        """Save articles whose URLs differ from each other."""
        forgotten = await self._forgotten(batch)
        batch = [(i, settled) for i, settled in batch if i not in forgotten]
        everything = batch
        rows = {i: article_row(settled) for i, settled in batch}
        known = await self._locked([row["url"] for row in rows.values()])
        inserted = await self._insert([row for row in rows.values() if row["url"] not in known])
        known |= inserted
        if overtaken := [row["url"] for row in rows.values() if row["url"] not in known]:
            known |= await self._locked(overtaken)
        done = {i: Saved(Outcome.REJECTED, "forgotten") for i in forgotten}
        for i, row in rows.items():
            row["id"] = known[row["url"]]["id"]
            if row["url"] in inserted:
                done[i] = Saved(Outcome.INSERTED)
            elif known[row["url"]]["content_hash"] == row["content_hash"] or _is_older(row, known[row["url"]]):
                done[i] = Saved(Outcome.UNCHANGED)
            else:
                done[i] = Saved(Outcome.UPDATED)
        updated = [(rows[i], settled) for i, settled in batch if done[i].outcome is Outcome.UPDATED]
        await self._rewrite(updated)
        # What is older than what is stored, as from an archive, changes nothing.
        batch = [(i, settled) for i, settled in batch if not _is_older(rows[i], known[rows[i]["url"]])]
        same = [(rows[i], settled) for i, settled in batch if done[i].outcome is Outcome.UNCHANGED]
        await self._many("see_article_again", (row for row, _ in same))
        corrected = [(row, settled) for row, settled in same if settled.cause == "rules"]
        await self._correct([row for row, _ in corrected])
        changed = [(rows[i]["id"], settled) for i, settled in batch if done[i].outcome is not Outcome.UNCHANGED]
        await self._findings([*changed, *((row["id"], settled) for row, settled in corrected)])
        if traces := [trace_row(rows[i]["id"], settled) for i, settled in batch]:
            await self._cursor.execute(SQL["keep_traces"], {"rows": Jsonb(traces)})
        if keep_pages:
            fresh = [(rows[i]["id"], settled) for i, settled in batch if settled.cause == "page"]
            await self._at_once("keep_pages", [row for pair in fresh for row in page_rows(*pair)])
        await self._settle([(settled, rows[i]["id"]) for i, settled in everything])
        return done

    async def _forgotten(self, batch: Sequence[tuple[int, Settled]]) -> set[int]:
        """Return those whose address an operator had forgotten: nothing of them is kept, not even the refusal."""
        hashes = {i: url_hash(settled.article.url) for i, settled in batch if settled.article}
        gone = await forgotten_among(self._cursor, hashes.values())
        found = {i for i, each in hashes.items() if each in gone}
        await self._many("drop_entry", ({"entry_id": s.entry_id} for i, s in batch if i in found and s.entry_id))
        return found

    async def rejections(self, batch: Sequence[tuple[int, Settled]]) -> dict[int, Saved]:
        """Put what was refused into quarantine, but for articles that were only looked at again."""
        new = [settled for _, settled in batch if not settled.again]
        await self._many("quarantine_page", (quarantine_row(settled) for settled in new))
        await self._settle([(settled, None) for settled in new])
        return {
            i: Saved(Outcome.REJECTED, s.rejection.reason if s.rejection else None, quarantined=not s.again)
            for i, s in batch
        }

    async def _locked(self, urls: Sequence[str]) -> dict[str, dict[str, Any]]:
        await self._cursor.execute(SQL["lock_articles"], {"urls": list(urls)})
        return {row["url"]: row for row in await self._cursor.fetchall()}

    async def _insert(self, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Insert articles; return by URL those that no other writer had inserted meanwhile."""
        if not rows:
            return {}
        ordered = sorted(rows, key=lambda row: row["url"])
        await self._cursor.execute(SQL["insert_articles"], article_columns(ordered))
        return {row["url"]: row for row in await self._cursor.fetchall()}

    async def _rewrite(self, updated: Sequence[tuple[dict[str, Any], Settled]]) -> None:
        """Keep what is replaced as a version, and write down which of its quotations are not what they were."""
        if not updated:
            return
        rows = [row for row, _ in updated]
        ids = {"ids": [row["id"] for row in rows]}
        await self._many("keep_version", rows)
        await self._cursor.execute(SQL["quotes_before"], ids)
        before: dict[int, list[Said]] = {}
        for said in await self._cursor.fetchall():
            before.setdefault(said["article_id"], []).append(Said(said["text"], said["speaker"]))
        await self._many("replace_article", rows)
        await self._cursor.execute(SQL["forget_findings"], ids)
        changes = [change for row, s in updated for change in quote_change_rows(row, s, before.get(row["id"], []))]
        # Of a person who was forgotten nothing is written down, also where others' words are theirs now.
        hashes = {c["new_speaker"]: speaker_hash(fold_text(c["new_speaker"])) for c in changes if c["new_speaker"]}
        gone = await forgotten_among(self._cursor, hashes.values()) if hashes else set()
        await self._many("keep_quote_change", (c for c in changes if hashes.get(c["new_speaker"]) not in gone))

    async def _correct(self, rows: Sequence[dict[str, Any]]) -> None:
        """Forget what was found in articles whose words stayed, so that what other rules found takes its place."""
        if rows:
            await self._many("correct_article", rows)
            await self._cursor.execute(SQL["forget_findings"], {"ids": [row["id"] for row in rows]})

    async def _findings(self, articles: Sequence[tuple[int, Settled]]) -> None:
        """Write the hashtags and quotations of articles that have none yet."""
        tags = [(i, tag) for i, settled in articles if settled.article for tag in settled.article.hashtags]
        if tags:
            await self._cursor.execute(SQL["insert_hashtag_keys"], {"keys": sorted({tag.key for _, tag in tags})})
            await self._at_once("insert_hashtags", [hashtag_row(i, tag) for i, tag in tags])
        quotes = [
            quote_row(i, position, quote, article.text, article.quote_words[position] if article.quote_words else "")
            for i, settled in articles
            if (article := settled.article)
            for position, quote in enumerate(article.quotes)
        ]
        hashes = {q["speaker_key"]: speaker_hash(q["speaker_key"]) for q in quotes if q["speaker_key"]}
        if gone := await forgotten_among(self._cursor, hashes.values()) if hashes else set():
            quotes = [q for q in quotes if hashes.get(q["speaker_key"]) not in gone]
        speakers = {(q["speaker_key"], q["speaker_type"]): q["speaker_name"] for q in quotes if q["speaker_key"]}
        if speakers:
            keys = sorted(speakers)
            columns = {
                "keys": [key for key, _ in keys],
                "types": [kind for _, kind in keys],
                "names": [speakers[key] for key in keys],
            }
            await self._cursor.execute(SQL["insert_speakers"], columns)
        await self._at_once("insert_quotes", quotes)
        await self._at_once(
            "keep_sketches", [sketch_row(i, s.article.text, s.article.sketch) for i, s in articles if s.article]
        )
        await self._at_once("keep_words", [words_row(i, s.article) for i, s in articles if s.article])

    async def _settle(self, batch: Sequence[tuple[Settled, int | None]]) -> None:
        entries = sorted((s for s in batch if s[0].entry_id is not None), key=lambda pair: pair[0].entry_id or 0)
        await self._at_once("settle_entries", [entry_row(settled, article_id) for settled, article_id in entries])
        released = [settled.entry_id for settled, _ in entries if settled.article]
        if released:
            await self._cursor.execute(SQL["release_quarantine"], {"entry_ids": released})

    async def _many(self, query: str, rows: Iterable[dict[str, Any]]) -> None:
        rows = list(rows)
        if rows:
            await self._cursor.executemany(SQL[query], rows)

    async def _at_once(self, query: str, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows of which an article has many by one statement."""
        if rows:
            await self._cursor.execute(SQL[query], columns(rows))


def _is_older(row: dict[str, Any], known: dict[str, Any]) -> bool:
    """Tell whether an article was fetched before it was last seen; reading a kept page by other rules is no fetch."""
    return row["cause"] == "page" and bool(row["seen_at"] < known["last_seen_at"])


def _waves(batch: Sequence[Settled]) -> list[list[int]]:
    """Part the articles of a batch so that no URL stands twice in a part, in order."""
    waves: list[list[int]] = []
    seen: dict[str, int] = {}
    for i, settled in enumerate(batch):
        if settled.article is not None:
            wave = seen.get(settled.article.url, 0)
            seen[settled.article.url] = wave + 1
            waves += [[]] * (wave == len(waves))
            waves[wave] = [*waves[wave], i]
    return waves
