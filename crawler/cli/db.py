"""``rawi db``: the database under Rawi."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.output import JsonOption, console, counting, print_json, print_table
from crawler.cli.runtime import database_url, load_config, with_database
from pipelines.errors import ConfigurationError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

app = typer.Typer(help="The database: its state, its schema, a shell, and the embedded server.", no_args_is_help=True)


@app.command("status")
def status_command(as_json: JsonOption = False) -> None:
    """Show where the database is, whether it answers, and which migrations it has."""
    from pipelines.storage.migrate import status

    config = load_config()
    where = "RAWI_DATABASE_URL" if config.database_url else str(config.data_dir)
    with database_url(config) as url:
        state = status(url)
    if as_json:
        print_json({"where": where, "embedded": config.database_url is None, **state.record()})
        return
    console.print(f"Postgres {state.server_version} · {'embedded in ' if not config.database_url else ''}{where}")
    print_table(
        ["MIGRATION", "NAME", "APPLIED"],
        [(f"{migration.version:04}", migration.name, migration.applied_at) for migration in state.migrations],
        empty="No migrations.",
    )
    if state.pending:
        console.print("The schema is behind this version. Next: rawi db migrate")


@app.command("migrate")
def migrate_command() -> None:
    """Bring the schema to this version. Safe to run again, and from several machines at once."""
    from pipelines.storage.migrate import migrate

    with database_url(load_config()) as url:
        applied = migrate(url)
    console.print(f"Applied {', '.join(applied)}." if applied else "The schema is up to date.")


@app.command(
    "shell",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": ["--help"],
    },
)
def shell_command(context: typer.Context) -> None:
    """Open psql on the database; further words are passed on: rawi db shell -c 'select count(*) from articles'."""
    psql = shutil.which("psql")
    if psql is None:
        raise ConfigurationError("psql is not installed (Debian: postgresql-client); rawi db status needs no psql")
    import subprocess

    with database_url(load_config()) as url:
        # psql inherits the terminal; it runs beside us so that the embedded server knows it is still in use.
        status = subprocess.call([psql, url, *context.args], env=os.environ)
    raise typer.Exit(status)


@app.command("reindex")
def reindex_command() -> None:
    """Index for searching what is not indexed yet, or was by an earlier version. May be interrupted and run again."""
    from pipelines.storage.search import reindex

    async def work(pool: AsyncConnectionPool) -> int:
        with counting("articles") as count:
            return await reindex(pool, count)

    done = with_database(load_config(), work)
    console.print(f"{done} articles were indexed." if done else "Every article is indexed.")


@app.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE", dir_okay=False)],
) -> None:
    """Write the whole database to one file, in pg_dump's custom format. Crawls may go on meanwhile."""
    from pipelines.storage.backup import backup

    with database_url(load_config()) as url:
        backup(url, file)
    console.print(f"Written: {file} ({file.stat().st_size / 1024**2:.1f} MB). To restore it: rawi db restore {file}")


@app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="A backup.", metavar="FILE", dir_okay=False, exists=True)],
) -> None:
    """Fill an empty database from a backup: another RAWI_DATA_DIR, or a fresh database in RAWI_DATABASE_URL."""
    from pipelines.storage.backup import restore

    # An embedded database must still be empty, so it is not migrated first.
    with database_url(load_config(), migrated=False) as url:
        restore(url, file)
    console.print("Restored. Next: rawi db status")


@app.command("stop")
def stop_command() -> None:
    """Stop the embedded server now. It stops by itself when nobody uses it."""
    from pipelines.storage.embedded import EmbeddedServer

    config = load_config()
    if config.database_url:
        raise ConfigurationError("RAWI_DATABASE_URL is set: that server is not Rawi's to stop")
    stopped = EmbeddedServer(Path(config.data_dir)).stop()
    console.print("Stopped." if stopped else "It was not running.")
