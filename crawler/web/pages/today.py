"""Today: the articles as they come, and what stands out among them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crawler.web.access import Lately, Pool
from crawler.web.paging import PAGE, page, place
from crawler.web.rendering import here, render
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.overview import Overview

router = APIRouter()

#: Days that can be looked back on beside the list.
WINDOWS = (1, 7, 30)


@router.get("/")
async def today(
    request: Request,
    pool: Pool,
    lately: Lately,
    days: Annotated[int, Query(ge=1, le=30)] = 1,
    before: str | None = None,
) -> Response:
    """Show the newest articles, and who is quoted, which hashtags rise and which stories spread."""
    now, window = datetime.now(UTC), timedelta(days=days)
    overview = Overview(pool, now=now)
    headlines, older = page(await overview.headlines(PAGE + 1, after=place(before)))
    return render(
        request,
        "today.html",
        today=now.astimezone(),
        headlines=headlines,
        older=here(request, before=older) if older else None,
        older_page=bool(before),
        windows=WINDOWS,
        window=days,
        quoted=await lately.get(("quoted", days), lambda: overview.most_quoted(8, window)),
        rising=await lately.get(("rising", days), lambda: overview.rising(14, window)),
        clusters=await lately.get("clusters", lambda: Duplicates(pool).clusters(6)),
    )
