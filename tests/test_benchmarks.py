"""The benchmarks run; how fast is their business, never a test's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_extraction_benchmark_runs_and_reads_every_page_to_the_word() -> None:
    command = [sys.executable, "-m", "benchmarks.extraction", "--rounds", "1", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["pages"] == 24
    assert all(way["ms"] > 0 for way in found["ways"].values())


def test_the_benchmark_of_quotations_runs_and_measures_every_article() -> None:
    command = [sys.executable, "-m", "benchmarks.quotes", "--rounds", "1", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["articles"] > 10
    assert all(found[name] > 0 for name in ("median_ms", "p99_ms", "of_extraction", "linearity", "hostile_s"))
    assert found["hostile"]


def test_the_benchmark_of_readers_runs_and_every_route_answers() -> None:
    command = [sys.executable, "-m", "benchmarks.web", "200", "--readers", "4", "--think", "0", "--seconds", "2"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    _, *routes, _, _ = run.stdout.splitlines()
    assert len(routes) > 10
    assert all(line.startswith("/") for line in routes), run.stdout


def test_the_benchmark_of_second_polls_runs_and_asks_for_every_feed() -> None:
    command = [sys.executable, "-m", "benchmarks.repoll", "--feeds", "20", "--hosts", "10", "--rounds", "1", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    ways = json.loads(run.stdout)["ways"]
    assert ways.keys() == {"Rawi", "download only"}
    assert all(way["feeds_per_second"] > 0 and way["client_cpu"] > 0 for way in ways.values())
    assert ways["Rawi"]["robots"] == 0


def test_the_benchmark_of_starting_runs_and_a_first_request_is_seen() -> None:
    command = [sys.executable, "-m", "benchmarks.startup", "--runs", "1", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert all(seconds > 0 for seconds in json.loads(run.stdout).values())


def test_the_simulation_of_polling_counts_every_article_once_for_every_policy() -> None:
    command = [sys.executable, "-m", "benchmarks.polling", "--feeds", "25", "--days", "4", "--json"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    policies = json.loads(run.stdout)["policies"]
    assert {"every 60 minutes", "miniflux", "Media Cloud rss-fetcher", "Rawi"} <= policies.keys()
    assert all(policy["requests"] > 0 and policy["stored"] > 0 for policy in policies.values())
    assert policies["Rawi"]["lost"] == 0


def test_every_make_of_the_news_web_is_stored_word_for_word_by_sources_never_seen_and_known(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    sizes = ["--articles", "20", "--feeds", "10", "--learned", "20", "--rounds", "1", "--sample", "10"]
    command = [sys.executable, "-m", "benchmarks.speed", *sizes, "--json", str(results)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(results.read_text("utf-8"))
    assert len(found["web"]["makes"]) == 10
    for name in ("Rawi cold", "Rawi warm"):
        assert found["contenders"][name]["stored"] == 20
        assert found["contenders"][name]["exact_texts"] == 1
    assert all(row["per_second"] > 0 for row in found["contenders"].values())
    assert all(row["ms"] > 0 for row in found["readers"].values())
    assert results.with_suffix(".svg").read_text("utf-8").startswith("<svg")


def test_the_benchmark_of_growth_crawls_into_stores_of_each_size(tmp_path: Path) -> None:
    results = tmp_path / "growth.json"
    sizes = ["--stored", "20", "60", "--articles", "5", "--feeds", "1", "--rounds", "1"]
    command = [sys.executable, "-m", "benchmarks.growth", *sizes, "--json", str(results)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    levels = json.loads(results.read_text("utf-8"))["levels"]
    assert [level["stored"] for level in levels.values()] == [5, 5]
