"""The command line as people and scripts use it: real processes, exit statuses, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RAWI = str(Path(sys.executable).with_name("rawi"))


def rawi(
    *words: str, database: str | None = None, stdin: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAWI_")} | variables
    if database:
        environment["RAWI_DATABASE_URL"] = database
    return subprocess.run([RAWI, *words], env=environment, input=stdin, capture_output=True, text=True, check=False)


def test_sources_from_adding_to_removing(database_url: str) -> None:
    added = rawi(
        "sources",
        "add",
        "https://www.nahr.example/feed/",
        "--offline",
        "--timezone",
        "Asia/Baghdad",
        database=database_url,
    )
    assert (added.returncode, "nahr" in added.stdout) == (0, True)
    [listed] = json.loads(rawi("sources", "list", "--json", database=database_url).stdout)
    assert (listed["name"], listed["feeds"][0]["url"], listed["enabled"]) == (
        "nahr",
        "https://www.nahr.example/feed/",
        True,
    )
    assert rawi("sources", "disable", "nahr", database=database_url).returncode == 0
    shown = json.loads(rawi("sources", "show", "nahr", "--json", database=database_url).stdout)
    assert (shown["enabled"], shown["discovered"], shown["stored"]) == (False, 0, 0)
    assert rawi("sources", "enable", "nahr", database=database_url).returncode == 0
    assert rawi("sources", "remove", "nahr", database=database_url).returncode == 0
    assert json.loads(rawi("sources", "list", "--json", database=database_url).stdout) == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["sources", "add", "not-an-address"], "http"),
        (["sources", "add", "https://nahr.example/f", "--timezone", "Mars/Base"], "time zone"),
        (["sources", "add", "https://nahr.example/f", "--country", "Iraq"], "ISO 3166"),
        (["sources", "show", "nobody"], "rawi sources list"),
        (["crawl", "nobody"], "rawi sources list"),
        (["articles", "show", "1"], "rawi articles list"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence_and_exits_2(database_url: str, words: list[str], complaint: str) -> None:
    done = rawi(*words, database=database_url)
    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_database_that_is_absent_is_one_clear_line_and_exits_3() -> None:
    done = rawi("crawl", database="postgresql://rawi:secret@127.0.0.1:1/rawi")
    assert done.returncode == 3
    assert "does not answer" in " ".join(done.stderr.split())
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_schema_that_is_old_exits_3_and_migrate_mends_it(empty_database_url: str) -> None:
    assert rawi("sources", "list", database=empty_database_url).returncode == 3
    assert "initial" in rawi("db", "migrate", database=empty_database_url).stdout
    assert rawi("sources", "list", database=empty_database_url).returncode == 0
    status = json.loads(rawi("db", "status", "--json", database=empty_database_url).stdout)
    assert all(migration["applied_at"] for migration in status["migrations"])


def test_a_wrong_setting_is_named_and_exits_4() -> None:
    done = rawi("crawl", RAWI_CONCURRENCY="many")
    assert done.returncode == 4
    assert "RAWI_CONCURRENCY" in done.stderr


def test_analyse_keeps_the_order_and_exits_1_when_a_line_is_bad(tmp_path: Path) -> None:
    good = [{"id": n, "text": f"قال الوزير سالم الحمداني إن العمل رقم {n} بدأ."} for n in range(200)]
    lines = [json.dumps(record, ensure_ascii=False) for record in good]
    lines[77] = "{broken"
    file = tmp_path / "pages.jsonl"
    file.write_text("\n\n".join(lines))
    done = rawi("analyse", str(file), "--workers", "2")
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == [None if n == 77 else n for n in range(200)]
    assert answers[77]["reason"] == "not-json"
    assert answers[5]["quotes"][0]["speaker"] == "سالم الحمداني"
    assert rawi("analyse", stdin=lines[0]).returncode == 0


def test_the_demo_shows_the_main_job_and_leaves_nothing_running(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.geteuid() and str(folder) != "/":
            folder.chmod(folder.stat().st_mode | 0o055)
    home = tmp_path / "data"
    for _ in range(2):
        done = rawi("demo", RAWI_DATA_DIR=str(home), COLUMNS="160")
        assert done.returncode == 0, done.stderr
        for shown in (
            "demo-rafid",
            "demo-marsa",
            "unchanged (304)",
            "أمل الزبيدي",
            "24 before, 24 after",
            "sources add",
        ):
            assert shown in done.stdout
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(home) not in processes
