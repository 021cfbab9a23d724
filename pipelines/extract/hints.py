"""Which texts can be prompts at all: a proof from their single words, so that most news need not be read as one.

Every kind of prompt needs certain words (:mod:`pipelines.extract.calls`, :mod:`pipelines.extract.credits`,
:mod:`pipelines.extract.labels`): a phrase at least the most telling of its words. What a word hints at is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache, reduce
from operator import or_

from pipelines.extract.calls import is_addressed, signs_of
from pipelines.extract.clitics import CACHED, fold_word
from pipelines.extract.text import folded, forms
from pipelines.lexicons import load

#: Bits of what a text with such a word may be: a call has both a word that speaks to the reader and one that is about
#: us; others are copyright lines, notices and ways to other stories. Plain numbers: enumerations take ten times longer.
SPEAKS, ABOUT_US, OTHER = 1, 2, 4
CALL = SPEAKS | ABOUT_US

#: Lexicons of words and phrases that each kind of prompt needs one of.
_NEEDED = {
    CALL: ("prompt_invitations", "prompt_us"),
    SPEAKS: ("prompt_deliveries",),
    ABOUT_US: ("prompt_services", "prompt_platforms", "prompt_page_objects"),
    OTHER: (
        "copyright_phrases", "page_notices", "disclaimer_objects", "piece_words", "read_also", "read_more",
        "also_words", "related_words",
    ),
}  # fmt: skip


def hints(text: str, said: Iterable[str], names: tuple[str, ...]) -> int:
    """Return what ``text`` may be besides a label or a credit, which are short.

    ``said`` are its words without those that it quotes; ``names`` are the outlet's, folded.
    """
    found = reduce(or_, set(map(_hint, said)), 0)
    if "©" in text or "(c)" in text.casefold():
        found |= OTHER
    if found & CALL != CALL and (is_addressed(text) or _is_named(text, names)):
        found |= CALL
    return found


def _is_named(text: str, names: tuple[str, ...]) -> bool:
    said = folded(text).casefold() if names else ""
    return any(max(name.split(), key=len) in said for name in names)


@lru_cache(CACHED)
def _hint(word: str) -> int:
    word = fold_word(word)
    signs = signs_of(word)
    found = 0
    for hint in _NEEDED:
        if word in _telling(hint) or word.removeprefix("و") in _telling(hint):
            found |= hint
    if signs.ending is not None or signs.delivers:
        found |= SPEAKS
    if signs.platform or signs.your_address:
        found |= ABOUT_US
    if signs.reader or signs.ours or signs.channel is not None:
        found |= CALL
    return found


@cache
def _telling(hint: int) -> frozenset[str]:
    """Return of each phrase the word that tells most: the longest, and no particle unless it has nothing else."""
    phrases = (form.split() for lexicon in _NEEDED[hint] for form in forms(lexicon))
    return frozenset(max(phrase, key=lambda word: (word not in _particles(), len(word))) for phrase in phrases)


@cache
def _particles() -> frozenset[str]:
    return frozenset(map(fold_word, load("language_ar")))
