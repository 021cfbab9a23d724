"""Who is named: titles, names, bodies, media, documents and sources without a name, read as phrases of grammar.

A role in Arabic is a chain: its head (وزير) takes a complement (الخارجية), and definite adjectives follow (التركي). The
first word after the chain that is neither definite nor governed begins the personal name. Names need no list then;
the list of given names is only a hint. A role may also follow the name, with or without a comma.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Span
from pipelines.quotes.bodies import read_body, read_marked_name
from pipelines.quotes.kinds import BODY, COMMON, Kind
from pipelines.quotes.personal_names import find_name
from pipelines.quotes.persons import person_by_name, person_by_role
from pipelines.quotes.phrases import MAX_PHRASE, Mention, ends_phrase, is_plural
from pipelines.quotes.roles import CALLED
from pipelines.quotes.speaker_types import DOCUMENT, MEDIA, ORGANISATION, PERSON, UNNAMED
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NO_WORD, Word

#: What a body is by its head; the first that fits.
_BODIES = (
    (Kind.MEDIA, MEDIA),
    (Kind.DOCUMENT, DOCUMENT),
    (Kind.ORGANISATION | Kind.PLACE, ORGANISATION),
)


#: «the same», before what it points at.
_SAME = frozenset(("ذات", "نفس"))
#: Who is one of many, and may be named right after.
_ONE = frozenset(("احد", "احدي"))


def parse_mention(reading: Reading, first: int, limit: int, bounded: bool = True) -> Mention | None:
    """Read the phrase that begins at token ``first`` and ends before ``limit``; ``None`` when none does.

    ``bounded`` tells that nothing but the phrase (and adverbs) stands before ``limit``; otherwise a verb, an object or
    anything else may follow, and unknown words are trusted less. Does not resolve anything.
    """
    limit = min(limit, first + MAX_PHRASE, len(reading.tokens))
    if first >= limit:
        return None
    token = reading.tokens[first]
    if token.shape is Shape.MARKED:
        return read_marked_name(reading, first)
    word = token.word
    if word is None:
        return None
    if word.kind & Kind.DEMONSTRATIVE and first + 1 < limit and reading.tokens[first + 1].lexeme.definite:
        return parse_mention(reading, first + 1, limit, bounded)
    if word.text in _SAME and first + 1 < limit and reading.tokens[first + 1].lexeme.definite:
        return parse_mention(reading, first + 1, limit, bounded)  # «حسب ذات المتحدثة»
    if not word.begins and not _is_named_after_verb(reading, first):
        return None
    if token.end - token.start == 1 and not _is_abbreviated(reading, first, limit):
        return None
    if _is_opening_verb(reading, first):
        return None
    return _read_by_kind(reading, first, limit, bounded, word)


def _read_by_kind(reading: Reading, first: int, limit: int, bounded: bool, word: Word) -> Mention | None:
    """Read the phrase that begins with ``word``, by what that can be; the first that fits."""
    kind = word.kind
    if kind & Kind.COURTESY:
        return Mention(first, first + 1, PERSON, word.base, definite=True, points_back=True)
    if kind & Kind.ANAPHOR and word.definite | word.text.startswith("ال"):
        return _pointing_back(reading, first, limit)
    if word.text[0].isdigit():
        return _counted(reading, first, limit, bounded)
    if word.text == "ام" and not (first + 1 < limit and reading.tokens[first + 1].lexeme.kind & Kind.GIVEN_NAME):
        return None  # the conjunction «or»
    kin = kind & Kind.TITLE and first + 1 < limit and reading.tokens[first + 1].lexeme.kind & Kind.TITLE
    if kin and not reading.tokens[first + 1].lexeme.kind & Kind.GIVEN_NAME:
        return person_by_role(reading, first, limit, bounded)  # ابن عم القتيل
    if kind & Kind.NAME_PARTICLE and not word.definite:
        return person_by_name(reading, first, limit, bounded)  # أبو رامي
    ours = word.text.endswith("نا") and kind & Kind.UNNAMED
    ours |= word.base.endswith("ه") and kind & BODY  # الأكاديمية is a body, though made like the feminine of a role
    named = f"ال{word.base}" in reading.names if word.definite else kind & Kind.TITLE and word.text in reading.names
    if named and ends_phrase(reading, first + 1, limit):
        return Mention(first, first + 1, PERSON, word.base, name=Span(first, first + 1), definite=True)
    before = reading.tokens[first - 1].lexeme if first else NO_WORD
    adjective = kind & Kind.TITLE and word.text.endswith(("ي", "يه"))
    if adjective and before.kind & Kind.OCCASION and before.definite == word.definite:
        return None  # «في تصريح صحافي», «خلال الندوة الصحفية»
    following = reading.tokens[first + 1].lexeme if first + 1 < limit else NO_WORD
    human = kind & (Kind.UNNAMED | Kind.TITLE) or following.text == "اخر"
    if following.kind & Kind.OTHER and not word.definite and human:
        return Mention(first, first + 2, UNNAMED, word.base, name=Span(first, first + 2))  # مشجع آخر
    if kind & Kind.TITLE and word.text.endswith(("ون", "ين")) and not kind & Kind.GIVEN_NAME and is_plural(word):
        return read_body(reading, first, limit, UNNAMED, bounded)  # مسؤولون كبار
    if kind & Kind.HONORIFIC or (kind & Kind.TITLE and not ours and not _is_given_here(reading, first, limit)):
        return person_by_role(reading, first, limit, bounded)
    if word.base in ("احد", "احدي") and following.kind & Kind.TIME:
        return None  # «في أحد الأيام»
    if kind & Kind.UNNAMED and not kind & Kind.ORGANISATION:
        return _called(reading, read_body(reading, first, limit, UNNAMED, bounded), limit)
    for body_kind, type_ in _BODIES:
        if kind & body_kind:
            body = read_body(reading, first, limit, type_, bounded)
            return _or_person(reading, body, limit) if bounded and kind & Kind.TITLE else body
    return person_by_name(reading, first, limit, bounded)


def _called(reading: Reading, somebody: Mention, limit: int) -> Mention:
    """Return somebody with the name that is told behind a comma: «أحدهم، ويدعى أبو مصطفى», «إحداهن، واسمها ليلى»."""
    if (name := _named_at_once(reading, somebody, limit)) is not None:
        role = Span(somebody.first, somebody.last)
        return replace(somebody, type=PERSON, name=name, role=role, last=name.end, plural=False)
    at = somebody.last + 1
    told = at < limit and reading.tokens[at - 1].shape is Shape.COMMA
    if not told or reading.tokens[at].lexeme.text.removeprefix("و") not in CALLED:
        return somebody
    at += 1 + (at + 1 < limit and reading.tokens[at + 1].lexeme.definite)  # «واسمه المستعار كريم»
    name = find_name(reading, at, limit)
    return replace(somebody, type=PERSON, name=name, last=name.end) if name is not None else somebody


def _named_at_once(reading: Reading, somebody: Mention, limit: int) -> Span | None:
    """Return the name right behind one of many: «أحد الأطباء في البلدة إسماعيل الخطيب», «مراسل الموقع محمد الراغب»."""
    head, at = reading.tokens[somebody.first].lexeme, somebody.last
    if at >= limit or not (head.base in _ONE or head.base.startswith("مراسل")) or at < somebody.first + 2:
        return None
    word = reading.tokens[at].lexeme
    if not word.kind & Kind.GIVEN_NAME or word.kind & ~Kind.GIVEN_NAME or word.cue or word.preposition:
        return None
    name = find_name(reading, at, limit, bounded=False)
    return name if name is not None and name.end > name.start + 1 else None


def _counted(reading: Reading, first: int, limit: int, bounded: bool) -> Mention | None:
    """Read a number of people («40 في المئة», «150 خبيراً»); things do not speak."""
    counted = reading.tokens[first + 1].lexeme if first + 1 < limit else NO_WORD
    if not counted.kind & (Kind.TITLE | Kind.UNNAMED) and counted.text not in ("في", "من", "بالمئه", "بالمايه"):
        return None
    return read_body(reading, first, limit, UNNAMED, bounded)


def _is_named_after_verb(reading: Reading, at: int) -> bool:
    """Whether a doubtful verb right after a verb is rather a name."""
    word, before = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme if at else NO_WORD
    doubtful = word.cue is not None and word.cue.homograph and not word.conjunction
    return doubtful and before.cue is not None and before.cue.finite


def _is_opening_verb(reading: Reading, at: int) -> bool:
    """Whether a name that opens a sentence is a verb: «ولد الديري في …», «وشهد الاجتماع …»."""
    word = reading.tokens[at].lexeme
    names = word.kind & Kind.GIVEN_NAME and word.conjunction and len(word.base) == 3
    if not (names or word.text == "ولد") or at != reading.sentence_of(at).start or at + 1 >= len(reading.tokens):
        return False
    following = reading.tokens[at + 1].lexeme
    return following.definite and not following.kind & Kind.GIVEN_NAME


def _or_person(reading: Reading, body: Mention, limit: int) -> Mention | None:
    """Return a person instead of a body when a name fills the rest («محافظة المتحف فلانة الفلاني أن»)."""
    name = find_name(reading, body.last, limit) if body.last < limit else None
    if name is None or name.end != limit or reading.tokens[body.last].shape is not Shape.WORD:
        return body
    return person_by_role(reading, body.first, limit, bounded=True)


def _is_abbreviated(reading: Reading, first: int, limit: int) -> bool:
    """Whether a single letter is a title: «د. سالم», «د سالم»."""
    following = reading.tokens[first + 1] if first + 1 < limit else None
    return following is not None and (following.shape is Shape.OTHER or following.lexeme.has(Kind.GIVEN_NAME))


def _is_given_here(reading: Reading, first: int, limit: int) -> bool:
    """Whether a word that is a title and a given name (أمين، سلطان) is a name here: it governs nothing definite."""
    word = reading.tokens[first].word
    if word is None or word.definite or not word.kind & Kind.GIVEN_NAME:
        return False
    following = reading.tokens[first + 1].word if first + 1 < limit else None
    governed = COMMON | Kind.PLACE | Kind.ROLE_ADJECTIVE
    return following is None or not (following.definite or following.kind & governed)


def _pointing_back(reading: Reading, first: int, limit: int) -> Mention:
    last = first + 1
    while last < limit and last < first + 4:
        word = reading.tokens[last].word
        if word is None or not (word.kind & Kind.ANAPHOR or word.definite) or ends_phrase(reading, last, limit):
            break
        last += 1
    word = reading.tokens[first].word
    base = word.base.removeprefix("ال") if word else ""
    gender = "f" if base.endswith("ه") else "m"
    return Mention(first, last, UNNAMED, base, gender=gender, definite=True, points_back=True)
