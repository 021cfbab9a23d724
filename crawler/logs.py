"""What is said while work goes on: a line for people, or one JSON object a line for machines. Never a secret."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from pipelines.concealing import conceal

#: What a log record has by itself; everything else came with ``extra``.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def log_to_stderr(*, as_json: bool) -> None:
    """Let Rawi's and procrastinate's log messages be written to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else Lines())
    for name, level in (("rawi", logging.INFO), ("procrastinate", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers, logger.propagate = [handler], False


class JsonLines(logging.Formatter):
    """One JSON object a line: ``at``, ``level``, ``logger``, ``message``, what the message is about, and ``error``."""

    def format(self, record: logging.LogRecord) -> str:
        """Called by logging."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(_concealed(line), ensure_ascii=False, default=str)


class Lines(logging.Formatter):
    """A line for people: time (UTC), what happened, and what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """Called by logging."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        about = " ".join(f"{name}={_brief(value)}" for name, value in _concealed(_extra(record)).items())
        text = f"{at} {level}{record.getMessage()}{' · ' if about else ''}{about}"
        if record.exc_info:
            text += f"\n{self.formatException(record.exc_info)}"
        return conceal(text)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def _brief(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else f"{text[:299]}…"


def _concealed(value: Any) -> Any:
    """Conceal what is secret in texts, wherever they are, and the values of names that say so."""
    if isinstance(value, str):
        return conceal(value)
    if isinstance(value, dict):
        return {
            name: "…" if isinstance(each, str) and conceal(f"{name}=x") != f"{name}=x" else _concealed(each)
            for name, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_concealed(each) for each in value]
    return value
