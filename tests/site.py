"""A news site on loopback that misbehaves on demand: real HTTP, routes that tests set, every request written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

LONG = (
    "أعلنت بلدية وادي الزيتون أن الجسر الجديد سيفتح أمام المركبات صباح الأحد بعد اكتمال الاختبارات التي استمرت ثلاثة"
    " أسابيع. وقال رئيس البلدية جاسم العلي إن الأشغال انتهت قبل موعدها بشهرين."
)


@dataclass(frozen=True)
class Answer:
    """What a route answers with. ``drip`` sends one byte a tenth of a second for so many seconds; ``cut`` hangs up."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    delay: float = 0.0
    cut: bool = False


Route = Answer | Callable[[BaseHTTPRequestHandler], Answer]


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # many workers at once are no reason to refuse connections


class Site:
    """Serves routes on one loopback port, for every host name alike."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.requests.append((time.monotonic(), self.path, {k.lower(): v for k, v in self.headers.items()}))
                route = site.routes.get(self.path, Answer(b"gone", 404))
                site.answer(self, route if isinstance(route, Answer) else route(self))

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def url(self, path: str, host: str = "site") -> str:
        return f"http://{host}.localhost:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt left out."""
        return [path for _, path, _ in self.requests if path != "/robots.txt"]

    @staticmethod
    def answer(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        time.sleep(answer.delay)
        handler.send_response(answer.status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            handler.send_header(name, value)
        length = len(answer.body) + 1000 if answer.cut else len(answer.body)
        if not answer.drip:
            handler.send_header("Content-Length", str(length))
        else:
            handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            handler.wfile.write(answer.body)
            until = time.monotonic() + answer.drip
            while time.monotonic() < until:
                handler.wfile.write(b" ")
                time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
        if answer.cut or answer.drip:
            handler.close_connection = True

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def article_page(title: str = "خبر من وادي الزيتون", text: str = LONG, charset: str = "utf-8") -> bytes:
    """Return an invented article as a plain page."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    page = (
        f'<html lang="ar" dir="rtl"><head><meta charset="{charset}"><title>{title}</title></head><body>'
        f'<nav><a href="/">الرئيسية</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>'
    )
    return page.encode("cp1256" if charset == "windows-1256" else "utf-8")


def rss(*links: str, titles: tuple[str, ...] = ()) -> bytes:
    """Return an RSS feed of these links; an empty link makes an entry without one."""
    items = []
    for number, link in enumerate(links):
        title = titles[number] if number < len(titles) else f"خبر رقم {number}"
        shown = f"<link>{link}</link>" if link else ""
        items.append(f"<item><title>{title}</title>{shown}<description>موجز {title}</description></item>")
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>ت</title>{"".join(items)}</channel></rss>'.encode()
