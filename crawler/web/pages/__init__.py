"""The operators' pages."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from crawler.web.access import check_form, form_token

router = APIRouter(include_in_schema=False, dependencies=[Depends(check_form)])


async def error_page(request: Request, status: int, detail: str) -> Response:
    """Return the page that tells what is wrong."""
    del request
    return HTMLResponse(f'<!doctype html><html lang="en"><title>{status}</title><p>{escape(detail)}</p>', status)


async def sign_in_page(request: Request, *, next: str, failed: bool) -> Response:  # noqa: A002 -- the field's name
    """Return the page that asks for the token."""
    wrong = "<p role=alert>That is not the token.</p>" if failed else ""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><title>Rawi</title>{wrong}<form method="post" action="/sign-in">'
        f'<input type="hidden" name="form_token" value="{form_token(request)}">'
        f'<input type="hidden" name="next" value="{escape(next)}">'
        '<label>Token <input type="password" name="token" required autocomplete="current-password"></label> '
        "<button>Sign in</button></form>"
    )
