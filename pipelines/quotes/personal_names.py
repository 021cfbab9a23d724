"""Personal names: where one ends, told by the grammar around it and by how the rest of the article writes it."""

from __future__ import annotations

from pipelines.model import Span
from pipelines.quotes.cues import CueForm
from pipelines.quotes.kinds import COMMON, Kind
from pipelines.quotes.name_shapes import VERBAL_NOUN, is_after_compound, is_foreign_pair, is_li, is_plural_of_things
from pipelines.quotes.phrases import ends_phrase, over_brackets
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NO_WORD, Word, classify

#: A name is not longer, in tokens: «فهد بن ناصر بن جاسم بن علي آل خميس».
MAX_NAME = 9
#: A word of so many letters that begins with ل may be «to» somebody.
MIN_ADDRESSED = 5
#: A word of so many letters that begins with ب is rather governed by it than a name.
MIN_GOVERNED = 6


def find_name(reading: Reading, first: int, limit: int, bounded: bool = True) -> Span | None:
    """Return the tokens of a personal name that begins at ``first``, if one does."""
    tokens = reading.tokens
    at = last = first
    while at < first + MAX_NAME and (not ends_phrase(reading, at, limit) or _is_surname(reading, at, first, limit)):
        word = tokens[at].word
        if (
            word is None
            or _is_possessed(reading, at, first)
            or (word.kind & Kind.NAME_PREPOSITION and not is_ali(reading, at) and not _is_called(reading, at))
        ):
            break
        if at == first and word.definite and word.preposition:
            return None  # «للصحافيين»
        if at > last and (not word.kind & Kind.GIVEN_NAME and not word.definite):
            break  # «فلان (75 عاما) بمنصب»
        if at > first and (_is_joined(reading, word) or _is_addressed(reading, word)):
            break
        if word.text.isascii() and not reading.tokens[first].lexeme.text.isascii():
            break
        common = word.kind & (COMMON & ~Kind.TITLE) or (not bounded and word.kind == Kind.PLACE)
        if at == first and (common or word.kind & Kind.PREPOSITION) and not word.kind & Kind.GIVEN_NAME:
            return None
        if at > first and not (
            _continues_name(reading, at, first, limit, bounded) or _is_surname(reading, at, first, limit)
        ):
            break
        last = at + 1
        at = over_brackets(reading, last, limit)
    return Span(first, last) if last > first else None


def _is_called(reading: Reading, at: int) -> bool:
    """Whether a preposition that is a name as well is one after an honorific: «الدكتور باسم الشامي»."""
    before = reading.tokens[at - 1].lexeme if at else NO_WORD
    return reading.tokens[at].lexeme.has(Kind.GIVEN_NAME) and before.has(Kind.HONORIFIC) and not before.has(Kind.TITLE)


def _is_surname(reading: Reading, at: int, first: int, limit: int) -> bool:
    """Whether a word that is a verb elsewhere is a family name here: «الطيب لوح اليوم …», later «لوح» alone."""
    word = reading.tokens[at].lexeme if at < limit else NO_WORD
    if word.text == "لي":
        return is_li(reading, at, first, limit)
    if word.cue is None or not word.cue.finite or word.conjunction or word.kind:
        return False
    before = reading.tokens[at - 1].lexeme if at else NO_WORD
    if word.cue.form is CueForm.IMPERFECT and word.text not in reading.names:
        return False  # «سالم يؤكد أن»
    if word.text in reading.names or (at == first and before.cue is not None and before.cue.finite):
        return True
    following = reading.tokens[at + 1].lexeme if at + 1 < limit else NO_WORD
    apart = at + 1 >= limit or following.has(Kind.TIME | Kind.FUNCTION | Kind.NAME_PREPOSITION) or not following.text
    role = reading.tokens[first - 1].lexeme if first > 0 else NO_WORD
    called = role.definite or role.has(Kind.TITLE | Kind.HONORIFIC | Kind.ROLE_ADJECTIVE | Kind.PLACE)
    short = word.cue.form is CueForm.PERFECT and len(word.text) < 5 and at == first + 1
    first_name = before.has(Kind.GIVEN_NAME) or (short and called and not before.known and not before.definite)
    return at == first + 1 and apart and (first_name or _role_follows(reading, at, first, limit))


