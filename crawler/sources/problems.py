"""What is wrong with an address, in a sentence, and what to do next."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong. ``reason`` is the slug of a verdict; ``detail`` is what was seen."""

    reason: str
    sentence: str
    next: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.sentence} {self.next}"


def problem_of(reason: str, detail: str = "", language: str = "en") -> Problem:
    """Return the sentence and the next step for a reason; an unknown one speaks for itself.

    ``language`` is ``en``, as the command line speaks, or ``ar``.
    """
    known = _sentences("problems.toml" if language == "en" else f"problems.{language}.toml")
    entry = known.get(reason) or (known.get(f"{reason[:6]}xx") if reason.startswith("http-") else None)
    if entry is None:
        return Problem(reason, f"It cannot be used: {detail or reason}.", "Look at it in a browser.", detail)
    return Problem(reason, entry["sentence"], entry["next"], detail)


@cache
def _sentences(file: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((files("crawler.sources") / file).read_text("utf-8"))
