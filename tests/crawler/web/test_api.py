"""The API over a real server: lists that can be paged through, filters, validators, streams, sources that change."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.web import app
from crawler.web.api import answers
from pipelines.storage.store import Store
from tests.crawler.web.conftest import NEWS, TOKEN, Serve
from tests.pipelines.storage.conftest import fetch, made

BEARER = {"Authorization": f"Bearer {TOKEN}"}


def items(client: httpx.Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def titles(client: httpx.Client, **parameters: Any) -> list[str]:
    return [article["title"] for article in items(client, "/articles", **parameters)]


def test_articles_are_narrowed_by_what_they_are_and_what_is_in_them(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    assert titles(client) == ["خبر 3", "خبر 2", "خبر 1", "خبر 0"]
    assert titles(client, source="marsa") == ["خبر 1", "خبر 0"]
    assert (
        titles(client, hashtag="مرفا_المرسي") == titles(client, hashtag="#مرفأ_المرسى") == ["خبر 2", "خبر 1", "خبر 0"]
    )
    assert titles(client, speaker="سعاد النجار") == ["خبر 3", "خبر 1"]
    assert titles(client, q="السد") == ["خبر 1"]
    assert titles(client, since="2026-11-24T10:00:00Z", until="2026-11-24T12:00:00Z") == ["خبر 2", "خبر 1"]
    assert titles(client, since="2026-11-24T13:00:00+03:00", source="rafid", language="ar") == ["خبر 3", "خبر 2"]
    for nothing in (
        {"source": "none"},
        {"hashtag": "none"},
        {"hashtag": "##"},
        {"speaker": "لا أحد"},
        {"speaker": "7777"},
    ):
        assert titles(client, **nothing) == []


def test_an_article_is_shown_with_everything_that_was_found_in_it(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    article = client.get(f"/api/v1/articles/{items(client, '/articles', source='rafid')[1]['id']}").json()
    assert article["text"] == NEWS[2]
    quote = article["quotations"][0]
    assert article["text"][quote["start"] : quote["end"]] == quote["text"]
    assert (quote["speaker"], quote["cue"], quote["kind"]) == ("سالم الحمداني", "قال", "direct")
    assert [tag["tag"] for tag in article["tags"]] == ["#مرفا_المرسي", "#الملاحة"]
    assert [copy["head"] for copy in article["copies"]] == [True, False]
    assert article["duplicate_of"] == article["copies"][0]["article_id"]
    assert client.get("/api/v1/articles/99999").status_code == 404
    versions = items(client, f"/articles/{article['id']}/versions")
    assert [version["version"] for version in versions] == [1]


async def test_pages_neither_repeat_nor_leave_out_what_was_there(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    source = (await fetch(store, "SELECT id FROM sources WHERE name = 'marsa'"))[0]["id"]
    for path, key in (("/articles", "id"), ("/quotes", "text"), ("/speakers", "id"), ("/hashtags", "key")):
        whole = [row[key] for row in items(client, path)]
        seen, cursor, number = [], None, 100
        while True:
            page = client.get(f"/api/v1{path}", params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
            seen += [row[key] for row in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
            # Something newer is stored while somebody pages on.
            number += 1
            news = made(source, number, f"وقال عادل الرافدي: «الموسم {number} بدأ مبكراً». #وسم_{number}", hours=number)
            await Store(store).save([news])
        assert seen == whole


def test_quotes_speakers_hashtags_and_clusters(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    said = items(client, "/quotes", speaker="سعاد النجار", kind="direct")
    assert [quote["text"] for quote in said] == ["القراءة حق للجميع في المدينة", "السد الجديد سيكتمل في موعده المحدد"]
    assert items(client, "/quotes", speaker=str(said[0]["speaker_id"])) == items(
        client, "/quotes", speaker="سعاد النجار"
    )
    assert all(quote["confidence"] >= 0.9 for quote in items(client, "/quotes", min_confidence=0.9))
    assert len(items(client, "/quotes", q="السد")) == 1
    top = items(client, "/speakers/top", since="2026-11-24T00:00:00Z")
    assert {one["name"] for one in top} == {"سعاد النجار", "سالم الحمداني"}
    person = client.get(f"/api/v1/speakers/{said[0]['speaker_id']}").json()
    assert (person["name"], {one["source"] for one in person["quoted_by"]}) == ("سعاد النجار", {"marsa", "rafid"})
    assert [one["name"] for one in items(client, "/speakers", name="النجار", type="person")] == ["سعاد النجار"]
    assert client.get("/api/v1/speakers/99999").status_code == 404
    assert items(client, "/hashtags/top", since="2026-11-24T00:00:00Z")[0]["articles"] == 3
    hashtag = client.get("/api/v1/hashtags/مرفا_المرسي").json()
    assert (hashtag["articles"], [one["tag"] for one in hashtag["company"]]) == (3, ["#الملاحة"])
    assert client.get("/api/v1/hashtags/لا_شيء").status_code == 404
    (cluster,) = items(client, "/clusters", source="rafid")
    assert (cluster["articles"], cluster["sources"]) == (2, 2)
    assert len(client.get(f"/api/v1/clusters/{cluster['id']}").json()["members"]) == 2
    assert client.get("/api/v1/clusters/99999").status_code == 404


def test_search_gives_the_passage_and_goes_on(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    found = client.get("/api/v1/search", params={"q": "الرصيف", "limit": 1}).json()
    passage = found["items"][0]["snippet"]
    marked = [passage["text"][hit["start"] : hit["end"]] for hit in passage["hits"]]
    assert (found["total"], marked) == (2, ["الرصيف"])
    rest = client.get("/api/v1/search", params={"q": "الرصيف", "limit": 1, "cursor": found["next"]}).json()
    assert (rest["next"], rest["items"][0]["id"] != found["items"][0]["id"]) == (None, True)
    assert client.get("/api/v1/search/quotes", params={"q": "القراءة"}).json()["items"][0]["speaker"] == "سعاد النجار"
    for nothing in ("-", "-كرة", '""'):
        assert client.get("/api/v1/search", params={"q": nothing}).status_code == 400


def test_what_is_known_is_not_sent_twice(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    for path in (
        "articles",
        "articles/1",
        "quotes",
        "speakers",
        "hashtags",
        "sources",
        "clusters",
        "feed.rss",
        "feed.json",
    ):
        first = client.get(f"/api/v1/{path}")
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/api/v1/articles", headers={"If-None-Match": '"other"'}).status_code == 200
    asked, told = client.get("/api/v1/articles"), client.head("/api/v1/articles")
    assert (told.status_code, told.content, told.headers["etag"]) == (200, b"", asked.headers["etag"])


def test_streams_hold_every_row_and_its_text(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    answer = client.get("/api/v1/articles?format=jsonl&limit=1")
    assert answer.headers["content-type"].startswith("application/jsonl")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["text"] for row in rows] == NEWS[::-1]
    assert titles(client, format="json") == [row["title"] for row in rows]
    quotes = client.get("/api/v1/quotes?source=marsa", headers={"Accept": "application/jsonl"})
    assert {json.loads(line)["source"] for line in quotes.text.splitlines()} == {"marsa"}
    assert client.get("/api/v1/articles?format=jsonl&source=none").text == ""


async def test_a_stream_that_is_left_gives_its_connection_back(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    await fetch(store, "UPDATE articles SET text = text || repeat(' خبر طويل', 200000) RETURNING id")
    for _ in range(6):
        with client.stream("GET", "/api/v1/articles?format=jsonl") as answer:
            assert answer.status_code == 200
            next(answer.iter_bytes())
    assert len(client.get("/api/v1/articles?format=jsonl").text.splitlines()) == 4


@contextlib.contextmanager
def stalled(client: httpx.Client) -> Iterator[None]:
    """As many readers as there may be begin to read a stream, and stop."""
    with contextlib.ExitStack() as sockets:
        for _ in range(answers.STREAMS):
            reader = socket.create_connection((client.base_url.host, client.base_url.port))
            sockets.enter_context(reader)
            reader.sendall(b"GET /api/v1/articles?format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n")
            reader.recv(1)
        yield


async def test_one_stream_too_many_says_when_to_come_again(store: AsyncConnectionPool, serve: Serve) -> None:
    await fetch(store, "UPDATE articles SET text = text || repeat(' خبر طويل', 600000) RETURNING id")
    client = serve()
    with stalled(client):
        refused = client.get("/api/v1/articles?format=jsonl")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert client.get("/api/v1/articles").status_code == 200


async def test_readers_who_stop_reading_do_not_keep_others_from_it(
    store: AsyncConnectionPool, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "PATIENCE", 0.5)
    await fetch(store, "UPDATE articles SET text = text || repeat(' خبر طويل', 600000) RETURNING id")
    client = serve()
    with stalled(client):
        deadline = time.monotonic() + 30
        # What is awaited happens in another thread.
        while (answer := client.get("/api/v1/articles?format=jsonl&source=none")).status_code == 503:
            assert time.monotonic() < deadline, "readers who do not read keep their places"
            await asyncio.sleep(0.1)
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize(
    "path",
    [
        "articles?limit=0",
        "articles?limit=201",
        "articles?since=yesterday",
        "articles?since=2026-11-24T10:00:00",
        "articles?nonsense=1",
        "articles?hashtag=%00",
        "articles/0",
        "articles/99999999999999999999",
        "quotes?min_confidence=2",
        "quotes?kind=other",
        "hashtags/%00",
        "sources/%D8%B5",
    ],
)
def test_what_makes_no_sense_is_told_as_a_problem(path: str, store: AsyncConnectionPool, serve: Serve) -> None:
    answer = serve().get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize("cursor", ["rubbish", "WyIxIiwyXQ", "W10", "bnVsbA", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"])
def test_a_cursor_that_the_list_did_not_give_is_refused(cursor: str, store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    for path in ("articles", "quotes", "speakers", "hashtags", "clusters", "feed.rss"):
        assert client.get(f"/api/v1/{path}?cursor={cursor}").status_code == 400


async def test_a_store_that_does_not_answer_in_time_is_told_and_comes_back(
    store: AsyncConnectionPool, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "READER", f"{app.READER} -c statement_timeout=300")
    client = serve()
    async with store.connection() as connection, connection.transaction():
        await connection.execute("LOCK TABLE articles IN ACCESS EXCLUSIVE MODE")
        late = client.get("/api/v1/articles")
        assert (late.status_code, late.headers["retry-after"], late.json()["status"]) == (503, "5", 503)
        assert client.get("/api/v1/speakers").status_code == 200
    assert client.get("/api/v1/articles").status_code == 200


def test_a_source_is_added_paused_edited_and_removed(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_token=TOKEN, operator="huda")
    client.headers.update(BEARER)
    wanted = {"name": "sahel", "home": "https://sahel.example/", "feeds": [{"url": "https://sahel.example/rss"}]}
    added = client.post("/api/v1/sources", json=wanted)
    assert (added.status_code, added.headers["location"]) == (201, "/api/v1/sources/sahel")
    assert client.get("/api/v1/sources/sahel").json() == added.json()
    assert client.post("/api/v1/sources", json=wanted).status_code == 409
    taken = client.post("/api/v1/sources", json={**wanted, "name": "other"})
    assert (taken.status_code, "sahel" in taken.json()["detail"]) == (409, True)
    paused = client.patch("/api/v1/sources/sahel", json={"enabled": False, "interval": 1800})
    assert (paused.json()["enabled"], paused.json()["interval"]) == (False, 1800)
    resumed = client.patch("/api/v1/sources/sahel", json={"enabled": True, "interval": None})
    assert (resumed.json()["enabled"], resumed.json()["interval"]) == (True, None)
    assert client.delete("/api/v1/sources/sahel").status_code == 204
    assert client.get("/api/v1/sources/sahel").status_code == 404
    assert client.patch("/api/v1/sources/sahel", json={"enabled": True}).status_code == 404
    assert client.delete("/api/v1/sources/marsa").status_code == 409
    assert client.delete("/api/v1/sources/marsa?articles=keep").status_code == 204
    assert titles(client, source="marsa") == ["خبر 1", "خبر 0"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"home": "ftp://sahel.example/"},
        {"home": None},
        {"country": "tunisia"},
        {"timezone": "Africa/Atlantis"},
        {"feeds": []},
        {"feeds": [{"url": "https://sahel.example/list", "kind": "listing"}]},
        {"feeds": [{"url": "https://sahel.example/list", "kind": "listing", "pattern": "("}]},
        {"interval": 5},
        {"colour": "red"},
    ],
)
def test_a_wrong_source_is_refused_as_on_the_command_line(
    wrong: dict[str, Any], store: AsyncConnectionPool, serve: Serve
) -> None:
    client = serve(web_token=TOKEN)
    client.headers.update(BEARER)
    wanted = {"name": "sahel", "home": "https://sahel.example/", "feeds": [{"url": "https://sahel.example/rss"}]}
    for answer in (
        client.post("/api/v1/sources", json={**wanted, **wrong}),
        client.patch("/api/v1/sources/marsa", json=wrong),
    ):
        assert answer.status_code in (400, 422), answer.text
        assert answer.json()["detail"]
    assert [source["name"] for source in items(client, "/sources")] == ["marsa", "rafid"]


async def test_a_change_is_written_down_as_the_operators(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_token=TOKEN, operator="huda")
    client.patch("/api/v1/sources/marsa", json={"title": "المرسى"}, headers=BEARER)
    (change,) = await fetch(store, "SELECT changed_by, action FROM source_changes ORDER BY id DESC LIMIT 1")
    assert change == {"changed_by": "huda", "action": "edit"}
