"""Whether words in marks are what somebody said, or a name or a term."""

from __future__ import annotations

from pipelines.quotes.kinds import Kind
from pipelines.quotes.tokens import Reading, Shape

#: A marked span of fewer words is taken for a name or term unless the grammar says that it is said.
MIN_SPEECH = 5
#: A marked span of so many words is speech if nothing says that it is a name.
MIN_FRAGMENT = 4
_NAMED_AFTER = Kind.NAME_HEAD | Kind.MEDIA | Kind.ORGANISATION


def is_said(reading: Reading, at: int, end: int, cue: int, transitive: bool) -> bool:
    """Whether the marked span at ``at``, after a cue and without أن or a colon, is what was said."""
    token, before = reading.tokens[at], reading.tokens[at - 1]
    if (
        before.lexeme.kind & Kind.NAME_PREPOSITION
        and token.words < 2 * MIN_SPEECH
        and before.lexeme.text not in ("الي", "علي")
    ):
        return False
    if token.words < 2 or (before.lexeme.preposition == "ل" and token.words < MIN_SPEECH) or is_named(reading, at):
        return False
    if before.lexeme.links:
        return False
    if at == cue + 1:
        return token.words >= MIN_SPEECH or not _complement_follows(reading, at, end)
    if token.words < MIN_SPEECH:
        return not transitive and _ends_there(reading, at)
    return token.words > 2 * MIN_SPEECH or not _complement_follows(reading, at, end)


def _ends_there(reading: Reading, at: int) -> bool:
    """Whether a short marked span ends its clause: then it is rather what was said than a name."""
    following = reading.tokens[at + 1] if at + 1 < len(reading.tokens) else None
    if reading.tokens[at].words < MIN_FRAGMENT - 1:
        return False
    return following is None or following.shape in (Shape.STOP, Shape.COMMA) or following.lexeme.cue is not None


def is_named(reading: Reading, at: int) -> bool:
    """Whether the word before a marked span makes it a name or a term (فيلم «…»، لقناة «…»)."""
    if at == 0 or reading.tokens[at].words > 2 * MIN_SPEECH:
        return False
    before = reading.tokens[at - 1].lexeme
    if before.definite and reading.tokens[at].words >= MIN_SPEECH:
        return False  # «في الموقع "…"» names nothing
    return before.has(_NAMED_AFTER) or (
        before.text in ("ل", "ب", "بال", "ال") and reading.tokens[at].words < MIN_SPEECH
    )


def _complement_follows(reading: Reading, at: int, end: int) -> bool:
    after = reading.tokens[at + 1] if at + 1 < end else None
    if after is not None and after.shape is Shape.COMMA and reading.tokens[at].words >= MIN_SPEECH:
        return False  # what was said is over
    for token in reading.tokens[at + 1 : min(end, at + 16)]:
        if token.shape is Shape.MARKED or token.shape is Shape.STOP:
            return token.shape is Shape.MARKED and token.words >= MIN_SPEECH
        if token.word is not None and token.word.complementizer is not None and not token.word.conjunction:
            return True
    return False
