"""Metrics and probes: what is told, and that dashboard and alerts ask for nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from psycopg_pool import AsyncConnectionPool

from crawler.metrics import Counters
from tests.crawler.web.conftest import Serve
from tests.pipelines.storage.conftest import fetch

DEPLOY = Path(__file__).parents[3] / "docs" / "deploy"


def test_metrics_tell_what_the_database_knows(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    families = {family.name: family for family in text_string_to_metric_families(client.get("/metrics").text)}
    assert families["rawi_database_up"].samples[0].value == 1
    assert families["rawi_feeds"].samples[0].value == 2
    assert {sample.labels["state"]: sample.value for sample in families["rawi_sources"].samples} == {"enabled": 2}


@pytest.mark.parametrize("file", ["grafana.json", "alerts.yml"])
def test_every_metric_that_is_asked_for_exists(file: str, store: AsyncConnectionPool, serve: Serve) -> None:
    registry = CollectorRegistry()
    Counters(registry)
    known = {family.name for text in (serve().get("/metrics").text,) for family in text_string_to_metric_families(text)}
    for family in registry.collect():
        known |= {family.name + end for end in ("_total", "_bucket", "_count", "_sum")}
    asked = set(re.findall(r"\brawi_\w+", (DEPLOY / file).read_text("utf-8")))
    assert asked
    assert asked <= known, asked - known


def test_the_dashboard_is_json_with_a_query_in_each_panel() -> None:
    panels = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])


async def test_probes_tell_alive_from_ready(store: AsyncConnectionPool, serve: Serve) -> None:
    client = serve()
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
    await fetch(store, "DELETE FROM schema_migrations WHERE version = 9 RETURNING version")
    outdated = client.get("/readyz")
    assert (outdated.status_code, outdated.headers["retry-after"]) == (503, "5")
    assert "rawi db migrate" in outdated.json()["detail"]
    assert client.get("/healthz").status_code == 200
