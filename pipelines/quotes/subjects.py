"""Whose verb it is: the subject after it, before it, in a relay, or in the clause that a relative pronoun continues."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.quotes.cues import Cue, CueForm
from pipelines.quotes.genders import name_gender
from pipelines.quotes.kinds import Kind, titles
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention, is_manner
from pipelines.quotes.speaker_types import PERSON
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Word

#: A subject before its verb is looked for so many tokens back.
MAX_BACK = 30
#: A relative clause without a comma is not longer, in tokens.
MAX_RELATIVE = 8
#: Nor is any clause; the bound keeps time linear in a sentence that never ends.
MAX_CLAUSE = 60
#: So many words that no rule explains may stand between a subject and its verb.
MAX_STRAY = 3

_HEADS = (
    Kind.TITLE | Kind.HONORIFIC | Kind.ORGANISATION | Kind.MEDIA | Kind.DOCUMENT | Kind.UNNAMED | Kind.GIVEN_NAME
    | Kind.PLACE
)  # fmt: skip


def subject_after(reading: Reading, first: int, limit: int, bounded: bool = True) -> Mention | None:
    """Return the subject that stands between a verb and what it reports, past adverbs and addressees."""
    tokens = reading.tokens
    at = first
    while at < limit:
        token, word = tokens[at], tokens[at].lexeme
        if token.shape in (Shape.COMMA, Shape.OTHER) or token.aside:
            at += 1
        elif word.text in reading.names and not word.definite:
            return parse_mention(reading, at, limit, bounded)  # «بلنك», «لميس»
        elif word.preposition == "ل" or word.text == "ل":
            at = _past_addressee(reading, at, limit)
        elif word.kind & Kind.NAME_PREPOSITION and not word.kind & Kind.GIVEN_NAME:
            at = _past_comma(reading, at, limit)
        elif word.kind & Kind.PREPOSITION and not word.kind & (Kind.GIVEN_NAME | Kind.TITLE):
            at = _past_governed(reading, at + 1, limit)
        elif word.kind & (Kind.FUNCTION | Kind.TIME) and not word.kind & (Kind.UNNAMED | Kind.GIVEN_NAME):
            following = tokens[at + 1].lexeme if at + 1 < limit else word
            governs = word.kind & Kind.FUNCTION and following.kind & (Kind.OCCASION | Kind.TIME)
            at = _past_comma(reading, at, limit) if governs else at + 1
        elif (
            word.preposition == "ب"
            or is_manner(word)
            or _is_governed(reading, at, limit)
            or (word.kind & Kind.OCCASION and tokens[at - 1].lexeme.kind & Kind.NAME_PREPOSITION)
        ):
            at = _past_comma(reading, at, limit)
        else:
            if is_state(reading, at, limit):
                at += 1
                continue
            return None if _is_object_form(reading, word) else parse_mention(reading, at, limit, bounded)
    return None


def _is_object_form(reading: Reading, word: Word) -> bool:
    """Whether a plural is in the object's form: «أبلغ الصحافيين أن», «ناشدت الأمتين» leave the subject implied."""
    if not word.text.endswith("ين") or word.kind & (Kind.GIVEN_NAME | Kind.PLACE) or word.text in reading.names:
        return False
    if word.base in titles():
        return False  # «قال أمين السر إن»
    return word.has(Kind.TITLE | Kind.UNNAMED) or (word.definite and not word.known and len(word.base) > 4)


def is_state(reading: Reading, at: int, limit: int) -> bool:
    """Whether an unknown word says in which state somebody speaks: «وقال متحدثا عن …», «تضيف ضاحكة:»."""
    word = reading.tokens[at].lexeme
    if word.definite or word.text in reading.names or reading.counts[word.text] > 1:
        return False
    if word.text.startswith("م") and word.text.endswith("ا") and (not word.known or word.kind & Kind.TITLE):
        following = reading.tokens[at + 1].lexeme if at + 1 < limit else NO_WORD
        return not following.definite
    if word.known:
        return False
    closed = at + 1 >= limit or reading.tokens[at + 1].word is None
    return closed and word.text.endswith("ه") and not word.possessed


def _is_governed(reading: Reading, at: int, limit: int) -> bool:
    """Whether an unknown word is rather ب with a noun right before what is said: «أشاد بفرض «…»»."""
    word = reading.tokens[at].lexeme
    if word.known or not word.text.startswith("ب") or word.text in reading.names or reading.counts[word.text] > 1:
        return False
    return at + 1 >= limit and len(word.text) >= 4


def _past_governed(reading: Reading, at: int, limit: int) -> int:
    """Skip what a preposition governs: to a comma, or to a title or known name after a word that ends it."""
    tokens = reading.tokens
    at += 1
    while at < limit:
        word, before = tokens[at].lexeme, tokens[at - 1].lexeme
        if tokens[at].shape is Shape.COMMA:
            return at + 1
        ended = before.definite or before.kind & (Kind.PLACE | Kind.TIME)
        if ended and not word.preposition and (word.kind & (Kind.TITLE | Kind.HONORIFIC) or word.text in reading.names):
            return at
        at += 1
    return at


