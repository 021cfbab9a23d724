"""What a block is by itself: prose, a date line, a caption, a link to another story, or the lead-in to one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.extract.blocks import Block
from pipelines.extract.dates import parse_date
from pipelines.extract.passages import last_sentence
from pipelines.extract.text import clean, element_text

#: A line beside a picture is its caption up to this many letters and words.
CAPTION_LETTERS, CAPTION_WORDS = 90, 14
#: Words of a line that is prose without a full stop, and of one with it.
LONG_LINE, SENTENCE = 18, 6
#: The share of a block's letters that are links from which on it leads elsewhere, and that of one with a lead-in of so
#: many words at most.
LINKED, LEADING, LEAD_WORDS = 0.5, 0.3, 8
#: Words of a heading that is linked, and of what stands before it.
HEADING_WORDS, KICKER_WORDS = 3, 6

#: Newsrooms put hashtags after the last full stop.
_HASHTAGS_AT_END = re.compile(r"(?:\s+#\w+)+\s*$")
#: What only posts of networks end or are strewn with.
_POSTED = re.compile(r"pic\.(?:twitter|x)\.com/\w|#\w+.*#\w")


def is_prose(block: Block) -> bool:
    """Tell whether a block is a sentence or more of running text."""
    if block.chrome or block.link_share >= LINKED or block.element.tag == "h1":
        return False
    told = _HASHTAGS_AT_END.sub("", block.text) if "#" in block.text else block.text
    ends = told.rstrip("»”\"'’) ]")[-1:] in (".", "؟", "!", "…", "؛", ":")
    words = len(told.split())
    if not ends and (parted := last_sentence(told)) is not None and len(parted[0].split()) >= SENTENCE:
        return True  # a sentence, and something that has no stop: a prompt is glued to it
    return ((ends or _POSTED.search(told) is not None) and words >= SENTENCE) or words >= LONG_LINE


def is_dated(block: Block) -> bool:
    """Tell whether a block is short and names a date."""
    short = len(block.text) <= 70 and len(block.text.split()) <= 10 and not block.text.endswith(".")
    return short and parse_date(block.text) is not None


def caption(block: Block) -> str | None:
    """Return the reason ``caption`` for a few words beside a picture: they are about the picture."""
    if block.size > CAPTION_LETTERS or len(block.text.split()) > CAPTION_WORDS or block.is_item:
        return None
    element: HtmlElement | None = block.element
    for _ in range(4):
        if element is None or element.tag in ("body", "article", "main", "blockquote"):
            return None
        pictured = next(element.iter("img", "picture", "amp-img"), None) is not None
        if pictured and element_text(element, len(block.text) + 60):
            return "caption"
        element = element.getparent()
    return None


def link_only(block: Block, blocks: Sequence[Block], position: int) -> str | None:
    """Return the reason ``links`` for links that stand alone: they lead elsewhere; that of a hashtag belongs to it."""
    if block.link_share >= LINKED and parse_date(block.text.rsplit("؟", 1)[-1][-40:]):
        return "links"  # another story's heading with its date
    if block.text.startswith(("#", "@")):
        return None
    if _is_boxed_link(block):
        return "links"
    if block.link_share < 0.85:
        return None
    around = [other for other in blocks[max(position - 1, 0) : position + 2] if other is not block]
    text = block.text.strip()
    sentence = text.endswith((".", "؟")) or (text.startswith("«") and text.endswith("»"))
    alone = len(text.split()) >= 3 and not sentence
    return "links" if alone or any(other.link_share > 0.85 for other in around) else None


def _is_boxed_link(block: Block) -> bool:
    """Tell «من الملف نفسه» with another story's heading: a few words, and then nothing but the link."""
    if block.link_share < LINKED or block.is_item or block.text.rstrip().endswith((".", "؟")):
        return False
    last = next((e for e in reversed(list(block.element.iter("a")) or list(_siblings(block, "a")))), None)
    heading = clean(last.text_content()) if last is not None else ""
    kicker = block.text.removesuffix(heading)
    return len(heading.split()) >= HEADING_WORDS and kicker != block.text and 0 < len(kicker.split()) <= KICKER_WORDS


def _siblings(block: Block, tag: str) -> Iterator[HtmlElement]:
    """Yield the elements of ``tag`` beside the first text of a block."""
    parent = block.element.getparent()
    return iter(()) if parent is None else parent.iter(tag)


def lead_in(block: Block) -> str | None:
    """Return «طالع كذلك:» of a block that goes on as a link."""
    lead, colon, _ = block.text.partition(":")
    return lead + colon if colon and block.link_share > LEADING and len(lead.split()) <= LEAD_WORDS else None
