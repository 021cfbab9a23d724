"""What changed between two versions of an article: its words, and what it says that people said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from pipelines.arabic import fold_text, tokens

#: Words with the blanks after them, so that pieces joined are the text again.
_WORD = re.compile(r"\S+\s*|\s+")
#: Two quotations with this share of common words are one that was edited; with less, one vanished and one is new.
EDITED = 0.5
#: Texts longer than this, in words, are compared paragraph by paragraph first: comparing is quadratic.
LONG = 3_000


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class QuoteChange(StrEnum):
    """What became of a quotation."""

    EDITED = "edited"
    VANISHED = "vanished"
    MOVED = "reattributed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of a version: its words and its speaker's name."""

    text: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class ChangedQuote:
    """A quotation that is not what it was; ``after`` is ``None`` when it is not there any more."""

    change: QuoteChange
    before: Said
    after: Said | None


def word_diff(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in order; those that are not ``added`` make ``before``, and the other way round.

    That holds but for blanks. Words are compared as written: a corrected spelling is a change.
    """
    old, new = _parts(before), _parts(after)
    if max(len(old), len(new)) > LONG:
        old, new = _paragraphs(before), _paragraphs(after)
    pieces: list[Piece] = []
    # A word is the same whatever blanks follow it.
    matcher = SequenceMatcher(None, [part.rstrip() for part in old], [part.rstrip() for part in new], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            # Where one of the texts ends, the other one's blank keeps its words apart.
            blank = old[b - 1][len(old[b - 1].rstrip()) :] if new[d - 1] == new[d - 1].rstrip() else ""
            pieces.append(Piece(Change.SAME, "".join(new[c:d]) + blank))
            continue
        if b > a:
            pieces.append(Piece(Change.REMOVED, "".join(old[a:b])))
        if d > c:
            pieces.append(Piece(Change.ADDED, "".join(new[c:d])))
    return pieces


def changed_quotes(before: Sequence[Said], after: Sequence[Said], text: str) -> list[ChangedQuote]:
    """Return the quotations of ``before`` that ``after`` has in other words, of another speaker, or not at all.

    ``text`` is the article as it is now: a quotation whose words still stand in it has not vanished, whatever was
    found in it this time.
    """
    left = list(after)
    unmatched: list[Said] = []
    changed: list[ChangedQuote] = []
    for said in before:
        same = next((other for other in left if _words(other.text) == _words(said.text)), None)
        if same is None:
            unmatched.append(said)
            continue
        left.remove(same)
        if said.speaker and same.speaker and fold_text(said.speaker) != fold_text(same.speaker):
            changed.append(ChangedQuote(QuoteChange.MOVED, said, same))
    stands = f" {' '.join(_words(text))} "
    for said in unmatched:
        if f" {' '.join(_words(said.text))} " in stands:
            continue
        likeliest = max(left, key=lambda other: _likeness(said, other), default=None)
        if likeliest is not None and _likeness(said, likeliest) >= EDITED:
            left.remove(likeliest)
            changed.append(ChangedQuote(QuoteChange.EDITED, said, likeliest))
        else:
            changed.append(ChangedQuote(QuoteChange.VANISHED, said, None))
    return changed


def _likeness(one: Said, other: Said) -> float:
    return SequenceMatcher(None, _words(one.text), _words(other.text), autojunk=False).ratio()


def _words(text: str) -> list[str]:
    return [token.text for token in tokens(fold_text(text))]


def _parts(text: str) -> list[str]:
    return _WORD.findall(text)


def _paragraphs(text: str) -> list[str]:
    return re.findall(r"[^\n]+\n*|\n+", text)
