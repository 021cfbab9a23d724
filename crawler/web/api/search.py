"""Search: the best first, with the passage that answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field

from crawler.web.access import Pool, limit_searches
from crawler.web.api import examples
from crawler.web.api.answers import TOO_MANY
from crawler.web.api.cursors import read_cursor, write_cursor
from crawler.web.api.filters import MOST, Name, Paging, Text, Time
from crawler.web.api.models import At, Kind, Listing, Model, SourceName
from pipelines.search.query import parse_query
from pipelines.storage.search import Filters, Search

router = APIRouter(tags=["search"], dependencies=[Depends(limit_searches)], responses=TOO_MANY)

Item = TypeVar("Item")

#: Hits beyond which nobody pages on.
DEEPEST = 1_000


class Mark(Model):
    """A word of the query in a passage."""

    start: int
    end: int


class Passage(Model):
    """The passage that answers a search, as written."""

    text: str
    hits: list[Mark] = Field(description="Where the words that were sought stand in it.")


class ArticleHit(Model):
    """An article that answers a search."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ARTICLE_HIT]})

    id: int
    source: SourceName
    url: str
    title: str | None
    at: At
    score: float = Field(description="Higher is better; only comparable within one search.")
    snippet: Passage


class QuoteHit(Model):
    """A quotation that answers a search."""

    article_id: int
    position: int
    source: SourceName
    url: str
    at: At
    score: float
    kind: Kind
    speaker: str | None
    role: str | None
    snippet: Passage


class Found(Listing[Item], Generic[Item]):
    """A page of what was found, the best first."""

    total: int = Field(description="How many there are in all.")


class SearchFilters(Paging, Time):
    """What is sought, and where."""

    limit: int = Field(default=20, ge=1, le=MOST, description="Hits of a page.")
    q: Text = Field(
        description='Words, in any spelling: "a phrase", -without, one | other, begin*.', examples=["الرصيف | المرفأ"]
    )
    source: Name | None = Field(default=None, description="Name of a source.")
    speaker: Text | None = Field(default=None, description="Where somebody of this name is quoted.")
    hashtag: Text | None = Field(default=None, description="With this hashtag, in any spelling.")


@router.get("/search")
async def search_articles(pool: Pool, filters: Annotated[SearchFilters, Query()]) -> Found[ArticleHit]:
    """Articles by their words, the best first; news counts for more."""
    return await _search(pool, filters, ArticleHit)


@router.get("/search/quotes")
async def search_quotes(pool: Pool, filters: Annotated[SearchFilters, Query()]) -> Found[QuoteHit]:
    """What was said, by its words, the best first."""
    return await _search(pool, filters, QuoteHit)


async def _search(pool: Pool, filters: SearchFilters, kind: type[ArticleHit] | type[QuoteHit]) -> Found[Any]:
    # The moment stays the same from page to page, or hits would grow older between them and change places.
    now, offset = read_cursor(filters.cursor, datetime, int) or (datetime.now(UTC), 0)
    narrowed = Filters(filters.source, filters.speaker, filters.hashtag, filters.since, filters.until)
    search = Search(pool, now=now)
    look = search.articles if kind is ArticleHit else search.quotes
    found = await look(parse_query(filters.q), narrowed, limit=filters.limit, offset=min(offset, DEEPEST))
    hits = found.articles or found.quotes
    end = offset + len(hits)
    more = hits and end < min(found.total, DEEPEST)
    return Found[kind](  # type: ignore[valid-type]
        items=[kind.model_validate(hit) for hit in hits],
        next=write_cursor(now, end) if more else None,
        total=found.total,
    )
