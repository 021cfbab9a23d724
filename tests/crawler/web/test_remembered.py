"""What is counted once a minute for everybody."""

from __future__ import annotations

import asyncio

import pytest

from crawler.web.remembered import LIFETIME, MOST, Remembered


class Counting:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.wrong = False

    async def __call__(self) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        if self.wrong:
            raise ValueError
        return self.asked


async def test_readers_who_ask_at_once_share_one_count_for_a_minute() -> None:
    now = 0.0
    remembered, count = Remembered(clock=lambda: now), Counting()
    assert await asyncio.gather(*(remembered.get("a", count) for _ in range(9))) == [1] * 9
    now = LIFETIME - 1
    assert await remembered.get("a", count) == 1
    assert await remembered.get("b", count) == 2
    now = LIFETIME
    assert await remembered.get("a", count) == 3


async def test_what_failed_is_counted_again() -> None:
    remembered, count = Remembered(), Counting()
    count.wrong = True
    with pytest.raises(ValueError):
        await remembered.get("a", count)
    count.wrong = False
    assert await remembered.get("a", count) == 2


async def test_a_reader_who_leaves_does_not_take_the_count_along() -> None:
    remembered, count = Remembered(), Counting()
    leaving = asyncio.ensure_future(remembered.get("a", count))
    staying = asyncio.ensure_future(remembered.get("a", count))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 1


async def test_not_more_is_kept_than_there_is_room_for() -> None:
    remembered, count = Remembered(), Counting()
    for key in range(MOST + 1):
        await remembered.get(key, count)
    assert await remembered.get(MOST, count) == MOST + 1
    assert await remembered.get(0, count) == MOST + 2