def _past_comma(reading: Reading, at: int, limit: int) -> int:
    """Skip a phrase of place, time or occasion: to the comma that ends it, or else everything."""
    while at < limit and reading.tokens[at].shape is not Shape.COMMA:
        at += 1
    return at + 1


def _past_addressee(reading: Reading, at: int, limit: int) -> int:
    """Skip «لـ«الوادي»», «لوكالة الأنباء»: whoever is spoken to does not speak."""
    mention = parse_mention(reading, at + (reading.tokens[at].lexeme.text == "ل"), limit)
    return max(mention.last if mention else at + 1, at + 1)


def relay_origin(reading: Reading, first: int, limit: int) -> Mention | None:
    """Return B of «نقلت A عن B (قوله) إن»: the origin speaks, not who relays."""
    for at in range(first, limit):
        if reading.tokens[at].lexeme.text in ("عن", "وعن") and not reading.tokens[at].aside:
            return parse_mention(reading, at + 1, limit)
    return None


def document_after(reading: Reading, first: int, limit: int) -> Mention | None:
    """Return X of «جاء في X أن»."""
    if first < limit and reading.tokens[first].lexeme.text == "في":
        return parse_mention(reading, first + 1, limit)
    return None


def antecedent(reading: Reading, at: int) -> Mention | None:
    """Return whom a relative clause is about that ends with «بالقول»: «الطالبة نورة التي خاطبت الحضور بالقول»."""
    tokens, start = reading.tokens, reading.sentence_of(at).start
    for relative in range(at - 1, max(start, at - MAX_RELATIVE) - 1, -1):
        if tokens[relative].shape is Shape.COMMA and relative < at - 1:
            return None
        if tokens[relative].lexeme.kind & Kind.RELATIVE:
            end = relative - (tokens[relative - 1].shape is Shape.COMMA)
            for first in range(max(start, end - MAX_BACK), end):
                if not tokens[first].lexeme.kind & _HEADS or tokens[first].aside:
                    continue
                mention = parse_mention(reading, first, end)
                if mention is not None and mention.last == end:
                    return mention
            return None
    return None


def subject_before(reading: Reading, at: int, cue: Cue) -> Mention | None:
    """Return the subject that stands before the verb: «التقرير أضاف», «وكان X قد أكد», «X الذي أكد»."""
    tokens = reading.tokens
    start = reading.sentence_of(at).start
    target = at
    relative = False
    while target > start and (
        tokens[target - 1].lexeme.kind & (Kind.CLAUSE_OPENER | Kind.RELATIVE)
        or tokens[target - 1].shape is Shape.COMMA
        or tokens[target - 1].lexeme.text == "فقد"  # «أما فلان فقد قال»
    ):
        relative |= tokens[target - 1].lexeme.has(Kind.RELATIVE)
        target -= 1
    if tokens[at - 1].lexeme.text in ("حيث", "اذ", "ما") and not relative:
        return None
    if (
        at + 1 < len(tokens)
        and tokens[at + 1].lexeme.text in ("فيه", "فيها")
        and (said := _said_in(reading, start, target))
    ):
        return said
    verb_first = tokens[at].lexeme.preposition == "ل"  # «عاد فلان ليقول»
    for first in _outside_relatives(reading, start, target):
        if not _may_head(reading, first, start, target, verb_first):
            continue
        mention = parse_mention(reading, first, target, bounded=not verb_first)
        apart = mention is None or (mention.last != target and not verb_first)
        if mention is None or apart or _is_object(reading, first, start):
            continue
        if _agrees(reading, mention, cue) and _is_somebody(reading, mention):
            return mention
    return None if relative else _topic(reading, start, target, cue)


def _said_in(reading: Reading, start: int, target: int) -> Mention | None:
    """Return whose statement it is in «تصريح لرئيس الحكومة قال فيه»."""
    for at in range(target - 1, max(start, target - MAX_BACK), -1):
        if reading.tokens[at].lexeme.preposition == "ل" and reading.tokens[at - 1].lexeme.kind & Kind.OCCASION:
            mention = parse_mention(reading, at, target)
            return mention if mention is not None and mention.last == target else None
    return None


