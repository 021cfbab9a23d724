"""A text as the rules read it: words, punctuation, and marked spans as one token each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from itertools import islice, pairwise

from pipelines.arabic import DROPPED, fold_text, paragraphs
from pipelines.lexicons import load
from pipelines.model import Span
from pipelines.quotes.cues import CueForm
from pipelines.quotes.marks import Marked, find_marked
from pipelines.quotes.words import NO_WORD, Kind, Word, classify, opening


class Shape(Enum):
    """What a token is."""

    WORD = auto()
    MARKED = auto()
    COMMA = auto()
    COLON = auto()
    STOP = auto()
    OPEN = auto()
    CLOSE = auto()
    OTHER = auto()


@dataclass(slots=True)
class Token:
    """A word, a marked span (with its marks) or a punctuation mark.

    ``aside`` is true inside round brackets. ``words`` counts the words of a marked span (1 for a word). ``lexeme`` is
    the word, or an empty word that is nothing, for a token that is no word. Nobody changes a token; it is not frozen
    because a frozen one takes four times as long to make.
    """

    shape: Shape
    start: int
    end: int
    sentence: int
    paragraph: int
    aside: bool = False
    word: Word | None = None
    lexeme: Word = NO_WORD
    marked: Marked | None = None
    words: int = 1

    @property
    def span(self) -> Span:
        """Where the token stands in the text."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a text; ``sentences`` holds the token range of each sentence, in order.

    ``counts`` tells how often each word (folded, outside marks) occurs, ``pairs`` how often two stand in a row;
    ``names`` holds the words of the personal names that the article introduces with a title, a role or a known given
    name. ``tells_ya`` says that the article writes على and علي differently, which many papers do not.
    """

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Span, ...]
    counts: Counter[str]
    pairs: Counter[tuple[str, str]]
    names: frozenset[str] = frozenset()
    tells_ya: bool = False

    def sentence_of(self, at: int) -> Span:
        """Return the token range of the sentence that token ``at`` is in."""
        return self.sentences[self.tokens[at].sentence]


#: A name in marks is not longer, in words.
MAX_NAME = 4
#: What stands between dashes is not longer, in tokens.
MAX_ASIDE = 15
_DASH_OPENS = re.compile(r"\s[-–—]\S")
_URL = r"(?:https?://|pic\.twitter|www\.)\S+"
# A mark or joiner belongs to the letter before it; a run of nothing else is no word. Words come first, since most
# tokens are words, and are read in runs of plain letters, since most words have no marks.
_TOKEN = re.compile(
    f"(?P<word>(?!{_URL}|[{DROPPED}])[^\\W_]+(?:[{DROPPED}]+[^\\W_]*)*(?:[.,٫٬]\\d+)*)|(?P<url>{_URL})"
    f"|(?P<break>[\n\r\v\f\x85\u2028\u2029])|(?P<mark>[^\\s_#{DROPPED}])"
)
_SHAPES = {",": Shape.COMMA, "،": Shape.COMMA, ":": Shape.COLON, "(": Shape.OPEN, ")": Shape.CLOSE} | dict.fromkeys(
    ".!?؟…", Shape.STOP
)
#: The relative «what», with what is glued to it.
WHAT = frozenset(fold_text(word) for word in ("ما", "عما", "مما", "بما", "لما", "فيما", "وما"))
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_ENDS_INSIDE = re.compile(r"[.!?؟…]\s*$")


def read(text: str) -> Reading:
    """Read ``text``. Words inside marks are not read: whatever they say is the speaker's."""
    marked = find_marked(text, paragraphs(text), starts_report, goes_on)
    tokens = tuple(_told(_titled(_aside(text, without_marks_on_names(text, _tokens(text, marked))))))
    words = [token.word.text for token in tokens if token.word]
    return Reading(
        text, tokens, tuple(_sentences(tokens)), Counter(words), Counter(pairwise(words)), tells_ya=" على " in text
    )


def starts_report(rest: str) -> bool:
    """Whether a sentence that begins like ``rest`` opens with a verb of saying (وأضاف …)."""
    match = _TOKEN.match(rest)
    word = classify(match["word"]) if match and match["word"] else None
    return bool(word and word.cue and word.cue.finite and word.conjunction)


def goes_on(rest: str) -> bool:
    """Whether a clause that begins like ``rest`` is a circumstance that reports: «مضيفاً أن», «لافتاً إلى أن»."""
    words = [classify(match["word"]) for match in islice(_TOKEN.finditer(rest), 5) if match["word"]]
    if not words:
        return False
    first, *others = words
    participle = first.cue is not None and first.cue.form is CueForm.PARTICIPLE and not first.conjunction
    return participle and any(word.complementizer is not None for word in others)


