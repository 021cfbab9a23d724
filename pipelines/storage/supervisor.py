"""Who keeps the embedded server alive, and who stops it? One small process beside it.

::

    python -m pipelines.storage.supervisor HOME

It owns the server: starts it, starts it again when it was killed, adopts one that an earlier supervisor left, and
stops it when nobody uses it. "Nobody" is what the kernel says: every user holds a shared lock on ``HOME/users.lock``,
and a process that dies, of kill -9 too, lets go of it. When this process gets that lock exclusively, the last user is
gone. It ends by itself, and it may be killed: the next user starts another.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from pipelines.errors import DatabaseError, DatabaseFull
from pipelines.storage.cluster import Cluster

#: Seconds between two looks at the server and its users.
PERIOD = 0.1
#: Starts in a row that may fail before the supervisor gives up, and the seconds between two.
ATTEMPTS, PAUSE = 5, 0.5


class _Asked(Exception):  # noqa: N818 -- not an error: somebody asked for the server to stop
    pass


def main(home: Path) -> int:
    """Watch over the server in ``home`` until it is not needed; return the exit status."""
    with (home / "supervisor.lock").open("a+") as lock, (home / "users.lock").open("a") as users:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0  # another supervisor is at work
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        (home / "error").unlink(missing_ok=True)
        signal.signal(signal.SIGTERM, _asked)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        cluster = Cluster(home)
        try:
            cluster.ensure()
            _watch(cluster, users.fileno())
        except _Asked:
            pass
        except (DatabaseError, OSError) as error:
            _report(home, error)
            return 1
        finally:
            cluster.stop()
            # This one first: a user who was waiting for the server to stop must find the place free.
            lock.truncate(0)
            fcntl.flock(lock, fcntl.LOCK_UN)
    return 0


def _watch(cluster: Cluster, users: int) -> None:
    failures = 0
    while True:
        if not cluster.alive():
            if failures == ATTEMPTS:
                raise cluster.trouble()
            cluster.start()
            failures += 1
            _sleep_until_settled(cluster)
        else:
            failures = 0
        if _nobody(users):
            return  # with the lock held: newcomers wait until the server has stopped
        time.sleep(PERIOD)


def _sleep_until_settled(cluster: Cluster) -> None:
    # A server that cannot start says so within a moment; one that recovers from a crash takes its time alive.
    deadline = time.monotonic() + PAUSE
    while cluster.alive() and time.monotonic() < deadline:
        time.sleep(0.02)


def _nobody(users: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _report(home: Path, error: Exception) -> None:
    kind = "full" if isinstance(error, DatabaseFull) or getattr(error, "errno", None) == 28 else "unavailable"
    with contextlib.suppress(OSError):  # nothing can be written to a full disk; the exit status still speaks
        (home / "error").write_text(f"{kind}\n{error}", "utf-8")


def _asked(_signal: int, _frame: FrameType | None) -> None:
    raise _Asked


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
