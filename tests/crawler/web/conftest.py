"""A store with a little invented news, and the application on it, served over loopback by the server that we ship."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from psycopg_pool import AsyncConnectionPool

from crawler.config import Config
from crawler.sources.model import Feed, Source
from crawler.sources.repository import Sources
from crawler.web.app import create_app
from pipelines.storage.duplicates import Duplicates
from pipelines.storage.people import People
from pipelines.storage.store import Store
from tests.pipelines.storage.conftest import made

TOKEN = "a-token-of-the-tests"

Serve = Callable[..., httpx.Client]

#: News of two sources; the third text is a copy of the first.
NEWS = [
    "قال مدير مرفأ المرسى سالم الحمداني إن «الرصيف الجديد سيُفتح قبل نهاية العام».\n\n"
    "وأضاف أن السفن الكبيرة ستجد مكاناً فيه. #مرفأ_المرسى #الملاحة",
    "وقالت وزيرة المياه سعاد النجار: «السد الجديد سيكتمل في موعده المحدد». #مرفأ_المرسى",
    "قال مدير مرفأ المرسى سالم الحمداني إن «الرصيف الجديد سيُفتح قبل نهاية العام».\n\n"
    "وأضاف أن السفن الكبيرة ستجد مكاناً فيه. #مرفا_المرسي #الملاحة",
    "افتتحت في مدينة الرافد مكتبة عامة تضم عشرة آلاف كتاب، وقالت سعاد النجار: «القراءة حق للجميع في المدينة».",
]


@contextmanager
def serving(config: Config, database_url: str) -> Iterator[str]:
    """Serve the application in a thread; yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(config, database_url), log_level="error", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


async def fill(pool: AsyncConnectionPool) -> None:
    """Store :data:`NEWS`: two articles of `marsa`, two of `rafid`, an hour apart, the last one first in lists."""
    sources = Sources(pool)
    ids = {}
    for name in ("marsa", "rafid"):
        feed = Feed(id=0, url=f"https://{name}.example/feed.xml")
        source = Source(id=0, name=name, title=name, home=f"https://{name}.example/", feeds=(feed,))
        ids[name] = (await sources.add(source)).id
    batch = [
        made(ids["marsa" if number < 2 else "rafid"], number, text, title=f"خبر {number}", hours=number)
        for number, text in enumerate(NEWS)
    ]
    await Store(pool).save(batch)
    await People(pool).merge_new()
    await Duplicates(pool).find()


@pytest.fixture
async def store(pool: AsyncConnectionPool) -> AsyncConnectionPool:
    """A store that holds :data:`NEWS`."""
    await fill(pool)
    return pool


@pytest.fixture
def serve(database_url: str) -> Iterator[Serve]:
    """Serve the test's database with these settings; returns a client that shows no token by itself."""
    running = []

    def start(**settings: object) -> httpx.Client:
        entered = serving(Config(**settings), database_url)
        running.append(entered)
        return httpx.Client(base_url=entered.__enter__(), timeout=30)

    yield start
    for entered in running:
        entered.__exit__(None, None, None)
