"""What lists are narrowed to, as parameters of an address."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from crawler.web.api.cursors import LARGEST
from crawler.web.api.models import Kind, SpeakerType
from pipelines.search.query import parse_query
from pipelines.storage.reading import Wanted

#: Rows of a page, unless something else is asked for, and at most.
USUAL, MOST = 50, 200

#: Text that Postgres can hold.
Text = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100)]
Cursor = Annotated[str, StringConstraints(max_length=500, pattern=r"^[A-Za-z0-9_-]+$")]
#: RFC 3339: pydantic would take a number for the seconds since 1970 as well.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ].+")


def _written_out(value: object) -> object:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("a moment such as 2026-11-24T09:30:00Z is needed")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Number = Annotated[int, Field(ge=1, le=LARGEST)]


class Paging(BaseModel):
    """How much of a list, and from where on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int = Field(default=USUAL, ge=1, le=MOST, description="Rows of a page.")
    cursor: Cursor | None = Field(default=None, description="`next` of the page before.")


class Time(BaseModel):
    """A time."""

    since: Moment | None = Field(
        default=None,
        description="Published (or first seen) at or after this moment.",
        examples=["2026-11-01T00:00:00Z"],
    )
    until: Moment | None = Field(default=None, description="Published (or first seen) before this moment.")


class About(Time):
    """What articles and quotations are narrowed to."""

    source: Name | None = Field(default=None, description="Name of a source.", examples=["marsa"])
    language: Text | None = Field(default=None, description="BCP 47, such as ar.")
    speaker: Text | None = Field(
        default=None,
        description="Quoting this person: a number, or words of the name; every spelling counts.",
        examples=["سالم الحمداني", "77"],
    )
    hashtag: Text | None = Field(
        default=None, description="With this hashtag, in any spelling, with or without #.", examples=["مرفأ_المرسى"]
    )
    q: Text | None = Field(
        default=None,
        description='Words, in any spelling: "a phrase", -without, one | other, begin*. Newest first.',
        examples=['"مجلس المدينة" -كرة'],
    )

    def wanted(self) -> Wanted:
        """Return them as the store knows them. Raises QueryError where there is nothing to look for in ``q``."""
        known = Wanted.__slots__
        fields: dict[str, Any] = {name: value for name, value in self.model_dump().items() if name in known}
        if self.speaker is not None and self.speaker.isdecimal():
            fields["speaker"] = int(self.speaker)
        if self.q is not None:
            fields["words"] = parse_query(self.q).tsquery()
        return Wanted(**fields)


class Form(BaseModel):
    """In which form the answer comes."""

    format: Literal["json", "jsonl"] | None = Field(
        default=None,
        description="jsonl: all rows, one JSON object a line, streamed; `limit` and `cursor` do not count. "
        "`Accept: application/jsonl` says the same.",
    )


class ArticleFilters(About, Paging, Form):
    """Which articles."""


class FeedFilters(About, Paging):
    """Which articles are in a feed."""


class QuoteFilters(About, Paging, Form):
    """Which quotations."""

    kind: Kind | None = Field(default=None, description="direct or indirect.")
    min_confidence: float | None = Field(default=None, ge=0, le=1, description="At least so sure of the speaker.")


class SpeakerFilters(Paging):
    """Which speakers."""

    name: Text | None = Field(default=None, description="With these words in one of the names, in any spelling.")
    type: SpeakerType | None = Field(default=None, description="What kind of speaker.")


class SourceOfCluster(Paging):
    """Which clusters."""

    source: Name | None = Field(default=None, description="With an article of this source.")


class Top(Time):
    """Of which articles the most frequent are counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Moment | None = Field(
        default=None, description="Articles at or after this moment; by default those of the last seven days."
    )
    source: Name | None = Field(default=None, description="Articles of this source.")
    limit: int = Field(default=20, ge=1, le=MOST, description="How many, the most frequent first.")