def _may_head(reading: Reading, first: int, start: int, target: int, verb_first: bool) -> bool:
    tokens = reading.tokens
    word = tokens[first].lexeme
    if tokens[first].aside or word.preposition or _is_genitive(reading, first):
        return False
    if first > start and tokens[first - 1].lexeme.kind & (Kind.TITLE | Kind.HONORIFIC) and word.kind & Kind.GIVEN_NAME:
        return False  # «وعن علاقتها بالمنتج فلان»: the phrase begins with the role
    if tokens[first].shape is Shape.MARKED:
        return first == start
    if word.kind & _HEADS:
        return True
    if verb_first:
        return first == start + 1
    if first == start and _is_apposed(reading, first, target):
        return True
    opens = first == start or tokens[first - 1].lexeme.has(Kind.CLAUSE_OPENER)
    if word.definite:
        return opens or tokens[first - 1].shape is Shape.COMMA
    return opens and not word.known and not word.conjunction and first >= target - 2 and word.text[:1] not in ("و", "ف")


def _is_apposed(reading: Reading, first: int, target: int) -> bool:
    """Whether two words of no lexicon open a sentence before a comma and a role: «دراغان لوفين، رئيس الفريق، قال»."""
    tokens = reading.tokens
    if first + 4 >= target or tokens[first + 2].shape is not Shape.COMMA or tokens[target].shape is not Shape.COMMA:
        return False
    pair = [token.lexeme for token in tokens[first : first + 2]]
    unknown = all(word.text and not word.known and not word.possessed for word in pair)
    return unknown and not pair[0].definite and tokens[first + 3].lexeme.has(Kind.TITLE)


def _is_genitive(reading: Reading, at: int) -> bool:
    """Whether a plural is in the object's form and nothing before it asks for that: «وعن الفنانين العرب أوضحت»."""
    word, before = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme if at else NO_WORD
    plural = word.base.endswith("ين") and len(word.base) > 4 and not word.has(Kind.GIVEN_NAME | Kind.PLACE)
    return plural and word.has(Kind.TITLE | Kind.UNNAMED) and before.complementizer is None


def _outside_relatives(reading: Reading, start: int, target: int) -> Iterator[int]:
    """Yield the tokens near ``target`` that are in no relative clause: «المحامية، التي تمثل عائلة الضحية، قالت»."""
    near = max(start, target - MAX_BACK)
    comma = relative = start
    for at in range(max(start, near - MAX_CLAUSE), target):
        if at >= near and not comma < relative < at - 1:
            yield at
        token = reading.tokens[at]
        if token.shape is Shape.COMMA:
            comma = at
        elif token.lexeme.kind & Kind.RELATIVE and at > start:
            relative = at


def _is_somebody(reading: Reading, mention: Mention) -> bool:
    """Whether what stands before a verb is known to be a speaker: «الأزمة تؤكد أن» says nothing."""
    if mention.type is not PERSON or mention.role is not None or mention.name is None:
        return True
    words = [token.lexeme for token in reading.tokens[mention.name.start : mention.name.end]]
    return any(word.kind & Kind.GIVEN_NAME or word.text in reading.names for word in words) or not words[0].definite


def _is_object(reading: Reading, first: int, start: int) -> bool:
    """Whether the phrase at ``first`` is governed by the word before it, so that its head is not the subject."""
    before = reading.tokens[first - 1].lexeme if first > start else None
    return before is not None and before.has(Kind.NAME_PREPOSITION) and before.text in ("علي", "الي")


def _topic(reading: Reading, start: int, target: int, cue: Cue) -> Mention | None:
    """Return what the sentence begins with, when a comma or relative clause parts it from its verb."""
    tokens = reading.tokens
    for first in range(max(start, target - 2 * MAX_BACK), target):
        word = tokens[first].lexeme
        opens = first == start or tokens[first - 1].lexeme.kind & Kind.CLAUSE_OPENER or _opens_an(tokens[first - 1])
        if not opens or tokens[first].word is None or word.preposition or word.cue or word.kind & Kind.CLAUSE_OPENER:
            continue
        mention = parse_mention(reading, first, target, bounded=False)
        if mention is None or mention.last >= target or not _agrees(reading, mention, cue):
            continue
        comma = tokens[mention.last].shape is Shape.COMMA and tokens[target].shape is Shape.COMMA
        near = first == start and target - mention.last <= MAX_STRAY and mention.type is not PERSON
        if (mention.relative or comma or near) and _is_somebody(reading, mention):
            return mention
    return None


def _opens_an(token: Token) -> bool:
    """Whether a token is أن or إن without a pronoun: a subject follows it."""
    return token.lexeme.complementizer == ""


def _agrees(reading: Reading, mention: Mention, cue: Cue) -> bool:
    """Whether a subject before its verb agrees with it in gender (and so may be its subject)."""
    if mention.plural or cue.form is CueForm.NOUN or not mention.gender:
        return True
    if mention.type is PERSON and mention.name is not None and mention.role is None:
        gender = name_gender(
            tuple(t.lexeme.text for t in reading.tokens[mention.name.start : mention.name.end] if t.word)
        )
        return gender in ("", cue.gender)
    return mention.gender == cue.gender
