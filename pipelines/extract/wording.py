"""What a prompt is recognised by: its words, folded, without what it quotes, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.arabic import words
from pipelines.extract.text import folded as fold

#: Words of the longest label or credit.
MAX_LABEL = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a text stands: ``alone`` in its block, ``last`` in the article, how much is ``linked``; in an ``item``.

    An item is a heading, an entry of a list or a row of a table. ``names`` are the outlet's own, folded.
    """

    alone: bool = True
    last: bool = False
    linked: float = 0.0
    item: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text without its quotations, folded: as it stands, its words, and these with one blank between them."""

    plain: str
    words: tuple[str, ...]
    joined: str
    bracketed: bool = False


def read(text: str) -> Reading:
    """Read a text whose quotations have been taken out."""
    folded = " ".join(fold(text).casefold().split())
    plain = folded.strip(" *•·-–—|>»«◄►▪■●👇👈⬅📌🔴✅")
    said = tuple(words(folded))
    bracketed = plain.startswith(("(", "[")) and plain.rstrip(".").endswith((")", "]"))
    return Reading(plain, said, " ".join(said), bracketed)
