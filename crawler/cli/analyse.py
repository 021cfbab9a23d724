"""``rawi analyse``: pages on disk in, clean articles with their quotations out."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from crawler.cli.output import counting, errors
from crawler.cli.runtime import load_config, with_database

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from crawler.config import Config
    from pipelines.model import SourceRules
    from pipelines.records import Answer, Job
    from pipelines.workers import AnalysisPool

#: A longer line is answered with an error and skipped, bytes. The largest page that a crawl accepts is far smaller.
MAX_LINE = 64 * 1024**2
#: One task for a worker: enough lines that handing them over costs little, few enough to keep memory small.
CHUNK_LINES = 16
CHUNK_BYTES = 2 * 1024**2

_SOURCE = re.compile(rb'"source"\s*:\s*"([a-z0-9][a-z0-9._-]*)"')

EXAMPLES = """
[bold]Examples[/bold]

  rawi analyse pages.jsonl > articles.jsonl

  zcat pages.jsonl.gz | rawi analyse --workers 8 | jq -r '.quotes[] | "\\(.speaker): \\(.text)"'

  echo '{"id": "1", "text": "قال الوزير إن العمل بدأ."}' | rawi analyse

A line in is {"id", "url", "html"} or {"id", "text"}; optional are "feed_title", "published_at", "fetched_at",
"timezone", "parts" (the HTML of the pages that continue the article) and "source": such a page is read by the rules of
that source and what was learned of it, where there is a database. Lines come out in the same order. A bad one becomes
{"id", "error", "reason"}; the run goes on and the exit status is 1 at the end.
"""


def analyse_command(
    file: Annotated[
        Path | None,
        typer.Argument(help="JSON Lines; standard input when left out.", exists=True, dir_okay=False),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one for each core.")] = None,
    page_timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one page.")] = None,
) -> None:
    """Analyse pages or texts as JSON Lines: clean text, hashtags, and who said what.

    Needs no database, except to read pages by what was learned of their source.
    """
    config = load_config()
    if workers or page_timeout:
        config = config.model_copy(
            update={"workers": workers or config.workers, "page_timeout": page_timeout or config.page_timeout}
        )
    with file.open("rb") if file else sys.stdin.buffer as stream, counting("pages") as count:
        done, bad = asyncio.run(_answer_all(stream, config, count))
    if bad:
        errors.print(f"{bad} of {done} records could not be analysed: the lines with an error say why.")
        raise typer.Exit(1)


async def _answer_all(stream: BinaryIO, config: Config, count: Callable[[int], None]) -> tuple[int, int]:
    """Answer every line of ``stream`` on standard output, in order; return how many there were, and how many bad."""
    from pipelines.records import Job
    from pipelines.workers import AnalysisPool

    done = bad = 0
    now = datetime.now(UTC)
    known: dict[str, SourceRules] | None = None
    async with AnalysisPool(config.workers, page_timeout=config.page_timeout) as pool:
        chunks = _chunks(stream)
        window: deque[asyncio.Task[list[Answer]]] = deque()
        ended = False
        while not ended or window:
            # The window bounds memory and keeps the order: answers wait only for those before them.
            while not ended and len(window) < 4 * pool.workers:
                chunk = await asyncio.to_thread(next, chunks, None)
                ended = chunk is None
                if chunk is not None:
                    named = _named_sources(chunk)
                    if named and known is None:
                        known = await asyncio.to_thread(_known_rules, config)
                    rules = {name: known[name] for name in named if name in known} if known else {}
                    window.append(asyncio.create_task(_answer(pool, Job(chunk, now, rules))))
            if window:
                answers = await window.popleft()
                sys.stdout.write("".join(f"{answer.line}\n" for answer in answers))
                done += len(answers)
                bad += sum(not answer.good for answer in answers)
                count(done)
        sys.stdout.flush()
    return done, bad


async def _answer(pool: AnalysisPool, job: Job) -> list[Answer]:
    from pipelines.errors import PageRejected
    from pipelines.records import analyse_lines, bad_record

    try:
        return await pool.run(analyse_lines, job, timeout=pool.page_timeout)
    except PageRejected as verdict:
        if len(job.lines) == 1:
            return [bad_record(_identifier(job.lines[0]), verdict.reason, verdict.detail)]
    # One of them took the worker down, or the time of all: alone, each gets its own worker and its own time.
    return [answer for line in job.lines for answer in await _answer(pool, replace(job, lines=(line,)))]


def _named_sources(lines: Iterable[bytes | None]) -> set[str]:
    """Return the names of sources that lines may mean; found without reading them as JSON, so perhaps too many."""
    return {match[1].decode() for line in lines if line for match in _SOURCE.finditer(line)}


def _known_rules(config: Config) -> dict[str, SourceRules]:
    """Return the rules of every source, by name; none where Rawi has never had a database."""
    from crawler.sources.repository import Sources
    from pipelines.storage.learning import RuleBook

    if config.database_url is None and not config.data_dir.exists():
        return {}

    async def read(pool: AsyncConnectionPool) -> dict[str, SourceRules]:
        sources = await Sources(pool).select()
        learned = await RuleBook(pool).effective([source.id for source in sources])
        return {source.name: replace(source.rules, learned=learned[source.id]) for source in sources}

    return with_database(config, read)


def _identifier(line: bytes | None) -> object:
    try:
        record = json.loads(line or b"")
    except (ValueError, RecursionError):
        return None
    return record.get("id") if isinstance(record, dict) else None


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes | None, ...]]:
    chunk: list[bytes | None] = []
    size = 0
    for line in _lines(stream):
        chunk.append(line)
        size += len(line or b"")
        if len(chunk) == CHUNK_LINES or size >= CHUNK_BYTES:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines that are not blank; ``None`` stands for one that is too long to be held."""
    while line := stream.readline(MAX_LINE):
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            if line.strip():
                yield line
            continue
        yield None
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
