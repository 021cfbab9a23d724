"""The application: pages, API, feeds and metrics behind one gate.

A request passes, from the outside in: the headers of every answer, the check of its Host header (against DNS rebinding:
another site's name that leads to this machine), the gate (who may read, who may change), validators, the routes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from crawler.config import Config
from crawler.web import api, metrics, pages, probes, problems, signin
from crawler.web.api.answers import STREAMS
from crawler.web.api.description import describe
from crawler.web.assets import Assets
from crawler.web.gate import Gate
from crawler.web.headers import SecurityHeaders, Validators
from crawler.web.limits import Limit
from crawler.web.proposals import Proposals
from crawler.web.remembered import Remembered
from crawler.web.sessions import Sessions
from pipelines.storage.pool import READER, open_pool
from pipelines.workers import AnalysisPool

#: Connections to the database. A reader's query takes milliseconds: more would only compete for the processor.
CONNECTIONS = 8
#: Attempts to sign in that one reader has in a minute.
SIGN_INS = 10
#: What this machine is called from itself.
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def create_app(config: Config, database_url: str) -> FastAPI:
    """Return the application on the database at ``database_url``, whose schema must be this version's."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_pool(database_url, size=CONNECTIONS, session=READER) as pool,
            AnalysisPool(1, page_timeout=config.page_timeout) as analysis,
        ):
            app.state.pool, app.state.analysis = pool, analysis
            yield

    app = FastAPI(
        title="Rawi",
        summary="Arabic news: clean articles, their hashtags, and who said what.",
        version=version("rawi"),
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    sessions = Sessions(config.web_token.get_secret_value() if config.web_token else None)
    app.openapi = partial(describe, app, token_needed=sessions.token_needed)  # type: ignore[method-assign]
    app.state.config = config
    app.state.database_url = database_url
    app.state.sessions = sessions
    app.state.assets = Assets()
    app.state.proposals = Proposals()
    app.state.streams = asyncio.Semaphore(STREAMS)
    app.state.remembered = Remembered()
    app.state.searches = Limit(config.web_searches)
    app.state.sign_ins = Limit(SIGN_INS)
    for router in (app.state.assets.router(), probes.router, metrics.router, api.router, signin.router, pages.router):
        app.include_router(router)
    problems.install(app, pages.error_page)
    # The last one added is the first that a request meets.
    app.add_middleware(Validators)
    app.add_middleware(Gate, sessions=sessions)
    own = [f"[{host}]" if ":" in host else host for host in (config.web_host, *config.web_hosts)]
    hosts = [*LOOPBACK, *own]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(SecurityHeaders)
    return app
