"""Sources as TOML: everything an operator decides, one table a source, so that a deployment keeps them in git.

::

    [example]
    title = "صحيفة المثال"
    home = "https://news.example/"
    timezone = "Asia/Baghdad"
    feeds = [
        { url = "https://news.example/feed/" },
    ]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from crawler.sources.document import document, source_of
from crawler.sources.model import Source
from pipelines.errors import SourceError


def read_toml(text: str, where: str = "the file") -> list[Source]:
    """Return the sources of a TOML text. Raises :class:`~pipelines.errors.SourceError` that says where it is wrong."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{where}: that is no TOML: {error}") from error
    sources = []
    for name, entry in found.items():
        if not isinstance(entry, dict):
            raise SourceError(f"{where}: {name} stands outside a table; each source is a table named after it")
        try:
            sources.append(source_of(name, entry))
        except SourceError as error:
            raise SourceError(f"{where}: {error}") from error
    return sources


def write_toml(sources: Iterable[Source]) -> str:
    """Return sources as TOML, in order of their names: the same sources are the same text."""
    found = {source.name: document(source) for source in sorted(sources, key=lambda one: one.name)}
    return tomli_w.dumps(found, multiline_strings=False)


def read_folder(path: Path) -> list[Source]:
    """Return the sources of a TOML file, or of every ``*.toml`` below a folder.

    Raises :class:`~pipelines.errors.SourceError` when a source stands in two files.
    """
    files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise SourceError(f"there is no *.toml in {path}; write one with: rawi sources export > {path}/sources.toml")
    sources: list[Source] = []
    seen: dict[str, Path] = {}
    for file in files:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"{file} cannot be read: {error}") from error
        for source in read_toml(text, str(file)):
            if source.name in seen:
                raise SourceError(f"{source.name} stands in {seen[source.name]} and in {file}")
            seen[source.name] = file
            sources.append(source)
    return sources
