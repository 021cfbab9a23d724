"""Search: articles, or what was said, with the passage that answers; narrowed as on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crawler.moments import parse_moment
from crawler.sources.repository import Sources
from crawler.web.access import Lately, Pool, limit_searches
from crawler.web.rendering import here, render
from pipelines.errors import QueryError
from pipelines.search.query import parse_query
from pipelines.storage.search import Filters, Found, Search

router = APIRouter()

#: Hits on one page, and how many of the best can be leafed through.
PAGE, DEEPEST = 20, 1_000


@router.get("/search", dependencies=[Depends(limit_searches)])
async def search(
    request: Request,
    pool: Pool,
    lately: Lately,
    q: str = "",
    look: str = "articles",
    source: str = "",
    speaker: str = "",
    hashtag: str = "",
    since: str = "",
    until: str = "",
    offset: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
) -> Response:
    """Show the form, and what answers it."""
    now = datetime.now(UTC)
    found: Found | None = None
    fault = unindexed = None
    if q.strip():
        try:
            filters = Filters(
                source or None,
                speaker.strip() or None,
                hashtag.strip() or None,
                parse_moment(since or None, now),
                parse_moment(until or None, now),
            )
            engine = Search(pool, now=now)
            find = engine.quotes if look == "quotes" else engine.articles
            found = await find(parse_query(q), filters, limit=PAGE, offset=offset)
            unindexed = await lately.get("unindexed", engine.unindexed)
        except QueryError as error:
            fault = str(error)
    sources = await lately.get("sources", lambda: Sources(pool).select())
    further = found is not None and offset + PAGE < min(found.total, DEEPEST)
    return render(
        request,
        "search.html",
        status=422 if fault else 200,
        asked={"q": q, "look": look, "source": source, "speaker": speaker, "hashtag": hashtag, "since": since,
               "until": until},
        sources=sources,
        outlets={one.name: one.title or one.name for one in sources},
        found=found,
        offset=offset,
        older=here(request, offset=offset + PAGE) if further else None,
        unindexed=unindexed,
        fault=fault,
    )  # fmt: skip
