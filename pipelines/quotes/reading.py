"""From a text to its tokens: what stands in marks, where sentences end, and words that their neighbours explain."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from pipelines.arabic import paragraphs
from pipelines.model import Span
from pipelines.quotes.asides import set_aside, without_marks_on_names
from pipelines.quotes.cues import CueForm
from pipelines.quotes.kinds import Kind
from pipelines.quotes.marks import Marked, find_marked
from pipelines.quotes.spellings import FINAL_ALEF, respell
from pipelines.quotes.tokens import PLAIN_TOKEN, TOKEN, WHAT, Reading, Shape, Token
from pipelines.quotes.words import Word, classify, opening, title_phrases

_SHAPES = {
    ",": Shape.COMMA,
    "،": Shape.COMMA,
    "؛": Shape.COMMA,
    ";": Shape.COMMA,
    ":": Shape.COLON,
    "(": Shape.OPEN,
    ")": Shape.CLOSE,
} | dict.fromkeys(".!?؟…", Shape.STOP)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_ENDS_INSIDE = re.compile(r"[.!?؟…]\s*$")


def read(text: str) -> Reading:
    """Read ``text``. Words inside marks are not read: whatever they say is the speaker's."""
    marked = find_marked(text, paragraphs(text), starts_report, goes_on)
    words = set_aside(text, without_marks_on_names(text, *_tokens(text, marked)))
    notable = [at for at, token in enumerate(words) if token.lexeme.notable or token.marked is not None]
    tokens = tuple(_told(_titled(words, notable), notable))
    texts = [token.lexeme.text for token in tokens if token.word]
    return Reading(
        text,
        tokens,
        tuple(_sentences(tokens)),
        tuple([at for at in notable if tokens[at].marked is not None]),
        tuple(notable),
        Counter(texts),
        Counter(pairwise(texts)),
        tells_ya=FINAL_ALEF.search(text) is not None,
    )


def starts_report(rest: str) -> bool:
    """Whether a sentence that begins like ``rest`` opens with a verb of saying (وأضاف …)."""
    match = TOKEN.match(rest)
    word = classify(match["word"]) if match and match["word"] else None
    return bool(word and word.cue and word.cue.finite and word.conjunction)


def goes_on(rest: str) -> bool:
    """Whether a clause that begins like ``rest`` is a circumstance that reports: «مضيفاً أن», «لافتاً إلى أن»."""
    words = [classify(match["word"]) for match in islice(TOKEN.finditer(rest), 5) if match["word"]]
    if not words:
        return False
    first, *others = words
    participle = first.cue is not None and first.cue.form is CueForm.PARTICIPLE and not first.conjunction
    return participle and any(word.complementizer is not None for word in others)


def inner_words(text: str, span: Span) -> list[Word]:
    """Return the words of a marked span, for names that stand in marks."""
    return [classify(match["word"]) for match in TOKEN.finditer(text, span.start, span.end) if match["word"]]


def _tokens(text: str, marked: list[Marked]) -> tuple[list[Token], list[int]]:
    """Return the tokens of a text, and which of them are marked spans."""
    state = _State(TOKEN if "_" in text else PLAIN_TOKEN)
    tokens: list[Token] = []
    spans: list[int] = []
    at = 0
    for one in marked:
        _plain(text, Span(at, one.outer.start), state, tokens)
        words = len(_WORD.findall(text, one.inner.start, one.inner.end))
        where = one.outer.start, one.outer.end, state.sentence, state.paragraph
        spans.append(len(tokens))
        tokens.append(Token(Shape.MARKED, *where, marked=one, words=words))
        state.last_ends = bool(
            _SENTENCE_ENDS_INSIDE.search(text, max(one.inner.start, one.inner.end - 3), one.inner.end)
        )
        if "\n" in one.inner.of(text):
            state.paragraph += 1
        state.empty, state.special = False, True
        at = one.outer.end
    _plain(text, Span(at, len(text)), state, tokens)
    respell(text, tokens)
    return tokens, spans


