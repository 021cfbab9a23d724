"""What the rules read: words, punctuation, and marked spans as one token each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from pipelines.arabic import DROPPED, fold_text
from pipelines.model import Span
from pipelines.quotes.marks import Marked
from pipelines.quotes.words import NO_WORD, Word


@dataclass(frozen=True, slots=True)
class Shapes:
    """What a token is.

    Plain numbers and not :class:`enum.Enum`, whose members take three times as long to look up as to compare.
    """

    WORD: int = 0
    MARKED: int = 1
    COMMA: int = 2
    COLON: int = 3
    STOP: int = 4
    OPEN: int = 5
    CLOSE: int = 6
    OTHER: int = 7


Shape = Shapes()


@dataclass(slots=True)
class Token:
    """A word, a marked span (with its marks) or a punctuation mark.

    ``aside`` is true inside round brackets. ``words`` counts the words of a marked span (1 for a word). ``lexeme`` is
    the word, or an empty word that is nothing, for a token that is no word. Nobody changes a token; it is not frozen
    because a frozen one takes four times as long to make.
    """

    shape: int
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
    """The tokens of a text; ``sentences`` holds the token range of each sentence, ``marked`` every marked token.

    ``notable`` lists the tokens that rules look for all over the text, in order, so that nobody looks at all of them.
    ``counts`` tells how often each word (folded, outside marks) occurs, ``pairs`` how often two stand in a row;
    ``names`` holds the words of the personal names that the article introduces with a title, a role or a known given
    name. ``tells_ya`` says that the article writes على and علي differently, which many papers do not.
    """

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Span, ...]
    marked: tuple[int, ...]
    notable: tuple[int, ...]
    counts: Counter[str]
    pairs: Counter[tuple[str, str]]
    names: frozenset[str] = frozenset()
    tells_ya: bool = False

    def sentence_of(self, at: int) -> Span:
        """Return the token range of the sentence that token ``at`` is in."""
        return self.sentences[self.tokens[at].sentence]

    def holds_marks(self, span: Span) -> bool:
        """Whether there is a marked span among the tokens of ``span``."""
        at = bisect_left(self.marked, span.start)
        return at < len(self.marked) and self.marked[at] < span.end


#: The relative «what», with what is glued to it.
WHAT = frozenset(fold_text(word) for word in ("ما", "عما", "مما", "بما", "لما", "فيما", "وما"))

URL = r"(?:https?://|pic\.twitter|www\.)\S+"


def _token(letter: str) -> re.Pattern[str]:
    # A mark or joiner belongs to the letter before it; a run of nothing else is no word. Words come first, since most
    # tokens are words. The blank before a token is taken with it, or the search would try every token at each blank.
    return re.compile(
        f" ?(?:(?P<word>(?!{URL}|[{DROPPED}]){letter}++(?:[{DROPPED}]++{letter}*+)*+(?:[.,٫٬]\\d++)*+)|(?P<url>{URL})"
        f"|(?P<break>[\n\r\v\f\x85\u2028\u2029])|(?P<mark>[^\\s_#{DROPPED}]))"
    )


#: Matches a token and perhaps a blank before it: ask the match for the group that it names last.
TOKEN = _token("[^\\W_]")
#: The same for a text without an underscore, faster.
PLAIN_TOKEN = _token("\\w")
