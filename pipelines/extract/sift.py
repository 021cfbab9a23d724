"""The sieve between a container's blocks and the article: what is taken out, and why.

Each block meets one list of questions; the first that knows a reason takes it out, with the reason kept. What is left
before the first prose and after the last is the page's (section, date, buttons), unless it opens or continues the
story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipelines.arabic import fold_text
from pipelines.extract.blocks import HEADINGS, Block
from pipelines.extract.bylines import is_given_name, split_byline
from pipelines.extract.dates import parse_date
from pipelines.extract.metadata import Metadata
from pipelines.extract.outlet import own_names
from pipelines.extract.passages import last_sentence, passage_key
from pipelines.extract.prompts import cut_prompts, prompt_reason
from pipelines.extract.text import clean, letters
from pipelines.extract.wording import Setting
from pipelines.model import Removed, SourceRules

#: A line beside a picture is its caption up to this many letters and words.
CAPTION_LETTERS, CAPTION_WORDS = 90, 14
#: Words of a line that is prose without a full stop, and of one with it.
LONG_LINE, SENTENCE = 18, 6
#: Letters of a passage that is taken out when it comes again, and when it does so at once.
REPEATED, REPEATED_AT_ONCE = 80, 30
#: The share of a block's letters that are links from which on it leads elsewhere, and that of one with a lead-in of so
#: many words at most.
LINKED, LEADING, LEAD_WORDS = 0.5, 0.3, 8
#: Words of a heading that is linked, and of what stands before it.
HEADING_WORDS, KICKER_WORDS = 3, 6
#: The reason of what recurs in the articles of a source, as was learned.
BOILERPLATE = "boilerplate"

#: Newsrooms put hashtags after the last full stop.
_HASHTAGS_AT_END = re.compile(r"(?:\s+#\w+)+\s*$")
#: What only posts of networks end or are strewn with.
_POSTED = re.compile(r"pic\.(?:twitter|x)\.com/\w|#\w+.*#\w")
#: Who posted what is embedded: after a dash, or a handle and a few words; outside posts, a handle with a dash or date.
_SIGNED = re.compile(r"^\s*(?:[—–-]+\s*[^.؟!]{0,40}@\w+|@\w+\W{1,3}[^.؟!@]{0,24}\d{4}\s*$)")
_ATTRIBUTION = re.compile(r"^\s*(?:[—–-]\s*\S.{0,80}|[^.؟!]{0,60}\(?@\w+\)?[^.؟!]{0,30}|@\w+.{0,30})$")


@dataclass(slots=True)
class Sifted:
    """What stays, the authors that the first lines name, and what was taken out.

    ``recurring`` are the texts whose keys tell what recurs: all that stays, and what was known to recur.
    """

    kept: list[Block] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    removed: list[Removed] = field(default_factory=list)
    recurring: list[str] = field(default_factory=list)


def sift(blocks: Sequence[Block], metadata: Metadata, rules: SourceRules) -> Sifted:
    """Part the article from the rest of its container. The text of a block that something is cut off is shortened."""
    sifted = Sifted()
    _cut_patterns(blocks, rules.operator.remove_text, sifted)
    blocks = [block for block in blocks if block.text]
    return _Sieve(blocks, metadata, rules.learned.passages, sifted).run()


def is_prose(block: Block) -> bool:
    """Tell whether a block is a sentence or more of running text."""
    if block.chrome or block.link_share >= LINKED or block.element.tag == "h1":
        return False
    told = _HASHTAGS_AT_END.sub("", block.text)
    ends = told.rstrip("»”\"'’) ]")[-1:] in (".", "؟", "!", "…", "؛", ":")
    words = len(told.split())
    if not ends and (parted := last_sentence(told)) is not None and len(parted[0].split()) >= SENTENCE:
        return True  # a sentence, and something that has no stop: a prompt is glued to it
    return ((ends or _POSTED.search(told) is not None) and words >= SENTENCE) or words >= LONG_LINE


class _Sieve:
    """One container's blocks on their way through the questions."""

    def __init__(self, blocks: Sequence[Block], metadata: Metadata, recurring: frozenset[int], sifted: Sifted) -> None:
        self.blocks = blocks
        self.metadata = metadata
        self.recurring = recurring
        self.sifted = sifted
        self.names = own_names(metadata.site_name)
        self.seen: set[str] = set()
        self.boxes: dict[HtmlElement, str] = {}
        self._prompts: dict[tuple[int, bool], str | None] = {}

    def run(self) -> Sifted:
        sifted = self.sifted
        first, last = self._edges()
        for position, block in enumerate(self.blocks):
            reason = self._reason(position, first, last)
            lead = _lead_in(block)
            sifted.recurring += [lead] if lead else []
            if reason == BOILERPLATE:
                sifted.recurring.append(block.text)
            if reason is not None:
                sifted.removed.append(Removed(block.text, reason))
                continue
            self._cut(block, last=position >= last)
            if self._recurs(block.text):
                sifted.removed.append(Removed(block.text, BOILERPLATE))
                sifted.recurring.append(block.text)
                continue
            sifted.kept.append(block)
            sifted.recurring.append(block.text)
            self.seen.add(letters(block.text))
        while len(sifted.kept) > 1 and sifted.kept[-1].element.tag in HEADINGS:
            sifted.removed.append(Removed(sifted.kept.pop().text, "heading-of-nothing"))
        return sifted

    def _reason(self, position: int, first: int, last: int) -> str | None:
        """Return the reason to take a block out: what it is, or else where it stands."""
        block = self.blocks[position]
        reason = self._content_reason(position, last=position >= last)
        beside = position <= first + 2 or position > last
        if reason in (None, "credit", "label") and beside and (byline := split_byline(block.text)):
            self.sifted.authors, rest = self.sifted.authors or byline[0], byline[1]
            reason = reason if rest else "byline"
        if reason is None and _is_date(block) and not first < position <= last:
            return "date"
        if reason is None and position < first and is_given_name(block.text):
            self.sifted.authors = self.sifted.authors or (block.text,)
            return "byline"
        return "edge" if reason is None and not first <= position <= last else reason

    def _content_reason(self, position: int, *, last: bool) -> str | None:
        """Return the first reason to take a block out, wherever it stands."""
        block = self.blocks[position]
        if box := self._in_box(block):
            return box
        if block.chrome:
            return block.chrome if block.chrome.startswith(("rule:", "learned:")) else f"furniture:{block.chrome}"
        if block.quoted_post or _SIGNED.match(block.text):
            return "attribution" if _ATTRIBUTION.match(block.text) else None
        return (
            _repeats(block, self.metadata, self.seen)
            or _link_only(block, self.blocks, position)
            or _caption(block)
            or self._prompt(block, last=last)
            or (BOILERPLATE if self._is_known(block) else None)
        )

    def _find_boxes(self, prose: Sequence[int]) -> None:
        """Find the boxes that a heading of the page's opens: «ساحة النقاش», «قد يعجبك», with what stands in them.

        What a heading opens is its parent, when no prose of the story stands there before it.
        """
        told = {ancestor for i in prose[:1] for ancestor in self.blocks[i].element.iterancestors()}
        for block in self.blocks:
            if block.chrome or block.element.tag not in HEADINGS:
                continue
            parent = block.element.getparent()
            if parent is not None and parent not in told and (reason := self._prompt(block, last=False)):
                self.boxes[parent] = f"box:{reason}"

    def _in_box(self, block: Block) -> str | None:
        if not self.boxes:
            return None
        around = (self.boxes.get(element) for element in (block.element, *block.element.iterancestors()))
        return next(filter(None, around), None)

    def _cut(self, block: Block, *, last: bool) -> None:
        """Cut prompts, and sentences that recur, off the end of a block."""
        block.text, cut = cut_prompts(block.text, self._setting(block, last=last))
        while self.recurring and (parted := last_sentence(block.text)) and self._recurs(parted[1]):
            block.text = parted[0]
            cut.insert(0, (parted[1], BOILERPLATE))
            self.sifted.recurring.append(parted[1])
        self.sifted.removed += [Removed(text, why) for text, why in cut]

    def _edges(self) -> tuple[int, int]:
        """Return the positions of the first and the last block of the story.

        What comes before (section, standfirst, byline, date, buttons) and after is the page's, unless it is prose. A
        standfirst stands above the byline or the date; the story below.
        """
        blocks = self.blocks
        prose = [i for i, block in enumerate(blocks) if is_prose(block) and not self._is_called_away(block)]
        self._find_boxes(prose)
        prose = [i for i in prose if not self._in_box(blocks[i])]
        if not prose:
            return 0, len(blocks)
        first, last = prose[0], self._last(prose[-1])
        title, authors = _said(self.metadata.title), {_said(author) for author in self.metadata.authors}
        for position, block in enumerate(blocks[: prose[min(1, len(prose) - 1)]]):
            said = _said(block.text)
            if block.chrome or self._is_called_away(block) or self._in_box(block):
                continue
            if position > first and (said in authors or said == title or _is_date(block) or split_byline(block.text)):
                return prose[1], last
        # A short beginning of the body itself (a subhead, a dateline) stands right before the first prose.
        while first > 0 and _opens(blocks[first - 1], blocks[first], title, authors):
            first -= 1
        return first, last

    def _last(self, last: int) -> int:
        """Follow the story beyond its last prose: short lines of the same make, lists, posts, hashtags."""
        told = self.blocks[last].element
        for position, block in enumerate(self.blocks[last + 1 :], start=last + 1):
            if block.chrome or self._is_called_away(block) or _is_date(block) or self._in_box(block):
                continue
            if split_byline(block.text) is not None:
                continue
            make = (block.element.tag, block.element.get("class"), block.element.getparent())
            same = make == (told.tag, told.get("class"), told.getparent()) and block.link_share < LINKED
            item = block.is_item and block.link_share < LINKED
            tagged = block.text.startswith("#") and block.link_share < LINKED
            if not (same or block.quoted_post or tagged or item):
                break
            last = position
        return last

    def _is_called_away(self, block: Block) -> bool:
        return self._prompt(block, last=False) is not None or self._is_known(block)

    def _prompt(self, block: Block, *, last: bool) -> str | None:
        key = id(block), last
        if key not in self._prompts:
            self._prompts[key] = prompt_reason(block.text, self._setting(block, last=last))
        return self._prompts[key]

    def _recurs(self, text: str) -> bool:
        return bool(self.recurring) and passage_key(text) in self.recurring

    def _is_known(self, block: Block) -> bool:
        """Tell whether a block recurs on the source's pages, whole or as what leads in to ever other links."""
        if self._recurs(block.text):
            return True
        lead = _lead_in(block) if self.recurring else None
        return lead is not None and self._recurs(lead)

    def _setting(self, block: Block, *, last: bool) -> Setting:
        return Setting(alone=True, last=last, linked=block.link_share, item=block.is_item, names=self.names)


