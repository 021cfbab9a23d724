"""Who is named: titles, names, bodies, media, documents and sources without a name, read as phrases of grammar.

A role in Arabic is a chain: its head (وزير) takes a complement (الخارجية), and definite adjectives follow (التركي). The
first word after the chain that is neither definite nor governed begins the personal name. Names need no list then;
the list of given names is only a hint. A role may also follow the name, with or without a comma.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.model import Span, SpeakerType
from pipelines.quotes.reading import Reading, Shape, Token, inner_words
from pipelines.quotes.words import NO_WORD, Kind, Word

#: No phrase that names a speaker is longer, in tokens.
MAX_PHRASE = 32
MAX_NAME = 6
#: A word of so many letters that begins with ب is rather governed by it than a name.
MIN_GOVERNED = 6
#: A marked span of so many words can still be a name («المرصد المحلي لحقوق السكان»).
MAX_MARKED_NAME = 5

_BODY = Kind.ORGANISATION | Kind.MEDIA | Kind.DOCUMENT
_COMMON = _BODY | Kind.TITLE | Kind.OCCASION | Kind.NAME_HEAD | Kind.UNNAMED
_HEADS = _COMMON | Kind.GIVEN_NAME | Kind.HONORIFIC | Kind.PLACE
_ISSUERS = Kind.ORGANISATION | Kind.MEDIA | Kind.PLACE | Kind.TITLE | Kind.HONORIFIC
_PROCLITICS = frozenset("لبكوف")
_TANWIN = "\u064b"


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that names somebody: tokens ``[first, last)``.

    ``name`` and ``role`` are token ranges; ``name`` is ``None`` for a role whose holder is not named here.
    ``marked_name`` is the name in marks of a body (صحيفة «…»). ``issuer`` is the body that a document is of.
    ``glued`` tells that the preposition ل is the first letter of the first word (وفقا لرسول).
    ``points_back`` tells that the phrase only makes sense after an earlier one (المصدر ذاته، الوزير).
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
        return _marked_name(reading, first)
    word = token.word
    if (
        word is not None
        and word.has(Kind.DEMONSTRATIVE)
        and first + 1 < limit
        and reading.tokens[first + 1].lexeme.definite
    ):
        return parse_mention(reading, first + 1, limit, bounded)
    if word is None or not _may_begin(word):
        return None
    if token.end - token.start == 1 and not _is_abbreviated(reading, first, limit):
        return None
    if word.has(Kind.COURTESY):
        return Mention(first, first + 1, SpeakerType.PERSON, word.base, definite=True, points_back=True)
    if word.has(Kind.ANAPHOR) and word.definite | word.text.startswith("ال"):
        return _pointing_back(reading, first, limit)
    if word.text[0].isdigit():
        return _body(reading, first, limit, SpeakerType.UNNAMED)  # 40 في المئة
    if word.text == "ام" and not (first + 1 < limit and reading.tokens[first + 1].lexeme.has(Kind.GIVEN_NAME)):
        return None  # the conjunction «or»
    if word.has(Kind.NAME_PARTICLE) and not word.definite:
        return _person_by_name(reading, first, limit, bounded)  # أبو رامي
    ours = word.text.endswith("نا") and word.has(Kind.UNNAMED)
    ours |= word.base.endswith("ه") and word.has(_BODY)  # الأكاديمية is a body, though made like the feminine of a role
    if word.has(Kind.TITLE) and word.text.endswith(("ون", "ين")) and not word.has(Kind.GIVEN_NAME):
        return _body(reading, first, limit, SpeakerType.UNNAMED)  # مسؤولون كبار
    if word.has(Kind.HONORIFIC) or (word.has(Kind.TITLE) and not ours and not _is_given_here(reading, first, limit)):
        return _person_by_role(reading, first, limit, bounded)
    if word.has(Kind.UNNAMED) and not word.has(Kind.ORGANISATION):
        return _body(reading, first, limit, SpeakerType.UNNAMED)
    for kind, type_ in (
        (Kind.MEDIA, SpeakerType.MEDIA),
        (Kind.DOCUMENT, SpeakerType.DOCUMENT),
        (Kind.ORGANISATION, SpeakerType.ORGANISATION),
        (Kind.PLACE, SpeakerType.ORGANISATION),
    ):
        if word.has(kind):
            return _body(reading, first, limit, type_)
    return _person_by_name(reading, first, limit, bounded)


def _is_abbreviated(reading: Reading, first: int, limit: int) -> bool:
    """Whether a single letter is a title: «د. سالم», «د سالم»."""
    following = reading.tokens[first + 1] if first + 1 < limit else None
    return following is not None and (following.shape is Shape.OTHER or following.lexeme.has(Kind.GIVEN_NAME))


def ends_phrase(reading: Reading, at: int, limit: int) -> bool:
    """Whether token ``at`` cannot be part of a phrase that names somebody and began before it."""
    if at >= limit:
        return True
    token = reading.tokens[at]
    word = token.word
    if word is None:
        return token.shape is not Shape.MARKED or token.words > MAX_MARKED_NAME
    if word.complementizer is not None or word.has(Kind.RELATIVE) or (word.links and not word.has(_HEADS)):
        return True
    if word.cue and word.preposition == "ب":
        return True  # اكتفى بالقول
    if word.cue and not word.definite and not word.cue.homograph and not word.kind & (_COMMON | Kind.GIVEN_NAME):
        return True
    if word.text in _PROCLITICS:
        return True  # لـ«…»
    if word.base == "علي" and word.has(Kind.GIVEN_NAME):
        # The name, after another name, or else the preposition: علي الأرض in the spelling that does not tell ى from ي.
        named = at > 0 and reading.tokens[at - 1].lexeme.has(Kind.GIVEN_NAME | Kind.NAME_PARTICLE)
        return not named and at + 1 < limit and reading.tokens[at + 1].lexeme.definite
    if word.has(Kind.NAME_PREPOSITION):
        return _opens_circumstance(reading, at, limit)
    if word.has(Kind.FUNCTION | Kind.TIME) and not word.definite and not word.has(Kind.UNNAMED | Kind.NAME_PARTICLE):
        return True
    return _TANWIN in reading.text[token.start : token.end][-3:]


def _may_begin(word: Word) -> bool:
    if word.complementizer is not None or word.has(Kind.RELATIVE | Kind.TIME) or (word.links and not word.has(_HEADS)):
        return False
    if word.has(Kind.FUNCTION | Kind.NAME_PREPOSITION):
        return word.has(Kind.UNNAMED | Kind.NAME_PARTICLE | Kind.GIVEN_NAME)
    return not (word.cue and not word.kind)


def _opens_circumstance(reading: Reading, at: int, limit: int) -> bool:
    """Whether the preposition at ``at`` begins when, where or to whom something was said (في تصريح، إلى وكالة)."""
    following = reading.tokens[at + 1].word if at + 1 < limit else None
    if following is None or reading.tokens[at].word is None:
        return True
    return following.has(Kind.OCCASION | Kind.TIME | Kind.FUNCTION) or following.complementizer is not None


def _is_given_here(reading: Reading, first: int, limit: int) -> bool:
    """Whether a word that is a title and a given name (أمين، سلطان) is a name here: it governs nothing definite."""
    word = reading.tokens[first].word
    if word is None or word.definite or not word.has(Kind.GIVEN_NAME):
        return False
    following = reading.tokens[first + 1].word if first + 1 < limit else None
    governed = _COMMON | Kind.PLACE | Kind.ROLE_ADJECTIVE
    return following is None or not (following.definite or following.has(governed))


def _marked_name(reading: Reading, first: int) -> Mention | None:
    token = reading.tokens[first]
    if token.marked is None or token.words > MAX_MARKED_NAME:
        return None
    head = next((inner.lexeme for inner in inner_words(reading.text, token.marked.inner)), NO_WORD)
    type_ = SpeakerType.ORGANISATION if head.has(Kind.ORGANISATION) else SpeakerType.MEDIA
    return Mention(first, first + 1, type_, head.base, marked_name=token.marked.inner, definite=True)


def _pointing_back(reading: Reading, first: int, limit: int) -> Mention:
    last = first + 1
    while last < limit and last < first + 4:
        word = reading.tokens[last].word
        if word is None or not (word.has(Kind.ANAPHOR) or word.definite) or ends_phrase(reading, last, limit):
            break
        last += 1
    word = reading.tokens[first].word
    base = word.base.removeprefix("ال") if word else ""
    gender = "f" if base.endswith("ه") else "m"
    return Mention(first, last, SpeakerType.UNNAMED, base, gender=gender, definite=True, points_back=True)


def _body(reading: Reading, first: int, limit: int, type_: SpeakerType) -> Mention:
    """Read a body, medium, document or unnamed source: its head and everything definite or governed after it."""
    tokens = reading.tokens
    head = tokens[first].lexeme
    at, marked, issuer = first + 1, None, None
    previous = head
    while not ends_phrase(reading, at, limit):
        token = tokens[at]
        if token.marked:
            if marked is None and type_ is not SpeakerType.UNNAMED:
                marked = token.marked.inner
            at += 1
            continue
        word = token.lexeme
        if (
            word.preposition == "ل"
            and not head.has(Kind.MEDIA)
            and (word.has(Kind.MEDIA) or _next_is_marked(tokens, at, limit))
        ):
            break
        if _leaves_body(word, previous, type_) and not (type_ is SpeakerType.MEDIA and word.has(Kind.MEDIA)):
            break
        if issuer is None and type_ is SpeakerType.DOCUMENT and word.has(_ISSUERS):
            issuer = parse_mention(reading, at, limit)
            if issuer is not None and issuer.type is SpeakerType.PERSON and at == first + 1:
                return issuer  # «تصريح الوزير»: the person speaks
        previous = word
        at += 1
    at = _over_brackets(reading, at, limit)
    ours = type_ is SpeakerType.UNNAMED and head.text.endswith("نا")  # مراسلنا
    points_back = (head.definite and at == first + 1) or ours
    return Mention(
        first,
        at,
        type_,
        head.base,
        name=Span(first, at),
        marked_name=marked,
        issuer=issuer,
        gender=_gender(head),
        plural=type_ is SpeakerType.UNNAMED and _plural(head),
        definite=head.definite,
        points_back=points_back,
        relative=_relative_follows(tokens, at, limit),
    )


def _leaves_body(word: Word, previous: Word, type_: SpeakerType) -> bool:
    if word.has(Kind.NAME_PREPOSITION):
        if word.base in ("من", "عن"):
            return type_ in (SpeakerType.ORGANISATION, SpeakerType.MEDIA)
        return word.base in ("الي", "علي")
    if word.has(Kind.HONORIFIC) or (word.preposition in ("ب", "ل") and word.has(Kind.OCCASION | Kind.TIME)):
        return True
    if word.preposition == "ب" and not word.known and type_ is not SpeakerType.UNNAMED:
        return True  # what the verb governs: «أشادت المنظمة بالاتفاق»
    apart = word.definite and word.has(_BODY) and not word.text.endswith("يه") and not word.preposition
    if previous.definite and apart and not word.conjunction:
        return True  # another body: «اتهمت حركة التغيير الحكومة»
    if not word.known and not word.definite and len(word.text) > 3:
        verb = word.text.endswith("ت") and type_ in (SpeakerType.DOCUMENT, SpeakerType.UNNAMED)
        if verb or word.text.endswith("ها") or previous.has(Kind.PLACE):
            return True  # a verb, or a noun with its own possessor: «بلاغ توصلت به …», «شركة … ساعتها»
    # After a definite word nothing indefinite belongs to the phrase: it is the verb or its object.
    bare = not word.definite and not word.preposition and not word.has(Kind.PLACE | Kind.GIVEN_NAME)
    return bare and (previous.definite or bool(word.conjunction))


def _person_by_role(reading: Reading, first: int, limit: int, bounded: bool) -> Mention | None:
    tokens = reading.tokens
    at, governed, called = first, False, False
    head = tokens[first].lexeme
    while not ends_phrase(reading, at, limit) or _is_role_adjective(reading, at, first, limit):
        word = tokens[at].lexeme
        if tokens[at].shape is Shape.MARKED:
            governed, at = False, at + 1
            continue
        if not bounded and not governed and _looks_governed(reading, word):
            break
        if not governed and _names_begin(reading, at, first, called):
            break
        if word.preposition == "ل" and at > first and (word.has(Kind.MEDIA) or word.text.endswith("ين")):
            break  # who was spoken to: لوكالة …، للصحفيين
        if word.text == "عن" and not tokens[at - 1].lexeme.has(Kind.ABOUT):
            break
        # «مدرب الفريق»: a rank that the word before it governs is no rank.
        called = (
            word.has(Kind.HONORIFIC)
            and not governed
            and not (word.has(Kind.TITLE) and not word.definite and at == first)
        )
        governed = not called and _governs(word, at == first)
        at = _over_abbreviation(tokens, at + 1, limit)
        at = _over_brackets(reading, at, limit)
    role_end = at
    governed = (at < limit and tokens[at].lexeme.text == "عن") or (
        at < limit and not bounded and _looks_governed(reading, tokens[at].lexeme)
    )
    name = None if governed else _name(reading, at, limit, bounded)
    if name and not bounded and name.end == name.start + 1 and _is_doubtful(reading, name.start):
        name = None  # «نشرت الممثلة صورة»
    if name is None:
        name = _name_after_comma(reading, at, limit, bounded)
    if name is None and bounded:
        name = _name_at_end(reading, at, limit)
    last = _over_brackets(reading, name.end, limit) if name else role_end
    after = _role_after(reading, last, limit) if name else last
    role_after = Span(last + (tokens[last].shape is Shape.COMMA), after) if after > last else None
    last = after
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
        gender="f" if head.text.endswith("ه") and head.text not in ("خليفه", "داعيه", "علامه") else "m",
        plural=_plural(head),
        definite=definite,
        points_back=points_back,
        relative=_relative_follows(tokens, last, limit),
    )


def _is_doubtful(reading: Reading, at: int) -> bool:
    """Whether a single word after a role, met once, is too little for a name."""
    word = reading.tokens[at].lexeme
    return not word.has(Kind.GIVEN_NAME) and reading.counts[word.text] == 1


def _looks_governed(reading: Reading, word: Word) -> bool:
    """Whether an unknown word is rather ب with a noun (بارتقاء) than a name (بوتين)."""
    once = not word.known and reading.counts[word.text] == 1
    return once and word.text.startswith("ب") and len(word.text) >= MIN_GOVERNED


def _names_begin(reading: Reading, at: int, first: int, called: bool) -> bool:
    """Whether a personal name begins at ``at``, after a role whose last word governs nothing more."""
    word = reading.tokens[at].lexeme
    if at == first or word.has(Kind.ANAPHOR):
        return False
    if called:
        return (
            word.has(Kind.GIVEN_NAME)
            or _is_ali(reading, at)
            or not word.has(Kind.HONORIFIC | Kind.TITLE | Kind.NAME_PREPOSITION)
        )
    if word.has(Kind.HONORIFIC | Kind.NAME_PREPOSITION) or word.definite or word.preposition or word.conjunction:
        return False
    if word.has(Kind.GIVEN_NAME):
        return True
    if word.has(_COMMON | Kind.PLACE) or _is_role_adjective(reading, at, first, len(reading.tokens)):
        return False
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    if not word.known and word.text[0] in "بل" and following.definite:
        return False  # لنصرة الأشقاء: a governed word with its preposition
    head = reading.tokens[first].lexeme
    nisba = not head.definite and word.text.endswith(("ي", "يه")) and at == first + 1
    return not nisba


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
    if word.has(Kind.ROLE_ADJECTIVE) and not is_head:
        return False
    return not word.definite and word.has(_COMMON) and not word.text.endswith(("ون", "ين"))


def _name(reading: Reading, first: int, limit: int, bounded: bool = True) -> Span | None:
    """Return the tokens of a personal name that begins at ``first``, if one does."""
    tokens = reading.tokens
    at = last = first
    while at < first + MAX_NAME and not ends_phrase(reading, at, limit):
        word = tokens[at].word
        if word is None or (word.has(Kind.NAME_PREPOSITION) and not _is_ali(reading, at)):
            break
        if at == first and (word.has(_COMMON & ~Kind.TITLE) and not word.has(Kind.GIVEN_NAME)):
            return None
        if at > first and not _continues_name(reading, at, first, limit, bounded):
            break
        last = at + 1
        at = _over_brackets(reading, last, limit)
    return Span(first, last) if last > first else None


def _is_ali(reading: Reading, at: int) -> bool:
    """Whether a word that is also the preposition على is the name علي, which many papers write alike."""
    word, before = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme if at else NO_WORD
    called = before.has(Kind.HONORIFIC | Kind.GIVEN_NAME | Kind.NAME_PARTICLE)
    return word.base == "علي" and (word.has(Kind.GIVEN_NAME) or called)


def _continues_name(reading: Reading, at: int, first: int, limit: int, bounded: bool) -> bool:
    word, previous = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme
    if word.has(Kind.GIVEN_NAME | Kind.NAME_PARTICLE) or previous.has(Kind.NAME_PARTICLE):
        return True
    if word.preposition or word.conjunction:
        return False
    if word.has(Kind.TITLE) and word.definite:
        # A family name like الشاعر is the last word of the phrase; a role after the name goes on.
        return at == first + 1 and (ends_phrase(reading, at + 1, limit))
    if not bounded and not word.definite and _not_in_name(reading, word, first):
        return False
    if bounded and word.definite and not word.has(Kind.TITLE):
        return True
    after_particle = at > first + 1 and reading.tokens[at - 2].lexeme.has(Kind.NAME_PARTICLE)
    if not bounded and word.definite and at > first + 1 and not (previous.has(Kind.GIVEN_NAME) or after_particle):
        return False
    if not bounded and not word.definite and not reading.tokens[first].lexeme.has(Kind.GIVEN_NAME):
        # An unknown word before a definite one is rather an object: «طمأن فلان محبي المغني».
        following = reading.tokens[at + 1].lexeme if at + 1 < limit else NO_WORD
        if at > first + 1 or following.definite:
            return False
    if not bounded and not word.definite and at > first + 1:
        return False
    return not word.has(_COMMON | Kind.ROLE_ADJECTIVE)


def _not_in_name(reading: Reading, word: Word, first: int) -> bool:
    """Whether an unknown word after a name is rather a verb, or what the name is never again written with."""
    if word.text.endswith("ت"):
        return True
    once = reading.counts[word.text] == 1
    return once and (_looks_governed(reading, word) or reading.counts[reading.tokens[first].lexeme.text] > 1)


def _name_after_comma(reading: Reading, at: int, limit: int, bounded: bool) -> Span | None:
    """«رئيس الجهاز، فلان الفلاني، إن»: a name in apposition, closed by a comma or by what was said."""
    tokens = reading.tokens
    if at + 1 >= limit or tokens[at].shape is not Shape.COMMA:
        return None
    start = at + 1
    word = tokens[start].word
    while word is not None and word.has(Kind.HONORIFIC) and start + 1 < limit:
        start = _over_abbreviation(tokens, start + 1, limit)
        word = tokens[start].word if start < limit else None
    if word is None or word.definite or word.conjunction or word.preposition:
        return None
    if word.known and not word.has(Kind.GIVEN_NAME | Kind.ROLE_ADJECTIVE):
        return None
    following = tokens[start + 1].lexeme if start + 1 < limit else NO_WORD
    if not bounded and not word.known and following.has(Kind.GIVEN_NAME):
        return None
    name = _name(reading, start, limit)
    if name is None or (not bounded and not word.known and name.end - name.start < 2):
        return None
    if name.end < limit and tokens[name.end].shape not in (Shape.COMMA, Shape.COLON, Shape.STOP, Shape.MARKED):
        return None
    return name


def _name_at_end(reading: Reading, at: int, limit: int) -> Span | None:
    """«مدير المكتب، في المدينة، فلان الفلاني: …»: a known given name that ends where the subject must end."""
    for first in range(at, limit):
        if reading.tokens[first].lexeme.has(Kind.GIVEN_NAME) and not reading.tokens[first].aside:
            name = _name(reading, first, limit)
            return name if name and name.end == limit else None
    return None


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


def _person_by_name(reading: Reading, first: int, limit: int, bounded: bool) -> Mention | None:
    tokens = reading.tokens
    head = tokens[first].lexeme
    following = tokens[first + 1].lexeme if first + 1 < limit else NO_WORD
    if not bounded and not head.known and head.text[0] in "لب" and len(head.text) >= MIN_GOVERNED - 1:
        return None  # لمعرفة الأسباب
    if not bounded and not head.known and following.has(Kind.GIVEN_NAME | Kind.TITLE | Kind.HONORIFIC):
        return None  # an unknown word before a name or a role is a verb
    name = _name(reading, first, limit, bounded)
    if name is None:
        return None
    if name.end == first + 1 and following.has(Kind.OTHER):
        whole = Span(first, first + 2)  # «مشجع آخر»
        return Mention(first, whole.end, SpeakerType.UNNAMED, head.base, name=whole)
    last = _role_after(reading, _over_brackets(reading, name.end, limit), limit)
    plural = head.text.endswith(("ون", "ين")) and head.definite
    after = _over_brackets(reading, name.end, limit)
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
        relative=_relative_follows(tokens, last, limit),
    )


def _relative_follows(tokens: tuple[Token, ...], at: int, limit: int) -> bool:
    if at < limit and tokens[at].shape is Shape.COMMA:
        at += 1
    word = tokens[at].word if at < limit else None
    return bool(word and word.has(Kind.RELATIVE))


def _over_brackets(reading: Reading, at: int, limit: int) -> int:
    if at < limit and reading.tokens[at].shape is Shape.OPEN:
        start = at
        while at < limit and reading.tokens[at].aside:
            at += 1
        return at if at - start <= 12 else start
    return at


def _over_abbreviation(tokens: tuple[Token, ...], at: int, limit: int) -> int:
    """Step over the full stop of «د.»."""
    one_letter = tokens[at - 1].end - tokens[at - 1].start == 1
    if one_letter and at < limit and tokens[at].shape is Shape.OTHER:
        return at + 1
    return at


def _next_is_marked(tokens: tuple[Token, ...], at: int, limit: int) -> bool:
    return at + 1 < limit and tokens[at + 1].shape is Shape.MARKED


def _any_definite(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    return any(t.word and (t.word.definite or t.word.has(Kind.PLACE)) for t in tokens[first:last])


def _gender(word: Word) -> str:
    """Grammatical gender by form: what ends in ة or ات, and plurals of things, take a feminine verb."""
    if word.base.endswith(("ه", "ات")) or word.has(Kind.PLACE):
        return "f"
    return "" if word.has(Kind.UNNAMED) else "m"


def _plural(word: Word) -> bool:
    return word.base.endswith(("ون", "ين")) or (word.has(Kind.UNNAMED) and not word.has(Kind.TITLE))
