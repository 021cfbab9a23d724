"""What the lexicons know about a word, whatever is glued to it.

Arabic writes «and», «to», «with», «the» as one word with what follows (وللوزير). A word is looked up as it stands
first, then without one proclitic after the other, so that وزير is not taken for و + زير.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.quotes.cues import Cue, CueForm, cue_forms
from pipelines.quotes.kinds import BODY, HEADS, PRONOUNS, Kind, constructs, kinds_of_forms, titles

#: A pronoun at the end of a word, written as such: ه and not ة.
_POSSESSED = re.compile(r"(?<=\w\w\w)(?<!الل)(?:ه|ها|هم|هما|هن)$")
_TANWIN = "\u064b"
#: So many words are remembered before all are forgotten; an article has some hundred.
MAX_REMEMBERED = 1 << 16
#: Proclitics in the order they are written.
_ARTICLE = re.compile("(?P<conjunction>[وف]?)(?:(?P<preposition>[بك]?)ال|(?P<to>لل))(?=\\w{3})")
#: With a hamza it is no article: ألماني، إلغاء، وآلاف.
_NO_ARTICLE = re.compile("[وف]?[بلك]?[أإآ]ل")
_CONJUNCTIONS, _PREPOSITIONS = "وف", "بلك"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the rules see it.

    ``text`` is folded; ``base`` is what the lexicons knew, without ``conjunction`` (و or ف), ``preposition`` (ب, ل or
    ك) and article. ``complementizer`` is the pronoun glued to أن/إن ("" for none), or ``None`` for any other word.
    ``possessed`` tells that a word of no lexicon ends with a pronoun (ولايتها، اسمه), ``accusative`` that it is written
    with tanwin (رسمياً): an object or adverb. ``known`` tells whether any
    lexicon knows the word, ``links`` whether it only links clauses, so that it is in no name. ``begins`` tells that a
    phrase that names somebody may begin with it, ``plain`` that it is none of the words that may end one
    (:func:`pipelines.quotes.phrases.ends_phrase`); most are plain. ``notable`` tells that some rule looks for the word
    all over the text; most are not.

    Rules write ``word.kind & Kind.X``, which is asked some thousand times an article and spares the call of ``has``;
    that is for answers that must be true or false.
    """

    text: str
    base: str
    kind: int
    cue: Cue | None
    conjunction: str
    preposition: str
    definite: bool
    complementizer: str | None
    possessed: bool = False
    accusative: bool = False
    known: bool = field(init=False)
    links: bool = field(init=False)
    begins: bool = field(init=False)
    plain: bool = field(init=False)
    notable: bool = field(init=False)

    def __post_init__(self) -> None:
        # Told once for every form and not by properties: classify() remembers words, and rules ask again and again.
        known = bool(self.kind) or self.cue is not None or self.complementizer is not None
        ends = self.has(_ENDS) or self.cue is not None or self.complementizer is not None or self.base == "علي"
        topical = not known and self.text.startswith("ف")
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "links", self.has(_LINKS))
        object.__setattr__(self, "begins", _begins_phrase(self))
        object.__setattr__(self, "plain", len(self.text) > 1 and not ends and not topical)
        notable = self.has(NAMED | Kind.SOURCE) or self.cue is not None or self.base in title_phrases()
        object.__setattr__(self, "notable", notable)

    def has(self, kind: int) -> bool:
        """Whether the word can be any of ``kind``."""
        return bool(self.kind & kind)


def _begins_phrase(word: Word) -> bool:
    """Whether a phrase that names somebody may begin with a word, as far as the word itself tells."""
    if word.complementizer is not None or word.has(Kind.RELATIVE | Kind.TIME) or (word.links and not word.has(HEADS)):
        return False
    if word.has(Kind.FUNCTION | Kind.NAME_PREPOSITION):
        return word.has(Kind.UNNAMED | Kind.NAME_PARTICLE | Kind.GIVEN_NAME)
    return not (word.cue and not word.kind)


_LINKS = Kind.HOST_OPENER | Kind.CIRCUMSTANCE | Kind.LEAD | Kind.NEGATION | Kind.CLAUSE_OPENER
_ENDS = _LINKS | Kind.RELATIVE | Kind.NAME_PREPOSITION | Kind.FUNCTION | Kind.TIME
#: What a name that is met outside any report begins with.
NAMED = Kind.TITLE | Kind.HONORIFIC | Kind.GIVEN_NAME | Kind.ORGANISATION | Kind.MEDIA | Kind.DOCUMENT | Kind.UNNAMED
#: A preposition is never glued to these: لبيد is a name, not ل + بيد.
_NOT_GOVERNED = Kind.NO_COMPLEMENT | Kind.NEGATION | Kind.LEAD | Kind.NAME_PARTICLE | Kind.CLAUSE_OPENER


@cache
def title_phrases() -> dict[str, frozenset[str]]:
    """Return the second words of titles of two words, without the article, by the first: حافظ الأختام."""
    phrases: dict[str, frozenset[str]] = {}
    for first, second in (fold_text(phrase).split() for phrase in load("title_phrases")):
        phrases[first] = phrases.get(first, frozenset()) | {second.removeprefix("ال")}
    return phrases


#: What stands in for the word of a token that is no word.
NO_WORD = Word("", "", Kind.NONE, None, "", "", False, None)


