"""What would Rawi store of a source? Some of its newest articles, read before anything is saved.

What looks wrong with them is said, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.sources.discovery import Discovery
from crawler.spiders.headers import kept_headers
from crawler.spiders.polls import declared_charset
from crawler.spiders.probe import Probe
from pipelines.arabic import fold_text, tokens
from pipelines.errors import PageRejected
from pipelines.extract.parts import next_part
from pipelines.model import Article, FeedEntry, Page, SourceRules
from pipelines.urls import canonical_url, same_site
from pipelines.workers import AnalysisPool

#: Articles that are shown.
SHOWN = 3
#: Entries that are tried for them: some lead to videos or galleries.
TRIED = 6
#: Words below which an article is a news flash, or not whole.
SHORT = 60
#: A page and its feed may differ by so much, for an edit or a late feed.
APART = timedelta(hours=2)
#: Share of the words of a feed's title that the page's title should have.
ALIKE = 0.3


class Doubt(str):
    """What looks wrong, as the command line says it; ``what`` names it, ``about`` is what was seen."""

    what: str
    about: str

    def __new__(cls, what: str, sentence: str, about: object = "") -> Doubt:
        """Make a doubt of its sentence."""
        doubt = super().__new__(cls, sentence)
        doubt.what, doubt.about = what, str(about)
        return doubt


@dataclass(frozen=True, slots=True)
class Preview:
    """One article as it would be stored, or the verdict on why it would not; ``doubts`` are what looks wrong.

    ``whole`` says that nothing is left to fetch of it, so that it can be saved with its source.
    """

    url: str
    entry: FeedEntry
    article: Article | None = None
    page: Page | None = None
    verdict: str | None = None
    detail: str = ""
    doubts: tuple[Doubt, ...] = ()
    whole: bool = True


async def preview(probe: Probe, analysis: AnalysisPool, found: Discovery, rules: SourceRules) -> list[Preview]:
    """Read some of the newest articles that the chosen feeds of a discovery announce; each is fetched once."""
    shown: list[Preview] = []
    for entry in _newest(found)[:TRIED]:
        shown.append(await _read(probe, analysis, entry, rules))
        if sum(one.article is not None for one in shown) >= SHOWN:
            break
    return _with_repeated(shown)


def doubts_of(article: Article, entry: FeedEntry, now: datetime) -> list[Doubt]:
    """Return what looks wrong with an article, held against what its feed claims."""
    doubts = []
    words = len(article.text.split())
    if article.published_at is None:
        doubts.append(Doubt("date", "no date was found; a rule may help: --date SELECTOR"))
    elif article.published_at > now + timedelta(hours=1):
        doubts.append(Doubt("future", "its date lies in the future; the time zone may be wrong"))
    elif hours := whole_hours(article, entry):
        said = f"its date is exactly {abs(hours)} h from the feed's; the time zone may be wrong"
        doubts.append(Doubt("zone", said, abs(hours)))
    elif entry.published_at and abs(article.published_at - entry.published_at) > APART:
        doubts.append(_disagreement(abs(article.published_at - entry.published_at)))
    if words < SHORT:
        doubts.append(Doubt("short", f"it is short: {words} words", words))
    if not article.title:
        doubts.append(Doubt("title", "no title was found"))
    elif entry.title and _alike(entry.title, article.title) < ALIKE:
        doubts.append(Doubt("differs", f"its title differs from the feed's: {entry.title}", entry.title))
    return doubts


def whole_hours(article: Article, entry: FeedEntry) -> int | None:
    """Return by how many hours a page's date is ahead of its feed's where it is hours exactly, as in a wrong zone.

    Some feeds say only when an entry was updated; an edit is hardly ever exactly an hour later.
    """
    claimed = entry.published_at or entry.updated_at
    if article.published_at is None or claimed is None:
        return None
    apart = article.published_at - claimed
    hours = round(apart / timedelta(hours=1))
    exact = abs(apart - timedelta(hours=hours)) < timedelta(minutes=1)
    return hours if exact and 0 < abs(hours) <= 14 else None


async def read_again(analysis: AnalysisPool, shown: Sequence[Preview], rules: SourceRules) -> list[Preview]:
    """Read the pages of previews by other rules; nothing is fetched."""
    again = []
    for one in shown:
        if one.page is not None and one.article is not None:
            page = replace(one.page, rules=rules)
            article = await analysis.analyse(page)
            doubts = tuple(doubts_of(article, one.entry, page.fetched_at))
            one = replace(one, page=page, article=article, doubts=doubts)
        again.append(one)
    return _with_repeated(again)


def _newest(found: Discovery) -> list[FeedEntry]:
    """Return the entries of the chosen feeds that belong to the site, the newest first, each article once."""
    entries: dict[str, FeedEntry] = {}
    for feed in found.chosen:
        for entry in found.entries.get(feed.url, ()):
            if same_site(entry.url, found.home):
                entries.setdefault(canonical_url(entry.url), entry)
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(entries.values(), key=lambda one: one.published_at or one.updated_at or oldest, reverse=True)


async def _read(probe: Probe, analysis: AnalysisPool, entry: FeedEntry, rules: SourceRules) -> Preview:
    answer = await probe.fetch(entry.url)
    if answer.response is None or answer.failure is not None:
        failure = answer.failure
        return Preview(entry.url, entry, verdict=failure.reason if failure else "connection",
                       detail=failure.detail if failure else "")  # fmt: skip
    response = answer.response
    charset = declared_charset(response)
    page = Page(response.url, response.body, answer.fetched_at, charset, entry, rules, headers=kept_headers(response))
    if not same_site(response.url, entry.url):
        return Preview(entry.url, entry, page=page, verdict="off-site", detail=f"it redirects to {response.url}")
    try:
        article = await analysis.analyse(page)
    except PageRejected as rejected:
        return Preview(entry.url, entry, page=page, verdict=rejected.reason, detail=rejected.detail)
    whole = next_part(response.body, response.url, charset=charset) is None
    return Preview(
        entry.url, entry, article, page, doubts=tuple(doubts_of(article, entry, answer.fetched_at)), whole=whole
    )


def _with_repeated(shown: Sequence[Preview]) -> list[Preview]:
    """Add a doubt where a passage stands in several articles: it is probably a prompt that was left in."""
    blocks = Counter(
        block for one in shown if one.article for block in set(one.article.text.split("\n\n")) if len(block) > 10
    )
    repeated = {block for block, count in blocks.items() if count > 1}
    marked = []
    for one in shown:
        here = [block for block in one.article.text.split("\n\n") if block in repeated] if one.article else []
        said = tuple(
            Doubt("repeated", f"the same passage stands in another article: {block[:80]}", block[:80]) for block in here
        )
        marked.append(replace(one, doubts=(*one.doubts, *said)))
    return marked


def _disagreement(apart: timedelta) -> Doubt:
    hours = round(apart / timedelta(hours=1))
    said = f"its date is {f'{apart.days} days' if hours > 48 else f'{hours} hours'} from the feed's"
    return Doubt("apart", said, hours)


def _alike(first: str, second: str) -> float:
    """Return the share of the words of one title that the other has."""
    words = {token.text for token in tokens(fold_text(first))}
    return len(words & {token.text for token in tokens(fold_text(second))}) / len(words) if words else 1.0
