"""Named queries kept in ``.sql`` files.

A file holds queries one after another; each begins with a line ``-- name: what_it_does``. Parameters are psycopg's
named ones; nothing is ever formatted into a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import LiteralString, cast

from psycopg.sql import SQL

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def load_queries(package: str, file: str) -> Mapping[str, SQL]:
    """Return the queries of ``file`` in ``package`` by name.

    Raises :class:`ValueError` when a name stands twice.
    """
    parts = _NAME.split((files(package) / file).read_text("utf-8"))
    names, bodies = parts[1::2], parts[2::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{file} has two queries of one name")
    # The file is part of the program, as literal as a string in it.
    return {name: SQL(cast(LiteralString, body.strip())) for name, body in zip(names, bodies, strict=True)}