def _cut_patterns(blocks: Sequence[Block], patterns: Sequence[str], sifted: Sifted) -> None:
    """Cut out of each block what an operator's patterns match."""
    for pattern in patterns:
        compiled = re.compile(pattern)
        for block in blocks:
            matched = [match[0] for match in compiled.finditer(block.text)]
            if matched:
                block.text = clean(compiled.sub(" ", block.text))
                sifted.removed += [Removed(text, f"rule:{pattern}") for text in matched]


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


def _lead_in(block: Block) -> str | None:
    """Return «طالع كذلك:» of a block that goes on as a link."""
    lead, colon, _ = block.text.partition(":")
    return lead + colon if colon and block.link_share > LEADING and len(lead.split()) <= LEAD_WORDS else None


def _opens(block: Block, following: Block, title: str, authors: set[str]) -> bool:
    if following.element.tag == "pre":
        return block.element is following.element
    said = _said(block.text)
    same_parent = block.element.getparent() is following.element.getparent()
    plain = not block.chrome and block.link_share < LINKED and said != title and said not in authors
    return same_parent and plain and not _is_date(block) and block.element.tag not in ("h1", "a", "time", "small")


def _caption(block: Block) -> str | None:
    """A few words beside a picture are about the picture."""
    if block.size > CAPTION_LETTERS or len(block.text.split()) > CAPTION_WORDS or block.is_item:
        return None
    element: HtmlElement | None = block.element
    for _ in range(4):
        if element is None or element.tag in ("body", "article", "main", "blockquote"):
            return None
        pictured = next(element.iter("img", "picture", "amp-img"), None) is not None
        if pictured and sum(len(part.strip()) for part in element.itertext()) <= len(block.text) + 60:
            return "caption"
        element = element.getparent()
    return None


def _repeats(block: Block, metadata: Metadata, seen: set[str]) -> str | None:
    """Tell whether a block says again what stands elsewhere: the title, the author, a paragraph."""
    said = _said(block.text)
    if not seen and (block.element.tag == "h1" or said == _said(metadata.title)):
        return "title"
    if len(block.text) <= 60 and said in {_said(author) for author in metadata.authors}:
        return "byline"
    # What stands twice at the very beginning is the standfirst and the lead it repeats.
    enough = REPEATED_AT_ONCE if len(seen) == 1 else REPEATED
    return "repeated" if block.size > enough and letters(block.text) in seen else None


def _is_date(block: Block) -> bool:
    short = len(block.text) <= 70 and len(block.text.split()) <= 10 and not block.text.endswith(".")
    return short and parse_date(block.text) is not None


def _said(text: str | None) -> str:
    return letters(fold_text(text or ""))


def _link_only(block: Block, blocks: Sequence[Block], position: int) -> str | None:
    """Links that stand alone lead elsewhere; that of a hashtag belongs to it."""
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
