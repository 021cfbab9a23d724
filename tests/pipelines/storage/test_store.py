"""Saving: what is stored, what is replaced, what is refused, and that doing it twice does it once."""

from __future__ import annotations

import asyncio
import random
import string
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, LiteralString

import pytest
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import PageRejected
from pipelines.model import Article, Hashtag, Page, Quote, QuoteKind, Span, Speaker, SpeakerType
from pipelines.storage.pool import patiently
from pipelines.storage.reports import Reports
from pipelines.storage.store import Outcome, Settled, Store

SEEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEXT = "قالت المهندسة سعاد النجار إن سد #وادي_الزيتون اكتمل."


def article(number: int = 1, text: str = TEXT, **changes: Any) -> Article:
    said = Span(text.index("سد"), len(text) - 1)
    speaker = Speaker("سعاد النجار", SpeakerType.PERSON, role="المهندسة", mention=Span(6, 25))
    tag = Span(text.index("#"), text.index("#") + len("#وادي_الزيتون"))
    made = Article(
        url=f"https://nahr.example/news/{number}",
        title=f"اكتمال سد وادي الزيتون ({number})",
        text=text,
        hashtags=(Hashtag("#وادي_الزيتون", "وادي الزيتون", span=tag),),
        quotes=(Quote(QuoteKind.INDIRECT, said, Span(0, 4), speaker, 0.9, "cue-anna"),),
        fingerprint=2**64 - number,
    )
    return replace(made, **changes)


@pytest.fixture
async def source(pool: AsyncConnectionPool) -> int:
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "INSERT INTO sources (name, home) VALUES ('nahr', 'https://nahr.example/') RETURNING id"
            )
        ).fetchone()
    assert row is not None
    return int(row[0])


async def entry(pool: AsyncConnectionPool, source: int, url: str, content_hash: str = "h") -> int:
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "INSERT INTO entries (source_id, url, claims, content_hash) VALUES (%s, %s, '{}', %s) RETURNING id",
                (source, url, content_hash),
            )
        ).fetchone()
    assert row is not None
    return int(row[0])


async def rows(pool: AsyncConnectionPool, query: LiteralString) -> list[dict[str, Any]]:
    async with pool.connection() as connection:
        return await (await connection.cursor(row_factory=dict_row).execute(query)).fetchall()


def settled(source: int, saved: Article, entry_id: int | None = None) -> Settled:
    return Settled(source_id=source, url=saved.url, seen_at=SEEN, article=saved, entry_id=entry_id, entry_hash="h")


async def test_an_article_is_stored_once_with_what_is_in_it(pool: AsyncConnectionPool, source: int) -> None:
    store = Store(pool)
    announced = await entry(pool, source, article().url)
    assert [saved.outcome for saved in await store.save([settled(source, article(), announced)])] == [Outcome.INSERTED]
    assert [saved.outcome for saved in await store.save([settled(source, article(), announced)])] == [Outcome.UNCHANGED]
    [line] = await Reports(pool).articles(10)
    assert (line.source, line.hashtags, line.quotes, line.version) == ("nahr", 1, 1, 1)
    whole = await Reports(pool).article(line.id)
    assert whole is not None
    assert whole["quotes"][0]["speaker"] == "سعاد النجار"
    assert whole["quotes"][0]["text"] == TEXT[whole["quotes"][0]["start"] : whole["quotes"][0]["end"]]
    assert whole["quotes"][0]["cue"] == "قالت"
    assert (await rows(pool, "SELECT state, article_id FROM entries"))[0] == {"state": "stored", "article_id": line.id}


async def test_a_changed_article_keeps_what_it_replaced(pool: AsyncConnectionPool, source: int) -> None:
    store = Store(pool)
    await store.save([settled(source, article())])
    edited = article(text=TEXT.replace("اكتمل", "لم يكتمل بعد"))
    assert [saved.outcome for saved in await store.save([settled(source, edited)])] == [Outcome.UPDATED]
    [version] = await rows(pool, "SELECT version, text FROM article_versions")
    assert version == {"version": 1, "text": TEXT}
    [line] = await Reports(pool).articles(10)
    assert (line.version, line.quotes) == (2, 1)


async def test_one_url_twice_in_a_batch_is_one_article(pool: AsyncConnectionPool, source: int) -> None:
    outcomes = [saved.outcome for saved in await Store(pool).save([settled(source, article())] * 3)]
    assert outcomes == [Outcome.INSERTED, Outcome.UNCHANGED, Outcome.UNCHANGED]


