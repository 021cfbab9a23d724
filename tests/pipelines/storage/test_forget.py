"""What the database itself holds to, and that what is forgotten is gone everywhere and stays gone."""

from __future__ import annotations

import json
from dataclasses import replace

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.errors import SourceError
from pipelines.model import Page
from pipelines.storage.compression import decompress
from pipelines.storage.forget import Oblivion, url_hash
from pipelines.storage.people import People
from pipelines.storage.store import Outcome, Settled, Store
from tests.crawler.cli.test_commands import rawi
from tests.pipelines.storage.conftest import fetch, made

NAME = "سعاد النجار"
SECRET = "الكلمة التي لا يجوز أن تبقى"
TEXT = f"وقالت وزيرة المياه {NAME}: «{SECRET} في أي مكان». وقال المهندس سعدون الكرخي: «العمل يسير وفق الخطة»."


def with_page(settled: Settled) -> Settled:
    body = (settled.article.text if settled.article else "").encode()
    return replace(settled, page=Page(url=settled.url, body=body, fetched_at=settled.seen_at))


async def traces_of(pool: AsyncConnectionPool, words: str) -> list[str]:
    """The tables in which these words are still found, raw pages unpacked."""
    found = []
    for table in await fetch(pool, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"):
        query = f"SELECT t::text AS row FROM {table['table_name']} t"
        if table["table_name"] == "pages":
            rows = [decompress(row["body"]).decode() for row in await fetch(pool, "SELECT body FROM pages")]
        else:
            rows = [row["row"] for row in await fetch(pool, query)]  # type: ignore[arg-type]
        found += [table["table_name"] for row in rows if words in row]
    return sorted(set(found))


async def save_both_versions(pool: AsyncConnectionPool, nahr: int) -> None:
    store = Store(pool)
    await store.save([with_page(made(nahr, 1, TEXT)), with_page(made(nahr, 2, "خبر آخر عن الطقس في الوادي."))])
    await store.save([with_page(made(nahr, 1, TEXT.replace("الخطة", "الجدول"), hours=1))])
    await People(pool).merge_new()


async def test_an_address_is_forgotten_down_to_pages_and_versions(pool: AsyncConnectionPool, nahr: int) -> None:
    await save_both_versions(pool, nahr)
    url = f"https://x.example/{nahr}/1"
    assert "pages" in await traces_of(pool, SECRET)
    counted = await Oblivion(pool, dry_run=True).urls([url])
    assert (counted.articles, counted.pages, counted.versions) == (1, 1, 1)
    assert "articles" in await traces_of(pool, SECRET)
    assert await Oblivion(pool).urls([url + "?utm_source=x"]) == counted
    assert await traces_of(pool, SECRET) == []
    assert await traces_of(pool, NAME) == []
    assert await traces_of(pool, "x.example/1/1") == []
    assert len(await fetch(pool, "SELECT 1 FROM articles")) == 1
    # No poll, archive or replay brings it back, and nothing is kept of the attempt.
    [saved] = await Store(pool).save([with_page(made(nahr, 1, TEXT, hours=5))])
    assert (saved.outcome, saved.reason) == (Outcome.REJECTED, "forgotten")
    assert await traces_of(pool, SECRET) == []
    assert url_hash(url) in [bytes(row["hash"]) for row in await fetch(pool, "SELECT hash FROM forgotten")]


async def test_a_person_is_forgotten_under_every_spelling(pool: AsyncConnectionPool, nahr: int) -> None:
    await save_both_versions(pool, nahr)
    [row] = await fetch(pool, "SELECT id FROM speakers WHERE name = %(name)s", name=NAME)
    gone = await Oblivion(pool).speaker(row["id"], with_articles=False)
    assert (gone.speakers, gone.quotes, gone.articles, gone.pages) == (1, 1, 0, 1)
    assert await traces_of(pool, NAME) == ["articles"]
    assert [r["name"] for r in await fetch(pool, "SELECT name FROM speakers")] == ["سعدون الكرخي"]
    await Store(pool).save([made(nahr, 3, TEXT + " جديد", hours=3)])
    assert [r["name"] for r in await fetch(pool, "SELECT name FROM speakers")] == ["سعدون الكرخي"]
    assert len(await fetch(pool, "SELECT 1 FROM quotes WHERE article_id = 3 OR speaker_id IS NULL")) <= 1


async def test_a_person_is_forgotten_with_the_articles(pool: AsyncConnectionPool, nahr: int) -> None:
    await save_both_versions(pool, nahr)
    [row] = await fetch(pool, "SELECT id FROM speakers WHERE name = %(name)s", name=NAME)
    gone = await Oblivion(pool).speaker(row["id"], with_articles=True)
    assert (gone.articles, gone.versions) == (1, 1)
    assert await traces_of(pool, NAME) == []


async def test_a_source_is_forgotten_whole(pool: AsyncConnectionPool, nahr: int, database_url: str) -> None:
    await save_both_versions(pool, nahr)
    assert rawi("forget", "--source", "nahr", "--json", database=database_url).returncode == 2
    counted = json.loads(rawi("forget", "--source", "nahr", "--dry-run", "--json", database=database_url).stdout)
    assert (counted["articles"], counted["deleted"]) == (2, False)
    done = rawi("forget", "--source", "nahr", "--yes", database=database_url)
    assert done.returncode == 0, done.stderr
    assert await traces_of(pool, SECRET) == []
    assert await fetch(pool, "SELECT 1 FROM sources") == []
    assert rawi("forget", "--source", "nahr", "--yes", database=database_url).returncode == 2
    assert rawi("forget", "--yes", database=database_url).returncode == 2


#: Once more what is there already, and a second quotation that is somewhere else.
ADDED = """
    INSERT INTO quotes (article_id, position, kind, span, text, cue, confidence, rule)
    SELECT article_id, position + 10, kind, span, text, cue, confidence, rule FROM quotes
    UNION ALL SELECT article_id, position + 20, kind, {span}, text, {cue}, confidence, rule FROM quotes
"""


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE quotes SET text = 'كلام آخر بطول ما كان تماماً' || repeat('ا', char_length(text) - 26)",
        "UPDATE quotes SET span = int4range(lower(span) + 1, upper(span) + 1)",
        "UPDATE quotes SET mention = int4range(0, 100000)",
        "UPDATE articles SET text = 'نص آخر' WHERE id = 1",
        "UPDATE article_hashtags SET span = int4range(5, 100000)",
        "UPDATE speakers SET merged_into = id",
        ADDED.format(span="int4range(1, 1 + char_length(text))", cue="cue"),
        ADDED.format(span="int4range(900, 900 + char_length(text))", cue="cue"),
        ADDED.format(span="span", cue="int4range(0, 100000)"),
    ],
)
async def test_the_database_refuses_what_is_not_in_the_text(pool: AsyncConnectionPool, nahr: int, change: str) -> None:
    await Store(pool).save([made(nahr, 1, TEXT + " #وادي_الزيتون")])
    with pytest.raises(psycopg.errors.CheckViolation):
        await fetch(pool, change + " RETURNING 1 AS one")  # type: ignore[arg-type]


