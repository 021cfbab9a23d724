"""The rules of the house: who may import whom, and what the pure part may not touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: The rooms of `pipelines` that may do I/O. Everything else in it is pure.
IMPURE = ("stages.py", "workers.py", "storage")
#: No network, no database, no processes, no crawler.
FORBIDDEN_MODULES = {
    "aiohttp", "asyncio", "crawler", "http", "httpx", "psycopg", "psycopg_pool", "requests", "scrapy", "socket",
    "sqlite3", "subprocess", "time", "twisted", "urllib.request", "urllib3",
}  # fmt: skip
#: No clock: `now` is always an argument.
FORBIDDEN_CALLS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def pure_modules() -> list[Path]:
    return [path for path in modules("pipelines") if path.relative_to(ROOT / "pipelines").parts[0] not in IMPURE]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def touches(name: str, forbidden: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in forbidden)


@pytest.mark.parametrize("path", modules("pipelines"), ids=lambda path: str(path.relative_to(ROOT)))
def test_pipelines_never_imports_the_crawler(path: Path) -> None:
    assert not [name for name in imports(path) if touches(name, {"crawler"})]


@pytest.mark.parametrize("path", pure_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_pure_part_has_no_network_database_or_clock(path: Path) -> None:
    assert not [name for name in imports(path) if touches(name, FORBIDDEN_MODULES)]
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert not FORBIDDEN_CALLS & set(calls)


def test_only_the_stages_import_scrapy_in_pipelines() -> None:
    importers = {path.name for path in modules("pipelines") if any(touches(n, {"scrapy"}) for n in imports(path))}
    assert importers <= {"stages.py"}


def test_no_bare_except_and_no_utils() -> None:
    for path in (*modules("crawler"), *modules("pipelines")):
        assert path.name not in ("utils.py", "helpers.py", "misc.py")
        handlers = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ExceptHandler)]
        assert all(handler.type is not None for handler in handlers), path


def test_nothing_that_is_kept_says_where_packages_come_from() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert "--hash=sha256:" in text
    assert "://" not in text