def _titled(tokens: list[Token], notable: list[int]) -> list[Token]:
    """Read titles whose first word is also a name as titles: حافظ الأختام."""
    phrases = title_phrases()
    for at in notable:
        second = phrases.get(tokens[at].lexeme.base)
        if second and at + 1 < len(tokens) and tokens[at + 1].lexeme.base.removeprefix("ال") in second:
            word = tokens[at].lexeme
            title = replace(word, kind=word.kind & ~Kind.GIVEN_NAME | Kind.TITLE)
            tokens[at] = replace(tokens[at], word=title, lexeme=title)
    return tokens


def _told(tokens: list[Token], notable: list[int]) -> list[Token]:
    """Read a verb of saying with its object as a verb after «ما»: «ما اعتبره رئيس الاتحاد «كلاما …»»."""
    for at in [at for at in notable if at > 0 and tokens[at - 1].lexeme.text in WHAT]:
        told = tokens[at].lexeme
        if told.cue is not None and told.cue.homograph and told.cue.transitive:
            verb = replace(told, cue=replace(told.cue, homograph=False))
            tokens[at] = replace(tokens[at], word=verb, lexeme=verb)
    return tokens


@dataclass(slots=True)
class _State:
    """Where the reader is. ``special`` tells that the next word is read with what came before it in mind."""

    token: re.Pattern[str]
    sentence: int = 0
    paragraph: int = 0
    brackets: int = 0
    empty: bool = True
    last_ends: bool = False
    detached: bool = False
    special: bool = True

    def break_sentence(self) -> None:
        if not self.empty:
            self.sentence += 1
        self.empty, self.brackets, self.last_ends, self.special = True, 0, False, True

    def read_word(self, written: str, word: Word) -> Word:
        """Read the first word of a sentence, after marks that ended one, or after a detached «و»."""
        if self.detached:
            word = word if word.conjunction else replace(word, conjunction="و")
        elif self.empty:
            word = opening(written, word)
        if self.last_ends and word.conjunction and word.cue:
            self.break_sentence()  # «… .» وأضاف: the stop inside the marks ended the sentence
        self.empty = self.last_ends = self.special = self.detached = False
        return word


def _plain(text: str, span: Span, state: _State, tokens: list[Token]) -> None:
    """Read what stands outside marks: the only loop that sees every word of the text as written."""
    add = tokens.append
    for match in state.token.finditer(text, span.start, span.end):
        group = match.lastgroup
        if group == "word":
            written, end = match[1], match.end()
            word = classify(written)
            if state.special:
                word = state.read_word(written, word)
            if written == "و":  # «و أضاف», as some papers write
                state.detached = state.special = True
            start, aside = end - len(written), state.brackets > 0
            add(Token(Shape.WORD, start, end, state.sentence, state.paragraph, aside, word, word))
        elif group == "break":
            state.paragraph += not state.empty
            state.break_sentence()
        else:
            add(_sign(text, match, state, tokens))


def _sign(text: str, match: re.Match[str], state: _State, before: list[Token]) -> Token:
    """Read a punctuation mark (or an address)."""
    start, end = match.span(match.lastgroup or 0)
    shape = _SHAPES.get(text[start:end], Shape.OTHER)
    if shape is Shape.STOP:
        stops = _stops(text, start, not state.empty and bool(before) and _is_letter(before[-1]))
        token = Token(shape if stops else Shape.OTHER, start, end, state.sentence, state.paragraph, state.brackets > 0)
        if stops:
            state.break_sentence()
        return token
    if shape is Shape.OPEN:
        state.brackets += 1
    elif shape is Shape.CLOSE:
        state.brackets = max(0, state.brackets - 1)
    aside = state.brackets > 0 or shape is Shape.CLOSE
    return Token(shape, start, end, state.sentence, state.paragraph, aside)


def _is_letter(token: Token) -> bool:
    return token.shape is Shape.WORD and token.end - token.start == 1


def _stops(text: str, at: int, after_letter: bool) -> bool:
    """Whether a full stop ends a sentence: not in «د. أحمد», not in «CNN.com»."""
    if text[at] != ".":
        return True
    following = text[at + 1 : at + 2]
    if following and following.isalnum() and following.isascii():
        return False
    return not after_letter


def _sentences(tokens: tuple[Token, ...]) -> Iterator[Span]:
    numbers = [token.sentence for token in tokens]
    start = 0
    while start < len(numbers):
        end = bisect_right(numbers, numbers[start], start)
        yield Span(start, end)
        start = end
