"""How sure a quotation is: the share of its rule that was right, span and speaker, on labelled articles."""

from __future__ import annotations

from pipelines.model import QuoteKind, SpeakerType
from pipelines.quotes.members import Member
from pipelines.quotes.reports import Report

#: Counted over the labelled articles, rounded towards one half where few were seen.
_DIRECT = {
    "verb-subject": 0.96,
    "implied": 0.94,
    "subject-verb": 0.92,
    "participle": 0.91,
    "relay": 0.92,
    "source-after": 0.92,
    "source-first": 0.92,
    "document": 0.91,
    "spokesman": 0.85,
    "noun": 0.9,
    "verb-after": 0.9,
    "same-breath": 0.85,
    "label": 0.8,
    "name-after": 0.8,
    "paragraph": 0.8,
    "cue-in-sentence": 0.75,
    "subject-colon": 0.75,
    "marks-only": 0.4,
}
_INDIRECT = {
    "verb-subject": 0.9,
    "implied": 0.8,
    "subject-verb": 0.85,
    "participle": 0.88,
    "relay": 0.92,
    "source-after": 0.92,
    "source-first": 0.92,
    "document": 0.88,
    "spokesman": 0.85,
    "noun": 0.85,
}
#: A rule that is in neither table.
_UNKNOWN = 0.7
#: What is left of it when nobody could be named.
_NO_SPEAKER = 0.5
#: What is left of it when the speaker is a role whose holder the article never names, or a word never introduced.
_DOUBTFUL_SPEAKER = 0.9


def confidence(report: Report, member: Member | None) -> float:
    """Return how likely ``report`` is right in span and speaker, between 0 and 1."""
    table = _DIRECT if report.kind is QuoteKind.DIRECT else _INDIRECT
    base = table.get(report.rule, _UNKNOWN)
    if member is None:
        return base * _NO_SPEAKER
    if member.type is SpeakerType.PERSON and (not member.named or (member.role is None and len(member.keys) == 1)):
        return base * _DOUBTFUL_SPEAKER
    return base
