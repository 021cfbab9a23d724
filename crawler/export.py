"""The forms of an export: JSON Lines, CSV, Parquet. Each writer takes rows some at a time and keeps none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Protocol

from pipelines.errors import ConfigurationError
from pipelines.storage.export import Type


class Writer(Protocol):
    """Writes rows in one form."""

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what comes last."""


class JsonLines:
    """One JSON object a line; times are ISO 8601 in UTC, lists are lists."""

    def __init__(self, stream: IO[bytes], columns: Mapping[str, Type]) -> None:
        self._stream = stream
        self._columns = columns

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write some rows."""
        for row in rows:
            record = {name: _plain(row[name]) for name in self._columns}
            self._stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Nothing comes last."""


class Csv:
    """RFC 4180 with a header, in UTF-8; an unknown value is empty, a list is a JSON array."""

    def __init__(self, stream: IO[bytes], columns: Mapping[str, Type]) -> None:
        self._stream = stream
        self._columns = columns
        self._lines(lambda writer: writer.writerow(columns))

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write some rows."""
        self._lines(lambda writer: writer.writerows([self._cell(row[name]) for name in self._columns] for row in rows))

    def close(self) -> None:
        """Nothing comes last."""

    def _lines(self, fill: Any) -> None:
        text = io.StringIO(newline="")
        fill(csv.writer(text))
        self._stream.write(text.getvalue().encode())

    @staticmethod
    def _cell(value: Any) -> Any:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else _plain(value)


class Parquet:
    """Apache Parquet, compressed with zstd; needs the extra ``parquet``."""

    def __init__(self, stream: IO[bytes], columns: Mapping[str, Type]) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise ConfigurationError("Parquet needs pyarrow: pip install 'rawi[parquet]'") from None
        types = {
            Type.TEXT: pyarrow.string(),
            Type.INTEGER: pyarrow.int64(),
            Type.NUMBER: pyarrow.float64(),
            Type.TIME: pyarrow.timestamp("us", tz="UTC"),
            Type.LIST: pyarrow.list_(pyarrow.string()),
        }
        self._table = pyarrow.Table
        self._schema = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
        self._writer = pyarrow.parquet.ParquetWriter(stream, self._schema, compression="zstd")

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write some rows."""
        self._writer.write_table(self._table.from_pylist(list(rows), schema=self._schema))

    def close(self) -> None:
        """Write the footer, without which the file cannot be read."""
        self._writer.close()


WRITERS: dict[str, type[JsonLines] | type[Csv] | type[Parquet]] = {"jsonl": JsonLines, "csv": Csv, "parquet": Parquet}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
