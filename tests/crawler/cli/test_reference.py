"""Every command teaches: it has help, and the reference in docs is what the commands say."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.core import TyperCommand

from crawler.cli.reference import commands, reference

DOCS = Path(__file__).parents[3] / "docs" / "cli.md"


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda value: str(value)[:40])
def test_every_command_and_option_has_help(words: str, command: TyperCommand) -> None:
    assert command.help, words
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{words}: {parameter.name}"


def test_the_reference_is_up_to_date() -> None:
    assert DOCS.read_text("utf-8") == reference(), "run: python -m crawler.cli.reference > docs/cli.md"
