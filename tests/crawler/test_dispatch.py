"""The tick: what is due becomes jobs, a domain at a time, and what dead workers left becomes jobs again."""

from __future__ import annotations

import asyncio
from importlib.resources import files

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.manager import JobManager
from psycopg_pool import AsyncConnectionPool

from crawler.dispatch import LOCK, SQL, Dispatch, Tick
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.storage.migrate import migrate
from tests.crawler.conftest import fetch_all
from tests.pipelines.storage.test_migrate import CATALOGUE

ROUTINES = """
    SELECT proname::text, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%' ORDER BY 1, 2
"""
TRIGGERS = "SELECT tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'procrastinate%' ORDER BY 1"
LABELS = "SELECT enumtypid::regtype::text, enumlabel::text FROM pg_enum ORDER BY 1, enumsortorder"


def of_the_queue(url: str) -> list[object]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(CATALOGUE).fetchall()
        found = [row for row in rows if "procrastinate" in f"{row[1]}{row[2]}"]
        return [found, *(connection.execute(query).fetchall() for query in (ROUTINES, TRIGGERS, LABELS))]


def test_our_copy_of_the_queues_schema_is_the_packages_own(empty_database_url: str, database_url: str) -> None:
    schema = (files("procrastinate.sql") / "schema.sql").read_text("utf-8")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(schema)  # type: ignore[call-overload]
    assert of_the_queue(database_url) == of_the_queue(empty_database_url)
    assert migrate(database_url) == []


async def dispatch(pool: AsyncConnectionPool, *, lease: float = 60) -> Dispatch:
    connector = PsycopgConnector()
    await connector.open_async(pool)
    return Dispatch(pool, JobManager(connector), lease=lease)


async def add(pool: AsyncConnectionPool, *homes: str) -> list[Source]:
    return [
        await Sources(pool).add(
            Source(id=0, name=f"s{number}", title="", home=home, feeds=(Feed(id=0, url=f"{home}feed-{number}"),))
        )
        for number, home in enumerate(homes)
    ]


async def jobs(pool: AsyncConnectionPool) -> list[tuple[str, list[int], int]]:
    rows = await fetch_all(pool, "SELECT lock, args, priority FROM procrastinate_jobs ORDER BY priority DESC, id")
    return [(row["lock"], sorted(row["args"]["source_ids"]), row["priority"]) for row in rows]


async def run(pool: AsyncConnectionPool, statement: str, *parameters: object) -> None:
    async with pool.connection() as connection:
        await connection.execute(statement, parameters)  # type: ignore[call-overload]


