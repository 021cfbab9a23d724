"""Words that are read by how the whole article spells: ه for ة, علي for على, and names that look like particles."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.quotes.kinds import Kind
from pipelines.quotes.tokens import Token
from pipelines.quotes.words import NO_WORD, Word, classify

#: A paper that writes إلى, حتى or على with ى does not write على as علي.
FINAL_ALEF = re.compile(r"ى(?!\w)")
#: What a name may be begun or gone on with.
_NAMED = Kind.GIVEN_NAME | Kind.NAME_PARTICLE
_LETTER = Word("إن", "إن", Kind.NONE, None, "", "", False, None)


def respell(text: str, tokens: list[Token]) -> None:
    """Read again, in place, the words whose spelling the article as a whole explains."""
    if "سي إن إن" in text or "إن بي سي" in text:
        _read_letters(text, tokens)
    if "ة" not in text:
        _read_final_h(text, tokens)
    if not FINAL_ALEF.search(text):
        _read_ali(tokens)


def _read_letters(text: str, tokens: list[Token]) -> None:
    """Read «سي إن إن» and «إن بي سي» as letters."""
    for at in range(len(tokens) - 2):
        letters = [token.lexeme.text for token in tokens[at : at + 3]]
        if letters in (["سي", "ان", "ان"], ["ان", "بي", "سي"]):
            for letter in range(at, at + 3):
                name = replace(_LETTER, text=text[tokens[letter].start : tokens[letter].end])
                tokens[letter] = replace(tokens[letter], word=name, lexeme=name)


def _read_final_h(text: str, tokens: list[Token]) -> None:
    """Read ه at the end of a word as ة, where the article has no ة: «مصادر رسميه» are not his."""
    for at, token in enumerate(tokens):
        if token.lexeme.possessed and token.lexeme.text.endswith("ه"):
            word = classify(text[token.start : token.end].rstrip("ه") + "ة")
            tokens[at] = replace(token, word=word, lexeme=word)


def _read_ali(tokens: list[Token]) -> None:
    """Read علي as the preposition, where the article has no ى, unless it stands where a name does."""
    preposition = classify("على")
    for at, token in enumerate(tokens):
        if token.lexeme.text == "علي" and not _is_name(tokens, at):
            tokens[at] = replace(token, word=preposition, lexeme=preposition)


def _is_name(tokens: list[Token], at: int) -> bool:
    """Whether علي is a name by what stands beside it: «الشيخ علي الخطيب», «علي بن سالم», «محمد علي،»."""
    before = tokens[at - 1].lexeme if at else NO_WORD
    following = tokens[at + 1].lexeme if at + 1 < len(tokens) else NO_WORD
    if following.complementizer is not None or following.preposition or following.kind & ~_NAMED:
        return False
    if following.kind & _NAMED or before.kind & (Kind.HONORIFIC | Kind.NAME_PARTICLE):
        return True
    called = bool(before.kind & Kind.GIVEN_NAME) or (before.cue is not None and before.cue.finite)
    if not following.text:
        return True  # no preposition stands before a comma
    return called and not following.possessed and (not following.definite or following.base.endswith("ي"))
