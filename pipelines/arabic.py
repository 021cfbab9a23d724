"""Arabic as written in the news: folding with a way back, words, paragraphs and sentences.

Folding makes spellings that a reader takes for the same word equal: it drops what is only decoration (tashkeel,
tatweel, bidi and zero-width controls) and merges letters that newsrooms interchange (أ إ آ ٱ → ا, ى ئ → ي, ؤ → و,
ئو as in مسئول → وو, ة → ه, Persian ی ک → ي ك, Eastern digits → 0-9, presentation forms → plain letters). It never
touches Latin letters, punctuation or spaces, does no stemming and does not remove the article ال.

Everything here runs in time linear in the text. Offsets are code points.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.model import Span

#: Combining marks of Arabic (Unicode blocks Arabic, Extended-A), tatweel, soft hyphen, and invisible controls.
DROPPED = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
    "\u0640\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
_DROPPED_RUN = re.compile(f"[{DROPPED}]+")
_PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_DIGITS = {ord(zero) + i: str(i) for zero in "٠۰" for i in range(10)}
_LETTERS = {ord(a): b for a, b in zip("أإآٱىئؤةیېکہەۀے", "ااااييوهييكهههي", strict=True)}
_FOLD: dict[int, str] = {**_LETTERS, **_DIGITS}
#: Letters that every text has are replaced one by one, ten times faster than a translation; few texts have others.
_USUAL = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"), ("ئ", "ي"), ("ؤ", "و"), ("ة", "ه"))
_UNUSUAL = re.compile("[ٱیېکہەۀے٠-٩۰-۹]")
#: What changes the length of a text when it is folded.
_MOVING = re.compile(f"[\ufb50-\ufdff\ufe70-\ufefc{DROPPED}]")

#: Letters, digits and underscore, with the marks and joiners that may stand inside a word; 1.5 and 3,000 are one word.
_WORD = re.compile(f"[^\\W_][\\w{DROPPED}]*+(?:[.,٫٬](?=\\d)(?<=\\d[.,٫٬])[\\w{DROPPED}]*+)*+|_+")
_PARAGRAPH = re.compile("[^\n\r\v\f\x85\u2028\u2029]+")
_MARKED = re.compile('«[^«»]*»|“[^“”]*”|‹[^‹›]*›|"[^"]*"')
#: A full stop needs a blank or the end after it (and perhaps closing marks), or it is part of a name or number.
_STOP = re.compile("[.!?؟…。]+[»”“\"'’)\\]›]*(?=\\s|$)")
#: One or two letters before a full stop are a title or an initial (د. م. أ.د. St.), not the end of a sentence.
_ABBREVIATION = re.compile(r"(?:^|[\s(«“\"،.])(?:[^\W\d_]|[^\W\d_]\.[^\W\d_]|Mr|Dr|St|vs|أد|ص)$")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text that remembers where each character came from.

    ``offsets`` has one entry for each character of ``text`` and one more for the end; ``None`` when folding moved
    nothing, so that position ``i`` came from ``i``.
    """

    text: str
    offsets: Sequence[int] | None = None

    def original(self, start: int, end: int) -> Span:
        """Return the range of the original that ``text[start:end]`` came from, with the marks after its last letter.

        An empty range gives an empty span.
        """
        if self.offsets is None or start == end:
            at = start if self.offsets is None else self.offsets[start]
            return Span(at, at + end - start)
        return Span(self.offsets[start], max(self.offsets[end - 1] + 1, self.offsets[end]))

    def position(self, original: int) -> int:
        """Return the position in the folded text of the first character at or after ``original``."""
        return original if self.offsets is None else bisect_left(self.offsets, original)


@dataclass(frozen=True, slots=True)
class Token:
    """A word: as written, and where."""

    text: str
    start: int
    end: int


def fold(text: str) -> Folded:
    """Fold ``text``, keeping the way back to its offsets. Folding a folded text changes nothing."""
    if not _MOVING.search(text):
        return Folded(_folded(text))
    if _PRESENTATION_FORM.search(text):
        return _fold_presentation_forms(text)
    kept: list[int] = []
    after = 0
    for dropped in _DROPPED_RUN.finditer(text):
        kept += range(after, dropped.start())
        after = dropped.end()
    kept += range(after, len(text) + 1)
    return Folded(_folded(_DROPPED_RUN.sub("", text)), kept)


def fold_text(text: str) -> str:
    """Fold ``text`` without the way back: several times faster."""
    if not _MOVING.search(text):
        return _folded(text)
    if _PRESENTATION_FORM.search(text):
        text = _PRESENTATION_FORM.sub(_plain_form, text.replace("ئو", "ؤو"))
        return _DROPPED_RUN.sub("", text).translate(_FOLD)
    return _folded(_DROPPED_RUN.sub("", text))


def _folded(text: str) -> str:
    if text.isascii():
        return text
    text = text.replace("ئو", "ؤو")
    for letter, plain in _USUAL:
        text = text.replace(letter, plain)
    return text.translate(_FOLD) if _UNUSUAL.search(text) else text


def _plain_form(form: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", form[0])


def key(word: str) -> str:
    """Return what two spellings of one name share: folded, lower case, underscores and runs of blanks as one space."""
    return " ".join(fold_text(word).casefold().replace("_", " ").split())


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` with their offsets; punctuation, ``#`` and marks of quotation are not words.

    A combining mark or joiner never breaks a word; 1.5 and ٣٬٠٠٠ are one word each; underscores join.
    """
    for match in _WORD.finditer(text):
        yield Token(match[0], match.start(), match.end())


def words(text: str) -> list[str]:
    """Return the words of ``text`` without their offsets, where only the words matter: several times faster."""
    return _WORD.findall(text)


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the non-blank lines of ``text``, without the blanks around them."""
    for match in _PARAGRAPH.finditer(text):
        line = match[0]
        stripped = line.strip()
        if stripped:
            start = match.start() + len(line) - len(line.lstrip())
            yield Span(start, start + len(stripped))


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of ``text``, each with its full stop and the closing marks after it, without blanks around.

    A sentence never crosses a line. Not a boundary: the stop of an abbreviation or initial (د.), inside a number or a
    name (1.5, CNN.com), or inside quotation marks that close on the same line.
    """
    for paragraph in paragraphs(text):
        yield from _sentences_of(text, paragraph)


def _sentences_of(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    marked = iter(_MARKED.finditer(text, paragraph.start, paragraph.end))
    inside = next(marked, None)
    for stop in _STOP.finditer(text, paragraph.start, paragraph.end):
        while inside and inside.end() < stop.end():
            inside = next(marked, None)
        if inside and inside.start() < stop.start() and stop.end() < inside.end():
            continue
        if stop[0] == "." and _ABBREVIATION.search(text, max(start - 1, stop.start() - 6, 0), stop.start()):
            continue
        yield Span(start, stop.end())
        start = stop.end()
        while start < paragraph.end and text[start].isspace():
            start += 1
    if start < paragraph.end:
        yield Span(start, paragraph.end)


def _fold_presentation_forms(text: str) -> Folded:
    """Fold text that holds ligatures and positional letters (ﻻ, ﷲ), of which one may stand for several letters."""
    folded: list[str] = []
    offsets: list[int] = []
    for i, character in enumerate(text.replace("ئو", "ؤو")):
        if _PRESENTATION_FORM.match(character):
            character = unicodedata.normalize("NFKC", character)
        plain = _DROPPED_RUN.sub("", character).translate(_FOLD)
        folded.append(plain)
        offsets.extend([i] * len(plain))
    offsets.append(len(text))
    return Folded("".join(folded), offsets)
