"""What the names in a page's markup mean: the same classes stand on every element and every page of a theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Meaning = TypeVar("Meaning")

#: Names whose meaning is remembered, and the code points of the longest: a few megabytes, whatever a page writes.
REMEMBERED, LONGEST = 10_000, 200


def remembered(meaning: Callable[[str], Meaning]) -> Callable[[str], Meaning]:
    """Remember what a pure function of a class, id or other name returned."""
    known = lru_cache(REMEMBERED)(meaning)

    @wraps(meaning)
    def of(name: str) -> Meaning:
        return known(name) if len(name) <= LONGEST else meaning(name)

    return of
