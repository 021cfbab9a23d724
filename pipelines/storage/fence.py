"""The fence around what a run writes: only while the sources are still its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

import psycopg

from pipelines.errors import ClaimLost

#: Held until the transaction ends: a run that takes over waits for it, or leaves the source.
HOLD: LiteralString = """
    SELECT c.run_id, s.name FROM claims c JOIN sources s ON s.id = c.source_id
    WHERE c.source_id = ANY (%(source_ids)s) ORDER BY c.source_id FOR SHARE OF c
"""


async def hold_claims(connection: psycopg.AsyncConnection, source_ids: Sequence[int], run_id: int) -> None:
    """Keep others from taking these sources over while this transaction lasts.

    Raises :class:`~pipelines.errors.ClaimLost` when one of them belongs to another run already. A source that nobody
    claims was deleted, or is new: what is written for it is decided elsewhere.
    """
    cursor = connection.cursor()
    await cursor.execute(HOLD, {"source_ids": list(source_ids)})
    for owner, source in await cursor.fetchall():
        if owner != run_id:
            raise ClaimLost.of(source)
