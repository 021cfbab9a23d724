"""What routes ask for: the database, the configuration, a form that is ours, a search that is not one too many.

Dependencies are coroutines although they wait for nothing: FastAPI runs others in a thread each.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from psycopg_pool import AsyncConnectionPool

from crawler.config import Config
from crawler.web.assets import Assets
from crawler.web.gate import SAFE
from crawler.web.limits import Limit
from crawler.web.problems import Problem
from crawler.web.remembered import Remembered
from crawler.web.sessions import Session, Sessions
from pipelines.workers import AnalysisPool

#: Name of the hidden field of each form.
FORM_TOKEN = "form_token"  # noqa: S105 -- the field's name


async def get_pool(request: Request) -> AsyncConnectionPool:
    """Return the pool of connections."""
    pool: AsyncConnectionPool = request.app.state.pool
    return pool


async def get_analysis(request: Request) -> AnalysisPool:
    """Return the process that reads pages anew: rules on trial, what is in quarantine."""
    analysis: AnalysisPool = request.app.state.analysis
    return analysis


async def get_config(request: Request) -> Config:
    """Return the configuration."""
    config: Config = request.app.state.config
    return config


def assets_of(request: Request) -> Assets:
    """Return the static files, for those who link to them."""
    assets: Assets = request.app.state.assets
    return assets


def form_token(request: Request) -> str:
    """Return the value of the hidden field ``form_token`` for the forms of this reader's page."""
    sessions: Sessions = request.app.state.sessions
    session: Session = request.state.session
    return sessions.form_token(session)


async def check_form(request: Request) -> None:
    """Refuse a form that does not come from a page of this reader's session: a dependency of all pages' routes."""
    if request.method in SAFE:
        return
    sessions: Sessions = request.app.state.sessions
    shown = (await request.form()).get(FORM_TOKEN)
    if not isinstance(shown, str) or not sessions.is_form_token(request.state.session, shown):
        raise Problem(403, "this form is out of date; go back, load its page anew and send it again")


async def limit_searches(request: Request) -> None:
    """Count a search of this reader. Raises a 429 with ``Retry-After`` for one too many."""
    check_limit(request, request.app.state.searches)


def check_limit(request: Request, limit: Limit) -> None:
    """Count one request of this reader. Raises a 429 with ``Retry-After`` for one too many."""
    if seconds := limit.wait(request.client.host if request.client else ""):
        raise Problem(429, f"too many requests; the next one in {seconds} s", {"Retry-After": str(seconds)})


async def get_remembered(request: Request) -> Remembered:
    """Return what was counted lately."""
    remembered: Remembered = request.app.state.remembered
    return remembered


Pool = Annotated[AsyncConnectionPool, Depends(get_pool)]
Analysis = Annotated[AnalysisPool, Depends(get_analysis)]
Settings = Annotated[Config, Depends(get_config)]
Lately = Annotated[Remembered, Depends(get_remembered)]
