"""The article's text: located by trafilatura, read by us.

trafilatura (comments off) finds which passages of a page are its article; the smallest element that holds nearly all
of them is the container. Its blocks are then read from the page itself, so that nothing inside is lost, reordered or
glued together, and what is not the article (furniture, link lists, captions, prompts, the title and the byline once
more) is taken out with its reason.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement

from pipelines.arabic import fold_text
from pipelines.errors import PageRejected
from pipelines.extract import jsonld
from pipelines.extract.blocks import HEADINGS, Block, find_furniture, read_blocks
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
#: Addresses of players that pages embed.
_PLAYER = re.compile(
    r"youtu|vimeo|dailymotion|jwplayer|brightcove|facebook\.com/plugins/video|player|video", re.IGNORECASE
)
#: Newsrooms put hashtags after the last full stop.
_HASHTAGS_AT_END = re.compile(r"(?:\s+#\w+)+\s*$")
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
        telling = [
            block for block in blocks if block.size >= 2 * TELLING and not block.chrome and block.link_share < 0.5
        ]
    container = _container(page, telling)
    return _clean(read_blocks(container, furniture), metadata, video=_has_video(page, metadata))


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
        if child is None or total == 0 or child.tag in ("p", "span", "font", "b", "strong", "em", "i"):
            return container
        container = child


def _has_video(page: HtmlElement, metadata: Metadata) -> bool:
    if any("Video" in kind or kind.startswith("video") for kind in metadata.kinds):
        return True
    frames = (frame.get("src") or frame.get("data-src") or "" for frame in page.iter("iframe", "embed"))
    return next(page.iter("video"), None) is not None or any(_PLAYER.search(source) for source in frames)


def _clean(blocks: Sequence[Block], metadata: Metadata, *, video: bool) -> Body:
    first, last = _edges(blocks, metadata)
    kept: list[Block] = []
    removed: list[Removed] = []
    authors: tuple[str, ...] = ()
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        reason = f"furniture:{block.chrome}" if block.chrome else _repeats(block, metadata, seen)
        if reason is None and position <= first + 2 and (byline := split_byline(block.text)):
            authors, rest = authors or byline[0], byline[1]
            reason = None if rest else "byline"
        reason = reason or _link_only(block, blocks, position) or _caption(block)
        setting = Setting(alone=True, last=position >= last, linked=block.link_share)
        reason = reason or prompt_reason(block.text, setting)
        if reason is None and (position < first or (position > last and not _belongs_at_the_end(block))):
            reason = "edge"
        if reason is None:
            stays, cut = cut_prompts(block.text, setting)
            removed += [Removed(text, why) for text, why in cut]
            block.text = stays
            kept.append(block)
            seen.add(letters(stays))
        else:
            removed.append(Removed(block.text, reason))
    kept = _without_headings_of_nothing(kept, removed)
    text = "\n\n".join(block.text for block in kept)
    _check(text, kept, blocks, metadata, video=video)
    return Body(
        text=text,
        embeds=tuple(block.text for block in kept if block.quoted_post),
        authors=authors,
        removed=tuple(Removed(r.text[:KEPT_LENGTH], r.reason) for r in removed[:KEPT_REMOVED]),
    )


def _edges(blocks: Sequence[Block], metadata: Metadata) -> tuple[int, int]:
    """Return the positions of the first and the last block that tell the story.

    What comes before (section, standfirst, byline, date, buttons) and after is the page's, unless it is prose. A
    standfirst stands above the byline or the date; the story below.
    """
    prose = [i for i, block in enumerate(blocks) if _is_prose(block)]
    if not prose:
        return 0, len(blocks)
    first, last = prose[0], prose[-1]
    title, names = _said(metadata.title), {_said(author) for author in metadata.authors}
    for position, block in enumerate(blocks[: prose[min(1, len(prose) - 1)]]):
        said = _said(block.text)
        if block.chrome or prompt_reason(block.text, Setting(linked=block.link_share)):
            continue
        if position > first and (said in names or said == title or _is_date(block) or split_byline(block.text)):
            return prose[1], last
    # A short beginning of the body itself (a subhead, a dateline) stands right before the first prose.
    while first > 0 and _opens(blocks[first - 1], blocks[first], title, names):
        first -= 1
    return first, last


def _opens(block: Block, following: Block, title: str, names: set[str]) -> bool:
    said = _said(block.text)
    same_parent = block.element.getparent() is following.element.getparent()
    plain = not block.chrome and block.link_share < 0.5 and said != title and said not in names
    return same_parent and plain and not _is_date(block) and block.element.tag not in ("h1", "a", "time", "small")


def _is_prose(block: Block) -> bool:
    """Tell whether a block is a sentence or more of running text."""
    if block.chrome or block.link_share >= 0.5 or block.element.tag == "h1":
        return False
    told = _HASHTAGS_AT_END.sub("", block.text)
    ends = told.rstrip("»”\"'’) ]")[-1:] in (".", "؟", "!", "…", "؛", ":")
    words = len(told.split())
    return (ends and words >= 6) or words >= 18


def _belongs_at_the_end(block: Block) -> bool:
    return block.text.startswith("#") or block.quoted_post or block.element.tag in (*HEADINGS, "li", "tr")


def _caption(block: Block) -> str | None:
    """A few words beside a picture are about the picture."""
    if block.size > 90 or len(block.text.split()) > 14 or block.element.tag in (*HEADINGS, "li", "tr"):
        return None
    element: HtmlElement | None = block.element
    for _ in range(4):
        if element is None or element.tag in ("body", "article", "main"):
            return None
        pictured = next(element.iter("img", "picture", "figure"), None) is not None
        if pictured and sum(len(part.strip()) for part in element.itertext()) <= len(block.text) + 60:
            return "caption"
        element = element.getparent()
    return None


def _repeats(block: Block, metadata: Metadata, seen: set[str]) -> str | None:
    """Tell whether a block says again what stands elsewhere: the title, the author, the date, a paragraph."""
    said = _said(block.text)
    if not seen and (block.element.tag == "h1" or said == _said(metadata.title)):
        return "title"
    if len(block.text) <= 60 and said in {_said(author) for author in metadata.authors}:
        return "byline"
    if _is_date(block):
        return "date"
    return "repeated" if block.size > 80 and letters(block.text) in seen else None


def _is_date(block: Block) -> bool:
    short = len(block.text) <= 70 and len(block.text.split()) <= 10 and not block.text.endswith(".")
    return short and parse_date(block.text) is not None


def _said(text: str | None) -> str:
    return letters(fold_text(text or ""))


def _link_only(block: Block, blocks: Sequence[Block], position: int) -> str | None:
    """Links that stand alone lead elsewhere; those within a post or of a hashtag belong to it."""
    if block.link_share >= 0.5 and parse_date(block.text.rsplit("؟", 1)[-1][-40:]):
        return "links"  # another story's heading with its date
    if block.link_share < 0.85 or block.quoted_post or block.text.startswith(("#", "@")):
        return None
    around = [other for other in blocks[max(position - 1, 0) : position + 2] if other is not block]
    alone = len(block.text.split()) >= 3 and not block.text.rstrip().endswith((".", "؟", "»"))
    return "links" if alone or any(other.link_share > 0.85 for other in around) else None


def _without_headings_of_nothing(kept: list[Block], removed: list[Removed]) -> list[Block]:
    """Drop headings at the end, whose content was taken out."""
    while kept and kept[-1].element.tag in HEADINGS and len(kept) > 1:
        removed.append(Removed(kept.pop().text, "heading-of-nothing"))
    return kept


def _check(text: str, kept: Sequence[Block], blocks: Sequence[Block], metadata: Metadata, *, video: bool) -> None:
    """Raise the verdict on a page that holds no article."""
    linked = sum(block.linked for block in blocks)
    whole = sum(block.size for block in blocks) or 1
    prose = [block for block in kept if _is_prose(block)]
    if len(letters(text)) < TOO_SHORT or not prose:
        if video:
            raise PageRejected("video", "a video without text")
        listing = linked > 0.5 * whole
        raise PageRejected(*(("listing", "links to articles") if listing else ("empty", "no text on the page")))
    claims_article = bool(metadata.kinds & {"article", *jsonld.ARTICLE_TYPES} - {"WebPage", "Blog"})
    if len(prose) >= (3 if claims_article else 2) and _is_listing(blocks, prose):
        raise PageRejected("listing", "headings that lead to articles, each with a line of theirs")


def _is_listing(blocks: Sequence[Block], prose: Sequence[Block]) -> bool:
    """Tell a front or section page from an article: its lines stand each beside a link, or break off."""
    beside = 0
    for before, block in itertools.pairwise(blocks):
        if any(block is line for line in prose):
            beside += before.link_share > 0.85 or block.text.endswith(("...", "…"))
    return beside >= 0.6 * len(prose)