@pytest.mark.parametrize(
    "broken",
    [
        {"text": TEXT + "\0"},
        {"quotes": (Quote(QuoteKind.DIRECT, Span(0, 4), None, None, 1.7, "wrong-confidence"),)},
        {"title": "\ud800"},
    ],
)
async def test_what_postgres_refuses_costs_only_itself(
    pool: AsyncConnectionPool, source: int, broken: dict[str, Any]
) -> None:
    page = Page(url="https://nahr.example/news/2", body=b"<html>", fetched_at=SEEN)
    bad = replace(settled(source, article(2, **broken)), page=page)
    saved = await Store(pool).save([settled(source, article(1)), bad, settled(source, article(3))])
    assert [s.outcome for s in saved] == [Outcome.INSERTED, Outcome.REJECTED, Outcome.INSERTED]
    assert saved[1].reason == "unsavable"
    [kept] = await rows(pool, "SELECT reason, body IS NOT NULL AS has_body FROM quarantine")
    assert kept == {"reason": "unsavable", "has_body": True}


async def test_a_rejection_is_kept_until_the_page_is_good(pool: AsyncConnectionPool, source: int) -> None:
    announced = await entry(pool, source, article().url)
    page = Page(url=article().url, body="<p>فيديو</p>".encode(), fetched_at=SEEN)
    refused = Settled(
        source_id=source, url=page.url, seen_at=SEEN, rejection=PageRejected("video", "no text"), page=page,
        entry_id=announced, entry_hash="h",
    )  # fmt: skip
    store = Store(pool)
    for _ in range(2):
        assert (await store.save([refused]))[0].reason == "video"
    assert [row["state"] for row in await rows(pool, "SELECT state FROM entries")] == ["rejected"]
    assert len(await rows(pool, "SELECT 1 FROM quarantine")) == 1
    await store.save([settled(source, article(), announced)])
    assert await rows(pool, "SELECT 1 FROM quarantine") == []
    assert [row["state"] for row in await rows(pool, "SELECT state FROM entries")] == ["stored"]


async def test_an_entry_that_changed_meanwhile_stays_pending(pool: AsyncConnectionPool, source: int) -> None:
    announced = await entry(pool, source, article().url, content_hash="newer")
    await Store(pool).save([settled(source, article(), announced)])
    assert [row["state"] for row in await rows(pool, "SELECT state FROM entries")] == ["pending"]


async def test_writers_of_the_same_things_do_not_meet_in_a_deadlock(pool: AsyncConnectionPool, source: int) -> None:
    store = Store(pool)
    forwards = [settled(source, article(n, text=f"{TEXT} {n}")) for n in range(30)]

    async def save(batch: list[Settled]) -> list[Outcome]:
        return [saved.outcome for saved in await patiently(lambda: store.save(batch), patience=30)]

    first, second = await asyncio.gather(save(forwards), save(forwards[::-1]))
    assert (first + second).count(Outcome.INSERTED) == 30
    assert len(await rows(pool, "SELECT 1 FROM articles")) == 30
    assert len(await rows(pool, "SELECT 1 FROM quotes")) == 30


async def test_a_cut_connection_loses_nothing_and_stores_nothing_twice(
    pool: AsyncConnectionPool, source: int, database_url: str
) -> None:
    store = Store(pool)
    batches = [[settled(source, article(n)) for n in range(first, first + 10)] for first in range(0, 200, 10)]
    waits: list[float] = []

    async def cut() -> None:
        for _ in range(8):
            await asyncio.sleep(0.03)
            async with pool.connection() as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    async def save() -> None:
        for batch in batches:
            await patiently(lambda batch=batch: store.save(batch), patience=30, waiting=waits.append)  # type: ignore[misc]

    await asyncio.gather(save(), patiently(cut, patience=30))
    assert len(await rows(pool, "SELECT 1 FROM articles")) == 200
    assert len(await rows(pool, "SELECT 1 FROM quotes")) == 200


async def test_what_is_too_long_for_an_index_costs_only_itself(pool: AsyncConnectionPool, source: int) -> None:
    endless = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=7000))
    long = article(2, url=f"https://nahr.example/{endless}")
    batch = [Settled(source, each.url, SEEN, article=each) for each in (article(1), long)]
    saved = await patiently(lambda: Store(pool).save(batch), patience=0)
    assert [one.outcome for one in saved] == [Outcome.INSERTED, Outcome.REJECTED]
    assert saved[1].reason == "unsavable"
