"""Which language is a text in? Arabic is told from the others that are written with its letters, and from English.

Two kinds of evidence: letters that only one language has (ە and ڕ are Sorani, ٹ and ے Urdu, پ and گ at least not
Arabic), and the commonest function words of each (lexicons ``language_*.txt``). Names of foreign people do not make an
Arabic text foreign: the shares of a whole text decide.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.arabic import words
from pipelines.lexicons import load

#: Characters that are looked at; languages do not change in the middle of an article.
SAMPLE = 6_000
#: Letters that point to one language (Unicode charts; Sorani by the KRG's unified alphabet).
LETTERS = {"ckb": "ەۆێڕڵڤ", "ur": "ٹڈڑںےہھ", "fa": "پچژگکی", "ar": "ةيكأإؤ"}
#: A share of distinctive letters weighs against a share of function words: letters are many, words are sure.
LETTER_WEIGHT = {"ckb": 3.0, "ur": 2.0, "fa": 1.0, "ar": 0.5}

_ARABIC_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff]+")
_LATIN_LETTERS = re.compile("[A-Za-z\u00c0-\u024f]+")
_HARAKAT = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def identify(text: str) -> str:
    """Return the BCP 47 tag of the language of ``text``: ``ar``, ``fa``, ``ur``, ``ckb`` or ``en``.

    ``und`` when there are no letters or they are of another script, ``und-Latn`` for Latin letters that are not
    English.
    """
    sample = _HARAKAT.sub("", text[:SAMPLE])
    arabic, latin = (sum(map(len, letters.findall(sample))) for letters in (_ARABIC_LETTERS, _LATIN_LETTERS))
    if not arabic and not latin:
        return "und"
    found = words(sample.casefold())
    if latin > arabic:
        return "en" if 10 * _hits("en", found) >= len(found) else "und-Latn"
    telling = list(filter(_any_function_words().__contains__, found))
    scores = {
        language: _hits(language, telling) / max(len(found), 1)
        + LETTER_WEIGHT[language] * sum(map(sample.count, letters)) / arabic
        for language, letters in LETTERS.items()
    }
    return max(scores, key=lambda language: (scores[language], language == "ar"))


def _hits(language: str, found: list[str]) -> int:
    return sum(map(_function_words(language).__contains__, found))


@cache
def _function_words(language: str) -> frozenset[str]:
    return load(f"language_{language}")


@cache
def _any_function_words() -> frozenset[str]:
    return frozenset().union(*map(_function_words, LETTERS))
