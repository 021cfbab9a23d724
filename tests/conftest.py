"""A real Postgres for every test that asks for one: a template is migrated once and copied for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool

_numbers = count(1)

# The same examples in every run: what passed here passes there. New ones are sought by hand, with --hypothesis-seed.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server for the session: RAWI_TEST_DATABASE_URL, or an embedded one that is thrown away."""
    if url := os.environ.get("RAWI_TEST_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="rawi-tests-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = EmbeddedServer(home)
        with server as url:
            yield url
        server.wait_until_stopped()


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated, empty database to copy."""
    name = f"template_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    migrate(make_conninfo(server_url, dbname=name))
    return name


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """The address of a database without any schema."""
    yield from _database(server_url, "template1")


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a migrated database of the test's own."""
    yield from _database(server_url, template)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool]:
    """A pool on a migrated database of the test's own."""
    async with open_pool(database_url) as opened:
        yield opened


def _database(server_url: str, template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        try:
            yield make_conninfo(server_url, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
