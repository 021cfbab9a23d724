"""Bodies, media, documents and sources without a name: a head and what is definite or governed after it."""

from __future__ import annotations

from pipelines.model import Span, SpeakerType
from pipelines.quotes.adjectives import is_noun_apart
from pipelines.quotes.kinds import BODY, Kind
from pipelines.quotes.personal_names import closes
from pipelines.quotes.persons import person_by_role
from pipelines.quotes.phrases import (
    MAX_MARKED_NAME,
    Mention,
    ends_phrase,
    gender_of,
    is_plural,
    over_brackets,
    relative_follows,
    trimmed,
)
from pipelines.quotes.reading import inner_words
from pipelines.quotes.speaker_types import DOCUMENT, MEDIA, ORGANISATION, PERSON, UNNAMED
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Word

_ISSUERS = Kind.ORGANISATION | Kind.MEDIA | Kind.PLACE | Kind.TITLE | Kind.HONORIFIC
_NAMED_BODIES = (ORGANISATION, MEDIA)
#: Adjectives that take «to» for whose somebody is: «مصادر تابعة للجماعة».
_BELONGING = frozenset(("تابع", "تابعه", "تابعين", "تابعون", "موال", "مواليه", "موالي", "موالين", "معارض", "مناهض"))


def read_body(reading: Reading, first: int, limit: int, type_: SpeakerType, bounded: bool) -> Mention:
    """Read a body, medium, document or unnamed source: its head and everything definite or governed after it."""
    tokens = reading.tokens
    head = tokens[first].lexeme
    at, marked, issuer = first + 1, None, None
    previous = head
    while not ends_phrase(reading, at, limit):
        token = tokens[at]
        if token.marked:
            if marked is None and not _is_nisba_in_marks(reading, token) and type_ is not UNNAMED:
                marked = token.marked.inner
            at += 1
            continue
        word = token.lexeme
        if type_ is DOCUMENT and word.text.endswith("ها") and _next_issues(reading, at, limit):
            at += 1  # «دراسة أعدها مركز …»
            continue
        if _addresses(tokens, at, limit, head, previous, type_):
            break
        if (
            word.definite
            and not (word.preposition or word.conjunction)
            and _is_apart(tokens, at, first, previous, type_, bounded)
        ):
            break
        if (word.possessed or word.cue is not None) and type_ in _NAMED_BODIES and _is_owned(word):
            break  # «أكدت الوزارة رفضها»
        if not word.known and word.text.startswith("ب") and _next_is_place(tokens, at, limit):
            previous, at = tokens[at + 1].lexeme, at + 2  # «الإدارة العامة للأمن بساحل حضرموت»
            continue
        glued = not (word.known or word.definite) and word.text.startswith("ل")
        if glued and not (head.definite and at == first + 1) and _next_is_definite(reading, at, limit):
            previous, at = tokens[at + 1].lexeme, at + 2  # «المرصد السوري لحقوق الإنسان»
            continue
        if type_ in _NAMED_BODIES and previous.definite and _is_circumstance(tokens, at, limit):
            break  # «قال البنك في 2006», «أكدت الهيئة في متن الرسالة»
        if not bounded and head.kind == Kind.PLACE and previous is head and _is_another(word):
            break  # «تطالب طهران المجتمع الدولي»
        if type_ in _NAMED_BODIES and previous.definite and _is_foreign_name(reading, at, limit):
            at += 2  # «بنك الاستثمار الأمريكي غولدمان ساكس، …»
            break
        if _leaves_body(word, previous, type_, bounded) and not (type_ is MEDIA and word.kind & Kind.MEDIA):
            break
        if issuer is None and type_ is DOCUMENT and word.kind & _ISSUERS:
            issuer = _issuer(reading, at, limit)
            if issuer is not None and issuer.type is PERSON and at == first + 1:
                return issuer  # «تصريح الوزير»: the person speaks
        previous = word
        at += 1
    at = over_brackets(reading, at if bounded else trimmed(reading, first, at), limit)
    ours = type_ is UNNAMED and head.text.endswith("نا")  # مراسلنا
    points_back = (head.definite and _only_nisbas(tokens, first + 1, at)) or ours
    body = Mention(first, at, type_, head.base, name=Span(first, at))
    body.marked_name, body.issuer = marked, issuer
    body.gender = gender_of(head)
    body.plural = type_ is UNNAMED and is_plural(head)
    body.definite = head.definite
    body.points_back = points_back
    body.relative = relative_follows(tokens, at, limit)
    return body


