"""What a word can be, by the lexicons: their forms, and the forms that are made from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a word can be; a word can be several things, so these are bits of one number.

    Plain numbers and not :class:`enum.Flag`, whose operators cost more than everything else that is done here; fields
    of one object and not of a class, which Python looks up faster.
    """

    NONE: int = 0
    FUNCTION: int = 1 << 0
    TIME: int = 1 << 1
    OCCASION: int = 1 << 2
    RELATIVE: int = 1 << 3
    ANAPHOR: int = 1 << 4
    IMPERSONAL: int = 1 << 5
    NO_COMPLEMENT: int = 1 << 6
    NAME_PREPOSITION: int = 1 << 7
    OPENING: int = 1 << 8
    HONORIFIC: int = 1 << 9
    TITLE: int = 1 << 10
    ORGANISATION: int = 1 << 11
    MEDIA: int = 1 << 12
    DOCUMENT: int = 1 << 13
    RULE: int = 1 << 14
    UNNAMED: int = 1 << 15
    GIVEN_NAME: int = 1 << 16
    PLACE: int = 1 << 17
    NAME_HEAD: int = 1 << 18
    ROLE_ADJECTIVE: int = 1 << 19
    NAME_PARTICLE: int = 1 << 20
    CLAUSE_OPENER: int = 1 << 21
    LEAD: int = 1 << 22
    NEGATION: int = 1 << 23
    CIRCUMSTANCE: int = 1 << 24
    HOST_OPENER: int = 1 << 25
    COURTESY: int = 1 << 26
    DEMONSTRATIVE: int = 1 << 27
    ABOUT: int = 1 << 28
    SPEAKING: int = 1 << 29
    OTHER: int = 1 << 30
    STATEMENT: int = 1 << 31
    SOURCE: int = 1 << 32
    POINTING: int = 1 << 33
    PREPOSITION: int = 1 << 34
    HYPERNYM: int = 1 << 35
    SUBORDINATOR: int = 1 << 36


Kind = Kinds()


#: Lexicons that list their forms as they are written.
_AS_WRITTEN = {
    "function_words": Kind.FUNCTION,
    "time_words": Kind.TIME,
    "occasions": Kind.OCCASION,
    "relatives": Kind.RELATIVE,
    "anaphors": Kind.ANAPHOR,
    "impersonal": Kind.IMPERSONAL,
    "not_complement": Kind.NO_COMPLEMENT,
    "name_prepositions": Kind.NAME_PREPOSITION,
    "adverbial_openings": Kind.OPENING,
    "unnamed": Kind.UNNAMED,
    "given_names": Kind.GIVEN_NAME,
    "places": Kind.PLACE,
    "cities": Kind.PLACE,
    "name_heads": Kind.NAME_HEAD,
    "role_adjectives": Kind.ROLE_ADJECTIVE,
    "name_particles": Kind.NAME_PARTICLE,
    "clause_openers": Kind.CLAUSE_OPENER,
    "report_leads": Kind.LEAD,
    "negations": Kind.NEGATION,
    "circumstances": Kind.CIRCUMSTANCE,
    "host_openers": Kind.HOST_OPENER,
    "courtesy_pronouns": Kind.COURTESY,
    "statements": Kind.STATEMENT,
    "pointing_at_words": Kind.POINTING,
    "roles_about": Kind.ABOUT,
    "speaking_roles": Kind.SPEAKING,
    "demonstratives": Kind.DEMONSTRATIVE,
    "others": Kind.OTHER,
    "prepositions": Kind.PREPOSITION,
    "subordinators": Kind.SUBORDINATOR,
    "honorifics": Kind.HONORIFIC,
    "organisations": Kind.ORGANISATION,
    "media": Kind.MEDIA,
    "documents": Kind.DOCUMENT,
    "rules_not_sources": Kind.RULE,
}
#: What bodies, media and documents begin with; what any phrase may that is no name; and what any phrase may.
BODY = Kind.ORGANISATION | Kind.MEDIA | Kind.DOCUMENT
COMMON = BODY | Kind.TITLE | Kind.OCCASION | Kind.NAME_HEAD | Kind.UNNAMED
HEADS = COMMON | Kind.GIVEN_NAME | Kind.HONORIFIC | Kind.PLACE
#: Endings of a dual or plural that governs the next word, which never has the article: نائبا الرئيس، مديرو الشركات.
_CONSTRUCT = ("ا", "ي", "و")
#: Pronouns that may be glued to أن: أنه، إنها، بأنهم.
PRONOUNS = ("", "ه", "ها", "هم", "هما", "هن", "ني", "نا", "ي", "ك", "كم")


@cache
def titles() -> frozenset[str]:
    """Return the role words of the lexicon, folded."""
    return frozenset(fold_text(form) for form in load("titles"))


@cache
def kinds_of_forms() -> dict[str, int]:
    """Return what each folded form can be."""
    kinds: dict[str, int] = {}
    for lexicon, kind in _AS_WRITTEN.items():
        for form in load(lexicon):
            folded = fold_text(form)
            kinds[folded] = kinds.get(folded, Kind.NONE) | kind
    for lexicon in ("source_phrases", "source_pronouns"):
        for phrase in load(lexicon):
            opening = fold_text(phrase.split()[0])
            kinds[opening] = kinds.get(opening, Kind.NONE) | Kind.SOURCE
    for form in load("prepositions"):
        stem = fold_text(form)
        # «قبلي» is a tribesman before it is "before me".
        for pronoun in (one for one in PRONOUNS[1:] if one != "ي" or len(stem) < 3):
            kinds[stem + pronoun] = kinds.get(stem + pronoun, Kind.NONE) | Kind.FUNCTION
    for form in load("role_hypernyms"):
        for inflected in (fold_text(form), fold_text(form) + "ه"):
            kinds[inflected] = kinds.get(inflected, Kind.NONE) | Kind.HYPERNYM
    for form in (fold_text(one) for one in load("unnamed")):
        if form.startswith(("مصدر", "شاهد")) and " " not in form:
            kinds[form + "ا"] = kinds.get(form + "ا", Kind.NONE) | Kind.UNNAMED  # «إن مصدراً …»
    for form in load("titles"):
        title = fold_text(form)
        for inflected in _title_forms(title):
            known = kinds.get(inflected, Kind.NONE)
            # «أما» is no two mothers, and عُمان no pair of uncles.
            if not known & Kind.PLACE and (inflected == title or not known & Kind.FUNCTION):
                kinds[inflected] = known | Kind.TITLE
    return kinds


def _title_forms(masculine: str) -> Iterator[str]:
    """Feminine, dual and plural of a role word: وزير، وزيرة، وزيران، وزيري."""
    yield masculine
    if not masculine.endswith("ه"):
        yield masculine + "ه"
        yield masculine + "تا"
    # Dual, plural, and with a possessor: مديرون، مديرها، زوجته.
    for ending in ("ان", "ين", "ون", "ها", "هم", "ته", "تها", "تهم"):
        yield masculine + ending
    for ending in _CONSTRUCT:
        yield masculine + ending


@cache
def constructs() -> frozenset[str]:
    """Return the duals and plurals of role words that govern the next word."""
    return frozenset(title + ending for title in titles() for ending in _CONSTRUCT) - titles()