def inner_words(text: str, span: Span) -> list[Word]:
    """Return the words of a marked span, for names that stand in marks."""
    return [classify(match[0]) for match in _TOKEN.finditer(text, span.start, span.end) if match.lastgroup == "word"]


def _tokens(text: str, marked: list[Marked]) -> list[Token]:
    state = _State()
    tokens: list[Token] = []
    at = 0
    for one in marked:
        _plain(text, Span(at, one.outer.start), state, tokens)
        words = len(_WORD.findall(text, one.inner.start, one.inner.end))
        where = one.outer.start, one.outer.end, state.sentence, state.paragraph
        tokens.append(Token(Shape.MARKED, *where, marked=one, words=words))
        state.last_ends = bool(
            _SENTENCE_ENDS_INSIDE.search(text, max(one.inner.start, one.inner.end - 3), one.inner.end)
        )
        if "\n" in one.inner.of(text):
            state.paragraph += 1
        state.empty = state.last_letter = False
        at = one.outer.end
    _plain(text, Span(at, len(text)), state, tokens)
    return tokens


def _aside(text: str, tokens: list[Token]) -> list[Token]:
    """Set what stands between two dashes apart, as if in brackets: «وأوضح فلان -خلال مؤتمر صحفي- أن»."""
    if not _DASH_OPENS.search(text):
        return tokens
    opened = -1
    for at, token in enumerate(tokens):
        if token.shape is not Shape.OTHER or text[token.start] not in "-–—":
            continue
        left, right = text[token.start - 1 : token.start], text[token.end : token.end + 1]
        if left.isspace() and not right.isspace():
            opened = at
        elif opened >= 0 and not left.isspace():
            if at - opened <= MAX_ASIDE and tokens[opened].sentence == token.sentence:
                for inside in range(opened, at + 1):
                    tokens[inside] = replace(tokens[inside], aside=True)
            opened = -1
    return tokens


def without_marks_on_names(text: str, tokens: list[Token]) -> list[Token]:
    """Read the names of people in marks as words: some papers write «وأضاف "الحلبي"» for somebody it named before."""
    marked = [at for at, token in enumerate(tokens) if token.marked is not None and token.words <= MAX_NAME]
    if not marked:
        return tokens
    said = {token.lexeme.text for token in tokens}
    names = {at: words for at in marked if (words := _full_name(text, tokens, at, said))}
    family = {word.lexeme.text for words in names.values() for word in words[1:]}
    family |= {after.lexeme.text for one, after in pairwise(tokens) if one.lexeme.has(Kind.GIVEN_NAME) and after.word}
    for at in marked:
        words = _words_inside(text, tokens[at], 2)
        if at not in names and words and all(word.lexeme.text in family for word in words):
            names[at] = words
    read: list[Token] = []
    after = 0
    for at in sorted(names):
        read += tokens[after:at]
        read += names[at]
        after = at + 1
    return read + tokens[after:]


def _full_name(text: str, tokens: list[Token], at: int, said: set[str]) -> list[Token]:
    """Return the words of a marked span that is somebody's first and last name, or none.

    It follows a role, perhaps behind a comma; its first word is a known given name, or its last comes again unmarked.
    """
    words = _words_inside(text, tokens[at], MAX_NAME)
    apart = at > 1 and tokens[at - 1].shape is Shape.COMMA
    before = tokens[at - 1 - apart].lexeme if at else NO_WORD
    titled = before.has(Kind.NAME_HEAD | Kind.MEDIA | Kind.ORGANISATION) and not apart
    if len(words) < 2 or titled or words[0].lexeme.definite or words[0].lexeme.cue:
        return []
    given = words[0].lexeme.has(Kind.GIVEN_NAME) or words[-1].lexeme.text in said
    after_role = before.has(Kind.TITLE | Kind.HONORIFIC) or before.definite
    return words if given and after_role else []


def _words_inside(text: str, token: Token, most: int) -> list[Token]:
    """Return the words of a marked span as tokens, if it is nothing but at most ``most`` that may be names."""
    if token.marked is None or token.words > most:
        return []
    inner = token.marked.inner
    where = token.sentence, token.paragraph, token.aside
    words: list[Token] = []
    for match in _TOKEN.finditer(text, inner.start, inner.end):
        word = classify(match[0]) if match.lastgroup == "word" else NO_WORD
        common = word.kind & ~(Kind.GIVEN_NAME | Kind.NAME_PARTICLE | Kind.TITLE)
        if not word.text or common or word.conjunction or word.preposition or word.complementizer == "":
            return []
        words.append(Token(Shape.WORD, match.start(), match.end(), *where, word=word, lexeme=word))
    return words


