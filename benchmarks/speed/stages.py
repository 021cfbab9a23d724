"""Where does the time of an article go? Analysis by its stages, handing over to other processes, and saving.

Stages are timed from outside: the functions that analysis calls are replaced by ones that keep the time, in this
process only. What no stage accounts for is shown as such. Figures are milliseconds of processor time an article.
"""

from __future__ import annotations

import importlib
import pickle
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from benchmarks.speed.pages import Specimen
from benchmarks.speed.processes import own_cpu
from pipelines.analyse import analyse
from pipelines.model import Page
from pipelines.storage.pool import open_pool
from pipelines.storage.store import Settled, Store

#: What analysis calls, by stage. Who renames one of them finds it missing here.
STAGES = {
    "parse": ("pipelines.extract.decode", "pipelines.extract.parse_html"),
    "metadata": ("pipelines.extract.extract_metadata",),
    "extract": ("pipelines.extract.extract_body",),
    "quotations": ("pipelines.analyse.find_quotes",),
    "language": (
        "pipelines.analyse.identify", "pipelines.analyse.find_hashtags", "pipelines.analyse.fingerprint",
        "pipelines.analyse.sketch", "pipelines.analyse.article_vector",
    ),
}  # fmt: skip
#: Articles saved in one transaction, as a crawl does.
BATCH = 32


def stages(specimens: Sequence[Specimen], rounds: int) -> dict[str, dict[str, float]]:
    """Return the stages of analysing cold and warm pages, medians of the rounds."""
    kinds: dict[str, list[Page]] = {"cold": [s.cold for s in specimens], "warm": [s.warm for s in specimens]}
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for pages in kinds.values():  # the first time, libraries load what they need
        _analysed(pages)
    for _ in range(rounds):
        for kind, pages in kinds.items():
            found[kind].append(_analysed(pages))
    return {
        kind: {name: statistics.median(row[name] for row in rows) for name in rows[0]} for kind, rows in found.items()
    }


def _analysed(pages: Sequence[Page]) -> dict[str, float]:
    spent: defaultdict[str, float] = defaultdict(float)
    with ExitStack() as stack:
        for stage, names in STAGES.items():
            for name in names:
                stack.enter_context(_timed(name, stage, spent))
        began = time.process_time()
        articles = [analyse(page) for page in pages]
        whole = time.process_time() - began
    began = time.process_time()
    for page, article in zip(pages, articles, strict=True):
        pickle.loads(pickle.dumps(page, pickle.HIGHEST_PROTOCOL))
        pickle.loads(pickle.dumps(article, pickle.HIGHEST_PROTOCOL))
    handing = time.process_time() - began
    rows = {**{stage: spent[stage] for stage in STAGES}, "other": whole - sum(spent.values()), "handing over": handing}
    return {name: 1000 * seconds / len(pages) for name, seconds in rows.items()}


@contextmanager
def _timed(name: str, stage: str, spent: defaultdict[str, float]) -> Iterator[None]:
    module, _, attribute = name.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)

    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[stage] += time.process_time() - began

    with patch(name, timed):
        yield


async def saving(url: str, specimens: Sequence[Specimen]) -> dict[str, float]:
    """Return what saving costs here and in Postgres; ``url`` is a database that has the sources and no articles."""
    pages = [specimen.warm for specimen in specimens]
    articles = [analyse(page) for page in pages]
    async with open_pool(url, size=1) as pool:
        async with pool.connection() as connection:
            cursor = await connection.execute("SELECT name, id, pg_backend_pid() FROM sources")
            rows = await cursor.fetchall()
        numbers, backend = {name: number for name, number, _ in rows}, rows[0][2]
        settled = [
            Settled(numbers[page.rules.source], page.url, page.fetched_at, article, page=page)
            for page, article in zip(pages, articles, strict=True)
        ]
        store, client, server = Store(pool), time.process_time(), own_cpu(backend)
        for first in range(0, len(settled), BATCH):
            await store.save(settled[first : first + BATCH])
        client, server = time.process_time() - client, own_cpu(backend) - server
    return {"save, here": 1000 * client / len(pages), "save, in Postgres": 1000 * server / len(pages)}
