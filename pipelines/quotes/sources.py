"""Phrases that name a source: وفقا لـ، بحسب، نقلا عن، على حد قول، وفق ما أعلنته."""

from __future__ import annotations

from functools import cache

from pipelines.arabic import fold_text
from pipelines.lexicons import load_ordered
from pipelines.quotes.kinds import Kind
from pipelines.quotes.tokens import Reading

#: Between «ما» and the source stands its verb (وفق ما جاء في …): so many words at most.
_MAX_VERB = 3


def source_phrase_end(reading: Reading, at: int) -> int | None:
    """Return the token at which the source begins when a source phrase begins at ``at``, else ``None``.

    The preposition ل may be glued to that token (وفقا لرسول). Whether the source can speak is not looked at.
    """
    tokens = reading.tokens
    word, second = tokens[at].lexeme, tokens[at + 1].lexeme.text if at + 1 < len(tokens) else ""
    phrases = _phrases()
    for rest, glued in phrases.get(word.text) or (phrases.get(word.base, ()) if word.conjunction else ()):
        if rest and rest[0] != second:
            continue
        end = at + 1 + len(rest)
        if end >= len(tokens) or (rest and not _stands(reading, rest, at + 1)):
            continue
        following = tokens[end].lexeme
        if following.text in ("ما", "لما"):
            return _past_verb(reading, end + 1)
        if glued and not following.text.startswith("ل"):
            continue
        if glued and following.text == "ل":  # «وفقا لـ"…"»
            end += 1
        return end
    return None


def _past_verb(reading: Reading, at: int) -> int | None:
    """Return the token after the verb of «وفق ما …», which need not be a verb of saying."""
    tokens = reading.tokens
    for j in range(at, min(at + _MAX_VERB, len(tokens))):
        word = tokens[j].lexeme
        if j > at and not word.kind & (Kind.NAME_PREPOSITION | Kind.FUNCTION):
            return j
        if j == at and word.kind & Kind.NAME_PREPOSITION:
            return None
    return None


def glues_its_source(reading: Reading, at: int) -> bool:
    """Whether the phrase that begins at ``at`` is one that glues ل to its source."""
    word = reading.tokens[at].lexeme
    return any(glued for _, glued in _phrases().get(word.text, _phrases().get(word.base, ())))


def names_nobody(reading: Reading, at: int) -> int | None:
    """Return the token after a phrase like «على حد قوله» that begins at ``at``, else ``None``."""
    if at + 1 >= len(reading.tokens):
        return None
    opening = reading.tokens[at].lexeme.text, reading.tokens[at + 1].lexeme.text
    for rest in _pronominal().get(opening, ()):
        if _stands(reading, rest, at + 2):
            return at + 2 + len(rest)
    return None


def _stands(reading: Reading, words: tuple[str, ...], at: int) -> bool:
    """Whether the tokens from ``at`` on are ``words``."""
    end = at + len(words)
    return end <= len(reading.tokens) and all(
        reading.tokens[at + i].lexeme.text == word for i, word in enumerate(words)
    )


@cache
def _pronominal() -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """Return how phrases go on by their first two words: «على» alone begins a dozen of them, and is everywhere."""
    phrases: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for line in load_ordered("source_pronouns"):
        first, second, *rest = fold_text(line).split()
        phrases.setdefault((first, second), []).append(tuple(rest))
    return phrases


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], bool], ...]]:
    phrases: dict[str, tuple[tuple[tuple[str, ...], bool], ...]] = {}
    for line in load_ordered("source_phrases"):
        first, *rest = fold_text(line).split()
        glued = rest[-1:] == ["ل"]
        words = tuple(rest[:-1] if glued else rest)
        phrases[first] = (*phrases.get(first, ()), (words, glued))
    return phrases