def _continues_name(reading: Reading, at: int, first: int, limit: int, bounded: bool) -> bool:
    """Whether the word at ``at`` goes on with a name that begins at ``first``."""
    word, previous = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme
    if word.conjunction and not previous.has(Kind.NAME_PARTICLE):
        return False
    if reading.text[reading.tokens[at - 1].end : reading.tokens[at].start] == "_":
        return True  # «#نادر_حسني» is one name
    if word.kind & Kind.TITLE and at + 1 < limit and reading.tokens[at + 1].lexeme.text in ("العام", "العامه"):
        return False  # «نور الدين الطبوخي الأمين العام»
    if word.text == "ام":
        return False  # «حياة أم خالد»
    if word.kind & (Kind.GIVEN_NAME | Kind.NAME_PARTICLE) or previous.kind & Kind.NAME_PARTICLE:
        return True
    if word.kind & Kind.HONORIFIC and at + 1 < limit and reading.tokens[at + 1].lexeme.kind & Kind.TITLE:
        return False  # «أشرف معالي وزير الثقافة»
    if bounded and word.kind == Kind.PLACE and previous.kind & Kind.GIVEN_NAME and at == first + 1:
        return True  # «الشرطي محمد عدن»
    first_name = previous.kind & Kind.GIVEN_NAME or (at == first + 1 and not previous.known and not previous.definite)
    middle = word.kind & (Kind.HONORIFIC | Kind.TITLE | Kind.HYPERNYM) and not word.definite and first_name
    if middle and at + 1 < limit and reading.tokens[at + 1].lexeme.kind & Kind.GIVEN_NAME:
        return True  # «جعفر شيخ مصطفى»
    titled = first > 0 and reading.tokens[first - 1].lexeme.kind & Kind.HONORIFIC and not previous.known
    if (titled or previous.kind & Kind.GIVEN_NAME) and word.kind & Kind.TITLE and _ends_name(reading, at, first):
        return True  # «مصطفى وزيري، …»
    if _role_follows(reading, at, first, limit):
        return True
    if _is_initial(reading, at):
        return True
    if word.kind & Kind.OTHER or (word.kind & Kind.HYPERNYM and not word.definite) or _is_plural(word):
        return False
    plain = not (word.definite or word.known)
    if plain and at == first + 2 and not word.possessed and is_after_compound(reading, at, first):
        return bounded or not (is_plural_of_things(word) or _is_object(reading, word))  # «عبد القادر قرطاس»
    following = reading.tokens[at + 1].lexeme if at + 1 < limit else NO_WORD
    if plain and at == first + 2 and _is_object(reading, following) and not _is_object(reading, word):
        return True  # «أبدى السفير تشن وي تشنغ استعداد بلاده»: the object begins behind it
    if plain and following.definite and _opens_compound(reading, at, limit):
        return True
    of_definite = following.definite and not following.preposition  # nothing governs «بالجهود»
    owns = following.possessed or of_definite or (following.cue is not None and following.cue.transitive)
    if owns and previous.definite and not word.definite and reading.pairs[previous.text, word.text] < 2:
        return False  # «ذكرت سميرة عبد العزيز سبب رفضها»
    if (of_definite or following.kind & Kind.PLACE or at > first + 1) and _is_object(reading, word):
        return False
    if at > first + 1 and _is_called_by(reading, previous, word):
        return False  # «تسلم توم فليتشر مهام منصبه», elsewhere «فليتشر» alone
    once = not word.known and reading.counts[word.text] == 1
    if previous.definite and once and word.text.startswith("ل") and len(word.text) > 4:
        return False  # «قال السوداني لرويترز»
    if _recurs(reading, word, previous):
        return True
    if at > first + 1 and _is_called_without(reading, at, bounded) and not closes(reading, at + 1):
        return False  # «كشف رامي عبدالرحمن تفاصيل …», later «عبدالرحمن» alone
    if word.kind & Kind.TITLE and not word.definite and at == first + 1 and following.definite:
        # «الرئيس الباجي قائد السبسي، …»: after a role one word is no name, so a title in the next is a part of it.
        alone = reading.counts[following.text] > reading.pairs[word.text, following.text]
        ends = ends_phrase(reading, at + 2, limit) or reading.tokens[at + 2].lexeme.has(Kind.PREPOSITION)
        called = first > 0 and reading.tokens[first - 1].lexeme.definite and ends
        return not following.known and (alone or called)
    if previous.definite and not word.definite and not ends_phrase(reading, at + 1, limit):
        return False  # «ذكرت سميرة عبد العزيز سبب رفضها»
    foreign = word.preposition and not word.known and at == first + 1 and not previous.definite
    if foreign and closes(reading, at + 1):
        return True  # «خورخي بالديراس، …»
    if word.text == "الله" or previous.text == "الله":
        return not word.preposition and not word.conjunction  # روح الله لطيفي
    return _is_family_name(reading, at, first, limit, bounded)


