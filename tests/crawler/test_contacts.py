"""Our own outages and theirs, as a worker sees them that crawls one domain in each of its crawls."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crawler import contacts
from crawler.contacts import Contacts, Silence
from crawler.recording import Poll
from crawler.sources.model import Feed, Source

BEGAN = datetime(2026, 11, 25, 9, tzinfo=UTC)


def failed(crawl: Contacts, name: str, seconds: float) -> None:
    """Let a feed of a domain be asked, and not answer after so many seconds."""
    feed = Feed(id=1, url=f"https://{name}.example/feed")
    source = Source(id=1, name=name, title="", home=f"https://{name}.example/", feeds=(feed,))
    crawl.asked(feed.url, BEGAN)
    crawl.hold(source, feed, Poll("dns"), now=BEGAN + timedelta(seconds=seconds))


def judged(crawl: Contacts) -> list[tuple[str, bool]]:
    return [(source.name, was_us) for (source, _, _), was_us in crawl.take_judged()]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "PATIENCE", 0.4)


async def test_three_crawls_in_silence_are_our_own_outage(impatient: None) -> None:
    silence = Silence()
    crawls = [Contacts(silence) for _ in range(3)]
    for number, crawl in enumerate(crawls):
        failed(crawl, f"outlet-{number}", 20 + number)
    await asyncio.gather(*(crawl.end(BEGAN + timedelta(seconds=30)) for crawl in crawls))
    assert [judged(crawl) for crawl in crawls] == [[(f"outlet-{number}", True)] for number in range(3)]
    assert [judged(crawl) for crawl in crawls] == [[], [], []]


async def test_one_that_is_answered_tells_the_others_whose_doing_it_was() -> None:
    silence = Silence()
    silent, well = Contacts(silence), Contacts(silence)
    failed(silent, "outlet", 20)
    ending = asyncio.create_task(silent.end(BEGAN + timedelta(seconds=21)))
    await asyncio.sleep(0.05)
    assert not ending.done()
    well.answered("https://other.example/", BEGAN + timedelta(seconds=21), BEGAN + timedelta(seconds=22))
    await ending
    assert judged(silent) == [("outlet", False)]


async def test_what_failed_while_another_was_answered_is_the_hosts_own_doing_at_once() -> None:
    silence = Silence()
    silent, well = Contacts(silence), Contacts(silence)
    well.answered("https://other.example/", BEGAN, BEGAN + timedelta(seconds=1))
    failed(silent, "outlet", 20)
    assert judged(silent) == [("outlet", False)]


async def test_a_crawl_that_is_alone_waits_for_nobody() -> None:
    alone = Contacts()
    failed(alone, "outlet", 1)
    await asyncio.wait_for(alone.end(BEGAN + timedelta(seconds=2)), 0.1)
    assert judged(alone) == [("outlet", False)]
