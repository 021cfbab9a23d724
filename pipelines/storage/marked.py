"""An article with its quotations as they are stored, to be marked in its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from pipelines.model import Article, Quote, QuoteKind, Span, Speaker, SpeakerType
from pipelines.storage.sql import load_queries

SQL = load_queries("pipelines.storage", "marked.sql")


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article to be marked; ``speakers`` are their numbers by their names.

    ``outlet`` is what readers call its source, ``timezone`` where those are (IANA).
    """

    article: Article
    speakers: Mapping[str, int]
    outlet: str
    timezone: str


async def marked_article(pool: AsyncConnectionPool, article_id: int) -> MarkedArticle | None:
    """Return an article with its quotations; ``None`` when there is none of that number."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        found = await (await cursor.execute(SQL["text_of_article"], {"id": article_id})).fetchone()
        if found is None:
            return None
        rows = await (await cursor.execute(SQL["quotes_with_places"], {"id": article_id})).fetchall()
    zone, outlet = found.pop("timezone"), found.pop("outlet")
    article = Article(**found, quotes=tuple(_quote(row) for row in rows))
    speakers = {row["speaker"]: row["speaker_id"] for row in rows if row["speaker"]}
    return MarkedArticle(article, speakers, outlet, zone)


def _quote(row: Mapping[str, Any]) -> Quote:
    speaker = None
    if row["speaker"] is not None:
        mention = _span(row["mention_start"], row["mention_end"])
        speaker = Speaker(row["speaker"], SpeakerType(row["speaker_type"]), row["role"], mention)
    return Quote(
        QuoteKind(row["kind"]),
        Span(row["start"], row["end"]),
        _span(row["cue_start"], row["cue_end"]),
        speaker,
        row["confidence"],
        row["rule"],
    )


def _span(start: int | None, end: int | None) -> Span | None:
    return Span(start, end) if start is not None and end is not None else None