def _ends_name(reading: Reading, at: int, first: int) -> bool:
    """Whether a word that may be a role is rather the second of a name: it governs nothing and nothing follows it."""
    return at == first + 1 and not reading.tokens[at].lexeme.definite and closes(reading, at + 1)


def _role_follows(reading: Reading, at: int, first: int, limit: int) -> bool:
    """Whether a noun after an unknown first name is the family name: before a comma and a role («رينيه راي، رئيسة»)."""
    word, previous = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme
    if at != first + 1 or previous.known or previous.definite or word.definite or not closes(reading, at + 1):
        return False
    role = reading.tokens[at + 2].lexeme if at + 2 < limit else NO_WORD
    return not word.preposition and not role.definite and not role.conjunction and role.has(Kind.TITLE)


def _is_family_name(reading: Reading, at: int, first: int, limit: int, bounded: bool) -> bool:
    """Whether a word that nothing marks as a name is one by its place: what stands before it, and what after."""
    word, previous = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme
    following = reading.tokens[at + 1].lexeme if at + 1 < limit else NO_WORD
    if word.preposition or word.conjunction:
        return False
    if word.kind & Kind.TITLE and word.definite:
        # A family name like الشاعر is the last word of the phrase; a role after the name goes on.
        role_after = following.kind & Kind.TITLE and not following.definite
        return at == first + 1 and (role_after or ends_phrase(reading, at + 1, limit))
    first_name_alone = at == first + 1 and previous.kind & Kind.GIVEN_NAME and word.base.endswith("ه")
    if not bounded and word.definite and not following.definite and not first_name_alone and _is_thing(reading, at):
        return False  # «زار ماجد بن خلفان المنطقة أمس»
    named = previous.kind & (Kind.GIVEN_NAME | Kind.NAME_PARTICLE) or (
        at > first + 1 and reading.tokens[at - 2].lexeme.kind & Kind.NAME_PARTICLE
    )
    if named and not word.known and not word.possessed and closes(reading, at + 1):
        return True  # «علي بن هادي راجحي، …»
    if not bounded and not word.definite and _not_in_name(reading, word, previous, first):
        return False
    head = reading.tokens[first].lexeme
    titled_third = at == first + 2 and first > 0 and reading.tokens[first - 1].lexeme.kind & Kind.HONORIFIC
    family_name = head.definite or (head.text in reading.names and not head.kind & Kind.GIVEN_NAME)
    alone = word.definite and family_name and at == first + 1 and reading.pairs[head.text, word.text] < 2
    if alone and (not bounded or head.text in reading.names) and word.text not in reading.names:
        return False  # «استهلت العجلوني الجلسة»
    if titled_third and closes(reading, at + 1) and not word.known and not word.possessed:
        return True  # «السيد دراغان لوفين ستوياك، …»
    family = ends_phrase(reading, at + 1, limit) and (
        previous.kind & (Kind.GIVEN_NAME | Kind.NAME_PARTICLE) or closes(reading, at + 1)
    )
    if word.definite and not word.kind & Kind.TITLE and (bounded or family):
        return True
    after_particle = at > first + 1 and reading.tokens[at - 2].lexeme.kind & Kind.NAME_PARTICLE
    if not bounded and word.definite and at > first + 1 and not (previous.kind & Kind.GIVEN_NAME or after_particle):
        return False
    if not bounded and word.definite and at == first + 1 and not head.kind & (Kind.GIVEN_NAME | Kind.NAME_PARTICLE):
        # «صمت المسؤولين» is a noun with its possessor; a family name comes again alone.
        said = _says(reading, first - 1) and following.cue is not None and following.cue.form is CueForm.PARTICIPLE
        titled = first > 0 and reading.tokens[first - 1].lexeme.kind & Kind.HONORIFIC  # «الدكتور عارج العجلوني»
        once = reading.counts[word.text] == 1 and not (closes(reading, at + 1) or said or titled)
        if once and head.text not in reading.names:
            return False
    # An unknown word before a definite one is rather an object: «طمأن فلان محبي المغني».
    governs = following.definite and not following.preposition and not head.kind & Kind.GIVEN_NAME
    role_follows = following.definite and following.kind & Kind.TITLE  # «محمد حسين الفنطري المشرف على …»
    foreign = at == first + 1 and is_foreign_pair(reading, first)
    if not bounded and not word.definite and (at > first + 1 or governs) and not (role_follows or foreign):
        return False
    return not word.kind & (COMMON | Kind.ROLE_ADJECTIVE)


