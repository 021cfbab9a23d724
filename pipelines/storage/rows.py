"""What is written, as rows: each function turns one object of the line into the parameters of a query."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from pipelines.arabic import fold_text
from pipelines.concealing import conceal
from pipelines.dedup import sketch
from pipelines.model import Article, FeedEntry, Hashtag, Quote, Span
from pipelines.search.words import EDITION, article_vector, labels, search_vector
from pipelines.storage.compression import compress
from pipelines.versions import Said, changed_quotes

if TYPE_CHECKING:
    from pipelines.storage.store import Settled


def content_hash(article: Article) -> bytes:
    """Return the hash that says whether an article changed: of what readers see of it."""
    seen = "\0".join((article.title or "", article.text, *article.authors))
    return hashlib.sha256(seen.encode("utf-8", "surrogatepass")).digest()


def signed(fingerprint: int) -> int:
    """Return an unsigned 64-bit number as Postgres' ``bigint`` holds it."""
    return fingerprint - (1 << 64) if fingerprint >= 1 << 63 else fingerprint


def article_row(settled: Settled) -> dict[str, Any]:
    """Return the columns of an article; only for what holds one."""
    article = settled.article
    assert article is not None  # noqa: S101 -- the type checker's: only articles come here
    return {
        "source_id": settled.source_id,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "section": article.section,
        "image": article.image,
        "site_name": article.site_name,
        "language": article.language,
        "keywords": list(article.keywords),
        "fingerprint": signed(article.fingerprint),
        "content_hash": content_hash(article),
        "removed": Jsonb([{"text": block.text, "reason": block.reason} for block in article.removed]),
        "seen_at": settled.seen_at,
        "cause": settled.cause,
    }


def sketch_row(article_id: int, text: str, known: Sequence[int] = ()) -> dict[str, Any]:
    """Return the sketch of an article, as Postgres reads an array; usually the analysis has made it already."""
    hashes = (str(signed(each)) for each in known or sketch(text))
    return {"article_id": article_id, "hashes": f"{{{','.join(hashes)}}}"}


def words_row(article_id: int, article: Article) -> dict[str, Any]:
    """Return what of an article is searched; usually the analysis has made it already."""
    found = article.words or article_vector(
        article.title, article.text, labels(article.hashtags, article.keywords, article.authors)
    )
    return {"article_id": article_id, "words": found, "edition": EDITION}


def page_rows(article_id: int, settled: Settled) -> list[dict[str, Any]]:
    """Return the pages of an article, compressed, a row for each part; none for an article without a page."""
    page = settled.page
    if page is None:
        return []
    bodies = (page.body, *page.parts)
    return [
        {
            "article_id": article_id,
            "part": part,
            "last": part == len(bodies) - 1,
            "url": page.url,
            "charset": page.charset,
            "body": compress(body),
            "fetched_at": page.fetched_at,
            "headers": Jsonb(page.headers),
            "sha256": hashlib.sha256(body).digest(),
        }
        for part, body in enumerate(bodies)
    ]


def trace_row(article_id: int, settled: Settled) -> dict[str, Any]:
    """Return how an article was found, as JSON has it; only for what holds one."""
    assert settled.article is not None  # noqa: S101 -- the type checker's: only articles come here
    trace = settled.article.trace
    return {
        "article_id": article_id,
        "source_id": settled.source_id,
        "seen_at": settled.seen_at.isoformat(),
        "containers": list(trace.containers),
        "used": trace.used,
        "drift": trace.drift,
        "passages": list(trace.passages),
        "taken": list(trace.taken),
        "kept": list(trace.kept),
        "rules_version": trace.rules_version,
    }


def entry_of_claims(claims: dict[str, Any]) -> FeedEntry:
    """Return an entry as its feed made it, from how the frontier keeps it."""
    fields = dict(claims)
    for name in ("published_at", "updated_at"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields.get(name) else None
    for name in ("authors", "tags"):
        fields[name] = tuple(fields.get(name) or ())
    return FeedEntry(**fields)


def columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return rows of one kind as columns: many are then written by one statement, a fraction of the work of many."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def article_columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return articles as columns; what each has several of goes as JSON: arrays of Postgres' have one length."""
    lists = ("authors", "keywords")
    return columns([{**row, **{name: Jsonb(row[name]) for name in lists}} for row in rows])


def hashtag_row(article_id: int, tag: Hashtag) -> dict[str, Any]:
    """Return the columns of a hashtag of an article."""
    return {"article_id": article_id, "key": tag.key, "tag": tag.tag, "origin": tag.origin, "span": _range(tag.span)}


def quote_row(article_id: int, position: int, quote: Quote, text: str, words: str = "") -> dict[str, Any]:
    """Return the columns of a quotation and of its speaker; the analysis has usually made its ``words`` already."""
    speaker = quote.speaker
    return {
        "article_id": article_id,
        "position": position,
        "kind": quote.kind,
        "text": quote.span.of(text),
        "speaker_key": fold_text(speaker.name) if speaker else None,
        "speaker_type": speaker.type if speaker else None,
        "speaker_name": speaker.name if speaker else None,
        "role": speaker.role if speaker else None,
        "confidence": quote.confidence,
        "rule": quote.rule,
        "span": _range(quote.span),
        "cue": _range(quote.cue),
        "mention": _range(speaker.mention if speaker else None),
        "words": words or search_vector([(quote.span.of(text), "")]),
    }


def quote_change_rows(row: dict[str, Any], settled: Settled, before: Sequence[Said]) -> list[dict[str, Any]]:
    """Return which quotations of the version that an article had ``before`` are not what they were."""
    article = settled.article
    assert article is not None  # noqa: S101 -- the type checker's: only articles come here
    after = [Said(q.span.of(article.text), q.speaker.name if q.speaker else None) for q in article.quotes]
    return [
        {
            "article_id": row["id"],
            "position": position,
            "change": changed.change,
            "cause": settled.cause,
            "before": changed.before.text,
            "after": changed.after.text if changed.after else None,
            "speaker": changed.before.speaker,
            "new_speaker": changed.after.speaker if changed.after else None,
            "seen_at": settled.seen_at,
        }
        for position, changed in enumerate(changed_quotes(before, after, article.text))
    ]


def _range(span: Span | None) -> str | None:
    """Return a span as Postgres reads an ``int4range``."""
    return f"[{span.start},{span.end})" if span else None


def entry_row(settled: Settled, article_id: int | None) -> dict[str, Any]:
    """Return what an entry is settled with."""
    return {
        "entry_id": settled.entry_id,
        "content_hash": settled.entry_hash,
        "state": "rejected" if settled.rejection else "stored",
        "reason": settled.rejection.reason if settled.rejection else None,
        "article_id": article_id,
        "seen_at": settled.seen_at,
    }


def quarantine_row(settled: Settled) -> dict[str, Any]:
    """Return the columns of a rejection; only for what holds one."""
    assert settled.rejection is not None  # noqa: S101 -- the type checker's: only rejections come here
    page = settled.page
    return {
        "source_id": settled.source_id,
        "entry_id": settled.entry_id,
        "url": settled.url,
        "reason": settled.rejection.reason,
        "detail": conceal(settled.rejection.detail.replace("\0", "")),
        "charset": page.charset if page else None,
        "headers": Jsonb(page.headers if page else []),
        "body": compress(page.body) if page else None,
        "fetched_at": settled.seen_at,
    }
