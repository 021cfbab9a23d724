"""What flows through Rawi: frozen, typed objects, one for each station of the line.

``Source -> due feed -> FeedEntry -> Request -> Page -> analyse -> Article -> save``

Datetimes are aware; those of an article keep the offset that its page was written in, so that the day is the one its
readers saw (Postgres keeps the moment). Text spans are half-open code-point offsets into ``Article.text``.
``None`` means "unknown", never "failed": failures are the verdicts of :mod:`pipelines.errors`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """Where a hashtag was found."""

    BODY = "body"
    TITLE = "title"
    EMBED = "embed"
    KEYWORDS = "keywords"


class QuoteKind(StrEnum):
    """Whether the words stand between marks (direct) or are reported after a cue (indirect)."""

    DIRECT = "direct"
    INDIRECT = "indirect"


class SpeakerType(StrEnum):
    """What kind of thing speaks."""

    PERSON = "person"
    ORGANISATION = "organisation"
    MEDIA = "media"
    DOCUMENT = "document"
    UNNAMED = "unnamed"


class _Handed:
    """What goes from process to process: as a call with its fields, about half the work of the state of its slots."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


@dataclass(frozen=True, slots=True, init=False)
class Span(_Handed):
    """A half-open range ``[start, end)`` of code points in ``Article.text``."""

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        # Half as dear as what a frozen dataclass writes here, and an article makes hundreds of spans.
        _set_start(self, start)
        _set_end(self, end)

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that this span covers."""
        return text[self.start : self.end]


_set_start: Callable[[Span, int], None] = vars(Span)["start"].__set__
_set_end: Callable[[Span, int], None] = vars(Span)["end"].__set__


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed: the feed's *claims* about an article, used as hints, never as the article.

    ``url`` is absolute. ``content_hash`` changes when the claims change, so an edited entry is seen.
    """

    url: str
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary: str | None = None
    content: str | None = None
    tags: tuple[str, ...] = ()
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class OperatorRules:
    """What an operator says about a source's pages where learning is not enough; all of it is optional.

    ``body``, ``title``, ``author``, ``date`` and ``remove`` are CSS selectors: of ``body`` all matches are read, in
    page order; of ``title``, ``author`` and ``date`` the first. ``remove_text`` are regular expressions (Python's
    syntax): what they match is cut out of a block. Check them with :func:`pipelines.extract.selectors.check_rules`.
    """

    body: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    remove: tuple[str, ...] = ()
    remove_text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnedRules:
    """What reading a source's articles has taught (:mod:`pipelines.extract.learning`).

    ``containers`` are CSS selectors of the element that holds the article, the likeliest first. ``passages`` are the
    keys of blocks and sentences that are the outlet's and not the article's; ``elements`` the signatures of elements
    that never hold any of it. ``trial`` are containers on trial: pages that they find are read in full as well.
    ``version`` counts the changes that made them so.
    """

    containers: tuple[str, ...] = ()
    trial: frozenset[str] = frozenset()
    passages: frozenset[int] = frozenset()
    elements: frozenset[str] = frozenset()
    version: int = 0


@dataclass(frozen=True, slots=True)
class SourceRules:
    """What is known about a source that helps to read its pages.

    ``timezone`` is an IANA name, used for dates without an offset. ``language`` is the language its articles
    must be in (BCP 47); a page in another language is rejected.
    """

    source: str = ""
    timezone: str = "UTC"
    language: str = "ar"
    operator: OperatorRules = field(default_factory=OperatorRules)
    learned: LearnedRules = field(default_factory=LearnedRules)


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: bytes as received (after transfer decoding), not yet believed.

    ``url`` is the address after redirects. ``charset`` is the one the HTTP header declares, if any. ``parts`` are the
    bytes of the pages that continue the article, in order. ``headers`` are those of the answer, names in small letters.
    """

    url: str
    body: bytes
    fetched_at: datetime
    charset: str | None = None
    entry: FeedEntry | None = None
    rules: SourceRules = field(default_factory=SourceRules)
    parts: tuple[bytes, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Removed(_Handed):
    """A block that extraction took out, and the name of the rule that did it."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trace(_Handed):
    """How an article was found on its page: what learning about its source goes by.

    ``containers`` are CSS selectors, each of which finds the article's container on that page and nothing else, the
    closest first; there are none where a learned container was used without looking further. ``used`` is that learned
    container. ``drift`` says why a learned container was not used: ``missing``, ``short`` or ``differs``.
    ``passages`` are the keys of the article's blocks and of the last sentences of its paragraphs. ``taken`` and
    ``kept`` are the signatures of elements within the container of which nothing, and something, became text.
    ``rules_version`` is that of the learned rules by which the page was read.
    """

    containers: tuple[str, ...] = ()
    used: str | None = None
    drift: str | None = None
    passages: tuple[int, ...] = ()
    taken: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    rules_version: int = 0


@dataclass(frozen=True, slots=True)
class Hashtag(_Handed):
    """A hashtag: ``tag`` as written with its ``#``, ``key`` folded for counting, ``span`` when it is in the text."""

    tag: str
    key: str
    origin: Origin = Origin.BODY
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Speaker(_Handed):
    """Who speaks: the fullest name the article gives, without titles; the titles are the ``role``."""

    name: str
    type: SpeakerType
    role: str | None = None
    mention: Span | None = None


@dataclass(frozen=True, slots=True)
class Quote(_Handed):
    """Words said, and by whom.

    ``span`` covers the words without their marks. ``cue`` is the word or phrase of saying. ``speaker`` is ``None``
    when the article does not say. ``confidence`` is in ``[0, 1]``; ``rule`` names what found the quotation.
    """

    kind: QuoteKind
    span: Span
    cue: Span | None
    speaker: Speaker | None
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Article(_Handed):
    """What a page says: clean text (paragraphs joined by a blank line, spelling untouched) and what is in it.

    ``url`` is canonical and the natural key. ``authors`` are without «كتب» or «بقلم». ``fingerprint`` is a 64-bit
    SimHash of the folded text and ``sketch`` the smallest hashes of its wording, for near-duplicates. ``removed`` is
    everything extraction took out, with reasons; ``trace`` tells how the text was found. ``words`` are what is
    searched, as Postgres reads a ``tsvector``, and ``quote_words`` those of each quotation. Without a sketch or words,
    the store makes them when it saves.
    """

    url: str
    title: str | None
    text: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    image: str | None = None
    site_name: str | None = None
    language: str | None = None
    keywords: tuple[str, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    quotes: tuple[Quote, ...] = ()
    fingerprint: int = 0
    sketch: tuple[int, ...] = ()
    removed: tuple[Removed, ...] = ()
    trace: Trace = field(default_factory=Trace)
    words: str = ""
    quote_words: tuple[str, ...] = ()
