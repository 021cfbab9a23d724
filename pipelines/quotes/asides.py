"""Marks and dashes that say nothing: around the names of people, and around what stands apart."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.quotes.kinds import Kind
from pipelines.quotes.tokens import TOKEN, Shape, Token
from pipelines.quotes.words import NO_WORD, classify

#: A name in marks is not longer, in words.
MAX_NAME = 4
#: Somebody whom the article has named is called by no more.
MAX_CALLED = 2
#: What stands between dashes is not longer, in tokens.
MAX_ASIDE = 15

_DASHES = "-–—"
_DASH_OPENS = re.compile(rf"\s[{_DASHES}]\S")


def set_aside(text: str, tokens: list[Token]) -> list[Token]:
    """Set what stands between two dashes apart, as if in brackets: «وأوضح فلان -خلال مؤتمر صحفي- أن»."""
    if not any(dash in text for dash in _DASHES) or not _DASH_OPENS.search(text):
        return tokens
    opened = -1
    for at, token in enumerate(tokens):
        if token.shape is not Shape.OTHER or text[token.start] not in _DASHES:
            continue
        left, right = text[token.start - 1 : token.start], text[token.end : token.end + 1]
        if left.isspace() and not right.isspace():
            opened = at
        elif opened >= 0 and not left.isspace() and not right.isalnum():  # «العربي-الأوروبي» closes nothing
            if at - opened <= MAX_ASIDE and tokens[opened].sentence == token.sentence:
                for inside in range(opened, at + 1):
                    tokens[inside] = replace(tokens[inside], aside=True)
            opened = -1
    return tokens


def without_marks_on_names(text: str, tokens: list[Token], marked: list[int]) -> list[Token]:
    """Read the names of people in marks as words: some papers write «وأضاف "الحلبي"» for somebody it named before."""
    short = [at for at in marked if tokens[at].words <= MAX_NAME]
    inside = {at: words for at in short if (words := _words_inside(text, tokens[at]))}
    names = {at: words for at, words in inside.items() if _is_full_name(tokens, at, words)}
    if any(not words[0].lexeme.kind & Kind.GIVEN_NAME for words in names.values()):
        said = {token.lexeme.text for token in tokens}  # else its last word comes again unmarked
        known = (
            at for at, words in names.items() if words[0].lexeme.kind & Kind.GIVEN_NAME or words[-1].lexeme.text in said
        )
        names = {at: names[at] for at in list(known)}
    family = {word.lexeme.text for words in names.values() for word in words[1:]}
    shorter = {at: words for at, words in inside.items() if at not in names and tokens[at].words <= MAX_CALLED}
    if shorter:
        wanted = {word.lexeme.text for words in shorter.values() for word in words} - family
        met = [at for at, token in enumerate(tokens) if token.lexeme.text in wanted]
        family |= {tokens[at].lexeme.text for at in met if at and tokens[at - 1].lexeme.kind & Kind.GIVEN_NAME}
        names |= {at: words for at, words in shorter.items() if all(word.lexeme.text in family for word in words)}
    if not names:
        return tokens
    read: list[Token] = []
    after = 0
    for at in sorted(names):
        read += tokens[after:at]
        read += names[at]
        after = at + 1
    return read + tokens[after:]


def _is_full_name(tokens: list[Token], at: int, words: list[Token]) -> bool:
    """Whether the words of a marked span may be somebody's first and last name: it follows a role, or a comma."""
    apart = at > 1 and tokens[at - 1].shape is Shape.COMMA
    before = tokens[at - 1 - apart].lexeme if at else NO_WORD
    titled = before.kind & (Kind.NAME_HEAD | Kind.MEDIA | Kind.ORGANISATION) and not apart
    if len(words) < 2 or titled or words[0].lexeme.definite or words[0].lexeme.cue:
        return False
    return before.definite or before.has(Kind.TITLE | Kind.HONORIFIC)


def _words_inside(text: str, token: Token) -> list[Token]:
    """Return the words of a marked span as tokens, if it is nothing but words that may be names."""
    if token.marked is None:
        return []
    inner = token.marked.inner
    where = token.sentence, token.paragraph, token.aside
    words: list[Token] = []
    for match in TOKEN.finditer(text, inner.start, inner.end):
        word = classify(match["word"]) if match["word"] else NO_WORD
        common = word.kind & ~(Kind.GIVEN_NAME | Kind.NAME_PARTICLE | Kind.TITLE)
        if not word.text or common or word.conjunction or word.preposition or word.complementizer == "":
            return []
        words.append(Token(Shape.WORD, match.start("word"), match.end(), *where, word=word, lexeme=word))
    return words
