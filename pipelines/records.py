"""The contract of ``rawi analyse``: one JSON record in, one JSON record out.

::

    in   {"id": "1", "url": "https://...", "html": "..."}   or   {"id": "1", "text": "..."}
         optional: "feed_title", "published_at" (the feed's claims), "fetched_at", "timezone", "source" (by whose
         rules it is read), "parts" (the HTML of the pages that continue the article)
    out  {"id", "url", "title", "authors", "author", "published_at", "modified_at", "section", "image", "language",
          "keywords", "text", "hashtags", "quotes", "removed"}
    bad  {"id": "1", "error": "what is wrong", "reason": "a-slug"}

Datetimes are ISO 8601; offsets count code points of the ``text`` that comes out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pipelines.analyse import analyse, analyse_text
from pipelines.errors import PageRejected
from pipelines.model import Article, FeedEntry, Hashtag, Page, Quote, SourceRules, Span

_NO_RULES: Mapping[str, SourceRules] = {}


class Answer(NamedTuple):
    """One line of JSON, and whether it holds an article (or else an error)."""

    line: str
    good: bool


@dataclass(frozen=True, slots=True)
class Job:
    """Some lines to answer.

    ``now`` stands in for a missing ``fetched_at``, for dates such as «منذ ساعتين»; ``rules`` are those of the sources
    that the lines name. ``None`` is a line that was too long to be held.
    """

    lines: tuple[bytes | None, ...]
    now: datetime
    rules: Mapping[str, SourceRules] = field(default_factory=dict)


def analyse_lines(job: Job) -> list[Answer]:
    """Answer each line of ``job`` with one line of JSON, in the same order.

    Never raises for what a line says: a bad one is answered with an ``error``.
    """
    return [analyse_line(line, job.now, job.rules) for line in job.lines]


def analyse_line(line: bytes | None, now: datetime, rules: Mapping[str, SourceRules] = _NO_RULES) -> Answer:
    """Answer one line; see :func:`analyse_lines`."""
    if line is None:
        return bad_record(None, "too-long", "the line is too long")
    try:
        record = json.loads(line)
    except ValueError as error:  # also UnicodeDecodeError; a RecursionError is answered below
        return bad_record(None, "not-json", f"not a line of JSON: {error}")
    except RecursionError:
        return bad_record(None, "not-json", "nested too deeply")
    if not isinstance(record, dict):
        return bad_record(None, "not-an-object", "expected a JSON object with an id and html or text")
    identifier = record.get("id")
    try:
        article = _analyse(record, now, rules)
    except PageRejected as verdict:
        return bad_record(identifier, verdict.reason, verdict.detail or verdict.reason)
    return Answer(_line({"id": identifier, **article_record(article)}), good=True)


def bad_record(identifier: object, reason: str, error: str) -> Answer:
    """Return the answer to a record that could not be analysed."""
    return Answer(_line({"id": identifier, "error": error, "reason": reason}), good=False)


def article_record(article: Article) -> dict[str, Any]:
    """Return an article as the JSON object of the contract, without its ``id``."""
    return {
        "url": article.url or None,
        "title": article.title,
        "authors": list(article.authors),
        "author": "، ".join(article.authors) or None,
        "published_at": _iso(article.published_at),
        "modified_at": _iso(article.modified_at),
        "section": article.section,
        "image": article.image,
        "language": article.language,
        "keywords": list(article.keywords),
        "text": article.text,
        "hashtags": [_hashtag(tag) for tag in article.hashtags],
        "quotes": [_quote(quote, article.text) for quote in article.quotes],
        "removed": [{"text": block.text, "reason": block.reason} for block in article.removed],
    }


def _analyse(record: dict[str, Any], now: datetime, rules: Mapping[str, SourceRules]) -> Article:
    text, html = _string(record, "text"), _string(record, "html")
    if text is not None:
        return analyse_text(text)
    if html is None:
        raise PageRejected("bad-record", "neither html nor text in the record")
    url = _string(record, "url") or ""
    return analyse(
        Page(
            url=url,
            body=html.encode("utf-8", "replace"),
            charset="utf-8",
            fetched_at=_datetime(record, "fetched_at") or now,
            entry=FeedEntry(
                url=url,
                title=_string(record, "feed_title"),
                published_at=_datetime(record, "published_at"),
            ),
            rules=_rules(record, rules),
            parts=tuple(part.encode("utf-8", "replace") for part in _strings(record, "parts")),
        )
    )


def _rules(record: dict[str, Any], known: Mapping[str, SourceRules]) -> SourceRules:
    source, timezone = _string(record, "source") or "", _string(record, "timezone")
    rules = known.get(source) or SourceRules(source=source)
    return replace(rules, timezone=timezone) if timezone else rules


def _line(record: dict[str, Any]) -> str:
    # JSON can carry half a surrogate pair, which UTF-8 cannot; one code point for one keeps the offsets true.
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _string(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value
    raise PageRejected("bad-record", f"{name} must be a string, not {type(value).__name__}")


def _strings(record: dict[str, Any], name: str) -> list[str]:
    value = record.get(name) or []
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    raise PageRejected("bad-record", f"{name} must be a list of strings")


def _datetime(record: dict[str, Any], name: str) -> datetime | None:
    value = _string(record, name)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PageRejected("bad-record", f"{name} is not an ISO 8601 date: {value[:40]!r}") from error


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _hashtag(hashtag: Hashtag) -> dict[str, Any]:
    return {"tag": hashtag.tag, "key": hashtag.key, "origin": hashtag.origin, **_ends(hashtag.span)}


def _quote(quote: Quote, text: str) -> dict[str, Any]:
    speaker = quote.speaker
    return {
        "kind": quote.kind,
        **_ends(quote.span),
        "text": quote.span.of(text),
        "cue": quote.cue.of(text) if quote.cue else None,
        "speaker": speaker.name if speaker else None,
        "speaker_role": speaker.role if speaker else None,
        "speaker_type": speaker.type if speaker else None,
        "speaker_mention": speaker.mention.of(text) if speaker and speaker.mention else None,
        "confidence": round(quote.confidence, 3),
        "rule": quote.rule,
    }


def _ends(span: Span | None) -> dict[str, int | None]:
    return {"start": span.start if span else None, "end": span.end if span else None}
