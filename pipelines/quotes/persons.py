"""People: a role and a name in either order («وزير العدل فلان», «فلان، وزير العدل»), or one of the two alone."""

from __future__ import annotations

from pipelines.model import Span
from pipelines.quotes.apposed_names import name_after_comma, name_at_end
from pipelines.quotes.cues import CueForm
from pipelines.quotes.genders import name_gender
from pipelines.quotes.kinds import Kind
from pipelines.quotes.members import is_of_place, singular
from pipelines.quotes.personal_names import MIN_GOVERNED, closes, find_name, is_doubtful, looks_governed
from pipelines.quotes.phrases import Mention, is_plural, over_brackets, relative_follows, trimmed
from pipelines.quotes.roles import CALLED, end_of_role, end_of_role_after
from pipelines.quotes.speaker_types import PERSON, UNNAMED
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Word, classify


def person_by_role(reading: Reading, first: int, limit: int, bounded: bool) -> Mention | None:
    """Read a role, the name after it if there is one, and the role after the name («الدكتور فلان، أستاذ …»)."""
    tokens = reading.tokens
    head = tokens[first].lexeme
    role_end = at = end_of_role(reading, first, limit, bounded)
    at += at < limit and tokens[at].lexeme.text in CALLED
    governed = (at < limit and (tokens[at].lexeme.text == "عن" or _is_addressed(tokens[at].lexeme))) or (
        at < limit and not bounded and looks_governed(reading, at)
    )
    name = None if governed else find_name(reading, at, limit, bounded)
    if name and not bounded and name.end == name.start + 1 and is_doubtful(reading, name.start):
        name = None  # «نشرت الممثلة صورة»
    anothers = name is not None and _is_anothers(reading, first, role_end, name)
    if name and anothers:
        role_end, name = name.end, None  # «خطيبة الإعلامي فلان»: the name is his
    if name is None and not anothers:
        at, role_end = _over_second_role(reading, at, role_end, limit, bounded)
        name = name_after_comma(reading, at, limit, bounded) or _apposed(reading, at, limit, bounded)
    if name is None and bounded and not anothers:
        name = name_at_end(reading, at, limit)
        if name is not None and _is_addressed(tokens[name.start].lexeme):
            name = None
    alone = name is None and singular(head.base) == head.base
    if alone and not bounded and tokens[role_end - 1].lexeme.definite:
        role_end = trimmed(reading, first, role_end)  # «قطع وزير المالية الطريق»
    last = over_brackets(reading, name.end, limit) if name else role_end
    after = end_of_role_after(reading, last, limit) if name else last
    role_after = Span(last + (tokens[last].shape is Shape.COMMA), after) if after > last else None
    last = after
    if name is None and all(len(token.lexeme.text) <= 1 for token in tokens[first:role_end]):
        return None  # «د.» and no name
    definite = head.definite or head.has(Kind.HONORIFIC) or _any_definite(tokens, first, role_end)
    points_back = name is None and head.definite and role_end <= first + 2
    person = Mention(first, last, PERSON if name or definite else UNNAMED, head.base)
    person.name, person.role, person.role_after = name, Span(first, role_end), role_after
    person.gender = _gender(head)
    person.plural = is_plural(head)
    person.definite = definite
    person.points_back = points_back
    person.relative = relative_follows(tokens, last, limit)
    return person


def _over_second_role(reading: Reading, at: int, role_end: int, limit: int, bounded: bool) -> tuple[int, int]:
    """Step over another role between commas: «نائب الرئيس، والمتحدث باسمه، فلان الفلاني، إن»."""
    tokens = reading.tokens
    if at + 1 >= limit or tokens[at].shape is not Shape.COMMA:
        return at, role_end
    word = tokens[at + 1].lexeme
    if not (word.conjunction and word.definite and word.kind & Kind.TITLE):
        return at, role_end
    end = end_of_role(reading, at + 1, limit, bounded)
    return (end, end) if end < limit and tokens[end].shape is Shape.COMMA else (at, role_end)


def _is_anothers(reading: Reading, first: int, role_end: int, name: Span) -> bool:
    """Whether a man's name stands after a woman's relation to him and his title: it is not her name."""
    head, last = reading.tokens[first].lexeme, reading.tokens[role_end - 1].lexeme
    of_whom = any(token.lexeme.kind & Kind.TITLE for token in reading.tokens[first + 1 : role_end])
    hers = not head.definite and head.text.endswith("ه") and of_whom and last.definite
    return hers and name_gender(tuple(t.lexeme.text for t in reading.tokens[name.start : name.end] if t.word)) == "m"


def _is_addressed(word: Word) -> bool:
    """Whether a word is «to» somebody: «وقال الأب لطفليه»."""
    if word.preposition == "ل":
        return True
    return not word.known and word.text.startswith("ل") and word.text.endswith(("ين", "ون")) and len(word.text) > 5


