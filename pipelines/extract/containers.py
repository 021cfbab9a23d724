"""Where the article stands on its page.

An operator's selector says it, or what was learned of the source, or else trafilatura (comments off): it finds which
passages of a page are its article, and the smallest element that holds nearly all of them is the container.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

import trafilatura
from lxml.html import HtmlElement

from pipelines.extract.blocks import Block, read_blocks
from pipelines.extract.selectors import select_only
from pipelines.extract.text import letters

#: The container holds at least this share of what trafilatura found.
SHARE = 0.9
#: Letters of a block that say where the article is; shorter ones recur all over a page.
TELLING = 30
#: The share of the page's prose below which trafilatura found something else.
FOUND = 0.2
#: The share of a block's letters that are links from which on it leads elsewhere.
LINKED = 0.5
#: Elements of a line; a container is never one.
_INLINE = frozenset({"p", "span", "font", "b", "strong", "em", "i", "a"})


def learned_container(page: HtmlElement, selectors: Sequence[str]) -> tuple[str, HtmlElement] | None:
    """Return the first learned selector that finds exactly one element, and the element."""
    for selector in selectors:
        element = select_only(page, selector)
        if element is not None:
            return selector, element
    return None


def find_container(page: HtmlElement, furniture: Mapping[HtmlElement, str]) -> HtmlElement:
    """Return the smallest element that holds nearly all that tells where the article is."""
    telling = _telling(page, furniture)
    total = sum(block.size for block in telling)
    weight: dict[HtmlElement, int] = {}
    for block in telling:
        element: HtmlElement | None = block.element
        while element is not None:
            weight[element] = weight.get(element, 0) + block.size
            element = element.getparent()
    container = page
    while True:
        child = next((child for child in container if weight.get(child, 0) >= SHARE * total), None)
        if child is None or total == 0 or child.tag in _INLINE:
            return container
        container = child


def _telling(page: HtmlElement, furniture: Mapping[HtmlElement, str]) -> list[Block]:
    """Return the blocks that tell where the article is: trafilatura's, or the page's prose when it found none."""
    found = _located(page, furniture)
    # Headings of stories stand in lists all over a page, that of this one too.
    blocks = [block for block in read_blocks(page, furniture) if not block.chrome and block.link_share < LINKED]
    telling = [block for block in blocks if block.size >= TELLING and letters(block.text) in found]
    prose = [block for block in blocks if block.size >= 2 * TELLING]
    missed = sum(block.size for block in telling) < FOUND * sum(block.size for block in prose)
    return prose if missed else telling


def _located(page: HtmlElement, furniture: Mapping[HtmlElement, str]) -> str:
    """Return the letters of what trafilatura takes for the article, with the furniture out of its way."""
    twin = copy.deepcopy(page)
    for original, element in list(zip(page.iter(), twin.iter(), strict=True)):
        if original in furniture and element.getparent() is not None:
            element.drop_tree()
    document = trafilatura.bare_extraction(
        twin, include_comments=False, include_tables=True, include_links=False, fast=True, with_metadata=False
    )
    return letters(getattr(document, "text", None) or "")
