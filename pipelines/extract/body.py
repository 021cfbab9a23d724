"""The article's text: located by trafilatura, read by us.

trafilatura (comments off) finds which passages of a page are its article; the smallest element that holds nearly all
of them is the container. Its blocks are then read from the page itself, so that nothing inside is lost, reordered or
glued together, and what is not the article (furniture, link lists, captions, prompts, the title and the byline once
more) is taken out with its reason.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement

from pipelines.arabic import fold_text
from pipelines.errors import PageRejected
from pipelines.extract.blocks import Block, find_furniture, read_blocks
from pipelines.extract.bylines import split_byline
from pipelines.extract.dates import parse_date
from pipelines.extract.metadata import Metadata
from pipelines.extract.prompts import Setting, cut_prompts, prompt_reason
from pipelines.extract.text import letters
from pipelines.model import Removed

#: The container holds at least this share of what trafilatura found.
SHARE = 0.9
#: Letters of a block that say where the article is; shorter ones recur all over a page.
TELLING = 30
#: Letters of a page below which there is no article: about fifteen words.
TOO_SHORT = 60
#: Removed passages that are kept of one article, and the characters of each.
KEPT_REMOVED, KEPT_LENGTH = 200, 1_000


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, its embedded posts, the authors its first lines name, and what was taken out."""

    text: str
    embeds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()


def extract_body(tree: HtmlElement, metadata: Metadata) -> Body:
    """Return the text of the article on a page.

    Raises :class:`~pipelines.errors.PageRejected`: ``listing``, ``video`` or ``empty``.
    """
    page = tree.find("body") if tree.find("body") is not None else tree
    furniture = find_furniture(page)
    blocks = read_blocks(page, furniture)
    found = _located(page, furniture)
    telling = [block for block in blocks if block.size >= TELLING and letters(block.text) in found]
    if not telling:
        telling = [block for block in blocks if block.size >= 2 * TELLING and not block.chrome and block.link_share < 0.5]
    container = _container(page, telling)
    return _clean(read_blocks(container, furniture), metadata)


def _located(page: HtmlElement, furniture: Mapping[HtmlElement, str]) -> str:
    """Return the letters of what trafilatura takes for the article, with the furniture out of its way."""
    twin = copy.deepcopy(page)
    for original, element in list(zip(page.iter(), twin.iter(), strict=True)):
        if original in furniture and element.getparent() is not None:
            element.drop_tree()
    document = trafilatura.bare_extraction(
        twin, include_comments=False, include_tables=True, include_links=False, fast=True, with_metadata=False
    )
    return letters((document.text if document is not None else "") or "")


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
        if child is None or total == 0 or child.tag in ("p", "span", "font", "b", "strong", "em", "i"):
            return container
        container = child


def _clean(blocks: Sequence[Block], metadata: Metadata) -> Body:
    kept: list[Block] = []
    removed: list[Removed] = []
    authors: tuple[str, ...] = ()
    title = letters(fold_text(metadata.title or ""))
    for position, block in enumerate(blocks):
        reason = f"furniture:{block.chrome}" if block.chrome else None
        reason = reason or _repeats(block, title, bool(kept)) or _link_only(block, blocks, position)
        if reason is None and sum(b.size for b in kept) < 400 and (byline := split_byline(block.text)):
            authors, rest = authors or byline[0], byline[1]
            reason = None if rest else "byline"
        last = _is_last(blocks, position)
        setting = Setting(alone=True, last=last, linked=block.link_share)
        reason = reason or prompt_reason(block.text, setting)
        if reason is None:
            stays, cut = cut_prompts(block.text, setting)
            removed += [Removed(text, why) for text, why in cut]
            block.text = stays
            kept.append(block)
        else:
            removed.append(Removed(block.text, reason))
    kept = _without_headings_of_nothing(kept, removed)
    text = "\n\n".join(block.text for block in kept)
    _check(text, kept, blocks, metadata)
    return Body(
        text=text,
        embeds=tuple(block.text for block in kept if block.quoted_post),
        authors=authors,
        removed=tuple(Removed(r.text[:KEPT_LENGTH], r.reason) for r in removed[:KEPT_REMOVED]),
    )


def _repeats(block: Block, title: str, begun: bool) -> str | None:
    """Tell whether a block says again what stands elsewhere: the title, or the date."""
    said = letters(fold_text(block.text))
    if title and not begun and said == title:
        return "title"
    if block.element.tag == "h1" and not begun:
        return "title"
    if len(block.text) <= 60 and len(block.text.split()) <= 9 and parse_date(block.text) and not block.text.endswith("."):
        return "date"
    return None


def _link_only(block: Block, blocks: Sequence[Block], position: int) -> str | None:
    """Links that stand alone lead elsewhere; those within a post or of a hashtag belong to it."""
    if block.link_share < 0.85 or block.quoted_post or block.text.startswith(("#", "@")):
        return None
    around = [other for other in blocks[max(position - 1, 0) : position + 2] if other is not block]
    alone = len(block.text.split()) >= 3 and not block.text.rstrip().endswith((".", "؟", "»"))
    return "links" if alone or any(other.link_share > 0.85 for other in around) else None


def _is_last(blocks: Sequence[Block], position: int) -> bool:
    """Tell whether nothing long that is not furniture or a link follows."""
    return not any(other.size > 150 and other.link_share < 0.5 and not other.chrome for other in blocks[position + 1 :])


def _without_headings_of_nothing(kept: list[Block], removed: list[Removed]) -> list[Block]:
    """Drop headings at the end, whose content was taken out."""
    while kept and kept[-1].element.tag in ("h2", "h3", "h4", "h5", "h6") and len(kept) > 1:
        removed.append(Removed(kept.pop().text, "heading-of-nothing"))
    return kept


def _check(text: str, kept: Sequence[Block], blocks: Sequence[Block], metadata: Metadata) -> None:
    """Raise the verdict on a page that holds no article."""
    size = len(letters(text))
    linked = sum(block.linked for block in blocks)
    whole = sum(block.size for block in blocks)
    sentences_kept = sum(block.text.rstrip(" »”\"")[-1:] in ".؟!…" or block.size > 150 for block in kept)
    video = any("Video" in kind or kind.startswith("video") for kind in metadata.kinds)
    if size < TOO_SHORT:
        if video:
            raise PageRejected("video", "a video without text")
        if whole and linked > 0.5 * whole:
            raise PageRejected("listing", "links to articles, and no article")
        raise PageRejected("empty", "no text on the page")
    if whole > 300 and linked > 0.6 * whole and sentences_kept < 3:
        raise PageRejected("listing", "links to articles, and no article")
