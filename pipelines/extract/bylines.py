"""Who wrote it: names out of claims such as «كتب: سعاد النجار» and «الرباط - وكالات»."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice

from lxml.html import HtmlElement

from pipelines.arabic import fold_text
from pipelines.extract.dates import parse_date
from pipelines.extract.furniture import NO_TEXT
from pipelines.extract.landmarks import Landmarks
from pipelines.extract.markup import finder, remembered
from pipelines.lexicons import load

#: A byline is a few names; more words are a sentence.
MAX_WORDS = 8
MAX_LENGTH = 80
#: Links, and elements without children, after the heading among which the author may stand.
NEAR_HEADING = 12
#: Lines of a page among which its date is looked for, and lines before and after it among which the author stands.
FIRST_LEAVES, BESIDE_DATE = 400, 2

_LINKS_AFTER = finder(f"following::a[@href][position() <= {NEAR_HEADING}]")
_LEAVES_AFTER = finder(f"following::*[not(*)][position() <= {NEAR_HEADING}]")
_AUTHOR_CLASS = re.compile(
    r"(?<![a-z])(?:author|byline|writer|reporter|by-line|post-author|كاتب)(?![a-z])", re.IGNORECASE
)
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_NOT_AUTHOR_CLASS = re.compile(r"bio|box|avatar|social|comment|related|list|more|img|photo", re.IGNORECASE)
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|writers?|columnists?|reporters?|journalists?|contributors?|كاتب|كتاب)[/=?]", re.I
)
_SPLIT = re.compile(r"\s*[،,؛;/|]\s*|\s+و\s+")
_PLACE = re.compile(r"^[\w\s()]{2,30}?\s*[-–—]\s*")
_LEARNED = re.compile(r"^(?:[دأم]\s?\.\s*){1,2}")
_EDGES = " \t:–—-|()[]/.،,\"'«»"


def clean_authors(claims: Iterable[str], site_name: str | None = None) -> tuple[str, ...]:
    """Return the names in ``claims``, without words such as «كتب», places and what is nobody (the site, admin)."""
    found: list[str] = []
    for claim in claims:
        for part in _parts(claim):
            name = _name(part)
            if name and _is_somebody(name, site_name):
                found.append(name)
    return tuple(dict.fromkeys(found))


def split_byline(paragraph: str) -> tuple[tuple[str, ...], str] | None:
    """Part a byline from the text of a first paragraph: ``(authors, rest)``; ``None`` when it has none.

    «كتب: سعاد النجار» and «تونس - سعاد النجار» stand alone or on the first line.
    """
    first, _, rest = paragraph.partition("\n")
    if len(first) > MAX_LENGTH or len(first.split()) > MAX_WORDS or first.rstrip().endswith((".", "؟", "!")):
        return None
    cue = re.match(r"^\W*(\w+)\s*[:/–-]?\s*", first)
    if cue and fold_text(cue[1]).casefold() in _cues() and (":" in first or "/" in first or len(first.split()) <= 5):
        authors = clean_authors([first])
        return (authors, rest.strip()) if authors else None
    dash = re.match(r"^([\w\s]{2,25}?)\s*[-–—]\s*([\w\s.]{3,40})$", first)
    if dash and (_is_agency(dash[2]) or 2 <= len(dash[2].split()) <= 4) and len(dash[1].split()) <= 2:
        return ((_name(first),), rest.strip())
    slash = re.match(r"^([\w\s]{2,30}?)\s*/\s*([\w\s.]{3,40})$", first)
    if slash and len(slash[1].split()) <= 3 and (_is_agency(slash[2]) or 2 <= len(slash[2].split()) <= 4):
        return ((slash[2].strip(),), rest.strip())
    if _is_agency(first):
        return ((first.strip(_EDGES),), rest.strip())
    return None


def visible_authors(page: Landmarks) -> list[str]:
    """Return what the page shows as its author."""
    for attribute in ("rel", "itemprop"):
        for element in page.stated(attribute, "author"):
            text = " ".join((element.get("content") or element.text_content() or "").split())
            if text and len(text) <= MAX_LENGTH:
                return [text]
    if linked := _linked_author(page):
        return linked
    for element in page.tree.iter("span", "div", "a", "p", "li", "address", "h4", "h5", "strong", "b", "td", "font"):
        name, identifier = element.get("class"), element.get("id")
        if (name or identifier) and _names_author(f"{name or ''} {identifier or ''}"):
            text = " ".join(element.text_content().split())
            if 2 < len(text) <= MAX_LENGTH:
                return [text]
    return _spoken_byline(page.tree) or _name_below_heading(page) or _name_beside_date(page.tree)


@remembered
def _names_author(label: str) -> bool:
    label = _CAMEL.sub("-", label)
    return _AUTHOR_CLASS.search(label) is not None and _NOT_AUTHOR_CLASS.search(label) is None


def _linked_author(page: Landmarks) -> list[str]:
    """Return the first name shortly below the heading that leads to a page of authors: /writers/63, /author/salma."""
    heading = next(iter(page.tagged("h1")), None)
    if heading is None:
        return []
    for link in _LINKS_AFTER(heading):
        text = " ".join(link.text_content().split())
        if _AUTHOR_PATH.search(link.get("href", "")) and 2 < len(text) <= MAX_LENGTH // 2:
            return [text]
    return []


def _spoken_byline(tree: HtmlElement) -> list[str]:
    """Return the one short line of the page that says who wrote it; nothing when several do: those are columns."""
    found = set()
    for element in tree.iter("span", "div", "p", "strong", "b", "h4", "h5", "td"):
        if len(element) <= 1 and element.text and len(element.text) <= MAX_LENGTH:
            text = " ".join(element.text.split())
            first = fold_text(text.split(" ", 1)[0].strip(_EDGES)).casefold()
            if first in _cues() and split_byline(text):
                found.add(text)
    return list(found) if len(found) == 1 else []


def _name_below_heading(page: Landmarks) -> list[str]:
    """Return the one line shortly below the heading that is nothing but a person's name."""
    heading = next(iter(page.tagged("h1")), None)
    if heading is None:
        return []
    found: dict[str, None] = {}
    for element in _LEAVES_AFTER(heading):
        text = " ".join((element.text or "").split())
        if element.tag not in ("script", "style", "a") and is_given_name(text) and len(text) <= MAX_LENGTH // 2:
            found[text] = None
    return list(found) if len(found) == 1 else []


