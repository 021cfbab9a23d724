"""When an article was published, as its page and its feed have it.

What the page states in its metadata comes first, then the feed, then the date line that readers see. The others are
not lost: they tell the offset of the place where a stated moment is in UTC, and the hour where a claim gives the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_offset

from lxml.html import HtmlElement

from pipelines.extract import jsonld
from pipelines.extract.dates import AHEAD, is_relative, parse_date, zone
from pipelines.extract.landmarks import Landmarks
from pipelines.extract.text import element_text, folded_letters
from pipelines.model import FeedEntry, SourceRules

#: Characters of a visible date with its label; a longer text is prose that mentions a date.
MAX_DATE_TEXT = 120
#: Dates of a page that are read, the nearest to the heading first.
MAX_VISIBLE = 40

#: Properties of ``<meta>`` that say when the page was published, in the order of trust.
_PROPERTIES = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date", "dc:date", "dc.date.issued",
    "date", "pubdate", "publish-date", "sailthru.date",
)  # fmt: skip
_DATE_TAGS = (
    "h1", "h2", "h3", "time", "span", "div", "p", "td", "li", "abbr", "font", "b", "strong", "i", "small", "a",
)  # fmt: skip
_OF_DATE = re.compile(r"\d|منذ")
_SHORT_DATE = re.compile(r"\d{1,4}\W{1,3}(?:\w{1,12}\W{1,3}){1,4}\d{2,4}")
#: Offsets that clocks have, apart from each other by quarters of an hour (IANA time zone database).
_QUARTER = timedelta(minutes=15)


def find_published(
    page: Landmarks,
    title: str | None,
    node: dict[str, object],
    meta: dict[str, str],
    entry: FeedEntry | None,
    rules: SourceRules,
    now: datetime,
) -> datetime | None:
    """Return when the article was published, with the offset of its place where anything tells it.

    ``node`` is the article's JSON-LD object, ``meta`` the page's ``<meta>`` by name. ``None`` when nothing names a
    moment that can be.
    """
    claims = [jsonld.text(node.get("datePublished")), *(meta.get(name) for name in _PROPERTIES)]
    stated = first_date(claims, rules, now) or _stated_date(page, rules, now)
    if stated is not None and (stated.utcoffset() != timedelta(0) or rules.timezone != "UTC"):
        return _as_readers_saw(stated, (), None, rules)  # what readers see on the page would change nothing
    visible = _visible_dates(page.tree, title)
    seen = [date for text in visible if not is_relative(text) and (date := parse_date(text, rules.timezone, now))]
    claimed = entry.published_at if entry else None
    if claimed is not None and claimed > now + AHEAD:
        claimed = None
    if stated is None and claimed is not None:
        stated = _with_hour_of_page(claimed, seen)
    if stated is None:
        stated = _date_line(first_date(visible, rules, now), seen)
    return _as_readers_saw(stated, seen, claimed, rules) if stated else None


def first_date(claims: Sequence[str | None], rules: SourceRules, now: datetime) -> datetime | None:
    """Return the first moment that one of ``claims`` names and that can be."""
    return next((date for claim in claims if claim and (date := parse_date(claim, rules.timezone, now))), None)


def _with_hour_of_page(claimed: datetime, seen: Sequence[datetime]) -> datetime:
    """A feed that gives days only is made exact by the page, where both mean the same day."""
    near = (date for date in seen if abs(date - claimed) <= timedelta(hours=24) and not _is_midnight(date))
    return next(near, claimed)


def _date_line(nearest: datetime | None, seen: Sequence[datetime]) -> datetime | None:
    """The day once more with the hour, in the words of a clock or of an attribute, is the better one."""
    same = (date for date in seen if nearest is not None and date.date() == nearest.date())
    return next((date for date in same if not _is_midnight(date)), nearest)


def _as_readers_saw(
    moment: datetime, seen: Sequence[datetime], claimed: datetime | None, rules: SourceRules
) -> datetime:
    """Give a moment in UTC the offset of the place: the source's, the one the page writes elsewhere, or implies.

    A page that says 22:30 UTC in its head and 01:30 to its readers is three hours east.
    """
    if moment.utcoffset() != timedelta(0):
        return moment
    if rules.timezone != "UTC":
        return moment.astimezone(zone(rules.timezone))
    for other in (*seen, claimed):
        if other is None:
            continue
        if (offset := other.utcoffset()) and abs(other - moment) < timedelta(hours=1):
            return moment.astimezone(fixed_offset(offset))
        ahead = other.replace(tzinfo=UTC) - moment
        if not _is_midnight(other) and timedelta(0) < ahead <= timedelta(hours=4, minutes=1):
            rounded = round(ahead / _QUARTER) * _QUARTER
            if abs(ahead - rounded) < timedelta(minutes=2):
                return moment.astimezone(fixed_offset(rounded))
        if _is_midnight(other) and other.date() - moment.date() == timedelta(days=1) and moment.hour >= 20:
            return moment.astimezone(fixed_offset(timedelta(hours=24 - moment.hour)))
    return moment


def _stated_date(page: Landmarks, rules: SourceRules, now: datetime) -> datetime | None:
    """Return what microdata and RDFa state within the page."""
    claims: list[str | None] = []
    for element in page.stated("itemprop", "datePublished"):
        claims += [element.get("datetime"), element.get("content"), element_text(element)]
    for element in page.stated("property", "dc:date"):
        claims.append(element.get("content") or element_text(element))
    return first_date(claims, rules, now)


def _visible_dates(tree: HtmlElement, title: str | None) -> list[str]:
    """Return what looks like the date line of the article, the nearest to its heading first.

    Dates of other stories stand in lists farther off; what follows the heading is nearer than what precedes it.
    """
    found: list[tuple[int, str]] = []
    heading_at = 0
    wanted = folded_letters(title or "")
    dated = _around_dates(tree)
    for position, element in enumerate(tree.iter(*_DATE_TAGS)):
        sought = bool(wanted) and not heading_at
        text = element_text(element, MAX_DATE_TEXT) if sought or element in dated else ""
        # Most are much too short; only ligatures have more letters than characters.
        if sought and 2 * len(text) >= len(wanted) and folded_letters(text) == wanted:
            heading_at = position
        claims = (claim for claim in (element.get("datetime"), text) if claim)
        found += [(position, claim) for claim in claims if _SHORT_DATE.search(claim) or "منذ" in claim]
    near = sorted(found, key=lambda row: abs(row[0] - heading_at) * (1 if row[0] >= heading_at else 2))
    return [claim for _, claim in near[:MAX_VISIBLE]]


def _around_dates(tree: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold a digit or «منذ»: the others date nothing."""
    around: set[HtmlElement] = set()
    for element in tree.iter():
        text, tail = element.text, element.tail
        inside = element if text and _OF_DATE.search(text) else None
        beside = element.getparent() if tail and _OF_DATE.search(tail) else None
        for holder in (inside, beside):
            while holder is not None and holder not in around:
                around.add(holder)
                holder = holder.getparent()
    return around


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)
