"""Roles: a head, what it governs, and its adjectives; where they end, and where a name begins after them."""

from __future__ import annotations

from pipelines.quotes.kinds import BODY, COMMON, Kind, titles
from pipelines.quotes.members import is_of_place
from pipelines.quotes.personal_names import is_ali, looks_governed
from pipelines.quotes.phrases import DONE_TO, ends_phrase, over_abbreviation, over_brackets
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Word, classify

#: What stands before the name of somebody who is not known: «رجل يدعى فلان», «طالبة اسمها فلانة».
CALLED = frozenset(("يدعي", "تدعي", "يسمي", "تسمي", "اسمه", "اسمها"))

#: What tells when or in whose place somebody holds a role: «وزير الداخلية سابقاً فلان».
_MEANWHILE = frozenset(("سابقا", "حاليا", "وكاله", "بالوكاله", "بالنيابه", "بالانابه"))

#: «الناطق باسمه»: the last word is no name.
_IN_NAME_OF = frozenset(("باسمه", "باسمها", "باسمهم"))

#: What a place is told by: «مديرة زراعة شمال الساحل».
_DIRECTIONS = frozenset(("شمال", "جنوب", "شرق", "غرب", "وسط", "ريف"))

#: What takes ب for what somebody is charged with: «المنسق المعني بعملية السلام», «الوزير المكلف بالعلاقات».
_CHARGED = frozenset(("معني", "معنيه", "مكلف", "مكلفه", "مختص", "مختصه"))


def end_of_role(reading: Reading, first: int, limit: int, bounded: bool) -> int:
    """Return where a role ends that begins at ``first``: its head, what that governs, and adjectives."""
    tokens = reading.tokens
    head = tokens[first].lexeme
    at, governed, called = first, False, False
    owned_until = first + 1 if head.possessed else -1  # «نجله وسام»
    while _may_be_in_role(reading, at, first, limit):
        word = tokens[at].lexeme
        if word.text in CALLED:
            break
        if tokens[at].shape is Shape.MARKED or word.text in _MEANWHILE:
            governed, at = False, at + 1
            continue
        if word.text == "مع":
            governed, at = True, at + 1
            continue
        spoken_for = word.text in _IN_NAME_OF or word.text in DONE_TO  # المعترف بها
        if at > first and not word.known and word.text.endswith("يا") and tokens[at - 1].lexeme.text in ("بها", "به"):
            at += 1  # «المعترف بها دوليا»
            continue
        if (word.possessed or spoken_for) and at > first:
            governed, at = False, at + 1  # «المنتهية ولايتها», «مدير أعمالها»: nothing more is governed
            owned_until = at
            continue
        if owned_until == at and not word.definite and not word.preposition and not word.kind:
            break
        if at > first and _leaves_role(reading, at, first, bounded):
            break
        if not governed and (
            _names_begin(reading, at, first, called, bounded) or (not bounded and looks_governed(reading, at))
        ):
            break
        # «مدرب الفريق»: a rank that the word before it governs is no rank.
        called = (
            word.has(Kind.HONORIFIC)
            and not governed
            and not (word.kind & Kind.TITLE and not word.definite and at == first)
        )
        governed = not called and _governs(word, at == first)
        at += 1
        if at < limit and tokens[at].word is None:
            at = over_brackets(reading, over_abbreviation(tokens, at, limit), limit)
    return at


def _may_be_in_role(reading: Reading, at: int, first: int, limit: int) -> bool:
    """Whether token ``at`` can stand in a role that began at ``first``, as far as the word itself tells."""
    if not ends_phrase(reading, at, limit) or _is_role_adjective(reading, at, first, limit):
        return True
    text = reading.tokens[at].lexeme.text if first < at < limit else ""
    if text == "وسط" and at == first + 1:
        return True  # «لاعب وسط الفريق»
    return text in _MEANWHILE or (bool(text) and _is_with(reading, at, limit))


def _is_with(reading: Reading, at: int, limit: int) -> bool:
    """Whether «with» tells what a role is about: «وزير العلاقات مع البرلمان», and not with whom somebody was."""
    if reading.tokens[at].lexeme.text != "مع" or at + 1 >= limit:
        return False
    word = reading.tokens[at + 1].lexeme
    return word.definite and reading.tokens[at - 1].lexeme.definite and not word.kind & ~Kind.ORGANISATION


