"""Passages that may come again: the keys by which blocks and sentences of a source's articles are compared.

Two passages are the same when their folded letters are; every number counts as one and the same, so that «إصدار رقم 12»
and «إصدار رقم 13» are. The last sentence of a paragraph has a key of its own, because prompts are glued there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from pipelines.extract.text import REMEMBERED, REMEMBERED_LENGTH, folded_letters, sentences_of

#: Letters of the shortest passage that is compared; shorter ones recur in any language.
SHORTEST = 8

_NUMBER = re.compile(r"\d+")


def passage_key(text: str) -> int:
    """Return the key of a passage: a non-negative integer that fits Postgres' bigint; 0 when it is too short."""
    return _key(text) if len(text) <= REMEMBERED_LENGTH else _key.__wrapped__(text)


@lru_cache(REMEMBERED)
def _key(text: str) -> int:
    said = _NUMBER.sub("0", folded_letters(text))
    if len(said) < SHORTEST:
        return 0
    return int.from_bytes(blake2b(said.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def passages(block: str) -> Iterator[tuple[int, str]]:
    """Yield the passages of a block with their keys: the block, and its last sentence and the rest when it has both."""
    for text in (block, *(last_sentence(block) or ())):
        if key := passage_key(text):
            yield key, text


def last_sentence(block: str) -> tuple[str, str] | None:
    """Part a block before its last sentence; ``None`` when it has only one."""
    spans = sentences_of(block)
    if len(spans) < 2:
        return None
    start = spans[-1].start
    return block[:start].rstrip(), block[start:]
