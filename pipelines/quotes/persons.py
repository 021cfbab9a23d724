"""People: a role and a name in either order («وزير العدل فلان», «فلان، وزير العدل»), or one of the two alone."""

from __future__ import annotations

from pipelines.model import Span, SpeakerType
from pipelines.quotes.cues import CueForm
from pipelines.quotes.members import is_of_place, singular
from pipelines.quotes.personal_names import (
    MIN_GOVERNED,
    find_name,
    is_ali,
    is_doubtful,
    looks_governed,
    name_after_comma,
    name_at_end,
    name_gender,
)
from pipelines.quotes.phrases import (
    BODY,
    COMMON,
    Mention,
    ends_phrase,
    is_plural,
    over_abbreviation,
    over_brackets,
    relative_follows,
    trimmed,
)
from pipelines.quotes.reading import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Kind, Word, classify

#: What stands before the name of somebody who is not known: «رجل يدعى فلان», «طالبة اسمها فلانة».
_CALLED = frozenset(("يدعي", "تدعي", "يسمي", "تسمي", "اسمه", "اسمها"))


def person_by_role(reading: Reading, first: int, limit: int, bounded: bool) -> Mention | None:
    """Read a role, the name after it if there is one, and the role after the name («الدكتور فلان، أستاذ …»)."""
    tokens = reading.tokens
    head = tokens[first].lexeme
    role_end = at = _role_end(reading, first, limit, bounded)
    at += at < limit and tokens[at].lexeme.text in _CALLED
    governed = (at < limit and (tokens[at].lexeme.text == "عن" or _is_addressed(tokens[at].lexeme))) or (
        at < limit and not bounded and looks_governed(reading, at)
    )
    name = None if governed else find_name(reading, at, limit, bounded)
    if name and not bounded and name.end == name.start + 1 and is_doubtful(reading, name.start):
        name = None  # «نشرت الممثلة صورة»
    if name and _is_anothers(reading, first, role_end, name):
        role_end, name = name.end, None  # «خطيبة الإعلامي فلان»: the name is his
    if name is None:
        name = name_after_comma(reading, at, limit, bounded) or _apposed(reading, at, limit)
    if name is None and bounded:
        name = name_at_end(reading, at, limit)
        if name is not None and _is_addressed(tokens[name.start].lexeme):
            name = None
    alone = name is None and singular(head.base) == head.base
    if alone and not bounded and tokens[role_end - 1].lexeme.definite:
        role_end = trimmed(reading, first, role_end)  # «قطع وزير المالية الطريق»
    last = over_brackets(reading, name.end, limit) if name else role_end
    after = _role_after(reading, last, limit) if name else last
    role_after = Span(last + (tokens[last].shape is Shape.COMMA), after) if after > last else None
    last = after
    if name is None and all(len(token.lexeme.text) <= 1 for token in tokens[first:role_end]):
        return None  # «د.» and no name
    definite = head.definite or head.has(Kind.HONORIFIC) or _any_definite(tokens, first, role_end)
    points_back = name is None and head.definite and role_end <= first + 2
    return Mention(
        first,
        last,
        SpeakerType.PERSON if name or definite else SpeakerType.UNNAMED,
        head.base,
        name=name,
        role=Span(first, role_end),
        role_after=role_after,
        gender=_gender(head),
        plural=is_plural(head),
        definite=definite,
        points_back=points_back,
        relative=relative_follows(tokens, last, limit),
    )