def _leaves_role(reading: Reading, at: int, first: int, bounded: bool) -> bool:
    """Whether token ``at`` is rather what the verb is about, or to whom it is said, than a part of the role."""
    tokens = reading.tokens
    head, word = tokens[first].lexeme, tokens[at].lexeme
    if _is_object_place(tokens, at) or _is_spoken_to(tokens, at):
        return True
    if head.definite and at == first + 1 and _is_object(word):
        return True
    by = not bounded and word.preposition == "ب" and not word.kind & (BODY | Kind.PLACE)
    if by and not _is_charge(tokens, first, at):
        return True  # «طالب الوزير بدراسة الملفات»
    if not bounded and word.text == "من" and tokens[at - 1].lexeme.definite and head.definite:
        return True  # «حذر الوزير المصري من توسع الصراع»
    if word.text == "عن":
        of_body = at + 1 < len(tokens) and tokens[at + 1].lexeme.kind & Kind.ORGANISATION
        about = (bounded or of_body) and head.kind & Kind.ABOUT and not head.kind & Kind.UNNAMED
        return not about and not tokens[at - 1].lexeme.kind & Kind.ABOUT
    # «تمنى القنصل على أبناء الجالية …»
    return word.base == "علي" and not word.conjunction and at == first + 1 and head.definite and not _about(head)


def _is_charge(tokens: tuple[Token, ...], first: int, at: int) -> bool:
    """Whether ب tells what the role is about: «القائم بالأعمال», «المعني بالسلام», «الفائز بالجائزة الروائي …»."""
    acting = tokens[first].lexeme.base.startswith("قايم") and tokens[at].lexeme.base == "اعمال"
    return acting or tokens[at - 1].lexeme.base in _CHARGED or _title_and_name(tokens, at + 1)


