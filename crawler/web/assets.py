"""Style sheets, scripts and pictures: read once, named by their content, and kept by browsers for good."""

from __future__ import annotations

import hashlib
import mimetypes
from importlib.resources import files

from fastapi import APIRouter, Response

from crawler.web.problems import Problem

#: Digits of the hash in an address.
DIGITS = 16


class Assets:
    """The files of ``crawler/web/static``; those of the operators' pages are few and small."""

    def __init__(self) -> None:
        self._bodies = {
            file.name: file.read_bytes() for file in (files("crawler.web") / "static").iterdir() if file.is_file()
        }
        self._hashes = {name: hashlib.sha256(body).hexdigest()[:DIGITS] for name, body in self._bodies.items()}

    def url(self, name: str) -> str:
        """Return the address of a file, which changes with its content. Raises :class:`KeyError` for none of ours."""
        return f"/static/{self._hashes[name]}/{name}"

    def router(self) -> APIRouter:
        """Return the route that serves them."""
        router = APIRouter(include_in_schema=False)

        @router.get("/static/{digest}/{name}")
        async def static(digest: str, name: str) -> Response:
            if self._hashes.get(name) != digest:
                raise Problem(404, "there is no such file")
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return Response(
                self._bodies[name], media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"}
            )

        return router
