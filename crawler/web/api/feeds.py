"""Feeds out: the newest articles of all sources, or of what they are narrowed to, for any feed reader."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from crawler.web.access import Pool
from crawler.web.api.answers import TOO_MANY, limit_if_search
from crawler.web.api.cursors import read_cursor, write_cursor
from crawler.web.api.filters import FeedFilters
from crawler.web.syndication import Channel, json_feed, rss
from pipelines.storage.reading import Reading, Row

router = APIRouter(tags=["feeds"], responses=TOO_MANY)

Filters = Annotated[FeedFilters, Query()]

RSS, JSON_FEED = "application/rss+xml", "application/feed+json"


@router.get(
    "/feed.rss",
    response_class=Response,
    responses={200: {"content": {RSS: {"schema": {"type": "string"}}}, "description": "RSS 2.0"}},
)
async def rss_feed(request: Request, pool: Pool, filters: Filters) -> Response:
    """RSS 2.0 of whole, clean articles: of a source, a hashtag, a speaker, a search, or all."""
    return Response(rss(*await _feed(request, pool, filters)), media_type=f"{RSS}; charset=utf-8")


@router.get(
    "/feed.json",
    response_class=Response,
    responses={200: {"content": {JSON_FEED: {"schema": {"type": "object"}}}, "description": "JSON Feed 1.1"}},
)
async def json_feed_of(request: Request, pool: Pool, filters: Filters) -> Response:
    """JSON Feed 1.1 of whole, clean articles: of a source, a hashtag, a speaker, a search, or all."""
    return JSONResponse(json_feed(*await _feed(request, pool, filters)), media_type=JSON_FEED)


async def _feed(request: Request, pool: Pool, filters: FeedFilters) -> tuple[Channel, list[Row]]:
    limit_if_search(request, filters)
    after = read_cursor(filters.cursor, datetime, int)
    rows = await Reading(pool).articles(filters.wanted(), filters.limit + 1, after, text=True)
    shown, more = rows[: filters.limit], len(rows) > filters.limit
    url = request.url
    following = url.include_query_params(cursor=write_cursor(shown[-1]["at"], shown[-1]["id"])) if more else None
    channel = Channel(_title(filters), str(url), str(request.base_url), str(following) if following else None)
    return channel, shown


def _title(filters: FeedFilters) -> str:
    tag = f"#{filters.hashtag.lstrip('#')}" if filters.hashtag else None
    parts = ["راوي", filters.source, filters.speaker, tag, filters.q]
    return " · ".join(part for part in parts if part)
