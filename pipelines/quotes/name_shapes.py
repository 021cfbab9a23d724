"""What the shape of a word tells of a name: compounds that ask for more, plurals of things that no name has."""

from __future__ import annotations

import re

from pipelines.quotes.kinds import Kind
from pipelines.quotes.tokens import Reading
from pipelines.quotes.words import Word

#: Verbal nouns of the derived forms, folded: تزويد، إرسال، اتفاق، انسحاب، استخدام.
VERBAL_NOUN = re.compile(r"(?:ت\w\wي\w|ا\w\wا\w|ا\wت\wا\w|ان\w\wا\w|است\w\wا\w)ه?")
#: Plurals of things: تفاصيل and مكاتب (not حمادي), أطراف, شائعات.
_PLURAL = re.compile(r"\w\wا\w\w?[^\Wيها]|\w\wا\wي\w|ا\w\wا\w|\w\w\w+ات")


def is_after_compound(reading: Reading, at: int, first: int) -> bool:
    """Whether a role and nothing but a compound first name stand before: «الخبير عبد القادر …»."""
    if at != first + 2 or first == 0:
        return False
    one, other = (token.lexeme for token in reading.tokens[first : first + 2])
    compound = one.text == "عبد" or other.text in ("الدين", "الله")
    before = reading.tokens[first - 1].lexeme
    return compound and bool(before.definite or before.kind & (Kind.TITLE | Kind.HONORIFIC | Kind.PLACE))


def is_foreign_pair(reading: Reading, first: int) -> bool:
    """Whether two words after a role look like nothing but a foreign name: «رئيس الوزراء التشيكي أندريه بابيش …».

    What a verb is about begins with a verbal noun or a short word: «أعلن الوزير بدء تنفيذ الخطة».
    """
    if first == 0 or not reading.tokens[first - 1].lexeme.definite:
        return False
    return all(_may_be_foreign(token.lexeme) for token in reading.tokens[first : first + 2])


def _may_be_foreign(word: Word) -> bool:
    """Whether a word is none that the patterns of Arabic nouns explain."""
    apart = word.known or word.definite or word.possessed or word.accusative
    if apart or len(word.text) < 4 or word.text[0] in "تم" or word.text.endswith(("ه", "ات", "ين", "ون")):
        return False
    return not (VERBAL_NOUN.fullmatch(word.text) or is_plural_of_things(word))


def is_plural_of_things(word: Word) -> bool:
    """Whether a word has the pattern of a plural that hardly any name has: تفاصيل، مكاتب، أطراف، شائعات."""
    return _PLURAL.fullmatch(word.base) is not None


def is_li(reading: Reading, at: int, first: int, limit: int) -> bool:
    """Whether «لي» is no «to me» but a Chinese or Korean name after a role: «الوزير وانغ لي», «الرئيس لي جاي ميونغ»."""
    if first == 0 or at > first + 1:
        return False
    before, other = reading.tokens[first - 1].lexeme, reading.tokens[at - 1 if at > first else at + 1].lexeme
    role = before.definite or before.kind & (Kind.TITLE | Kind.HONORIFIC | Kind.PLACE)
    plain = other.text and not other.definite and not other.preposition and other.cue is None
    return bool(role and plain and not other.kind & ~Kind.GIVEN_NAME and (at > first or at + 1 < limit))
