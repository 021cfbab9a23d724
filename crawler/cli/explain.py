"""``rawi explain``: an article with its quotations, cues and speakers marked, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.output import JsonOption, console, errors, print_json, print_table
from crawler.cli.runtime import Exit, load_config, with_database
from pipelines.errors import PageRejected, RawiError

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from pipelines.model import Article

EXAMPLES = """
[bold]Examples[/bold]

  rawi explain 12

  rawi explain story.txt --html story-explained.html

  rawi explain saved.html --json | jq '.quotes[] | [.speaker, .rule, .confidence]'

On the terminal, words said are coloured by speaker (words reported without marks in italics), words of saying are
underlined and mentions of speakers bold. A number stands before each quotation; the table below says why it is one.
"""
#: Terminal colours of speakers, by their number.
_STYLES = ("cyan", "yellow", "green", "magenta", "blue", "bright_red", "bright_cyan", "red")


def explain_command(
    what: Annotated[
        str,
        typer.Argument(help="Number of a stored article, or a file with a text or a page.", metavar="FILE|ARTICLE"),
    ],
    html: Annotated[Path | None, typer.Option(help="Write a page for the browser to this file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show who says what in an article, and why: quotations, words of saying and speakers marked in the text.

    A stored article is read by the rules of this version, whichever it was stored by.
    """
    from crawler.explain import page
    from pipelines.records import article_record

    article, heading = _article(what)
    if html is not None:
        html.write_text(page(article, heading), "utf-8")
        errors.print(f"Written to {html}")
    if as_json:
        print_json(article_record(article))
    elif html is None:
        _print(article, heading)


def _article(what: str) -> tuple[Article, str]:
    """Return what is to be explained, and its heading."""
    from datetime import UTC, datetime

    from pipelines.analyse import analyse, analyse_text
    from pipelines.model import Page
    from pipelines.storage.reports import Reports

    file = Path(what)
    if file.is_file():
        body = file.read_bytes()
        if file.suffix.lower() not in (".html", ".htm"):
            return analyse_text(body.decode("utf-8", "replace")), file.name
        try:
            article = analyse(Page(url=file.resolve().as_uri(), body=body, fetched_at=datetime.now(UTC)))
        except PageRejected as verdict:
            console.print(f"[bold]Rejected[/bold] {escape(str(verdict))}")
            raise typer.Exit(Exit.SOME_FAILED) from None
        return article, article.title or file.name
    if not what.isdecimal():
        raise RawiError(f"neither a file nor the number of an article: {what}; see: rawi articles list")

    async def read(pool: AsyncConnectionPool) -> dict[str, str | None] | None:
        return await Reports(pool).article(int(what))

    stored = with_database(load_config(), read)
    if stored is None:
        raise RawiError(f"there is no article {what}; see: rawi articles list")
    return analyse_text(stored["text"] or ""), stored["title"] or f"article {what}"


def _print(article: Article, heading: str) -> None:
    from crawler.explain import RULES
    from crawler.marking import colours, paragraphs, segments

    colour = colours(article)
    console.print(f"[bold]{escape(heading)}[/bold]\n")
    for span in paragraphs(article):
        for segment in segments(article, span):
            for number in segment.begins:
                console.print(f"[dim]\\[{number + 1}][/dim]", end="")
            style = " ".join(filter(None, ("underline" * segment.cue, "bold" * segment.mention)))
            if segment.quotes:
                quote = article.quotes[segment.quotes[-1]]
                tone = _STYLES[colour[quote.speaker.name]] if quote.speaker else "reverse"
                style += f" {tone}{' italic' if quote.kind == 'indirect' else ''}"
            console.print(segment.text, style=style or None, markup=False, end="", soft_wrap=True)
        console.print("\n")
    print_table(
        ["#", "SPEAKER", "ROLE", "KIND", "CUE", "# SURE", "WHY"],
        [
            (
                number,
                quote.speaker.name if quote.speaker else None,
                quote.speaker.role if quote.speaker else None,
                quote.kind.value,
                quote.cue.of(article.text) if quote.cue else None,
                f"{quote.confidence:.2f}",
                f"{quote.rule}: {RULES.get(quote.rule, '')}",
            )
            for number, quote in enumerate(article.quotes, start=1)
        ],
        empty="Nobody is quoted.",
    )
