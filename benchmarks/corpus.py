"""Predictions for a folder of labelled pages and articles, in the form its scorers read.

    python -m benchmarks.corpus CORPUS OUT [--sites BUILT]

CORPUS holds `seed/page.html`, `pages/*.html` with `pages/gold/`, and `quotes/*.json`. OUT gets `seed.jsonl`,
`pages.jsonl` and `quotes.jsonl`: one line of `rawi analyse` an article. BUILT is a built folder of news sites
(`sites.json`, a folder a site, `gold/`): pages are read as bytes from disk, with the claims of their feed, as a crawl
would see them on a source it never saw before; `sites.jsonl` has them. `learned.jsonl` has them as they are read once
the first ten articles of each site have been learned from. A page that was refused and should not have been, or the
reverse, is told on standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.feeds import parse_feed
from pipelines.analyse import analyse, analyse_text
from pipelines.errors import FeedRejected, PageRejected
from pipelines.extract.learning import learn, rules_of, sample
from pipelines.model import Article, FeedEntry, LearnedRules, Page, SourceRules
from pipelines.records import article_record
from pipelines.urls import canonical_url

#: The labelled sites count «منذ ساعتين» from this moment.
SITES_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
#: IANA zones by the offset that a site's gold dates carry.
ZONES = {"+03:00": "Asia/Baghdad", "+01:00": "Africa/Tunis", "+02:00": "Africa/Cairo", "+04:00": "Asia/Dubai"}


def main() -> None:
    """Write the predictions and say what was refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sites", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write(options.out / "seed.jsonl", pages(options.corpus / "seed", [options.corpus / "seed" / "gold.json"]))
    write(
        options.out / "pages.jsonl",
        pages(options.corpus / "pages", sorted((options.corpus / "pages" / "gold").glob("*.json"))),
    )
    write(options.out / "quotes.jsonl", texts(sorted((options.corpus / "quotes").glob("*.json"))))
    if options.sites:
        write(options.out / "sites.jsonl", sites(options.sites, learn_from=0))
        write(options.out / "learned.jsonl", sites(options.sites, learn_from=10))


def write(path: Path, records: Iterator[dict[str, Any]]) -> None:
    """Write one record a line."""
    with path.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def pages(folder: Path, golds: list[Path]) -> Iterator[dict[str, Any]]:
    """Analyse the saved page beside each gold file."""
    addresses = {}
    if (index := folder / "index.jsonl").exists():
        rows = map(json.loads, index.read_text("utf-8").splitlines())
        addresses = {row["id"]: row.get("url") for row in rows}
    for gold in golds:
        name = json.loads(gold.read_text("utf-8"))["id"]
        file = folder / ("page.html" if name == "seed" else f"{name}.html")
        url = addresses.get(name) or f"https://news.example/{name}"
        yield read(name, Page(url=url, body=file.read_bytes(), fetched_at=datetime.now(UTC)))


def texts(golds: list[Path]) -> Iterator[dict[str, Any]]:
    """Analyse the text of each labelled article."""
    for gold in golds:
        record = json.loads(gold.read_text("utf-8"))
        if "quotes" in record:
            yield {"id": record["id"], **article_record(analyse_text(record["text"]))}


def sites(built: Path, *, learn_from: int) -> Iterator[dict[str, Any]]:
    """Analyse every page of the built sites that has gold, after learning from the first articles of each site."""
    golds = [json.loads(path.read_text("utf-8")) for path in sorted((built / "gold").glob("*.json"))]
    rows = {row["site"]: row for row in json.loads((built / "sites.json").read_text("utf-8"))}
    for site, row in rows.items():
        claims = feed_claims(built, row)
        pages = [
            (gold, site_page(built, gold, claims))
            for gold in golds
            if gold["site"] == site and gold["kind"] != "not_found"
        ]
        learned = learn_rules([page for gold, page in pages if gold["kind"] == "article"][:learn_from])
        for gold, page in pages:
            rules = replace(page.rules, learned=learned)
            yield read(gold["id"], replace(page, rules=rules), kind=gold["kind"])


def site_page(built: Path, gold: dict[str, Any], claims: dict[str, FeedEntry]) -> Page:
    """Return a page of a built site as a crawl would see it."""
    first, *others = (gold.get("pages") or [gold["url"]]) if gold["kind"] == "article" else [gold["url"]]
    return Page(
        url=first,
        body=site_file(built, gold["site"], first).read_bytes(),
        parts=tuple(site_file(built, gold["site"], other).read_bytes() for other in others),
        fetched_at=SITES_NOW,
        entry=claims.get(canonical_url(gold["url"])),
        rules=SourceRules(source=gold["site"], timezone=ZONES.get((gold.get("published") or "")[-6:], "UTC")),
    )


def site_file(built: Path, site: str, url: str) -> Path:
    """Return the file that a built site's server answers with."""
    file = built / site / unquote(urlsplit(url).path).lstrip("/")
    return next(f for f in (file, file / "index.html", file.with_name(file.name + ".html")) if f.is_file())


def learn_rules(pages: Sequence[Page]) -> LearnedRules:
    """Return what the articles on some pages of one source teach."""
    samples = []
    for number, page in enumerate(pages):
        try:
            samples.append(sample(number, analyse(page)))
        except PageRejected:
            continue
    return rules_of(learn(samples))


def feed_claims(built: Path, site: dict[str, Any]) -> dict[str, FeedEntry]:
    """Return what the feed of a built site claims, by canonical URL."""
    if not site["feed"]:
        return {}
    file = built / site["site"] / urlsplit(site["feed"]).path.lstrip("/")
    try:
        parsed = parse_feed(file.read_bytes(), site["feed"])
    except FeedRejected as verdict:
        sys.stderr.write(f"{site['site']}: {verdict}\n")
        return {}
    return {canonical_url(entry.url): entry for entry in parsed.entries}


def read(name: str, page: Page, *, kind: str = "article") -> dict[str, Any]:
    """Analyse one page; a verdict that is wrong, or missing, is told on standard error."""
    article: Article | None = None
    verdict = "stored"
    try:
        article = analyse(page)
    except PageRejected as rejected:
        verdict = str(rejected)
    if (article is None) == (kind == "article"):
        sys.stderr.write(f"{name} ({kind}): {verdict}\n")
    return {"id": name, **(article_record(article) if article else {"error": verdict})}


if __name__ == "__main__":
    main()
