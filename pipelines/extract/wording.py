"""What a prompt is recognised by: its words, folded, without what it quotes, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.arabic import fold_text, tokens


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
    """A text without its quotations, folded: as it stands, and its words."""

    plain: str
    words: tuple[str, ...]
    bracketed: bool = False

    @property
    def joined(self) -> str:
        """The words with one blank between them."""
        return " ".join(self.words)


def read(text: str) -> Reading:
    """Read a text whose quotations have been taken out."""
    folded = " ".join(fold_text(text).casefold().split())
    plain = folded.strip(" *•·-–—|>»«◄►▪■●👇👈⬅📌🔴✅")
    words = tuple(token.text for token in tokens(folded))
    return Reading(plain, words, plain.startswith(("(", "[")) and plain.rstrip(".").endswith((")", "]")))
