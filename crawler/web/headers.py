"""What every answer carries: headers that keep browsers from doing harm, and validators that save sending twice."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Nothing but our own files, no inline script or style, framed by nobody. Pictures as data: the plots' and icons' own.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A policy of no-referrer would make browsers send the pages' own forms with "Origin: null".
SECURITY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds :data:`SECURITY` to each answer, and keeps what is not static out of shared caches."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with more headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        await self._app(scope, receive, sending)


class Validators:
    """Gives each whole answer to a GET its ETag, and answers 304 to whoever has it already (RFC 9110, 13.1.2).

    Streams have none: they would have to be kept in memory to be hashed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or that nothing has changed."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match", "")
        # HEAD is GET of which the server sends no body (RFC 9110, 9.3.2); no route has to know.
        scope = {**scope, "method": "GET"}
        held: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 200 and "content-length" in headers and "etag" not in headers:
                    held = message
                    return
            elif held is not None and message["type"] == "http.response.body":
                start, held = held, None
                if not message.get("more_body"):
                    message = _with_validator(start, message, known)
                await send(start)
            await send(message)

        await self._app(scope, receive, sending)


def _with_validator(start: Message, body: Message, known: str) -> Message:
    """Put an ETag into ``start``; return the body to send, which is none when it is ``known``."""
    headers = MutableHeaders(scope=start)
    headers["ETag"] = etag = f'"{hashlib.sha256(body["body"]).hexdigest()[:32]}"'
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    if etag not in tags and "*" not in tags:
        return body
    start["status"] = 304
    del headers["Content-Length"]
    return {"type": "http.response.body", "body": b"", "more_body": False}
