"""Words that are read by how the whole article spells: ه for ة, علي for على, and names that look like particles."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from pipelines.quotes.kinds import COMMON, Kind
from pipelines.quotes.tokens import Token
from pipelines.quotes.words import NO_WORD, Word, classify

#: A paper that writes إلى, حتى or على with ى does not write على as علي.
FINAL_ALEF = re.compile(r"ى(?!\w)")
#: Names of Latin letters, three in a row, one of which at least is no word.
_SURE = "بي|سي|جي|إس|تي"
_ANY = f"{_SURE}|إن|ان|إم|ام|إل|إف|آي|اي|يو|دي|كي|آر|إيه"
_LETTERS = re.compile(rf"(?<!\w)(ل?)(?:(?:{_SURE}) (?:{_ANY}) (?:{_ANY})|(?:{_ANY}) (?:{_ANY}) (?:{_SURE}))(?!\w)")
#: What a name may be begun or gone on with.
_NAMED = Kind.GIVEN_NAME | Kind.NAME_PARTICLE
#: A letter ends what it stands in and governs nothing, as the name of a place does.
_LETTER = Word("إن", "إن", Kind.PLACE, None, "", "", False, None)


def respell(text: str, tokens: list[Token]) -> None:
    """Read again, in place, the words whose spelling the article as a whole explains."""
    # Most articles have none, and this tells it faster than a pattern.
    if " بي " in text or " سي " in text:
        for match in _LETTERS.finditer(text):
            _read_letters(text, tokens, match)
    if "ة" not in text:
        _read_final_h(text, tokens)
    if "ورد" in text:
        _read_replies(tokens)
    if "علي" in text and not FINAL_ALEF.search(text):
        _read_ali(tokens)


def _read_letters(text: str, tokens: list[Token], match: re.Match[str]) -> None:
    """Read three Latin letters in a row as one name: «شبكة سي إن إن», «قالت بي بي سي إن»."""
    first = bisect_left(tokens, match.start(), key=_start)
    if first + 3 > len(tokens) or tokens[first].start != match.start() or tokens[first].word is None:
        return  # inside marks
    before = tokens[first - 1].lexeme if first else NO_WORD
    for at in range(first, first + 3):
        word = replace(_LETTER, text=text[tokens[at].start : tokens[at].end])
        if at == first and not before.kind & COMMON:
            word = classify("لشبكة" if match[1] else "شبكة")
        tokens[at] = replace(tokens[at], word=word, lexeme=word)


def _start(token: Token) -> int:
    return token.start


def _read_final_h(text: str, tokens: list[Token]) -> None:
    """Read ه at the end of a word as ة, where the article has no ة: «مصادر رسميه» are not his."""
    for at, token in enumerate(tokens):
        if token.lexeme.possessed and token.lexeme.text.endswith("ه"):
            word = classify(text[token.start : token.end].rstrip("ه") + "ة")
            tokens[at] = replace(token, word=word, lexeme=word)


def _read_replies(tokens: list[Token]) -> None:
    """Read «وردت» as «and she answered» unless it says in or from what something came: «ورد في البيان»."""
    for at, token in enumerate(tokens[:-1]):
        word, following = token.lexeme, tokens[at + 1].lexeme
        if word.cue is None or word.cue.verb != "ورد" or word.conjunction or not word.text.startswith("ورد"):
            continue
        reply = classify(word.text[1:])
        if not following.kind & (Kind.NAME_PREPOSITION | Kind.FUNCTION) and following.text and reply.cue is not None:
            reply = replace(reply, text=word.text, conjunction="و")
            tokens[at] = replace(token, word=reply, lexeme=reply)


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
