"""Whether a name is a man's or a woman's."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load
from pipelines.quotes.kinds import Kind
from pipelines.quotes.words import classify


def name_gender(names: tuple[str, ...]) -> str:
    """Return m or f for a full name whose first only men or only women bear, else the empty string."""
    if len(names) < 2 or not classify(names[0]).has(Kind.GIVEN_NAME) or names[0] in _either():
        return ""
    return "f" if names[0] in _feminine() else "m"


@cache
def _feminine() -> frozenset[str]:
    return frozenset(fold_text(name) for name in load("given_names") if name.endswith("ة")) | frozenset(
        fold_text(name) for name in load("feminine_names")
    )


@cache
def _either() -> frozenset[str]:
    return frozenset(fold_text(name) for name in load("either_names"))
