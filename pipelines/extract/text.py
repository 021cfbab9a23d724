"""Text as a reader would wish it: plain blanks, no invisible controls, spelling untouched; and as it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from lxml.html import HtmlElement

from pipelines.arabic import fold_text, sentences, words
from pipelines.lexicons import load
from pipelines.model import Span

#: Texts that are remembered while a page is read, and the code points of the longest.
REMEMBERED, REMEMBERED_LENGTH = 256, 2_000

#: Direction marks and invisible blanks are typesetting; joiners (U+200C, U+200D) are spelling and stay.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc\x00-\x08\x0e-\x1f\x7f]")
_NO_LETTERS = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """Return ``text`` in one line, without controls; cleaning what is clean changes nothing."""
    return " ".join(_INVISIBLE.sub("", text).split())


def letters(text: str) -> str:
    """Return only the letters and digits of ``text``, remembered like :func:`folded`: what two renderings share."""
    return _letters(text) if len(text) <= REMEMBERED_LENGTH else _letters.__wrapped__(text)


def letter_count(text: str) -> int:
    """Return how many letters and digits ``text`` has; those of its lines are remembered."""
    return sum(len(letters(line)) for line in text.split("\n"))


def folded(text: str) -> str:
    """Return ``text`` folded; the last ones are remembered: a block is compared many times while its page is read."""
    return _folded(text) if len(text) <= REMEMBERED_LENGTH else fold_text(text)


def sentences_of(text: str) -> Sequence[Span]:
    """Return the sentences of ``text``, remembered like :func:`folded`."""
    return _sentences(text) if len(text) <= REMEMBERED_LENGTH else list(sentences(text))


@lru_cache(REMEMBERED)
def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", "".join(text.split()))  # most of what goes are blanks


@lru_cache(REMEMBERED)
def _folded(text: str) -> str:
    return fold_text(text)


@lru_cache(REMEMBERED)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))


def folded_letters(text: str) -> str:
    """Return the letters and digits of ``text``, folded and in lower case: what two spellings of it share."""
    return letters(folded(text).casefold())


def phrase(text: str) -> str:
    """Return the words of ``text``, folded and in lower case, with one blank between them and no punctuation."""
    return " ".join(words(folded(text).casefold()))


@cache
def forms(lexicon: str) -> frozenset[str]:
    """Return the forms of a lexicon as phrases."""
    return frozenset(phrase(form) for form in load(lexicon))


def phrases_among(words: Sequence[str], lexicon: str) -> Iterator[str]:
    """Yield the forms of a lexicon that stand in ``words``, which are folded and in lower case."""
    known = _by_first_word(lexicon)
    for at, word in enumerate(words):
        for form, length in known.get(word, ()):
            if length == 1 or " ".join(words[at : at + length]) == form:
                yield form


@cache
def _by_first_word(lexicon: str) -> dict[str, list[tuple[str, int]]]:
    known: dict[str, list[tuple[str, int]]] = {}
    for form in forms(lexicon):
        first, *rest = form.split()
        known.setdefault(first, []).append((form, 1 + len(rest)))
    return known


def element_text(element: HtmlElement | None, limit: int | None = None) -> str:
    """Return the text of an element in one line; nothing when it is longer than ``limit`` code points."""
    if element is None:
        return ""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        size += len(part.strip())
        if limit is not None and size > limit:
            return ""
        parts.append(part)
    return " ".join(" ".join(parts).split())