def _look_up(written: str) -> Word:
    text = fold_text(written)
    accusative = _TANWIN in written[-3:]
    hamza = _NO_ARTICLE.match(written) is not None
    for conjunction, preposition, definite, base in _segmentations(text):
        if hamza and definite:
            continue
        kind = kinds_of_forms().get(base, Kind.NONE)
        cue = cue_forms().get(base) if preposition != "ك" else None
        if cue and definite and not (preposition == "ب" and cue.form is CueForm.NOUN):
            cue = None  # المؤكد is an adjective; بالقول is a cue
        if cue is None and not preposition and not definite and base.startswith("س"):
            future = cue_forms().get(base[1:])
            cue = future if future and future.form is CueForm.IMPERFECT else None
        if cue is None and not kind and not preposition and not definite and _POSSESSED.search(written):
            cue = _with_object(base, conjunction)
        if base in ("يدعي", "تدعي") and written.endswith("ى"):
            cue = None  # «is called», not «claims»
        if preposition == "ك" and not definite and kind == Kind.GIVEN_NAME:
            continue  # كلارا is not «like Lara»
        if preposition and not definite:
            kind &= ~_NOT_GOVERNED
        if base == "علي" and written.endswith("ى"):
            kind &= ~Kind.GIVEN_NAME  # على is a preposition; علي can be a name
        if base == "امام" and "إ" not in written and not definite:
            kind &= ~(Kind.TITLE | Kind.HONORIFIC | Kind.HYPERNYM)  # أمام is a preposition; إمام is an imam
        if definite and base in constructs():
            kind &= ~Kind.TITLE  # السلطاني is a name, not the construct of سلطان
        if definite:
            kind &= ~Kind.HONORIFIC  # «الدولة» is no «دولة الرئيس»; what is one says so with its article
            kind |= kinds_of_forms().get("ال" + base, Kind.NONE)
        complementizer = None if definite or preposition == "ك" else _complementizers().get(base)
        if preposition == "ل":
            complementizer = None
        if base == "ان" and "آ" in written:
            kind, complementizer = Kind.GIVEN_NAME, None  # آن
        if kind or cue or complementizer is not None:
            possessed = not definite and _is_possessed_title(base, kind, written)
            return Word(
                text, base, kind, cue, conjunction, preposition, definite, complementizer, possessed, accusative
            )
    possessed = _POSSESSED.search(written) is not None
    accusative = accusative or _is_accusative(text)
    if hamza:
        return Word(text, text, Kind.NONE, None, "", "", False, None, possessed, accusative)
    return _unknown(text, possessed=possessed, accusative=accusative)


def _is_accusative(text: str) -> bool:
    """Whether a word is an object by its ending, written without tanwin: بيانا، تقريرا."""
    noun = text.removesuffix("ا")
    return noun != text and noun[-1:] != "ه" and bool(kinds_of_forms().get(noun, Kind.NONE) & (BODY | Kind.OCCASION))


class _Remembered(dict[str, Word]):
    """Words looked up before: half as dear to ask as :func:`functools.lru_cache`, which every word of a text is."""

    def __missing__(self, written: str) -> Word:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        word = self[written] = _look_up(written)
        return word


#: Looks a word up, as written, with and without its proclitics and article.
classify: Callable[[str], Word] = _Remembered().__getitem__


def _with_object(base: str, conjunction: str) -> Cue | None:
    """Return the verb of saying that a word is with its object: سألته؛ without و or ف it may be a noun (ذكره)."""
    for pronoun in ("هما", "ها", "هم", "هن", "ه"):
        if base.endswith(pronoun):
            verb = cue_forms().get(base.removesuffix(pronoun))
            plain = verb is not None and verb.finite and not verb.homograph and verb.number == "s"
            return replace(verb, homograph=not conjunction, transitive=True) if plain and verb is not None else None
    return None


def _is_possessed_title(base: str, kind: int, written: str) -> bool:
    """Whether a role word ends with a pronoun: نجله، مدير أعمالها; not فقيه."""
    return bool(kind & Kind.TITLE) and base not in titles() and _POSSESSED.search(written) is not None


def opening(written: str, word: Word) -> Word:
    """Return what a word is that opens a sentence: there «ورد» is «and he answered» before it is a name."""
    if word.kind & Kind.GIVEN_NAME and word.text.startswith("و") and not word.conjunction:
        verb = classify(written[1:])
        if verb.cue is not None and verb.cue.finite and not verb.preposition:
            return replace(verb, text=word.text, conjunction="و")
    return word


def _unknown(text: str, *, possessed: bool, accusative: bool) -> Word:
    """A word of no lexicon: only what the article shows is cut off (والتعاون, بالنيابة)."""
    match = _ARTICLE.match(text)
    if not match:
        return Word(text, text, Kind.NONE, None, "", "", False, None, possessed, accusative)
    preposition = "ل" if match["to"] else match["preposition"]
    base, conjunction = text[match.end() :], match["conjunction"]
    return Word(text, base, Kind.NONE, None, conjunction, preposition or "", True, None, accusative=accusative)


def _segmentations(text: str) -> Iterator[tuple[str, str, bool, str]]:
    """Yield (conjunction, preposition, definite, rest), the least cut first."""
    starts = [("", text)]
    if len(text) > 2 and text[0] in _CONJUNCTIONS:
        starts.append((text[0], text[1:]))
    for conjunction, rest in starts:
        yield conjunction, "", False, rest
        if rest.startswith("ال") and len(rest) > 4:
            yield conjunction, "", True, rest[2:]
    for conjunction, rest in starts:
        if rest.startswith("لل") and len(rest) > 4:
            yield conjunction, "ل", True, rest[2:]
        if len(rest) > 2 and rest[0] in _PREPOSITIONS:
            yield conjunction, rest[0], False, rest[1:]
            if rest[1:3] == "ال" and len(rest) > 5:
                yield conjunction, rest[0], True, rest[3:]


@cache
def _complementizers() -> dict[str, str]:
    return {"ان" + pronoun: pronoun for pronoun in PRONOUNS if pronoun != "ا"}
