"""Which elements of a page are its furniture: navigation, sidebars, forms, share bars, cards of other stories.

Names of classes are a hint, not proof: themes call their whole content area a "widget" and page builders every
paragraph. So a name is believed only where it holds little of the page's prose (text outside links). Two kinds of
furniture are known by their shape: boxes around an input field, and rows of cards that each begin with a link.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from lxml.html import HtmlElement

from pipelines.extract.markup import remembered
from pipelines.lexicons import load

#: Never text of the article.
SKIPPED_TAGS = frozenset((
    "aside", "audio", "button", "canvas", "datalist", "dialog", "embed", "figcaption", "footer", "form", "frame",
    "head", "iframe", "input", "label", "link", "map", "menu", "meta", "nav", "noscript", "object", "option", "script",
    "select", "style", "svg", "template", "textarea", "video",
))  # fmt: skip
#: Elements whose text nobody reads.
NO_TEXT = frozenset({"head", "noscript", "option", "script", "style", "svg", "template", "textarea"})
#: Share of a page's prose that an element may hold whose name may mean furniture, and all elements of that name.
PERHAPS, TOGETHER = 0.3, 0.5
#: Code points of prose that must be left when an element goes whose name means nothing but furniture.
LEFT = 150
#: Code points and share of the prose of a box around an input field.
BOX, BOX_SHARE = 250, 0.2
#: A row has this many cards; each begins with a link of so many code points and has no more prose than this.
CARDS, CARD_LINK, CARD_PROSE = 3, 15, 250

#: Elements that never are furniture by their name: parts of sentences and titles, and what people said.
_BY_NAME_NEVER = frozenset({"h1", "a", "b", "strong", "em", "i", "font", "u", "blockquote", "q", "tbody", "tr", "html"})
_INVISIBLE_INPUTS = frozenset({"hidden", "submit", "button", "image", "reset"})
_TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: What a class says that there is not: no-share, without-sidebar.
_DENIED = re.compile(r"(?<![\w-])(?:no|not|without)[-_][\w-]+", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def find_furniture(page: HtmlElement) -> dict[HtmlElement, str]:
    """Return the elements of ``page`` that are its furniture, with the word that says so."""
    prose = _prose(page)
    whole = prose[page] or 1
    named = {element: word for element in page.iter() if element is not page and (word := _word(element))}
    together = _together(named, prose)
    found = {
        element: word
        for element, word in named.items()
        if _is_believed(element, word, prose.get(element, 0), whole, together)
    }
    for box in _boxes(page, prose, whole):
        found.setdefault(box, "form")
    for card in _cards(page, prose):
        found.setdefault(card, "cards")
    return found


def _is_believed(element: HtmlElement, word: str, held: int, whole: int, together: Mapping[str, int]) -> bool:
    if word == "hidden" or (word in SKIPPED_TAGS - {"aside", "footer", "form", "nav"} and element.tag == word):
        return held <= whole * TOGETHER
    if word in _sure_words():
        return whole - held >= LEFT and next(element.iter("h1"), None) is None
    return held <= whole * PERHAPS and together[word] <= whole * TOGETHER


def _word(element: HtmlElement) -> str | None:
    """Return the word in an element's tag or names that means furniture, a sure one before others."""
    tag = element.tag
    if not isinstance(tag, str):
        return None
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    if tag == "aside" and "quote" in names.lower():
        return None
    if tag in SKIPPED_TAGS:
        return str(tag)
    if tag in _BY_NAME_NEVER:
        return None
    style = element.get("style")
    if element.get("hidden") is not None or element.get("aria-hidden") == "true" or (style and _HIDDEN.search(style)):
        return "hidden"
    label = f"{names} {tag}" if "-" in tag else names
    return None if label.isspace() else _meaning(label)


@remembered
def _meaning(label: str) -> str | None:
    words = {word.lower() for word in _TOKENS.findall(_DENIED.sub(" ", label))} & _words()
    return min(words, key=lambda word: (word not in _sure_words(), word), default=None)


def _together(named: Mapping[HtmlElement, str], prose: Mapping[HtmlElement, int]) -> dict[str, int]:
    """Return how much prose all elements of each word hold, those within another of the same word not counted again."""
    held: dict[str, int] = defaultdict(int)
    for element, word in named.items():
        if not any(named.get(ancestor) == word for ancestor in element.iterancestors()):
            held[word] += prose.get(element, 0)
    return held


def _prose(page: HtmlElement) -> dict[HtmlElement, int]:
    """Return for each element how much text it holds outside links, code points."""
    amount: dict[HtmlElement, int] = defaultdict(int)
    # Backwards: what an element holds is known before it is added to what its parent does.
    for element in reversed(list(page.iter())):
        tag, text, tail = element.tag, element.text, element.tail
        if not isinstance(tag, str) or tag in NO_TEXT or tag == "a":
            amount[element] = 0
        elif text:
            amount[element] += len(text.strip())
        if element is not page:
            amount[element.getparent()] += amount[element] + (len(tail.strip()) if tail else 0)
    return amount


def _boxes(page: HtmlElement, prose: Mapping[HtmlElement, int], whole: int) -> Iterator[HtmlElement]:
    """Yield the largest small elements around each visible input: sign-up boxes and polls, with what they say."""
    for field in page.iter("input", "textarea", "select"):
        if (field.get("type") or "text").lower() in _INVISIBLE_INPUTS:
            continue
        box = None
        for ancestor in field.iterancestors():
            held = prose.get(ancestor, 0)
            if ancestor is page or held > min(BOX, whole * BOX_SHARE) or next(ancestor.iter("h1"), None) is not None:
                break
            box = ancestor
        if box is not None:
            yield box


def _cards(page: HtmlElement, prose: Mapping[HtmlElement, int]) -> Iterator[HtmlElement]:
    """Yield the cards of rows: siblings of one make, each of which begins with a link to its story."""
    for parent in page.iter("div", "section", "ul", "ol", "main", "article", "tbody", "body"):
        makes: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
        for child in parent:
            if isinstance(child.tag, str) and child.tag not in ("p", "a", "h2", "h3", "h4", "br"):
                makes[child.tag, child.get("class", "")].append(child)
        for row in makes.values():
            if len(row) >= CARDS and sum(_is_card(child, prose) for child in row) >= 0.8 * len(row):
                yield from row


def _is_card(element: HtmlElement, prose: Mapping[HtmlElement, int]) -> bool:
    if prose.get(element, 0) > CARD_PROSE:
        return False
    for part in element.iter():
        if part.tag == "a":
            return len("".join(part.itertext()).strip()) >= CARD_LINK or not "".join(part.itertext()).strip()
        if isinstance(part.tag, str) and part.tag not in NO_TEXT and len((part.text or "").strip()) > CARD_LINK:
            return False
    return False


@cache
def _words() -> frozenset[str]:
    return load("chrome_tokens") | _sure_words()


@cache
def _sure_words() -> frozenset[str]:
    return load("chrome_tokens_sure")