def _apposed(reading: Reading, at: int, limit: int, bounded: bool) -> Span | None:
    """Return the name of another role after a comma: «رئيس الخلية، محافظ الشرطة مراد عيساوني، …»."""
    tokens = reading.tokens
    if at + 1 >= limit or tokens[at].shape is not Shape.COMMA:
        return None
    word = tokens[at + 1].lexeme
    if not word.kind & Kind.TITLE or word.definite or word.conjunction or word.preposition or word.cue:
        return None
    other = person_by_role(reading, at + 1, limit, bounded=True)
    if other is None or other.name is None or other.name.end < other.last:
        return None
    known = tokens[other.name.start].lexeme.kind & Kind.GIVEN_NAME or (
        bounded and other.name.end > other.name.start + 1
    )
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
    before = tokens[first - 1].lexeme if first else NO_WORD
    said = before.cue is not None and before.cue.finite  # no verb follows a verb
    named = following.text in reading.names and following.text != "الدين" and not following.kind & Kind.NAME_PARTICLE
    if head.possessed or (named and not said and not head.known and not head.definite):
        return None  # «اسمه»; «ردّ بومبيو» where the article knows Pompeo
    trade = head.definite and not head.known and (following.kind & Kind.GIVEN_NAME or _names_follow(reading, first))
    office = bounded and bool(following.text) and not head.known and _is_unknown_role(reading, first, limit)
    if office or (trade and not following.kind & Kind.NAME_PREPOSITION) or _is_national(reading, first, limit):
        return person_by_role(reading, first, limit, bounded)  # a trade that no lexicon knows: «السباك سالم»
    if not bounded and not head.known and head.text[0] in "لب" and len(head.text) >= MIN_GOVERNED - 1:
        return None  # لمعرفة الأسباب
    verb = not head.known and following.has(Kind.GIVEN_NAME | Kind.TITLE | Kind.HONORIFIC)
    if not bounded and verb and following.text != "الدين":
        return None  # an unknown word before a name or a role is a verb
    name = find_name(reading, first, limit, bounded)
    if name is None:
        return None
    nisba = head.definite and not head.known and head.base.endswith(("ي", "يه")) and head.text not in reading.names
    if nisba and name.end == first + 1 and reading.counts[head.text] == 1:
        gender = "f" if head.base.endswith("ه") else "m"
        role = Span(first, name.end)
        return Mention(first, name.end, PERSON, head.base, role=role, gender=gender, definite=True, points_back=True)
    last = end_of_role_after(reading, over_brackets(reading, name.end, limit), limit)
    plural = head.text.endswith(("ون", "ين")) and head.definite
    after = over_brackets(reading, name.end, limit)
    role_start = after + (last > after and tokens[after].shape is Shape.COMMA)
    return Mention(
        first,
        last,
        UNNAMED if plural else PERSON,
        head.base,
        name=name,
        role=Span(role_start, last) if last > role_start else None,
        plural=plural,
        definite=head.definite,
        relative=relative_follows(tokens, last, limit),
    )


def _is_unknown_role(reading: Reading, first: int, limit: int) -> bool:
    """Whether a noun of no lexicon governs what stands behind it, as no name does.

    It governs a body («قيم متحف الساحل …»), or definite words before a rank or before a name that ends the phrase.
    """
    tokens = reading.tokens
    head, following = tokens[first].lexeme, tokens[first + 1].lexeme
    if head.definite or head.possessed or head.preposition or head.text in reading.names:
        return False
    if not following.definite:
        return following.kind & ~Kind.NAME_HEAD == Kind.ORGANISATION and not following.preposition
    at = first + 2
    while at < limit and tokens[at].lexeme.definite and not tokens[at].lexeme.has(Kind.HONORIFIC):
        at += 1
    if at + 1 >= limit or tokens[at].lexeme.preposition:
        return False
    if tokens[at].lexeme.has(Kind.HONORIFIC) and tokens[at].lexeme.text.startswith("ال"):
        return True
    name = find_name(reading, at, limit) if tokens[at].lexeme.kind == Kind.GIVEN_NAME else None
    return name is not None and name.end > at + 1 and (name.end >= limit or closes(reading, name.end))


def _names_follow(reading: Reading, first: int) -> bool:
    """Whether a first and a family name of no lexicon end the phrase: «كتب المستخدم مابب الحوسني: …»."""
    tokens = reading.tokens
    if tokens[first].lexeme.text in reading.names or not closes(reading, first + 3):
        return False
    one, other = (token.lexeme for token in tokens[first + 1 : first + 3])
    plain = all(w.text and not (w.known or w.possessed or w.accusative or w.preposition) for w in (one, other))
    return plain and not one.definite and other.definite


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


def _any_definite(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    return any(t.word and (t.word.definite or t.word.kind & Kind.PLACE) for t in tokens[first:last])
