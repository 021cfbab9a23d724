"""Who said what: the quotations of an Arabic article, with their speakers.

::

    text -> read (words, marks, sentences) -> reports (what was said, grammar's subject) -> speakers (who that is)
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Quote, QuoteKind, Span
from pipelines.quotes.cast import Cast
from pipelines.quotes.confidence import confidence
from pipelines.quotes.found import Report
from pipelines.quotes.reading import read
from pipelines.quotes.reports import find_cued
from pipelines.quotes.sourced import find_sourced
from pipelines.quotes.speakers import Attribution
from pipelines.quotes.unclaimed import find_labelled, find_told_after, find_unclaimed

#: No article is longer; what comes after is not read, so that hostile text costs a bounded time.
MAX_LENGTH = 100_000


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Return the quotations of ``text`` in order, direct and indirect.

    Spans are code-point offsets into ``text``: ``quote.span.of(text)`` is what was said, without its marks. A direct
    quotation may stand inside an indirect one. Does not guess: a speaker whom the article does not name is ``None``.
    Never raises for any text.
    """
    reading = read(text[:MAX_LENGTH])
    cast = Cast(reading)
    reading = replace(reading, names=cast.names)
    found = find_cued(reading)
    find_sourced(reading, found)
    find_unclaimed(reading, found)
    find_labelled(reading, found)
    find_told_after(reading, found)
    attribution = Attribution(reading, found, cast)
    resolved = [
        (report, *attribution.speaker_of(report)) for report in sorted(_distinct(found.reports), key=_by_position)
    ]
    return tuple(
        Quote(
            kind=report.kind,
            span=report.span,
            cue=report.cue_span,
            speaker=member.speaker(mention) if member else None,
            confidence=confidence(report, member),
            rule=report.rule,
        )
        for report, member, mention in resolved
    )


def _by_position(report: Report) -> tuple[int, int, int]:
    return report.span.start, -report.span.end, report.at


def _distinct(reports: list[Report]) -> list[Report]:
    """Keep one report for each span of each kind, and no indirect report inside another."""
    kept: dict[tuple[QuoteKind, Span], Report] = {}
    for report in reports:
        kept.setdefault((report.kind, report.span), report)
    return list(kept.values())
