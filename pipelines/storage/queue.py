"""The schema of the queue: procrastinate's own, as the installed package has it, and its steps to newer versions.

The package brings its whole schema and one SQL file for each change since, named after the version that it came with.
Which of these a database has is written down beside our own migrations.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

#: What a migration of ours says where the package's schema belongs.
PLACE = "-- Here follows the schema of procrastinate."
_STEPS = "SELECT name FROM queue_migrations"
_DONE = "INSERT INTO queue_migrations (name) VALUES (%s)"


@cache
def schema() -> str:
    """Return the SQL that makes the queue in a database without one, and writes down that no step is missing."""
    made = (_package() / "schema.sql").read_text("utf-8")
    names = ", ".join(f"('{name}')" for name in steps())
    return f"{made}\nINSERT INTO queue_migrations (name) VALUES {names};\n"


@cache
def steps() -> dict[str, str]:
    """Return the SQL of each step of the installed package by its name, in order."""
    return {file.stem: file.read_text("utf-8") for file in sorted((_package() / "migrations").glob("*.sql"))}


def missing_steps(connection: psycopg.Connection) -> list[str]:
    """Return the steps that a database lacks; none as long as it has no queue at all."""
    there = connection.execute("SELECT to_regclass('queue_migrations')").fetchone()
    if there is None or there[0] is None:
        return []
    done = {name for (name,) in connection.execute(_STEPS)}
    return [name for name in steps() if name not in done]


def apply_step(connection: psycopg.Connection, name: str) -> None:
    """Take one step, and write it down, together or not at all."""
    with connection.transaction():
        connection.execute(steps()[name])
        connection.execute(_DONE, (name,))


def _package() -> Path:
    # Found and not imported: that takes half a second, and commands that only read the database do without.
    found = find_spec("procrastinate")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("procrastinate is not installed")
    return Path(found.origin).parent / "sql"
