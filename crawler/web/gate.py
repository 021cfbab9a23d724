"""The gate that every request passes: may this reader see it, may this one change it?

It stands before all routes, so that a new one is behind it without a word. Readers are known by ``Authorization:
Bearer TOKEN``, by ``Basic`` with the token as the password (feed readers know no other), or by the session of a
browser that has signed in. Where no token is set, everybody may read, and nobody changes anything over the API.
"""

from __future__ import annotations

import base64
import binascii
import time
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.web.problems import for_programs, problem_response
from crawler.web.sessions import LIFETIME, Session, Sessions

COOKIE = "rawi_session"
#: Methods that change nothing (RFC 9110, 9.2.1).
SAFE = ("GET", "HEAD", "OPTIONS")
#: What anybody may see: whether Rawi is alive, and what the page to sign in needs.
STATIC = "/static/"
OPEN = ("/healthz", "/readyz", "/sign-in", STATIC)


class Gate:
    """Lets requests through to ``app``, each with its :class:`Session` in ``request.state.session``."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or let the request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = time.time()
        session = self._sessions.read(HTTPConnection(scope).cookies.get(COOKIE), now)
        refusal = self._refusal(scope, session)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        fresh = session is None and not for_programs(scope["path"]) and not scope["path"].startswith(STATIC)
        session = session or self._sessions.new(now)
        scope.setdefault("state", {})["session"] = session

        async def sending(message: Message) -> None:
            if fresh and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not any(set_already.startswith(f"{COOKIE}=") for set_already in headers.getlist("set-cookie")):
                    headers.append(
                        "set-cookie", cookie(self._sessions.write(session), secure=scope["scheme"] == "https")
                    )
            await send(message)

        await self._app(scope, receive, sending)

    def _refusal(self, scope: Scope, session: Session | None) -> Response | None:
        """Return what is answered to a request that may not go on, or ``None``."""
        headers, path, safe = Headers(scope=scope), scope["path"], scope["method"] in SAFE
        scheme, shown = _shown(headers.get("authorization", ""))
        by_token = self._sessions.is_token(shown)
        if for_programs(path) and not safe and not (by_token and scheme == "bearer"):
            # A browser sends cookies and passwords by itself, whoever asks it to; a bearer's token it does not.
            if not self._sessions.token_needed:
                return problem_response(403, "changes over the API need a token: start it with RAWI_WEB_TOKEN set")
            return problem_response(401, "changes need Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"})
        if not safe and _from_elsewhere(headers):
            return problem_response(403, "this form was sent from another site")
        signed_in = session is not None and session.signed_in
        if not self._sessions.token_needed or by_token or signed_in or path.startswith(OPEN):
            return None
        if for_programs(path):
            return problem_response(401, "Authorization: Bearer TOKEN is needed", {"WWW-Authenticate": "Bearer"})
        return RedirectResponse(f"/sign-in?next={quote(_here(scope))}", 303)


def cookie(value: str, *, secure: bool) -> str:
    """Return the ``Set-Cookie`` header of a session: for no script, no other site and, over TLS, no plain request."""
    said = f"{COOKIE}={value}; Path=/; Max-Age={LIFETIME}; HttpOnly; SameSite=Strict"
    return f"{said}; Secure" if secure else said


def _shown(authorization: str) -> tuple[str, str]:
    """Return the scheme of an ``Authorization`` header and the token in it."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return scheme.lower(), value.strip()
    try:
        return "basic", base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return "basic", ""


def _from_elsewhere(headers: Headers) -> bool:
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _here(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])
