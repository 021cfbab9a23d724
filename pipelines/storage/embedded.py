"""A Postgres of one's own: started by its first user, stopped after its last.

Every process that uses the server holds a shared lock on ``users.lock`` in the data folder; a supervisor process
(:mod:`pipelines.storage.supervisor`) owns the server and stops it when that lock is free. Nothing is counted and
nothing must be cleaned up: whoever dies lets go, and whoever comes finds the server running or starts it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from pipelines.errors import DatabaseFull, DatabaseUnavailable
from pipelines.storage.cluster import Cluster, running_postmaster, socket_folder

#: Seconds for the server to answer: a cold start takes about one, recovery after a crash more.
START_TIMEOUT = 60.0
#: Seconds that the last user waits for the server to stop: it takes about a third of one.
LEAVE_TIMEOUT = 5.0


class EmbeddedServer:
    """The embedded server of a data folder; a context manager that yields the address of its database.

    Several processes, and several objects in one, may use it at once. Leaving the context lets go of the server;
    it stops when nobody is left. Raises :class:`~pipelines.errors.DatabaseUnavailable` or
    :class:`~pipelines.errors.DatabaseFull` with a sentence that names the folder.
    """

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self._users: IO[str] | None = None
        self._spawned: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> str:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> str:
        """Become a user of the server, start it when need be, and return the address of its database."""
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o755 if os.geteuid() == 0 else 0o700)
            self._users = (self.home / "users.lock").open("a")
        except OSError as error:
            raise self._no_folder(error) from error
        # Waits, for a moment, only while a supervisor is stopping the server.
        fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            self._start()
        except BaseException:
            self.release()
            raise
        return self.url("rawi")

    def release(self) -> None:
        """Let go of the server; the last user waits, for a moment, until it has stopped.

        Whoever started the supervisor also takes note of its end: where the system's first process is not an init,
        as in many containers, nobody else would.
        """
        if self._users is None:
            return
        self._users.close()
        self._users = None
        if self._spawned is not None and not self._used():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._spawned.wait(LEAVE_TIMEOUT)
            self._spawned = None

    def url(self, database: str) -> str:
        """Return the connection string of a database on this server."""
        return make_conninfo(host=str(socket_folder(self.home / "postgres")), user="rawi", dbname=database)

    def running(self) -> bool:
        """Tell whether a server runs on this folder now."""
        return running_postmaster(self.home / "postgres") is not None or self._supervisor() is not None

    def stop(self) -> bool:
        """Stop the server although others may use it; return whether it was running."""
        was_running = self.running()
        if (supervisor := self._supervisor()) is not None:
            os.kill(supervisor, 15)
        elif was_running:
            Cluster(self.home).stop()
        self.wait_until_stopped()
        return was_running

    def wait_until_stopped(self, timeout: float = 60.0) -> None:
        """Wait, for at most ``timeout`` seconds, until no server runs on this folder."""
        deadline = time.monotonic() + timeout
        while self.running():
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"the embedded Postgres in {self.home} does not stop")
            time.sleep(0.02)

    def _used(self) -> bool:
        """Tell whether other users hold the server."""
        with (self.home / "users.lock").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # the supervisor has it to itself: it is stopping the server
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _start(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        supervisor: subprocess.Popen[bytes] | None = None
        while not self._answers():
            if supervisor is not None and supervisor.poll() not in (None, 0):
                raise self._reported()
            if self._supervisor() is None and (supervisor is None or supervisor.poll() is not None):
                supervisor = self._spawn_supervisor()
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"the embedded Postgres in {self.home} does not answer; its log is postgres.log in that folder"
                )
            time.sleep(0.03)
        if self._supervisor() is None:
            self._spawn_supervisor()  # the old one was killed: this one adopts the server

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'rawi'").fetchone()
                if not found:
                    self._create_database(connection)
        except psycopg.OperationalError:
            return False
        return True

    @staticmethod
    def _create_database(connection: psycopg.Connection) -> None:
        try:
            connection.execute("CREATE DATABASE rawi")
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return  # another process was quicker

    def _spawn_supervisor(self) -> subprocess.Popen[bytes]:
        # A session of its own: the Ctrl-C that ends its first user is not meant for it.
        self._spawned = subprocess.Popen(
            [sys.executable, "-m", "pipelines.storage.supervisor", str(self.home)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        return self._spawned

    def _supervisor(self) -> int | None:
        """Return the process id of the supervisor at work, if there is one."""
        try:
            with (self.home / "supervisor.lock").open("r+") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return int(lock.read() or 0) or None
        except FileNotFoundError:
            pass
        return None

    def _reported(self) -> DatabaseFull | DatabaseUnavailable:
        try:
            kind, _, sentence = (self.home / "error").read_text("utf-8").partition("\n")
        except OSError:
            kind, sentence = "unavailable", ""
        if kind == "full":
            return DatabaseFull(sentence)
        return DatabaseUnavailable(sentence or f"the embedded Postgres in {self.home} does not start")

    def _no_folder(self, error: OSError) -> DatabaseFull | DatabaseUnavailable:
        sentence = f"no data folder can be made in {self.home} ({error.strerror}); choose another with RAWI_DATA_DIR"
        return (DatabaseFull if error.errno == errno.ENOSPC else DatabaseUnavailable)(sentence)
