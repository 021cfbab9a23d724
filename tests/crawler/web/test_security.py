"""Who may read and who may change, and what every answer carries."""

from __future__ import annotations

import re

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from crawler.web.assets import Assets
from crawler.web.limits import Limit
from crawler.web.sessions import LIFETIME, Sessions
from tests.crawler.web.conftest import TOKEN, Serve

BEARER = {"Authorization": f"Bearer {TOKEN}"}


def form_token(client: httpx.Client) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    return found[1]


def test_every_answer_has_its_headers_also_errors(pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    for path in ("/api/v1/articles", "/api/v1/articles/7", "/nothing", "/sign-in"):
        headers = client.get(path).headers
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "server" not in headers
    assert client.get("/healthz", headers={"Host": "evil.example"}).headers["x-frame-options"] == "DENY"
    cookie = client.get("/sign-in", headers={"Cookie": ""}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_static_files_are_kept_for_good_and_carry_no_session(pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_token=TOKEN)
    icon = client.get(Assets().url("icon.svg"))
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in icon.headers["cache-control"]
    assert "set-cookie" not in icon.headers
    assert client.get("/static/0000000000000000/icon.svg").status_code == 404
    assert client.get("/static/0000000000000000/../../config.py").status_code in (303, 404)


def test_another_sites_name_that_leads_here_is_refused(pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_hosts="rawi.example.org,2001:db8::7")
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "rawi.example.org"}).status_code == 200
    for own in ("[::1]:8470", "[2001:db8::7]"):
        assert client.get("/healthz", headers={"Host": own}).status_code == 200


def test_with_a_token_nothing_is_read_without_it(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_token=TOKEN)
    for path in ("/api/v1/articles", "/api/v1/feed.rss", "/api/v1/openapi.json"):
        refused = client.get(path)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get(path, headers={"Authorization": "Basic %%"}).status_code == 401
        assert client.get(path, headers=BEARER).status_code == 200
        assert client.get(path, auth=("reader", TOKEN)).status_code == 200
    page = client.get("/today?a=b")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/today%3Fa%3Db")
    assert client.get("/healthz").status_code == 200


def test_signing_in_gives_a_session_that_reads_and_does_not_write(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_token=TOKEN)
    before = form_token(client)
    first = client.cookies["rawi_session"]
    wrong = client.post("/sign-in", data={"token": "guess", "form_token": before, "next": "/"})
    assert wrong.status_code == 403
    right = client.post("/sign-in", data={"token": TOKEN, "form_token": before, "next": "//evil.example/"})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert client.cookies["rawi_session"] != first
    assert client.get("/api/v1/articles").status_code == 200
    # A browser sends its cookie by itself, whoever asks it to: that is not enough to change anything.
    assert client.delete("/api/v1/sources/marsa").status_code == 401
    client.post("/sign-out", data={"form_token": form_token(client)})
    assert client.get("/api/v1/articles").status_code == 401


def test_forms_of_other_sites_are_refused_also_on_loopback(pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    token = form_token(client)
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"form_token": "0" * 64}).status_code == 403
    elsewhere = client.post("/sign-out", data={"form_token": token}, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    assert client.post("/sign-out", data={"form_token": token}).status_code == 303
    # The session has ended, and its forms with it.
    client.cookies.clear()
    assert client.post("/sign-out", data={"form_token": token}).status_code == 403


def test_without_a_token_nobody_changes_anything_over_the_api(store: AsyncConnectionPool, serve: Serve) -> None:
    answer = serve().delete("/api/v1/sources/marsa")
    assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")


def test_guessing_the_token_is_slow(pool: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_token=TOKEN)
    token = form_token(client)
    codes = [client.post("/sign-in", data={"token": "x", "form_token": token}).status_code for _ in range(12)]
    assert codes == [403] * 10 + [429] * 2


def test_one_search_too_many_says_when_to_come_again(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve(web_searches=3)
    paths = ["/api/v1/search?q=السد", "/api/v1/search/quotes?q=السد", "/api/v1/articles?q=السد"]
    assert [client.get(path).status_code for path in paths] == [200] * 3
    refused = client.get("/api/v1/feed.rss?q=السد")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert client.get("/api/v1/articles").status_code == 200


def test_a_limit_fills_again_and_forgets_nobody_in_favour_of_strangers() -> None:
    now = 0.0
    limit = Limit(2, clock=lambda: now)
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 30]
    assert limit.wait("b") == 0
    now = 30.0
    assert [limit.wait("a") for _ in range(2)] == [0, 30]


@pytest.mark.parametrize("change", ["nonce", "end", "role", "signature", "empty"])
def test_a_session_that_was_changed_is_none(change: str) -> None:
    sessions = Sessions(TOKEN)
    written = sessions.write(sessions.new(1_000, signed_in=False))
    nonce, ends_at, role, signature = written.split(".")
    changed = {
        "nonce": f"x{nonce}.{ends_at}.{role}.{signature}",
        "end": f"{nonce}.{int(ends_at) + 1}.{role}.{signature}",
        "role": f"{nonce}.{ends_at}.1.{signature}",
        "signature": f"{nonce}.{ends_at}.{role}.{'0' * 64}",
        "empty": "",
    }[change]
    assert sessions.read(written, 1_000) is not None
    assert sessions.read(changed, 1_000) is None
    assert sessions.read(written, 1_000 + LIFETIME) is None
    assert Sessions("another-token-here").read(written, 1_000) is None
