"""The pool of analysis processes: what one bad page may cost."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import AnalysisBroken, PageRejected
from pipelines.model import LearnedRules, Page
from pipelines.workers import WORKER_MEMORY, AnalysisPool
from tests.site import article_page

ROOT = Path(__file__).parents[2]
PAGE = Page(url="https://marfa.example/1", body=article_page(), fetched_at=datetime(2026, 11, 24, tzinfo=UTC))


def double(number: int) -> int:
    return 2 * number


def stuck(_: int) -> bool:
    # In C, where no Python exception can reach: what a pathological page does to a parser.
    return re.match(r"(a+)+$", "a" * 60 + "b") is not None


def killed(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def greedy(_: int) -> int:
    return len(bytearray(WORKER_MEMORY))


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [(stuck, "analysis-timeout"), (killed, "analysis-crashed"), (greedy, "analysis-crashed")],
)
async def test_a_hostile_page_costs_one_page_and_not_its_neighbours(hostile: object, reason: str) -> None:
    async with AnalysisPool(2) as pool:
        bad = asyncio.create_task(pool.run(hostile, 0, timeout=0.5))  # type: ignore[arg-type]
        good = [pool.run(double, number, timeout=10) for number in range(40)]
        assert await asyncio.gather(*good) == [2 * number for number in range(40)]
        with pytest.raises(PageRejected) as verdict:
            await bad
        assert verdict.value.reason == reason
        assert await pool.run(double, 21, timeout=10) == 42


async def test_callers_wait_when_the_pool_is_full() -> None:
    async with AnalysisPool(1) as pool:
        tasks = [asyncio.create_task(pool.analyse(PAGE)) for _ in range(8)]
        await asyncio.sleep(0)
        assert pool._free.locked()
        await asyncio.gather(*tasks)


async def test_what_is_no_page_does_not_wait_behind_the_pages_that_do() -> None:
    async with AnalysisPool(1) as pool:
        pages = [asyncio.create_task(pool.analyse(PAGE)) for _ in range(40)]
        assert await pool.run(double, 21, timeout=10) == 42
        assert not all(page.done() for page in pages)
        await asyncio.gather(*pages)


async def test_a_page_is_read_by_what_was_learned_while_it_waited() -> None:
    rules = LearnedRules(version=1)
    async with AnalysisPool(1) as pool:
        pages = [asyncio.create_task(pool.analyse(PAGE, learned=lambda: rules)) for _ in range(10)]
        await pages[0]
        rules = LearnedRules(version=2)
        articles = await asyncio.gather(*pages)
    assert (articles[0].trace.rules_version, articles[-1].trace.rules_version) == (1, 2)


def test_a_killed_parent_leaves_no_worker_behind() -> None:
    script = (
        "import asyncio, os, signal, time\n"
        "from pipelines.workers import AnalysisPool\n"
        "async def main():\n"
        "    async with AnalysisPool(2) as pool:\n"
        "        busy = [asyncio.ensure_future(pool.run(time.sleep, 0.5, timeout=9)) for _ in range(2)]\n"
        "        await asyncio.sleep(1.5)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, start_new_session=True)
    assert parent.wait(30) == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while group_lives(parent.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not group_lives(parent.pid)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_fault_of_our_own_is_a_verdict_on_the_page_and_a_broken_pool_is_none() -> None:
    async with AnalysisPool(1) as pool:
        with pytest.raises(PageRejected) as verdict:
            await pool.analyse("no page at all")  # type: ignore[arg-type]
        assert verdict.value.reason == "analysis-failed"
    with pytest.raises(AnalysisBroken):
        await pool.run(abs, 1, timeout=1)
