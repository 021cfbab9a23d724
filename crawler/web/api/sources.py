"""Sources: what Rawi reads; the one thing that the API changes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from crawler.sources.document import document, source_of
from crawler.sources.model import Source as Stored
from crawler.sources.repository import Sources
from crawler.sources.validity import check_source
from crawler.web.access import Pool, Settings
from crawler.web.api.answers import CHANGES, CONFLICT, UNKNOWN
from crawler.web.api.filters import Name
from crawler.web.api.models import Listing
from crawler.web.api.source_models import Source, SourceDetails, SourceEdit, SourceIn
from crawler.web.problems import Problem
from pipelines.errors import RuleError, SourceError

router = APIRouter(tags=["sources"])

Named = Annotated[Name, Path(description="Name of the source.")]


@router.get("/sources")
async def list_sources(pool: Pool) -> Listing[Source]:
    """All sources, in order of name."""
    return Listing[Source](items=[Source.model_validate(one) for one in await Sources(pool).select()], next=None)


@router.get("/sources/{name}", responses=UNKNOWN)
async def show_source(pool: Pool, name: Named) -> SourceDetails:
    """One source, with what it has brought so far."""
    return await _details(Sources(pool), await _get(Sources(pool), name))


@router.post("/sources", status_code=201, responses={**CHANGES, **CONFLICT})
async def add_source(pool: Pool, settings: Settings, wanted: SourceIn, response: Response) -> SourceDetails:
    """Add a source. Nothing is fetched: the next crawl takes it."""
    source = _checked(wanted.name, wanted.model_dump(exclude={"name"}))
    sources = Sources(pool, settings.operator)
    try:
        added = await sources.add(source)
    except SourceError as error:
        raise Problem(409, str(error)) from error
    response.headers["Location"] = f"/api/v1/sources/{added.name}"
    return await _details(sources, added)


@router.patch("/sources/{name}", responses={**CHANGES, **UNKNOWN, **CONFLICT})
async def edit_source(pool: Pool, settings: Settings, name: Named, edit: SourceEdit) -> SourceDetails:
    """Change a source: what is left out stays, null is the default. `enabled` pauses and resumes it."""
    sources = Sources(pool, settings.operator)
    wanted = {**document(await _get(sources, name)), **edit.model_dump(exclude_unset=True)}
    source = _checked(name, wanted)
    try:
        return await _details(sources, await sources.change(source))
    except SourceError as error:
        raise Problem(409, str(error)) from error


@router.delete("/sources/{name}", status_code=204, responses={**CHANGES, **UNKNOWN, **CONFLICT})
async def remove_source(
    pool: Pool,
    settings: Settings,
    name: Named,
    articles: Annotated[
        Literal["keep", "delete"] | None, Query(description="What happens to its articles; needed when it has any.")
    ] = None,
) -> None:
    """Remove a source and what its feeds announced."""
    sources = Sources(pool, settings.operator)
    await _get(sources, name)
    try:
        await sources.remove(name, with_articles=articles == "delete", keep_articles=articles == "keep")
    except SourceError as error:
        raise Problem(409, f"{name} has articles; say articles=keep or articles=delete") from error


async def _get(sources: Sources, name: str) -> Stored:
    try:
        return await sources.get(name)
    except SourceError as error:
        raise Problem(404, f"there is no source {name}") from error


async def _details(sources: Sources, source: Stored) -> SourceDetails:
    brought = await sources.summary(source)
    shown = Source.model_validate(source).model_dump()
    return SourceDetails(
        **shown,
        discovered=brought.discovered,
        pending=brought.pending,
        stored=brought.stored,
        rejected=brought.rejected,
    )


def _checked(name: str, wanted: dict[str, Any]) -> Stored:
    """Return the source of a document. Raises a 400 with the sentence that the command line has for what is wrong."""
    given = {key: value for key, value in wanted.items() if value is not None}
    if "feeds" in given:
        given["feeds"] = [{k: v for k, v in feed.items() if v is not None} for feed in given["feeds"]]
    try:
        source = source_of(name, given)
        check_source(source)
    except (SourceError, RuleError) as error:
        raise Problem(400, str(error)) from error
    return source
