"""The databases of a run: one embedded Postgres, and for everyone who is measured a fresh database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.speed.processes import tree, tree_cpu
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from pipelines.storage.cluster import running_postmaster
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate
from pipelines.storage.pool import open_pool


@dataclass(frozen=True, slots=True)
class Written:
    """What Postgres has written so far: rows, bytes of its log of all databases, bytes of one database on disk."""

    inserted: int
    updated: int
    wal: int
    size: int


class Databases:
    """The databases on one embedded server."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server
        self._admin = psycopg.connect(server.url("postgres"), autocommit=True)
        postmaster = running_postmaster(server.home / "postgres")
        assert postmaster is not None
        self.postmaster = postmaster

    def close(self) -> None:
        """Let go of the server."""
        self._admin.close()

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return self._server.url(name)

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database anew, like ``template``; return its address. Writes of before are out of the way then."""
        self.drop(name)
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        self._admin.execute("CHECKPOINT")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, if there is one of that name."""
        self._admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def create_schema(self, name: str, outlets: Sequence[dict[str, Any]]) -> None:
        """Make a database with Rawi's schema and the outlets as sources that nothing is known of."""
        migrate(self.create(name))
        asyncio.run(_add_sources(self.url(name), outlets))

    def written(self, name: str) -> Written:
        """Return what has been written of a database."""
        row = self._admin.execute(
            """SELECT tup_inserted, tup_updated, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'),
                      pg_database_size(datname) FROM pg_stat_database WHERE datname = %s""",
            (name,),
        ).fetchone()
        assert row is not None
        return Written(*map(int, row))

    def cpu(self) -> float:
        """Return the seconds of processor time that Postgres has used."""
        return tree_cpu(self.postmaster)

    def processes(self) -> set[int]:
        """Return the processes of the server."""
        return tree(self.postmaster)


async def _add_sources(url: str, outlets: Sequence[dict[str, Any]]) -> None:
    async with open_pool(url, size=1) as pool:
        for outlet in outlets:
            await Sources(pool).add(
                Source(
                    id=0,
                    name=outlet["name"],
                    title=outlet["title"],
                    home=outlet["home"],
                    feeds=(Feed(id=0, url=outlet["feed"]),),
                    timezone=outlet["zone"],
                    delay=0.0,
                )
            )


def server_in(folder: Path) -> EmbeddedServer:
    """Return the embedded server whose data is in ``folder``, which an ordinary account can enter."""
    folder.chmod(0o755)
    return EmbeddedServer(folder / "data")
