"""Work that is done together: everybody gets his own result, and an error of a batch is nobody else's."""

from __future__ import annotations

import asyncio

import pytest

from pipelines.storage.batches import Batches


async def test_everybody_gets_his_own_result_and_no_batch_is_larger_than_it_may_be() -> None:
    sizes: list[int] = []

    async def doubled(numbers: list[int]) -> list[int]:
        sizes.append(len(numbers))
        await asyncio.sleep(0)
        return [2 * number for number in numbers]

    batches = Batches(doubled, most=8, linger=0.01)
    assert await asyncio.gather(*map(batches.do, range(20))) == [2 * number for number in range(20)]
    assert sizes == [8, 8, 4]


async def test_nobody_waits_for_more_than_is_on_its_way() -> None:
    sizes: list[int] = []

    async def echoed(numbers: list[int]) -> list[int]:
        sizes.append(len(numbers))
        return numbers

    coming = 3
    batches = Batches(echoed, most=8, linger=3600, expecting=lambda: coming > 0)
    brought = [asyncio.create_task(batches.do(number)) for number in range(2)]
    await asyncio.sleep(0)
    coming = 0
    assert await asyncio.gather(*brought, batches.do(2)) == [0, 1, 2]
    assert await batches.do(3) == 3
    coming = 20
    assert await asyncio.gather(*map(batches.do, range(16))) == [*range(16)], "full batches wait for nobody"
    assert sizes == [3, 1, 8, 8]


async def test_an_error_reaches_all_of_its_batch_and_none_of_the_next() -> None:
    async def inverted(numbers: list[int]) -> list[float]:
        return [1 / number for number in numbers]

    batches = Batches(inverted, most=2, linger=0.01)
    results = await asyncio.gather(*map(batches.do, (1, 0, 2, 4)), return_exceptions=True)
    assert [type(result) for result in results[:2]] == [ZeroDivisionError, ZeroDivisionError]
    assert results[2:] == [0.5, 0.25]


async def test_who_does_not_wait_any_more_costs_the_others_nothing() -> None:
    async def echoed(words: list[str]) -> list[str]:
        return words

    batches = Batches(echoed, most=8, linger=0.05)
    gone, there = (asyncio.create_task(batches.do(word)) for word in ("gone", "there"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await there == "there"
    with pytest.raises(asyncio.CancelledError):
        await gone