def _role_end(reading: Reading, first: int, limit: int, bounded: bool) -> int:
    """Return where a role ends that begins at ``first``: its head, what that governs, and adjectives."""
    tokens = reading.tokens
    at, governed, called, role_closed = first, False, False, -1
    head = tokens[first].lexeme
    if head.possessed:
        role_closed = first + 1  # «نجله وسام»
    while not ends_phrase(reading, at, limit) or _is_role_adjective(reading, at, first, limit):
        word = tokens[at].lexeme
        if tokens[at].shape is Shape.MARKED:
            governed, at = False, at + 1
            continue
        if word.text in _CALLED:
            break
        if word.possessed and at > first:
            governed, at = False, at + 1  # «المنتهية ولايتها», «مدير أعمالها»: nothing more is governed
            role_closed = at
            continue
        if role_closed == at and at > first and not word.definite and not word.preposition and not word.kind:
            break
        if not bounded and not governed and looks_governed(reading, at):
            break
        if _is_object_place(tokens, at, first):
            break
        if not governed and _names_begin(reading, at, first, called):
            break
        if at > first and _is_spoken_to(tokens, at):
            break
        if not bounded and word.preposition == "ب" and at > first and not word.has(BODY | Kind.PLACE):
            break  # «طالب الوزير بدراسة الملفات»
        if word.text == "عن" and not (
            tokens[at - 1].lexeme.has(Kind.ABOUT) or (bounded and head.has(Kind.ABOUT) and not head.has(Kind.UNNAMED))
        ):
            break
        if word.base == "علي" and not word.conjunction and at == first + 1 and head.definite and not _about(head):
            break  # «تمنى القنصل على أبناء الجالية …»
        # «مدرب الفريق»: a rank that the word before it governs is no rank.
        called = (
            word.has(Kind.HONORIFIC)
            and not governed
            and not (word.has(Kind.TITLE) and not word.definite and at == first)
        )
        governed = not called and _governs(word, at == first)
        at = over_abbreviation(tokens, at + 1, limit)
        at = over_brackets(reading, at, limit)
    return at


def _is_anothers(reading: Reading, first: int, role_end: int, name: Span) -> bool:
    """Whether a man's name stands after a woman's relation to him and his title: it is not her name."""
    head, last = reading.tokens[first].lexeme, reading.tokens[role_end - 1].lexeme
    of_whom = any(token.lexeme.has(Kind.TITLE) for token in reading.tokens[first + 1 : role_end])
    hers = not head.definite and head.text.endswith("ه") and of_whom and last.definite
    return hers and name_gender(tuple(t.lexeme.text for t in reading.tokens[name.start : name.end] if t.word)) == "m"