def _opens_compound(reading: Reading, at: int, limit: int) -> bool:
    """Whether two unknown words after a name end it before a comma and a role: «محمد فضل المولى، والي …»."""
    if not reading.tokens[at - 1].lexeme.kind & Kind.GIVEN_NAME or at + 3 >= min(limit, len(reading.tokens)):
        return False
    second, role = reading.tokens[at + 1].lexeme, reading.tokens[at + 3].lexeme
    titled = role.kind & Kind.TITLE and not (role.definite or role.conjunction or role.preposition)
    return bool(titled) and not second.known and closes(reading, at + 2)


def _is_thing(reading: Reading, at: int) -> bool:
    """Whether a definite word that goes on after a name is rather what was done to: «دعا فلان الأطراف إلى …»."""
    word = reading.tokens[at].lexeme
    shaped = word.base.endswith("ه") or is_plural_of_things(word)
    return shaped and not closes(reading, at + 1) and word.text not in reading.names and reading.counts[word.text] == 1


def _says(reading: Reading, at: int) -> bool:
    """Whether token ``at`` is a verb of saying without an object, so that a subject follows: «وعلق فلان قائلا»."""
    cue = reading.tokens[at].lexeme.cue if at >= 0 else None
    return cue is not None and cue.finite and not cue.transitive


def _is_possessed(reading: Reading, at: int, first: int) -> bool:
    """Whether a word ends with a pronoun; a name may end so (بارنييه), and then comes again or closes a phrase."""
    word = reading.tokens[at].lexeme
    if not word.possessed or not word.text.endswith("ه"):
        return word.possessed
    before = reading.tokens[at - 1].lexeme
    named = not before.known or before.kind & Kind.GIVEN_NAME
    foreign = at == first + 1 and named and not before.definite and closes(reading, at + 1)
    return reading.counts[word.text] < 2 and not foreign


def _is_initial(reading: Reading, at: int) -> bool:
    """Whether a letter before a punctuation mark is the last of a name: «أحمد سيد أحمد ج، …»."""
    return len(reading.tokens[at].lexeme.text) == 1 and closes(reading, at + 1)


def _is_plural(word: Word) -> bool:
    """Whether a definite word is a plural of people or things, and so no family name."""
    return (
        word.definite and not word.kind & Kind.PLACE and len(word.base) > 5 and word.base.endswith(("ين", "ون", "ات"))
    )


def _is_joined(reading: Reading, word: Word) -> bool:
    """Whether an unknown word is rather «and» with another: «محسن مرزوق ووفد …»."""
    if word.known or not word.text.startswith("و") or word.text in reading.names:
        return False
    rest = word.text[1:]
    return rest.startswith("و") or reading.counts[rest] > 0 or classify(rest).has(COMMON)


def _is_addressed(reading: Reading, word: Word) -> bool:
    """Whether an unknown word is rather «to» what the article names elsewhere: «قالت فلانة الفلاني لساحلنا نيوز»."""
    if word.known or not word.text.startswith("ل") or word.text in reading.names or len(word.text) < MIN_ADDRESSED:
        return False
    return reading.counts[word.text] == 1 and reading.counts[word.text[1:]] > 0


