"""Who a sentence is about by its word order, whether it reports anything or not."""

from __future__ import annotations

from pipelines.model import Span
from pipelines.quotes.bodies import read_marked_name
from pipelines.quotes.kinds import Kind
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention
from pipelines.quotes.speaker_types import PERSON
from pipelines.quotes.subjects import MAX_RELATIVE
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import Word

#: What a sentence may begin with, or its verb be followed by, that is its subject.
_OPENING_HEADS = (
    Kind.TITLE
    | Kind.HONORIFIC
    | Kind.ORGANISATION
    | Kind.MEDIA
    | Kind.DOCUMENT
    | Kind.GIVEN_NAME
    | Kind.PLACE
    | Kind.UNNAMED
)
#: «وبسؤال فلان، أفاد بأن»: whoever is asked speaks.
_ASKING = frozenset(("سوال", "استجواب", "مواجهه", "مناقشه"))


def sentence_subject(reading: Reading, sentence: Span, before: int) -> Mention | None:
    """Return who a sentence is about by its word order: verb then subject, or subject first."""
    tokens = reading.tokens
    end = min(sentence.end, before)
    first = _past_openings(tokens, sentence.start, end)
    if first >= end:
        return None
    opening = tokens[first].lexeme
    topic = opening.base == "نسبه" and first + 1 < end  # «أما بالنسبة للفنان فلان فقد …»
    if opening.preposition == "ب" and (topic or opening.base in _ASKING):
        return parse_mention(reading, first + 1, end, bounded=False)
    if opening.base in ("جاء", "جاءت") and (speaker := _speaker_at(reading, first, end)):
        return speaker
    for at in range(first, min(first + 2, end)):
        word = tokens[at].lexeme
        if at > first and tokens[at].marked and opening.text and (marked := _known_in_marks(reading, at)):
            return marked
        if (word.text in reading.names or word.kind & _OPENING_HEADS) and not word.preposition:
            mention = parse_mention(reading, at, end, bounded=False)
            if mention is not None and (mention.type is not PERSON or mention.name or mention.definite):
                return mention
        if word.kind & (Kind.TITLE | Kind.ORGANISATION):
            return None
    return None


def _past_openings(tokens: tuple[Token, ...], first: int, end: int) -> int:
    """Return where a sentence begins behind what only links it or tells when and where, to a comma."""
    while first < end and (
        tokens[first].word is None
        or tokens[first].lexeme.kind & (Kind.CLAUSE_OPENER | Kind.NEGATION | Kind.LEAD)
        or (tokens[first].lexeme.kind & Kind.FUNCTION and _joins(tokens[first].lexeme))  # «وهنا طلب رئيس المجلس …»
    ):
        first += 1
    if first < end and tokens[first].lexeme.kind & Kind.OPENING and tokens[first].lexeme.cue is None:
        while first < end and tokens[first].shape is not Shape.COMMA:
            first += 1
        first += 1
    return first


def _known_in_marks(reading: Reading, at: int) -> Mention | None:
    """Return the body whose name in marks token ``at`` is, if the article has it more than once."""
    marked = read_marked_name(reading, at)
    if marked is None or marked.marked_name is None:
        return None
    return marked if reading.text.count(marked.marked_name.of(reading.text)) > 1 else None


def _joins(word: Word) -> bool:
    """Whether a word only joins its sentence to the one before; «ففي قطر، …» opens with a place."""
    return bool(word.conjunction) and not word.kind & Kind.OPENING


def _speaker_at(reading: Reading, first: int, end: int) -> Mention | None:
    """Return whose interview or speech it is in «جاء ذلك في مقابلة لفلان مع …», «جاءت تصريحات فلان خلال …»."""
    for at in range(first + 1, min(end - 1, first + MAX_RELATIVE)):
        if not reading.tokens[at].lexeme.kind & Kind.OCCASION:
            continue
        mention = parse_mention(reading, at + 1, end, bounded=False)
        if mention is not None and mention.type is PERSON and not mention.points_back:
            return mention
    return None
