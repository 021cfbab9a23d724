"""The news web as a run sees it: a process that serves, what it says of itself, and what its articles really say."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from pipelines.urls import canonical_url


class ServedWeb:
    """A context manager: the web is generated and served while it is entered."""

    def __init__(self, folder: Path, *, articles: int, feeds: int, learned: int, seed: int) -> None:
        self.file = folder / "web.json"
        self.learned = learned
        self._folder = folder
        sizes = {"articles": articles, "feeds": feeds, "learned": learned, "seed": seed}
        self._command = [sys.executable, "-m", "benchmarks.newsweb.server", str(folder)]
        self._command += [part for name, value in sizes.items() for part in (f"--{name}", str(value))]

    def __enter__(self) -> ServedWeb:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        if self._process.stdout.readline() != b"ready\n":
            raise RuntimeError("the server of the news web did not start")
        described = json.loads(self.file.read_text("utf-8"))
        self._port: int = described["port"]
        self.outlets: list[dict[str, Any]] = described["outlets"]
        rows = map(json.loads, (self._folder / "truth.jsonl").read_text("utf-8").splitlines())
        self.truth: dict[str, dict[str, Any]] = {canonical_url(row["url"]): row for row in rows}
        self.measured = sum(row["measured"] for row in self.truth.values())
        self.pid = self._process.pid
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()

    def enter_phase(self, phase: str) -> None:
        """Let feeds announce what they do in a phase, and count requests from nought."""
        self._ask("control", f"/phase/{phase}")

    def counts(self) -> dict[str, Any]:
        """Return what was asked for since the phase began."""
        counts: dict[str, Any] = json.loads(self._ask("control", "/counts"))
        return counts

    def page(self, url: str) -> bytes:
        """Return the page at an address of the web, as it is sent."""
        host, _, path = url.removeprefix("http://").partition("/")
        return self._ask(host.partition(":")[0], f"/{path}")

    def _ask(self, host: str, path: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", headers={"Host": host})
        with urllib.request.urlopen(request) as answer:
            body: bytes = answer.read()
        return body