def _recurs(reading: Reading, word: Word, previous: Word) -> bool:
    """Whether an unknown word comes again in the article, as family names do: «ميشال بارنييه» … «بارنييه»."""
    if word.conjunction or word.preposition:
        return False
    if word.definite:  # «بشارة الراعي» … «الراعي»: a family name may be a trade
        again = reading.counts[word.text] > reading.pairs[previous.text, word.text]
        return again and previous.has(Kind.GIVEN_NAME) and not word.kind & ~Kind.TITLE and word.cue is None
    return not word.known and reading.counts[word.text] > 1


def _is_called_by(reading: Reading, family: Word, word: Word) -> bool:
    """Whether a family name stands elsewhere without the indefinite word after it, which stands elsewhere as well."""
    pair = reading.pairs[family.text, word.text]
    apart = reading.counts[family.text] > pair and reading.counts[word.text] > pair
    return apart and not word.definite and not family.kind & (Kind.GIVEN_NAME | Kind.NAME_PARTICLE)


def _is_called_without(reading: Reading, at: int, bounded: bool) -> bool:
    """Whether the article calls somebody by the name so far, and the unknown word at ``at`` is never met again."""
    word, previous = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme
    alone = reading.counts[previous.text] > reading.pairs[previous.text, word.text]
    return alone and not word.known and not (bounded and word.definite) and reading.counts[word.text] == 1


def _is_object(reading: Reading, word: Word) -> bool:
    """Whether an unknown word, met once, is rather what a verb is about: «اعتبر بيسكوف تزويد أوكرانيا …»."""
    once = not word.known and not word.definite and reading.counts[word.text] == 1
    return once and VERBAL_NOUN.fullmatch(word.text) is not None


def closes(reading: Reading, at: int) -> bool:
    """Whether a punctuation mark stands at ``at``: «الوزيرة سلمى اللومي الرقيق، …»."""
    token = reading.tokens[at] if at < len(reading.tokens) else None
    if token is None:
        return False
    return token.shape in (Shape.COMMA, Shape.COLON, Shape.STOP) or (token.shape is Shape.OTHER and token.aside)


def _not_in_name(reading: Reading, word: Word, previous: Word, first: int) -> bool:
    """Whether an unknown word after a name is rather a verb, or what the name is never again written with."""
    if word.text.endswith("ت"):
        return True
    once = reading.counts[word.text] == 1
    governed = _begins_like_governed(reading, word) and not previous.kind & Kind.GIVEN_NAME
    return once and (governed or reading.counts[reading.tokens[first].lexeme.text] > 1)


def is_ali(reading: Reading, at: int) -> bool:
    """Whether a word that is also the preposition على is the name علي, which many papers write alike."""
    word, before = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme if at else NO_WORD
    called = before.has(Kind.HONORIFIC | Kind.GIVEN_NAME | Kind.NAME_PARTICLE) and not reading.tells_ya
    return word.base == "علي" and (word.has(Kind.GIVEN_NAME) or called)


def is_doubtful(reading: Reading, at: int) -> bool:
    """Whether a single word after a role, met once, is too little for a name."""
    word = reading.tokens[at].lexeme
    return not word.has(Kind.GIVEN_NAME) and reading.counts[word.text] == 1


def looks_governed(reading: Reading, at: int) -> bool:
    """Whether an unknown word is rather ب with a noun (بارتقاء) than a name (بوتين, «بريدغيت برينك، …»)."""
    return _begins_like_governed(reading, reading.tokens[at].lexeme) and not _is_foreign_pair(reading, at)


def _is_foreign_pair(reading: Reading, at: int) -> bool:
    """Whether two words of no lexicon and without an article stand before a punctuation mark, as foreign names do."""
    if not closes(reading, at + 2):
        return False
    pair = [token.lexeme for token in reading.tokens[at : at + 2]]
    return all(word.text and not word.known and not word.definite and not word.preposition for word in pair)


def _begins_like_governed(reading: Reading, word: Word) -> bool:
    once = not word.known and reading.counts[word.text] == 1
    return once and word.text.startswith("ب") and len(word.text) >= MIN_GOVERNED
