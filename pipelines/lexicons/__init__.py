"""Word lists as data: ``<name>.txt`` in this folder, one form a line, ``#`` lines naming the source.

To teach Rawi a word, add a line. Blank lines are ignored; what a line means is for the module that loads it to say.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_ordered(name: str) -> tuple[str, ...]:
    """Return the forms of ``<name>.txt`` in the order of the file, as written, without comments and blank lines."""
    lines = files(__name__).joinpath(f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


@cache
def load(name: str) -> frozenset[str]:
    """Return the forms of ``<name>.txt`` as a set, as written (not folded)."""
    return frozenset(load_ordered(name))
