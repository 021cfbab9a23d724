"""A container's blocks as a reader sees them: paragraphs, headings, list items, table rows, in reading order.

Block elements and every ``<br>`` end a block, so that ``<br><br>`` pages, one ``<div>`` a line and real paragraphs all
read alike. A row of a data table is one block; a table that only lays out the page is walked through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extract.text import clean, letters
from pipelines.lexicons import load

BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul", "br",
))  # fmt: skip
#: Never text of the article.
SKIPPED_TAGS = frozenset((
    "audio", "button", "canvas", "datalist", "dialog", "embed", "figcaption", "footer", "form", "frame",
    "iframe", "input", "label", "map", "menu", "meta", "nav", "noscript", "object", "option", "script",
    "select", "style", "svg", "template", "textarea", "video", "head", "link", "aside",
))  # fmt: skip
#: Elements whose text nobody reads.
NO_TEXT = frozenset({"head", "noscript", "option", "script", "style", "svg", "template", "textarea"})
#: Words that name furniture and nothing else, and the share of a page's prose that they may hold; and other words'.
SURE_WORDS = frozenset(
    {
        "aside",
        "comment",
        "comments",
        "commentlist",
        "disqus",
        "footer",
        "nav",
        "newsletter",
        "related",
        "share",
        "sidebar",
    }
)
SURELY, PERHAPS = 0.6, 0.3
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Code points of a table cell; a longer one is layout.
MAX_CELL = 200

_TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


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


@dataclass(slots=True)
class _Run:
    """Text that gathers until a block ends."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    element: HtmlElement | None = None


def read_blocks(container: HtmlElement, furniture: Mapping[HtmlElement, str]) -> list[Block]:
    """Return the blocks of ``container`` in reading order; those in ``furniture`` carry its name."""
    found: list[Block] = []
    run = _Run()

    def end(chrome: str | None, post: bool) -> None:
        text = clean("".join(run.parts))
        if text and run.element is not None:
            found.append(Block(text, run.element, run.linked, len(letters(text)), chrome, post))
        run.parts, run.linked, run.element = [], 0, None

    def add(text: str | None, element: HtmlElement, linked: bool) -> None:
        if text:
            run.parts.append(text)
            if text.strip():
                run.element = run.element if run.element is not None else element
                run.linked += len(letters(text)) if linked else 0

    def walk(element: HtmlElement, chrome: str | None, linked: bool, post: bool) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag in NO_TEXT:
            return
        if element is not container:
            chrome = chrome or furniture.get(element)
        is_block = tag in BLOCK_TAGS
        if is_block:
            end(parent_chrome[-1], parent_post[-1])
        if tag == "tr" and (row := _row(element)) is not None:
            links = sum(len(letters(link.text_content())) for link in element.iter("a"))
            found.append(Block(row, element, links, len(letters(row)), chrome, post))
            return
        post = post or _is_post(element)
        linked = linked or tag == "a"
        parent_chrome.append(chrome)
        parent_post.append(post)
        add(element.text, element, linked)
        for child in element:
            walk(child, chrome, linked, post)
            add(child.tail, element, linked)
        if is_block:
            end(chrome, post)
        parent_chrome.pop()
        parent_post.pop()

    parent_chrome: list[str | None] = [None]
    parent_post: list[bool] = [False]
    walk(container, None, False, False)
    end(None, False)
    return found


def find_furniture(page: HtmlElement) -> dict[HtmlElement, str]:
    """Return the elements of ``page`` that are its furniture, with the word that says so.

    The word alone is not believed: what holds a good part of the page's prose is the article under an odd name
    (themes call their whole content area a widget). Prose is text outside links.
    """
    prose = _prose(page)
    whole = prose[page] or 1
    found: dict[HtmlElement, str] = {}
    for element in page.iter():
        if not isinstance(element.tag, str) or element is page:
            continue
        word = element.tag if element.tag in SKIPPED_TAGS else _furniture_word(element)
        if word and prose.get(element, 0) <= whole * (SURELY if word in SURE_WORDS else PERHAPS):
            found[element] = word
    return found


def _prose(page: HtmlElement) -> dict[HtmlElement, int]:
    """Return for each element how much text it holds outside links, code points."""
    amount: dict[HtmlElement, int] = {}
    for _, element in etree.iterwalk(page, events=("end",)):
        if not isinstance(element.tag, str) or element.tag in NO_TEXT or element.tag == "a":
            amount[element] = 0
            continue
        held = len((element.text or "").strip())
        for child in element:
            held += amount.get(child, 0) + len((child.tail or "").strip())
        amount[element] = held
    return amount


def _furniture_word(element: HtmlElement) -> str | None:
    if element.tag in ("h1", "a", "b", "strong", "em", "i", "font", "u"):
        return None
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return "hidden"
    if _HIDDEN.search(element.get("style") or ""):
        return "hidden"
    label = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    if label.isspace():
        return None
    words = {word.lower() for word in _TOKENS.findall(label)} & _furniture_words()
    return next((word for word in sorted(words, key=lambda word: (word not in SURE_WORDS, word))), None)


def _is_post(element: HtmlElement) -> bool:
    label = (element.get("class") or "").lower()
    return element.tag == "blockquote" and ("twitter" in label or "instagram" in label or "tweet" in label)


def _row(row: HtmlElement) -> str | None:
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2:
        return None
    texts = []
    for cell in cells:
        if any(child.tag in BLOCK_TAGS - {"br", "p"} or child.tag in SKIPPED_TAGS for child in cell.iterdescendants()):
            return None
        text = clean(cell.text_content())
        # Lines within a longer cell are paragraphs.
        if (
            len(text) > MAX_CELL
            or (len(text) > 60 and cell.find(".//br") is not None)
            or (cell.find(".//a") is not None and len(cells) < 2)
        ):
            return None
        texts.append(text)
    return " ".join(text for text in texts if text) or None


@cache
def _furniture_words() -> frozenset[str]:
    return load("chrome_tokens")