def _addresses(tokens: tuple[Token, ...], at: int, limit: int, head: Word, previous: Word, type_: SpeakerType) -> bool:
    """Whether a word with «to» is who was spoken to: «مصدر أمني للوكالة», «الوزارة لصحيفة «…»»."""
    word = tokens[at].lexeme
    if word.preposition != "ل":
        return False
    if head.kind == Kind.PLACE and previous is head and word.definite:
        return True  # «قالت الهند للسلطات»
    if type_ is UNNAMED and word.definite and previous.base not in _BELONGING:
        return True
    medium = word.has(Kind.MEDIA) and word.base != "اعلام"  # «المجلس الأعلى للإعلام»
    if type_ is DOCUMENT and previous is head and not _next_is_marked(tokens, at, limit):
        return False  # «مسح لرويترز»
    return not head.has(Kind.MEDIA) and (medium or _next_is_marked(tokens, at, limit))


def _is_circumstance(tokens: tuple[Token, ...], at: int, limit: int) -> bool:
    """Whether «in» tells when or in what something was said, and not where a body is: «السفارة في لندن»."""
    if tokens[at].lexeme.text != "في" or at + 1 >= limit:
        return False
    word, following = tokens[at + 1].lexeme, tokens[at + 2].lexeme if at + 2 < limit else NO_WORD
    if word.kind & (Kind.PLACE | Kind.GIVEN_NAME) or not word.text:
        return False
    return word.text[0].isdigit() or word.definite or (not word.known and following.definite)


def _is_another(word: Word) -> bool:
    """Whether a definite word after a country is no adjective of it, as in «كوريا الشمالية»."""
    return word.definite and not word.preposition and not word.text.endswith(("ه", "ي", "ا"))


def _is_foreign_name(reading: Reading, at: int, limit: int) -> bool:
    """Whether two words of no lexicon, without an article, end the phrase: the name of a body in apposition."""
    if at + 2 != limit and not closes(reading, at + 2):
        return False
    pair = [token.lexeme for token in reading.tokens[at : at + 2]]
    plain = (word.text and not word.known and not word.definite and not word.possessed for word in pair)
    return at + 2 <= limit and all(plain) and len(pair) == 2 and not pair[0].text.startswith("ل")


def _is_owned(word: Word) -> bool:
    """Whether a noun, which may look like a verb, has the body for its owner."""
    return word.text.endswith(("ها", "هم")) and not word.conjunction


def _closes_chain(word: Word) -> bool:
    """Whether a word governs nothing more: it is definite or a place."""
    return word.definite or bool(word.kind & Kind.PLACE) or word.text == "الله"


def _is_apart(
    tokens: tuple[Token, ...], at: int, first: int, previous: Word, type_: SpeakerType, bounded: bool
) -> bool:
    """Whether a definite word is another noun, which the verb governs: «أدانت هيئة الأرصاد الجوية الهجوم»."""
    word, head = tokens[at].lexeme, tokens[first].lexeme
    if at == first + 1:
        return _disagrees(head, word)
    if not _closes_chain(previous):
        return False
    return (not bounded and _is_plural_object(word, head)) or (
        type_ in _NAMED_BODIES and is_noun_apart(word, tokens[first:at])
    )


def _is_plural_object(word: Word, head: Word) -> bool:
    """Whether a plural is rather whom the body addresses: «حذرت الهيئة المستخدمين»."""
    plural = word.base.endswith("ين") and len(word.base) > 4 and not word.kind & Kind.PLACE
    return plural and not is_plural(head)


def _is_nisba_in_marks(reading: Reading, token: Token) -> bool:
    """Whether marks hold one adjective of belonging: «وسائل إعلام «إسرائيلية»»."""
    words = inner_words(reading.text, token.marked.inner) if token.marked else []
    return len(words) == 1 and not words[0].definite and words[0].text.endswith(("ي", "يه"))


