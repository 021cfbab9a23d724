"""The OpenAPI description: what FastAPI makes of the routes, and what it does not know of them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

#: The ways to show a token (docs/api.md).
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic", "description": "The token as the password, with any name."},
}


def describe(app: FastAPI, *, token_needed: bool) -> dict[str, Any]:
    """Return the description of ``app``. ``token_needed``: also readers must show the token, not only who changes."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        made["components"]["securitySchemes"] = SCHEMES
        for path, operations in made["paths"].items():
            for method, operation in operations.items():
                if method != "get":
                    operation["security"] = [{"bearer": []}]
                elif token_needed and path.startswith("/api/"):
                    operation["security"] = [{"bearer": []}, {"basic": []}]
                for status, response in operation["responses"].items():
                    if status >= "400":
                        response["content"] = {"application/problem+json": response["content"]["application/json"]}
        app.openapi_schema = made
    return app.openapi_schema
