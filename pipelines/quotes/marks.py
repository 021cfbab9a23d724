"""Which words stand between quotation marks.

Newsrooms write every mark there is (« » “ ” " ‹ › ❝ ❞ ‘ ’ '' (( ))), nest them in themselves, mirror them, mix two
kinds, and forget one of the two. So shape is only the first witness: where a mark stands between blanks and letters is
the second, and what is open already is the third. Parity is never trusted beyond one paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pipelines.model import Span

#: Deeper nesting than this is noise, and bounding it keeps the pairing linear.
MAX_DEPTH = 6
#: A paragraph with more marks than this is noise.
MAX_MARKS = 1000
#: A forgotten opening mark is looked for at most so many characters before the closing one.
MAX_LOOK_BACK = 1500
#: So many commas after a mark that is never closed are looked at.
MAX_PAUSES = 100
#: Fewer characters before a stray closing mark are a name or a term.
MIN_UNOPENED = 20

# A set comes first, which is searched for much faster than a choice that begins with two signs.
_MARK = re.compile("[«»“”„‟\"″＂‹›❝❞‘’'()](?:(?<=')'|(?<=\\()\\(|(?<=\\))\\))?")
_FAMILIES = {"guillemets": "«»", "curly": "“„‟”", "straight": "\"″＂''", "angle": "‹›", "heavy": "❝❞", "single": "‘’'"}
_FAMILY = {mark: family for family, marks in _FAMILIES.items() for mark in marks} | {
    "''": "straight",
    "'": "single",
    "((": "parentheses",
    "))": "parentheses",
    "(": "round",
    ")": "round",
}
_OPENING, _CLOSING = frozenset("«“„‟‹❝‘") | {"((", "("}, frozenset("»”›❞’") | {"))", ")"}
#: A mark after one of these opens; a mark before one of these closes.
_BEFORE_OPENING, _AFTER_CLOSING = frozenset("([{:،,؛-–—/#"), frozenset(".,،؛;:!?؟…)]}-–—/")
_PROCLITICS = frozenset("بلكوفـ")
#: What announces speech right before a mark whose partner is missing.
_ANNOUNCED = re.compile(r"(?::|(?:^|[\s\u200b-\u200f])(?:و|ب)?[أإا]ن(?:ه|ها|هم)?)[\s\u200b-\u200f]*$")
_PAUSE = re.compile(r"\s*[،,]\s*")
#: What begins a reported clause, and is taken for the opening mark that is missing.
_CLAUSE = re.compile(r"(?<=\s)ب?[أإا]ن(?:ه|ها|هم|هما)?\s+")
#: What makes a round bracket a mark: «قائلاً (…)», «: (…)».
_SAID = re.compile(r"(?::|(?:قائل|بقول|بالقول)\w*)\s*$")
_SENTENCE_END = re.compile(r"[.!?؟…]\s+")


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between two marks: ``inner`` without the marks, ``outer`` with them.

    ``unbalanced`` tells that one of the marks is missing and was put where a reader would put it.
    """

    inner: Span
    outer: Span
    unbalanced: bool = False


class _Mark(NamedTuple):
    start: int
    end: int
    family: str
    shape: int
    place: int


def find_marked(
    text: str, paragraphs: Iterable[Span], starts_report: Callable[[str], bool], goes_on: Callable[[str], bool]
) -> list[Marked]:
    """Return the outermost marked spans of ``text`` in order; they do not overlap.

    ``starts_report(rest)`` says whether a sentence that begins like ``rest`` reports again («وأضاف …»), and
    ``goes_on(rest)`` whether a circumstance after a comma does («مضيفاً أن»): before them ends what was never closed.
    """
    found: list[Marked] = []
    pending: _Mark | None = None
    ordered = True
    for paragraph in paragraphs:
        marks = list(islice(_marks(text, paragraph), MAX_MARKS))
        if not marks:
            pending = None
            continue
        if _alternate(marks):
            pending = None
            found += [_marked(*marks[at : at + 2]) for at in range(0, len(marks), 2)]
            continue
        pairs, unclosed, strays = _pair(marks)
        if pending and strays and not any(pair.outer.start < strays[0].start for pair in pairs):
            # Opened in the paragraph before and closed here: one quotation over both.
            found = [marked for marked in found if marked.outer.start < pending.start]
            pairs.append(Marked(Span(pending.end, strays[0].start), Span(pending.start, strays[0].end)))
            strays, ordered = strays[1:], False
        pending = unclosed[0] if unclosed else None
        pairs += _close(text, paragraph, unclosed, starts_report, goes_on)
        pairs += _open(text, paragraph, strays, pairs)
        found += _outermost(pairs)
    return [marked for marked in found if marked.inner.start < marked.inner.end] if ordered else _outermost(found)


def _marks(text: str, paragraph: Span) -> Iterable[_Mark]:
    brackets = 0
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark = match[0]
        start, end = match.span()
        if mark == "(":
            brackets += 1 if brackets or _SAID.search(text, max(paragraph.start, start - 12), start) else 0
        if mark in "()":
            inside, brackets = brackets, max(0, brackets - (mark == ")"))
            if inside != 1:
                continue  # an aside, or one within the words in brackets
        left = text[start - 1] if start > paragraph.start else " "
        right = text[end] if end < paragraph.end else " "
        family = _FAMILY[mark]
        if family == "single" and left.isalnum() and right.isalnum():
            continue  # an apostrophe
        shape = (mark in _OPENING) - (mark in _CLOSING)
        yield _Mark(start, end, family, shape, _place(text, start, left, right))


