"""The operators' pages: one module a page, each a query, what the page shows of it, and a template."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from crawler.web.access import check_form
from crawler.web.pages import adding, articles, hashtags, quarantine, rules, runs, search, sources, speakers, today
from crawler.web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(check_form)])
for page in (today, articles, speakers, hashtags, search, sources, rules, adding, runs, quarantine):
    router.include_router(page.router)


async def error_page(request: Request, status: int, detail: str) -> Response:
    """Return the page that tells what is wrong."""
    return render(request, "error.html", status=status, code=status, detail=detail)


async def sign_in_page(request: Request, *, next: str, failed: bool) -> Response:  # noqa: A002 -- the field's name
    """Return the page that asks for the token."""
    return render(request, "sign_in.html", next=next, failed=failed)
