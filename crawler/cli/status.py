"""``rawi status``: how things stand."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.cli.output import JsonOption, console, print_json, print_table
from crawler.cli.runtime import load_config, with_database

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.status import Status

EXAMPLES = """
[bold]Examples[/bold]

  rawi status

  rawi status --json | jq .due.late          feeds that have been due for over 15 minutes
"""


def status_command(as_json: JsonOption = False) -> None:
    """Show the queue, the workers, what is due or late, what is crawled now, and hosts that asked to be left alone."""
    config = load_config()

    async def work(pool: AsyncConnectionPool) -> Status:
        from crawler.status import Operations

        return await Operations(pool).status(lease=config.lease)

    status = with_database(config, work)
    if as_json:
        print_json({**asdict(status), "alive": status.alive})
    else:
        _print(status)


def _print(status: Status) -> None:
    due, queue = status.due, status.queue
    console.print(
        f"{due['feeds']} feeds: {due['due']} due, {due['late']} of them late, {due['failing']} failing; "
        f"{due['pending']} pages pending; {due['quarantined']} in quarantine"
    )
    if due["next_at"]:
        console.print(f"Next poll {due['next_at']:%F %T} UTC")
    later = queue["tried_again_later"]
    console.print(f"Queue: {queue['waiting']} waiting, {queue['doing']} being done, {later} to be tried again")
    print_table(
        ["WORKER", "ALIVE", "LAST SIGN OF LIFE", "# JOBS"],
        [(one["id"], one["alive"], one["last_heartbeat"], one["jobs"]) for one in status.workers],
        empty="No worker. What is due waits for: rawi worker, or rawi crawl --due",
    )
    print_table(
        ["RUN", "STARTED", "HOST", "# POLLS", "SOURCES"],
        [
            (detail.run.id, detail.run.started_at, detail.run.host, len(detail.polls), detail.sources)
            for detail in status.running
        ],
        empty="Nothing is being crawled.",
    )
    if status.hosts:
        print_table(
            ["HOST", "LEFT ALONE UNTIL", "SINCE IT ANSWERED"],
            [(host["domain"], host["closed_until"], host["closed_by"]) for host in status.hosts],
            empty="",
        )