def _place(text: str, at: int, left: str, right: str) -> int:
    """Say by its neighbours whether a mark opens (1), closes (-1), or could do either (0)."""
    opens = left.isspace() or left in _BEFORE_OPENING or left in _OPENING
    closes = right.isspace() or right in _AFTER_CLOSING or right in _CLOSING
    if closes and not opens and left.isalnum() and _ANNOUNCED.search(text, max(0, at - 8), at):
        return 0  # قال بأنه" …": glued to the word before it
    if opens and closes and (left in ":([{") != (not right.isspace()):
        return 1 if right.isspace() else -1  # a punctuation mark tells more than a blank
    if opens == closes:
        glued = left in _PROCLITICS and (left == "ـ" or at < 2 or not text[at - 2].isalnum())
        return 1 if glued and not closes else 0
    return 1 if opens else -1


def _pair(marks: list[_Mark]) -> tuple[list[Marked], list[_Mark], list[_Mark]]:
    """Return the pairs, the marks that were opened and never closed, and those that close nothing."""
    ahead = Counter(mark.family for mark in marks if _may_close(mark))
    opened_rightly = {mark.family for mark in marks if mark.shape > 0}
    stack: list[_Mark] = []
    pairs: list[Marked] = []
    strays: list[_Mark] = []
    for mark in marks:
        ahead[mark.family] -= _may_close(mark)
        same = [at for at, opened in enumerate(stack) if opened.family == mark.family]
        # ” … ”: some outlets write the closing mark on both sides.
        both_sides = mark.family not in opened_rightly and ahead[mark.family] > 0
        if _opens(mark, inside=bool(same), both_sides=both_sides):
            if len(stack) < MAX_DEPTH:
                stack.append(mark)
        elif same:
            pairs.append(_marked(stack[same[-1]], mark))
            del stack[same[-1] :]
        elif stack and not ahead[stack[-1].family] and mark.family != "single":
            pairs.append(_marked(stack.pop(), mark))
        elif mark.family != "single":
            strays.append(mark)
    return pairs, [mark for mark in stack if mark.family != "single"], strays


def _alternate(marks: list[_Mark]) -> bool:
    """Whether every mark that opens, by its shape or else its place, is followed by its partner, as nearly always."""
    if len(marks) % 2:
        return False
    for opening, closing in zip(marks[::2], marks[1::2], strict=True):
        opens, closes = opening.shape or opening.place, closing.shape or closing.place
        if not opens > 0 > closes or opening.family != closing.family:
            return False
    return True


def _may_close(mark: _Mark) -> bool:
    return mark.shape < 0 or (mark.shape == 0 and mark.place <= 0)


def _opens(mark: _Mark, inside: bool, both_sides: bool) -> bool:
    if mark.shape == 0:
        return mark.place > 0 or (mark.place == 0 and not inside and mark.family != "single")
    if mark.shape > 0:
        return not (inside and mark.place < 0)
    return (mark.place > 0 or (mark.place == 0 and both_sides)) and not inside


def _close(
    text: str,
    paragraph: Span,
    unclosed: list[_Mark],
    starts_report: Callable[[str], bool],
    goes_on: Callable[[str], bool],
) -> Iterable[Marked]:
    """End what was announced as speech and never closed: before the next report, or with the paragraph."""
    for mark in unclosed:
        before = text[max(paragraph.start, mark.start - 12) : mark.start]
        if before.strip() and not _ANNOUNCED.search(before):
            continue
        end = paragraph.end
        for stop in _SENTENCE_END.finditer(text, mark.end, paragraph.end):
            if starts_report(text[stop.end() : stop.end() + 40]):
                end = stop.start()
                break
        for pause in islice(_PAUSE.finditer(text, mark.end, end), MAX_PAUSES):
            if goes_on(text[pause.end() : pause.end() + 60]):
                end = pause.start()
                break
        end = mark.end + len(text[mark.end : end].rstrip(" \t."))
        yield Marked(Span(mark.end, end), Span(mark.start, end), unbalanced=True)


def _open(text: str, paragraph: Span, strays: list[_Mark], pairs: list[Marked]) -> Iterable[Marked]:
    """Open what was closed only: after the colon or أن before it, when nothing else is marked in between."""
    for mark in strays:
        floor = max(
            [paragraph.start, mark.start - MAX_LOOK_BACK, *(p.outer.end for p in pairs if p.outer.end <= mark.start)]
        )
        colon = text.rfind(": ", floor, mark.start)
        if colon >= 0:
            start = colon + 2
            yield Marked(Span(start, mark.start), Span(start, mark.end), unbalanced=True)
            continue
        sentence = max([floor, *(stop.end() for stop in _SENTENCE_END.finditer(text, floor, mark.start))])
        clause = _CLAUSE.search(text, sentence, mark.start)
        if clause and mark.start - clause.end() >= MIN_UNOPENED:
            yield Marked(Span(clause.end(), mark.start), Span(clause.end(), mark.end), unbalanced=True)


def _marked(opening: _Mark, closing: _Mark) -> Marked:
    return Marked(Span(opening.end, closing.start), Span(opening.start, closing.end))


def _outermost(marked: list[Marked]) -> list[Marked]:
    kept: list[Marked] = []
    for one in sorted(marked, key=lambda m: (m.outer.start, -m.outer.end)):
        if one.inner.start < one.inner.end and (not kept or kept[-1].outer.end <= one.outer.start):
            kept.append(one)
    return kept
