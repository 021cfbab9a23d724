"""What would reading a kept page again change? The stored article is held against the one that is found now. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.arabic import fold_text
from pipelines.model import Article


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store has it; ``quotes`` are (kind, words, speaker), ``hashtags`` as written."""

    id: int
    source_id: int
    source: str
    url: str
    title: str | None
    text: str
    authors: list[str]
    published_at: datetime | None
    quotes: list[list[str | None]]
    hashtags: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading an article again would change.

    ``fields`` are of title, text, authors, published_at. Quotations are shown as «speaker: words». ``rejected`` is the
    reason when today's rules find no article on the page; then it stays as it is.
    """

    article_id: int
    source: str
    url: str
    fields: tuple[str, ...] = ()
    quotes_gained: tuple[str, ...] = ()
    quotes_lost: tuple[str, ...] = ()
    hashtags_gained: tuple[str, ...] = ()
    hashtags_lost: tuple[str, ...] = ()
    rejected: str | None = None
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)

    @property
    def writes(self) -> bool:
        """Whether saving would change anything."""
        gained_or_lost = self.quotes_gained or self.quotes_lost or self.hashtags_gained or self.hashtags_lost
        return self.rejected is None and bool(self.fields or gained_or_lost)


@dataclass
class ReplayReport:
    """What a replay found, summed up; ``samples`` are some of the differences, whole."""

    read: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    quotes_gained: int = 0
    quotes_lost: int = 0
    hashtags_gained: int = 0
    hashtags_lost: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    recovered: int = 0
    samples: list[Difference] = field(default_factory=list)

    def add(self, difference: Difference, *, samples: int) -> None:
        """Count a difference, and keep it while there are fewer than ``samples``."""
        self.read += 1
        if difference.rejected is not None:
            self.rejected[difference.rejected] += 1
        if not difference.writes:
            return
        self.changed += 1
        self.fields.update(difference.fields)
        self.quotes_gained += len(difference.quotes_gained)
        self.quotes_lost += len(difference.quotes_lost)
        self.hashtags_gained += len(difference.hashtags_gained)
        self.hashtags_lost += len(difference.hashtags_lost)
        if len(self.samples) < samples:
            self.samples.append(difference)


def difference(stored: StoredArticle, article: Article) -> Difference:
    """Return what ``article`` has that ``stored`` has not, and the other way round."""
    fields = {
        "title": (stored.title or "") != (article.title or ""),
        "text": stored.text != article.text,
        "authors": stored.authors != list(article.authors),
        # A date that is not found any more is not taken away.
        "published_at": article.published_at is not None and article.published_at != stored.published_at,
    }
    quotes = [(q.kind, q.span.of(article.text), q.speaker.name if q.speaker else None) for q in article.quotes]
    gained, lost = _changes([_shown(kind, words, who) for kind, words, who in stored.quotes], _all_shown(quotes))
    tags_gained, tags_lost = _changes(stored.hashtags, [tag.tag for tag in article.hashtags])
    return Difference(
        article_id=stored.id,
        source=stored.source,
        url=stored.url,
        fields=tuple(name for name, differs in fields.items() if differs),
        quotes_gained=gained,
        quotes_lost=lost,
        hashtags_gained=tags_gained,
        hashtags_lost=tags_lost,
        before=stored.text,
        after=article.text,
    )


def _all_shown(quotes: Iterable[tuple[str, str, str | None]]) -> list[str]:
    return [_shown(kind, words, who) for kind, words, who in quotes]


def _shown(kind: str | None, words: str | None, who: str | None) -> str:
    # The store has the speaker as first written anywhere: another spelling is no difference.
    return f"{fold_text(who) if who else '–'} ({kind}): {words}"


def _changes(before: Iterable[str], after: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = Counter(before), Counter(after)
    return tuple((new - old).elements()), tuple((old - new).elements())