def _is_spoken_to(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a word with «to» is who was spoken to (لوكالة …، للصحفيين) and not whose role it is (للحوثيين فلان)."""
    word, following = tokens[at].lexeme, tokens[at + 1].lexeme if at + 1 < len(tokens) else NO_WORD
    second = tokens[at + 2].lexeme if at + 2 < len(tokens) else NO_WORD
    named = following.has(Kind.GIVEN_NAME) or second.text in ("الدين", "الله")
    return word.preposition == "ل" and (word.has(Kind.MEDIA) or (word.text.endswith("ين") and not named))


def _is_object_place(tokens: tuple[Token, ...], at: int, first: int) -> bool:
    """Whether a place that nothing governs is the object of a verb: «دعا سفير بلاده لدى الأمم المتحدة موسكو إلى …»."""
    word, before = tokens[at].lexeme, tokens[at - 1].lexeme
    bare = word.kind == Kind.PLACE and not word.text.startswith("ال") and not word.preposition and not word.conjunction
    return bare and at > first and before.definite


def _is_addressed(word: Word) -> bool:
    """Whether a word is «to» somebody: «وقال الأب لطفليه»."""
    if word.preposition == "ل":
        return True
    return not word.known and word.text.startswith("ل") and word.text.endswith(("ين", "ون")) and len(word.text) > 5


def _about(head: Word) -> bool:
    """Whether a role has its object behind a preposition: المشرف على …، المسؤول عن …."""
    return head.has(Kind.ABOUT) or (head.cue is None and not head.has(Kind.TITLE))


def _apposed(reading: Reading, at: int, limit: int) -> Span | None:
    """Return the name of another role after a comma: «رئيس الخلية، محافظ الشرطة مراد عيساوني، …»."""
    tokens = reading.tokens
    if at + 1 >= limit or tokens[at].shape is not Shape.COMMA:
        return None
    word = tokens[at + 1].lexeme
    if not word.has(Kind.TITLE) or word.definite or word.conjunction or word.preposition or word.cue:
        return None
    other = person_by_role(reading, at + 1, limit, bounded=True)
    if other is None or other.name is None or other.name.end < other.last:
        return None
    known = tokens[other.name.start].lexeme.has(Kind.GIVEN_NAME)
    closed = other.name.end >= limit or tokens[other.name.end].word is None
    return other.name if known and closed else None


def _gender(head: Word) -> str:
    """Return the gender of a role word: وزيرة and زوجته are feminine, نظيره and خليفة are not."""
    if head.possessed:
        return "f" if head.text.endswith(("ته", "تها", "تهم")) else "m"
    return "f" if head.text.endswith("ه") and head.text not in ("خليفه", "داعيه", "علامه") else "m"


def person_by_name(reading: Reading, first: int, limit: int, bounded: bool) -> Mention | None:
    """Read a name with nothing before it, and the role after it."""
    tokens = reading.tokens
    head = tokens[first].lexeme
    following = tokens[first + 1].lexeme if first + 1 < limit else NO_WORD
    if not head.known and head.text not in reading.names and _is_first_person(head):
        return None
    if head.possessed or (not head.known and not head.definite and following.text in reading.names):
        return None  # «اسمه»; «ردّ بومبيو» where the article knows Pompeo
    trade = head.definite and not head.known and following.has(Kind.GIVEN_NAME)
    if (trade and not following.has(Kind.NAME_PREPOSITION)) or _is_national(reading, first, limit):
        return person_by_role(reading, first, limit, bounded)  # a trade that no lexicon knows: «السباك سالم»
    if not bounded and not head.known and head.text[0] in "لب" and len(head.text) >= MIN_GOVERNED - 1:
        return None  # لمعرفة الأسباب
    if not bounded and not head.known and following.has(Kind.GIVEN_NAME | Kind.TITLE | Kind.HONORIFIC):
        return None  # an unknown word before a name or a role is a verb
    name = find_name(reading, first, limit, bounded)
    if name is None:
        return None
    nisba = head.definite and not head.known and head.base.endswith(("ي", "يه")) and head.text not in reading.names
    if nisba and name.end == first + 1 and reading.counts[head.text] == 1:
        gender = "f" if head.base.endswith("ه") else "m"
        role = Span(first, name.end)
        return Mention(
            first, name.end, SpeakerType.PERSON, head.base, role=role, gender=gender, definite=True, points_back=True
        )
    last = _role_after(reading, over_brackets(reading, name.end, limit), limit)
    plural = head.text.endswith(("ون", "ين")) and head.definite
    after = over_brackets(reading, name.end, limit)
    role_start = after + (last > after and tokens[after].shape is Shape.COMMA)
    return Mention(
        first,
        last,
        SpeakerType.UNNAMED if plural else SpeakerType.PERSON,
        head.base,
        name=name,
        role=Span(role_start, last) if last > role_start else None,
        plural=plural,
        definite=head.definite,
        relative=relative_follows(tokens, last, limit),
    )


def _is_national(reading: Reading, first: int, limit: int) -> bool:
    """Whether somebody is called by his country, and then by his name: «البرتغالي جوزيه كارفاليو».

    Or by more of the kind, with his name behind a comma: «الدولي الجزائري السابق، رفيق الزياني».
    """
    if first + 2 >= limit:
        return False
    comma = first
    while comma < limit and reading.tokens[comma].lexeme.definite:
        comma += 1
    if first < comma - 1 and comma + 1 < limit and reading.tokens[comma].shape is Shape.COMMA:
        return reading.tokens[comma + 1].lexeme.has(Kind.GIVEN_NAME)
    head, *names = (token.lexeme for token in reading.tokens[first : first + 3])
    of_country = head.definite and not head.known and head.base.endswith(("ي", "يه")) and is_of_place(head.base)
    return of_country and all(
        word.text and not word.definite and not word.preposition and not word.kind & ~Kind.GIVEN_NAME and not word.cue
        for word in names
    )


def _is_first_person(word: Word) -> bool:
    """Whether an unknown word is a verb of saying in the first person: «وأضاف أعلم أنها لن تكون سهلة»."""
    if word.text[:1] not in ("ا", "ن") or len(word.text) < 4:
        return False
    cue = classify(f"ي{word.text[1:]}").cue
    return cue is not None and cue.form is CueForm.IMPERFECT


def _names_begin(reading: Reading, at: int, first: int, called: bool) -> bool:
    """Whether a personal name begins at ``at``, after a role whose last word governs nothing more."""
    word = reading.tokens[at].lexeme
    if at == first or word.has(Kind.ANAPHOR) or word.possessed or word.text.isascii():
        return False
    if called and _is_epithet(reading, at):
        return False
    if called:
        return (
            word.has(Kind.GIVEN_NAME)
            or is_ali(reading, at)
            or not word.has(Kind.HONORIFIC | Kind.TITLE | Kind.NAME_PREPOSITION)
        )
    if word.has(Kind.GIVEN_NAME) and reading.tells_ya and is_ali(reading, at):
        return True
    if word.has(Kind.HONORIFIC | Kind.NAME_PREPOSITION) or word.definite or word.preposition or word.conjunction:
        return False
    if word.has(Kind.GIVEN_NAME):
        return True
    if word.has(COMMON | Kind.PLACE) or _is_role_adjective(reading, at, first, len(reading.tokens)):
        return False
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    after = reading.tokens[min(at + 2, len(reading.tokens) - 1)]
    accusative = all(one.text.endswith("ا") and not one.known for one in (word, following))
    if accusative and after.shape is Shape.WORD:
        return False  # «شن الوزير هجوماً عنيفاً على»: an object with its adjective
    if not word.known and word.text[0] in "بلو" and following.definite and word.text not in reading.names:
        return False  # لنصرة الأشقاء, وترقية الصادرات: a governed word with what is glued to it
    head = reading.tokens[first].lexeme
    nisba = not head.definite and word.text.endswith(("ي", "يه")) and at == first + 1
    return not nisba


def _is_epithet(reading: Reading, at: int) -> bool:
    """Whether a word between two titles describes the first: «المفتي الجعفري الشيخ حسن»."""
    word, following = (
        reading.tokens[at].lexeme,
        reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD,
    )
    if word.has(Kind.ROLE_ADJECTIVE) and not word.has(Kind.GIVEN_NAME):
        return True
    return word.definite and word.base.endswith(("ي", "يه")) and following.has(Kind.HONORIFIC)


def _is_role_adjective(reading: Reading, at: int, first: int, limit: int) -> bool:
    if not first < at < limit:
        return False
    word = reading.tokens[at].word
    # «العام» is also «the year», and then it follows no role.
    return word is not None and not word.preposition and (word.has(Kind.ROLE_ADJECTIVE) or word.base == "العام")


def _governs(word: Word, is_head: bool) -> bool:
    """Whether the next word, whatever it is, belongs to this one: وزير (الخارجية)، بمنطقة (…)، في (…)."""
    if word.has(Kind.NAME_PREPOSITION):
        return True
    if (word.has(Kind.ROLE_ADJECTIVE) and not is_head) or word.possessed:
        return False
    return not word.definite and word.has(COMMON) and not word.text.endswith(("ون", "ين"))


def _role_after(reading: Reading, at: int, limit: int) -> int:
    """Return where the role after a name ends: «فلان، وزير …»، «فلان مدير …»."""
    tokens = reading.tokens
    start = at + 1 if at < limit and tokens[at].shape is Shape.COMMA else at
    word = tokens[start].word if start < limit else None
    if word is None or not word.has(Kind.TITLE | Kind.ROLE_ADJECTIVE) or word.conjunction or word.preposition:
        return at
    start += 1
    while start < limit and tokens[start].shape not in (Shape.COMMA, Shape.COLON, Shape.STOP):
        word = tokens[start].word
        if word and word.has(Kind.RELATIVE):
            break
        if word and (word.complementizer is not None or (word.cue and not word.kind and not word.definite)):
            break
        if word and word.has(Kind.NAME_PREPOSITION | Kind.FUNCTION) and ends_phrase(reading, start, limit):
            break
        start += 1
    return start


def _any_definite(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    return any(t.word and (t.word.definite or t.word.has(Kind.PLACE)) for t in tokens[first:last])
