"""The pages as people use them: a real browser, on the demo's news, crawled and served by real processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from psycopg.conninfo import make_conninfo

from crawler.demo import DemoServer

RAWI = str(Path(sys.executable).with_name("rawi"))
CHROMIUM = next(filter(None, (os.environ.get("RAWI_CHROMIUM"), shutil.which("chromium"), shutil.which("chrome"))), None)
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
FIRST_ARTICLE, FIRST_SPEAKER, FIRST_HASHTAG = ".story h3 a", "a.name", "a.tag"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; name one with RAWI_CHROMIUM")


@dataclass(frozen=True)
class Newsroom:
    """Rawi, served: its address, that of its database, and that of an outlet which is no source yet."""

    address: str
    database: str
    outlet: str


@pytest.fixture(scope="module")
def newsroom(server_url: str, template: str) -> Iterator[Newsroom]:
    """One outlet of the demo crawled into a database, and the pages served on it."""
    name = f"browser_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection, DemoServer(0) as web:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        environment = os.environ | {
            "RAWI_DATABASE_URL": make_conninfo(server_url, dbname=name),
            "RAWI_ALLOW_HOSTS": "*.localhost",
            "RAWI_DELAY": "0",
            "RAWI_WORKERS": "1",
        }
        rafid, marsa = web.outlets
        for arguments in (["sources", "add", "--offline", rafid.feed_url, "--name", "rafid", "--title", rafid.title,
                           "--country", "IQ", "--timezone", "Asia/Baghdad", "--delay", "0"], ["crawl"]):  # fmt: skip
            subprocess.run([RAWI, *arguments], env=environment, check=True, capture_output=True)
        serving = subprocess.Popen(
            [RAWI, "serve", "--port", "0"],
            env=environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert serving.stdout is not None
            found = re.search(r"http://\S+:\d+", serving.stdout.readline())
            assert found is not None
            yield Newsroom(found[0], environment["RAWI_DATABASE_URL"], marsa.base_url)
        finally:
            serving.terminate()
            assert serving.wait(20) == 0
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


def open_context(browser: Browser, newsroom: Newsroom, language: str, size: dict[str, int], *, scripts: bool = True,
                 dark: bool = False) -> BrowserContext:  # fmt: skip
    return browser.new_context(
        base_url=newsroom.address,
        locale=language,
        viewport=size,  # type: ignore[arg-type]
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
    )


def addresses(page: Page) -> list[str]:
    """Return one address of each kind of page, found by following links."""
    page.goto("/")
    found = ["/", "/sources", "/sources/rafid", "/sources/rafid/edit", "/sources/rafid/rules", "/add", "/speakers",
             "/hashtags", "/search?q=السد", "/search?q=المياه&look=quotes", "/runs", "/runs/1", "/quarantine"]  # fmt: skip
    for start, link in (("/", FIRST_ARTICLE), ("/speakers", FIRST_SPEAKER), ("/hashtags", FIRST_HASHTAG),
                        ("/quarantine", "tbody th a")):  # fmt: skip
        page.goto(start)
        found.append(page.locator(link).first.get_attribute("href") or "")
    return found


def check_page(page: Page, address: str, language: str) -> None:
    """Open a page: it is whole, in its language, as wide as the window, and nothing broke the rules on its content."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(address)
    assert answer is not None and answer.status == 200, address
    html = page.locator("html")
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    assert page.locator("h1").count() == 1, address
    assert not complaints, (address, complaints)


@pytest.mark.parametrize(
    ("language", "size", "dark", "rules"),
    [
        # What a page is made of is the same in both languages and sizes; colours differ by theme.
        ("ar", DESKTOP, False, None),
        ("ar", PHONE, True, ["color-contrast"]),
        ("en", PHONE, False, []),
        ("en", DESKTOP, True, []),
    ],
)
def test_every_page_can_be_read_by_anybody(
    browser: Browser, newsroom: Newsroom, language: str, size: dict[str, int], dark: bool, rules: list[str] | None
) -> None:
    with open_context(browser, newsroom, language, size, dark=dark) as context:
        page = context.new_page()
        for address in addresses(page):
            check_page(page, address, language)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{address} is too wide"
            if rules != []:
                assert not grave_faults(page, rules), address


def grave_faults(page: Page, rules: list[str] | None) -> list[tuple[str, list[str]]]:
    """Return what axe finds serious or critical, by these rules or by all, with the elements."""
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], [str(node["target"]) for node in one["nodes"]]) for one in grave]


def test_every_page_works_without_scripts(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "ar", PHONE, scripts=False) as context:
        page = context.new_page()
        for address in addresses(page):
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, address


def test_language_and_theme_are_switched_and_remembered(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "ar", DESKTOP, scripts=False) as context:
        page = context.new_page()
        page.goto("/speakers")
        page.get_by_role("link", name="English").click()
        page.get_by_role("link", name="Dark").click()
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 21, 19)"


