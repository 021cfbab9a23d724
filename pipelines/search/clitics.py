"""What may be written together with a word: the article ال and the particles و ف ب ل ك س before it.

A text is indexed by its words as they are written; a query asks for all written forms of its words. So بغداد finds
وببغداد, and no word ever loses a letter that is its own. A form that is a word of its own is left out: طن does not find
وطن, nor ريم كريم (lexicons/clitic_like.txt, and the names and places that are known).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import product

from pipelines.arabic import fold_text
from pipelines.lexicons import load

#: Particles before an indefinite word, and before a definite one (ل and ال are written لل).
CONJUNCTIONS = ("", "و", "ف")
INDEFINITE = ("", "ب", "ل", "ك")
DEFINITE = ("ال", "بال", "كال", "لل")
#: Before a present tense.
FUTURE = "س"
#: With fewer letters than this, what stands before a word cannot be told from its letters.
SHORTEST = 3


@cache
def _whole_words() -> frozenset[str]:
    """Words that begin with the letter of a particle, which is their own."""
    names = ("clitic_like", "given_names", "places", "months", "titles", "function_words", "documents", "organisations")
    return frozenset(fold_text(word) for name in names for line in load(name) for word in line.split())


@cache
def _radical_al() -> frozenset[str]:
    return frozenset(fold_text(word) for word in load("radical_al"))


def bare(word: str) -> str | None:
    """Return a folded word without its article (and what is before it); ``None`` where it has none.

    >>> bare("والوزير"), bare("للوزاره"), bare("المانيا")
    ('وزير', 'وزاره', None)
    """
    for conjunction, article in product(CONJUNCTIONS, DEFINITE):
        start = conjunction + article
        rest = word.removeprefix(start)
        if rest != word and len(rest) >= SHORTEST - 1:
            radical = "ال" + rest in _radical_al() if start.endswith("ال") else False
            known = start != "ال" and word in _whole_words()
            if radical or known or word in _radical_al():
                return None
            # للجنة is written for ل and اللجنة, with one ل of three gone.
            return f"ل{rest}" if article == "لل" and f"ل{rest}" in _whole_words() else rest
    return None


def forms(word: str) -> tuple[str, ...]:
    """Return the forms in which a folded word of a query is written in texts, itself first.

    The article makes no difference: وزير and الوزير find each other; nor does the ending of وفداً. Numbers and Latin
    words have one form.
    """
    if not _is_arabic(word):
        return (word,)
    stem = bare(word) or _known_remainder(word) or word
    found = [word]
    for base in accusative(stem):
        found += _joined(base, INDEFINITE)
    if stem not in _radical_al():
        found += _joined(stem, DEFINITE)
    return tuple(dict.fromkeys(found))


def phrase_forms(word: str) -> tuple[str, ...]:
    """Return the forms of the first word of a phrase: particles may stand before it, but the article is as said."""
    if not _is_arabic(word):
        return (word,)
    rest = word.removeprefix("ال")
    if rest != word and word not in _radical_al() and len(rest) >= SHORTEST - 1:
        return tuple(dict.fromkeys([word, *_joined(rest, DEFINITE)]))
    return tuple(dict.fromkeys([word, *(form for base in accusative(word) for form in _joined(base, INDEFINITE))]))


def prefix_forms(word: str) -> tuple[str, ...]:
    """Return the forms of a beginning: the article and «و» may stand before it."""
    return tuple(dict.fromkeys([word, *_joined(word, ("", *DEFINITE))])) if _is_arabic(word) else (word,)


def accusative(word: str) -> tuple[str, ...]:
    """Return an indefinite word with and without the alef of the accusative, which is indexed where it has no tanwin.

    >>> accusative("وفد"), accusative("روسيا")
    (('وفد', 'وفدا'), ('روسيا',))
    """
    if len(word) < SHORTEST or not _is_arabic(word) or word[-1] in "هء":
        return (word,)
    other = word[:-1] if word[-1] == "ا" else word + "ا"
    whole = _whole_words()
    return (word,) if (word if word[-1] == "ا" else other) in whole or len(other) < SHORTEST - 1 else (word, other)


def _joined(stem: str, particles: Iterable[str]) -> list[str]:
    """Return a stem behind particles, and conjunctions before them; none that is a word of its own."""
    whole = _whole_words()
    long = len(stem) >= SHORTEST
    wanted = [particle for particle in particles if long or len(particle) != 1]
    if "" in wanted and stem.startswith("ي") and len(stem) > SHORTEST:
        wanted.append(FUTURE)
    # للجنة is of لجنة, not of جنة.
    made = [p + stem for p in wanted if not p or (p + stem not in whole and not (p == "لل" and f"ل{stem}" in whole))]
    joined = [c + form for form in made for c in CONJUNCTIONS if long or not c or form != stem]
    return [form for form in joined if form == stem or form not in whole]


def _is_arabic(word: str) -> bool:
    return "\u0621" <= word[:1] <= "\u064a"


def _known_remainder(word: str) -> str | None:
    """Return the name or place behind two particles (وببغداد), where the query itself is written with them."""
    for conjunction, particle in product(CONJUNCTIONS[1:], INDEFINITE[1:]):
        rest = word.removeprefix(conjunction + particle)
        if rest != word and len(rest) > SHORTEST and rest in _whole_words() and word not in _whole_words():
            return rest
    return None
