"""The ``rawi`` command: one module for each noun, and this one that puts them together.

Heavy packages (scrapy, trafilatura, psycopg) are imported inside the commands, so that ``rawi --help`` is instant.
"""

from __future__ import annotations

import gc
import os
import sys

import typer
from rich.markup import escape

from crawler.cli import (
    analyse,
    articles,
    backfill,
    boilerplate,
    crawl,
    db,
    demo,
    duplicates,
    explain,
    export,
    extract,
    forget,
    history,
    pages,
    quarantine,
    replay,
    runs,
    search,
    serve,
    sources,
    speakers,
    status,
    worker,
)
from crawler.cli.output import console, errors
from crawler.cli.runtime import Exit
from pipelines.errors import ConfigurationError, DatabaseError, RawiError

EXIT_CODES = """
Exit status: 0 done · 1 some items failed · 2 wrong usage · 3 database unavailable · 4 wrong configuration ·
130 interrupted. Settings are RAWI_* variables; docs/cli.md lists them.
"""

app = typer.Typer(
    name="rawi",
    help="Rawi (راوي) ingests Arabic news: feeds become clean articles, with their hashtags and quoted speakers, "
    "in Postgres.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(sources.app, name="sources")
app.command("crawl", epilog=crawl.EXAMPLES)(crawl.crawl_command)
app.command("worker", epilog=worker.EXAMPLES)(worker.worker_command)
app.command("status", epilog=status.EXAMPLES)(status.status_command)
app.add_typer(runs.app, name="runs")
app.add_typer(quarantine.app, name="quarantine")
app.command("backfill", epilog=backfill.EXAMPLES)(backfill.backfill_command)
app.add_typer(articles.app, name="articles")
articles.app.command("history")(history.history_command)
articles.app.command("diff", epilog=history.DIFF_EXAMPLES)(history.diff_command)
articles.app.command("changes")(history.changes_command)
# «-كرة» leaves a word out; it is no option.
app.command("search", epilog=search.EXAMPLES, context_settings={"ignore_unknown_options": True})(search.search_command)
app.add_typer(duplicates.app, name="duplicates")
app.add_typer(speakers.app, name="speakers")
app.add_typer(pages.app, name="pages")
app.command("ingest", epilog=pages.INGEST_EXAMPLES)(pages.ingest_command)
app.command("export", epilog=export.EXAMPLES)(export.export_command)
app.command("replay", epilog=replay.EXAMPLES)(replay.replay_command)
app.add_typer(boilerplate.app, name="boilerplate")
app.command("extract", epilog=extract.EXAMPLES)(extract.extract_command)
app.command("explain", epilog=explain.EXAMPLES)(explain.explain_command)
app.command("analyse", epilog=analyse.EXAMPLES)(analyse.analyse_command)
app.command("forget", epilog=forget.EXAMPLES)(forget.forget_command)
app.add_typer(db.app, name="db")
app.command("serve", epilog=serve.EXAMPLES)(serve.serve_command)
app.command("demo", epilog=demo.EXAMPLES)(demo.demo_command)


@app.command("version")
def version_command() -> None:
    """Print Rawi's version."""
    from importlib.metadata import version

    console.print(version("rawi"))


def main() -> None:
    """Run the command line; everything that Rawi raises on purpose becomes one sentence and an exit status."""
    # After so many new objects circles of garbage are looked for: after Python's 700, only among what is imported.
    gc.set_threshold(10_000)
    try:
        app()
    except ConfigurationError as error:
        _fail(error, Exit.CONFIGURATION)
    except DatabaseError as error:
        _fail(error, Exit.DATABASE)
    except RawiError as error:
        _fail(error, Exit.USAGE)
    except KeyboardInterrupt:
        errors.print("Interrupted.")
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing to say, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.SOME_FAILED)
    except OSError as error:
        if error.filename is None:
            raise
        # A file that was named on the command line and cannot be read or written.
        _fail(f"{str(error.filename).removesuffix('.part')}: {error.strerror}", Exit.USAGE)


def _fail(error: RawiError | str, status: Exit) -> None:
    # What an error quotes is not markup: 'rawi[parquet]' is to be read whole.
    errors.print(f"[bold red]rawi:[/bold red] {escape(str(error))}", markup=True)
    sys.exit(status)
