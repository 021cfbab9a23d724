"""A server of feeds that do not change, in a process of its own, cheap enough not to be what is measured.

    python -m benchmarks.feedserver

It prints its port, and answers under every host name alike: 404 to ``/robots.txt``, 304 to whoever shows the validator,
and the feed to others. ``/figures`` tells, as JSON, what was asked for since it was asked for last, and when.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from types import TracebackType

ETAG = '"as-it-was"'
FEED = b'<rss version="2.0"><channel><title>x</title></channel></rss>'

#: What was asked for since the figures were taken last: when, by the monotonic clock, and whether it was a feed.
asked: list[tuple[float, bool]] = []


class Figures(dict[str, float]):
    """``feeds`` and ``robots`` asked for, and the moments of the ``first`` and the ``last`` request."""


class Connection(asyncio.Protocol):
    """One connection of a client; requests without a body, one after the other."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        *requests, self._received = (self._received + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(answer(request))


def answer(request: bytes) -> bytes:
    """Return the whole answer to the head of a request."""
    path = request.split(b" ", 2)[1]
    if path == b"/figures":
        return _response("200 OK", json.dumps(_take()).encode())
    asked.append((time.monotonic(), path != b"/robots.txt"))
    if path == b"/robots.txt":
        return _response("404 Not Found", b"")
    if ETAG.encode() in request:
        return b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG.encode() + b"\r\n\r\n"
    return _response("200 OK", FEED)


def _response(status: str, body: bytes) -> bytes:
    head = (f"HTTP/1.1 {status}", "Content-Type: application/rss+xml", f"ETag: {ETAG}", f"Content-Length: {len(body)}")
    return "\r\n".join((*head, "", "")).encode() + body


def _take() -> dict[str, float]:
    times = [at for at, _ in asked]
    feeds = sum(is_feed for _, is_feed in asked)
    asked.clear()
    return {
        "feeds": feeds, "robots": len(times) - feeds, "first": min(times, default=0.0), "last": max(times, default=0.0)
    }  # fmt: skip


class FeedServer:
    """The server, from outside; a context manager that runs it. The monotonic clock is the machine's: ours, too."""

    def __enter__(self) -> FeedServer:
        command = [sys.executable, "-m", "benchmarks.feedserver"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate()

    def url(self, path: str, host: str) -> str:
        return f"http://{host}.localhost:{self.port}{path}"

    def take(self) -> Figures:
        """Return what was asked for since this was called last."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/figures") as answered:
            return Figures(json.load(answered))


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
