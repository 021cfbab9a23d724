"""A sample of the web's pages, as a crawl hands them to analysis: with the feed's claims, with rules and without."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from benchmarks.speed.web import ServedWeb
from crawler.feeds import parse_feed
from pipelines.analyse import analyse
from pipelines.extract.learning import learn, rules_of, sample
from pipelines.model import FeedEntry, Page, SourceRules
from pipelines.urls import canonical_url

#: Makes of which the server does not name the encoding.
SILENT = ("aspnet",)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page as it is read when its source has never been seen and when it is known, and the text that it holds."""

    cold: Page
    warm: Page
    text: str


def specimens(web: ServedWeb, number: int) -> list[Specimen]:
    """Return ``number`` measured pages, alike from all outlets; rules are learned from their first articles."""
    outlets = {outlet["home"]: outlet for outlet in web.outlets}
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in web.truth.values():
        rows[next(home for home in outlets if row["url"].startswith(home))].append(row)
    chance, found = random.Random(1), []
    web.enter_phase("grown")
    for home, articles in rows.items():
        outlet = outlets[home]
        claims = parse_feed(web.page(outlet["feed"]), outlet["feed"]).entries
        known = {canonical_url(entry.url): entry for entry in claims}
        rules = SourceRules(source=outlet["name"], timezone=outlet["zone"])
        lessons = [_page(web, row, rules, known) for row in articles if not row["measured"]]
        learned = rules_of(learn([sample(number, analyse(page)) for number, page in enumerate(lessons)]))
        measured = [row for row in articles if row["measured"]]
        for row in chance.sample(measured, k=min(-(-number // len(rows)), len(measured))):
            page = _page(web, row, rules, known)
            found.append(Specimen(page, replace(page, rules=replace(rules, learned=learned)), row["text"]))
    return found[:number]


def _page(web: ServedWeb, row: dict[str, Any], rules: SourceRules, claims: dict[str, FeedEntry]) -> Page:
    return Page(
        url=row["url"],
        body=web.page(row["url"]),
        fetched_at=datetime.now(UTC),
        charset=None if row["make"] in SILENT else "utf-8",
        entry=claims.get(canonical_url(row["url"])),
        rules=rules,
    )
