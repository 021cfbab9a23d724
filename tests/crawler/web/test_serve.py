"""`rawi serve` as a process: who may reach it, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from crawler.cli.runtime import Exit
from crawler.cli.serve import is_loopback
from tests.crawler.web.conftest import TOKEN

RAWI = [sys.executable, "-c", "from crawler.cli.app import main; main()", "serve"]


def environment(tmp_path: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAWI_")}
    return {**kept, "RAWI_DATA_DIR": str(tmp_path), **settings}


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(told: signal.Signals, tmp_path: Path, database_url: str) -> None:
    settings = environment(tmp_path, RAWI_DATABASE_URL=database_url)
    with subprocess.Popen([*RAWI, "--port", "0"], env=settings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]
        assert httpx.get(f"{address}readyz").json() == {"status": "ready"}
        process.send_signal(told)
        assert process.wait(timeout=20) == Exit.DONE


@pytest.mark.parametrize(
    ("arguments", "settings", "complaint"),
    [
        (["--host", "0.0.0.0"], {}, "RAWI_WEB_TOKEN"),
        ([], {"RAWI_WEB_HOSTS": "rawi.example.org"}, "RAWI_WEB_TOKEN"),
        (["--token", "short"], {}, "16 characters"),
        ([], {"RAWI_WEB_TOKEN": "short"}, "16 characters"),
        (["--token", TOKEN, "--host", "192.0.2.1"], {}, "192.0.2.1"),
    ],
)
def test_it_refuses_to_start_where_anybody_could_read(
    arguments: list[str], settings: dict[str, str], complaint: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        [*RAWI, "--port", "0", *arguments],
        env=environment(tmp_path, **settings),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == Exit.CONFIGURATION
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "short" not in ended.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True), ("rawi.localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.0.2.1", False), ("rawi.example.org", False), ("localhost.example", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches_is_known(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
