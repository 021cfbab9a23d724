"""What the pages for operators tell to type exists: every command and every option in them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from crawler.cli.reference import commands

ROOT = Path(__file__).parents[3]
PAGES = sorted((*(ROOT / "docs" / "operators").glob("*.md"), ROOT / "README.ar.md", ROOT / "README.md"))
KNOWN = {words: {name for p in command.params for name in getattr(p, "opts", ())} for words, command in commands()}
_COMMAND = re.compile(r"`((?:\.venv/bin/)?rawi [^`\n]+)`|^ *(?:\$ )?((?:\.venv/bin/)?rawi [a-z][^\n]*)$", re.MULTILINE)


def typed(page: Path) -> list[str]:
    found = [
        (first or second).removeprefix(".venv/bin/") for first, second in _COMMAND.findall(page.read_text("utf-8"))
    ]
    # A rest of a sentence, an alternative or a continuation of a shell is not ours.
    return [re.split(r" (?:\||>|\|\||&&|#)(?: |$)|; ", line)[0] for line in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_tells_to_type_exists(page: Path) -> None:
    assert typed(page), page
    for line in typed(page):
        words = shlex.split(line.replace("…", ""), comments=True)
        found = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in KNOWN), None)
        if found is None:
            assert words[1:] == ["COMMAND", "--help"] or "|" in line or words == ["rawi", "--help"], line
            continue
        options = {word.partition("=")[0] for word in words if word.startswith("--")} - {"--help"}
        assert options <= KNOWN[found], f"{page.name}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
