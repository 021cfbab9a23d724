"""``rawi search``: find articles and quotations by their words."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, errors, print_json, shown
from crawler.cli.runtime import load_config, with_database
from crawler.moments import parse_moment

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.search.snippets import Snippet
    from pipelines.storage.search import ArticleHit, Found, QuoteHit

EXAMPLES = """
[bold]Examples[/bold]

  rawi search 'بغداد'                           also وببغداد, ولبغداد, بَغداد

  rawi search '"مجلس النواب" -كرة' --since 7d    a phrase, without a word, of the last week

  rawi search 'السد | الجسر' --source example     one of the two

  rawi search 'تفجير*'                           words that begin like this

  rawi search 'العقد' --quotes --speaker 'سعاد النجار' --json | jq -r '.quotes[].text'

Spelling does not matter (أ إ آ ا, ى ي, ة ه, tashkeel, tatweel, ٣ 3), nor does the article, nor what is written together
with a word (و ف ب ل ك). A phrase is found as it is said. The best come first; news counts for more.
"""

SinceOption = Annotated[str | None, typer.Option(help="Not older: 2026-11-24, or 36h, 7d, 2w, 6m ago.", metavar="WHEN")]
UntilOption = Annotated[str | None, typer.Option(help="Older than this moment.", metavar="WHEN")]


def search_command(
    query: Annotated[str, typer.Argument(help='Words, "phrases", -exclusions, a | b, begin*.', metavar="QUERY")],
    quotes: Annotated[bool, typer.Option("--quotes", help="Look in what was said, not in articles.")] = False,
    speaker: Annotated[str | None, typer.Option(help="Only where somebody of this name is quoted.")] = None,
    hashtag: Annotated[str | None, typer.Option(help="Only with this hashtag.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many, the best first.")] = 10,
    offset: Annotated[int, typer.Option(min=0, max=1_000, help="Leave out so many of the best.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Find articles by their words, or with --quotes what was said: in any spelling, with the passage that answers."""
    from crawler.sources.repository import Sources
    from pipelines.search.query import parse_query
    from pipelines.storage.search import Filters, Search

    now = datetime.now(UTC)
    parsed = parse_query(query)
    filters = Filters(source, speaker, hashtag, parse_moment(since, now), parse_moment(until, now))

    async def find(pool: AsyncConnectionPool) -> tuple[Found, int]:
        if source is not None:
            await Sources(pool).check_named(source)
        search = Search(pool, now=now)
        look = search.quotes if quotes else search.articles
        return await look(parsed, filters, limit=limit, offset=offset), await search.unindexed()

    found, unindexed = with_database(load_config(), find)
    if as_json:
        print_json(_record(query, found, unindexed))
    else:
        _print(found, offset)
    if unindexed:
        errors.print(f"{unindexed} older articles are not indexed yet and cannot be found. Next: rawi db reindex")


def _record(query: str, found: Found, unindexed: int) -> dict[str, Any]:
    return {
        "query": query,
        "total": found.total,
        "unindexed": unindexed,
        "articles": [_hit(hit) for hit in found.articles],
        "quotes": [_hit(hit) for hit in found.quotes],
    }


def _hit(hit: ArticleHit | QuoteHit) -> dict[str, Any]:
    record = {**asdict(hit), "snippet": hit.snippet.marked("[", "]"), "text": hit.snippet.text}
    record["hits"] = [asdict(span) for span in hit.snippet.hits]
    record.pop("title_marks", None)
    return record


def _print(found: Found, offset: int) -> None:
    for hit in found.articles:
        console.print(f"{_marked(hit.title_marks) or '(no title)'} [dim]· {hit.id}[/dim]", soft_wrap=True)
        console.print(f"[dim]{shown(hit.at)} · {escape(hit.source)} · {escape(hit.url)}[/dim]", soft_wrap=True)
        console.print(_marked(hit.snippet), soft_wrap=True)
        console.print()
    for said in found.quotes:
        who = " · ".join(part for part in (said.speaker or "–", said.role) if part)
        console.print(f"[bold]{escape(who)}[/bold] [dim]· {said.kind} · article {said.article_id}[/dim]")
        console.print(_marked(said.snippet), soft_wrap=True)
        console.print(f"[dim]{shown(said.at)} · {escape(said.source)}[/dim]\n", soft_wrap=True)
    number = len(found.articles) + len(found.quotes)
    if number:
        console.print(f"[dim]{offset + 1}-{offset + number} of {found.total}[/dim]")
    else:
        console.print(
            "[dim]Nothing answers this query. Fewer words find more; | gives a choice, begin* a beginning.[/dim]"
        )


def _marked(snippet: Snippet) -> str:
    """Return a passage for the terminal; the hits are set off, also where there are no colours."""
    marks = ("\0", "\1")
    text = escape(snippet.marked(*marks))
    opening, closing = ("[bold reverse]", "[/]") if console.is_terminal else ("\\[", "]")
    return text.replace(marks[0], opening).replace(marks[1], closing)
