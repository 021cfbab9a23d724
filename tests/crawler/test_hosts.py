"""Turns at hosts: given out one after the other, to whoever asks, and none while a host is closed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from psycopg_pool import AsyncConnectionPool

from crawler import hosts as module
from crawler.contacts import Contacts
from crawler.hosts import HostClosed, Hosts, Refusal, Turn, TurnsEnded
from pipelines.errors import DatabaseError
from tests.crawler.conftest import fetch_all

HOST = "site.localhost"
TOO_MANY = Refusal("http-429", timedelta(seconds=90))


def hosts_at(url: str, **delays: float) -> Hosts:
    return Hosts(url, delay=delays.pop("delay", 0.05), delays=delays, patience=5.0, contacts=Contacts())


@pytest.fixture
async def hosts(database_url: str) -> AsyncIterator[Hosts]:
    async with hosts_at(database_url) as opened:
        yield opened


def began(turn: Turn) -> datetime:
    assert turn.began is not None
    return turn.began


async def test_turns_are_a_delay_apart_whoever_takes_them(database_url: str) -> None:
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(hosts_at(database_url)) for _ in range(4)]

        async def ask(hosts: Hosts) -> datetime:
            turn = await hosts.take(HOST)
            await hosts.give_back(turn, None)
            return began(turn)

        turns = sorted(await asyncio.gather(*(ask(hosts) for hosts in processes * 5)))
    assert len(set(turns)) == 20
    assert all(later - earlier >= timedelta(seconds=0.05) for earlier, later in itertools.pairwise(turns))


async def test_only_so_many_requests_are_under_way_at_once(database_url: str) -> None:
    under_way, most = 0, 0

    async def ask(hosts: Hosts) -> None:
        nonlocal under_way, most
        turn = await hosts.take(HOST)
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        await hosts.give_back(turn, None)

    async with hosts_at(database_url, delay=0.001) as first, hosts_at(database_url, delay=0.001) as second:
        await asyncio.gather(*(ask(hosts) for hosts in (first, second) * 5))
    assert most == module.PLACES


async def test_one_request_at_a_time_where_robots_txt_asks_for_a_delay(hosts: Hosts, pool: AsyncConnectionPool) -> None:
    hosts.ask_for_delay(HOST, 0.01)
    first = await hosts.take(HOST)
    waiting = asyncio.ensure_future(hosts.take(HOST))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await hosts.give_back(first, None)
    second = await asyncio.wait_for(waiting, 5)
    await hosts.give_back(second, None)
    assert await fetch_all(pool, "SELECT crawl_delay, under_way FROM hosts") == [{"crawl_delay": 0.01, "under_way": []}]


async def test_a_process_that_died_gives_its_place_up(
    hosts: Hosts, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOST_AFTER", 0.3)
    async with hosts_at(database_url) as dead:
        for _ in range(module.PLACES):
            await dead.take(HOST)
    assert (await asyncio.wait_for(hosts.take(HOST), 5)).began


async def test_a_host_that_refuses_is_closed_to_everybody(hosts: Hosts, database_url: str) -> None:
    turn = await hosts.take(HOST)
    async with hosts_at(database_url) as other, hosts_at(database_url, **{HOST: 0.0}) as unpaced:
        assert (await unpaced.take(HOST)).began is None
        waiting = [asyncio.ensure_future(other.take(HOST)) for _ in range(3)]
        await hosts.give_back(turn, TOO_MANY)
        for refused in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(refused, Turn):  # it had begun before
                continue
            assert isinstance(refused, HostClosed)
            assert 60 < refused.seconds <= 90
        with pytest.raises(HostClosed):
            await other.take(HOST)
        await asyncio.sleep(module.LOOK_CLOSED)
        with pytest.raises(HostClosed):
            await unpaced.take(HOST)
        assert await other.take("elsewhere.localhost")


async def test_each_refusal_without_a_time_closes_a_host_for_longer_until_it_answers(
    hosts: Hosts, pool: AsyncConnectionPool
) -> None:
    turn, pauses = Turn(HOST, datetime.now(UTC)), []
    for _ in range(8):
        await hosts.give_back(turn, Refusal("http-429", None))
        [row] = await fetch_all(
            pool, "SELECT round(extract(epoch FROM closed_until - now()) / 60)::integer AS left FROM hosts"
        )
        pauses.append(row["left"])
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    await hosts.give_back(turn, None)
    assert await fetch_all(pool, "SELECT refusals, closed_by FROM hosts") == [{"refusals": 0, "closed_by": "http-429"}]


async def test_nobody_waits_when_a_crawl_is_stopped(database_url: str) -> None:
    async with hosts_at(database_url, delay=600.0) as hosts:
        await hosts.take(HOST)
        waiting = [asyncio.ensure_future(hosts.take(HOST)) for _ in range(3)]
        await asyncio.sleep(0.1)
        hosts.end()
        found = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
        assert all(isinstance(one, TurnsEnded) for one in found)


async def test_hosts_of_ones_own_are_not_even_known_to_the_database(
    database_url: str, pool: AsyncConnectionPool
) -> None:
    async with hosts_at(database_url, delay=0.0) as hosts:
        for _ in range(100):
            await hosts.give_back(await hosts.take(HOST), None)
    assert await fetch_all(pool, "SELECT 1 FROM hosts") == []


async def test_nobody_asks_while_it_is_not_known_whose_the_sources_are(database_url: str) -> None:
    lapsed = True
    async with Hosts(
        database_url, delay=0.0, delays={}, patience=5.0, contacts=Contacts(), lapsed=lambda: lapsed
    ) as hosts:
        asking = asyncio.create_task(hosts.may_ask())
        await asyncio.sleep(0.3)
        assert not asking.done()
        lapsed = False
        await asking
        lapsed = True
        asking = asyncio.create_task(hosts.may_ask())
        hosts.end()
        with pytest.raises(TurnsEnded):
            await asking


async def test_patience_for_that_ends(database_url: str) -> None:
    async with Hosts(
        database_url, delay=0.0, delays={}, patience=0.1, contacts=Contacts(), lapsed=lambda: True
    ) as hosts:
        with pytest.raises(DatabaseError):
            await hosts.may_ask()