def _title_and_name(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a definite title and a name go on: «عبر الفائز بالجائزة الروائي عبده الساحلي عن سعادته»."""
    if at + 1 >= len(tokens):
        return False
    word, name = tokens[at].lexeme, tokens[at + 1].lexeme
    return word.text.startswith("ال") and word.has(Kind.TITLE | Kind.HONORIFIC) and name.kind == Kind.GIVEN_NAME


def _is_spoken_to(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a word with «to» is who was spoken to (لوكالة …، للصحفيين) and not whose role it is (للحوثيين فلان)."""
    word = tokens[at].lexeme
    if word.preposition != "ل" or word.kind & Kind.MEDIA:
        return word.preposition == "ل"
    following, second = (tokens[at + i].lexeme if at + i < len(tokens) else NO_WORD for i in (1, 2))
    named = following.kind & Kind.GIVEN_NAME or second.text in ("الدين", "الله")
    return word.text.endswith("ين") and not named


def _is_object(word: Word) -> bool:
    """Whether a word after a definite role is another noun, which the verb governs: «وصف الوزير نتائج الامتحان»."""
    return (
        not word.definite and not word.preposition and word.has(COMMON & ~Kind.TITLE) and not word.has(Kind.GIVEN_NAME)
    )


def _is_object_place(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a place that nothing governs is the object of a verb: «دعا سفير بلاده لدى الأمم المتحدة موسكو إلى …»."""
    word = tokens[at].lexeme
    bare = word.kind == Kind.PLACE and not word.text.startswith("ال") and not word.preposition and not word.conjunction
    return bare and tokens[at - 1].lexeme.definite


def _about(head: Word) -> bool:
    """Whether a role has its object behind a preposition: المشرف على …، المسؤول عن …."""
    return head.has(Kind.ABOUT) or (head.cue is None and not head.has(Kind.TITLE))


def _names_begin(reading: Reading, at: int, first: int, called: bool, bounded: bool) -> bool:
    """Whether a personal name begins at ``at``, after a role whose last word governs nothing more."""
    word = reading.tokens[at].lexeme
    if at == first or word.kind & Kind.ANAPHOR or word.possessed or word.text.isascii():
        return False
    if called and _is_epithet(reading, at):
        return False
    if called:
        return (
            word.has(Kind.GIVEN_NAME)
            or is_ali(reading, at)
            or not word.kind & (Kind.HONORIFIC | Kind.TITLE | Kind.NAME_PREPOSITION)
        )
    if word.kind & Kind.GIVEN_NAME and reading.tells_ya and is_ali(reading, at):
        return True
    if word.definite or word.preposition or word.conjunction:
        return False
    if word.kind & (Kind.HONORIFIC | Kind.NAME_PREPOSITION):
        ranked = (
            reading.tokens[at + 1].lexeme.has(Kind.HONORIFIC | Kind.TITLE) if at + 1 < len(reading.tokens) else True
        )
        return word.has(Kind.GIVEN_NAME) and word.has(Kind.HONORIFIC) and not ranked  # «مدير المخيم رائد الساحلي»
    if word.kind & Kind.GIVEN_NAME:
        return True
    if word.text in _DIRECTIONS or (not word.known and _another_role_follows(reading, at)):
        return False
    if word.kind & (COMMON | Kind.PLACE) or _is_role_adjective(reading, at, first, len(reading.tokens)):
        return False
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    after = reading.tokens[min(at + 2, len(reading.tokens) - 1)]
    accusative = all(one.text.endswith("ا") and not one.known for one in (word, following))
    if accusative and after.shape is Shape.WORD and not (bounded or after.lexeme.definite):
        return False  # «شن الوزير هجوماً عنيفاً على»: an object with its adjective
    governed = not word.known and word.text[0] == "ب" and len(word.text) > 5
    if governed and (word.text.endswith("ات") or following.kind & Kind.TITLE):
        return False  # «مدير المفوضية بولايات الشمال», «القائم بأعمال رئيس …»
    if not word.known and word.text[0] == "و" and word.text not in reading.names:
        if word.text.endswith("ه") and following.kind & Kind.GIVEN_NAME:
            return False  # «الأمينة العامة ومغادرة فلان»
        if classify(word.text[1:]).kind & ~Kind.GIVEN_NAME or following.kind & Kind.PLACE:
            return False  # «الشرق الأوسط وشمال أفريقيا»
    governs = following.definite or following.kind & (BODY | Kind.TITLE) & ~Kind.GIVEN_NAME
    if not word.known and word.text[0] in "بلو" and governs and word.text not in reading.names:
        return False  # لنصرة الأشقاء, لشؤون مجلس الوزراء: a governed word with what is glued to it
    head = reading.tokens[first].lexeme
    nisba = not head.definite and word.text.endswith(("ي", "يه")) and at == first + 1
    return not nisba


def _another_role_follows(reading: Reading, at: int) -> bool:
    """Whether «and» with another role follows: what stands before it is no name («باسم محاكم بنزور ومساعد الوكيل»)."""
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    return bool(following.conjunction) and not following.definite and following.has(Kind.TITLE)


def _is_epithet(reading: Reading, at: int) -> bool:
    """Whether a word between two titles describes the first: «المفتي الجعفري الشيخ حسن»."""
    word, following = (
        reading.tokens[at].lexeme,
        reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD,
    )
    if word.kind & Kind.ROLE_ADJECTIVE and not word.kind & Kind.GIVEN_NAME:
        return True
    if not word.definite or not word.base.endswith(("ي", "يه")):
        return False
    # «المستشار الألماني طارق شندب»: of a country, and then his name.
    named = is_of_place(word.base) and not following.definite and bool(following.text) and not following.cue
    return following.has(Kind.HONORIFIC) or (named and not following.kind & ~Kind.GIVEN_NAME)


def _is_role_adjective(reading: Reading, at: int, first: int, limit: int) -> bool:
    if not first < at < limit:
        return False
    word = reading.tokens[at].word
    # «العام» is also «the year», and then it follows no role.
    return word is not None and not word.preposition and (word.has(Kind.ROLE_ADJECTIVE) or word.base == "العام")


def _governs(word: Word, is_head: bool) -> bool:
    """Whether the next word, whatever it is, belongs to this one: وزير (الخارجية)، بمنطقة (…)، في (…)."""
    if word.kind & Kind.NAME_PREPOSITION:
        return True
    if (word.kind & Kind.ROLE_ADJECTIVE and not is_head) or word.possessed:
        return False
    plural = word.text.endswith(("ون", "ين")) and word.base not in titles()
    return not word.definite and word.has(COMMON) and not plural


def _stands_apart(word: Word) -> bool:
    """Whether a word without article and anything glued to it is no part of what is definite before it."""
    return not (word.definite or word.preposition or word.conjunction)


def end_of_role_after(reading: Reading, at: int, limit: int) -> int:
    """Return where the role after a name ends: «فلان، وزير …»، «فلان مدير …»."""
    tokens = reading.tokens
    start = at + 1 if at < limit and tokens[at].shape is Shape.COMMA else at
    word = tokens[start].word if start < limit else None
    if word is None or not word.kind & (Kind.TITLE | Kind.ROLE_ADJECTIVE) or word.conjunction or word.preposition:
        return at
    if start == at and word.possessed:
        return at  # «التقى الوزير فلان نظيره التركي»
    start += 1
    while start < limit and tokens[start].shape not in (Shape.COMMA, Shape.COLON, Shape.STOP):
        word = tokens[start].word
        if word and word.kind & Kind.RELATIVE:
            break
        if word and word.kind & Kind.TITLE and _stands_apart(word) and tokens[start - 1].lexeme.definite:
            break  # «صدم فلان الوزير الفرنسي فتاة»
        if word and (word.complementizer is not None or (word.cue and not word.kind and not word.definite)):
            break
        if word and word.kind & (Kind.NAME_PREPOSITION | Kind.FUNCTION) and ends_phrase(reading, start, limit):
            break
        start += 1
    return start
