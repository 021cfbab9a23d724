"""People across articles: which speakers are one, by evidence or by an operator's word, and what is known of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from pipelines.arabic import key
from pipelines.errors import SpeakerError
from pipelines.people import Profile, name_words, same_person, skeleton
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "people.sql")
#: Speakers whose profiles are made by one statement.
PROFILES = 500

#: Key of the advisory lock: "who?" in ASCII.
LOCK = 0x77686F3F
#: Speakers compared in one transaction, and those that each is compared with.
BATCH, ALIKE = 100, 200

Cursor = psycopg.AsyncCursor[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """A person, or another speaker, in a list; ``spellings`` is under how many names."""

    id: int
    name: str
    type: str
    quotes: int
    articles: int
    sources: int
    spellings: int
    role: str | None
    last_quoted_at: datetime


class People:
    """The people of one database. Every method is one transaction, or many that may be repeated."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def merge_new(self) -> int:
        """Compare speakers that are new with those that are known; return how many merges were made."""
        merges = 0
        while True:
            async with self._pool.connection() as connection, connection.transaction():
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(SQL["lock"], {"lock": LOCK})
                rows = await (await cursor.execute(SQL["not_compared"], {"limit": BATCH})).fetchall()
                if not rows:
                    return merges
                await cursor.execute(SQL["keep_names"], {"rows": Jsonb([_names(row) for row in rows])})
                # Most new names are like nobody's.
                alike = await _alike(cursor, [row["id"] for row in rows])
                profiles = await _profiles(cursor, {*alike, *chain.from_iterable(alike.values())})
                for speaker_id, others in alike.items():
                    if speaker_id in profiles:
                        known = [profiles[other] for other in others if other in profiles]
                        merges += await _merge_alike(cursor, profiles[speaker_id], known)

    async def merge_all(self) -> int:
        """Compare everybody again, by all that is known by now; return how many merges were made."""
        async with self._pool.connection() as connection:
            await connection.execute(SQL["compare_again"])
        return await self.merge_new()

    async def list(self, limit: int, *, named: str | None = None) -> list[Person]:
        """Return the people who are quoted most, those with such a name when one is said."""
        parameters = {
            "limit": limit,
            "words": key(named).split() if named else None,
            "names": list(name_words(named)) if named else None,
        }
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Person))
            return await (await cursor.execute(SQL["list_people"], parameters)).fetchall()

    async def show(self, speaker_id: int, *, quotes: int = 20) -> dict[str, Any]:
        """Return all that is known of the person who is this speaker.

        Raises :class:`~pipelines.errors.SpeakerError` when there is none of that number.
        """
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            person = await (await cursor.execute(SQL["person"], {"id": speaker_id})).fetchone()
            if person is None:
                raise _unknown(speaker_id)
            wanted = {"person": person["id"], "limit": quotes}
            for part in ("spellings", "roles", "quoted_by", "latest_quotes", "merges"):
                person[part] = await (await cursor.execute(SQL[part], wanted)).fetchall()
        return person

    async def merge(self, into: int, others: Sequence[int]) -> int:
        """Make people one by an operator's word; return how many speakers were moved.

        Raises :class:`~pipelines.errors.SpeakerError` for a number that is nobody's.
        """
        async with self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["lock"], {"lock": LOCK})
            people = await _people(cursor, [into, *others])
            await cursor.execute(SQL["say_same"], {"ids": [into, *others]})
            return await _merge(cursor, people[into], [people[other] for other in others], "operator", [])

    async def split(self, speaker_id: int) -> int:
        """Take a spelling out of its person, for good; return the number of the person it was taken out of.

        Raises :class:`~pipelines.errors.SpeakerError` for one that is merged with nobody.
        """
        async with self._pool.connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(SQL["lock"], {"lock": LOCK})
            person = (await _people(cursor, [speaker_id]))[speaker_id]
            wanted = {"person": person, "id": speaker_id}
            rows = await (await cursor.execute(SQL["others_of_person"], wanted)).fetchall()
            others = [row["id"] for row in rows]
            if not others:
                raise SpeakerError(f"speaker {speaker_id} has one spelling only; see: rawi speakers show {speaker_id}")
            if person == speaker_id:
                person = others[0]
                await cursor.execute(SQL["become_root"], {"person": speaker_id, "into": person})
            await cursor.execute(SQL["split"], {"id": speaker_id})
            await cursor.execute(SQL["undo_merges"], {"id": speaker_id})
            await cursor.execute(SQL["say_distinct"], {"id": speaker_id, "others": others})
            return int(person)


def _names(row: dict[str, Any]) -> dict[str, Any]:
    words = name_words(row["name"])
    return {"id": row["id"], "names": list(words), "skeletons": [skeleton(word) for word in words]}


async def _alike(cursor: Cursor, ids: Sequence[int]) -> dict[int, list[int]]:
    """Return whom each of some speakers is to be compared with; those without anybody are left out."""
    await cursor.execute(SQL["alike"], {"ids": list(ids), "limit": ALIKE})
    alike: dict[int, list[int]] = {}
    for row in await cursor.fetchall():
        alike.setdefault(row["id"], []).append(row["other"])
    return alike


async def _profiles(cursor: Cursor, ids: Collection[int]) -> dict[int, Profile]:
    """Return what is known of speakers; of those who are quoted nowhere any more nothing is."""
    rows: list[dict[str, Any]] = []
    # All that they said is read: of some at a time, or a statement would run into its time limit.
    waiting = sorted(ids)
    while waiting:
        some, waiting = waiting[:PROFILES], waiting[PROFILES:]
        await cursor.execute(SQL["profiles"], {"ids": some})
        rows += await cursor.fetchall()
    return {
        row["id"]: Profile(
            id=row["id"],
            words=tuple(row["words"] or ()),
            roles=tuple(row["roles"]),
            sources=frozenset(row["sources"]),
            first=row["first"],
            last=row["last"],
        )
        for row in rows
    }


async def _merge_alike(cursor: Cursor, speaker: Profile, alike: Sequence[Profile]) -> int:
    """Merge a speaker with those of ``alike`` who are the same person; return how many speakers were moved."""
    moved = 0
    for other, found in same_person(speaker, alike):
        people = await _people(cursor, [speaker.id, other.id])
        one, two = people[speaker.id], people[other.id]
        if one != two:
            # The fullest name is the person's; a number that was noted down leads there from every spelling.
            fuller = len(speaker.words) - len(other.words) or two - one
            into, away = (one, two) if fuller > 0 else (two, one)
            moved += await _merge(cursor, into, [away], "rules", list(found.reasons))
    return moved


async def _people(cursor: Cursor, ids: Sequence[int]) -> dict[int, int]:
    """Return the person of each speaker. Raises :class:`~pipelines.errors.SpeakerError` for one that is unknown."""
    await cursor.execute(SQL["person_of"], {"ids": list(ids)})
    people = {row["id"]: row["person"] for row in await cursor.fetchall()}
    for wanted in ids:
        if wanted not in people:
            raise _unknown(wanted)
    return people


async def _merge(cursor: Cursor, into: int, people: Sequence[int], made_by: str, evidence: Sequence[str]) -> int:
    parameters = {
        "into": into,
        "people": [person for person in people if person != into],
        "made_by": made_by,
        "evidence": list(evidence),
    }
    await cursor.execute(SQL["merge"], parameters)
    return len(await cursor.fetchall())


def _unknown(speaker_id: int) -> SpeakerError:
    return SpeakerError(f"there is no speaker {speaker_id}; see: rawi speakers list")