def _titled(tokens: list[Token]) -> list[Token]:
    """Read titles whose first word is also a name as titles: حافظ الأختام."""
    phrases = _title_phrases()
    for at, (token, following) in enumerate(pairwise(tokens)):
        seconds = phrases.get(token.lexeme.base)
        if seconds and following.lexeme.base.removeprefix("ال") in seconds:
            title = replace(token.lexeme, kind=token.lexeme.kind & ~Kind.GIVEN_NAME | Kind.TITLE)
            tokens[at] = replace(token, word=title, lexeme=title)
    return tokens


def _told(tokens: list[Token]) -> list[Token]:
    """Read a verb of saying with its object as a verb after «ما»: «ما اعتبره رئيس الاتحاد «كلاما …»»."""
    for at, (token, following) in enumerate(pairwise(tokens), start=1):
        cue = following.lexeme.cue
        if cue is not None and cue.homograph and cue.transitive and token.lexeme.text in WHAT:
            verb = replace(following.lexeme, cue=replace(cue, homograph=False))
            tokens[at] = replace(following, word=verb, lexeme=verb)
    return tokens


@cache
def _title_phrases() -> dict[str, frozenset[str]]:
    """Return the second words of titles, without the article, by the first."""
    phrases: dict[str, frozenset[str]] = {}
    for first, second in (fold_text(phrase).split() for phrase in load("title_phrases")):
        phrases[first] = phrases.get(first, frozenset()) | {second.removeprefix("ال")}
    return phrases


@dataclass(slots=True)
class _State:
    """Where the reader is."""

    sentence: int = 0
    paragraph: int = 0
    brackets: int = 0
    empty: bool = True
    last_ends: bool = False
    last_letter: bool = False
    detached: bool = False

    def break_sentence(self) -> None:
        if not self.empty:
            self.sentence += 1
        self.empty, self.brackets, self.last_ends, self.last_letter = True, 0, False, False


def _plain(text: str, span: Span, state: _State, tokens: list[Token]) -> None:
    """Read what stands outside marks: the only loop that sees every word of the text as written."""
    for match in _TOKEN.finditer(text, span.start, span.end):
        group = match.lastgroup
        if group == "word":
            written, (start, end) = match[0], match.span()
            word = classify(written)
            if state.detached:
                word = word if word.conjunction else replace(word, conjunction="و")
            elif state.empty:
                word = opening(written, word)
            state.detached = written == "و"  # «و أضاف», as some papers write
            if state.last_ends and word.conjunction and word.cue:
                state.break_sentence()  # «… .» وأضاف: the stop inside the marks ended the sentence
            aside = state.brackets > 0
            tokens.append(Token(Shape.WORD, start, end, state.sentence, state.paragraph, aside, word, word))
            state.empty = state.last_ends = False
            state.last_letter = end - start == 1
        elif group == "break":
            state.paragraph += not state.empty
            state.break_sentence()
        else:
            tokens.append(_sign(text, match, state))


def _sign(text: str, match: re.Match[str], state: _State) -> Token:
    """Read a punctuation mark (or an address)."""
    shape = _SHAPES.get(match[0], Shape.OTHER)
    state.brackets = max(0, state.brackets + (shape is Shape.OPEN) - (shape is Shape.CLOSE))
    if shape is Shape.STOP and not _stops(text, match, state.last_letter):
        shape = Shape.OTHER
    aside = state.brackets > 0 or shape is Shape.CLOSE
    token = Token(shape, match.start(), match.end(), state.sentence, state.paragraph, aside)
    state.last_letter = False
    if shape is Shape.STOP:
        state.break_sentence()
    return token


def _stops(text: str, match: re.Match[str], after_letter: bool) -> bool:
    """Whether a full stop ends a sentence: not in «د. أحمد», not in «CNN.com»."""
    if match[0] != ".":
        return True
    following = text[match.end() : match.end() + 1]
    if following and following.isalnum() and following.isascii():
        return False
    return not after_letter


def _sentences(tokens: tuple[Token, ...]) -> Iterator[Span]:
    start = sentence = 0
    for at, token in enumerate(tokens):
        if token.sentence != sentence:
            yield Span(start, at)
            start, sentence = at, token.sentence
    if tokens:
        yield Span(start, len(tokens))
