"""Speakers: who is quoted, and of one of them the roles over time, the quotations and who quotes them."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from crawler.web.access import Lately, Pool, limit_searches
from crawler.web.plots import Stretch, timeline
from crawler.web.problems import Problem
from crawler.web.rendering import Reader, render
from pipelines.errors import SpeakerError
from pipelines.storage.people import People

router = APIRouter()

#: Speakers in the list, and quotations on the page of one.
LISTED, QUOTED = 50, 40


@router.get("/speakers", dependencies=[Depends(limit_searches)])
async def listed(request: Request, pool: Pool, lately: Lately, named: str = "") -> Response:
    """List who is quoted most, of those with such a name when one is said."""
    wanted = named.strip() or None
    found = await lately.get(("speakers", wanted), lambda: People(pool).list(LISTED, named=wanted))
    return render(request, "speakers.html", people=found, named=named)


@router.get("/speakers/{speaker_id}")
async def speaker(request: Request, pool: Pool, lately: Lately, speaker_id: int) -> Response:
    """Show one speaker, under whatever name."""
    try:
        person = await lately.get(("speaker", speaker_id), lambda: People(pool).show(speaker_id, quotes=QUOTED))
    except SpeakerError as error:
        raise Problem(404, str(error)) from error
    stretches = [Stretch(role["first"], role["last"]) for role in person["roles"]]
    backwards = Reader.of(request).language.direction == "rtl"
    return render(request, "speaker.html", person=person, lines=timeline(stretches, backwards=backwards))
