"""The command reference, written from the commands themselves: ``python -m crawler.cli.reference > docs/cli.md``.

A test fails when docs/cli.md is not what this prints.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from crawler.cli.app import app
from crawler.cli.runtime import Exit
from crawler.config import Config

MEANINGS = {
    Exit.DONE: "done",
    Exit.SOME_FAILED: "done, but some items failed (a feed that did not answer, a record that is not JSON)",
    Exit.USAGE: "wrong usage: an unknown source, a wrong option",
    Exit.DATABASE: "the database is unavailable, full, or has another version's schema",
    Exit.CONFIGURATION: "a RAWI_ setting is wrong",
    Exit.INTERRUPTED: "interrupted; what was finished is kept",
}


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Yield every command that does something, with the words that call it, in the order of the help."""
    yield from _walk("rawi", typer.main.get_command(app))


def reference() -> str:
    """Return the reference as Markdown."""
    parts = ["# The `rawi` command", "", "Written by `python -m crawler.cli.reference`; do not edit.", ""]
    for words, command in commands():
        parts += [f"## `{words}`", "", _plain(command.help or ""), ""]
        parts += [line for parameter in command.params for line in _parameter(parameter)]
        if command.epilog:
            parts += ["", "```", _plain(command.epilog), "```"]
        parts.append("")
    parts += ["## Exit status", "", "| status | meaning |", "|---|---|"]
    parts += [f"| {status.value} | {meaning} |" for status, meaning in MEANINGS.items()]
    parts += ["", "## Settings", "", "| variable | what it is | default |", "|---|---|---|"]
    for name, setting in Config.model_fields.items():
        default = "" if setting.default_factory else setting.default
        parts.append(f"| `RAWI_{name.upper()}` | {setting.description} | {_default(default)} |")
    return "\n".join(parts) + "\n"


def _walk(words: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _walk(f"{words} {name}", child)
    elif isinstance(command, TyperCommand):
        yield words, command


def _parameter(parameter: Any) -> Iterator[str]:
    if isinstance(parameter, TyperOption):
        name = ", ".join(parameter.opts)
    else:
        name = parameter.metavar or parameter.name.upper()
    yield f"- `{name}` {_plain(parameter.help or '')}"


def _default(value: object) -> str:
    return "" if value in (None, (), "") else f"`{value}`"


def _plain(text: str) -> str:
    return re.sub(r"\[/?(bold|dim)\]", "", text).strip()


if __name__ == "__main__":
    sys.stdout.write(reference())
