"""Signing in with the token, and out again."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from crawler.web.access import check_form, check_limit
from crawler.web.gate import COOKIE, cookie
from crawler.web.pages import sign_in_page
from crawler.web.sessions import Sessions

router = APIRouter(include_in_schema=False, dependencies=[Depends(check_form)])


@router.get("/sign-in")
async def form(request: Request, next: str = "/") -> Response:  # noqa: A002 -- the parameter's name in the address
    """Show the form that asks for the token."""
    return await sign_in_page(request, next=_inside(next), failed=False)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Give a browser that shows the token a session; as seldom as somebody who guesses must be held to."""
    check_limit(request, request.app.state.sign_ins)
    sessions: Sessions = request.app.state.sessions
    if not sessions.is_token(token.strip()):
        page = await sign_in_page(request, next=_inside(next), failed=True)
        page.status_code = 403
        return page
    answer = RedirectResponse(_inside(next), 303)
    # A new session, never the one that the browser came with: somebody else may have given it that.
    value = sessions.write(sessions.new(time.time(), signed_in=True))
    answer.headers["set-cookie"] = cookie(value, secure=request.url.scheme == "https")
    return answer


@router.post("/sign-out")
async def sign_out() -> Response:
    """End the session of this browser."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _inside(address: str) -> str:
    """Return an address of ours, never one of another site (``//evil.example`` is one)."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"
