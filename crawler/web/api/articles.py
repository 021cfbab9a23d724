"""Articles: newest first, whole, and through time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse

from crawler.web.access import Pool
from crawler.web.api.answers import ALSO_LINES, TOO_MANY, UNKNOWN, limit_if_search, lines, listing, wants_lines
from crawler.web.api.cursors import read_cursor
from crawler.web.api.filters import ArticleFilters, Number
from crawler.web.api.models import Article, ArticleLine, ArticleWithText, Listing, Version
from crawler.web.problems import Problem
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.history import Histories
from pipelines.storage.reading import Reading

router = APIRouter(tags=["articles"])

Id = Annotated[Number, Path(description="Number of the article.")]


@router.get("/articles", responses={**ALSO_LINES, **TOO_MANY}, response_model=Listing[ArticleLine])
async def list_articles(
    request: Request, pool: Pool, filters: Annotated[ArticleFilters, Query()]
) -> Listing[ArticleLine] | StreamingResponse:
    """Articles, the newest first. As lines, each has its text."""
    limit_if_search(request, filters)
    if wants_lines(request, filters.format):
        return await lines(request, ArticleWithText, "articles", filters.wanted())
    after = read_cursor(filters.cursor, datetime, int)
    rows = await Reading(pool).articles(filters.wanted(), filters.limit + 1, after)
    return listing(ArticleLine, rows, filters.limit, lambda row: (row["at"], row["id"]))


@router.get("/articles/{id}", responses=UNKNOWN)
async def show_article(pool: Pool, id: Id) -> Article:  # noqa: A002 -- the parameter's name in the address
    """One article: its text and everything that was found in it."""
    row = await Reading(pool).article(id)
    if row is None:
        raise Problem(404, f"there is no article {id}")
    copies = await Duplicates(pool).members(id) if row["cluster_id"] is not None else []
    return Article.model_validate({**row, "copies": copies})


@router.get("/articles/{id}/versions", responses=UNKNOWN)
async def list_versions(pool: Pool, id: Id) -> Listing[Version]:  # noqa: A002
    """All versions of an article, the first one first."""
    history = await Histories(pool).of(id)
    if history is None:
        raise Problem(404, f"there is no article {id}")
    return Listing[Version](items=[Version.model_validate(one) for one in history.versions], next=None)
