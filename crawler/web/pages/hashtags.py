"""Hashtags: which are used most, and of one of them its trend, what stands beside it, and its articles."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from crawler.web.access import Lately, Pool
from crawler.web.paging import PAGE, page, place
from crawler.web.plots import bars
from crawler.web.problems import Problem
from crawler.web.rendering import Reader, here, render
from pipelines.arabic import key as counting_key
from pipelines.storage.overview import Overview
from pipelines.storage.reports import Reports

router = APIRouter()

#: Hashtags in the list.
LISTED = 100


@router.get("/hashtags")
async def listed(request: Request, pool: Pool, lately: Lately) -> Response:
    """List the hashtags that most articles have."""
    return render(
        request, "hashtags.html", tags=await lately.get("hashtags", lambda: Reports(pool).top_hashtags(LISTED))
    )


@router.get("/hashtags/{key}")
async def hashtag(request: Request, pool: Pool, lately: Lately, key: str, before: str | None = None) -> Response:
    """Show one hashtag, in whichever spelling it was asked for."""
    overview = Overview(pool, now=datetime.now(UTC))
    wanted = counting_key(key.lstrip("#"))
    found = await lately.get(("hashtag", wanted), lambda: overview.hashtag(wanted))
    if found is None:
        raise Problem(404, "no article has this hashtag")
    headlines, older = page(await overview.headlines(PAGE + 1, hashtag=found.key, after=place(before)))
    backwards = Reader.of(request).language.direction == "rtl"
    return render(
        request,
        "hashtag.html",
        hashtag=found,
        drawing=bars([count for _, count in found.daily], backwards=backwards),
        headlines=headlines,
        older=here(request, before=older) if older else None,
    )
