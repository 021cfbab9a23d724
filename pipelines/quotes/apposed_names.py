"""Names that stand apart from the role they belong to: behind a comma, or at the end of the phrase."""

from __future__ import annotations

from pipelines.model import Span
from pipelines.quotes.kinds import Kind
from pipelines.quotes.personal_names import find_name
from pipelines.quotes.phrases import is_manner, over_abbreviation
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NO_WORD, Word

#: A name between commas at the end of a subject is not longer, in words.
MAX_APPOSED = 4


def name_after_comma(reading: Reading, at: int, limit: int, bounded: bool) -> Span | None:
    """«رئيس الجهاز، فلان الفلاني، إن»: a name in apposition, closed by a comma or by what was said."""
    tokens = reading.tokens
    if at + 1 >= limit or tokens[at].shape is not Shape.COMMA:
        return None
    start = at + 1
    word = tokens[start].word
    while word is not None and start + 1 < limit and (word.kind & Kind.HONORIFIC or _introduces(reading, start)):
        start = over_abbreviation(tokens, start + 1, limit)
        word = tokens[start].word if start < limit else None
    if (
        word is None
        or (word.definite and word.text not in reading.names)
        or word.conjunction
        or (word.preposition and not word.kind & Kind.GIVEN_NAME)
    ):
        return None
    if word.known and not word.kind & (Kind.GIVEN_NAME | Kind.ROLE_ADJECTIVE):
        return None
    following = tokens[start + 1].lexeme if start + 1 < limit else NO_WORD
    name = find_name(reading, start, limit)
    verb = not bounded and not word.known and following.kind & Kind.GIVEN_NAME
    if verb and (name is None or name.end >= limit or tokens[name.end].shape is not Shape.COMMA):
        return None
    if name is None or (not bounded and not word.known and name.end - name.start < 2):
        return None
    after = tokens[name.end].lexeme if name.end < limit else NO_WORD
    apart = after.kind & (Kind.NAME_PREPOSITION | Kind.PREPOSITION | Kind.TIME) or after.preposition == "ل"
    titled = start > at + 1 and tokens[start - 1].lexeme.kind & Kind.HONORIFIC
    if after.text and not (apart and (bounded or titled or tokens[name.start].lexeme.kind & Kind.GIVEN_NAME)):
        return None
    return name


def _introduces(reading: Reading, at: int) -> bool:
    """Whether a definite word right before a name says what its bearer is: «، الصربي دراغان …»، «، المخرجة صفاء …»."""
    word = reading.tokens[at].lexeme
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    what = word.has(Kind.TITLE) or (not word.kind and word.base.endswith(("ي", "يه")))
    named = not following.known or following.has(Kind.GIVEN_NAME)
    return word.definite and what and bool(following.text) and not following.definite and named


def name_at_end(reading: Reading, at: int, limit: int) -> Span | None:
    """«مدير المكتب، في المدينة، فلان الفلاني: …»: a name that ends where the subject must end."""
    for first in range(at, limit):
        if reading.tokens[first].lexeme.has(Kind.RELATIVE):
            return None  # «في التغريدة التي انتقد فيها اللاعب فلان الفلاني: …»
        word, before = reading.tokens[first].lexeme, reading.tokens[first - 1].lexeme
        described = word.text.startswith("ال") and before.definite  # «بالجامع الأزهر»
        if word.kind & Kind.GIVEN_NAME and not reading.tokens[first].aside and not described:
            name = find_name(reading, first, limit)
            return name if name and name.end == limit else None
    return _name_in_last_commas(reading, at, limit)


def _name_in_last_commas(reading: Reading, at: int, limit: int) -> Span | None:
    """«عضو المجلس العراقي، رئيس اللجنة النيابية، نامت الخزرجي، أن»: nothing but unknown words, as a name may be."""
    tokens = reading.tokens
    last = limit - (limit > at and tokens[limit - 1].shape is Shape.COMMA)
    first = last
    while first > at and tokens[first - 1].shape is not Shape.COMMA:
        first -= 1
    words = [token.lexeme for token in tokens[first:last]]
    if first <= at or not 2 <= len(words) <= MAX_APPOSED or words[0].definite or is_manner(words[0]):
        return None
    return Span(first, last) if all(map(_may_be_named, words)) else None


def _may_be_named(word: Word) -> bool:
    """Whether nothing speaks against a word in a name: no lexicon knows it as anything else, and nothing is glued."""
    if word.kind & ~(Kind.GIVEN_NAME | Kind.NAME_PARTICLE) or word.cue is not None or not word.text:
        return False
    return not (word.accusative or word.possessed or word.preposition or word.conjunction or word.complementizer == "")
