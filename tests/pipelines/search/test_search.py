"""Search as a reader sees it: a set of queries with all that each may find, on a real Postgres."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from pipelines.analyse import analyse_text
from pipelines.errors import QueryError
from pipelines.search.clitics import bare, forms
from pipelines.search.query import parse_query
from pipelines.search.snippets import find_hits, snippet
from pipelines.search.words import search_fold, search_vector, search_words
from pipelines.storage.pool import open_pool
from pipelines.storage.search import Filters, Search, reindex
from pipelines.storage.store import Settled, Store

SET = tomllib.loads(Path(__file__).with_name("search_set.toml").read_text("utf-8"))
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NO_FILTERS = Filters()


async def save_set(pool: AsyncConnectionPool, articles: list[dict[str, Any]]) -> None:
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "INSERT INTO sources (name, home) VALUES ('nahr', 'https://nahr.example/') RETURNING id"
            )
        ).fetchone()
    assert row is not None
    settled = []
    for one in articles:
        article = replace(
            analyse_text(one["text"]), title=one["title"], url=f"https://nahr.example/{one['id']}",
            published_at=NOW - timedelta(days=one["id"]),
        )  # fmt: skip
        settled.append(Settled(source_id=row[0], url=article.url, seen_at=NOW, article=article))
    await Store(pool).save(settled)


@pytest.fixture
async def stocked(pool: AsyncConnectionPool) -> AsyncIterator[AsyncConnectionPool]:
    await save_set(pool, SET["articles"])
    yield pool


def number(url: str) -> int:
    return int(url.rsplit("/", 1)[1])


async def test_every_query_of_the_set_finds_what_it_should_and_nothing_else(stocked: AsyncConnectionPool) -> None:
    assert len(SET["queries"]) >= 60
    search = Search(stocked, now=NOW)
    texts = {one["id"]: (one["title"], one["text"]) for one in SET["articles"]}
    wrong = []
    for asked in SET["queries"]:
        query = parse_query(asked["q"])
        found = await search.articles(query, NO_FILTERS, limit=50)
        got = sorted(number(hit.url) for hit in found.articles)
        if got != asked["hits"] or found.total != len(got):
            wrong.append((asked["q"], got, asked["hits"]))
        # What the database finds is what the snippets mark, and the other way round, but for exclusions.
        if not query.excluded and len(query.groups) == 1:
            marked = sorted(i for i, both in texts.items() if any(find_hits(text, query) for text in both))
            if marked != asked["hits"]:
                wrong.append((f"marks of {asked['q']}", marked, asked["hits"]))
        if "quotes" in asked:
            said = await search.quotes(query, NO_FILTERS, limit=50)
            answers = [f"{number(hit.url)}/{hit.snippet.text}" for hit in said.quotes]
            expected = asked["quotes"]
            if len(answers) != len(expected) or not all(
                a.startswith(e) for a, e in zip(answers, expected, strict=True)
            ):
                wrong.append((f"quotes of {asked['q']}", answers, expected))
    assert not wrong


async def test_filters_narrow_a_search(stocked: AsyncConnectionPool) -> None:
    search = Search(stocked, now=NOW)

    async def found(query: str, filters: Filters) -> list[int]:
        return sorted(number(h.url) for h in (await search.articles(parse_query(query), filters)).articles)

    assert await found("قال*", Filters(speaker="سعدون الكرخي")) == [1]
    assert await found("المجلس", Filters(speaker="هدى")) == [4]
    assert await found("كردستان", Filters(hashtag="#اقليم_كردستان")) == [13, 14]
    assert await found("بغداد", Filters(since=NOW - timedelta(days=1, hours=1))) == [1]
    assert await found("بغداد", Filters(until=NOW - timedelta(days=1, hours=1))) == [2]
    assert await found("بغداد", Filters(source="nahr")) == [1, 2]
    assert await found("بغداد", Filters(source="other")) == []
    said = await search.quotes(parse_query("الجسر"), Filters(speaker="الكرخي سعدون"))
    assert [(q.speaker, q.role) for q in said.quotes] == [("سعدون الكرخي", "المهندس")]


async def test_the_title_counts_for_more_and_so_do_news(pool: AsyncConnectionPool) -> None:
    filler = "سافر الوفد إلى الشمال وعاد مساء بعد اجتماعات طويلة. " * 3
    await save_set(pool, [
        {"id": 1, "title": "خبر", "text": filler + "وذكر التقرير الزلزال مرة."},
        {"id": 2, "title": "زلزال في الجبال", "text": filler},
        {"id": 400, "title": "زلزال في الجبال", "text": filler},
    ])  # fmt: skip
    found = await Search(pool, now=NOW).articles(parse_query("زلزال"), NO_FILTERS)
    assert [number(hit.url) for hit in found.articles] == [2, 400, 1]


async def test_articles_of_before_are_indexed_in_batches_and_found(stocked: AsyncConnectionPool) -> None:
    async with stocked.connection() as connection:
        await connection.execute("TRUNCATE article_words")
        await connection.execute("UPDATE quotes SET words = NULL")
    search = Search(stocked, now=NOW)
    assert await search.unindexed() == len(SET["articles"])
    told: list[int] = []
    assert await reindex(stocked, told.append) == len(SET["articles"])
    assert told == [len(SET["articles"])]
    assert (await search.articles(parse_query("بغداد"), NO_FILTERS)).total == 2
    assert (await search.quotes(parse_query("بعجز"), NO_FILTERS)).total == 1
    assert (await search.unindexed(), await reindex(stocked)) == (0, 0)


async def test_an_article_that_changes_is_found_by_its_new_words_only(
    stocked: AsyncConnectionPool, database_url: str
) -> None:
    article = replace(analyse_text("زار الوفد الموصل."), title="وفد", url="https://nahr.example/2")
    await Store(stocked).save([Settled(source_id=1, url=article.url, seen_at=NOW, article=article)])
    async with open_pool(database_url) as other:
        search = Search(other, now=NOW)
        assert [number(h.url) for h in (await search.articles(parse_query("بغداد"), NO_FILTERS)).articles] == [1]
        assert [number(h.url) for h in (await search.articles(parse_query("الموصل"), NO_FILTERS)).articles] == [2]


def test_a_snippet_is_the_text_as_written_with_the_hits_marked() -> None:
    text = "استهل الحفل بكلمة. " * 30 + "وَبِبَغْـدادَ التقى «مجلسَ\u200f النوّاب» وفداً. " + "ثم عاد الجميع. " * 30
    found = snippet(text, parse_query('بغداد "مجلس النواب"'))
    marked = found.marked("[", "]")
    assert "[وَبِبَغْـدادَ] التقى «[مجلسَ\u200f النوّاب]»" in marked
    assert marked.startswith("… ")
    assert marked.endswith(" …")
    assert len(found.text) <= 260


@pytest.mark.parametrize("query", ["", "  ", "-بغداد", '""', "؟!", "|", " ".join(["كلمة"] * 50)])
def test_a_query_that_asks_nothing_is_told_so(query: str) -> None:
    with pytest.raises(QueryError):
        parse_query(query)


@given(st.text(alphabet="وفبلكساالرم \"'|-()!:*&<>\\#_٣5ءئ\u064e\u0640", max_size=40))
async def test_no_query_and_no_text_is_refused_by_postgres(server_url: str, text: str) -> None:
    import psycopg

    try:
        query = parse_query(text).tsquery()
    except QueryError:
        query = "'x'"
    with psycopg.connect(server_url, autocommit=True) as connection:
        row = connection.execute("SELECT %s::tsquery, %s::tsvector", (query, search_vector([(text, "A")]))).fetchone()
    assert row is not None
    assert row[0] != "", "a query that asks something is never empty to Postgres"


@given(st.text())
def test_words_keep_their_place_and_fold_once(text: str) -> None:
    folded = search_fold(text)
    for word in search_words(folded.text):
        span = folded.original(word.start, word.end)
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet="ابتجدرسعفقكلمنهوي", min_size=1, max_size=9))
def test_every_form_of_a_word_ends_with_it_or_with_its_stem(word: str) -> None:
    stem = bare(word)
    assert forms(word)[0] == word
    for form in forms(word):
        ends = [base for known in (word, stem, word[2:]) if known for base in (known, f"{known}ا", known[:-1])]
        assert form.endswith(tuple(ends))
