"""Feeds out: read back by feed readers' own parser, and harmless whatever was stored."""

from __future__ import annotations

import json
from typing import Any

import feedparser
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from psycopg_pool import AsyncConnectionPool

from crawler.feeds import parse_feed
from crawler.web.syndication import TITLE, Channel, clean, json_feed, rss, title_of
from tests.crawler.web.conftest import NEWS, Serve
from tests.pipelines.storage.conftest import NOW, fetch

CHANNEL = Channel("راوي", "https://rawi.example/feed.rss", "https://rawi.example/")


def article(**changes: Any) -> dict[str, Any]:
    plain = {
        "url": "https://marsa.example/1", "title": "خبر", "text": "نص الخبر", "authors": [], "hashtags": [],
        "image": None, "language": "ar", "version": 1, "at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return {**plain, **changes}


def read_back(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize(
    ("narrowed", "numbers"),
    [
        ("", [3, 2, 1, 0]),
        ("source=marsa", [1, 0]),
        ("hashtag=الملاحة", [2, 0]),
        ("speaker=سعاد النجار", [3, 1]),
        ("q=مكتبة", [3]),
    ],
)
def test_feeds_of_all_a_source_a_hashtag_a_speaker_a_search(
    narrowed: str, numbers: list[int], store: AsyncConnectionPool, serve: Serve
) -> None:
    client = serve()
    feed = read_back(client, f"/api/v1/feed.rss?{narrowed}")
    assert [entry.title for entry in feed.entries] == [f"خبر {number}" for number in numbers]
    assert [entry.guid for entry in feed.entries] == [entry.link for entry in feed.entries]
    assert not any(entry.guidislink for entry in feed.entries)
    assert NEWS[numbers[0]].split("\n\n")[-1] in feed.entries[0].content[0].value
    as_json = client.get(f"/api/v1/feed.json?{narrowed}")
    assert as_json.headers["content-type"] == "application/feed+json"
    assert [item["content_text"] for item in as_json.json()["items"]] == [NEWS[number] for number in numbers]


def test_rawi_reads_its_own_feeds(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    for path in ("/api/v1/feed.rss", "/api/v1/feed.json"):
        answer = client.get(path)
        entries = parse_feed(answer.content, str(answer.url)).entries
        assert [entry.title for entry in entries] == ["خبر 3", "خبر 2", "خبر 1", "خبر 0"]
        assert {tag.lstrip("#") for tag in entries[1].tags} == {"مرفا_المرسي", "الملاحة"}
        assert entries[0].published_at is not None


def test_a_feed_names_the_one_that_goes_on_after_it(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    urls, seen = "/api/v1/feed.json?limit=3&language=ar", []
    for expected in (3, 1):
        feed = client.get(urls).json()
        assert len(feed["items"]) == expected
        assert feed["feed_url"].endswith(urls.removeprefix(str(client.base_url)).partition("?")[2])
        seen += [item["id"] for item in feed["items"]]
        urls = feed.get("next_url", "")
    assert (len(set(seen)), urls) == (4, "")


async def test_hostile_news_is_harmless_in_every_form(store: AsyncConnectionPool, serve: Serve) -> None:
    script, override = "<script>alert(1)</script>]]>&<!--", "\u202eهدى\u202c\u2067الكرخي"
    hostile = {"title": script + "ط" * 1_000_000, "author": override, "image": "javascript:alert(1)"}
    await fetch(
        store,
        "UPDATE articles SET title = %(title)s, authors = ARRAY[%(author)s], image = %(image)s,"
        " text = text || E'\\n\\n' || %(title)s || E'\\x01\\x0b' RETURNING id",
        **hostile,
    )
    client = serve()
    entry = read_back(client, "/api/v1/feed.rss").entries[0]
    assert len(entry.title) <= TITLE + 60
    assert entry.author == "هدىالكرخي"
    raw = client.get("/api/v1/feed.rss").text
    assert "<script" not in raw
    assert "&lt;script" not in client.get("/api/v1/feed.json").json()["items"][0]["content_text"]
    item = client.get("/api/v1/feed.json").json()["items"][0]
    assert "<script" not in item["content_html"]
    assert "image" not in item
    line = client.get("/api/v1/articles?limit=1")
    # Data is given as it is: spans refer to it, and JSON holds it without harm.
    assert line.headers["content-type"] == "application/json"
    assert line.json()["items"][0]["title"] == hostile["title"]
    assert line.json()["items"][0]["authors"] == [override]
    stream = client.get("/api/v1/articles?format=jsonl").text
    assert all(json.loads(row)["image"] == hostile["image"] for row in stream.split("\n") if row)


@given(st.text(), st.text(), st.text())
def test_any_text_makes_xml_that_can_be_read(title: str, name: str, text: str) -> None:
    made = rss(CHANNEL, [article(title=title, authors=[name], hashtags=[name], text=text)])
    item = etree.fromstring(made).find("channel/item")
    assert item is not None
    assert item.findtext("guid") == "https://marsa.example/1"
    assert clean(item.findtext("title") or "") == item.findtext("title")
    json.dumps(json_feed(CHANNEL, [article(title=title, authors=[name], text=text)])).encode()


def test_an_article_without_a_title_is_called_by_its_beginning() -> None:
    assert title_of(article(title=None, text="قال الوزير\nإن السد اكتمل " * 20)).startswith("قال الوزير إن السد")
    assert title_of(article(title=" \u202e ", text="نص")) == "نص…"
