"""Serves the invented web on loopback: one port, one host name an outlet (``rafid.localhost``), validators and all."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from crawler.demo import pages
from crawler.demo.outlets import Outlet, load_outlets

#: The port that is tried first, so that addresses are the same from one demo to the next.
PORT = 8787


class DemoServer:
    """A context manager that serves the outlets while it is entered.

    ``port`` 0 takes any free port; the default is one that stays the same, or any when it is taken. ``requests`` is
    every request that was answered: host, path, status.
    """

    def __init__(self, port: int | None = None, now: datetime | None = None) -> None:
        self._wanted = port
        self._now = (now or datetime.now(UTC)).replace(minute=0, second=0, microsecond=0)
        self.outlets: tuple[Outlet, ...] = ()
        self.requests: list[tuple[str, str, int]] = []
        self._files: dict[tuple[str, str], tuple[str, bytes]] = {}

    def __enter__(self) -> DemoServer:
        self._server = self._bind()
        port = self._server.server_address[1]
        self.outlets = tuple(outlet.at(f"http://{outlet.name}.localhost:{port}/") for outlet in load_outlets(self._now))
        for outlet in self.outlets:
            self._publish(outlet)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def publish_update(self) -> None:
        """Edit the first article of each outlet and announce it anew, as newsrooms do."""
        changed = []
        for outlet in self.outlets:
            first = outlet.articles[0]
            edited = replace(
                first,
                title=f"{first.title} (محدث)",
                paragraphs=(*first.paragraphs, "أضيفت هذه الفقرة بعد النشر الأول بساعة."),
            )
            outlet = replace(outlet, articles=(edited, *outlet.articles[1:]))
            self._publish(outlet)
            changed.append(outlet)
        self.outlets = tuple(changed)

    def answer(self, host: str, path: str, tags: str | None) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for a request."""
        name = host.split(".", 1)[0]
        found = self._files.get((name, unquote(path)))
        if found is None and (name, f"{unquote(path)}/") in self._files:
            # Stored addresses have no last slash; WordPress, like most, sends who asks for one to the other.
            self.requests.append((name, path, 301))
            return 301, {"Location": f"{path}/"}, b""
        if found is None:
            self.requests.append((name, path, 404))
            return 404, {"Content-Type": "text/html; charset=utf-8"}, b"<h1>404</h1>"
        content_type, body = found
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        status = 304 if tags == tag else 200
        self.requests.append((name, path, status))
        return status, {"Content-Type": content_type, "ETag": tag}, b"" if status == 304 else body

    def _publish(self, outlet: Outlet) -> None:
        charset = "; charset=utf-8" if outlet.make == "wordpress" else ""
        kind = "application/rss+xml; charset=utf-8" if outlet.make == "wordpress" else "application/atom+xml"
        put = self._files.__setitem__
        for article in outlet.articles:
            put(
                (outlet.name, unquote(outlet.path(article))),
                (f"text/html{charset}", pages.article_page(outlet, article)),
            )
        feed_path = "/" + outlet.feed_url.removeprefix(outlet.base_url)
        put((outlet.name, feed_path), (kind, pages.feed(outlet)))
        put((outlet.name, "/"), ("text/html; charset=utf-8", pages.front_page(outlet)))
        put((outlet.name, "/sitemap.xml"), ("application/xml", pages.sitemap(outlet)))
        put((outlet.name, "/robots.txt"), ("text/plain", b"User-agent: *\nDisallow: /private/\n"))
        put((outlet.name, "/video/sunset/"), ("text/html; charset=utf-8", pages.video_page(outlet)))
        put((outlet.name, "/video-sunset.html"), ("text/html", pages.video_page(outlet)))
        put((outlet.name, "/english/bridge/"), ("text/html; charset=utf-8", pages.english_page()))

    def _bind(self) -> ThreadingHTTPServer:
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.split("?", 1)[0]
                status, headers, body = web.answer(
                    self.headers.get("Host", ""), path, self.headers.get("If-None-Match")
                )
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing: the crawl reports for itself."""

        try:
            return ThreadingHTTPServer(("127.0.0.1", PORT if self._wanted is None else self._wanted), Handler)
        except OSError:
            if self._wanted:
                raise
            return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
