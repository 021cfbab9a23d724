"""An article: its text with who says what in it, what was taken out, how it changed, and who else has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from crawler.explain import RULES
from crawler.marking import COLOURS, Badge, marked_paragraphs, speakers
from crawler.web.access import Pool
from crawler.web.language import Language
from crawler.web.problems import Problem
from crawler.web.rendering import Reader, plain, render
from pipelines.model import Article, Quote
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.history import Histories, History
from pipelines.storage.marked import marked_article
from pipelines.storage.reports import Reports
from pipelines.versions import Piece, word_diff

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SpeakerInArticle:
    """Who speaks in an article, with all that is quoted; ``number`` is on the badges, ``quotes`` are (place, quote)."""

    number: int
    colour: str
    id: int | None
    name: str | None
    type: str | None
    role: str | None
    quotes: list[tuple[int, Quote]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of an article, word by word."""

    older: int
    newer: int
    title: list[Piece]
    text: list[Piece]


@router.get("/articles/{article_id}")
async def article(
    request: Request, pool: Pool, article_id: int, a: int | None = None, b: int | None = None
) -> Response:
    """Show one article; ``a`` and ``b`` are versions that are compared."""
    stored = await Reports(pool).article(article_id)
    history = await Histories(pool).of(article_id)
    marked = await marked_article(pool, article_id)
    if stored is None or history is None or marked is None:
        raise Problem(404, f"there is no article {article_id}")
    said = _said(marked.article, marked.speakers)
    badge = _badges(Reader.of(request).language, said)
    return render(
        request,
        "article.html",
        article=stored,
        outlet=marked.outlet,
        published_at=_local(stored["published_at"], marked.timezone),
        paragraphs=[Markup(html) for html in marked_paragraphs(marked.article, badge)],  # noqa: S704 -- escaped there
        said=said,
        rules=RULES,
        members=[one for one in await Duplicates(pool).members(article_id) if one.article_id != article_id],
        history=history,
        # Two long texts take a while to compare; meanwhile other readers are served.
        comparison=await asyncio.to_thread(_comparison, history, a, b),
    )


def _said(article: Article, ids: Mapping[str, int]) -> list[SpeakerInArticle]:
    """Group the quotations of an article by who said them, in the order of the text; nobody's words are last."""
    numbers = speakers(article)
    found: dict[str | None, list[tuple[int, Quote]]] = {}
    for place, quote in enumerate(article.quotes, start=1):
        found.setdefault(quote.speaker.name if quote.speaker else None, []).append((place, quote))
    grouped = []
    for name in sorted(found, key=lambda name: numbers.get(name or "", len(numbers))):
        quotes = found[name]
        who = quotes[0][1].speaker
        number = numbers[name] if name is not None else None
        role = next((quote.speaker.role for _, quote in quotes if quote.speaker and quote.speaker.role), None)
        grouped.append(
            SpeakerInArticle(
                number=0 if number is None else number + 1,
                colour="cnone" if number is None else f"c{number % COLOURS}",
                id=ids.get(name or ""),
                name=name,
                type=who.type.value if who else None,
                role=role,
                quotes=quotes,
            )
        )
    return grouped


def _badges(lang: Language, said: list[SpeakerInArticle]) -> Callable[[int], Badge]:
    """Return what gives each quotation its badge: the number of its speaker, and words for who cannot see it."""
    by_place = {place: one for one in said for place, _ in one.quotes}

    def badge(position: int) -> Badge:
        who = by_place[position + 1]
        name = plain(who.name or lang.text("unknown_speaker"), 80)
        return Badge(str(who.number or "؟"), lang.text("article.badge", n=position + 1, who=name))

    return badge


def _comparison(history: History, a: int | None, b: int | None) -> Comparison | None:
    """Compare two versions; without a word of which, the current one and the one before it. ``None`` for one only."""
    known = {version.version: version for version in history.versions}
    if len(known) < 2:
        return None
    newer = b if b in known else max(known)
    older = a if a in known else max((number for number in known if number < newer), default=newer)
    before, after = known[older], known[newer]
    return Comparison(
        older, newer, word_diff(before.title or "", after.title or ""), word_diff(before.text, after.text)
    )


def _local(moment: datetime | None, zone: str) -> datetime | None:
    """Return when an article appeared by the clock of its readers: the day is the one that they saw."""
    return moment.astimezone(ZoneInfo(zone)) if moment else None
