"""Where does a text answer a query? The passage with most of it, as written, and the places of the hits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.model import Span
from pipelines.search.query import Query, Term
from pipelines.search.words import search_fold, search_words

#: Characters of a snippet, about two lines.
WIDTH = 220


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a text: ``text[span.start:span.end]``, with the hits as spans of ``text``; ``cut`` at either end."""

    text: str
    hits: tuple[Span, ...]
    cut: tuple[bool, bool]

    def marked(self, before: str, after: str) -> str:
        """Return the passage with each hit between two marks, and … where it is cut."""
        parts, at = [], 0
        for hit in self.hits:
            parts += [self.text[at : hit.start], before, self.text[hit.start : hit.end], after]
            at = hit.end
        parts.append(self.text[at:])
        return ("… " if self.cut[0] else "") + "".join(parts) + (" …" if self.cut[1] else "")


def find_hits(text: str, query: Query) -> list[tuple[Span, Term]]:
    """Return every place of ``text`` that a term of the query matches, in order, none within another."""
    folded = search_fold(text)
    words = list(search_words(folded.text))
    forms = [word.form for word in words]
    hits: list[tuple[Span, Term]] = []
    at = 0
    beginnings = _beginnings(query)
    while at < len(words):
        if beginnings is not None and forms[at] not in beginnings:
            at += 1
            continue
        term = next((term for term in query.terms if term.matches(at, forms)), None)
        if term is None:
            at += 1
            continue
        last = at + len(term.words) - 1
        hits.append((folded.original(words[at].start, words[last].end), term))
        at = last + 1
    return hits


def snippet(text: str, query: Query, width: int = WIDTH) -> Snippet:
    """Return the passage of about ``width`` characters with most different terms in it; the beginning without any."""
    hits = find_hits(text, query)
    start = _best_start(hits, width)
    if start:
        start = max(start - width // 5, 0)
    end = min(start + width, len(text))
    start, end = _whole_words(text, start, end)
    inside = [hit for hit, _ in hits if start <= hit.start and hit.end <= end]
    passage = " ".join(text[start:end].split("\n")) if "\n" in text[start:end] else text[start:end]
    hits_inside = tuple(Span(hit.start - start, hit.end - start) for hit in inside)
    return Snippet(passage, hits_inside, (start > 0, end < len(text)))


def _beginnings(query: Query) -> frozenset[str] | None:
    """Return the words that some term begins with; ``None`` where a beginning of a word is enough for one."""
    if any(term.prefix and len(term.words) == 1 for term in query.terms):
        return None
    return frozenset(form for term in query.terms for form in term.words[0])


def _best_start(hits: Sequence[tuple[Span, Term]], width: int) -> int:
    best, best_score = 0, (0, 0)
    for number, (first, _) in enumerate(hits):
        near = [term for span, term in hits[number:] if span.end <= first.start + width * 3 // 4]
        score = (len(set(near)), len(near))
        if score > best_score:
            best, best_score = first.start, score
    return best


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a passage to the next blanks inside it."""
    if start > 0:
        blank = next((i for i in range(start, min(start + 30, end)) if text[i].isspace()), start - 1)
        start = blank + 1
    if end < len(text):
        end = next((i for i in range(end, max(end - 30, start), -1) if text[i].isspace()), end)
    return start, end
