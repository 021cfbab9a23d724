"""A backup is a database again: on the embedded server, and by Postgres' own tools."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from pipelines.errors import BackupError, DatabaseError
from pipelines.storage.backup import backup, restore
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.migrate import check
from pipelines.storage.people import People
from pipelines.storage.store import Store
from tests.crawler.cli.test_commands import rawi
from tests.pipelines.storage.conftest import made
from tests.pipelines.storage.test_migrate import CATALOGUE

TEXT = "وقالت وزيرة المياه سعاد النجار: «السد الجديد سيكتمل في موعده» #وادي_الزيتون"


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and the catalogue."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        ).fetchall()
        rows = {
            name: connection.execute(f"SELECT t::text FROM {name} t ORDER BY 1").fetchall()  # type: ignore[call-overload]
            for (name,) in tables
        }
        return {**rows, "catalogue": connection.execute(CATALOGUE).fetchall()}


async def test_what_is_restored_is_what_was_there(
    pool: AsyncConnectionPool, nahr: int, database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    await Store(pool).save([made(nahr, n, f"{TEXT}\n\nرقم {n}", hours=n) for n in range(5)])
    await Store(pool).save([made(nahr, 1, f"{TEXT}\n\nتغيّر", hours=9)])
    await Duplicates(pool).find()
    await People(pool).merge_new()
    file = tmp_path / "rawi.dump"
    assert rawi("db", "backup", str(file), database=database_url).returncode == 0
    done = rawi("db", "restore", str(file), database=empty_database_url)
    assert done.returncode == 0, done.stderr
    assert contents(empty_database_url) == contents(database_url)
    check(empty_database_url)
    found = json.loads(rawi("search", "السد", "--json", database=empty_database_url).stdout)
    assert found["total"] == 5
    # It goes on from there: numbers do not begin again.
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("INSERT INTO sources (name, home) VALUES ('next', 'https://next.example/')")
    again = rawi("db", "restore", str(file), database=empty_database_url)
    assert (again.returncode, "not empty" in " ".join(again.stderr.split())) == (3, True)


def test_a_file_that_is_no_backup_is_told_and_leaves_the_database_empty(
    empty_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "rawi.dump"
    file.write_text("no dump")
    with pytest.raises(BackupError, match="valid archive"):
        restore(empty_database_url, file)
    with psycopg.connect(empty_database_url) as connection:
        tables = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []


def test_a_backup_into_no_folder_is_told(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no folder"):
        backup(database_url, tmp_path / "no such folder" / "rawi.dump")


def test_a_backup_that_fails_leaves_the_last_one(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "rawi.dump"
    file.write_text("the last one")
    (tmp_path / "rawi.dump.part").mkdir()
    with pytest.raises(DatabaseError, match="pg_dump"):
        backup(database_url, file)
    assert file.read_text() == "the last one"