def _only_nisbas(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    """Whether a definite head has nothing but adjectives of belonging: «الصحيفة الأميركية»."""
    return all(
        t.lexeme.definite and not t.lexeme.kind and t.lexeme.base.endswith(("ي", "يه")) for t in tokens[first:last]
    )


def _issuer(reading: Reading, at: int, limit: int) -> Mention | None:
    """Read whose document it is."""
    word = reading.tokens[at].lexeme
    if word.kind & (Kind.TITLE | Kind.HONORIFIC) and not word.kind & BODY:
        return person_by_role(reading, at, limit, bounded=True)
    media = MEDIA if word.kind & Kind.MEDIA else ORGANISATION
    return read_body(reading, at, limit, media, bounded=True)


def _next_issues(reading: Reading, at: int, limit: int) -> bool:
    return at + 1 < limit and reading.tokens[at + 1].lexeme.has(_ISSUERS)


def _disagrees(head: Word, word: Word) -> bool:
    """Whether a definite word after a definite head is no adjective of it: «نصحت الوزارة المواطنين»."""
    if not (head.definite and word.definite) or word.preposition or word.conjunction:
        return False
    if word.base.endswith(("ون", "ين")) and not word.kind & (Kind.PLACE | Kind.GIVEN_NAME):
        return not head.base.endswith(("ون", "ين"))
    return not word.known and head.base.endswith("ه") and not word.base.endswith(("ه", "ى", "ا", "ات"))


def _leaves_body(word: Word, previous: Word, type_: SpeakerType, bounded: bool) -> bool:
    if previous.kind == Kind.PLACE and not (word.known or word.definite) and type_ is MEDIA:
        return False  # «صحيفة نيويورك تايمز»
    if type_ is UNNAMED and word.base == "عن" and not bounded:
        return True  # «كشفت مصادر عن …»
    if word.kind & Kind.NAME_PREPOSITION:
        if word.base in ("من", "عن"):
            return type_ in (ORGANISATION, MEDIA)
        charged = previous.kind & Kind.ABOUT or previous.base.startswith("قايم")  # «القائمون على الجائزة»
        return word.base == "الي" or (word.base == "علي" and not charged)
    rank = (
        word.kind & Kind.HONORIFIC
        and not word.kind & Kind.ORGANISATION
        and not (previous.definite and word.definite and word.base.endswith("ي"))
    )
    if rank or (word.preposition in ("ب", "ل") and word.kind & (Kind.OCCASION | Kind.TIME)):
        return True
    person = word.kind & Kind.TITLE and not word.kind & BODY
    someone = (person or word.kind & Kind.HYPERNYM) and not word.base.endswith(("ي", "يه")) and not word.preposition
    if not bounded and someone and word.definite and previous.definite:
        return True  # «نعت رابطة الأدباء الراحل»
    if not bounded and word.preposition == "ب" and (person or not word.known) and type_ is not UNNAMED:
        return True  # what the verb governs: «أشادت المنظمة بالاتفاق»
    apart = word.definite and word.kind & BODY and not word.text.endswith("يه") and not word.preposition
    if (previous.definite or previous.kind & Kind.PLACE) and apart and not word.conjunction:
        return True  # another body: «اتهمت حركة التغيير الحكومة»
    if word.text[:1].isdigit():
        return type_ is not DOCUMENT and previous.definite and not bounded
    if word.possessed and not previous.kind & (Kind.NAME_PREPOSITION | Kind.UNNAMED):
        return True  # «أطلقت محكمة الاستئناف سراحه»
    if type_ is DOCUMENT and not previous.definite and _is_verb_after(word, previous):
        return True
    if not word.known and not word.definite and len(word.text) > 3:
        verb = word.text.endswith("ت") and not word.text.endswith("ات") and type_ in (DOCUMENT, UNNAMED)
        if verb or word.text.endswith("ها") or previous.kind & Kind.PLACE:
            return True  # a verb, or a noun with its own possessor: «بلاغ توصلت به …», «شركة … ساعتها»
    # After a definite word nothing indefinite belongs to the phrase: it is the verb or its object.
    proper = word.kind & Kind.PLACE or (
        word.kind & Kind.GIVEN_NAME and previous.kind & (Kind.HONORIFIC | Kind.GIVEN_NAME)
    )
    bare = not word.definite and not word.preposition and not proper and word.text != "العام"
    return bare and (_closes_chain(previous) or bool(word.conjunction))


def _is_verb_after(word: Word, previous: Word) -> bool:
    """Whether a word after an indefinite noun is its verb: «وثيقة رفعت عنها السرية», «بيان وصل الوكالة»."""
    if word.definite or word.preposition or word.conjunction:
        return False
    feminine = previous.base.endswith("ه")
    short = len(word.text) == 3 and not word.kind & ~Kind.GIVEN_NAME and previous.has(Kind.DOCUMENT)
    return (feminine and word.text.endswith("ت") and not word.kind & ~Kind.GIVEN_NAME) or short


def _next_is_place(tokens: tuple[Token, ...], at: int, limit: int) -> bool:
    return at + 1 < limit and tokens[at + 1].lexeme.kind == Kind.PLACE


def _next_is_definite(reading: Reading, at: int, limit: int) -> bool:
    return at + 1 < limit and reading.tokens[at + 1].lexeme.definite and not ends_phrase(reading, at + 1, limit)


def _next_is_marked(tokens: tuple[Token, ...], at: int, limit: int) -> bool:
    return at + 1 < limit and tokens[at + 1].shape is Shape.MARKED


def read_marked_name(reading: Reading, first: int) -> Mention | None:
    """Read a name that is nothing but a marked span («المدينة»); ``None`` when too much stands in the marks."""
    token = reading.tokens[first]
    if token.marked is None or token.words > MAX_MARKED_NAME:
        return None
    head = next(iter(inner_words(reading.text, token.marked.inner)), NO_WORD)
    type_ = ORGANISATION if head.kind & Kind.ORGANISATION else MEDIA
    return Mention(first, first + 1, type_, head.base, marked_name=token.marked.inner, definite=True)
