"""The embedded server: who may start it, what may be killed, and that it is gone when nobody uses it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from pipelines.errors import DatabaseFull, DatabaseUnavailable
from pipelines.storage.cluster import running_postmaster
from pipelines.storage.embedded import EmbeddedServer
from pipelines.storage.migrate import migrate

ROOT = Path(__file__).parents[3]
#: Uses the server of the folder it is given until its standard input ends.
USER = (
    "import sys\nfrom pathlib import Path\nfrom pipelines.storage.embedded import EmbeddedServer\n"
    "with EmbeddedServer(Path(sys.argv[1])) as url:\n"
    "    print(url, flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder with a blank in its name; whatever still runs on it afterwards is a failure."""
    with tempfile.TemporaryDirectory(prefix="rawi embedded ") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path / "a data folder"
        EmbeddedServer(path / "a data folder").wait_until_stopped(20)


def start_user(home: Path, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        **options,  # type: ignore[call-overload]
    )  # fmt: skip


def reachable_by(account: str) -> bool:
    try:
        probe = subprocess.run([sys.executable, "-c", "import psycopg"], user=account, cwd="/", check=False)
    except PermissionError:
        return False
    return probe.returncode == 0


def query(url: str) -> int:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        row = connection.execute("SELECT 42").fetchone()
        return row[0] if row else 0


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return query(url) == 42
    except psycopg.Error:
        return False


def test_it_starts_keeps_what_it_is_given_and_stops(home: Path) -> None:
    server = EmbeddedServer(home)
    with server as url:
        assert "initial" in migrate(url)
    server.wait_until_stopped()
    with server as url:
        assert migrate(url) == []


def test_two_processes_that_start_at_once_share_one_server(home: Path) -> None:
    users = [start_user(home) for _ in range(2)]
    urls = {user.stdout.readline() for user in users if user.stdout}
    assert len(urls) == 1
    assert answers(urls.copy().pop().strip())
    users[0].communicate()
    assert answers(urls.copy().pop().strip())
    users[1].communicate()


def test_a_user_killed_with_9_does_not_keep_it_alive(home: Path) -> None:
    user = start_user(home)
    assert user.stdout is not None
    user.stdout.readline()
    user.kill()
    user.communicate()
    EmbeddedServer(home).wait_until_stopped(20)


def test_a_killed_postmaster_comes_back(home: Path) -> None:
    with EmbeddedServer(home) as url:
        postmaster = running_postmaster(home / "postgres")
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        eventually(lambda: running_postmaster(home / "postgres") not in (None, postmaster) and answers(url))


def test_a_killed_supervisor_is_replaced_and_its_server_adopted(home: Path) -> None:
    server = EmbeddedServer(home)
    with server as url:
        postmaster = running_postmaster(home / "postgres")
        supervisor = server._supervisor()
        assert supervisor is not None
        os.kill(supervisor, signal.SIGKILL)
        eventually(lambda: server._supervisor() is None)
        with EmbeddedServer(home) as again:
            assert again == url
            assert running_postmaster(home / "postgres") == postmaster
            eventually(lambda: server._supervisor() not in (None, supervisor))


def test_a_stale_lock_of_another_process_is_no_obstacle(home: Path) -> None:
    server = EmbeddedServer(home)
    with server:
        pass
    server.wait_until_stopped()
    # The id in the stale file belongs to a living process that is not Postgres: ours.
    lines = [str(os.getpid()), str(home / "postgres"), "0", "5432", "", "", ""]
    (home / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    with server as url:
        assert answers(url)


def test_it_is_stopped_on_request_although_it_is_used(home: Path) -> None:
    server = EmbeddedServer(home)
    with server as url:
        assert server.stop()
        assert not answers(url)
    assert not server.stop()


def test_a_path_longer_than_a_socket_may_have(home: Path) -> None:
    long = home / ("ب" * 60)
    server = EmbeddedServer(long)
    with server as url:
        assert answers(url)
    server.wait_until_stopped()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_has_a_server_too(home: Path) -> None:
    home.mkdir()
    shutil.chown(home, "nobody")
    if not reachable_by("nobody"):
        pytest.skip("the environment lies where an ordinary user cannot read it")
    user = start_user(home, user="nobody", group="nogroup", extra_groups=[])
    assert user.stdout is not None
    assert user.stdout.readline().startswith("host=")
    user.communicate()
    assert user.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that others cannot enter and yet uses Postgres")
def test_root_is_told_when_the_folder_is_out_of_the_servers_reach(home: Path) -> None:
    home.mkdir()
    home.chmod(0o700)
    with pytest.raises(DatabaseUnavailable, match="RAWI_DATA_DIR"), EmbeddedServer(home):
        pass


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(DatabaseUnavailable, match="/proc/rawi"), EmbeddedServer(Path("/proc/rawi")):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_a_full_disk_is_told_in_a_sentence(home: Path) -> None:
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=0755", "none", str(home)], check=False)
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        with pytest.raises(DatabaseFull, match="make room"), EmbeddedServer(home):
            pass
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)
