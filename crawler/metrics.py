"""Metrics for Prometheus: what the database knows, and what one worker did.

Both `rawi worker --metrics` and the web application show the first::

    registry.register(DatabaseCollector(url, lease=config.lease))   # asks the database whenever it is scraped
    generate_latest(registry)

The collector opens one connection a scrape, in the calling thread (so call it from a thread, not from a loop), runs
nine short queries, and yields gauges named ``rawi_*``; a database that is away is ``rawi_database_up 0`` and nothing
else. :class:`Counters` are of one process, and begin at zero with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from psycopg.rows import dict_row

from crawler.report import CrawlReport, Unwatched
from pipelines.errors import ConfigurationError
from pipelines.storage.pool import CONNECT_TIMEOUT, SESSION
from pipelines.storage.sql import load_queries

SQL = load_queries("crawler", "metrics.sql")

#: Metrics with one value, each a column of a query.
SINGLE = (
    ("feeds", "feeds", "rawi_feeds", "Feeds of enabled sources"),
    ("feeds", "due", "rawi_feeds_due", "Feeds whose time has come"),
    ("feeds", "late", "rawi_feeds_late", "Feeds that have been due for over 15 minutes"),
    ("feeds", "failing", "rawi_feeds_failing", "Feeds whose last poll failed"),
    ("feeds", "lag", "rawi_poll_lag_seconds", "For how long the longest overdue feed has been due"),
    ("workers", "workers", "rawi_workers", "Workers that have given a sign of life lately"),
    ("runs", "running", "rawi_runs_running", "Crawls under way"),
    ("pending", "pending", "rawi_entries_pending", "Pages that are announced and still to be fetched"),
    ("articles", "articles", "rawi_articles", "Articles stored, as Postgres estimates it"),
)
#: Metrics with a value for each of something: query, label, value.
LABELLED = (
    ("sources", "state", "sources", "rawi_sources", "Sources by state"),
    ("source_health", "health", "sources", "rawi_sources_health", "Sources by their last check"),
    ("jobs", "status", "jobs", "rawi_queue_jobs", "Jobs in the queue by status"),
    ("polls", "verdict", "polls", "rawi_polls_last_hour", "Polls of the last hour by verdict"),
    ("pages", "verdict", "pages", "rawi_pages_last_hour", "Pages settled in the last hour: stored, or why not"),
    ("quarantine", "reason", "kept", "rawi_quarantine", "Pages and feeds in quarantine by reason"),
)


class DatabaseCollector(Collector):
    """Reads gauges from the database at ``url``; ``lease`` (seconds) says for how long a silent worker counts."""

    def __init__(self, url: str, *, lease: float) -> None:
        self._url = url
        self._lease = lease

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Called by Prometheus' client, for each scrape."""
        try:
            with psycopg.connect(
                self._url, autocommit=True, connect_timeout=CONNECT_TIMEOUT, options=SESSION, row_factory=dict_row
            ) as connection:
                answers = {name: self._ask(connection, name) for name in SQL}
        except psycopg.Error:
            yield _gauge("rawi_database_up", "Whether the database answers", [((), 0)])
            return
        yield _gauge("rawi_database_up", "Whether the database answers", [((), 1)])
        for query, column, name, said in SINGLE:
            yield _gauge(name, said, [((), row[column]) for row in answers[query]])
        for query, label, column, name, said in LABELLED:
            yield _gauge(name, said, [((row[label],), row[column]) for row in answers[query]], label)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Called when it is registered; the database need not be there then."""
        return ()

    def _ask(self, connection: psycopg.Connection[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        return connection.execute(SQL[name], {"lease": self._lease}).fetchall()


class Counters(Unwatched):
    """What this process did, counted; an observer of its crawls."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._polls = Counter("rawi_polls", "Polls by verdict", ["verdict"], registry=registry)
        self._pages = Counter("rawi_pages", "Pages by what became of them", ["verdict"], registry=registry)
        self._crawls = Counter("rawi_crawls", "Crawls by outcome", ["outcome"], registry=registry)
        self._seconds = Histogram("rawi_crawl_seconds", "Duration of a crawl", registry=registry)
        self._stages = Histogram("rawi_stage_seconds", "Time of one page in a stage", ["stage"], registry=registry)

    def crawled(self, report: CrawlReport) -> None:
        """Count what a crawl did."""
        self._crawls.labels(report.outcome).inc()
        self._seconds.observe(report.seconds)
        for source in report.sources.values():
            for verdict, polls in source.feeds.items():
                self._polls.labels(verdict).inc(polls)
            pages = {"new": source.new, "updated": source.updated, "unchanged": source.unchanged, **source.rejected}
            for verdict, count in pages.items():
                self._pages.labels(verdict).inc(count)

    def timed(self, stage: str, seconds: float) -> None:
        """Note how long a page was in a stage."""
        self._stages.labels(stage).observe(seconds)


@contextmanager
def counted(address: str | None, url: str, *, lease: float) -> Iterator[Counters]:
    """Yield the counters of this process, and serve them, with what the database knows, at ``address`` (host:port).

    They are served from a thread of their own; without an address by nobody. Raises
    :class:`~pipelines.errors.ConfigurationError` when nothing can be served there.
    """
    registry = CollectorRegistry()
    counters = Counters(registry)
    if address is None:
        yield counters
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigurationError(f"{address} is no address to serve metrics at, as 127.0.0.1:9100 is")
    registry.register(DatabaseCollector(url, lease=lease))
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), registry)
    except OSError as error:
        raise ConfigurationError(f"no metrics can be served at {address}: {error.strerror or error}") from error
    try:
        yield counters
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _gauge(name: str, said: str, values: list[tuple[tuple[str, ...], float]], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family