def test_the_keyboard_skips_to_the_content(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "en", DESKTOP) as context:
        page = context.new_page()
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to content")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_quotation_is_followed_to_its_place_in_the_article(
    browser: Browser, newsroom: Newsroom, scripts: bool
) -> None:
    with open_context(browser, newsroom, "ar", DESKTOP, scripts=scripts) as context:
        page = context.new_page()
        page.goto("/speakers?named=الحمداني")
        page.get_by_role("link", name="سالم الحمداني").click()
        page.locator(".quotations a").first.click()
        assert re.search(r"/articles/\d+#t\d+$", page.url)
        place = page.url.rpartition("#t")[2]
        expect(page.locator(f"#t{place}")).to_be_in_viewport()
        page.locator(f"#t{place}").click()
        expect(page.locator(f"#q{place}")).to_be_in_viewport()


def test_a_search_finds_every_spelling_and_marks_it(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "en", PHONE, scripts=False) as context:
        page = context.new_page()
        page.goto("/search")
        page.get_by_role("searchbox").fill("سدّ")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".story mark").first).to_have_text(re.compile("سد"))
        page.goto("/search?q=-")
        expect(page.get_by_role("alert")).to_contain_text("nothing to look for")


def test_a_source_is_looked_at_added_paused_and_edited(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "en", DESKTOP, scripts=False) as context:
        page = context.new_page()
        page.goto("/add")
        page.get_by_label("Address of the site").fill("not an address")
        page.get_by_role("button", name="Look first").click()
        expect(page.get_by_role("alert")).to_contain_text("not the address of a web page")
        page.get_by_label("Address of the site").fill(newsroom.outlet)
        page.get_by_label("Its name here").fill("marsa")
        page.get_by_role("button", name="Look first").click()
        expect(page.locator("article.proposal")).to_have_count(3, timeout=30_000)
        page.get_by_role("button", name="Add this source").click()
        expect(page.get_by_role("status")).to_contain_text("The source was added")
        expect(page.locator(".story")).to_have_count(3)
        page.get_by_role("button", name="Pause").click()
        expect(page.locator(".state").first).to_have_text("paused")
        page.get_by_role("link", name="Edit").click()
        page.get_by_label("Time zone").fill("Mars/Olympus")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("no such time zone")
        page.get_by_label("Time zone").fill("Africa/Tunis")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("The change was saved")
        expect(page.locator("#history + ul")).to_contain_text("Africa/Tunis")
        page.get_by_role("button", name="Undo the last change").click()
        expect(page.locator("#history + ul")).to_contain_text("put back")


def test_rules_are_tried_while_they_are_typed(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "en", DESKTOP) as context:
        page = context.new_page()
        page.goto("/sources/rafid/rules")
        page.get_by_label("What goes (one selector a line)").fill("p:first-child")
        expect(page.locator("#comparison del").first).to_be_visible(timeout=30_000)
        page.get_by_label("What goes (one selector a line)").fill("p:::")
        page.get_by_role("button", name="Save the rules").click()
        expect(page.get_by_role("alert")).to_contain_text("not a CSS selector")


def test_a_refused_page_is_read_again_after_the_rules_changed(browser: Browser, newsroom: Newsroom) -> None:
    with open_context(browser, newsroom, "en", PHONE, scripts=False) as context:
        page = context.new_page()
        page.goto("/quarantine?reason=not-arabic")
        page.locator("tbody th a").click()
        expect(page.locator("h1")).to_have_text("not in Arabic")
        expect(page.locator("pre")).to_contain_text("<html")
        page.get_by_role("button", name="Read it again").click()
        expect(page.get_by_role("status")).to_contain_text("still refused")
        refused = page.url.partition("?")[0]
        page.goto("/sources/rafid/edit")
        page.get_by_label("Language", exact=True).fill("en")
        page.get_by_role("button", name="Save").click()
        page.goto(refused)
        page.get_by_role("button", name="Read it again").click()
        expect(page.get_by_role("status")).to_contain_text("It became an article")
        page.goto("/sources/rafid")
        page.get_by_role("button", name="Undo the last change").click()


def test_a_running_crawl_is_followed_without_a_touch(browser: Browser, newsroom: Newsroom) -> None:
    with psycopg.connect(newsroom.database, autocommit=True) as connection:
        row = connection.execute(
            "INSERT INTO runs (seen_at) VALUES (now() + interval '1 hour') RETURNING id"
        ).fetchone()
        assert row is not None
        with open_context(browser, newsroom, "en", DESKTOP) as context:
            page = context.new_page()
            page.goto(f"/runs/{row[0]}")
            expect(page.locator(".state.running")).to_be_visible()
            connection.execute("UPDATE runs SET outcome = 'finished', finished_at = now() WHERE id = %s", row)
            expect(page.locator(".state.finished")).to_be_visible(timeout=20_000)
            expect(page.locator("[data-live]")).to_have_count(0)
