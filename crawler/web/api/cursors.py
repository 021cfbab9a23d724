"""Cursors: where a page of a list ended, as an opaque word for the next request.

A cursor holds the sort key of the last row, so that the next page begins after that row wherever it stands by then.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from crawler.web.problems import Problem

#: The largest number of Postgres' bigint.
LARGEST = 2**63 - 1


def write_cursor(*values: datetime | int | str) -> str:
    """Return the cursor after a row with this sort key."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """Return the sort key in a cursor, or ``None`` for the beginning. Raises a 400 for one that is not ours."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if not isinstance(values, list):
            raise TypeError
        return tuple(_read(value, kind) for value, kind in zip(values, types, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise Problem(400, "cursor: not one that this list gave; begin without one") from error


def _read(value: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if type(value) is not kind or (isinstance(value, int) and not 0 <= value <= LARGEST):
        raise ValueError
    return value
