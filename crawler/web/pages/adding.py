"""Adding a source: an address, a look at what would be stored, and only then the source."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from crawler.sources.onboarding import Proposal, Wishes, propose, save
from crawler.sources.problems import problem_of
from crawler.sources.repository import Sources
from crawler.sources.validity import tidied
from crawler.web.access import Pool, Settings, limit_searches
from crawler.web.proposals import Proposals
from crawler.web.rendering import Reader, leave_for, render, segment
from pipelines.errors import RawiError, SourceError

router = APIRouter()


@router.get("/add")
async def form(request: Request) -> Response:
    """Ask for an address."""
    return render(request, "add.html", url="", name="", fault=None)


@router.post("/add", dependencies=[Depends(limit_searches)])
async def look(
    request: Request, pool: Pool, settings: Settings, url: Annotated[str, Form()], name: Annotated[str, Form()] = ""
) -> Response:
    """Find the site's feeds and read some of its articles; nothing is saved."""
    wished = name.strip() or None
    try:
        address = tidied(url)
        await Sources(pool).check_free(wished, [address])
        proposal = await propose(settings, [address], Wishes(name=wished))
    except RawiError as error:
        return render(request, "add.html", status=422, url=url, name=name, fault=str(error))
    return leave_for(f"/add/{_proposals(request).keep(proposal)}")


@router.get("/add/{key}")
async def proposed(request: Request, key: str) -> Response:
    """Show what would be stored."""
    proposal = _proposals(request).get(key)
    if proposal is None:
        return render(request, "add.html", status=404, url="", name="", fault="expired")
    return _shown(request, proposal, key)


@router.post("/add/{key}")
async def add(
    request: Request,
    pool: Pool,
    settings: Settings,
    key: str,
    name: Annotated[str, Form()],
    timezone: Annotated[str, Form()],
    title: Annotated[str, Form()] = "",
    country: Annotated[str, Form()] = "",
) -> Response:
    """Save the source with the articles that were shown."""
    proposal = _proposals(request).get(key)
    if proposal is None or proposal.source is None:
        return render(request, "add.html", status=404, url="", name="", fault="expired")
    source = replace(
        proposal.source,
        name=name.strip(),
        title=title.strip(),
        country=country.strip().upper() or None,
        timezone=timezone.strip(),
    )
    try:
        await save(pool, proposal, source, by=settings.operator, keep_pages=settings.keep_pages > 0)
    except SourceError as error:
        return _shown(request, replace(proposal, source=source), key, fault=str(error))
    _proposals(request).drop(key)
    return leave_for(f"/sources/{segment(source.name)}", "added")


def _shown(request: Request, proposal: Proposal, key: str, fault: str | None = None) -> Response:
    code = Reader.of(request).language.code
    problems = [problem_of(one.reason, one.detail, code) for one in proposal.problems]
    status = 422 if fault else 200
    return render(request, "proposal.html", status=status, proposal=proposal, problems=problems, key=key, fault=fault)


def _proposals(request: Request) -> Proposals:
    proposals: Proposals = request.app.state.proposals
    return proposals
