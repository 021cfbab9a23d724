"""What a phrase that names somebody is, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.model import Span, SpeakerType
from pipelines.quotes.kinds import COMMON, HEADS, Kind, constructs, titles
from pipelines.quotes.members import is_of_place
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Word, classify

#: No phrase that names a speaker is longer, in tokens.
MAX_PHRASE = 24
#: A marked span of so many words can still be a name («المرصد المحلي لحقوق السكان»).
MAX_MARKED_NAME = 5


#: A passive participle of so many letters, folded: مجني، معترف.
MIN_PASSIVE = 4
#: What stands behind such a participle and belongs to it.
DONE_TO = frozenset(("عليه", "عليها", "عليهم", "بها", "بهم", "اليه", "اليها"))
_PROCLITICS = frozenset("لبكوف")
#: Plurals of things, which take a woman's verb, by their pattern: تقارير، مواقع، وسائل.
_BROKEN_PLURAL = re.compile(r"\w\wا\w\w\w?|خطوط|بنوك|جيوش")
#: Months that are names of men as well.
_MONTHS = frozenset(("رمضان", "شعبان", "رجب"))
_TANWIN = "\u064b"


@dataclass(slots=True)
class Mention:
    """A phrase that names somebody: tokens ``[first, last)``.

    ``name`` and ``role`` are token ranges; ``name`` is ``None`` for a role whose holder is not named here.
    ``marked_name`` is the name in marks of a body (صحيفة «…»). ``issuer`` is the body that a document is of.
    ``glued`` tells that the preposition ل is the first letter of the first word (وفقا لرسول).
    ``points_back`` tells that the phrase only makes sense after an earlier one (المصدر ذاته، الوزير).

    Nobody but who reads a phrase changes its mention; it is not frozen because every phrase that may name somebody
    makes one, and a frozen one, or one made of a dozen keywords, takes several times as long. ``keys``, ``role_keys``
    and ``role_heads`` are remembered when first told (:mod:`pipelines.quotes.descriptions`).
    """

    first: int
    last: int
    type: SpeakerType
    head: str
    name: Span | None = None
    role: Span | None = None
    role_after: Span | None = None
    marked_name: Span | None = None
    issuer: Mention | None = None
    gender: str = ""
    plural: bool = False
    definite: bool = False
    points_back: bool = False
    relative: bool = False
    glued: bool = False
    keys: tuple[str, ...] | None = field(init=False, default=None)
    role_keys: frozenset[str] | None = field(init=False, default=None)
    role_heads: frozenset[str] | None = field(init=False, default=None)


def ends_phrase(reading: Reading, at: int, limit: int) -> bool:
    """Whether token ``at`` cannot be part of a phrase that names somebody and began before it."""
    if at >= limit:
        return True
    token = reading.tokens[at]
    word = token.lexeme
    if word.plain:
        return word.accusative and not _follows_accusative(reading, at)
    if token.word is None:
        return token.shape is not Shape.MARKED or token.words > MAX_MARKED_NAME
    if word.complementizer is not None or word.kind & Kind.RELATIVE or (word.links and not word.kind & HEADS):
        return True
    if word.cue and word.preposition == "ب":
        return True  # اكتفى بالقول
    if word.cue and not word.definite and not word.cue.homograph and not word.kind & (COMMON | Kind.GIVEN_NAME):
        called = at > 0 and reading.tokens[at - 1].lexeme.kind & Kind.HONORIFIC
        if word.text.endswith("ه") and at > 0 and reading.tokens[at - 1].lexeme.base == "مصادر":
            return False  # «مصادر مطلعة»
        return not (called or word.text in reading.names) or bool(word.conjunction)
    if not word.known and word.text.startswith("ف") and len(word.text) > 3 and _is_topic(reading, at):
        return True  # «أما الوزيرة فاستغلت …»
    if word.text in _PROCLITICS:
        return True  # لـ«…»
    if word.base == "علي" and word.kind & Kind.GIVEN_NAME:
        # The name, after another name, or else the preposition: علي الأرض in the spelling that does not tell ى from ي.
        if reading.tells_ya:
            return False
        named = at > 0 and reading.tokens[at - 1].lexeme.kind & (Kind.GIVEN_NAME | Kind.NAME_PARTICLE)
        return not named and at + 1 < limit and reading.tokens[at + 1].lexeme.definite
    if word.kind & Kind.NAME_PREPOSITION:
        return _opens_circumstance(reading, at, limit)
    if word.text in _MONTHS and at > 0 and reading.tokens[at - 1].lexeme.kind & (Kind.HONORIFIC | Kind.GIVEN_NAME):
        return False  # «العميد رمضان شريف»
    if word.text == "العام" and _is_general(reading, at):
        return False
    if word.text in DONE_TO and at > 0 and _is_done_to(reading.tokens[at - 1].lexeme):
        return False
    if (
        word.kind & (Kind.FUNCTION | Kind.TIME)
        and not word.definite
        and not word.kind & (Kind.UNNAMED | Kind.NAME_PARTICLE)
    ):
        return True
    return word.accusative


def _is_done_to(word: Word) -> bool:
    """Whether a definite passive participle takes its preposition: «المجني عليه», «الحكومة المعترف بها»."""
    return word.definite and word.base.startswith("م") and not word.preposition and len(word.base) >= MIN_PASSIVE


def _is_general(reading: Reading, at: int) -> bool:
    """Whether «العام» is «general», after something definite («مديرية الأمن العام»), and not «this year»."""
    before = reading.tokens[at - 1].lexeme if at else NO_WORD
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    of_time = following.kind & (Kind.TIME | Kind.ROLE_ADJECTIVE) or following.text[:1].isdigit()
    return before.definite and not before.preposition and not before.kind & Kind.TIME and not of_time


def _follows_accusative(reading: Reading, at: int) -> bool:
    """Whether a word describes somebody in the same case before it: «إن وزيراً سابقاً قال»."""
    before = reading.tokens[at - 1].lexeme if at else NO_WORD
    return before.has(Kind.TITLE | Kind.UNNAMED) and before.text.endswith("ا") and not before.definite


def _is_topic(reading: Reading, at: int) -> bool:
    return reading.tokens[reading.sentence_of(at).start].lexeme.base == "اما"


def _opens_circumstance(reading: Reading, at: int, limit: int) -> bool:
    """Whether the preposition at ``at`` begins when, where or to whom something was said (في تصريح، إلى وكالة)."""
    following = reading.tokens[at + 1].word if at + 1 < limit else None
    if following is None or reading.tokens[at].word is None:
        in_marks = at + 1 < limit and reading.tokens[at + 1].shape is Shape.MARKED
        if not in_marks or reading.tokens[at + 1].words > MAX_MARKED_NAME:
            return True
        # «المتحدث باسم «المنظمة»»; «القيادي في «الحزب» فلان»
        return reading.tokens[at].lexeme.text != "باسم" and not _name_may_follow(reading, at + 2, limit)
    if following.possessed and reading.tokens[at].lexeme.text == "في":
        return True  # «قال النائب في سؤاله»
    return following.has(Kind.OCCASION | Kind.TIME | Kind.FUNCTION) or following.complementizer is not None


def _name_may_follow(reading: Reading, at: int, limit: int) -> bool:
    """Whether words that may be a name stand at ``at``, perhaps behind a comma."""
    at += at < limit and reading.tokens[at].shape is Shape.COMMA
    if at + 1 >= limit:
        return False
    pair = [token.lexeme for token in reading.tokens[at : at + 2]]
    return all(
        word.text and not (word.kind & ~Kind.GIVEN_NAME or word.cue or word.preposition or word.accusative)
        for word in pair
    ) and not (pair[0].definite or pair[0].possessed or pair[0].conjunction)


def is_manner(word: Word) -> bool:
    """Whether a word says how: «يقول بحسرة: …», «بلهجة حاسمة»."""
    governed = word.preposition == "ب" or (not word.known and word.text.startswith("ب"))
    return governed and not word.definite and word.text.endswith("ه")


def relative_follows(tokens: tuple[Token, ...], at: int, limit: int) -> bool:
    """Whether a relative clause, perhaps behind a comma, begins at ``at``."""
    if at < limit and tokens[at].shape is Shape.COMMA:
        at += 1
    word = tokens[at].word if at < limit else None
    return bool(word and word.kind & Kind.RELATIVE)


def over_brackets(reading: Reading, at: int, limit: int) -> int:
    """Return the token after the round brackets that open at ``at``, or ``at`` when none do."""
    if at < limit and reading.tokens[at].shape is Shape.OPEN:
        start = at
        while at < limit and reading.tokens[at].aside:
            at += 1
        return at if at - start <= 12 else start
    return at


def trimmed(reading: Reading, first: int, last: int) -> int:
    """Return where a phrase ends that the article writes again without its last word: that was an object.

    «حملت مؤسسة المياه المسؤولية …» where «مؤسسة المياه» recurs.
    """
    while last - first > 2:
        one, other, end = (reading.tokens[at].lexeme.text for at in range(last - 3, last))
        if end.endswith("ون") or is_of_place(end.removeprefix("ال")):
            break  # a subject's form, or an adjective of the body
        if not end or not one or reading.pairs[other, end] > 1 or reading.pairs[one, other] < 2:
            break
        last -= 1
    return last


def is_indefinite(reading: Reading, mention: Mention) -> bool:
    """Whether nothing tells which body is meant: «حركة كثيفة», «شركة بريطانية مدرجة في بورصة …»."""
    if mention.marked_name is not None or mention.name is not None:
        return False
    words = [token.lexeme for token in reading.tokens[mention.first : mention.last] if token.word]
    if len(words) < 2 or words[0].definite:
        return False
    others = words[1:]
    adjective = not others[0].definite and not others[0].kind and others[0].text.endswith(("ي", "يه"))
    tells = (word.definite or word.kind & (Kind.PLACE | Kind.GIVEN_NAME) or word.text.isascii() for word in others)
    return adjective or not any(tells)


def nominative(name: str) -> str:
    """Return a phrase as it is named, when its head and adjectives stand in the accusative: «مصدراً أمنياً»."""
    head, *others = name.split()
    if not _ends_like_accusative(head) or not classify(_without_case(head)).has(Kind.TITLE | Kind.UNNAMED):
        return name
    if others and _TANWIN not in head and _is_governed_by_dual(others[0]):
        return name  # «نائبا الرئيس» are two
    words = [_without_case(head)]
    while others and _ends_like_accusative(others[0]) and len(others[0]) > 3:
        words.append(_without_case(others.pop(0)))
    return " ".join(words + others)


def _ends_like_accusative(word: str) -> bool:
    return word.rstrip(_TANWIN).endswith("ا")


def _is_governed_by_dual(written: str) -> bool:
    """Whether the word after a noun that ends with ا is what two of them are of, and no adjective or preposition."""
    word = classify(written)
    apart = word.preposition or word.kind & (Kind.NAME_PREPOSITION | Kind.PREPOSITION)
    return not apart and not _ends_like_accusative(written)


def _without_case(word: str) -> str:
    return word.replace(_TANWIN, "").removesuffix("ا")


def gender_of(word: Word) -> str:
    """Grammatical gender by form: what ends in ة or ات, and plurals of things, take a feminine verb."""
    if word.base.endswith(("ه", "ات")) or word.kind & Kind.PLACE:
        return "f"
    return "" if word.kind & Kind.UNNAMED or _BROKEN_PLURAL.fullmatch(word.base) else "m"


def is_plural(word: Word) -> bool:
    """Whether a head means several people; أمين does not."""
    if word.base.endswith("ان") and word.base[:-2] in titles():
        return True  # الوزيران
    governing = word.base.endswith("و") and word.base in constructs()  # محللو البنك
    return (
        governing
        or (word.base.endswith(("ون", "ين")) and word.base not in titles())
        or (word.has(Kind.UNNAMED) and not word.has(Kind.TITLE))
    )


def over_abbreviation(tokens: tuple[Token, ...], at: int, limit: int) -> int:
    """Step over the full stop of «د.»."""
    one_letter = tokens[at - 1].end - tokens[at - 1].start == 1
    if one_letter and at < limit and tokens[at].shape is Shape.OTHER:
        return at + 1
    return at
