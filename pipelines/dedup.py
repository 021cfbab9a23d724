"""Fingerprints for near-duplicates, and what makes two texts one story told twice.

Two fingerprints, both over shingles of folded words, so that spelling variants of a newsroom do not count:

* a SimHash of 64 bits (Charikar 2002, "Similarity estimation techniques from rounding algorithms"), to be compared;
* a *sketch*: the smallest hashes of the text's shingles (Broder 1997, "On the resemblance and containment of
  documents"). Texts that share wording share hashes, so that an index on them finds the candidates; also where one of
  them has another lead, or paragraphs were cut.

Whether a candidate is a duplicate, :func:`compare` says from the texts themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate

from pipelines.arabic import fold_text, words

#: Words in a shingle of the SimHash: enough that common words do not make texts alike, few enough that an edit touches
#: only three.
SHINGLE = 3
BITS, BYTES = 64, 8
#: Words in a shingle of the sketch, so many that hardly any is in unrelated news, and hashes in a sketch.
SKETCH_SHINGLE, SKETCH_SIZE = 5, 24
#: Words in a shingle by which two texts are compared in full.
COMPARED_SHINGLE = 4
#: Copies share this much of all their wording, or less when nearly all of the shorter one is in the longer. Measured on
#: labelled wire copy, whose least alike pair has 0.80, and on articles made of parts of others, with at most 0.63.
RESEMBLANCE, LESS_RESEMBLANCE, CONTAINMENT = 0.75, 0.6, 0.95
#: A text shorter than this, in words, is only a duplicate when it is the same: prompts and prayers are alike.
SHORTEST = 25


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are.

    ``resemblance`` is the share of common shingles among all of both, ``containment`` that among those of the shorter
    one. ``same`` says that they differ in nothing but spelling. ``words`` is the length of the shorter one.
    """

    resemblance: float
    containment: float
    same: bool
    words: int

    @property
    def duplicate(self) -> bool:
        """Whether they are one story told twice."""
        if self.same or self.words < SHORTEST:
            return self.same
        contained = self.containment >= CONTAINMENT and self.resemblance >= LESS_RESEMBLANCE
        return contained or self.resemblance >= RESEMBLANCE


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is compared: its folded words, and its shingles."""

    words: tuple[str, ...]
    shingles: frozenset[tuple[str, ...]]


def fingerprint(text: str) -> int:
    """Return the 64-bit SimHash of ``text``, unsigned; 0 for a text without words."""
    found = _words(text)
    if not found:
        return 0
    hashes = _hashes(found, SHINGLE)
    joined = b"".join(hashes)
    result = 0
    for place in range(BYTES):
        # The bytes at one place of all hashes in one long number: a bit of each is counted by one mask over it.
        column = int.from_bytes(joined[place::BYTES])
        for bit in range(7, -1, -1):
            ones = (column & int.from_bytes(bytes((1 << bit,)) * len(hashes))).bit_count()
            result = result << 1 | (2 * ones > len(hashes))
    return result


def distance(first: int, second: int) -> int:
    """Return in how many bits two fingerprints differ: 0 for the same text, about 32 for unrelated ones."""
    return (first ^ second).bit_count()


def sketch(text: str) -> tuple[int, ...]:
    """Return the smallest hashes of the shingles of ``text``, unsigned, in order; empty for a text without words."""
    found = _words(text)
    if not found:
        return ()
    # Bytes are in the order of the numbers they stand for.
    return tuple(map(int.from_bytes, sorted(set(_hashes(found, SKETCH_SHINGLE)))[:SKETCH_SIZE]))


def wording(text: str) -> Wording:
    """Return a text as it is compared with others; made once for many comparisons."""
    found = _words(text)
    last = max(len(found) - COMPARED_SHINGLE + 1, 1)
    return Wording(found, frozenset(found[i : i + COMPARED_SHINGLE] for i in range(last)))


def compare(one: Wording, other: Wording) -> Likeness:
    """Compare two texts by their wording."""
    shortest = min(len(one.words), len(other.words))
    if one.words == other.words:
        return Likeness(1.0, 1.0, same=True, words=shortest)
    common = len(one.shingles & other.shingles)
    return Likeness(
        resemblance=common / (len(one.shingles) + len(other.shingles) - common),
        containment=common / min(len(one.shingles), len(other.shingles)),
        same=False,
        words=shortest,
    )


@lru_cache(maxsize=1)
def _words(text: str) -> tuple[str, ...]:
    # An article is asked for its fingerprint and its sketch in a row.
    return tuple(words(fold_text(text).casefold()))


def _hashes(found: tuple[str, ...], size: int) -> list[bytes]:
    joined = " ".join(found).encode("utf-8", "replace")
    ends = list(accumulate(len(word) + 1 for word in joined.split(b" ")))
    starts = [0, *ends]
    # A text of fewer words is one shingle.
    shingles = map(slice, starts, (end - 1 for end in ends[size - 1 :] or ends[-1:]))
    return [blake2b(joined[shingle], digest_size=BYTES).digest() for shingle in shingles]
