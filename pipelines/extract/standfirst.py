"""The standfirst: a summary that stands between the heading and the body, outside the body's container.

It is the newsroom's own text, so it belongs to the article; where it only repeats the lead, or breaks off what the
lead says in full, it does not stand twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from lxml.html import HtmlElement

from pipelines.arabic import fold_text
from pipelines.extract.blocks import Block, read_blocks
from pipelines.extract.markup import remembered
from pipelines.extract.text import letters
from pipelines.lexicons import load

#: Words of a standfirst (fewer are a second heading), and the share of them that the article's beginning may have too.
SHORTEST, LONGEST, SAID = 22, 90, 0.6

_TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def find_standfirst(page: HtmlElement, container: HtmlElement, furniture: Mapping[HtmlElement, str]) -> list[Block]:
    """Return the blocks of the standfirst above ``container``, if the page names one."""
    named = None
    around = set(container.iterancestors())
    for element in page.iter():
        if element is container:
            break
        if isinstance(element.tag, str) and element.tag != "h1" and element not in around and _is_named(element):
            named = element
    if named is None or any(element in furniture for element in (named, *named.iterancestors())):
        return []
    blocks = read_blocks(named, furniture)
    words = sum(len(block.text.split()) for block in blocks)
    plain = all(not block.chrome and block.link_share < 0.5 for block in blocks)
    return blocks if plain and len(blocks) <= 4 and SHORTEST <= words <= LONGEST else []


def repeats(standfirst: str, story: str) -> bool:
    """Tell whether the beginning of a story says again what the standfirst says, whole or broken off."""
    said = letters(fold_text(standfirst))
    if said in letters(fold_text(story)):
        return True
    words = set(fold_text(standfirst).split())
    return len(words & set(fold_text(story[: 3 * len(standfirst)]).split())) >= SAID * len(words)


def _is_named(element: HtmlElement) -> bool:
    label = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
    return not label.isspace() and _names_standfirst(label)


@remembered
def _names_standfirst(label: str) -> bool:
    return any(word.lower() in _names() for word in _TOKENS.findall(label))


@cache
def _names() -> frozenset[str]:
    return load("standfirst_tokens")