async def test_a_job_is_a_domain_and_a_domain_has_one_job(pool: AsyncConnectionPool) -> None:
    one, two, other = await add(
        pool, "https://news.nahr.example/", "https://sport.nahr.example/", "https://wadi.example/"
    )
    ticking = await dispatch(pool)
    assert await ticking.tick() == Tick(deferred=2)
    assert sorted(await jobs(pool)) == [("nahr.example", [one.id, two.id], 0), ("wadi.example", [other.id], 0)]
    assert await ticking.tick() == Tick()
    await run(pool, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE lock = 'wadi.example'")
    await run(pool, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    await run(
        pool, "UPDATE procrastinate_jobs SET worker_id = (SELECT id FROM procrastinate_workers) WHERE status = 'doing'"
    )
    assert await ticking.tick() == Tick()


async def test_only_what_is_due_and_enabled_is_queued_and_what_is_pending_is_due(pool: AsyncConnectionPool) -> None:
    idle, off, pending = await add(pool, "https://idle.example/", "https://off.example/", "https://pending.example/")
    await run(pool, "UPDATE feeds SET next_poll_at = now() + interval '1 hour' WHERE source_id <> %s", off.id)
    await Sources(pool).set_enabled([off.name], False)
    await run(
        pool,
        "INSERT INTO entries (source_id, url, claims, content_hash, not_before) VALUES "
        "(%s, 'https://pending.example/1', '{}', 'h', now() - interval '1 minute'), "
        "(%s, 'https://idle.example/1', '{}', 'h', now() + interval '1 minute')",
        pending.id, idle.id,
    )  # fmt: skip
    assert await (await dispatch(pool)).tick() == Tick(deferred=1)
    assert await jobs(pool) == [("pending.example", [pending.id], 0)]


async def test_what_a_person_asks_for_goes_first_and_once(pool: AsyncConnectionPool) -> None:
    sources = await add(pool, "https://nahr.example/", "https://wadi.example/")
    ticking = await dispatch(pool)
    await ticking.tick()
    assert await ticking.crawl_now(sources[1:]) == 1
    assert await ticking.crawl_now(sources[1:]) == 0
    assert [(lock, priority) for lock, _, priority in await jobs(pool)] == [
        ("wadi.example", 10), ("nahr.example", 0), ("wadi.example", 0),
    ]  # fmt: skip


async def test_what_a_dead_worker_left_is_taken_up_again_ever_more_rarely(pool: AsyncConnectionPool) -> None:
    await add(pool, "https://nahr.example/")
    ticking = await dispatch(pool, lease=30)
    await ticking.tick()
    pauses = []
    for _ in range(9):
        await run(pool, "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 seconds')")
        await run(
            pool,
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)",
        )
        assert await ticking.tick() == Tick(reaped=1)
        [job] = await fetch_all(
            pool,
            "SELECT status::text, round(extract(epoch FROM scheduled_at - now()) / 60) AS pause FROM procrastinate_jobs",
        )
        assert job["status"] == "todo"
        pauses.append(int(job["pause"]))
    assert pauses == [0, 1, 3, 7, 15, 31, 60, 60, 60]
    assert await fetch_all(pool, "SELECT 1 FROM procrastinate_workers") == []


async def test_a_worker_that_gives_signs_of_life_keeps_its_job_however_long_it_takes(pool: AsyncConnectionPool) -> None:
    await add(pool, "https://nahr.example/")
    ticking = await dispatch(pool, lease=30)
    await ticking.tick()
    await run(pool, "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '29 seconds')")
    await run(
        pool, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
    )
    await run(pool, "UPDATE procrastinate_events SET at = at - interval '1 day'")
    assert await ticking.tick() == Tick()


async def test_a_dead_workers_job_that_somebody_asked_for_again_is_done_once(pool: AsyncConnectionPool) -> None:
    sources = await add(pool, "https://nahr.example/")
    ticking = await dispatch(pool)
    await ticking.crawl_now(sources)
    await run(pool, "UPDATE procrastinate_jobs SET status = 'doing'")  # by a worker that is not there any more
    await ticking.crawl_now(sources)
    assert await ticking.tick() == Tick()
    assert len(await jobs(pool)) == 1


async def test_ticks_of_many_workers_at_once_queue_everything_once(pool: AsyncConnectionPool) -> None:
    await add(pool, *(f"https://outlet-{number}.example/" for number in range(40)))
    ticking = await dispatch(pool)
    ticks = await asyncio.gather(*(ticking.tick() for _ in range(8)))
    await ticking.tick()
    assert sum(tick.deferred for tick in ticks) == len(await jobs(pool)) == 40


async def test_a_worker_that_freezes_within_its_tick_stops_the_others_for_a_moment_only(
    pool: AsyncConnectionPool, database_url: str
) -> None:
    await add(pool, "https://nahr.example/")
    # What a tick does first, by a process that then says nothing more.
    frozen = await psycopg.AsyncConnection.connect(database_url)
    await frozen.execute(SQL["lock_dispatch"], {"lock": LOCK, "silence": "500ms"})
    ticking = await dispatch(pool)
    assert await ticking.tick() == Tick()
    await asyncio.sleep(1)
    assert await ticking.tick() == Tick(deferred=1)
    await frozen.close()
