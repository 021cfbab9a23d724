"""Speakers: who is quoted, under which names, in which roles, by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from crawler.web.access import Lately, Pool
from crawler.web.api.answers import UNKNOWN, listing
from crawler.web.api.cursors import read_cursor
from crawler.web.api.filters import Number, SpeakerFilters, Top
from crawler.web.api.models import Listing, Speaker, SpeakerLine
from crawler.web.problems import Problem
from pipelines.errors import SpeakerError
from pipelines.storage.people import People
from pipelines.storage.reading import Reading, Wanted

router = APIRouter(tags=["speakers"])

#: The time whose most frequent are counted, when none is said.
RECENT = timedelta(days=7)


@router.get("/speakers")
async def list_speakers(pool: Pool, filters: Annotated[SpeakerFilters, Query()]) -> Listing[SpeakerLine]:
    """Everybody who is quoted, those first quoted last first."""
    (after,) = read_cursor(filters.cursor, int) or (None,)
    wanted = Wanted(speaker=filters.name, type=filters.type)
    rows = await Reading(pool).speakers(wanted, filters.limit + 1, after)
    return listing(SpeakerLine, rows, filters.limit, lambda row: (row["id"],))


@router.get("/speakers/top")
async def top_speakers(pool: Pool, lately: Lately, filters: Annotated[Top, Query()]) -> Listing[SpeakerLine]:
    """Who is quoted most in the articles of a time; unnamed sources are left out. Counted once a minute."""
    key = ("speakers", filters)
    rows = await lately.get(key, lambda: Reading(pool).top_speakers(recent(filters), filters.limit))
    return Listing[SpeakerLine](items=[SpeakerLine.model_validate(row) for row in rows], next=None)


@router.get("/speakers/{id}", responses=UNKNOWN)
async def show_speaker(
    pool: Pool,
    lately: Lately,
    id: Annotated[Number, Path(description="Number of the person, or of one of the spellings.")],  # noqa: A002
) -> Speaker:
    """One person: spellings, roles over time, sources that quote. Counted once a minute."""
    try:
        return Speaker.model_validate(await lately.get(("speaker", id), lambda: People(pool).show(id, quotes=0)))
    except SpeakerError as error:
        raise Problem(404, f"there is no speaker {id}") from error


def recent(filters: Top) -> Wanted:
    """Return which articles are counted: the last seven days', unless another time is said."""
    end = filters.until or datetime.now(UTC)
    # There is no week before the year 1.
    since = filters.since or (end - RECENT if end.year > 1 else None)
    return Wanted(source=filters.source, since=since, until=filters.until)
