"""An article's text with its quotations, words of saying and speakers marked: for the terminal, a file, or a page.

Pure: an :class:`~pipelines.model.Article` in, segments or paragraphs of HTML out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from pipelines.model import Article, Quote, Span

#: Colours of speakers, by their order in the article.
COLOURS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text between two borders of marks: what it belongs to.

    ``quotes`` are positions in ``Article.quotes``, the outer first; ``begins`` those that begin here. ``cue`` and
    ``mention`` tell that it is a word of saying, or names a speaker.
    """

    text: str
    quotes: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    cue: bool = False
    mention: bool = False


def segments(article: Article, within: Span) -> Iterator[Segment]:
    """Cut the text of ``within`` at every border of a quotation, a cue or a mention."""
    quotes = article.quotes
    said = [i for i, quote in enumerate(quotes) if _meet(quote.span, within)]
    cues = [quote.cue for quote in quotes if quote.cue and _meet(quote.cue, within)]
    speakers = [quote.speaker for quote in quotes if quote.speaker]
    mentions = [who.mention for who in speakers if who.mention and _meet(who.mention, within)]
    borders = {within.start, within.end}
    for span in (*(quotes[i].span for i in said), *cues, *mentions):
        borders |= {at for at in (span.start, span.end) if within.start < at < within.end}
    for start, end in pairwise(sorted(borders)):
        inside = [i for i in said if quotes[i].span.start <= start and end <= quotes[i].span.end]
        inside.sort(key=lambda i: quotes[i].span.start - quotes[i].span.end)
        yield Segment(
            article.text[start:end],
            tuple(inside),
            tuple(i for i in inside if max(quotes[i].span.start, within.start) == start),
            _covers(cues, start, end),
            _covers(mentions, start, end),
        )


def paragraphs(article: Article) -> Iterator[Span]:
    """Yield the paragraphs of an article's text that are not blank."""
    start = 0
    for line in article.text.splitlines(keepends=True):
        stripped = line.rstrip()
        if stripped:
            yield Span(start, start + len(stripped))
        start += len(line)


def speakers(article: Article) -> dict[str, int]:
    """Number the speakers of an article by their order, from 0."""
    names = dict.fromkeys(quote.speaker.name for quote in article.quotes if quote.speaker)
    return {name: number for number, name in enumerate(names)}


def colours(article: Article) -> dict[str, int]:
    """Number the speakers of an article by their order; numbers repeat after :data:`COLOURS`."""
    return {name: number % COLOURS for name, number in speakers(article).items()}


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands before a quotation: a short text to be seen, and what is read out in its stead."""

    text: str
    label: str


def marked_paragraphs(article: Article, badge: Callable[[int], Badge]) -> list[str]:
    """Return the paragraphs of an article as HTML without their ``<p>``.

    Quotation *n* (from 1) begins with a badge that is ``#t<n>`` and leads to ``#q<n>``; where it goes on in a further
    paragraph, it has one again. Classes are the kind of a quotation and the colour of its speaker: ``c0`` to ``c7``,
    or ``cnone``.
    """
    colour = colours(article)
    begun: set[int] = set()
    return [
        "".join(_marked(article, segment, colour, badge, begun) for segment in segments(article, span))
        for span in paragraphs(article)
    ]


def harmless(text: str) -> str:
    """Return a text without the characters that turn what follows them around, whatever it says (UAX #9: LRO, RLO)."""
    return text.translate(_OVERRIDES)


_OVERRIDES = {0x202D: None, 0x202E: None}


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _covers(spans: Sequence[Span], start: int, end: int) -> bool:
    return any(span.start <= start and end <= span.end for span in spans)


def _marked(
    article: Article, segment: Segment, colour: dict[str, int], badge: Callable[[int], Badge], begun: set[int]
) -> str:
    html = escape(harmless(segment.text))
    if segment.cue:
        html = f"<u>{html}</u>"
    if segment.mention:
        html = f"<b>{html}</b>"
    for number in reversed(segment.quotes):
        quote = article.quotes[number]
        tone = colour[quote.speaker.name] if quote.speaker else "none"
        mark = _badge(number, badge(number), tone, begun) if number in segment.begins else ""
        html = f'{mark}<span class="said {quote.kind.value} c{tone}" title="{_told(quote)}">{html}</span>'
    return html


def _badge(number: int, badge: Badge, tone: int | str, begun: set[int]) -> str:
    place, label = number + 1, escape(harmless(badge.label))
    identity = "" if number in begun else f' id="t{place}"'
    begun.add(number)
    return f'<a class="badge c{tone}"{identity} href="#q{place}" aria-label="{label}">{escape(badge.text)}</a>'


def _told(quote: Quote) -> str:
    name = quote.speaker.name if quote.speaker else "؟"
    return escape(harmless(f"{name} · {quote.rule}"))
