"""Words without their clitics: the particles written together with them before, and the possessive endings after.

A word is not analysed: it is compared with the forms of a lexicon in every way in which it may be one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pipelines.arabic import fold_text
from pipelines.extract.text import forms

#: Words of the longest phrase in the lexicons.
LONGEST_PHRASE = 4
#: Words whose analyses are remembered; a few megabytes at most.
CACHED = 20_000

_PROCLITICS = ("", "و", "ف", "ال", "ب", "ل", "لل", "بال", "وال", "ول", "وب", "ولل", "وبال", "ك", "س", "ست")
_POSSESSIVES = ("", "نا", "ك", "كم", "ها", "ه")
#: «تعليقاتكم», not «محاكم» and «تراكم»: words whose last two letters are their root's.
#: And «منطقتك»: a feminine noun with its possessor, which ends like no other word of that length.
_YOURS = re.compile(r"(?:\w{3}(?<!ح)(?<!حا)(?<!را)(?<!لا)كم|\w{3}تك)$")

#: Lexicons of which a phrase is looked for anywhere in a text.
_CALLS = (
    "prompt_services", "prompt_invitations", "prompt_deliveries", "prompt_us", "prompt_platforms",
    "prompt_page_objects",
)  # fmt: skip


@lru_cache(CACHED)
def fold_word(word: str) -> str:
    """Fold a word, in lower case."""
    return fold_text(word).casefold()


@lru_cache(CACHED)
def unprefixed(word: str) -> frozenset[str]:
    """Return what ``word`` may be without the particles written together with it, itself among them."""
    return frozenset(
        word.removeprefix(prefix)
        for prefix in _PROCLITICS
        if word.startswith(prefix) and (not prefix or len(word) - len(prefix) >= 2)
    )


@lru_cache(CACHED)
def possessed(word: str, lexicon: str) -> str | None:
    """Return the possessive ending of ``word`` when it is a noun of ``lexicon``, perhaps ""; ``None`` for others."""
    for possessive in _POSSESSIVES:
        stem = word.removesuffix(possessive) if possessive else word
        if possessive and (stem == word or len(stem) < 3):
            continue
        stems = unprefixed(stem)
        if possessive and stem.endswith("ت"):
            stems |= unprefixed(f"{stem[:-1]}ه")
        if stems & forms(lexicon):
            return possessive
    return None


def phrases_in(words: Sequence[str]) -> frozenset[str]:
    """Return which phrases of calls stand in ``words``, as they are or with «و» before their first word."""
    known = _phrases_of_calls()
    found = set()
    for at, word in enumerate(words):
        for first in (word, word[1:]) if word.startswith("و") else (word,):
            for phrase, rest in known.get(first, ()):
                if not rest or tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                    found.add(phrase)
    return frozenset(found)


@cache
def _phrases_of_calls() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the phrases of calls by their first word, each with the words that follow it."""
    known: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for phrase in frozenset[str]().union(*map(forms, _CALLS)):
        first, *rest = phrase.split()
        if len(rest) < LONGEST_PHRASE:
            known.setdefault(first, []).append((phrase, tuple(rest)))
    return known


@lru_cache(CACHED)
def is_reader(word: str) -> bool:
    """Tell whether ``word`` is a reader, or something of the readers' («تعليقاتكم»)."""
    return bool(unprefixed(word) & forms("prompt_reader")) or _YOURS.search(word) is not None


@lru_cache(CACHED)
def is_platform(word: str) -> bool:
    """Tell whether ``word`` names a network or an app store."""
    return bool(unprefixed(word) & forms("prompt_platforms"))
