"""Speech that nothing opens: «وقال فلان لقد انتهينا»."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.quotes.cues import Cue
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention
from pipelines.quotes.speaker_types import ORGANISATION
from pipelines.quotes.tokens import WHAT, Reading


@cache
def speech_openers() -> frozenset[str]:
    """Return the words that speech without أن may begin with, surely or perhaps."""
    return _words("speech_openers") | _words("speech_openers_doubtful")


def begins_surely(reading: Reading, at: int, to: int, cue: Cue) -> bool:
    """Whether the word at ``to`` begins what the verb at ``at`` reports: nothing else begins like it."""
    sure = reading.tokens[to].lexeme.text in _words("speech_openers")
    return sure and _may_be_plain(cue) and (to == at + 1 or _somebody_between(reading, at, to) is not None)


def begins_perhaps(reading: Reading, at: int, to: int, cue: Cue) -> bool:
    """Whether the word at ``to`` begins it unless أن, a colon or a mark comes later: «واضاف لكن عدم التصويت»."""
    if reading.tokens[to].lexeme.text not in _words("speech_openers_doubtful") or not _may_be_plain(cue):
        return False
    if at > 0 and reading.tokens[at - 1].lexeme.text in WHAT:
        return False  # «وما يقوله لا يؤثر»
    if to == at + 1:
        return True
    subject = _somebody_between(reading, at, to)
    # One adds and follows things as well: «أضاف البديل هدفا عندما …».
    recurs = reading.counts[reading.tokens[to - 1].lexeme.text] > 1
    return subject is not None and (cue.verb == "قال" or (recurs and subject.name is not None))


def _may_be_plain(cue: Cue) -> bool:
    """Whether a verb can report without أن."""
    return cue.finite and cue.verb in _words("cue_plain")


def _somebody_between(reading: Reading, at: int, to: int) -> Mention | None:
    """Return the person or body the article knows, if nothing else stands between a verb and token ``to``."""
    subject = parse_mention(reading, at + 1, to)
    if subject is None or subject.last != to:
        return None
    named = subject.name is not None and reading.tokens[subject.name.end - 1].lexeme.text in reading.names
    known = named or subject.role is not None or subject.type is ORGANISATION
    return subject if known else None


@cache
def _words(lexicon: str) -> frozenset[str]:
    return frozenset(fold_text(word) for word in load(lexicon))
