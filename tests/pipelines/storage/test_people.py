"""People in the store: merged by evidence, by an operator, and apart again."""

from __future__ import annotations

import pytest
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import SpeakerError
from pipelines.search.query import parse_query
from pipelines.storage.people import People
from pipelines.storage.reports import Reports
from pipelines.storage.search import Filters, Search
from pipelines.storage.store import Store
from tests.pipelines.storage.conftest import NOW, add_source, fetch, made

SAYINGS = [
    "وقالت وزيرة المياه سعاد كامل النجار: «السد الجديد سيكتمل في موعده المحدد».",
    "وقالت وزيرة المياه سعاد النجار: «المخزون يكفي حتى نهاية الصيف المقبل».",
    "وقال العميد عبد الوهاب الساعدي: «القوة وصلت إلى أطراف البلدة ليلاً».",
    "وقال عبدالوهاب الساعدي: «عدنا إلى مواقعنا بعد انتهاء التمرين كله».",
    "وقال النجار: «السفن الثلاث تنتظر دورها منذ الصباح».",
]


async def save(pool: AsyncConnectionPool) -> dict[str, int]:
    """Save the sayings in two sources, find who is who, and return the speakers by name."""
    first, second = await add_source(pool, "nahr"), await add_source(pool, "bahr")
    await Store(pool).save([made(second if i % 2 else first, i, text, hours=i) for i, text in enumerate(SAYINGS)])
    await People(pool).merge_new()
    return {row["name"]: row["id"] for row in await fetch(pool, "SELECT id, name FROM speakers")}


async def test_one_person_under_many_spellings(pool: AsyncConnectionPool) -> None:
    ids = await save(pool)
    people = People(pool)
    listed = {person.name: person for person in await people.list(10)}
    assert (listed["سعاد كامل النجار"].quotes, listed["سعاد كامل النجار"].spellings) == (2, 2)
    assert listed["عبد الوهاب الساعدي"].sources == 2
    assert listed["النجار"].spellings == 1
    assert [p.name for p in await people.list(10, named="عبدالوهاب")] == ["عبد الوهاب الساعدي"]
    page = await people.show(ids["سعاد النجار"])
    assert (page["name"], page["roles"][0]["role"]) == ("سعاد كامل النجار", "وزيرة المياه")
    assert {q["source"] for q in page["quoted_by"]} == {"nahr", "bahr"}
    assert len(page["latest_quotes"]) == 2
    assert page["merges"][0]["evidence"][:2] == ["part of the name", "same role"]
    assert await people.merge_new() == 0
    top = {person.name: person.quotes for person in await Reports(pool).top_speakers(10)}
    assert top["سعاد كامل النجار"] == 2
    said = await Search(pool, now=NOW).quotes(parse_query("المخزون"), Filters(speaker="سعاد كامل النجار"))
    assert said.total == 1


async def test_what_becomes_known_later_counts_when_all_are_compared_again(pool: AsyncConnectionPool) -> None:
    nahr = await add_source(pool, "nahr")
    first = "وقالت سعاد كامل النجار: «السد الجديد سيكتمل في موعده المحدد»."
    await Store(pool).save([made(nahr, 1, first), made(nahr, 2, SAYINGS[1])])
    people = People(pool)
    assert await people.merge_new() == 0
    await Store(pool).save([made(nahr, 3, SAYINGS[0])])
    assert await people.merge_new() == 0
    assert await people.merge_all() == 1


async def test_a_merge_can_be_undone_and_stays_undone(pool: AsyncConnectionPool) -> None:
    ids = await save(pool)
    people = People(pool)
    short, full = ids["سعاد النجار"], ids["سعاد كامل النجار"]
    assert await people.split(full) == short
    assert {p.name: p.spellings for p in await people.list(10) if "سعاد" in p.name} == {
        "سعاد النجار": 1,
        "سعاد كامل النجار": 1,
    }
    await fetch(pool, "UPDATE speakers SET skeletons = NULL RETURNING 1 AS one")
    assert await people.merge_new() == 0
    assert await people.merge(short, [full, ids["النجار"]]) == 2
    page = await people.show(full)
    assert (page["id"], len(page["spellings"]), page["merges"][-1]["made_by"]) == (short, 3, "operator")
    with pytest.raises(SpeakerError, match="one spelling"):
        await people.split(await _alone(pool))
    for wrong in (people.show(999), people.merge(short, [999]), people.split(999)):
        with pytest.raises(SpeakerError, match="no speaker 999"):
            await wrong


async def _alone(pool: AsyncConnectionPool) -> int:
    rows = await fetch(
        pool,
        "INSERT INTO speakers (key, type, name) VALUES ('غريب', 'person', 'غريب') RETURNING id",
    )
    return int(rows[0]["id"])
