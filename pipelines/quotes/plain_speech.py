"""Speech that nothing opens: «وقال فلان لقد انتهينا»."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.model import SpeakerType
from pipelines.quotes.cues import Cue
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.tokens import WHAT, Reading


@cache
def speech_openers() -> frozenset[str]:
    """Return the words that speech without أن may begin with, surely or perhaps."""
    return _words("speech_openers") | _words("speech_openers_doubtful")


def begins_surely(reading: Reading, at: int, to: int, cue: Cue) -> bool:
    """Whether the word at ``to`` begins what the verb at ``at`` reports: nothing else begins like it."""
    return reading.tokens[to].lexeme.text in _words("speech_openers") and _may_be_plain(reading, at, to, cue)


def begins_perhaps(reading: Reading, at: int, to: int, cue: Cue) -> bool:
    """Whether the word at ``to`` begins it unless أن, a colon or a mark comes later: «واضاف لكن عدم التصويت»."""
    of_what = at > 0 and reading.tokens[at - 1].lexeme.text in WHAT  # «وما يقوله لا يؤثر»
    doubtful = reading.tokens[to].lexeme.text in _words("speech_openers_doubtful")
    return doubtful and not of_what and _may_be_plain(reading, at, to, cue)


def _may_be_plain(reading: Reading, at: int, to: int, cue: Cue) -> bool:
    """Whether a verb can report without أن, with nothing but its subject before what is said."""
    return cue.finite and cue.verb in _words("cue_plain") and _somebody_between(reading, at, to)


def _somebody_between(reading: Reading, at: int, to: int) -> bool:
    """Whether nothing, or somebody the article knows, stands between a verb and what may be said without أن."""
    if to == at + 1:
        return True
    subject = parse_mention(reading, at + 1, to)
    if subject is None or subject.last != to:
        return False
    named = subject.name is not None and reading.tokens[subject.name.end - 1].lexeme.text in reading.names
    return named or subject.role is not None or subject.type is SpeakerType.ORGANISATION


@cache
def _words(lexicon: str) -> frozenset[str]:
    return frozenset(fold_text(word) for word in load(lexicon))
