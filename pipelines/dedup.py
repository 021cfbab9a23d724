"""Fingerprints for near-duplicates: texts that share most of their wording have fingerprints that differ in few bits.

SimHash (Charikar 2002, "Similarity estimation techniques from rounding algorithms") of 64 bits over shingles of three
folded words, so that spelling variants of a newsroom do not count as differences. What counts as a duplicate is for
the store to say; this only measures.
"""

from __future__ import annotations

from hashlib import blake2b

from pipelines.arabic import fold_text, tokens

#: Words in a shingle: enough that common words do not make texts alike, few enough that an edit touches only three.
SHINGLE = 3
BITS = 64


def fingerprint(text: str) -> int:
    """Return the 64-bit SimHash of ``text``, unsigned; 0 for a text without words."""
    words = [token.text for token in tokens(fold_text(text).casefold())]
    if not words:
        return 0
    last = max(len(words) - SHINGLE + 1, 1)
    shingles = (" ".join(words[i : i + SHINGLE]).encode("utf-8", "replace") for i in range(last))
    hashes = b"".join(blake2b(shingle, digest_size=BITS // 8).digest() for shingle in shingles)
    # All hashes in one long number: bit i of each is counted by one mask over it.
    number = int.from_bytes(hashes)
    unit = int.from_bytes((b"\0" * (BITS // 8 - 1) + b"\1") * last)
    result = 0
    for bit in range(BITS):
        if 2 * ((number >> bit) & unit).bit_count() > last:
            result |= 1 << bit
    return result


def distance(first: int, second: int) -> int:
    """Return in how many bits two fingerprints differ: 0 for the same text, about 32 for unrelated ones."""
    return (first ^ second).bit_count()
