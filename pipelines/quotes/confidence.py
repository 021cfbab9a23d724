"""How sure a quotation is: the share of its rule that was right, span and speaker, on labelled articles."""

from __future__ import annotations

from pipelines.model import QuoteKind
from pipelines.quotes.found import Report
from pipelines.quotes.members import Member
from pipelines.quotes.speaker_types import PERSON

#: Counted over 1,300 labelled quotations, a fifth of which the rules had never seen; rounded down where few were.
_DIRECT = {
    "verb-subject": 0.9,
    "subject-verb": 0.9,
    "participle": 0.88,
    "relay": 0.85,
    "source-after": 0.9,
    "source-first": 0.9,
    "document": 0.85,
    "spokesman": 0.85,
    "noun": 0.8,
    "verb-after": 0.9,
    "implied": 0.85,
    "same-breath": 0.8,
    "label": 0.85,
    "name-after": 0.85,
    "paragraph": 0.8,
    "subject-colon": 0.75,
    "cue-in-sentence": 0.6,
    "subject-marks": 0.6,
    "marks-only": 0.4,
}
_INDIRECT = {
    "verb-subject": 0.88,
    "subject-verb": 0.75,
    "participle": 0.87,
    "relay": 0.8,
    "source-after": 0.82,
    "source-first": 0.9,
    "document": 0.85,
    "spokesman": 0.85,
    "noun": 0.75,
    "implied": 0.8,
    "label": 0.8,
}
#: The names of all rules.
RULE_NAMES = frozenset(_DIRECT) | frozenset(_INDIRECT)
#: A rule that is in neither table.
_UNKNOWN = 0.7
#: Words in marks whose speaker the verb itself names, and who is known by first name, last name and role.
_SURE_RULES = frozenset({"verb-subject", "subject-verb", "verb-after", "source-after", "source-first", "label"})
_SURE, _NEARLY_SURE = 0.96, 0.95
#: What is left when nobody could be named; when the holder of a role is never named or a word was never introduced.
_NO_SPEAKER, _DOUBTFUL_SPEAKER = 0.5, 0.8


def confidence(report: Report, member: Member | None) -> float:
    """Return how likely ``report`` is right in span and speaker, between 0 and 1.

    Above 0.9 stand only those of which at least 95 % were right.
    """
    direct = report.kind is QuoteKind.DIRECT
    base = (_DIRECT if direct else _INDIRECT).get(report.rule, _UNKNOWN)
    if member is None:
        return base * _NO_SPEAKER
    if member.type is not PERSON:
        return base
    if not member.named or (member.role is None and len(member.keys) == 1):
        return base * _DOUBTFUL_SPEAKER
    if direct and member.role is not None and len(member.keys) == 2:
        return _SURE if report.rule in _SURE_RULES else _NEARLY_SURE if report.rule == "participle" else base
    return base
