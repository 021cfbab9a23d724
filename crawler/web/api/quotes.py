"""Quotations: who said what, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from crawler.web.access import Pool
from crawler.web.api.answers import ALSO_LINES, TOO_MANY, limit_if_search, lines, listing, wants_lines
from crawler.web.api.cursors import read_cursor
from crawler.web.api.filters import QuoteFilters
from crawler.web.api.models import Listing, Quote
from pipelines.storage.reading import Reading

router = APIRouter(tags=["quotes"])


@router.get("/quotes", responses={**ALSO_LINES, **TOO_MANY}, response_model=Listing[Quote])
async def list_quotes(
    request: Request, pool: Pool, filters: Annotated[QuoteFilters, Query()]
) -> Listing[Quote] | StreamingResponse:
    """Quotations, those of the newest article first."""
    limit_if_search(request, filters)
    if wants_lines(request, filters.format):
        return await lines(request, Quote, "quotes", filters.wanted())
    after = read_cursor(filters.cursor, datetime, int, int)
    rows = await Reading(pool).quotes(filters.wanted(), filters.limit + 1, after)
    return listing(Quote, rows, filters.limit, lambda row: (row["at"], row["article_id"], row["position"]))
