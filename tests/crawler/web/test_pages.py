"""The pages over HTTP: what is hostile renders harmless, forms are ours, and what is not there is said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml.html import HtmlElement, document_fromstring
from psycopg_pool import AsyncConnectionPool

from crawler.claims import Claims
from crawler.frontier import Frontier
from crawler.recording import Poll, Polled, record_polls
from crawler.sources.repository import Sources
from pipelines.analyse import analyse_text
from pipelines.model import FeedEntry, Hashtag, Removed, Span
from pipelines.storage.people import People
from pipelines.storage.store import Settled, Store
from tests.crawler.web.conftest import NEWS, Serve
from tests.pipelines.storage.conftest import NOW, fetch, made

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=x onerror=alert(1)>"
OVERRIDE = "\u202e"


def page_of(answer: httpx.Response) -> HtmlElement:
    assert answer.headers["content-type"].startswith("text/html")
    return document_fromstring(answer.text)


def form_token(client: httpx.Client, address: str) -> str:
    [token, *_] = page_of(client.get(address)).xpath("//input[@name='form_token']/@value")
    return str(token)


def assert_harmless(answer: httpx.Response) -> None:
    """Nothing of the page runs, leads or loads elsewhere, turns its surroundings around, or weighs too much."""
    tree = page_of(answer)
    assert all(src.startswith("/static/") for src in tree.xpath("//script/@src"))
    assert not tree.xpath("//script[not(@src)] | //style | //img | //iframe | //@style")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert not [href for href in tree.xpath("//@href") if re.match(r"\s*(?:javascript|data|vbscript):", href, re.I)]
    # A field of a form shows what is stored as it is, and is a box of its own.
    assert OVERRIDE not in re.sub(r' value="[^"]*"', "", answer.text)
    assert len(answer.content) < 200_000


@pytest.fixture
async def hostile(pool: AsyncConnectionPool) -> int:
    """An article with everything that has ever been tried; returns its number."""
    rows = await fetch(
        pool,
        "INSERT INTO sources (name, title, home) VALUES ('evil', %(title)s, 'javascript:alert(1)') RETURNING id",
        title=f"{OVERRIDE}{SCRIPT}{BREAKOUT}",
    )
    text = f"{NEWS[0]}\n\n{SCRIPT} {OVERRIDE} {BREAKOUT}"
    article = analyse_text(text)
    quotes = tuple(
        replace(quote, speaker=replace(quote.speaker, name=f"سالم {OVERRIDE}{BREAKOUT}", role=SCRIPT))
        for quote in article.quotes
        if quote.speaker
    )
    tag = Hashtag(f"#{BREAKOUT}", "breakout", span=Span(0, 3))
    first = made(rows[0]["id"], 1, text, title=f"{SCRIPT}{OVERRIDE}", quotes=quotes, hashtags=(tag,),
                 authors=(f"{OVERRIDE}{SCRIPT}",), section=BREAKOUT, language=BREAKOUT,
                 removed=(Removed(SCRIPT, BREAKOUT), Removed("طويل " * 100_000, "x")))  # fmt: skip
    assert first.article is not None
    later = replace(first.article, title="عنوان " * 200_000, text=f"{text}\n\n{SCRIPT}", url="javascript:alert(1)//x")
    batches = [first, Settled(first.source_id, "javascript:alert(1)//x", NOW + timedelta(hours=2), later)]
    await Store(pool).save(batches)
    await Store(pool).save([replace(first, article=replace(first.article, text=f"{text} {OVERRIDE}{BREAKOUT}"))])
    await People(pool).merge_new()
    return int((await fetch(pool, "SELECT min(id) AS id FROM articles"))[0]["id"])


async def test_hostile_content_renders_harmless(hostile: int, pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    speakers = await fetch(pool, "SELECT DISTINCT speaker_id AS id FROM quotes WHERE speaker_id IS NOT NULL")
    addresses = ["/?days=30", f"/articles/{hostile}", f"/articles/{hostile + 1}", "/speakers", "/hashtags", "/sources",
                 "/hashtags/breakout", "/sources/evil", "/sources/evil/edit", "/sources/evil/rules",
                 f"/search?q={SCRIPT}", "/search?q=المرسى", "/search?q=الرصيف&look=quotes",
                 *(f"/speakers/{row['id']}" for row in speakers)]  # fmt: skip
    for address in addresses:
        for language in ("ar", "en"):
            answer = client.get(address, headers={"Accept-Language": language})
            assert answer.status_code == 200, address
            assert_harmless(answer)


@pytest.mark.parametrize(
    "address",
    ["/articles/99", "/speakers/99", "/hashtags/nothing", "/sources/nothing", "/sources/nothing/edit", "/runs/99",
     "/sources/nothing/rules", "/add/nothing", "/nothing", "/articles/99999999999999999999", f"/{SCRIPT}"],
)  # fmt: skip
async def test_what_is_not_there_is_said_on_a_page(pool: AsyncConnectionPool, serve: Serve, address: str) -> None:
    answer = serve().get(address)
    assert answer.status_code == 404
    assert_harmless(answer)
    assert page_of(answer).xpath("string(//h1)")


async def test_no_address_makes_a_page_lead_to_another_site(pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    page = page_of(client.get(f"{client.base_url}//evil.example/"))
    assert not [href for href in page.xpath("//@href") if not href.startswith("/") and href != "#content"]
    assert not [href for href in page.xpath("//@href") if href.startswith("//")]


async def test_a_change_needs_a_form_of_this_session(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    assert client.post("/sources/marsa/pause").status_code == 403
    assert client.post("/sources/marsa/pause", data={"form_token": "0" * 64}).status_code == 403
    answer = client.post("/sources/marsa/pause", data={"form_token": form_token(client, "/sources/marsa")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/marsa?done=paused")


async def test_a_first_visit_that_chooses_a_language_has_a_session_for_its_forms(
    store: AsyncConnectionPool, serve: Serve
) -> None:
    client = serve()
    token = form_token(client, "/sources/marsa?lang=en&theme=dark")
    assert client.post("/sources/marsa/pause", data={"form_token": token}).status_code == 303


async def test_pages_go_on_where_the_last_one_ended(store: AsyncConnectionPool, serve: Serve) -> None:
    rows = await fetch(store, "SELECT id FROM sources WHERE name = 'marsa'")
    await Store(store).save(
        [made(rows[0]["id"], number, f"{NEWS[3]} {number}", title=f"رقم {number}") for number in range(100, 150)]
    )
    client, address, seen = serve(), "/", list[str]()
    while address:
        page = page_of(client.get(address))
        seen += page.xpath("//h3/a[starts-with(@href, '/articles/')]/@href")
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 54
    assert client.get("/?before=nonsense").status_code == 400


async def test_versions_are_compared_word_by_word(store: AsyncConnectionPool, serve: Serve) -> None:
    [row] = await fetch(store, "SELECT id, source_id, url FROM articles WHERE title = 'خبر 1'")
    changed = made(row["source_id"], 1, NEWS[1].replace("سيكتمل", "لن يكتمل"), title="خبر 1", hours=9)
    assert changed.article is not None and changed.article.url == row["url"]
    await Store(store).save([changed])
    page = page_of(serve().get(f"/articles/{row['id']}"))
    assert [e.text_content().strip() for e in page.xpath("//del")] == ["سيكتمل"]
    assert [e.text_content().strip() for e in page.xpath("//ins")] == ["لن يكتمل"]


async def test_words_of_nobody_stand_last_and_are_told_apart(store: AsyncConnectionPool, serve: Serve) -> None:
    rows = await fetch(store, "SELECT id FROM articles ORDER BY id LIMIT 1")
    page = page_of(serve().get(f"/articles/{rows[0]['id']}"))
    badges = page.xpath("//div[contains(@class, 'text')]//a[contains(@class, 'badge')]")
    assert badges and all(badge.get("aria-label") for badge in badges)
    assert {badge.get("href") for badge in badges} == {
        f"#{one}" for one in page.xpath("//li[starts-with(@id, 'q')]/@id")
    }


async def test_a_run_is_shown_live_while_it_lives_and_lost_when_it_died(
    store: AsyncConnectionPool, database_url: str, serve: Serve
) -> None:
    frontier, [marsa] = Frontier(store), await Sources(store).select(["marsa"])
    run_id = await frontier.start_run()
    poll = Poll("ok", good=True, entries=(FeedEntry("https://marsa.example/1"), FeedEntry("https://marsa.example/2")))
    client = serve()
    async with Claims(database_url, run_id, lease=60, lost=lambda _: None) as claims:
        await claims.take([marsa])
        await record_polls(store, [Polled(marsa, marsa.feeds[0], poll, datetime.now(UTC))], run_id=run_id)
        page = page_of(client.get(f"/runs/{run_id}", headers={"Accept-Language": "en"}))
        assert page.xpath("//*[@data-live]") and page.xpath("//noscript/meta[@http-equiv='refresh']")
        facts = [element.text_content() for element in page.xpath("//dl/*")]
        assert facts[facts.index("Feeds polled") + 1] == "1"
        assert facts[facts.index("Newly announced") + 1] == facts[facts.index("Still waiting") + 1] == "2"
        assert page_of(client.get("/runs")).xpath("//*[contains(@class, 'state running')]")
    await fetch(store, "UPDATE runs SET seen_at = now() - interval '1 hour' RETURNING id")
    page = page_of(client.get(f"/runs/{run_id}"))
    assert page.xpath("//*[contains(@class, 'state lost')]") and not page.xpath("//*[@data-live]")
