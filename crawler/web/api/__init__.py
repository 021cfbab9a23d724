"""The API for notebooks, newsrooms and scripts: ``/api/v1``. Docs: docs/api.md and ``/api/v1/openapi.json``."""

from __future__ import annotations

from fastapi import APIRouter

from crawler.web.api import articles, clusters, feeds, hashtags, quotes, search, sources, speakers
from crawler.web.api.answers import ERRORS

router = APIRouter(prefix="/api/v1", responses=ERRORS)
for part in (articles, quotes, speakers, hashtags, sources, clusters, search, feeds):
    router.include_router(part.router)
