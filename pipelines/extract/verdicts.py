"""When a page holds no article, and what it is instead.

``challenge`` (a test whether the reader is a person), ``login``, ``paywall`` (the beginning of an article that is for
subscribers), ``video`` (without text), ``listing`` (links to articles), ``too-short`` and ``empty``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache

from lxml.html import HtmlElement

from pipelines.arabic import fold_text
from pipelines.errors import PageRejected
from pipelines.extract import jsonld
from pipelines.extract.blocks import Block
from pipelines.extract.furniture import NO_TEXT
from pipelines.extract.metadata import Metadata
from pipelines.extract.text import letter_count
from pipelines.lexicons import load

#: Letters of a text below which there is no article: about fifteen words.
TOO_SHORT = 60
#: Letters of a text of short lines without full stops, such as verse, that is an article all the same.
VERSE = 250
#: Words of the beginning of an article that the rest of is hidden, at most.
TEASER = 90
#: Letters of text that a page of links may have of its own, and the links that make it one.
LISTING_TEXT, LISTING_LINKS = 200, 5
#: Share of its lines that stand beside a link or break off, where a page is a listing.
BESIDE = 0.6

#: Addresses of players that pages embed.
_PLAYER = re.compile(
    r"youtu|vimeo|dailymotion|jwplayer|brightcove|facebook\.com/plugins/video|player|video", re.IGNORECASE
)
_BREAKS_OFF = re.compile(r"(?:\.\.\.?|…|\[…\]|\[\.\.\.\])$")


def check(page: HtmlElement, text: str, prose: Sequence[Block], blocks: Sequence[Block], metadata: Metadata) -> None:
    """Raise :class:`~pipelines.errors.PageRejected` where what was read is no article.

    ``text`` and its ``prose`` are what was kept of the ``blocks`` of the container that was taken for the article's.
    """
    size = letter_count(text)
    if size < (TOO_SHORT if prose else VERSE):
        raise PageRejected(*_instead(page, size, blocks, metadata))
    if len(text.split()) <= TEASER and _mentions(page, _paywall_phrases()):
        raise PageRejected("paywall", "the beginning of an article for subscribers")
    if (not prose and sum(block.linked for block in blocks) > size) or _is_listing(prose, blocks, metadata):
        raise PageRejected("listing", "headings that lead to articles, each with a line of theirs")


def _instead(page: HtmlElement, size: int, blocks: Sequence[Block], metadata: Metadata) -> tuple[str, str]:
    """Return the verdict on a page without a text worth the name."""
    if _is_challenge(page):
        return "challenge", "the site asks whether its reader is a person"
    if page.find(".//input[@type='password']") is not None:
        return "login", "the page asks who its reader is"
    if _has_video(page, metadata):
        return "video", "a video without text"
    if sum(block.linked for block in blocks) > 0.5 * sum(block.size for block in blocks) > 0:
        return "listing", "links to articles"
    if size:
        return "too-short", f"{size} letters are no article"
    return "empty", "no text on the page"


def _is_listing(prose: Sequence[Block], blocks: Sequence[Block], metadata: Metadata) -> bool:
    """Tell a front or section page from an article: its lines stand each beside a link, or break off."""
    if prose and all(_BREAKS_OFF.search(block.text) for block in prose):
        return True
    claims_article = bool(metadata.kinds & {"article", *jsonld.ARTICLE_TYPES} - {"WebPage", "Blog"})
    leads = sum(block.link_share > 0.85 and block.size > 20 for block in blocks)
    if not claims_article and leads >= LISTING_LINKS and sum(block.size for block in prose) < LISTING_TEXT:
        return True
    if len(prose) < (3 if claims_article else 2):
        return False
    lines = {id(block) for block in prose}
    beside = sum(
        before.link_share > 0.85 or _BREAKS_OFF.search(block.text) is not None
        for before, block in itertools.pairwise(blocks)
        if id(block) in lines
    )
    return beside >= max(BESIDE * len(prose), 3 if claims_article or len(prose) > 2 else 2)


def _has_video(page: HtmlElement, metadata: Metadata) -> bool:
    if any("Video" in kind or kind.startswith("video") for kind in metadata.kinds):
        return True
    frames = (frame.get("src") or frame.get("data-src") or "" for frame in page.iter("iframe", "embed"))
    return next(page.iter("video"), None) is not None or any(_PLAYER.search(source) for source in frames)


def _is_challenge(page: HtmlElement) -> bool:
    for element in page.iter("div", "form", "script", "iframe", "input", "body"):
        label = f"{element.get('id', '')} {element.get('class', '')} {element.get('src', '')}".lower()
        if any(mark in label for mark in _challenge_marks()):
            return True
    return False


def _mentions(page: HtmlElement, phrases: frozenset[str]) -> bool:
    parts = (part for element in page.iter() if element.tag not in NO_TEXT for part in (element.text, element.tail))
    said = " ".join(fold_text(" ".join(part for part in parts if part)).split())
    return any(phrase in said for phrase in phrases)


@cache
def _paywall_phrases() -> frozenset[str]:
    return frozenset(fold_text(phrase) for phrase in load("paywall_phrases"))


@cache
def _challenge_marks() -> frozenset[str]:
    return load("challenge_marks")
