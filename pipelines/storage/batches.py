"""Work that is cheaper done together: whoever brings some waits a moment for others, and all share one call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class Batches(Generic[In, Out]):
    """Hands what is brought one by one to ``work``, up to ``most`` at once; the first waits ``linger`` seconds.

    ``work`` returns one result for each, in the same order. While one batch is worked on, the next gathers.
    ``expecting`` tells whether more is on its way: where nothing is, or enough is there, nobody waits any longer.
    """

    def __init__(
        self,
        work: Callable[[list[In]], Awaitable[Sequence[Out]]],
        *,
        most: int,
        linger: float,
        expecting: Callable[[], bool] = lambda: True,
    ) -> None:
        self._work = work
        self._most = most
        self._linger = linger
        self._expecting = expecting
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._complete = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    async def do(self, what: In) -> Out:
        """Return what became of ``what``; raises what its batch raised, whichever of it was at fault."""
        done: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((what, done))
        if len(self._waiting) >= self._most or not self._expecting():
            self._complete.set()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work_off())
        return await done

    async def _work_off(self) -> None:
        """Do batch after batch until nobody waits."""
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._complete.wait(), self._linger)
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if not self._waiting or (len(self._waiting) < self._most and self._expecting()):
                self._complete.clear()
            try:
                results = await self._work([what for what, _ in batch])
            except Exception as error:  # noqa: BLE001 -- told to everybody who waits for it
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, done), result in zip(batch, results, strict=True):
                if not done.done():
                    done.set_result(result)
