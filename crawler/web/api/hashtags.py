"""Hashtags: how often, when, and beside which others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from crawler.web.access import Lately, Pool
from crawler.web.api.answers import UNKNOWN, listing
from crawler.web.api.cursors import read_cursor
from crawler.web.api.filters import Paging, Text, Top
from crawler.web.api.models import HashtagDetails, HashtagLine, Listing
from crawler.web.api.speakers import recent
from crawler.web.problems import Problem
from pipelines.storage.reading import Reading, Wanted

router = APIRouter(tags=["hashtags"])

#: The time whose days are counted.
TREND = timedelta(days=90)


@router.get("/hashtags")
async def list_hashtags(pool: Pool, filters: Annotated[Paging, Query()]) -> Listing[HashtagLine]:
    """All hashtags, those first seen last first."""
    (after,) = read_cursor(filters.cursor, int) or (None,)
    rows = await Reading(pool).hashtags(Wanted(), filters.limit + 1, after)
    return listing(HashtagLine, rows, filters.limit, lambda row: (row["id"],))


@router.get("/hashtags/top")
async def top_hashtags(pool: Pool, lately: Lately, filters: Annotated[Top, Query()]) -> Listing[HashtagLine]:
    """The hashtags that most articles of a time have. Counted once a minute."""
    key = ("hashtags", filters)
    rows = await lately.get(key, lambda: Reading(pool).top_hashtags(recent(filters), filters.limit))
    return Listing[HashtagLine](items=[HashtagLine.model_validate(row) for row in rows], next=None)


@router.get("/hashtags/{tag}", responses=UNKNOWN)
async def show_hashtag(
    pool: Pool, lately: Lately, tag: Annotated[Text, Path(description="In any spelling, with or without #.")]
) -> HashtagDetails:
    """One hashtag: on which days it was used, and beside which others. Counted once a minute."""
    row = await lately.get(("hashtag", tag), lambda: Reading(pool).hashtag(tag, datetime.now(UTC) - TREND))
    if row is None:
        raise Problem(404, f"there is no hashtag {tag}")
    return HashtagDetails.model_validate(row)
