"""Out: every form has every row and column, memory stays small, and the documented queries run."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from pipelines.storage.duplicates import Duplicates
from pipelines.storage.export import COLUMNS, Kind
from pipelines.storage.people import People
from pipelines.storage.store import Store
from tests.crawler.cli.test_commands import RAWI, rawi
from tests.pipelines.storage.conftest import NOW, add_source, fetch, made

DOCS = Path(__file__).parents[3] / "docs"
TEXT = "وقالت وزيرة المياه سعاد النجار: «السد الجديد سيكتمل في موعده، والعمل، بلا توقف»، وشكرت الأهالي #وادي_الزيتون"
QUERIES = re.findall(r"```sql\n(SELECT.*?)```", (DOCS / "sql.md").read_text("utf-8"), re.DOTALL)


async def save(pool: AsyncConnectionPool, number: int = 30) -> None:
    first, second = await add_source(pool, "nahr"), await add_source(pool, "bahr")
    await Store(pool).save([
        made(second if i % 2 else first, i, f"{TEXT}\n\nالخبر رقم {i} من \"الوادي\".", hours=-i) for i in range(number)
    ])  # fmt: skip
    await Duplicates(pool).find()
    await People(pool).merge_new()


async def test_every_form_has_the_same_rows(pool: AsyncConnectionPool, database_url: str, tmp_path: Path) -> None:
    await save(pool)
    for kind in Kind:
        lines = rawi("export", f"--{kind}", database=database_url).stdout.splitlines()
        records = [json.loads(line) for line in lines]
        assert len(records) == 30
        assert list(records[0]) == list(COLUMNS[kind])
        table = list(csv.DictReader(io.StringIO(
            rawi("export", f"--{kind}", "--format", "csv", database=database_url).stdout, newline="")))  # fmt: skip
        assert [{k: v if isinstance(v, str) else "" if v is None else json.dumps(v, ensure_ascii=False)
                 for k, v in record.items()} for record in records] == table  # fmt: skip
    [quote] = [json.loads(line) for line in rawi("export", "--quotes", database=database_url).stdout.splitlines()][:1]
    article = json.loads(rawi("export", database=database_url).stdout.splitlines()[0])
    assert article["text"][quote["start"] : quote["end"]] == quote["text"]
    chosen = rawi("export", "--source", "bahr", "--since", str(NOW.date()), database=database_url).stdout
    assert {json.loads(line)["source"] for line in chosen.splitlines()} == {"bahr"}
    file = tmp_path / "out.jsonl"
    assert rawi("export", "-o", str(file), database=database_url).returncode == 0
    assert len(file.read_text("utf-8").splitlines()) == 30
    assert rawi("export", "--quotes", "--articles", database=database_url).returncode == 2
    assert rawi("export", "--format", "parquet", database=database_url).returncode == 2


async def test_parquet_holds_typed_columns(pool: AsyncConnectionPool, database_url: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    await save(pool)
    file = tmp_path / "articles.parquet"
    done = rawi("export", "--format", "parquet", "-o", str(file), database=database_url)
    assert done.returncode == 0, done.stderr
    table = parquet.read_table(file)
    assert table.num_rows == 30
    assert str(table.schema.field("published_at").type) == "timestamp[us, tz=UTC]"
    assert table.column("authors").to_pylist()[0] == []


async def test_memory_stays_the_same_however_many_rows(pool: AsyncConnectionPool, database_url: str) -> None:
    await save(pool, 2)

    async def more(first: int, last: int) -> None:
        await fetch(
            pool,
            "INSERT INTO articles (source_id, url, text, fingerprint, content_hash, first_seen_at, last_seen_at,"
            " updated_at) SELECT 1, 'https://x.example/many/' || n, repeat(md5(n::text), 300), 0, '', now(), now(), now()"
            " FROM generate_series(%(first)s::int, %(last)s) n RETURNING 1 AS one",
            first=first, last=last,
        )  # fmt: skip

    def peak() -> int:
        code = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        environment = {"RAWI_DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [sys.executable, "-c", code, RAWI, "export"], capture_output=True, text=True, check=True, env=environment
        )
        return int(done.stdout)

    await more(1, 400)
    few = peak()
    await more(401, 6000)
    assert peak() < few * 1.15


def test_ten_queries_are_documented() -> None:
    assert len(QUERIES) == 10


@pytest.mark.parametrize("number", range(10))
async def test_every_documented_query_runs_for_a_reader(pool: AsyncConnectionPool, number: int) -> None:
    await save(pool, 6)
    role = f"reader_{number}"
    async with pool.connection() as connection:
        await connection.execute("SET TIME ZONE 'UTC'")
        await connection.execute(f"CREATE ROLE {role}")  # type: ignore[call-overload]
        try:
            await connection.execute(f"GRANT USAGE ON SCHEMA rawi_api TO {role}")  # type: ignore[call-overload]
            await connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA rawi_api TO {role}")  # type: ignore[call-overload]
            await connection.execute(f"SET LOCAL ROLE {role}")  # type: ignore[call-overload]
            cursor = await connection.execute(QUERIES[number])
            assert cursor.description, "a query answers with columns"
            assert all(column.name != "?column?" for column in cursor.description), "each has a name"
        finally:
            await connection.rollback()


async def test_views_are_read_only_and_their_columns_documented(pool: AsyncConnectionPool) -> None:
    await save(pool, 2)
    with pytest.raises(psycopg.Error):
        await fetch(pool, "DELETE FROM rawi_api.articles RETURNING id")
    text = (DOCS / "export.md").read_text("utf-8")
    for kind, columns in COLUMNS.items():
        rows = await fetch(
            pool,
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'rawi_api' AND table_name = %(view)s",
            view=str(kind),
        )
        assert set(columns) <= {row["column_name"] for row in rows}
        assert all(re.search(rf"\b{name}\b", text) for name in columns)
