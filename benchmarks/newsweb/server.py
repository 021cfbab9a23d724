"""Serves the web from a process of its own: pages lie ready in one file, so that answering costs next to nothing.

    python -m benchmarks.newsweb.server FOLDER [--articles 3000] [--feeds 30] [--learned 30] [--seed 1]

FOLDER gets ``web.bin`` (every answer, header and body), ``web.json`` (the port and the outlets) and ``truth.jsonl``
(every article's text). When all is ready, one line is printed. A client asks the host ``control`` for ``/phase/NAME``,
which decides what feeds announce, and for ``/counts``: how many requests, when the first and last, how many bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import mmap
import signal
import socket
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from benchmarks.newsweb import feeds
from benchmarks.newsweb.build import answers, feed_answers, with_paths, write_truth
from benchmarks.newsweb.outlets import PHASES, Web, write_web

#: Bytes that the system buffers of an answer, so that most pages are handed over at once.
SEND_BUFFER = 1 << 20
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<h1>404</h1>\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n"

Place = tuple[int, int]


@dataclass
class Counts:
    """What was asked for since the phase began; times are Unix times of requests for anything but robots.txt."""

    requests: int = 0
    not_modified: int = 0
    not_found: int = 0
    bytes: int = 0
    first: float = 0.0
    last: float = 0.0


class Answers:
    """Everything there is to answer with, in one file that is mapped into memory."""

    def __init__(self) -> None:
        self.phase = PHASES[0]
        self.counts = Counts()
        self._pages: dict[tuple[bytes, bytes], Place] = {}
        self._feeds: dict[tuple[bytes, str], tuple[Place, bytes]] = {}
        self._memory = memoryview(b"")

    def load(self, web: Web, seed: int, file: BinaryIO) -> None:
        """Render the web into ``file``."""
        for host, path, body, headers in answers(web, seed):
            self._pages[host.encode(), path.encode()] = _write(file, body, headers)
        for host, phase, body, headers in feed_answers(web):
            self._feeds[host.encode(), phase] = _write(file, body, headers), headers["ETag"].encode()
        file.flush()
        self._memory = memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))

    def answer(self, request: bytes) -> bytes | memoryview:
        """Return the answer to a request, its head given."""
        path = request.split(b" ", 2)[1]
        host = _header(request, b"\r\nhost:").partition(b":")[0]
        if host == b"control":
            return self._control(path.decode())
        if path != b"/robots.txt":
            self.counts.last = time.time()
            self.counts.first = self.counts.first or self.counts.last
        self.counts.requests += 1
        place = self._pages.get((host, path))
        if path == feeds.PATH.encode() and (host, self.phase) in self._feeds:
            place, tag = self._feeds[host, self.phase]
            if tag == _header(request, b"\r\nif-none-match:"):
                self.counts.not_modified += 1
                return UNCHANGED % tag
        if place is None:
            self.counts.not_found += 1
            return NOT_FOUND
        self.counts.bytes += place[1] - place[0]
        return self._memory[place[0] : place[1]]

    def _control(self, path: str) -> bytes:
        if path.startswith("/phase/"):
            self.phase, self.counts = path.removeprefix("/phase/"), Counts()
        body = json.dumps(asdict(self.counts)).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


class Connection(asyncio.Protocol):
    """One client's connection, kept open: HTTP/1.1 as far as GET goes."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0 and self._transport is not None:
            request, self._received = self._received[: end + 2], self._received[end + 4 :]
            self._transport.write(self._answers.answer(request))


def _header(request: bytes, name: bytes) -> bytes:
    """Return the value of a header; ``name`` is in small letters, with the end of the line before it and its colon."""
    start = request.lower().find(name)
    return b"" if start < 0 else request[start + len(name) : request.index(b"\r\n", start + 2)].strip()


def _write(file: BinaryIO, body: bytes, headers: dict[str, str]) -> Place:
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": str(len(body))}.items())
    start = file.tell()
    file.write(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body)
    return start, file.tell()


async def serve(folder: Path, *, articles: int, feeds: int, learned: int, seed: int) -> None:
    """Render the web, say so, and serve it until SIGTERM."""
    found = Answers()
    loop = asyncio.get_running_loop()
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    port = listening.getsockname()[1]
    now = datetime.now(UTC)
    web = with_paths(write_web(articles=articles, feeds=feeds, learned=learned, seed=seed, port=port, now=now))
    with (folder / "web.bin").open("w+b") as file:
        found.load(web, seed, file)
        (folder / "truth.jsonl").write_text(write_truth(web), "utf-8")
        (folder / "web.json").write_text(_description(web, port), "utf-8")
        del web
        server = await loop.create_server(lambda: Connection(found), sock=listening)
        stopped = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stopped.set)
        print("ready", flush=True)
        await stopped.wait()
        server.close()


def _description(web: Web, port: int) -> str:
    outlets = [
        {"name": f"outlet-{o.number}", "title": o.title, "home": o.home, "zone": o.zone, "make": o.make,
         "feed": o.home.rstrip("/") + feeds.PATH}
        for o in web.articles
    ]  # fmt: skip
    return json.dumps({"port": port, "outlets": outlets}, ensure_ascii=False)


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--feeds", type=int, default=30)
    parser.add_argument("--learned", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = vars(parser.parse_args())
    asyncio.run(serve(options.pop("folder"), **options))


if __name__ == "__main__":
    main()
