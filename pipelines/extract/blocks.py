"""A container's blocks as a reader sees them: paragraphs, headings, list items, table rows, in reading order.

Block elements and every ``<br>`` end a block, so that ``<br><br>`` pages, one ``<div>`` a line and real paragraphs all
read alike. A row of a data table is one block; a table that only lays out the page is walked through. Furniture within
a line (a button, hidden text) is a block of its own and does not break the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extract.furniture import NO_TEXT, SKIPPED_TAGS
from pipelines.extract.markup import remembered
from pipelines.extract.selectors import signature
from pipelines.extract.text import clean, letters

BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul", "br",
))  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Elements of which the article may have several in a row, each a few words: no sentence is expected of them.
ITEMS = HEADINGS | {"li", "tr", "dt", "dd"}
#: Code points of a table cell; a longer one is layout.
MAX_CELL = 200
#: Code points of an embedded post; what is longer is no post.
MAX_POST = 2_000
#: Code points of a line in preformatted text that goes on in the next one, unless it ends a sentence.
WRAPPED = (56, 90)
_ENDED = re.compile(r"(?:^|[.:؟!»\"])\s*$")
_CLOCK = re.compile(r"^\d{1,2}[:.]\d{2}(?:\s*(?:[صم]|am|pm))?$", re.IGNORECASE)
#: Parts of class names of embedded posts.
_POSTS = ("tweet", "twitter", "instagram-media", "fb-post", "tiktok-embed", "telegram-post", "bluesky", "threads-post")


@dataclass(slots=True)
class Block:
    """One block: its text, and what is known of where it came from. ``chrome`` names the furniture it stands in."""

    text: str
    element: HtmlElement
    linked: int = 0
    size: int = 0
    chrome: str | None = None
    quoted_post: bool = False

    @property
    def link_share(self) -> float:
        """The share of its letters that are links."""
        return self.linked / self.size if self.size else 0.0

    @property
    def is_item(self) -> bool:
        """Whether it is a heading, an entry of a list or a row of a table."""
        element = self.element
        while element.tag not in BLOCK_TAGS and (parent := element.getparent()) is not None:
            element = parent
        return element.tag in ITEMS


def read_blocks(
    container: HtmlElement, furniture: Mapping[HtmlElement, str], learned: frozenset[str] = frozenset()
) -> list[Block]:
    """Return the blocks of ``container`` in reading order.

    Those in ``furniture`` carry its name; so do those in elements whose signature was ``learned``.
    """
    reader = _Reader(furniture, learned)
    within = (container, *container.iterancestors())
    reader.read_inside(container, _Place(lines=any(element.tag == "pre" for element in within)))
    reader.end(_Place())
    return list(_timed(reader.found))


def _timed(blocks: list[Block]) -> Iterator[Block]:
    """Put the time of a live entry before what happened then."""
    clock: Block | None = None
    for block in blocks:
        if clock is not None:
            beside = clock.element.getparent()
            if beside is not None and beside in (block.element.getparent(), *islice(block.element.iterancestors(), 3)):
                block.text = f"{clock.text} {block.text}"
            else:
                yield clock
        clock = block if block.element.tag == "time" and _CLOCK.match(block.text) else None
        if clock is None:
            yield block
    if clock is not None:
        yield clock


@dataclass(frozen=True, slots=True)
class _Place:
    """Where text stands: in which furniture, in a link, in an embedded post, where lines are kept as they are."""

    chrome: str | None = None
    linked: bool = False
    post: bool = False
    lines: bool = False


@dataclass(slots=True)
class _Run:
    """Text that gathers until a block ends."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    element: HtmlElement | None = None


class _Reader:
    """Walks a container once. libxml2 limits the depth of a tree to 256, so recursion is safe."""

    def __init__(self, furniture: Mapping[HtmlElement, str], learned: frozenset[str]) -> None:
        self.furniture = furniture
        self.learned = learned
        self.found: list[Block] = []
        self.run = _Run()

    def read(self, element: HtmlElement, around: _Place) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in NO_TEXT:
            return
        place = self._place(element, around)
        if tag in BLOCK_TAGS:
            self.end(around)
            if tag == "tr" and (row := _row(element)) is not None:
                links = sum(len(letters(link.text_content())) for link in element.iter("a"))
                self.found.append(Block(row, element, links, len(letters(row)), place.chrome, place.post))
                return
            self.read_inside(element, place)
            self.end(place)
        elif place.chrome and not around.chrome:
            line, self.run = self.run, _Run()
            self.read_inside(element, place)
            self.end(place)
            self.run = line
        else:
            self.read_inside(element, place)

    def _place(self, element: HtmlElement, around: _Place) -> _Place:
        """Return where the text of an element stands: nearly always where the element does."""
        chrome = around.chrome or self.furniture.get(element) or self._learned(element)
        linked = around.linked or element.tag == "a"
        post = around.post or _is_post(element)
        lines = around.lines or element.tag == "pre"
        same = (chrome, linked, post, lines) == (around.chrome, around.linked, around.post, around.lines)
        return around if same else _Place(chrome, linked, post, lines)

    def _learned(self, element: HtmlElement) -> str | None:
        name = signature(element) if self.learned else None
        return f"learned:{name}" if name in self.learned else None

    def read_inside(self, element: HtmlElement, place: _Place) -> None:
        self.add(element.text, element, place)
        for child in element:
            self.read(child, place)
            if child.tail is not None:
                self.add(child.tail, element, place)
            elif child.tag in ("a", "span") and (after := child.getnext()) is not None and after.tag == "a":
                self.run.parts.append(" ")  # links in a row are apart on the screen

    def add(self, text: str | None, element: HtmlElement, place: _Place) -> None:
        if not text:
            return
        if place.lines and "\n" in text:
            *lines, rest = text.split("\n")
            for line in lines:
                self.add(line, element, place)
                if not WRAPPED[0] <= len("".join(self.run.parts).strip()) <= WRAPPED[1] or _ENDED.search(line):
                    self.end(place)
                else:
                    self.run.parts.append(" ")
            text = rest
        self.run.parts.append(text)
        if text.strip():
            self.run.element = self.run.element if self.run.element is not None else element
            self.run.linked += len(letters(text)) if place.linked else 0

    def end(self, place: _Place) -> None:
        run = self.run
        if not run.parts:
            return
        self.run = _Run()
        if run.element is not None and (text := clean("".join(run.parts))):
            self.found.append(Block(text, run.element, run.linked, len(letters(text)), place.chrome, place.post))


def _is_post(element: HtmlElement) -> bool:
    if element.tag not in ("blockquote", "div", "figure", "section"):
        return False
    return _names_post(element.get("class", "")) and len("".join(element.itertext())) <= MAX_POST


@remembered
def _names_post(label: str) -> bool:
    label = label.lower()
    return any(name in label for name in _POSTS)


def _row(row: HtmlElement) -> str | None:
    """Return the cells of a row of data as one line; ``None`` for a row that only lays out the page."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2:
        return None
    texts = []
    for cell in cells:
        if any(child.tag in BLOCK_TAGS - {"br", "p"} or child.tag in SKIPPED_TAGS for child in cell.iterdescendants()):
            return None
        text = clean(cell.text_content())
        if len(text) > MAX_CELL:
            return None
        texts.append(text)
    return " ".join(text for text in texts if text) or None
