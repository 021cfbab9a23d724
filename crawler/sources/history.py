"""What was changed in a source: by whom, when, and how it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``before`` and ``after`` are documents; ``None`` where the source was not, or is no more."""

    id: int
    source: str
    action: str
    changed_by: str
    changed_at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """Return what differs between two documents, a line for each key.

    >>> differences({"home": "https://a.example/", "delay": 2.0}, {"home": "https://a.example/", "delay": 5.0})
    ['delay: 2.0 -> 5.0']
    """
    if before is None or after is None:
        return [] if before is after else ["it was not there before" if before is None else "it is not there any more"]
    lines = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if key == "enabled":  # a document says it only of those that are not
            lines.append(f"enabled: {'no' if old is False else 'yes'} -> {'no' if new is False else 'yes'}")
        elif isinstance(old or new, list):
            lines += [f"{key}: - {_shown(value)}" for value in old or () if value not in (new or ())]
            lines += [f"{key}: + {_shown(value)}" for value in new or () if value not in (old or ())]
        elif isinstance(old or new, dict):
            lines += [f"{key}.{line}" for line in differences(old or {}, new or {})]
        else:
            lines.append(f"{key}: {_shown(old)} -> {_shown(new)}")
    return lines


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values())
    return str(value)
