"""How the schema comes to be what this version needs: numbered SQL files, each applied once, in order.

``migrations/NNNN_name.sql`` are applied in one transaction each, under an advisory lock, so that two machines that
migrate at once do not meet. What was applied is written down with the hash of the file: a released migration that was
edited later is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, LiteralString

import psycopg

from pipelines.errors import DatabaseFull, SchemaOutdated
from pipelines.storage import queue
from pipelines.storage.pool import CONNECT_TIMEOUT, SESSION, unavailable

#: Key of the advisory lock: "rawi" in ASCII.
LOCK = 0x72617769

LEDGER: LiteralString = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version     integer PRIMARY KEY,
        name        text NOT NULL,
        sha256      text NOT NULL,
        applied_at  timestamptz NOT NULL DEFAULT now()
    )
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema. ``applied_at`` is ``None`` where it has not been applied."""

    version: int
    name: str
    sha256: str
    sql: str
    applied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """The schema of a database, held against this version's; ``queue_steps`` are what the queue's own schema lacks."""

    server_version: str
    migrations: tuple[Migration, ...]
    queue_steps: tuple[str, ...] = ()

    @property
    def pending(self) -> tuple[str, ...]:
        """The names of what the database lacks."""
        ours = (migration.name for migration in self.migrations if migration.applied_at is None)
        return (*ours, *self.queue_steps)

    def record(self) -> dict[str, Any]:
        """Return the status as JSON can hold it."""
        return {
            "server_version": self.server_version,
            "migrations": [{"version": m.version, "name": m.name, "applied_at": m.applied_at} for m in self.migrations],
            "queue_steps": list(self.queue_steps),
        }


def known_migrations() -> tuple[Migration, ...]:
    """Return the migrations of this version, in order."""
    found = []
    for file in (files("pipelines.storage") / "migrations").iterdir():
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            written = file.read_text("utf-8")
            sql = written.replace(queue.PLACE, queue.schema()) if queue.PLACE in written else written
            found.append(Migration(int(number), name, hashlib.sha256(written.encode()).hexdigest(), sql))
    return tuple(sorted(found, key=lambda migration: migration.version))


def migrate(url: str, *, to: int | None = None) -> list[str]:
    """Apply what is missing, up to version ``to``; return the names of what was applied.

    Raises :class:`~pipelines.errors.DatabaseUnavailable`, or :class:`~pipelines.errors.SchemaOutdated` when the
    database was migrated by a newer version or by an edited file.
    """
    applied = []
    with _connected(url) as connection:
        # The usual case asks and locks nothing.
        if not _pending(connection, to) and (to is not None or not queue.missing_steps(connection)):
            return []
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        connection.execute(LEDGER)
        for migration in _pending(connection, to):
            with connection.transaction():
                connection.execute(migration.sql)
                connection.execute(
                    "INSERT INTO schema_migrations (version, name, sha256) VALUES (%s, %s, %s)",
                    (migration.version, migration.name, migration.sha256),
                )
            applied.append(migration.name)
        for step in queue.missing_steps(connection) if to is None else ():
            queue.apply_step(connection, step)
            applied.append(step)
    return applied


def status(url: str) -> SchemaStatus:
    """Return which migrations the database has. Raises as :func:`migrate` does."""
    with _connected(url) as connection:
        applied, behind = _applied(connection), queue.missing_steps(connection)
        server = connection.info.parameter_status("server_version") or "?"
    migrations = tuple(
        Migration(m.version, m.name, m.sha256, m.sql, applied.get(m.version)) for m in known_migrations()
    )
    return SchemaStatus(server.split()[0], migrations, tuple(behind))


def check(url: str) -> None:
    """Raise :class:`~pipelines.errors.SchemaOutdated` unless the schema is this version's."""
    if status(url).pending:
        raise SchemaOutdated("the database's schema is older than this version of Rawi; next: rawi db migrate")


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT, options=SESSION)
    except psycopg.Error as error:
        raise unavailable(url, error) from error
    try:
        with connection:
            yield connection
    except psycopg.errors.DiskFull as error:
        raise DatabaseFull(f"the disk under Postgres is full: {error}") from error


def _pending(connection: psycopg.Connection, to: int | None) -> list[Migration]:
    applied = _applied(connection)
    return [m for m in known_migrations() if m.version not in applied and (to is None or m.version <= to)]


def _applied(connection: psycopg.Connection) -> dict[int, datetime]:
    ledger = connection.execute("SELECT to_regclass('schema_migrations')").fetchone()
    if ledger is None or ledger[0] is None:
        return {}
    rows = connection.execute("SELECT version, name, sha256, applied_at FROM schema_migrations").fetchall()
    known = {migration.version: migration for migration in known_migrations()}
    for version, name, sha256, _ in rows:
        if version not in known:
            raise SchemaOutdated(f"the database has migration {version:04} ({name}) of a newer Rawi; upgrade Rawi")
        if known[version].sha256 != sha256:
            raise SchemaOutdated(f"migration {version:04} ({name}) is not the file that was applied to this database")
    return {version: applied_at for version, _, _, applied_at in rows}
