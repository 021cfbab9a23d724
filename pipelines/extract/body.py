"""The article's text: located by trafilatura, read by us.

trafilatura (comments off) finds which passages of a page are its article; the smallest element that holds nearly all
of them is the container. Its blocks are then read from the page itself, so that nothing inside is lost, reordered or
glued together, and what is not the article is taken out with its reason (:mod:`pipelines.extract.sift`).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement

from pipelines.extract.blocks import Block, read_blocks
from pipelines.extract.furniture import find_furniture
from pipelines.extract.metadata import Metadata
from pipelines.extract.sift import is_prose, sift
from pipelines.extract.text import letters
from pipelines.extract.verdicts import check
from pipelines.model import Removed

#: The container holds at least this share of what trafilatura found.
SHARE = 0.9
#: Letters of a block that say where the article is; shorter ones recur all over a page.
TELLING = 30
#: Removed passages that are kept of one article, and the characters of each.
KEPT_REMOVED, KEPT_LENGTH = 200, 1_000
#: Elements of a line; a container is never one.
_INLINE = frozenset({"p", "span", "font", "b", "strong", "em", "i", "a"})


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, its embedded posts, the authors its first lines name, and what was taken out."""

    text: str
    embeds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()


def extract_body(tree: HtmlElement, metadata: Metadata) -> Body:
    """Return the text of the article on a page.

    Raises :class:`~pipelines.errors.PageRejected` with a verdict of :mod:`pipelines.extract.verdicts`.
    """
    page = tree.find("body") if tree.find("body") is not None else tree
    furniture = find_furniture(page)
    container = _container(page, _telling(page, furniture))
    blocks = read_blocks(container, furniture)
    sifted = sift(blocks, metadata)
    text = "\n\n".join(block.text for block in sifted.kept)
    check(page, text, [block for block in sifted.kept if is_prose(block)], blocks, metadata)
    return Body(
        text=text,
        embeds=tuple(block.text for block in sifted.kept if block.quoted_post),
        authors=sifted.authors,
        removed=tuple(Removed(r.text[:KEPT_LENGTH], r.reason) for r in sifted.removed[:KEPT_REMOVED]),
    )


def _telling(page: HtmlElement, furniture: Mapping[HtmlElement, str]) -> list[Block]:
    """Return the blocks that tell where the article is: trafilatura's, or the page's prose when it found none."""
    found = _located(page, furniture)
    blocks = read_blocks(page, furniture)
    telling = [block for block in blocks if block.size >= TELLING and letters(block.text) in found]
    return telling or [
        block for block in blocks if block.size >= 2 * TELLING and not block.chrome and block.link_share < 0.5
    ]


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


def _container(page: HtmlElement, telling: Sequence[Block]) -> HtmlElement:
    """Return the smallest element that holds nearly all that tells where the article is."""
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
