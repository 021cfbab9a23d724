"""Sources as the API shows them, and as it is told them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.web.api import examples
from crawler.web.api.models import Model, SourceName


class Feed(Model):
    """A feed, sitemap or listing of a source, and how its last poll went."""

    url: str
    kind: Literal["feed", "sitemap", "listing"]
    pattern: str | None = Field(description="Of a listing: regular expression of the addresses of articles.")
    polled_at: datetime | None
    succeeded_at: datetime | None = Field(description="When it last answered 200 or 304.")
    verdict: str | None = Field(description="Of the last poll.")
    failures: int = Field(description="Polls that failed in a row.")
    next_poll_at: datetime | None


class Source(Model):
    """A source: an outlet that Rawi reads."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SOURCE]})

    name: SourceName
    title: str = Field(description="What its readers call it.")
    home: str = Field(description="Its front page.")
    country: str | None = Field(description="ISO 3166-1 alpha-2.")
    language: str = Field(description="Pages in another language are rejected (BCP 47).")
    timezone: str = Field(description="IANA zone of dates that name none.")
    tags: list[str]
    delay: float | None = Field(description="Seconds between two requests to it; null: the default.")
    interval: float | None = Field(description="Seconds between two polls of a feed; null: Rawi's own choice.")
    enabled: bool = Field(description="Whether crawls take it.")
    feeds: list[Feed]


class SourceDetails(Source):
    """A source with what it has brought so far: discovered and stored are different things."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.SOURCE, **examples.BROUGHT}]})

    discovered: int = Field(description="Entries that its feeds announced.")
    pending: int = Field(description="Entries that are still to be fetched.")
    stored: int = Field(description="Articles.")
    rejected: dict[str, int] = Field(description="Entries that were refused, by reason.")


class FeedIn(BaseModel):
    """A feed, sitemap or listing to poll."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, max_length=2_000)
    kind: Literal["feed", "sitemap", "listing"] = "feed"
    pattern: str | None = Field(default=None, max_length=1_000, description="Listings need one.")


class SourceEdit(BaseModel):
    """What is to change in a source; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [{"enabled": False}]})

    title: str | None = Field(default=None, max_length=300)
    home: str | None = Field(default=None, max_length=2_000)
    country: str | None = Field(default=None, description="Two capital letters, or null for unknown.")
    language: str | None = Field(default=None, min_length=2, max_length=35)
    timezone: str | None = Field(default=None, max_length=64)
    tags: list[str] | None = Field(default=None, max_length=50)
    delay: float | None = Field(default=None, ge=0, le=3600, description="null: the default.")
    interval: float | None = Field(default=None, ge=60, description="null: Rawi's own choice.")
    enabled: bool | None = None
    feeds: list[FeedIn] | None = Field(default=None, max_length=40, description="All of them, not only what is new.")


class SourceIn(BaseModel):
    """A source to add. It is checked as the command line checks it, and nothing is fetched."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [examples.SOURCE_IN]})

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100, description="Its name here.")
    home: str = Field(min_length=1, max_length=2_000)
    feeds: list[FeedIn] = Field(min_length=1, max_length=40)
    title: str = Field(default="", max_length=300)
    country: str | None = None
    language: str = Field(default="ar", min_length=2, max_length=35)
    timezone: str = Field(default="UTC", max_length=64)
    tags: list[str] = Field(default=[], max_length=50)
    delay: float | None = Field(default=None, ge=0, le=3600)
    interval: float | None = Field(default=None, ge=60)
    enabled: bool = True
