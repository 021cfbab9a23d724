"""What the API answers: one model for each thing, frozen, each field described.

Moments are in UTC. Spans are half-open ranges of code points in the article's ``text``, so ``text[start:end]`` is what
they cover. ``null`` means that it is not known, never that something failed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from crawler.web.api import examples

Item = TypeVar("Item")

Kind = Literal["direct", "indirect"]
SpeakerType = Literal["person", "organisation", "media", "document", "unnamed"]
Start = Annotated[int, Field(description="First code point in the article's text.")]
End = Annotated[int, Field(description="Code point after the last one.")]
SourceName = Annotated[str, Field(description="Name of the source.")]
At = Annotated[datetime, Field(description="When it was published, or first seen where the page does not say.")]


class Model(BaseModel):
    """What all have in common."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Listing(Model, Generic[Item]):
    """A page of a list."""

    items: list[Item] = Field(description="In the order of the list.")
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class ArticleLine(Model):
    """An article in a list, without its text."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ARTICLE_LINE]})

    id: int = Field(description="Its number here.")
    source: SourceName
    url: str = Field(description="Canonical address.")
    title: str | None = Field(description="As the newsroom wrote it.")
    authors: list[str]
    published_at: datetime | None = Field(description="As the page says.")
    modified_at: datetime | None = Field(description="As the page says.")
    first_seen_at: datetime = Field(description="When it was first stored.")
    updated_at: datetime = Field(description="When this version of it was first seen.")
    at: At
    section: str | None
    language: str | None = Field(description="BCP 47.")
    image: str | None = Field(description="Address of its picture.")
    keywords: list[str] = Field(description="Keywords of the page.")
    hashtags: list[str] = Field(description="As written.")
    quotes: int = Field(description="How many quotations it has.")
    version: int = Field(description="1, and one more for each change of the newsroom or of our rules.")
    length: int = Field(description="Code points of the text.")
    cluster_id: int | None = Field(description="Cluster of copies that it is in.")
    duplicate_of: int | None = Field(description="The article that it is a copy of, the earliest of its cluster.")


class ArticleWithText(ArticleLine):
    """An article with its text: a line of a stream."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ARTICLE_WITH_TEXT]})

    text: str = Field(description="Paragraphs joined by a blank line, spelling untouched.")


class Hashtag(Model):
    """A hashtag in an article."""

    tag: str = Field(description="As written.")
    key: str = Field(description="Folded, for counting.")
    origin: Literal["body", "title", "embed", "keywords"] = Field(description="Where it stands.")
    start: int | None = Field(description="First code point in the text; null when it is not in the text.")
    end: int | None = Field(description="Code point after the last one.")


class Quote(Model):
    """A quotation, with who is quoted and how sure that is."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.QUOTE]})

    article_id: int
    position: int = Field(description="0-based, in reading order of the article.")
    source: SourceName
    url: str = Field(description="Address of the article.")
    title: str | None = Field(description="Title of the article.")
    at: At
    kind: Kind = Field(description="direct: between marks; indirect: reported.")
    text: str = Field(description="The words, without their marks.")
    start: Start
    end: End
    cue: str | None = Field(description="The word or phrase of saying.")
    speaker_id: int | None = Field(description="Number of the person, the same under every spelling.")
    speaker: str | None = Field(description="Name of the person; null when the article does not say who spoke.")
    speaker_type: SpeakerType | None
    speaker_written: str | None = Field(description="The name as this article has it.")
    role: str | None = Field(description="Role or title in this article.")
    confidence: float = Field(description="In [0, 1]: how likely the speaker is right.")
    rule: str = Field(description="Name of the rule that found it.")


class Removed(Model):
    """A block that was taken out of the page."""

    text: str
    reason: str = Field(description="Name of the rule that did it.")


class Copy(Model):
    """An article of a cluster of copies."""

    article_id: int
    source: SourceName
    title: str | None
    url: str
    at: At
    head: bool = Field(description="Whether it is the earliest.")
    exact: bool = Field(description="Whether it has the same words as the article by which it joined.")
    likeness: float = Field(description="In [0, 1], to the article by which it joined.")
    length: int = Field(description="Code points of its text.")


class Article(ArticleWithText):
    """An article with everything that was found in it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ARTICLE]})

    site_name: str | None = Field(description="What the site calls itself.")
    last_seen_at: datetime = Field(description="When it was last looked at.")
    tags: list[Hashtag] = Field(description="Its hashtags, with where they stand.")
    quotations: list[Quote]
    copies: list[Copy] = Field(description="Its cluster, the earliest first; empty when there is no copy.")
    removed: list[Removed] = Field(description="What the page had beside the article.")


class Version(Model):
    """One version of an article."""

    version: int
    title: str | None
    text: str
    authors: list[str]
    seen_at: datetime = Field(description="When it was first seen.")
    replaced_at: datetime | None = Field(description="When the next one was seen; null for the present one.")
    replaced_by: Literal["page", "rules"] | None = Field(description="The newsroom's change, or better rules of ours.")


class SpeakerLine(Model):
    """A person, or another speaker, in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SPEAKER_LINE]})

    id: int
    name: str
    type: SpeakerType
    quotes: int = Field(description="How many quotations.")
    articles: int = Field(description="In how many articles.")
    spellings: int = Field(description="Under how many spellings.")


class Spelling(Model):
    """A name that a person is quoted under."""

    id: int
    name: str
    quotes: int


class Role(Model):
    """A role that a person was quoted in."""

    role: str
    quotes: int
    first: datetime
    last: datetime


class QuotedBy(Model):
    """A source that quotes a person."""

    source: SourceName
    quotes: int
    articles: int


class Speaker(Model):
    """A person, or another speaker, with all that is known."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SPEAKER]})

    id: int
    name: str
    type: SpeakerType
    spellings: list[Spelling] = Field(description="Most quoted first.")
    roles: list[Role] = Field(description="In order of time.")
    quoted_by: list[QuotedBy] = Field(description="Who quotes most comes first.")


class HashtagLine(Model):
    """A hashtag in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HASHTAG_LINE]})

    key: str = Field(description="Folded, for counting.")
    tag: str = Field(description="As most often written.")
    articles: int = Field(description="In how many articles.")


class Day(Model):
    """A day (UTC) and its articles."""

    day: date
    articles: int


class HashtagDetails(HashtagLine):
    """A hashtag, when it was used and beside which others."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HASHTAG]})

    days: list[Day] = Field(description="Of the last 90 days, those with any.")
    company: list[HashtagLine] = Field(description="Hashtags of the same articles, among the newest 1,000 of them.")


class ClusterLine(Model):
    """A cluster of copies of one story, in one source or in several."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLUSTER]})

    id: int
    head: int = Field(description="Number of the earliest article.")
    title: str | None = Field(description="Its title.")
    source: SourceName
    at: At
    articles: int
    sources: int
    grew_at: datetime = Field(description="When the last copy was found.")


class Cluster(ClusterLine):
    """A cluster with its articles."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLUSTER_WITH_MEMBERS]})

    members: list[Copy] = Field(description="The earliest first.")
