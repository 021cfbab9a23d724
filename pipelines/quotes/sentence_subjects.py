"""Who a sentence is about by its word order, whether it reports anything or not."""

from __future__ import annotations

from pipelines.model import Span, SpeakerType
from pipelines.quotes.bodies import read_marked_name
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention
from pipelines.quotes.subjects import MAX_RELATIVE
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NO_WORD, Kind, Word

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


def _joins(word: Word) -> bool:
    """Whether a word only joins its sentence to the one before; «ففي قطر، …» opens with a place."""
    return bool(word.conjunction) and not word.has(Kind.OPENING)


#: «وبسؤال فلان، أفاد بأن»: whoever is asked speaks.
_ASKING = frozenset(("سوال", "استجواب", "مواجهه", "مناقشه"))


def sentence_subject(reading: Reading, sentence: Span, before: int) -> Mention | None:
    """Return who a sentence is about by its word order: verb then subject, or subject first."""
    tokens = reading.tokens
    end = min(sentence.end, before)
    first = sentence.start
    while first < end and (
        tokens[first].word is None
        or tokens[first].lexeme.has(Kind.CLAUSE_OPENER | Kind.NEGATION | Kind.LEAD)
        or (tokens[first].lexeme.has(Kind.FUNCTION) and _joins(tokens[first].lexeme))  # «وهنا طلب رئيس المجلس …»
    ):
        first += 1
    if first < end and tokens[first].lexeme.has(Kind.OPENING) and tokens[first].lexeme.cue is None:
        while first < end and tokens[first].shape is not Shape.COMMA:
            first += 1
        first += 1
    if first + 1 < end and tokens[first].lexeme.preposition == "ب" and tokens[first].lexeme.base == "نسبه":
        return parse_mention(reading, first + 1, end, bounded=False)  # «أما بالنسبة للفنان فلان فقد …»
    asked = tokens[first].lexeme if first < end else NO_WORD
    if asked.preposition == "ب" and asked.base in _ASKING:
        return parse_mention(reading, first + 1, end, bounded=False)
    if first < end and tokens[first].lexeme.base in ("جاء", "جاءت") and (speaker := _speaker_at(reading, first, end)):
        return speaker
    for at in (first, first + 1):
        if at == first + 1 < end and tokens[at].marked and tokens[first].word is not None:
            marked = read_marked_name(reading, at)
            if (
                marked is not None
                and marked.marked_name
                and reading.text.count(marked.marked_name.of(reading.text)) > 1
            ):
                return marked
        named = at < end and tokens[at].lexeme.text in reading.names
        if at < end and (named or tokens[at].lexeme.has(_OPENING_HEADS)) and not tokens[at].lexeme.preposition:
            mention = parse_mention(reading, at, end, bounded=False)
            if mention is not None and (mention.type is not SpeakerType.PERSON or mention.name or mention.definite):
                return mention
        if at < end and tokens[at].lexeme.has(Kind.TITLE | Kind.ORGANISATION):
            return None
    return None


def _speaker_at(reading: Reading, first: int, end: int) -> Mention | None:
    """Return whose interview or speech it is in «جاء ذلك في مقابلة لفلان مع …», «جاءت تصريحات فلان خلال …»."""
    for at in range(first + 1, min(end - 1, first + MAX_RELATIVE)):
        if not reading.tokens[at].lexeme.has(Kind.OCCASION):
            continue
        mention = parse_mention(reading, at + 1, end, bounded=False)
        if mention is not None and mention.type is SpeakerType.PERSON and not mention.points_back:
            return mention
    return None