async def test_many_saves_and_changes_pass_the_checks(pool: AsyncConnectionPool, nahr: int) -> None:
    for hour in range(3):
        batch = [made(nahr, n, f"{TEXT} {hour} #وسم_{n}", hours=hour) for n in range(20)]
        assert all(saved.outcome is not Outcome.REJECTED for saved in await Store(pool).save(batch))


async def test_a_source_that_was_removed_before_is_forgotten_with_its_articles_and_its_history(
    pool: AsyncConnectionPool, database_url: str
) -> None:
    source = await Sources(pool).add(Source(0, "nahr", SECRET, "https://x.example/", (Feed(0, "https://x.example/f"),)))
    await save_both_versions(pool, source.id)
    await fetch(
        pool,
        "INSERT INTO entries (source_id, url, claims, content_hash) "
        "VALUES (%(id)s, 'https://x.example/9', '{}', '') RETURNING id",
        id=source.id,
    )
    counted = await Oblivion(pool, dry_run=True).source("nahr")
    assert (counted.articles, counted.entries) == (2, 1), "also what is still pending is counted"
    await Sources(pool).remove("nahr", keep_articles=True)
    for words in (("articles", "list"), ("search", "وزيرة"), ("export",)):
        done = rawi(*words, "--source", "nahr", database=database_url)
        assert done.returncode == 0, done.stderr
    done = rawi("forget", "--source", "nahr", "--yes", database=database_url)
    assert done.returncode == 0, done.stderr
    assert await traces_of(pool, SECRET) == []
    assert await fetch(pool, "SELECT 1 FROM sources") == []
    with pytest.raises(SourceError, match="nothing was ever changed"):
        await Sources(pool).revert("nahr")


async def test_a_forgotten_person_is_not_named_where_anothers_words_become_theirs(
    pool: AsyncConnectionPool, nahr: int
) -> None:
    await Store(pool).save([made(nahr, 1, TEXT)])
    [row] = await fetch(pool, "SELECT id FROM speakers WHERE name = %(name)s", name=NAME)
    await Oblivion(pool).speaker(row["id"], with_articles=False)
    other = TEXT.replace(NAME, "هدى الصافي")
    await Store(pool).save([made(nahr, 1, other, hours=1)])
    await Store(pool).save([made(nahr, 1, TEXT, hours=2)])
    assert "quote_changes" not in await traces_of(pool, NAME)
