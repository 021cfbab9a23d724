"""How a proposed source is shown: its feeds, three of its articles, what looks wrong, what is suggested."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from crawler.cli.output import console, print_table, shown

if TYPE_CHECKING:
    from crawler.sources.onboarding import Proposal
    from crawler.sources.preview import Preview

#: Characters of the first and the last paragraph of an article that are shown.
LINE = 160


def proposal_record(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON can hold it."""
    from crawler.sources.document import document

    found = proposal.discovery
    source = proposal.source
    return {
        "asked": list(found.asked),
        "home": found.home,
        "requests": found.requests,
        "robots": {
            "allows": proposal.robots_allow,
            "delay": found.robots.delay,
            "sitemaps": list(found.robots.sitemaps),
        },
        "feeds": [{**asdict(feed), "window": feed.window and feed.window.total_seconds()} for feed in found.feeds],
        "articles": [_article_record(one) for one in proposal.previews],
        "suggestions": {name: asdict(suggestion) for name, suggestion in proposal.suggestions.items()},
        "problems": [asdict(problem) for problem in proposal.problems],
        "source": {"name": source.name, **document(source)} if source else None,
    }


def print_proposal(proposal: Proposal) -> None:
    """Print a proposal for people."""
    found = proposal.discovery
    delay = f" · Crawl-delay {found.robots.delay:g} s" if found.robots.delay is not None else ""
    looked = f"{found.requests} address{'es' if found.requests != 1 else ''} looked at"
    robots = {True: " · robots.txt allows it", False: " · robots.txt does not allow all of it", None: ""}
    console.print(f"[bold]{escape(found.home)}[/bold]  [dim]{looked}{robots[proposal.robots_allow]}{delay}[/dim]")
    _print_feeds(proposal)
    for link in found.links[:3]:
        console.print(f"  [dim]{escape(link.text)}  {escape(link.url)}[/dim]", soft_wrap=True)
    for number, one in enumerate(proposal.previews, start=1):
        _print_article(number, one)
    if source := proposal.source:
        console.print(f"\n[bold]{source.name}[/bold]  {escape(source.title)}")
        values = {"country": source.country, "timezone": source.timezone, "interval": source.interval}
        for name, suggestion in proposal.suggestions.items():
            value = values[name]
            why = suggestion.why if value == suggestion.value else "as you say"
            unit = " s" if isinstance(value, float) else ""
            console.print(f"  {name:9} {shown(value)}{unit}  [dim]{escape(why)}[/dim]")
    for problem in proposal.problems:
        told = problem.detail.casefold() in problem.sentence.casefold()
        detail = "" if told else f" ({problem.detail})"
        console.print(f"\n[yellow]{escape(problem.sentence + detail)}[/yellow]", soft_wrap=True)
        console.print(f"  {escape(problem.next)}", soft_wrap=True)


def _print_feeds(proposal: Proposal) -> None:
    feeds = proposal.discovery.feeds
    if not feeds:
        return
    console.print()
    print_table(
        ["", "FEED", "KIND", "FOUND", "# ENTRIES", "NEWEST", "# A DAY", "TEXT", "# OVERLAP", "VERDICT"],
        [
            (
                "*" if feed.chosen else "",
                feed.url + (f"  {feed.pattern}" if feed.pattern else ""),
                feed.kind,
                feed.origin,
                feed.entries,
                feed.newest,
                None if feed.per_day is None else f"{feed.per_day:.0f}",
                feed.text,
                f"{feed.overlap:.0%}",
                feed.verdict + (f": {feed.detail}" if feed.detail else ""),
            )
            for feed in feeds
        ],
        empty="",
    )


def _print_article(number: int, one: Preview) -> None:
    article = one.article
    if article is None:
        console.print(f"\n[bold]{number}[/bold]  {escape(one.entry.title or one.url)}")
        console.print(f"   [yellow]not stored: {escape(one.verdict or '')}[/yellow] {escape(one.detail)}")
        return
    first, *_, last = [*article.text.split("\n\n"), ""][:-1] * 2
    console.print(f"\n[bold]{number}  {escape(article.title or '(no title)')}[/bold]")
    date = f"{article.published_at:%Y-%m-%d %H:%M %z}" if article.published_at else "no date"
    facts = (date, "، ".join(article.authors) or "no author", article.url)
    console.print(f"   [dim]{escape(' · '.join(facts))}[/dim]", soft_wrap=True)
    console.print(f"   {escape(_cut(first))}\n   …\n   {escape(_cut(last))}", soft_wrap=True)
    speakers = dict.fromkeys(quote.speaker.name for quote in article.quotes if quote.speaker)
    # Title, date and byline are taken out of the text because they are kept beside it.
    removed = [(one.text, one.reason) for one in article.removed if one.reason not in ("title", "date", "byline")]
    lines = {
        "hashtags": " ".join(tag.tag for tag in article.hashtags),
        "speakers": "، ".join(speakers),
        "removed": " | ".join(f"{reason}: {_cut(text, 40)}" for text, reason in removed[:4]),
    }
    for name, line in lines.items():
        console.print(f"   [dim]{name:9}[/dim] {escape(line or '–')}", soft_wrap=True)
    for doubt in one.doubts:
        console.print(f"   [yellow]looks wrong: {escape(doubt)}[/yellow]", soft_wrap=True)


def _article_record(one: Preview) -> dict[str, Any]:
    article = one.article
    record: dict[str, Any] = {
        "url": one.url, "verdict": one.verdict or "ok", "detail": one.detail, "doubts": list(one.doubts),
    }  # fmt: skip
    if article is not None:
        blocks = article.text.split("\n\n")
        record |= {
            "title": article.title,
            "published_at": article.published_at,
            "authors": list(article.authors),
            "words": len(article.text.split()),
            "first": blocks[0],
            "last": blocks[-1],
            "hashtags": [tag.tag for tag in article.hashtags],
            "speakers": list(dict.fromkeys(quote.speaker.name for quote in article.quotes if quote.speaker)),
            "removed": [{"text": block.text, "reason": block.reason} for block in article.removed],
        }
    return record


def _cut(text: str, length: int = LINE) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "…"