def _name_beside_date(tree: HtmlElement) -> list[str]:
    """Return the person or agency that stands beside the first date of the page, with nothing else in its element."""
    leaves = ((e, " ".join((e.text or "").split())) for e in tree.iter() if len(e) == 0 and isinstance(e.tag, str))
    lines = [text for e, text in islice(leaves, FIRST_LEAVES) if e.tag not in NO_TEXT and text]
    for at, line in enumerate(lines):
        if len(line) <= MAX_LENGTH // 2 and parse_date(line) is not None:
            around = lines[max(at - BESIDE_DATE, 0) : at + BESIDE_DATE + 1]
            return [text for text in around if is_given_name(text) or _is_agency(text)][:1]
    return []


def is_given_name(text: str) -> bool:
    """Tell whether a text may be a person's name: two to four words, the first of them a given name, after «د.»."""
    words = _LEARNED.sub("", text).split()
    return 2 <= len(words) <= 4 and all(map(str.isalpha, words)) and fold_text(words[0]) in _given_names()


def _parts(claim: str) -> list[str]:
    claim = " ".join(claim.split())
    if len(claim) > 2 * MAX_LENGTH or "://" in claim or "@" in claim:
        return []
    return [claim] if _is_agency(claim.strip(_EDGES)) else _SPLIT.split(claim)


def _name(part: str) -> str:
    name = part.strip(_EDGES)
    while (cue := re.match(r"^(\w+)\b[\s:/–-]*", name)) and fold_text(cue[1]).casefold() in _cues():
        name = name[cue.end() :].strip(_EDGES)
    place = _PLACE.match(name)
    if place and len(name) - place.end() >= 3:
        before, after = name[: place.end()].strip(_EDGES), name[place.end() :]
        # «الرباط - سعاد النجار» as well as «سعاد النجار - الرباط».
        name = before if is_given_name(before) and not is_given_name(after) else after
    return name.strip(_EDGES) if not _is_agency(name) else name.strip(" -–:()[]")


def _is_somebody(name: str, site_name: str | None) -> bool:
    if not 2 < len(name) <= MAX_LENGTH // 2 + 10 or len(name.split()) > 6 or any(c.isdigit() for c in name):
        return _is_agency(name)
    folded = fold_text(name).casefold()
    return folded not in _nobody() and folded != fold_text(site_name or "").casefold()


def _is_agency(text: str) -> bool:
    return fold_text(text.strip(_EDGES)).casefold() in _agencies()


@cache
def _given_names() -> frozenset[str]:
    return frozenset(fold_text(name) for name in load("given_names"))


@cache
def _cues() -> frozenset[str]:
    return frozenset(fold_text(form).casefold() for form in load("byline_cues"))


@cache
def _agencies() -> frozenset[str]:
    return frozenset(fold_text(form).casefold().strip(_EDGES) for form in load("agencies"))


@cache
def _nobody() -> frozenset[str]:
    return frozenset(fold_text(form).casefold() for form in load("not_authors"))
