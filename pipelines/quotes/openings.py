"""What opens the words that a verb of saying reports: أن, a colon, or a mark."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.quotes.cues import Cue
from pipelines.quotes.kinds import Kind
from pipelines.quotes.speech import MIN_SPEECH
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NO_WORD, Word

#: «كتب:» with so many tokens after it, the colon among them, tells who wrote the article.
MAX_BYLINE = 5


class Opening:
    """What opens the reported words: أن, a colon before unmarked words, or a mark (plain strings, as in CueForm)."""

    CLAUSE = "clause"
    COLON = "colon"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Complement:
    """What a cue reports begins at token ``at``; a subject can stand before token ``subject_limit`` only."""

    opening: str
    at: int
    subject_limit: int


def after_colon(reading: Reading, colon: int, end: int, cue: Cue) -> Complement | None:
    """Return what a colon opens: marks, a clause, or unmarked words."""
    following = reading.tokens[colon + 1] if colon + 1 < end else None
    if following is None:
        return _in_next_paragraph(reading, colon)
    if following.shape is Shape.MARKED:
        return Complement(Opening.MARK, colon + 1, colon)
    if following.word is not None and following.word.complementizer is not None:
        return Complement(Opening.CLAUSE, _past_colon(reading, colon + 2, end), colon)
    byline = cue.verb == "كتب" and end - colon <= MAX_BYLINE  # «كتبت: فلانة الفلاني»
    return None if cue.act or following.word is None or byline else Complement(Opening.COLON, colon + 1, colon)


def _in_next_paragraph(reading: Reading, colon: int) -> Complement | None:
    """Return the marked words that begin the paragraph after a colon that ends its own."""
    following = reading.tokens[colon + 1] if colon + 1 < len(reading.tokens) else None
    if following is None or following.shape is not Shape.MARKED or following.words < MIN_SPEECH:
        return None
    return Complement(Opening.MARK, colon + 1, colon)


def after_complementizer(reading: Reading, at: int, end: int, cue: Cue) -> Complement | None:
    """Return the clause that أن or إن opens, if it completes the cue and nothing else."""
    word, limit = reading.tokens[at].lexeme, at
    before = reading.tokens[at - 1].word
    if word.conjunction or word.preposition == "ك":
        return None
    if before is not None and before.cue is not cue:
        if before.kind & Kind.NAME_PREPOSITION:
            if before.base not in cue.prepositions:
                return None
            limit = at - 1
        elif (before.kind & Kind.NO_COMPLEMENT and not before.cue) or before.kind & Kind.IMPERSONAL:
            return None
        elif word.complementizer == "" and _written(reading, at)[0] != "إ" and _is_governed_noun(reading, at - 1):
            return None  # «على أهمية أن», «حول استحالة أن»
        elif _unknown_verb(before) and _written(reading, at)[0] != "إ" and not _ends_name(reading, at - 1):
            return None  # أن of another verb: «… مما يعني أن»
    start = _past_colon(reading, at + 1, end)
    if start >= end:
        return None
    if cue.act and reading.tokens[start].shape is not Shape.MARKED:
        return None
    return Complement(Opening.CLAUSE, start, limit)


def _is_governed_noun(reading: Reading, at: int) -> bool:
    """Whether a noun of its own that a preposition governs stands before أن, which then completes the noun."""
    word, before = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme if at else NO_WORD
    following = reading.tokens[at + 2].lexeme if at + 2 < len(reading.tokens) else NO_WORD
    noun = not word.kind and word.cue is None and not word.definite and word.text not in reading.names
    return (
        noun
        and not following.definite
        and before.has(Kind.NAME_PREPOSITION | Kind.PREPOSITION)
        and not before.has(Kind.GIVEN_NAME)
    )


def _ends_name(reading: Reading, at: int) -> bool:
    """Whether an unknown word is a family name: behind a first name, or met as a name elsewhere."""
    before = reading.tokens[at - 1].lexeme if at else NO_WORD
    return reading.tokens[at].lexeme.text in reading.names or before.has(Kind.GIVEN_NAME)


def _unknown_verb(word: Word) -> bool:
    """Whether a word of no lexicon looks like an imperfect verb (يعني, تثبت)."""
    return (
        not word.known
        and word.text[:1] in ("ي", "ت")
        and not word.text.endswith(("ه", "ي", "ات"))
        and len(word.text) < 7
    )


def _past_colon(reading: Reading, at: int, end: int) -> int:
    return at + 1 if at < end and reading.tokens[at].shape is Shape.COLON else at


def _written(reading: Reading, at: int) -> str:
    token = reading.tokens[at]
    return reading.text[token.start : token.end]
