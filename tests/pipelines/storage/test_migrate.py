"""Migrations: one by one they make the fresh schema, twice they do nothing, and nothing is edited unnoticed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pipelines.errors import DatabaseUnavailable, SchemaOutdated
from pipelines.storage.migrate import check, known_migrations, migrate, status
from pipelines.storage.sql import load_queries

#: Everything of the catalogue that a migration can change.
CATALOGUE = """
    SELECT 'column', table_name, column_name, data_type || coalesce(column_default, '') || is_nullable
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3
"""


def catalogue(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(CATALOGUE).fetchall()


def test_one_by_one_equals_fresh(empty_database_url: str, database_url: str) -> None:
    for migration in known_migrations():
        assert migrate(empty_database_url, to=migration.version) == [migration.name]
    assert catalogue(empty_database_url) == catalogue(database_url)
    assert migrate(empty_database_url) == []


def test_machines_that_migrate_at_once_do_it_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = [name for names in pool.map(migrate, [empty_database_url] * 4) for name in names]
    assert applied == [migration.name for migration in known_migrations()]


def test_an_old_schema_is_told_what_to_do(empty_database_url: str) -> None:
    assert len(status(empty_database_url).pending) == len(known_migrations())
    with pytest.raises(SchemaOutdated, match="rawi db migrate"):
        check(empty_database_url)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("UPDATE schema_migrations SET sha256 = 'edited'", "not the file"),
        ("INSERT INTO schema_migrations (version, name, sha256) VALUES (9999, 'future', '')", "newer Rawi"),
    ],
)
def test_an_edited_or_a_newer_schema_is_refused(database_url: str, change: str, complaint: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(change)  # type: ignore[call-overload]
    with pytest.raises(SchemaOutdated, match=complaint):
        check(database_url)


def test_an_absent_database_is_one_clear_line_without_the_password() -> None:
    with pytest.raises(DatabaseUnavailable) as error:
        status("postgresql://rawi:secret@127.0.0.1:1/rawi")
    assert "does not answer" in str(error.value)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_two_queries_of_one_name_are_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "twice").mkdir()
    (tmp_path / "twice" / "__init__.py").touch()
    (tmp_path / "twice" / "q.sql").write_text("-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="two queries"):
        load_queries("twice", "q.sql")


SYSTEM_POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)


@pytest.fixture
def ordinary_postgres() -> Iterator[str]:
    """A server that the system installed, and on it a database of a role that is not superuser."""
    if SYSTEM_POSTGRES is None or shutil.which("runuser") is None:
        pytest.skip("the system has no Postgres of its own")
    with tempfile.TemporaryDirectory(prefix="rawi-pg-") as folder:
        shutil.chown(folder, "postgres")
        run = ["runuser", "-u", "postgres", "--"]
        data = f"{folder}/data"
        subprocess.run(
            [*run, f"{SYSTEM_POSTGRES}/initdb", "-D", data, "-A", "trust"], check=True, capture_output=True, cwd="/"
        )
        options = f"-k {folder} -c listen_addresses=''"
        control = [*run, f"{SYSTEM_POSTGRES}/pg_ctl", "-D", data, "-w"]
        subprocess.run(
            [*control, "-o", options, "-l", f"{folder}/log", "start"], check=True, capture_output=True, cwd="/"
        )
        try:
            admin = make_conninfo(host=folder, user="postgres", dbname="postgres")
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute("CREATE ROLE plain LOGIN")
                connection.execute("CREATE DATABASE news OWNER plain")
            yield make_conninfo(host=folder, user="plain", dbname="news")
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")


def test_any_ordinary_postgres_will_do(ordinary_postgres: str) -> None:
    assert migrate(ordinary_postgres) == [migration.name for migration in known_migrations()]
    check(ordinary_postgres)
