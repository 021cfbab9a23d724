"""What a command and all its descendants use, from /proc: processor time to the tick, and the peak memory of each.

Linux only. The benchmark becomes the reaper of whatever a command leaves behind, so that the processor time of
processes that outlive their parent is counted, too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Seconds between two looks at the processes of a command.
EVERY = 0.1
#: Seconds for which what a command leaves behind is waited for.
LINGER = 10.0
_TICK = os.sysconf("SC_CLK_TCK")
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Used:
    """What a command used.

    ``began`` is a Unix time; ``seconds`` run from the start of its process to its end. ``cpu`` is processor time of
    ``main``, the process that was started, and of those that it started for ``analysis``. ``memory`` is the peak of
    the largest process of each role, bytes.
    """

    status: int
    began: float
    seconds: float
    cpu: dict[str, float]
    memory: dict[str, int]


@dataclass
class _Watched:
    root: int
    tick: Callable[[dict[str, int]], None]
    memory: dict[str, int] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.ended.wait(EVERY):
            self.known |= tree(self.root)
            for pid in self.known:
                role = "main" if pid == self.root else "analysis"
                self.memory[role] = max(self.memory.get(role, 0), peak_memory(pid))
            self.tick(self.memory)


def become_reaper() -> None:
    """Let orphans of our commands become our children (prctl(2), PR_SET_CHILD_SUBREAPER)."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the benchmark cannot reap what its commands leave behind")


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    output: Path,
    tick: Callable[[dict[str, int]], None] = lambda _: None,
) -> Used:
    """Run a command to its end; its output goes to a file. ``tick`` is called every :data:`EVERY` seconds, with the
    peak memory so far by role.
    """
    before = _children_cpu()
    began, started = time.time(), time.monotonic()
    with output.open("wb") as out:
        process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=out, start_new_session=True)
    watched = _Watched(process.pid, tick)
    watcher = threading.Thread(target=watched.watch)
    watcher.start()
    # Its end is noted, but it is not reaped before its own processor time has been read.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    seconds = time.monotonic() - started
    watched.ended.set()
    watcher.join()
    main = own_cpu(process.pid)
    status = process.wait()
    _reap(watched.known - {process.pid})
    whole = _children_cpu() - before
    return Used(status, began, seconds, {"main": main, "analysis": whole - main}, watched.memory)


def tree(root: int) -> set[int]:
    """Return a process and its descendants."""
    found, left = set(), [root]
    while left:
        pid = left.pop()
        found.add(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                left += map(int, task.read_text().split())
    return found


def own_cpu(pid: int) -> float:
    """Return the seconds of processor time of a process alone, also of one that has ended and is not reaped."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICK if fields else 0.0


def tree_cpu(root: int) -> float:
    """Return the seconds of processor time of a process, its descendants, and all that they have reaped."""
    return sum(sum(map(int, fields[11:15])) for pid in tree(root) if (fields := _stat(pid))) / _TICK


def peak_memory(pid: int) -> int:
    """Return the largest resident size that a process has had, bytes; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), None)
    return int(line.split()[1]) * 1024 if line else 0


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap(pids: set[int]) -> None:
    """Take note of the end of processes that a command has left behind."""
    deadline = time.monotonic() + LINGER
    for pid in pids:
        while time.monotonic() < deadline:
            try:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    break
            except ChildProcessError:
                break  # its parent has reaped it
            time.sleep(0.02)
