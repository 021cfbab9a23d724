"""Sources: how each one is, what it brings, and changing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from crawler.sources.checks import look
from crawler.sources.health import Output
from crawler.sources.history import differences
from crawler.sources.model import Feed, FeedKind, Source
from crawler.sources.repository import Sources
from crawler.web.access import Lately, Pool, Settings
from crawler.web.language import Language
from crawler.web.paging import PAGE, page, place
from crawler.web.plots import bars
from crawler.web.problems import Problem
from crawler.web.rendering import Reader, here, leave_for, render, segment
from pipelines.errors import RawiError, SourceError
from pipelines.storage.overview import Overview

router = APIRouter()

#: Changes that are shown of a source.
CHANGES = 12
#: What a source is measured by, in the order of the page, and how each is written.
MEASURES = ("discovered", "stored", "rejected", "length", "dated", "authored", "quotes", "boilerplate")


@router.get("/sources")
async def listed(request: Request, pool: Pool) -> Response:
    """Show all sources at a glance."""
    found = await Overview(pool, now=datetime.now(UTC)).sources()
    backwards = Reader.of(request).language.direction == "rtl"
    return render(request, "sources.html", sources=[(one, bars(one.daily, backwards=backwards)) for one in found])


@router.get("/sources/{name}")
async def source(request: Request, pool: Pool, lately: Lately, name: str, before: str | None = None) -> Response:
    """Show one source: its health, its feeds, what was changed in it, and its articles."""
    known = await _known(pool, name)
    overview = Overview(pool, now=datetime.now(UTC))
    [glance] = await overview.sources(name)
    health = await lately.get(("health", known.id), lambda: look(pool, known))
    lang = Reader.of(request).language
    headlines, older = page(await overview.headlines(PAGE + 1, source=name, after=place(before)))
    changes = await Sources(pool).history(name, limit=CHANGES)
    return render(
        request,
        "source.html",
        source=known,
        glance=glance,
        drawing=bars(glance.daily, backwards=lang.direction == "rtl"),
        summary=await Sources(pool).summary(known),
        health=health,
        measures=[(what, _measure(lang, what, health.recent), _measure(lang, what, health.past)) for what in MEASURES],
        changes=[(change, differences(change.before, change.after)) for change in changes],
        headlines=headlines,
        older=here(request, before=older) if older else None,
    )


@router.post("/sources/{name}/pause")
async def pause(pool: Pool, settings: Settings, name: str) -> Response:
    """Leave a source out of crawls."""
    await Sources(pool, settings.operator).set_enabled([name], False)
    return leave_for(_address(name), "paused")


@router.post("/sources/{name}/resume")
async def resume(pool: Pool, settings: Settings, name: str) -> Response:
    """Let crawls take a source again."""
    await Sources(pool, settings.operator).set_enabled([name], True)
    return leave_for(_address(name), "resumed")


@router.post("/sources/{name}/undo")
async def undo(pool: Pool, settings: Settings, name: str) -> Response:
    """Undo the latest change to a source."""
    left = await Sources(pool, settings.operator).revert(name)
    return leave_for(_address(name) if left else "/sources", "undone")


@router.get("/sources/{name}/edit")
async def edit_form(request: Request, pool: Pool, name: str) -> Response:
    """Show what can be changed."""
    known = await _known(pool, name)
    return render(request, "source_edit.html", name=name, values=_values(known), fault=None)


@router.post("/sources/{name}/edit")
async def edit(
    request: Request,
    pool: Pool,
    settings: Settings,
    name: str,
    title: Annotated[str, Form()] = "",
    home: Annotated[str, Form()] = "",
    country: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
    timezone: Annotated[str, Form()] = "",
    tags: Annotated[str, Form()] = "",
    delay: Annotated[str, Form()] = "",
    interval: Annotated[str, Form()] = "",
    feeds: Annotated[str, Form()] = "",
) -> Response:
    """Change a source as the form says; what is wrong with it is said, and nothing of it is lost."""
    known = await _known(pool, name)
    values = {"title": title, "home": home, "country": country, "language": language, "timezone": timezone,
              "tags": tags, "delay": delay, "interval": interval, "feeds": feeds}  # fmt: skip
    try:
        await Sources(pool, settings.operator).change(_edited(known, values))
    except RawiError as error:
        return render(request, "source_edit.html", status=422, name=name, values=values, fault=str(error))
    return leave_for(_address(name), "changed")


async def _known(pool: Pool, name: str) -> Source:
    try:
        return await Sources(pool).get(name)
    except SourceError as error:
        raise Problem(404, str(error)) from error


def _address(name: str) -> str:
    return f"/sources/{segment(name)}"


def _values(source: Source) -> dict[str, str]:
    """Return a source as the fields of the form."""
    return {
        "title": source.title,
        "home": source.home,
        "country": source.country or "",
        "language": source.language,
        "timezone": source.timezone,
        "tags": ", ".join(source.tags),
        "delay": "" if source.delay is None else f"{source.delay:g}",
        "interval": "" if source.interval is None else f"{source.interval:g}",
        "feeds": "\n".join(_feed_line(feed) for feed in source.feeds),
    }


def _edited(source: Source, values: dict[str, str]) -> Source:
    """Return a source with the fields of the form. Raises :class:`~pipelines.errors.SourceError` for a wrong one."""
    return replace(
        source,
        title=values["title"].strip(),
        home=values["home"].strip(),
        country=values["country"].strip().upper() or None,
        language=values["language"].strip() or source.language,
        timezone=values["timezone"].strip() or source.timezone,
        tags=tuple(dict.fromkeys(tag.strip() for tag in values["tags"].replace("،", ",").split(",") if tag.strip())),
        delay=_seconds(values["delay"]),
        interval=_seconds(values["interval"]),
        feeds=tuple(_feed(line) for line in values["feeds"].splitlines() if line.strip()),
    )


def _feed_line(feed: Feed) -> str:
    kind = "" if feed.kind is FeedKind.FEED else f" {feed.kind}"
    return f"{feed.url}{kind}{f' {feed.pattern}' if feed.pattern else ''}"


def _feed(line: str) -> Feed:
    """Read a line of the form: address, kind, pattern."""
    url, *rest = line.split(maxsplit=2)
    kind, pattern = (*rest, "", "")[:2]
    if kind not in ("", *FeedKind):
        raise SourceError(f"a feed is a feed, a sitemap or a listing, not {kind!r}")
    return Feed(0, url, FeedKind(kind or FeedKind.FEED), pattern.strip() or None)


def _seconds(written: str) -> float | None:
    if not written.strip():
        return None
    try:
        return float(written)
    except ValueError:
        raise SourceError(f"not a number of seconds: {written!r}") from None


def _measure(lang: Language, what: str, output: Output) -> str:
    value: Any = getattr(output, what)
    if value is None:
        return lang.text("none")
    if what in ("dated", "authored", "boilerplate"):
        return lang.percent(value)
    return lang.number(value, 1 if what == "quotes" else 0)
