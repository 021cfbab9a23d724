"""The sieve between a container's blocks and the article: what is taken out, and why.

Each block meets one list of questions; the first that knows a reason takes it out, with the reason kept. What is left
before the first prose and after the last is the page's (section, date, buttons), unless it opens or continues the
story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipelines.extract.blocks import HEADINGS, Block
from pipelines.extract.bylines import is_given_name, split_byline
from pipelines.extract.classify import LINKED, caption, is_dated, is_prose, lead_in, link_only
from pipelines.extract.metadata import Metadata
from pipelines.extract.outlet import own_names
from pipelines.extract.passages import last_sentence, passage_key
from pipelines.extract.prompts import cut_prompts, prompt_reason
from pipelines.extract.text import clean, folded, letters
from pipelines.extract.wording import Setting
from pipelines.model import Removed, SourceRules

#: Letters of a passage that is taken out when it comes again, and when it does so at once.
REPEATED, REPEATED_AT_ONCE = 80, 30
#: The reason of what recurs in the articles of a source, as was learned.
BOILERPLATE = "boilerplate"

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
            lead = lead_in(block)
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
        if reason is None and is_dated(block) and not first < position <= last:
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
            or link_only(block, self.blocks, position)
            or caption(block)
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
            if position > first and (said in authors or said == title or is_dated(block) or split_byline(block.text)):
                return prose[1], last
        # A short beginning of the body itself (a subhead, a dateline) stands right before the first prose.
        while first > 0 and _opens(blocks[first - 1], blocks[first], title, authors):
            first -= 1
        return first, last

    def _last(self, last: int) -> int:
        """Follow the story beyond its last prose: short lines of the same make, lists, posts, hashtags."""
        told = self.blocks[last].element
        for position, block in enumerate(self.blocks[last + 1 :], start=last + 1):
            if block.chrome or self._is_called_away(block) or is_dated(block) or self._in_box(block):
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
        lead = lead_in(block) if self.recurring else None
        return lead is not None and self._recurs(lead)

    def _setting(self, block: Block, *, last: bool) -> Setting:
        return Setting(alone=True, last=last, linked=block.link_share, item=block.is_item, names=self.names)


def _opens(block: Block, following: Block, title: str, authors: set[str]) -> bool:
    if following.element.tag == "pre":
        return block.element is following.element
    said = _said(block.text)
    same_parent = block.element.getparent() is following.element.getparent()
    plain = not block.chrome and block.link_share < LINKED and said != title and said not in authors
    return same_parent and plain and not is_dated(block) and block.element.tag not in ("h1", "a", "time", "small")


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


def _said(text: str | None) -> str:
    return letters(folded(text or ""))


def _cut_patterns(blocks: Sequence[Block], patterns: Sequence[str], sifted: Sifted) -> None:
    """Cut out of each block what an operator's patterns match."""
    for pattern in patterns:
        compiled = re.compile(pattern)
        for block in blocks:
            matched = [match[0] for match in compiled.finditer(block.text)]
            if matched:
                block.text = clean(compiled.sub(" ", block.text))
                sifted.removed += [Removed(text, f"rule:{pattern}") for text in matched]
